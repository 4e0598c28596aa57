"""Who waits longest and what is due when, by channel: sorted indexes, asked by rank instead of by counting.

As time goes by nothing has to be touched: the number of breached tickets is the rank of *now* among the due times.
"""

from __future__ import annotations

from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Channel
from console.models.live.changes import Seen
from console.models.live.columns import Columns
from console.models.live.sorted_index import KEY_BITS, SLOT_BITS, Entries, SortedIndex, entries
from console.models.policy.policy import Policy

_EPOCH_2000 = 946_684_800_000_000
_TICK = 10_000
_TICK_BITS = KEY_BITS - 4
_LAST_TICK = (1 << _TICK_BITS) - 1
_CHANNELS = np.arange(len(Channel), dtype=np.int64)
_FIRST = _CHANNELS << _TICK_BITS << SLOT_BITS
"""Not larger than any entry of a channel."""

Counts = NDArray[np.int64]
"""One number for each channel code."""


class Clocks:
    """The waiting tickets ordered by channel and time: by since when, by until when, and those that nobody has ever
    answered by when they came."""

    def __init__(self, columns: Columns, policy: Policy) -> None:
        self._columns = columns
        self._policy = policy
        self._since = SortedIndex()
        self._due = SortedIndex()
        self._unanswered = SortedIndex()

    def change(self, before: Seen, after: Seen) -> None:
        """Take tickets out as they were and put them in as they are; those of ``before`` stand first in ``after``."""
        for index, was, now in zip(self._indexes(), _entries(before), _entries(after), strict=True):
            index.move(was, now)

    def rebuild(self) -> None:
        """Sort everything anew."""
        everything = _entries(Seen.everything(self._columns))
        self._since, self._due, self._unanswered = (SortedIndex(np.sort(part[part >= 0])) for part in everything)

    def maintain(self, executor: Executor | None = None) -> None:
        """Merge what has changed, on the executor where one is given."""
        for index in self._indexes():
            index.maintain(executor)

    def oldest(self) -> int:
        """Since when the longest-waiting customer waits, 0 when nobody waits."""
        since = self.oldest_by_channel()
        waits = since[since > 0]
        return int(waits.min()) if waits.size else 0

    def oldest_by_channel(self) -> Counts:
        """Since when each channel's longest-waiting customer waits, 0 where nobody waits."""
        slots = self._oldest_slots()
        return np.where(slots >= 0, self._columns.waiting_since[slots], 0)

    def oldest_slot(self) -> int | None:
        """The ticket that waits longest, or None."""
        slots = self._oldest_slots()
        slots = slots[slots >= 0]
        return int(slots[np.argmin(self._columns.waiting_since[slots])]) if slots.size else None

    def breached(self, now: int) -> Counts:
        """How many waiting customers of each channel are past their due time."""
        return self._counts(self._due, "due_at", np.full(len(Channel), now))

    def due_soon(self, now: int) -> Counts:
        """How many will be past it within their channel's warning time."""
        soon = now + self._policy.warning_by_channel.astype(np.int64)
        return self._counts(self._due, "due_at", soon) - self.breached(now)

    def unanswered(self, start: int, end: int) -> Counts:
        """How many customers who came in ``start <= time < end`` wait and were never answered."""
        until, before = (
            self._counts(self._unanswered, "created_at", np.full(len(Channel), instant - 1)) for instant in (end, start)
        )
        return until - before

    def crossing(self, start: int, end: int) -> NDArray[np.int64]:
        """The tickets whose due time, or its warning, lies in ``start < time <= end``."""
        found = []
        for code in Channel:
            for ahead in (0, int(self._policy.warning_by_channel[code])):
                low, high = _key(code, start + ahead), _key(code, end + ahead) + 1
                found.append(self._due.slots_between(low, high))
        return np.unique(np.concatenate(found))

    @property
    def nbytes(self) -> int:
        """Memory of the indexes, in bytes."""
        return sum(index.nbytes for index in self._indexes())

    def _indexes(self) -> tuple[SortedIndex, SortedIndex, SortedIndex]:
        return self._since, self._due, self._unanswered

    def _oldest_slots(self) -> NDArray[np.int64]:
        """By channel, -1 where nobody waits."""
        first = self._since.ranks(_FIRST)
        found = np.full(len(Channel), -1, dtype=np.int64)
        inside = np.flatnonzero(first < len(self._since))
        slots = self._since.at(first[inside])
        own = self._columns.channel[slots] == inside
        found[inside[own]] = slots[own]
        return found

    def _counts(self, index: SortedIndex, column: str, until: NDArray[np.int64]) -> Counts:
        """Entries of each channel at or before its instant, exact to the microsecond."""
        keys = (_CHANNELS << _TICK_BITS) | _ticks(until)
        first, before, behind = index.ranks(
            np.concatenate([_FIRST, keys << SLOT_BITS, (keys + 1) << SLOT_BITS])
        ).reshape(3, -1)
        counts = before - first
        times = getattr(self._columns, column)
        for code in np.flatnonzero(behind > before).tolist():
            in_tick = index.window(int(before[code]), int(behind[code] - before[code]))
            counts[code] += int((times[in_tick] <= until[code]).sum())
        return np.asarray(counts)


def _entries(seen: Seen) -> tuple[Entries, Entries, Entries]:
    """The entries of each of these tickets; -1 where it has none."""
    channel = seen.channel.astype(np.int64) << _TICK_BITS
    waits = seen.waiting_since > 0
    unanswered = waits & (seen.first_reply_at == 0) & (seen.created_at > 0)
    return (
        np.where(waits, entries(channel | _ticks(seen.waiting_since), seen.slots), -1),
        np.where(waits, entries(channel | _ticks(seen.due_at), seen.slots), -1),
        np.where(unanswered, entries(channel | _ticks(seen.created_at), seen.slots), -1),
    )


def _ticks(at: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.clip((at - _EPOCH_2000) // _TICK, 0, _LAST_TICK))


def _key(channel: int, instant: int) -> int:
    return (channel << _TICK_BITS) | max(0, min((instant - _EPOCH_2000) // _TICK, _LAST_TICK))
