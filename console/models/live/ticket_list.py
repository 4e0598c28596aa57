"""The tickets that a table shows: filtered, in an order, and kept so while everything moves.

Small changes are made at once. A new filter or order over a million tickets is built on another thread: `begin` says
what to build, `Build.run` builds it, `adopt` takes it over and repairs what has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from console.models.live import filters
from console.models.live.columns import Columns, Slots
from console.models.live.filters import Filter, Mask, Urgency, mask
from console.models.live.names import Alphabet, Names
from console.models.live.sorted_index import SLOT_MASK, SortedIndex, entries
from console.models.live.sorts import NAMED, Sort, keys
from console.models.live.texts import Texts
from console.models.policy.policy import Policy

_SLOTS_AT_ONCE = 65536
_AT_ONCE_SECONDS = 0.003
_MOST_AT_ONCE = 8_192


@dataclass(frozen=True)
class Sources:
    """What a list is made from."""

    columns: Columns
    texts: Texts
    names: Names
    policy: Policy


@dataclass
class Build:
    """A list being built away from the GUI thread."""

    sources: Sources
    filter: Filter
    sort: Sort
    now: int
    count: int
    alphabet: Alphabet
    go_on: Callable[[], bool] = lambda: True
    member: Mask | None = None
    """Which slots the list shows."""
    values: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """The entries of the members, in the order of their slots."""
    base: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """The same, sorted."""

    def run(self) -> Build:
        """Compute mask, keys and order; changes made to the columns meanwhile are repaired by `TicketList.adopt`."""
        columns = self.sources.columns
        member = mask(self.filter, columns, self.sources.texts, self.sources.policy, self.now, None, self.go_on)
        self.member = member[: self.count]
        # Fresh memory for a million slots takes as long as their keys, so nothing is made where everybody is a member.
        chosen = None if self.member.all() else np.flatnonzero(self.member)
        size = self.count if chosen is None else chosen.size
        self.values = np.empty(size, dtype=np.int64)
        # Piece by piece: what is computed on the way then stays in the processor's cache.
        for first in range(0, size, _SLOTS_AT_ONCE):
            piece = slice(first, min(first + _SLOTS_AT_ONCE, size))
            slots = np.arange(piece.start, piece.stop) if chosen is None else chosen[piece]
            some = piece if chosen is None else slots
            self.values[piece] = entries(keys(self.sort, columns, self.alphabet, some), slots)
        self.base = np.sort(self.values)
        return self

    def entries_of(self, slots: Slots) -> NDArray[np.int64]:
        """The entries of these slots, -1 for those that are not members."""
        found = np.full(slots.size, -1, dtype=np.int64)
        if self.member is not None:
            member = self.member[slots]
            # The members' slots are the low bits of their entries, and rise.
            found[member] = self.values[np.searchsorted(self.values & SLOT_MASK, slots[member])]
        return found


class TicketList:
    """The order of the tickets that pass a filter."""

    def __init__(self, sources: Sources, chosen: Filter | None = None, sort: Sort | None = None, now: int = 0) -> None:
        self._sources = sources
        self.filter = chosen or Filter()
        self.sort = sort or Sort()
        self._now = now
        self._index = SortedIndex()
        self._member: Mask = np.zeros(1, dtype=bool)
        self._old: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._building: Build | None = None
        self._touched: list[Slots] = []
        # Keys must stay what they were when the index was built, whatever names are added since.
        self.alphabet = sources.names.alphabet()

    def __len__(self) -> int:
        return len(self._index)

    def window(self, first: int, count: int) -> NDArray[np.int64]:
        """The slots shown at these rows."""
        return self._index.window(first, count)

    def follows(self, order: str) -> bool:
        """Whether the list is kept, or is being built, in this order."""
        return order in (self.sort.by, self._building.sort.by if self._building is not None else "")

    def contains(self, slot: int) -> bool:
        """Whether the list shows this ticket."""
        return slot < self._member.size and bool(self._member[slot])

    def row_of(self, slot: int) -> int | None:
        """The row at which a ticket is shown, None when the filter hides it."""
        if not self.contains(slot):
            return None
        return self._index.rank(int(self._entries(np.array([slot]), np.ones(1, dtype=bool))[0]))

    def slots(self) -> NDArray[np.int64]:
        """Every ticket shown, in order."""
        return self.window(0, len(self))

    def remove(self, slots: Slots) -> None:
        """Take these tickets out, as they are now; `add` must follow."""
        self._reserve(self._sources.columns.count)
        self._old = self._entries(slots, self._member[slots])

    def add(self, slots: Slots) -> None:
        """Put these tickets in where the filter lets them through."""
        self._reserve(self._sources.columns.count)
        member = self._mask(slots)
        self._member[slots] = member
        self._index.move(self._old, self._entries(slots, member))
        self._old = np.empty(0, dtype=np.int64)
        if self._building is not None:
            self._touched.append(slots)

    def pass_time(self, now: int, crossing: Callable[[int, int], Slots]) -> None:
        """Let tickets enter or leave whose clocks have crossed a line since the last call.

        ``crossing(start, end)`` gives the tickets whose due or warning time lies between two instants.
        """
        before, self._now = self._now, now
        if not self.filter.depends_on_time or now == before:
            return
        if now < before:
            self.rebuild()
            return
        slots = crossing(before, now) if self.filter.urgency is not Urgency.ANY else np.empty(0, dtype=np.int64)
        if self.filter.promise_broken or self.filter.window_closing:
            others = filters.crossing(self.filter, self._sources.columns, self._sources.policy, before, now)
            slots = np.union1d(slots, others)
        self.remove(slots)
        self.add(slots)

    def maintain(self, executor: Executor | None = None) -> None:
        """Merge what has changed, on the executor where one is given."""
        self._index.maintain(executor)

    @property
    def is_stale(self) -> bool:
        """Whether names were added that the order depends on, so that the list must be built again."""
        newest = self._building or self
        return newest.sort.by in NAMED and newest.alphabet.version != self._sources.names.version

    def begin(self, chosen: Filter, sort: Sort, now: int) -> Build:
        """What to build for another filter or order; the newest one begun is the only one that can be adopted."""
        build = Build(self._sources, chosen, sort, now, self._sources.columns.count, self._sources.names.alphabet())
        build.go_on = lambda: self._building is build
        self._building = build
        self._touched = []
        return build

    def first_rows(self, chosen: Filter, sort: Sort, now: int, count: int) -> NDArray[np.int64] | None:
        """The first ``count`` slots under a narrower filter, out of the order as it is.

        None where they cannot be told at once: in another order, under a filter that lets others through or moves with
        the time, and where what passes lies far apart.
        """
        if sort != self.sort or self.is_stale or self.filter.depends_on_time or not chosen.narrows(self.filter):
            return None
        source = self._sources
        until = perf_counter() + _AT_ONCE_SECONDS
        found: list[NDArray[np.int64]] = []
        first, step = 0, 4 * count
        while first < len(self) and sum(map(len, found)) < count:
            if perf_counter() > until:
                return None
            slots = self.window(first, step)
            found.append(slots[mask(chosen, source.columns, source.texts, source.policy, now, slots)])
            first += step
            # Words are looked at one by one, all else by the thousand.
            step = step if chosen.text else min(2 * step, _MOST_AT_ONCE)
        return np.concatenate([*found, np.empty(0, dtype=np.int64)])[:count]

    def adopt(self, build: Build) -> bool:
        """Show what was built; False (and no change) when something newer was begun meanwhile."""
        if build is not self._building or build.member is None:
            return False
        self.filter, self.sort, self._now = build.filter, build.sort, build.now
        self.alphabet = build.alphabet
        self._index = SortedIndex(build.base)
        self._member = build.member
        self._reserve(self._sources.columns.count)
        touched = self._touched
        self._building, self._touched = None, []
        if touched:
            slots = np.unique(np.concatenate(touched))
            self._old = build.entries_of(slots[slots < build.count])
            self.add(slots)
        return True

    def rebuild(self) -> None:
        """Build the list anew, here and now."""
        self.adopt(self.begin(self.filter, self.sort, self._now).run())

    @property
    def nbytes(self) -> int:
        """Memory of the list, in bytes."""
        return self._index.nbytes + self._member.nbytes

    def _entries(self, slots: Slots, member: Mask) -> NDArray[np.int64]:
        """The entries of those slots that are members, and -1 for the others."""
        found = np.full(slots.size, -1, dtype=np.int64)
        shown = slots[member]
        found[member] = entries(keys(self.sort, self._sources.columns, self.alphabet, shown), shown)
        return found

    def _mask(self, slots: Slots) -> Mask:
        source = self._sources
        return mask(self.filter, source.columns, source.texts, source.policy, self._now, slots)

    def _reserve(self, count: int) -> None:
        if self._member.size < count:
            grown = np.zeros(count + count // 4 + 1024, dtype=bool)
            grown[: self._member.size] = self._member
            self._member = grown
