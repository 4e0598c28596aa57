"""The orders of a ticket list: each turns a ticket into one integer of `KEY_BITS` bits.

Keys say when something is due, never how long is left: an order by "time left" would change every second for nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, SECOND
from console.models.live.columns import Columns, Flag, Slots
from console.models.live.derive import stage
from console.models.live.names import Alphabet, Names
from console.models.live.sorted_index import KEY_BITS, KEY_MAX

Keys = NDArray[np.int64]
Some = Slots | slice
"""Tickets by their slots, or all between two slots: these are read without being copied first."""
KeyFunction = Callable[[Columns, Names | Alphabet, Some], Keys]

_EPOCH_2000 = 946_684_800_000_000
_TICK = 10_000
"""Times are sorted to the hundredth of a second."""
_TIME_MAX = (1 << (KEY_BITS - 1)) - 1
_MINOR_BITS = 25
_MINOR_MAX = (1 << _MINOR_BITS) - 1
_MAJOR_MAX = (1 << (KEY_BITS - _MINOR_BITS)) - 1


@dataclass(frozen=True, slots=True)
class Sort:
    """A column of `ORDERS` and a direction."""

    by: str = "due"
    descending: bool = False


def keys(sort: Sort, columns: Columns, names: Names | Alphabet, slots: Some) -> Keys:
    """The sort keys of these tickets, 0 to `KEY_MAX`; tickets without a value stand last in either direction."""
    values = ORDERS[sort.by](columns, names, slots)
    return np.where(values == KEY_MAX, KEY_MAX, KEY_MAX - 1 - values) if sort.descending else values


def _time(column: NDArray[np.int64]) -> Keys:
    ticks = column - _EPOCH_2000
    ticks //= _TICK
    np.clip(ticks, 0, _TIME_MAX, out=ticks)
    return _with_last(ticks, column <= 0, KEY_MAX)


def _with_last(values: Keys, nothing: NDArray[np.bool_], last: int) -> Keys:
    """The values, in place, with ``last`` (all of its bits are ones) where there is nothing. To choose by a condition
    that is as often true as not takes five times as long."""
    ones = nothing.astype(np.int64)
    ones *= last
    values |= ones
    return values


def _due(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
    # R-READ: of two that are due together, the one that was read and left lying comes first.
    due = columns.due_at[slots]
    ticks = _time(due)
    ticks <<= 1
    ticks |= (columns.flags[slots] & Flag.READ) == 0
    # Those without a due time were last and are beyond it now.
    return np.minimum(ticks, KEY_MAX, out=ticks)


def _slack(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
    # Slack is what is left of the time until then; when it began to be nothing does not change by the second.
    due, wait = columns.due_at[slots], np.maximum(columns.expected_wait[slots], 0)
    return _time(np.where(due > 0, due - wait * np.int64(SECOND), 0))


def _minor(column: NDArray[np.int64]) -> Keys:
    minutes = np.clip((column - _EPOCH_2000) // MINUTE, 0, _MINOR_MAX - 1)
    return _with_last(minutes, column <= 0, _MINOR_MAX)


def _major(values: NDArray[np.generic], columns: Columns, slots: Some) -> Keys:
    """A coarse value first, then what is due soonest."""
    major = np.minimum(values.astype(np.int64), _MAJOR_MAX - 1)
    return (major << _MINOR_BITS) | _minor(columns.due_at[slots])


def _times(name: str) -> KeyFunction:
    def key(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
        return _time(getattr(columns, name)[slots])

    return key


def _codes(name: str) -> KeyFunction:
    def key(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
        return _major(getattr(columns, name)[slots], columns, slots)

    return key


def _ranked(name: str, dimension: str) -> KeyFunction:
    def key(columns: Columns, names: Names | Alphabet, slots: Some) -> Keys:
        ranks, ids = names.ranks(dimension), getattr(columns, name)[slots]
        # A name that is not known yet stands where nobody stands.
        return _major(ranks[np.where(ids < ranks.size, ids, 0)], columns, slots)

    return key


def _stage(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
    some = np.arange(slots.start, slots.stop) if isinstance(slots, slice) else slots
    return _major(stage(columns, some), columns, slots)


def _id(columns: Columns, _names: Names | Alphabet, slots: Some) -> Keys:
    return columns.id[slots].astype(np.int64)


ORDERS: dict[str, KeyFunction] = {
    "due": _due,
    "slack": _slack,
    "waiting_since": _times("waiting_since"),
    "created_at": _times("created_at"),
    "last_at": _times("last_at"),
    "last_customer_at": _times("last_customer_at"),
    "assigned_at": _times("assigned_at"),
    "first_reply_at": _times("first_reply_at"),
    "resolved_at": _times("resolved_at"),
    "promise_at": _times("promise_at"),
    "id": _id,
    "status": _codes("status"),
    "priority": _codes("priority"),
    "channel": _codes("channel"),
    "type": _codes("type"),
    "tier": _codes("tier"),
    "language": _codes("language"),
    "complaint": _codes("complaint"),
    "emotion": _codes("emotion"),
    "messages": _codes("messages"),
    "replies": _codes("replies"),
    "transfers": _codes("transfers"),
    "reopens": _codes("reopens"),
    "stage": _stage,
    "assignee": _ranked("assignee", "agent"),
    "queue": _ranked("queue", "queue"),
}
"""Every column of the table that can be sorted by. The words of a ticket are searched, not sorted."""

NAMED = {"assignee": "agent", "queue": "queue"}
"""Orders that depend on the names of a dimension, and change when a name is added."""
