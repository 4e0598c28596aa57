"""The board's counts, kept by taking out what a ticket counted for before a change and putting in what it counts after.

They always equal a recount: `Counters.recount` is the same tally over every ticket, and a test compares them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Channel, Code, ComplaintTier, InquiryType, Priority, Status, Tier
from console.models.live.columns import Columns, Slots
from console.models.live.fold import IS_FINAL
from console.models.policy.policy import IS_LIVE

Tally = NDArray[np.int64]

MEASURES = ("waiting", "in_progress", "unassigned", "tickets", "live", "after_end")
WAITING, PROGRESSING, UNASSIGNED, TICKETS, LIVE, AFTER_END = range(len(MEASURES))
"""`LIVE` counts the live contacts that keep an agent busy, `AFTER_END` the finished ones whose customer wrote again."""
_BITS = 1 << np.arange(len(MEASURES))
_MEASURE = np.arange(len(MEASURES))
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
_MANY = 4096


class Counters:
    """``by[column][value, measure]``: how many tickets with that value wait, are in progress, unassigned, exist ...."""

    def __init__(self) -> None:
        lengths = {name: len(codes) for name, codes in CODES.items()} | dict.fromkeys(NAMED, 64)
        self.by: dict[str, Tally] = {
            name: np.zeros((length, len(MEASURES)), np.int64) for name, length in lengths.items()
        }
        self._old: tuple[Tally, Tally] | None = None

    def remove(self, columns: Columns, slots: Slots) -> None:
        """These tickets are about to change; `add` must follow."""
        self._old = self._parts(columns, slots)

    def add(self, columns: Columns, slots: Slots) -> None:
        """Count these tickets in, and out as they were at the last `remove`."""
        old, self._old = self._old, None
        if slots.size > _MANY and old is None:
            self._tally_many(columns, slots)
            return
        values, measures = self._parts(columns, slots)
        if old is not None:
            values, measures = np.concatenate([old[0], values], axis=1), np.concatenate([-old[1], measures])
        for name, of_tickets in zip(self.by, values, strict=True):
            self._reserve(name, int(of_tickets.max(initial=0)))
            flat = (of_tickets[:, None] * len(MEASURES) + _MEASURE).ravel()
            # In one dimension it is many times quicker than in two.
            np.add.at(self.by[name].reshape(-1), flat, measures.ravel())

    def total(self, measure: int) -> int:
        """A measure over all tickets."""
        return int(self.by["status"][:, measure].sum())

    @classmethod
    def recount(cls, columns: Columns) -> Counters:
        """The same counts from scratch."""
        counters = cls()
        counters.add(columns, np.arange(columns.count))
        return counters

    def equals(self, other: Counters) -> bool:
        """Whether both say the same; arrays of names may differ in spare length."""
        return all(_same(mine, other.by[name]) for name, mine in self.by.items())

    def _parts(self, columns: Columns, slots: Slots) -> tuple[Tally, Tally]:
        """The values of each counted column, and what each ticket counts for."""
        status = columns.status[slots]
        progressing = ~IS_FINAL[status]
        waits = columns.waiting_since[slots] > 0
        measures = np.empty((slots.size, len(MEASURES)), dtype=np.int64)
        measures[:, WAITING] = waits
        measures[:, PROGRESSING] = progressing
        measures[:, UNASSIGNED] = progressing & (columns.assignee[slots] == 0)
        measures[:, TICKETS] = 1
        measures[:, LIVE] = _keeps_busy(columns, slots)
        measures[:, AFTER_END] = waits & ~progressing
        values = np.empty((len(self.by), slots.size), dtype=np.int64)
        for line, name in zip(values, self.by, strict=True):
            line[:] = getattr(columns, name)[slots]
        return values, measures

    def _tally_many(self, columns: Columns, slots: Slots) -> None:
        """Count many in: each gets a number that says which measures count it, and those are counted."""
        progressing = ~IS_FINAL[columns.status[slots]]
        waits = columns.waiting_since[slots] > 0
        number = waits * _BITS[WAITING] + progressing * _BITS[PROGRESSING] + (waits & ~progressing) * _BITS[AFTER_END]
        number += (progressing & (columns.assignee[slots] == 0)) * _BITS[UNASSIGNED] + _BITS[TICKETS]
        number += _keeps_busy(columns, slots) * _BITS[LIVE]
        for name in self.by:
            values = getattr(columns, name)[slots].astype(np.int64)
            length = int(values.max()) + 1
            self._reserve(name, length - 1)
            counts = np.bincount((values << len(MEASURES)) + number, minlength=length << len(MEASURES))
            self.by[name][:length] += counts.reshape(length, -1) @ _COUNTED_BY

    def _reserve(self, name: str, value: int) -> None:
        tally = self.by[name]
        if value >= len(tally):
            grown = np.zeros((max(value + 1, 2 * len(tally)), len(MEASURES)), np.int64)
            grown[: len(tally)] = tally
            self.by[name] = grown


def _keeps_busy(columns: Columns, slots: Slots) -> NDArray[np.bool_]:
    status = columns.status[slots]
    # Who waits for the customer or a colleague does not keep an agent busy, until the customer writes again.
    at_work = (status < Status.PENDING_CUSTOMER) | ((columns.waiting_since[slots] > 0) & ~IS_FINAL[status])
    return np.asarray(at_work & IS_LIVE[columns.channel[slots]])


def _same(one: Tally, other: Tally) -> bool:
    length = min(len(one), len(other))
    return bool((one[:length] == other[:length]).all() and not one[length:].any() and not other[length:].any())
