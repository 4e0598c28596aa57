"""The thread that makes events durable: in the database, or in the spool while the database cannot take them."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from console import turns
from console.models.domain.ports import Clock
from console.models.store.durability import Durability
from console.models.store.encoding import Encoded
from console.models.store.health import StoreHealth, StoreState
from console.models.store.spool import Spool
from console.models.store.upkeep import Upkeep
from console.models.store.writing import write

logger = logging.getLogger("console.store")

ROWS_PER_TRANSACTION = 5_000
"""A commit takes what is there, up to this: many small ones when the disk is fast, few large ones when it is slow."""

BACKLOG_ROWS = 5_000

COMMIT_SECONDS = 0.015
"""Under a steady stream commits begin this far apart: hundreds of small ones a second keep waking each other's
threads, which costs the window more than the rows do. A commit after a pause begins at once."""

MANY_ROWS = 1_000
"""So many rows that wait are committed without waiting for more."""

RETRY_SECONDS = 1.0


class Writer:
    """Takes encoded events in order; a submission is reached when all of its events are durable."""

    def __init__(
        self,
        engine: Engine,
        spool: Spool,
        durability: Durability,
        upkeep: Upkeep,
        between_commits: threading.Lock,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._spool = spool
        self._durability = durability
        self._upkeep = upkeep
        self._between_commits = between_commits
        self._clock = clock
        self._on_commit: Callable[[Encoded], None] = lambda _encoded: None
        self._connection: Connection | None = None
        self._queue: deque[tuple[Encoded, int]] = deque()
        self._queued_rows = 0
        self._changed = threading.Condition()
        self._closing = False
        self._stopping = False
        self._health = StoreHealth()
        self._retry_at = 0.0
        self._hurry = threading.Event()
        self._next_commit = 0.0
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    @property
    def health(self) -> StoreHealth:
        """How the store is now."""
        return self._health

    def recover(self) -> list[Encoded]:
        """Before the start: bring what an earlier run left in the spool into the database.

        Returns what could not be brought there yet; it stays in the spool, and the writer goes on trying.
        """
        if self._spool.empty:
            return []
        try:
            self._replay()
        except Exception as error:  # noqa: BLE001 - whatever it is, the events are safe where they are
            waiting = list(self._spool.records())
            self._spooling(error, waiting)
            return waiting
        return []

    def start(self, on_commit: Callable[[Encoded], None]) -> None:
        """Begin to write; ``on_commit`` is told (on the writer's thread) of everything that reached the database."""
        self._on_commit = on_commit
        self._thread.start()

    def put(self, encoded: Encoded, ordinal: int) -> None:
        """Queue events; blocks while too many wait. ``ordinal`` is the last submission that is complete with them."""
        with self._changed:
            self._changed.wait_for(lambda: self._queued_rows < BACKLOG_ROWS or self._closing)
            self._queue.append((encoded, ordinal))
            self._queued_rows += len(encoded.parameters)
            self._changed.notify_all()
            if self._queued_rows >= MANY_ROWS:
                self._hurry.set()

    def close_soon(self) -> None:
        """Before the intake stops: wait no longer for a place to write to, nor for room in the queue."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            self._hurry.set()

    def stop(self) -> None:
        """Write what is queued and end. What neither database nor spool takes now is given up, loudly."""
        with self._changed:
            self._closing = self._stopping = True
            self._changed.notify_all()
            self._hurry.set()
        if self._thread.ident is not None:
            self._thread.join()
        self._disconnect()
        self._durability.close()

    def _run(self) -> None:
        while True:
            group, ordinal = self._take()
            if group:
                self._make_durable(group, ordinal)
            ended = self._stopping and not self._queue
            if self._health.state is StoreState.SPOOLING and (ended or time.monotonic() >= self._retry_at):
                self._try_replay()
            if ended:
                return

    def _take(self) -> tuple[list[Encoded], int]:
        with self._changed:
            timeout = None if self._health.state is StoreState.OK else RETRY_SECONDS
            self._changed.wait_for(lambda: self._queue or self._stopping, timeout)
        self._gather()
        with self._changed:
            group: list[Encoded] = []
            rows = ordinal = 0
            while self._queue and rows < ROWS_PER_TRANSACTION:
                encoded, ordinal = self._queue.popleft()
                group.append(encoded)
                rows += len(encoded.parameters)
            self._queued_rows -= rows
            self._changed.notify_all()
            return group, ordinal

    def _gather(self) -> None:
        """Wait until the next commit may begin, unless many rows wait or there is no time to."""
        pause = self._next_commit - time.monotonic()
        if pause > 0:
            self._hurry.wait(pause)
        turns.after_the_frame()
        self._next_commit = time.monotonic() + COMMIT_SECONDS
        with self._changed:
            if not self._closing:
                self._hurry.clear()

    def _make_durable(self, group: Sequence[Encoded], ordinal: int) -> None:
        while True:
            try:
                self._to_database_or_spool(group)
            except Exception as error:  # noqa: BLE001 - nothing may end this thread while events wait
                self._failed(error, group)
                if self._gives_up():
                    logger.critical("%d events could not be written anywhere", sum(len(e.parameters) for e in group))
                    return
            else:
                self._durability.reach(ordinal)
                return

    def _to_database_or_spool(self, group: Sequence[Encoded]) -> None:
        if self._spool.empty:
            try:
                self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever stops the commit, the spool may still take it
                logger.warning("the database does not take events: %s", _reason(error))
                self._to_spool(error, group)
            else:
                self._well()
        else:
            self._to_spool(None, group)

    def _to_spool(self, error: Exception | None, group: Sequence[Encoded]) -> None:
        for encoded in group:
            self._spool.append(encoded)
        self._spooling(error, group)

    def _commit(self, group: Sequence[Encoded]) -> None:
        try:
            with self._between_commits:
                if self._connection is None:
                    self._connection = self._engine.connect()
                with self._connection.begin():
                    new = write(self._connection, group)
        except BaseException:
            self._disconnect()
            raise
        for encoded in group:
            self._on_commit(encoded)
        self._durability.commit(group[-1].last_seq)
        rows = [encoded.rows for encoded in group]
        self._upkeep.committed(rows, group[-1].last_seq, repeated=new < sum(map(len, rows)))

    def _try_replay(self) -> None:
        try:
            self._replay()
        except Exception as error:  # noqa: BLE001 - it stays in the spool, and is tried again
            self._health = replace(self._health, reason=_reason(error))
            self._retry_at = time.monotonic() + RETRY_SECONDS

    def _replay(self) -> None:
        for group in _groups(self._spool.records()):
            self._commit(group)
        self._spool.clear()
        self._well()

    def _gives_up(self) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)

    def _well(self) -> None:
        if self._health.state is not StoreState.OK:
            logger.info("the database takes events again")
            self._health = StoreHealth()

    def _spooling(self, error: Exception | None, group: Sequence[Encoded]) -> None:
        rows = sum(len(encoded.parameters) for encoded in group)
        known = self._health if self._health.state is StoreState.SPOOLING else None
        first = next((encoded.parameters[0][0] for encoded in group if encoded.parameters), 0)
        self._health = StoreHealth(
            StoreState.SPOOLING,
            waiting=rows + (known.waiting if known else 0),
            first_unstored=(known.first_unstored if known else 0) or first,
            since=known.since if known else self._clock.now(),
            reason=_reason(error) if error else self._health.reason,
        )
        if known is None:
            self._retry_at = time.monotonic() + RETRY_SECONDS

    def _failed(self, error: Exception, group: Sequence[Encoded]) -> None:
        logger.error("neither the database nor the spool takes events: %s", _reason(error))
        first = next((encoded.parameters[0][0] for encoded in group if encoded.parameters), 0)
        if self._health.state is not StoreState.FAILED:
            self._health = replace(
                self._health,
                state=StoreState.FAILED,
                first_unstored=self._health.first_unstored or first,
                since=self._clock.now(),
            )
        self._health = replace(self._health, reason=_reason(error))
        self._durability.fail(error)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _reason(error: Exception) -> str:
    """The driver's own words, without the statement that SQLAlchemy adds to them."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


def _groups(records: Iterator[Encoded]) -> Iterator[list[Encoded]]:
    group: list[Encoded] = []
    rows = 0
    for encoded in records:
        group.append(encoded)
        rows += len(encoded.parameters)
        if rows >= ROWS_PER_TRANSACTION:
            yield group
            group, rows = [], 0
    if group:
        yield group
