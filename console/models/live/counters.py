"""The board's counts, kept by taking out what a ticket counted for before a change and putting in what it counts after.

They always equal a recount: `Counters.recount` is the same tally over every ticket, and a test compares them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Channel, Code, ComplaintTier, InquiryType, Priority, Status, Tier
from console.models.live.changes import Seen
from console.models.live.columns import Columns
from console.models.live.fold import IS_FINAL
from console.models.policy.policy import IS_LIVE

Tally = NDArray[np.int64]

MEASURES = ("waiting", "in_progress", "unassigned", "tickets", "live", "after_end")
WAITING, PROGRESSING, UNASSIGNED, TICKETS, LIVE, AFTER_END = range(len(MEASURES))
"""`LIVE` counts the live contacts that keep an agent busy, `AFTER_END` the finished ones whose customer wrote again."""
_BITS = 1 << np.arange(len(MEASURES))
_COUNTED_BY = ((np.arange(1 << len(MEASURES))[:, None] & _BITS) > 0).astype(np.int64)
"""Which measures a ticket counts for, by the number that has a bit for each of them."""

CODES: dict[str, type[Code]] = {
    "status": Status,
    "channel": Channel,
    "type": InquiryType,
    "priority": Priority,
    "tier": Tier,
    "complaint": ComplaintTier,
}
NAMED = ("queue", "assignee")


class Counters:
    """``by[column][value, measure]``: how many tickets with that value wait, are in progress, unassigned, exist ...."""

    def __init__(self) -> None:
        lengths = {name: len(codes) for name, codes in CODES.items()} | dict.fromkeys(NAMED, 64)
        self.by: dict[str, Tally] = {
            name: np.zeros((length, len(MEASURES)), np.int64) for name, length in lengths.items()
        }

    def change(self, before: Seen, after: Seen) -> None:
        """Count tickets out as they were and in as they are; what is only in ``after`` is new."""
        out, into = _number(before), _number(after)
        for name in self.by:
            self._put(name, getattr(after, name), into, 1)
            self._put(name, getattr(before, name), out, -1)

    def total(self, measure: int) -> int:
        """A measure over all tickets."""
        return int(self.by["status"][:, measure].sum())

    @classmethod
    def recount(cls, columns: Columns) -> Counters:
        """The same counts from scratch."""
        counters = cls()
        counters.change(Seen.nothing(), Seen.everything(columns))
        return counters

    def equals(self, other: Counters) -> bool:
        """Whether both say the same; arrays of names may differ in spare length."""
        return all(_same(mine, other.by[name]) for name, mine in self.by.items())

    def _put(self, name: str, values: NDArray[np.integer], numbers: Tally, sign: int) -> None:
        if not values.size:
            return
        length = int(values.max()) + 1
        self._reserve(name, length - 1)
        # Tickets with the same value and the same measures are counted by one number that stands for both.
        both = (values.astype(np.int64) << len(MEASURES)) + numbers
        counts = np.bincount(both, minlength=length << len(MEASURES))
        self.by[name][:length] += sign * (counts.reshape(length, -1) @ _COUNTED_BY)

    def _reserve(self, name: str, value: int) -> None:
        tally = self.by[name]
        if value >= len(tally):
            grown = np.zeros((max(value + 1, 2 * len(tally)), len(MEASURES)), np.int64)
            grown[: len(tally)] = tally
            self.by[name] = grown


def _number(seen: Seen) -> Tally:
    """For each ticket the number that has a bit for each measure it counts for."""
    progressing = ~IS_FINAL[seen.status]
    waits = seen.waiting_since > 0
    # Who waits for the customer or a colleague does not keep an agent busy, until the customer writes again.
    at_work = (seen.status < Status.PENDING_CUSTOMER) | (waits & progressing)
    number = waits * _BITS[WAITING] + progressing * _BITS[PROGRESSING] + (waits & ~progressing) * _BITS[AFTER_END]
    number += (progressing & (seen.assignee == 0)) * _BITS[UNASSIGNED] + _BITS[TICKETS]
    number += (at_work & IS_LIVE[seen.channel]) * _BITS[LIVE]
    return np.asarray(number)


def _same(one: Tally, other: Tally) -> bool:
    length = min(len(one), len(other))
    return bool((one[:length] == other[:length]).all() and not one[length:].any() and not other[length:].any())
