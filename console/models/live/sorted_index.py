"""An order over many tickets that stays sorted while hundreds of them change in every frame.

A large sorted base that is never written to, the places in it that no longer count, and a small sorted list of what is
new: a change costs time in the small parts only. When these have grown, the parts are merged into a new base, which
another thread can do while changes go on.

An entry is one integer, ``key << SLOT_BITS | slot``: unique, so that equal keys never swap places.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future

import numpy as np
from numpy.typing import NDArray

Entries = NDArray[np.int64]

SLOT_BITS = 22
SLOT_MASK = (1 << SLOT_BITS) - 1
KEY_BITS = 41
KEY_MAX = (1 << KEY_BITS) - 1
MAX_TICKETS = 1 << SLOT_BITS

_MERGE_AT = 4096
_NONE: Entries = np.empty(0, dtype=np.int64)


def entries(keys: NDArray[np.int64], slots: NDArray[np.int64]) -> Entries:
    """Entries of keys (0 to `KEY_MAX`) and slots."""
    return (keys << SLOT_BITS) | slots


class SortedIndex:
    """The sorted entries. All methods belong to one thread; only the merge may run on another."""

    def __init__(self, base: Entries = _NONE) -> None:
        """``base`` is sorted and has no equal entries."""
        self._base = base
        self._dead: Entries = _NONE
        self._fresh: Entries = _NONE
        self._place: Entries = _NONE
        self._rank: Entries | None = None
        self._merge: Future[Entries] | None = None
        self._since_merge: list[tuple[Entries, Entries]] = []

    def __len__(self) -> int:
        return self._base.size - self._dead.size + self._fresh.size

    @property
    def nbytes(self) -> int:
        """Memory of the parts, in bytes."""
        return self._base.nbytes + self._dead.nbytes + 2 * self._fresh.nbytes

    def change(self, old: Entries, new: Entries) -> None:
        """Take out ``old`` entries, all of which are in the index, and put in ``new`` ones, none of which are."""
        if self._merge is not None:
            self._since_merge.append((old, new))
        self._remove(old)
        self._insert(new)
        self._rank = None

    def move(self, old: Entries, new: Entries) -> None:
        """Put ``new`` in the place of ``old``, one by one and -1 where there is none; those that are the same cost
        nothing. ``new`` goes on where ``old`` ends."""
        moved = np.flatnonzero(old != new[: old.size])
        gone, come = old[moved], np.concatenate([new[moved], new[old.size :]])
        gone, come = gone[gone >= 0], come[come >= 0]
        if gone.size or come.size:
            self.change(gone, come)

    def maintain(self, executor: Executor | None = None) -> None:
        """Merge when the small parts have grown: at once, or on the executor and taken over by a later call."""
        if self._merge is not None:
            if self._merge.done():
                self._adopt(self._merge.result())
            return
        if self._dead.size + self._fresh.size < _MERGE_AT:
            return
        if executor is None:
            self._restart(_merged(self._base, self._dead, self._fresh, self._place))
        else:
            self._merge = executor.submit(_merged, self._base, self._dead, self._fresh, self._place)

    def window(self, first: int, count: int) -> NDArray[np.int64]:
        """The slots at the places ``first`` to ``first + count`` of the order (fewer at the end)."""
        first = max(0, min(first, len(self)))
        last = min(first + max(0, count), len(self))
        rank = self._fresh_rank()
        low, high = rank.searchsorted((first, last))
        places = self._places(np.arange(first - low, last - high))
        found = self._base[places]
        if high > low:
            found = np.sort(np.concatenate([found, self._fresh[low:high]]))
        return found & SLOT_MASK

    def rank(self, entry: int) -> int:
        """How many entries are smaller than this one."""
        return int(self.ranks(np.array([entry]))[0])

    def ranks(self, asked: Entries) -> NDArray[np.int64]:
        """For each of these, how many entries are smaller."""
        place = self._base.searchsorted(asked)
        return np.asarray(place - self._dead.searchsorted(place) + self._fresh.searchsorted(asked))

    def at(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots at these places of the order, each below ``len``."""
        rank = self._fresh_rank()
        low = rank.searchsorted(positions)
        found = np.empty(positions.size, dtype=np.int64)
        fresh = np.zeros(positions.size, dtype=bool)
        inside = low < rank.size
        fresh[inside] = rank[low[inside]] == positions[inside]
        found[fresh] = self._fresh[low[fresh]]
        found[~fresh] = self._base[self._places((positions - low)[~fresh])]
        return found & SLOT_MASK

    def slots_between(self, low: int, high: int) -> NDArray[np.int64]:
        """The slots with ``low <= key < high``, in order."""
        start, end = self.rank(low << SLOT_BITS), self.rank(high << SLOT_BITS)
        return self.window(start, end - start)

    def all(self) -> Entries:
        """Every entry, sorted."""
        return _merged(self._base, self._dead, self._fresh, self._place)

    def _places(self, alive: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places in the base of its living entries number ``alive``."""
        if not self._dead.size:
            return alive
        return alive + (self._dead - np.arange(self._dead.size)).searchsorted(alive, side="right")

    def _fresh_rank(self) -> Entries:
        """The place of each fresh entry in the whole order."""
        if self._rank is None:
            alive = self._place - self._dead.searchsorted(self._place)
            self._rank = alive + np.arange(self._fresh.size)
        return self._rank

    def _remove(self, old: Entries) -> None:
        if not old.size:
            return
        old = np.sort(old)
        if self._fresh.size:
            place = np.minimum(self._fresh.searchsorted(old), self._fresh.size - 1)
            is_fresh = self._fresh[place] == old
            if is_fresh.any():
                keep = np.ones(self._fresh.size, dtype=bool)
                keep[place[is_fresh]] = False
                self._fresh, self._place = self._fresh[keep], self._place[keep]
                old = old[~is_fresh]
        if old.size:
            dead = np.concatenate([self._dead, self._base.searchsorted(old)])
            dead.sort()
            self._dead = dead

    def _insert(self, new: Entries) -> None:
        if not new.size:
            return
        new = np.sort(new)
        at = self._fresh.searchsorted(new) + np.arange(new.size)
        old = np.ones(self._fresh.size + new.size, dtype=bool)
        old[at] = False
        self._fresh = _woven(self._fresh, old, new, at)
        self._place = _woven(self._place, old, self._base.searchsorted(new), at)

    def _adopt(self, base: Entries) -> None:
        since, self._since_merge, self._merge = self._since_merge, [], None
        self._restart(base)
        for old, new in since:
            self._remove(old)
            self._insert(new)

    def _restart(self, base: Entries) -> None:
        self._base, self._dead, self._fresh, self._place, self._rank = base, _NONE, _NONE, _NONE, None


def _woven(one: Entries, places: NDArray[np.bool_], other: Entries, others: NDArray[np.int64]) -> Entries:
    """Both in one: a quarter of the time of `np.insert` where the places are known."""
    woven = np.empty(places.size, dtype=np.int64)
    woven[places] = one
    woven[others] = other
    return woven


def _merged(base: Entries, dead: Entries, fresh: Entries, place: Entries) -> Entries:
    if dead.size:
        keep = np.ones(base.size, dtype=bool)
        keep[dead] = False
        base = base[keep]
        place = place - dead.searchsorted(place)
    return np.insert(base, place, fresh) if fresh.size else base
