"""Which tickets a list shows: a filter as data, and its mask over the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from console.models.domain import platform_windows
from console.models.domain.contacts import GROUP_OF_TYPE, Group, InquiryType
from console.models.live.columns import Columns, Flag, Slots
from console.models.live.fold import IS_FINAL
from console.models.live.texts import Texts
from console.models.policy.policy import Policy

Mask = NDArray[np.bool_]

SETS = ("status", "channel", "type", "priority", "tier", "language", "complaint", "emotion", "queue", "assignee")
"""Columns that can be filtered by a set of their values."""

_GROUP = np.array([GROUP_OF_TYPE.get(kind, Group.OTHER) for kind in InquiryType], dtype=np.uint8)


class Scope(Enum):
    """How much of the centre a list covers at all."""

    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    UNASSIGNED = "unassigned"
    DONE = "done"
    ALL = "all"


_WITHIN = {scope: frozenset(Scope) if scope is Scope.ALL else frozenset[Scope]() for scope in Scope}
_WITHIN[Scope.IN_PROGRESS] = frozenset({Scope.WAITING, Scope.UNASSIGNED})
"""The scopes that lie within another one."""


class Urgency(Enum):
    """What the response clock of a ticket says at this moment."""

    ANY = "any"
    SOON = "soon"
    BREACHED = "breached"
    SOON_OR_BREACHED = "soon_or_breached"


@dataclass(frozen=True)
class Filter:
    """All conditions must hold; an empty set means *any*. Times are microseconds since the epoch."""

    scope: Scope = Scope.IN_PROGRESS
    urgency: Urgency = Urgency.ANY
    values: Mapping[str, frozenset[int]] = field(default_factory=dict)
    groups: frozenset[int] = frozenset()
    text: str = ""
    read_unanswered: bool = False
    promised: bool = False
    tickets: frozenset[int] = frozenset()
    """Only these ticket ids: the evidence behind a number."""
    created_from: int = 0
    created_to: int = 0
    resolved_from: int = 0
    resolved_to: int = 0
    replied_from: int = 0
    replied_to: int = 0
    promise_broken: bool = False
    """R-PROMISE: the promised time has passed without an answer."""
    window_closing: bool = False
    """R-CLOCK: the platform's window closes within its warning time, or has one message left, and we owe a word."""

    def narrows(self, other: Filter) -> bool:
        """Whether whatever passes this filter passes the other one too, as far as that can be told from them alone."""
        return (
            (self.scope is other.scope or self.scope in _WITHIN[other.scope])
            and (other.urgency in (Urgency.ANY, self.urgency))
            and all(name in self.values and self.values[name] <= wanted for name, wanted in other.values.items())
            and _within(self.groups, other.groups)
            and _within(self.tickets, other.tickets)
            and all(any(word in mine for mine in self._words) for word in other._words)
            and (self.read_unanswered or not other.read_unanswered)
            and (self.promised or self.promise_broken or not other.promised)
            and (self.promise_broken or not other.promise_broken)
            and (self.window_closing or not other.window_closing)
            and all(
                mine[0] >= theirs[0] and (not theirs[1] or 0 < mine[1] <= theirs[1])
                for mine, theirs in zip(self._spans, other._spans, strict=True)
            )
        )

    @property
    def _words(self) -> list[str]:
        return self.text.casefold().split()

    @property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return (
            (self.created_from, self.created_to),
            (self.resolved_from, self.resolved_to),
            (self.replied_from, self.replied_to),
        )

    @property
    def depends_on_time(self) -> bool:
        """Whether tickets enter or leave as time goes by, without any event."""
        return self.urgency is not Urgency.ANY or self.promise_broken or self.window_closing


def mask(
    chosen: Filter,
    columns: Columns,
    texts: Texts,
    policy: Policy,
    now: int,
    slots: Slots | None = None,
    go_on: Callable[[], bool] = lambda: True,
) -> Mask:
    """Which of these slots (or of all) the filter lets through at ``now``.

    ``go_on`` is asked during a long text search; the mask is then worthless and the caller must not use it.
    """
    part: Slots | slice = slice(0, columns.count) if slots is None else slots
    found = _scope(chosen.scope, columns, part)
    for name, values in chosen.values.items():
        found &= _one_of(getattr(columns, name)[part], values)
    if chosen.groups:
        found &= _one_of(_GROUP[columns.type[part]], chosen.groups)
    if chosen.tickets:
        found &= np.isin(columns.id[part], np.fromiter(chosen.tickets, dtype=np.int32))
    if chosen.urgency is not Urgency.ANY:
        found &= _urgency(chosen.urgency, columns, part, policy, now)
    _marks(chosen, columns, part, policy, now, found)
    for name, (start, end) in zip(("created_at", "resolved_at", "first_reply_at"), chosen._spans, strict=True):
        if start or end:
            at = getattr(columns, name)[part]
            found &= (at >= start) & (at > 0) & ((at < end) if end else True)
    if chosen.text:
        _search(chosen.text, texts, found, slots, go_on)
    return found


def _marks(chosen: Filter, columns: Columns, part: Slots | slice, policy: Policy, now: int, found: Mask) -> None:
    """Take those out of ``found`` that lack a mark."""
    if chosen.read_unanswered:
        found &= (columns.flags[part] & Flag.READ) > 0
    if chosen.promised:
        found &= columns.promise_at[part] > 0
    if chosen.promise_broken:
        promise = columns.promise_at[part]
        found &= (promise > 0) & (promise <= now)
    if chosen.window_closing:
        found &= closing(columns, part, policy, now)


def closing(columns: Columns, part: Slots | slice, policy: Policy, now: int) -> Mask:
    """R-CLOCK: where we owe the customer a word and the platform's window is about to close: within its warning time,
    or with the last message that it allows."""
    channel = columns.channel[part]
    owed = (columns.waiting_since[part] > 0) | ((columns.promise_at[part] > 0) & ~IS_FINAL[columns.status[part]])
    ends = platform_windows.ends(policy.platform_windows, channel, columns.last_customer_at[part])
    left = platform_windows.messages(policy.platform_windows, channel, columns.sent[part])
    soon = (ends <= now + policy.warning_by_clock["platform"]) | (left == 1)
    return np.asarray(owed & (ends > now) & (left != 0) & soon)


def crossing(chosen: Filter, columns: Columns, policy: Policy, start: int, end: int) -> Slots:
    """The tickets that enter or leave a filter by promises and windows in ``start < time <= end``.

    Looks at every ticket, so it is asked only while such a filter is in force, once a second.
    """
    count = columns.count
    moved = np.zeros(count, dtype=bool)
    if chosen.promise_broken:
        promise = columns.promise_at[:count]
        moved |= (promise > start) & (promise <= end)
    if chosen.window_closing:
        ends = platform_windows.ends(policy.platform_windows, columns.channel[:count], columns.last_customer_at[:count])
        for ahead in (0, policy.warning_by_clock["platform"]):
            moved |= (ends > start + ahead) & (ends <= end + ahead)
    return np.flatnonzero(moved)


def _within(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    """Whether one condition lies within another; an empty one is none."""
    return not theirs or (bool(mine) and mine <= theirs)


def _one_of(column: NDArray[np.generic], values: frozenset[int]) -> Mask:
    if len(values) == 1:
        return np.asarray(column == next(iter(values)))
    wanted = np.zeros(max(int(column.max(initial=0)), *values, 0) + 1, dtype=bool)
    wanted[list(values)] = True
    return np.asarray(wanted[column])


def _scope(scope: Scope, columns: Columns, part: Slots | slice) -> Mask:
    if scope is Scope.WAITING:
        return np.asarray(columns.waiting_since[part] > 0)
    final = IS_FINAL[columns.status[part]]
    if scope is Scope.ALL:
        return np.ones_like(final)
    if scope is Scope.DONE:
        return final
    if scope is Scope.UNASSIGNED:
        return np.asarray(~final & (columns.assignee[part] == 0))
    # A customer who writes on a closed ticket waits for us, whatever the helpdesk's status says.
    return np.asarray(~final | (columns.waiting_since[part] > 0))


def _urgency(urgency: Urgency, columns: Columns, part: Slots | slice, policy: Policy, now: int) -> Mask:
    due = columns.due_at[part]
    breached = (due > 0) & (due <= now)
    if urgency is Urgency.BREACHED:
        return np.asarray(breached)
    warned = (due > 0) & (due <= now + policy.warning_by_channel[columns.channel[part]])
    return np.asarray(warned & ~breached if urgency is Urgency.SOON else warned)


def _search(text: str, texts: Texts, found: Mask, slots: Slots | None, go_on: Callable[[], bool]) -> None:
    """Take those out of ``found`` that do not contain every word."""
    words = text.split()
    if slots is None:
        for word in words:
            found &= texts.find(word, found.size, go_on)
    else:
        places = np.flatnonzero(found)
        found[places] = [all(texts.contains(slot, word) for word in words) for slot in slots[places].tolist()]
