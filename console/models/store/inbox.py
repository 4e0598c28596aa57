"""All that an inbox and what people do with it need of one database, opened together by whoever holds its lock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from console.errors import SetupError
from console.i18n import _
from console.models.store import database
from console.models.store.access import Access, open_access
from console.models.store.acting import SqlEscalationDesk
from console.models.store.anchoring import Anchoring
from console.models.store.command_rows import SqlCommandReader
from console.models.store.commands import SqlCommands
from console.models.store.database import Place
from console.models.store.escalation_audit import record_moves
from console.models.store.escalation_outbox import SqlOutbox
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.models.store.follow_ups import SqlFollowUps
from console.models.store.hand_over import SqlHandOvers
from console.models.store.log import pending_revisions
from console.models.store.requests import SqlRequests


class Inbox:
    """Entries to read and to write, what people ask for, notices, accounts, audit trail. `start` it, and `close` it."""

    def __init__(self, place: Place, between_commits: threading.Lock) -> None:
        """``between_commits`` is the lock of the log's writer, see `EventLog.between_commits`."""
        self._readers = database.reader(place.file)
        self._moved: Callable[[], None] = lambda: None
        self.access: Access = open_access(place, between_commits)
        self.anchoring = Anchoring(self.access.trail)
        self.writer = SqlEscalations(database.writer(place.file), between_commits, record_moves, self._recorded)
        self.reader = SqlEscalationReader(self._readers)
        self.outbox = SqlOutbox(self.writer)
        self.moves = SqlEscalationDesk(self.writer)
        self.commands = SqlCommands(self.writer.transaction)
        self.orders = SqlCommandReader(self._readers)
        self.requests = SqlRequests(self.writer, self._readers)
        self.follow_ups = SqlFollowUps(self.writer, self._readers)
        self.hand_overs = SqlHandOvers(self.writer, self._readers)

    def on_moved(self, moved: Callable[[], None]) -> None:
        """Call ``moved`` (on the thread that wrote; it must return at once) after every commit that moved an entry."""
        self._moved = moved

    def start(self) -> None:
        """Begin to anchor the trail."""
        self.anchoring.start()

    def close(self) -> None:
        """After the last move: anchor the trail once more and close the connections."""
        self.anchoring.stop()
        self.writer.close()
        self._readers.dispose()
        self.access.close()

    def _recorded(self) -> None:
        self.anchoring.ask()
        self._moved()


@contextmanager
def read_inbox(place: Place) -> Iterator[SqlEscalationReader]:
    """Read the inbox without the lock, beside a running console or alone; raises SetupError when there is no database
    or it is old."""
    if pending_revisions(place):
        raise SetupError(
            _("{file} is of an older version.").format(file=place.file),
            _("Start the console once to bring it up to date."),
        )
    engine = database.reader(place.file)
    try:
        yield SqlEscalationReader(engine)
    finally:
        engine.dispose()
