"""A log that is only read, beside whoever writes to it, as the feed of a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from console.clock import DAY
from console.feeds.access import FeedAccess
from console.feeds.opening import Opening
from console.feeds.past_boards import PastBoards
from console.models.domain.events import OWN_SOURCES, Event
from console.models.domain.ports import Batch, Clock, Progress, Rows
from console.views.feed import Opened, SourceAge, Trouble

if TYPE_CHECKING:
    from console.models.domain.escalation_ports import EscalationReader
    from console.models.live.board import Board
    from console.models.policy.policy import Policy
    from console.models.store.database import Place
    from console.models.store.reader import SqlLogReader

_FORGOTTEN = 2 * DAY
"""After so long a source counts as a file that was imported."""


class ReaderFeed:
    """A log that is only read, beside whoever writes to it: for pictures."""

    def __init__(self, data_dir: Path, url: str | None, policy: Policy, clock: Clock) -> None:
        self._opening = Opening(self._open)
        self._data_dir, self._url, self._policy, self._clock = data_dir, url, policy, clock
        self.access = FeedAccess(self._place, self.opened, writable=False)
        self._reader: SqlLogReader | None = None
        self._inbox: EscalationReader | None = None
        self._closing = ExitStack()
        self._sources: tuple[SourceAge, ...] = ()

    def begin(self) -> None:
        """Start to open."""
        self._opening.begin()

    def opened(self) -> Future[Opened]:
        """What was opened, or why it could not be."""
        return self._opening.future

    def progress(self) -> tuple[str, int, int]:
        """What is being done, how much of it is done, and of how much."""
        return self._opening.progress()

    @property
    def log(self) -> SqlLogReader:
        """The readers of the log; raises RuntimeError before it is open."""
        if self._reader is None:
            raise RuntimeError("the log is not open")
        return self._reader

    @property
    def inbox(self) -> EscalationReader:
        """The escalations; raises RuntimeError before the log is open."""
        if self._inbox is None or not self._opening.future.done():
            raise RuntimeError("the log is not open")
        return self._inbox

    def board_at(self, at: int, progress: Progress) -> Board:
        """The board at a past instant; blocks, so for workers. Raises `Cancelled` when asked to stop."""
        from console.models.live.history import manifest

        folder = self._place().directory / manifest.FOLDER
        return PastBoards(self.log, folder, self._policy).board_at(at, progress)

    def opened_under(self, policy: Policy, progress: Progress) -> Opened:
        """The board as it is under another policy, which holds from now on; blocks, so for workers."""
        self._opening.wait()
        loaded = self._load(self.log, policy, progress)
        self._policy = policy
        return loaded

    def deliver(self, receive: Callable[[Batch], None], refolded: Callable[[Rows, int], None]) -> None:
        """Nothing more will come."""

    def sources(self) -> Sequence[SourceAge]:
        """As the log says, without the console itself. Those that spoke in the last days count as running."""
        return self._sources

    def trouble(self) -> Trouble | None:
        """Nothing is written here."""
        return None

    def filling(self) -> tuple[int, int] | None:
        """Nothing is filled here."""
        return None

    def tell(self, event: Event) -> None:
        """Nothing is written here: always RuntimeError."""
        raise RuntimeError(f"the log is only read here, it takes no {event.kind.key}")

    def close(self) -> None:
        """Close the log."""
        self._opening.stop()
        self.access.close()
        self._closing.close()
        if self._reader is not None:
            self._reader.close()

    def _place(self) -> Place:
        from console.models.store.database import place

        return place(self._data_dir, self._url)

    def _open(self, progress: Progress) -> Opened:
        from console.models.store.inbox import read_inbox
        from console.models.store.log import open_reader

        self._inbox = self._closing.enter_context(read_inbox(self._place()))
        self._reader = open_reader(self._place())
        recent = self._clock.now() - _FORGOTTEN
        self._sources = tuple(
            SourceAge(state.name, state.last_at, file=state.last_at < recent)
            for state in self._reader.sources()
            if state.name not in OWN_SOURCES
        )
        return self._load(self._reader, self._policy, progress)

    def _load(self, log: SqlLogReader, policy: Policy, progress: Progress) -> Opened:
        from console.models.live import snapshot
        from console.models.live.catch_up import load_board

        folder = self._place().directory / snapshot.FOLDER
        return Opened(load_board(log, folder, policy, self._clock.now(), progress), None)
