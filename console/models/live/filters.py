"""Which tickets a list shows: a filter as data, and its mask over the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

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

    @property
    def depends_on_time(self) -> bool:
        """Whether tickets enter or leave as time goes by, without any event."""
        return self.urgency is not Urgency.ANY


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
    if chosen.read_unanswered:
        found &= (columns.flags[part] & Flag.READ) > 0
    if chosen.promised:
        found &= columns.promise_at[part] > 0
    for name, start, end in (
        ("created_at", chosen.created_from, chosen.created_to),
        ("resolved_at", chosen.resolved_from, chosen.resolved_to),
        ("first_reply_at", chosen.replied_from, chosen.replied_to),
    ):
        if start or end:
            at = getattr(columns, name)[part]
            found &= (at >= start) & (at > 0) & ((at < end) if end else True)
    if chosen.text:
        found &= _text(chosen.text, texts, columns.count, slots, go_on)
    return found


def _one_of(column: NDArray[np.generic], values: frozenset[int]) -> Mask:
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


def _text(text: str, texts: Texts, count: int, slots: Slots | None, go_on: Callable[[], bool]) -> Mask:
    words = text.split()
    if slots is None:
        found = np.ones(count, dtype=bool)
        for word in words:
            found &= texts.find(word, count, go_on)
        return found
    return np.array([all(texts.contains(int(slot), word) for word in words) for slot in slots], dtype=bool)
