"""The clocks of many tickets as typed columns: one row per ticket, one lane per clock; never one object per clock.

Times are microseconds since the epoch, 0 for *not*. A pause that has ended is an entry of the pool `Pauses`, linked to
the one before it; a pause that still lasts is a column.
"""

from __future__ import annotations

from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from console.models.live.columns import Slots

Instants = NDArray[np.int64]
Heads = NDArray[np.int32]
"""The last entry of a chain of pauses, 0 for none."""


class Note(IntFlag):
    """Small facts of a ticket, in the column ``notes``."""

    BEGUN = 1
    """Something happened to it."""
    WROTE = 2
    """The customer has written since the status says that we wait for them."""
    OWNED = 4
    REPLIED = 8
    """A person has answered it."""
    ASKS = 16
    """The customer has written and nobody has answered."""


_COLUMNS: dict[str, DTypeLike] = {
    "id": np.int32,
    "last_at": np.int64,
    "last_native": np.int64,
    "promised": np.int64,
    "resolved_started": np.int64,
    "resolved_at": np.int64,
    "resolved_head": np.int32,
    "resolved_place": np.int64,
    "notes": np.uint8,
    "status": np.uint8,
    "stage": np.uint8,
    "tier": np.uint8,
    "complaint": np.uint8,
    "emotion": np.uint8,
    "priority": np.uint8,
    "channel": np.uint8,
    "type": np.uint8,
}
"""``promised`` is the due time of a running promise. ``resolved_*`` is the resolution cycle that re-opening would
continue: its start, its stop, its pauses, and its place among all that stopped."""

_LANES: dict[str, DTypeLike] = {"started": np.int64, "paused": np.int64, "head": np.int32, "count_of": np.int32}
"""By ticket and lane: since when the clock runs (0: it does not), since when it stands still, its pauses, and how many
cycles there were; the running one is the last of them."""

_SPARE = 1024


class Pauses:
    """The pauses that have ended, in chains from each clock's last pause back to its first."""

    def __init__(self) -> None:
        self.start = np.zeros(_SPARE, dtype=np.int64)
        self.end = np.zeros(_SPARE, dtype=np.int64)
        self.before: Heads = np.zeros(_SPARE, dtype=np.int32)
        self.count = 1

    def add(self, heads: Heads, start: Instants, end: Instants | np.int64) -> Heads:
        """Lengthen chains by one pause each; their new heads."""
        first, self.count = self.count, self.count + heads.size
        if self.count > self.start.size:
            self._resize(self.count + self.count // 2)
        self.start[first : self.count] = start
        self.end[first : self.count] = end
        self.before[first : self.count] = heads
        return np.arange(first, self.count, dtype=np.int32)

    def keep(self, reached: NDArray[np.bool_]) -> Heads:
        """Let go of all entries but these; by old place the new one."""
        reached[0] = True
        places = (np.cumsum(reached) - 1).astype(np.int32)
        kept = np.flatnonzero(reached)
        self.start, self.end, self.before = self.start[kept], self.end[kept], places[self.before[kept]]
        self.count = kept.size
        return places

    def _resize(self, size: int) -> None:
        for name in ("start", "end", "before"):
            old: NDArray[Any] = getattr(self, name)
            grown = np.zeros(size, dtype=old.dtype)
            grown[: old.size] = old
            setattr(self, name, grown)


class CycleColumns:
    """The columns, addressed as attributes; rows from ``count`` on are spare and zero."""

    id: NDArray[np.int32]
    last_at: Instants
    last_native: Instants
    promised: Instants
    resolved_started: Instants
    resolved_at: Instants
    resolved_head: Heads
    resolved_place: Instants
    notes: NDArray[np.uint8]
    status: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    tier: NDArray[np.uint8]
    complaint: NDArray[np.uint8]
    emotion: NDArray[np.uint8]
    priority: NDArray[np.uint8]
    channel: NDArray[np.uint8]
    type: NDArray[np.uint8]
    started: Instants
    paused: Instants
    head: Heads
    count_of: NDArray[np.int32]

    def __init__(self, lanes: int, capacity: int = _SPARE) -> None:
        self.lanes = lanes
        self.rows = 0
        self.pauses = Pauses()
        self._free: list[Slots] = []
        self._pool_limit = 1 << 16
        for name, dtype in _COLUMNS.items():
            setattr(self, name, np.zeros(capacity, dtype=dtype))
        for name, dtype in _LANES.items():
            setattr(self, name, np.zeros((capacity, lanes), dtype=dtype))

    def add(self, tickets: NDArray[np.int32]) -> Slots:
        """Rows for these tickets; places that were given back are used again."""
        slots = np.empty(tickets.size, dtype=np.int64)
        filled = 0
        while self._free and filled < tickets.size:
            free = self._free.pop()
            taken = min(free.size, tickets.size - filled)
            slots[filled : filled + taken] = free[:taken]
            filled += taken
            if taken < free.size:
                self._free.append(free[taken:])
        fresh = tickets.size - filled
        slots[filled:] = np.arange(self.rows, self.rows + fresh)
        self.rows += fresh
        if self.rows > self.id.size:
            self._resize(self.rows + self.rows // 4)
        self.id[slots] = tickets
        return slots

    def forget(self, slots: Slots) -> None:
        """Give rows back."""
        if slots.size:
            self.clear(slots)
            self.id[slots] = 0
            self._free.append(slots)

    def clear(self, slots: Slots) -> None:
        """Forget what happened to these tickets, but not whose rows they are."""
        for name in _COLUMNS:
            if name != "id":
                getattr(self, name)[slots] = 0
        for name in _LANES:
            getattr(self, name)[slots] = 0

    def tidy(self) -> None:
        """Let go of pauses that no clock has any more, when there are many; call it between folds."""
        if self.pauses.count <= self._pool_limit:
            return
        reached = np.zeros(self.pauses.count, dtype=bool)
        heads = np.concatenate([self.head[: self.rows].ravel(), self.resolved_head[: self.rows]])
        while heads.size:
            heads = heads[heads > 0]
            reached[heads] = True
            heads = self.pauses.before[heads]
        places = self.pauses.keep(reached)
        self.head = places[self.head]
        self.resolved_head = places[self.resolved_head]
        self._pool_limit = max(1 << 16, 2 * self.pauses.count)

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        names = (*_COLUMNS, *_LANES)
        pool = self.pauses.start.nbytes + self.pauses.end.nbytes + self.pauses.before.nbytes
        return int(sum(getattr(self, name).nbytes for name in names)) + pool

    def _resize(self, size: int) -> None:
        for name in (*_COLUMNS, *_LANES):
            old: NDArray[Any] = getattr(self, name)
            grown = np.zeros((size, *old.shape[1:]), dtype=old.dtype)
            grown[: old.shape[0]] = old
            setattr(self, name, grown)
