"""Events that came after a past moment was put together and belong before it: they change what was shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from console.models.domain.ports import Batch, Progress

_AT_ONCE = 20_000


class Tail(Protocol):
    """Who reads the log from a place on; `LogReader` does."""

    def read(self, after: int, limit: int) -> Batch:
        """Up to ``limit`` events with ``seq > after`` in seq order."""
        ...


@dataclass(frozen=True, slots=True)
class Late:
    """The log was looked through up to ``seq``; ``count`` events behind the start of the search were late."""

    seq: int = 0
    count: int = 0


def came_late(log: Tail, at: int, known: Late, progress: Progress) -> Late:
    """Go on from ``known``: how many events stored since then have a time of ``at`` or before.

    Raises `Cancelled` when asked to stop.
    """
    seq, count = known.seq, known.count
    while True:
        rows = log.read(seq, _AT_ONCE).rows
        if not rows.size:
            return Late(seq, count)
        count += int((rows["at"] <= at).sum())
        seq = int(rows["seq"][-1])
        progress.step(seq, 0)
