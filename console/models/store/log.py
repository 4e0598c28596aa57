"""The log of one data directory: opened for writing by one process, or for reading by any."""

from __future__ import annotations

import threading
from typing import Self

from sqlalchemy.exc import DatabaseError

from console.errors import SetupError
from console.i18n import _
from console.models.domain.ports import Clock, Progress
from console.models.store import database, schema
from console.models.store.database import Place
from console.models.store.durability import Durability
from console.models.store.encoding import Encoded, Encoder
from console.models.store.health import StoreHealth
from console.models.store.intake import LogIntake
from console.models.store.lock import FileLock
from console.models.store.lookup import TicketLookup
from console.models.store.reader import SqlLogReader
from console.models.store.spool import Spool
from console.models.store.trouble import told_opening
from console.models.store.upkeep import Upkeep
from console.models.store.writer import Writer


class EventLog:
    """The writing side: the lock, the intake with its threads, and a reader. Made by `open_log`."""

    def __init__(self, place: Place, lock: FileLock, clock: Clock) -> None:
        self.place = place
        self._lock = lock
        readers = database.reader(place.file)
        self.reader = SqlLogReader(readers)
        self._lookup = TicketLookup(readers)
        self._spool = Spool(place.spool)
        self._durability = Durability(self.reader.last_seq())
        self.between_commits = threading.Lock()
        """Held by whoever is in a writing transaction: others write between two commits of the log."""
        self._upkeep = Upkeep(database.writer(place.file), readers, place.wal, self.between_commits, self.committed_seq)
        self._writer = Writer(
            database.writer(place.file),
            self._spool,
            self._durability,
            self._upkeep,
            self.between_commits,
            clock,
        )
        self._waiting = self._writer.recover()
        self._encoder = self._make_encoder(self._waiting)
        self.intake = LogIntake(self._encoder, self._writer, self._durability, clock)

    @property
    def health(self) -> StoreHealth:
        """How the store is."""
        return self._writer.health

    @property
    def committed_seq(self) -> int:
        """The highest ``seq`` in the database."""
        return self._durability.committed_seq

    def wait_committed(self, seq: int, timeout: float | None = None) -> bool:
        """Wait until the database itself holds everything up to ``seq``; False when the time ran out."""
        return self._durability.wait_for_commit(seq, timeout)

    def start(self) -> None:
        """Begin to take events. What an earlier run left in the spool and could not be brought to the database is
        published first, marked as not stored."""
        self._upkeep.start()
        self._writer.start(self._encoder.unpin)
        for encoded in self._waiting:
            self.intake.publish(encoded.batch(stored=False, arrived_at=0))
        self._waiting = []
        self.intake.start()

    def stop(self) -> None:
        """Refuse events, make durable what was taken, close everything and free the lock."""
        self._writer.close_soon()
        self.intake.stop()
        self._lookup.close()
        self._writer.stop()
        self._upkeep.stop()
        self._spool.close()
        # A reading connection cannot remove the write-ahead log: a writing one has to be the last to close.
        self.reader.close()
        self._upkeep.close()
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def _make_encoder(self, waiting: list[Encoded]) -> Encoder:
        """Go on numbering behind the database and behind what waits in the spool."""
        names = self.reader.names()
        last_seq, last_ticket = self.reader.last_seq(), self.reader.last_ticket()
        for encoded in waiting:
            last_seq = max(last_seq, encoded.last_seq)
            last_ticket = max([last_ticket, *(row[0] for row in encoded.tickets)])
            for dimension, id_, text, _first in encoded.names:
                names.setdefault(dimension, {})[text] = id_
        encoder = Encoder(
            next_seq=last_seq + 1, next_ticket=last_ticket + 1, names=names, find_tickets=self._lookup.find
        )
        for encoded in waiting:
            encoder.pin(encoded)
        return encoder


def open_log(place: Place, clock: Clock, progress: Progress | None = None) -> EventLog:
    """Take the lock, bring the database up to date (with progress) and make everything ready to `EventLog.start`.

    Raises `lock.Locked` when another process writes, SetupError when the place or the database cannot be used.
    """
    try:
        place.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(place.lock)
    except OSError as error:
        raise SetupError(
            _("{directory} cannot be written: {reason}.").format(directory=place.directory, reason=error.strerror),
            _("Choose another --data-dir."),
        ) from error
    try:
        schema.upgrade(place.file, progress or Progress())
        return EventLog(place, lock, clock)
    except DatabaseError as error:
        lock.release()
        raise told_opening(error, place.file) from error
    except BaseException:
        lock.release()
        raise


def open_reader(place: Place) -> SqlLogReader:
    """Read without the lock, beside a writer or alone; raises SetupError when there is nothing to read or it is old."""
    missing = pending_revisions(place)
    if missing:
        raise SetupError(
            _("{file} is of an older version.").format(file=place.file),
            _("Start the console once to bring it up to date."),
        )
    return SqlLogReader(database.reader(place.file))


def pending_revisions(place: Place) -> list[str]:
    """The revisions that the database of this place lacks; raises SetupError when it cannot be read."""
    if not place.file.exists():
        raise SetupError(
            _("There is no database in {directory}.").format(directory=place.directory),
            _("Import a file or start the console there first."),
        )
    engine = database.reader(place.file)
    try:
        with engine.connect() as connection:
            return schema.pending(connection)
    except DatabaseError as error:
        raise told_opening(error, place.file) from error
    finally:
        engine.dispose()
