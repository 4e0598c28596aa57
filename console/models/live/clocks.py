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

    def oldest(self, channel: int | None = None) -> int:
        """Since when the longest-waiting customer waits, 0 when nobody waits."""
        slot = self.oldest_slot(channel)
        return 0 if slot is None else int(self._columns.waiting_since[slot])

    def oldest_slot(self, channel: int | None = None) -> int | None:
        """The ticket that waits longest, or None."""
        firsts = []
        for code in _channels(channel):
            low = code << _TICK_BITS
            start = self._since.rank(low << SLOT_BITS)
            first = self._since.window(start, 1)
            if first.size and int(self._columns.channel[first[0]]) == code:
                firsts.append(int(first[0]))
        return min(firsts, key=lambda slot: int(self._columns.waiting_since[slot]), default=None)

    def breached(self, now: int, channel: int | None = None) -> int:
        """How many waiting customers are past their due time."""
        return sum(self._due_by(code, now) for code in _channels(channel))

    def due_soon(self, now: int, channel: int | None = None) -> int:
        """How many will be past it within their channel's warning time."""
        warning = self._policy.warning_by_channel
        return sum(
            self._due_by(code, now + int(warning[code])) - self._due_by(code, now) for code in _channels(channel)
        )

    def waiting_since_before(self, instant: int, channel: int | None = None) -> int:
        """How many waiting customers have waited since before an instant."""
        return sum(self._count(self._since, "waiting_since", code, instant - 1) for code in _channels(channel))

    def unanswered(self, start: int, end: int, channel: int) -> int:
        """How many customers of a channel who came in ``start <= time < end`` wait and were never answered."""
        until = self._count(self._unanswered, "created_at", channel, end - 1)
        return until - self._count(self._unanswered, "created_at", channel, start - 1)

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

    def _due_by(self, channel: int, instant: int) -> int:
        return self._count(self._due, "due_at", channel, instant)

    def _count(self, index: SortedIndex, column: str, channel: int, instant: int) -> int:
        """Entries of a channel at or before an instant, exact to the microsecond."""
        key = _key(channel, instant)
        first = index.rank((channel << _TICK_BITS) << SLOT_BITS)
        before = index.rank(key << SLOT_BITS)
        in_tick = index.rank((key + 1) << SLOT_BITS) - before
        count = before - first
        if in_tick:
            count += int((getattr(self._columns, column)[index.window(before, in_tick)] <= instant).sum())
        return count


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


def _channels(channel: int | None) -> range:
    return range(len(Channel)) if channel is None else range(channel, channel + 1)


def _ticks(at: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(np.clip((at - _EPOCH_2000) // _TICK, 0, _LAST_TICK))


def _key(channel: int, instant: int) -> int:
    return (channel << _TICK_BITS) | max(0, min((instant - _EPOCH_2000) // _TICK, _LAST_TICK))
