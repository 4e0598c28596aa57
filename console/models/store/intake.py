"""The door: takes submissions from any thread, numbers and publishes their events, and hands them to the writer."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from console import turns
from console.errors import KnownError
from console.i18n import _
from console.models.domain.events import Event, Origin
from console.models.domain.ports import Batch, Clock
from console.models.store.durability import Acknowledgement, Durability
from console.models.store.encoding import UNSOUND, Encoded, Encoder, Piece
from console.models.store.health import StoreState
from console.models.store.soundness import EventsRejected, sift
from console.models.store.writer import Writer

logger = logging.getLogger("console.store")

EVENTS_PER_BATCH = 500
"""So that encoding holds the interpreter for a millisecond or two, and a frame can take a batch."""

QUEUED_EVENTS = 5_000
"""More would let a live event wait too long behind an import."""

LOOKUP_RETRY_SECONDS = 0.5


class StoreClosed(KnownError):
    """The store was closed and takes no more events."""

    exit_code = 3


@dataclass(slots=True)
class _Submission:
    source: str
    events: Sequence[Event]
    origin: int
    cursor: str | None
    ordinal: int
    received_at: int
    taken: int = 0


class LogIntake:
    """`ports.Intake` and `ports.Tail` over the log of this process."""

    def __init__(self, encoder: Encoder, writer: Writer, durability: Durability, clock: Clock) -> None:
        self._encoder = encoder
        self._writer = writer
        self._durability = durability
        self._clock = clock
        self._queue: deque[_Submission] = deque()
        self._queued = 0
        self._ordinal = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._receivers: tuple[Callable[[Batch], None], ...] = ()
        self._thread = threading.Thread(target=self._run, name="store-intake", daemon=True)

    def start(self) -> None:
        """Begin to take events; what was submitted before is taken first."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse new submissions, hand what is queued to the writer, and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def submit(
        self,
        source: str,
        events: Sequence[Event],
        *,
        origin: Origin,
        cursor: Mapping[str, object] | None = None,
    ) -> Acknowledgement:
        """Hand in events; blocks only while `QUEUED_EVENTS` wait. The cursor is saved with the last of them.

        Raises `StoreClosed` after `stop`.
        """
        saved = None if cursor is None else json.dumps(cursor, ensure_ascii=False)
        received_at = self._clock.now()
        with self._changed:
            self._changed.wait_for(lambda: self._queued < QUEUED_EVENTS or self._stopping)
            if self._stopping:
                raise StoreClosed(_("The store is closed."))
            self._ordinal += 1
            self._queue.append(_Submission(source, events, int(origin), saved, self._ordinal, received_at))
            self._queued += len(events)
            self._changed.notify_all()
            return Acknowledgement(self._durability, self._ordinal)

    def subscribe(self, receive: Callable[[Batch], None]) -> Callable[[], None]:
        """Call ``receive`` on the intake's thread for each batch, before it is stored; the returned call ends it."""
        with self._changed:
            self._receivers = (*self._receivers, receive)

        def end() -> None:
            with self._changed:
                self._receivers = tuple(other for other in self._receivers if other is not receive)

        return end

    def publish(self, batch: Batch) -> None:
        """Show a batch to every subscriber; one that fails does not keep it from the others."""
        for receive in self._receivers:
            try:
                receive(batch)
            except Exception:
                logger.exception("a subscriber failed")

    def _run(self) -> None:
        while True:
            self._wait_for_work()
            pieces, ordinal = self._take()
            if not pieces:
                return
            encoded = self._encoded(pieces)
            if len(encoded.rows):
                stored = self._writer.health.state is StoreState.OK
                self.publish(encoded.batch(stored=stored, arrived_at=pieces[-1].received_at))
            self._writer.put(encoded, ordinal)

    def _wait_for_work(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping)
        turns.after_the_frame()

    def _take(self) -> tuple[list[Piece], int]:
        with self._changed:
            pieces: list[Piece] = []
            room = EVENTS_PER_BATCH
            ordinal = 0
            while self._queue and (room or not pieces):
                head = self._queue[0]
                end = min(head.taken + room, len(head.events))
                last = end == len(head.events)
                whole = last and head.taken == 0
                events = head.events if whole else head.events[head.taken : end]
                cursor = head.cursor if last else None
                pieces.append(Piece(head.source, events, head.origin, head.received_at, cursor, head.ordinal))
                self._queued -= end - head.taken
                room -= end - head.taken
                head.taken = end
                # A submission that is not complete yet becomes durable with its last slice.
                ordinal = head.ordinal if last else head.ordinal - 1
                if last:
                    self._queue.popleft()
            self._changed.notify_all()
            return pieces, ordinal

    def _encoded(self, pieces: Sequence[Piece]) -> Encoded:
        while True:
            try:
                return self._encoder.encode(pieces)
            except UNSOUND:
                # Some event cannot be kept: find it, and keep all others.
                pieces = [self._sifted(piece) for piece in pieces]
            except (sqlite3.Error, SQLAlchemyError) as error:
                # Without the database nobody knows whether a ticket is new: wait until it can be read.
                self._durability.fail(error)
                logger.exception("tickets cannot be looked up")
                with self._changed:
                    if self._changed.wait_for(lambda: self._stopping, LOOKUP_RETRY_SECONDS):
                        return Encoded()

    def _sifted(self, piece: Piece) -> Piece:
        good, reasons = sift(piece.events)
        if reasons:
            error = EventsRejected(piece.source, reasons)
            logger.warning("%s", error)
            self._durability.reject(piece.submission, error)
        return replace(piece, events=good)
