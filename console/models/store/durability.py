"""What is durable, and the wait for it."""

from __future__ import annotations

import threading

from console.errors import KnownError

REJECTIONS_KEPT = 1_000


class Durability:
    """How far submissions and events have become durable; any thread may wait.

    Submissions are counted by ordinal and become durable (fsync'd in the database or the spool) in that order.
    """

    def __init__(self, committed_seq: int) -> None:
        self._changed = threading.Condition()
        self._ordinal = 0
        self._committed_seq = committed_seq
        self._failure: Exception | None = None
        self._rejections: dict[int, KnownError] = {}
        self._closed = False

    @property
    def committed_seq(self) -> int:
        """The highest ``seq`` that is committed to the database itself."""
        return self._committed_seq

    def reach(self, ordinal: int) -> None:
        """Everything up to this submission is durable."""
        with self._changed:
            self._ordinal = max(self._ordinal, ordinal)
            self._failure = None
            self._changed.notify_all()

    def commit(self, seq: int) -> None:
        """Everything up to this event is in the database."""
        with self._changed:
            self._committed_seq = max(self._committed_seq, seq)
            self._changed.notify_all()

    def fail(self, error: Exception) -> None:
        """Neither database nor spool can be written now."""
        with self._changed:
            self._failure = error
            self._changed.notify_all()

    def reject(self, ordinal: int, error: KnownError) -> None:
        """Some events of this submission cannot be kept."""
        with self._changed:
            self._rejections.setdefault(ordinal, error)
            if len(self._rejections) > REJECTIONS_KEPT:
                # Nobody has to ask: what a source sends wrong day after day must not fill the memory.
                del self._rejections[next(iter(self._rejections))]

    def close(self) -> None:
        """Nothing more will become durable: wake those who wait."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait_for_submission(self, ordinal: int, timeout: float | None) -> bool:
        """Wait until it is durable; False when the time ran out.

        Raises the failure when nothing can be written, and `EventsRejected` when some of its events were not kept.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._ordinal >= ordinal or self._failure is not None or self._closed, timeout
            )
            if self._ordinal >= ordinal:
                if ordinal in self._rejections:
                    raise self._rejections[ordinal]
                return True
            if self._failure is not None:
                raise self._failure
            return False

    def wait_for_commit(self, seq: int, timeout: float | None = None) -> bool:
        """Wait until the database holds everything up to ``seq``; False when the time ran out or the store closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._committed_seq >= seq or self._closed, timeout)
            return self._committed_seq >= seq


class Acknowledgement:
    """The `Receipt` of one submission."""

    __slots__ = ("_durability", "_ordinal")

    def __init__(self, durability: Durability, ordinal: int) -> None:
        self._durability = durability
        self._ordinal = ordinal

    def wait(self, timeout: float | None = None) -> bool:
        """Block until the events are fsync'd in the log or the spool; False when the time ran out.

        Raises the error that made both impossible (the events are kept in memory and tried again), or
        `EventsRejected` when some of the events cannot be kept at all.
        """
        return self._durability.wait_for_submission(self._ordinal, timeout)
