"""All that the list of the inbox and its filters show, worked out together: of thousands of entries by a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.escalation import Cause, Entry, Urgency
from console.models.queries.inbox import (
    Inbox,
    InboxFilter,
    Scope,
    Words,
    arrange,
    by_urgency,
    fold,
    is_unowned,
    scope_counts,
)

Row = Entry | Urgency
"""An entry, or the heading above those of an urgency."""


def key_of(row: Row) -> int:
    """The number of an entry, which is 1 at least; of a heading a number below 0."""
    return row.id if isinstance(row, Entry) else -int(row)


class Head(NamedTuple):
    """What a heading counts, entries that stand in the rows of others among them. ``since`` is when the one that nobody
    has for longest was raised, 0 where somebody has every one."""

    entries: int = 0
    unowned: int = 0
    since: int = 0


@dataclass(frozen=True, slots=True)
class InboxList:
    """The inbox under a filter. ``folded`` holds by the number of a row's entry what else stands in it, ``lead`` by the
    number of each of those the entry of its row; ``tickets`` are those of all entries, whatever the filter."""

    inbox: Inbox = field(default_factory=Inbox)
    groups: Mapping[Urgency, Sequence[Entry]] = field(default_factory=dict)
    folded: Mapping[int, Sequence[Entry]] = field(default_factory=dict)
    lead: Mapping[int, int] = field(default_factory=dict)
    heads: Mapping[Urgency, Head] = field(default_factory=dict)
    rows: Sequence[Row] = ()
    keys: Sequence[int] = ()
    scopes: Mapping[Scope, int] = field(default_factory=dict)
    causes: Mapping[Cause, int] = field(default_factory=dict)
    tickets: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    unowned: frozenset[int] = frozenset()


def list_inbox(
    inbox: Inbox,
    chosen: InboxFilter,
    person: str,
    words_of: Callable[[Entry], Words] = lambda _entry: Words(),
    rest: Callable[[], object] = lambda: None,
) -> InboxList:
    """Arrange, fold and count. ``rest`` is called between two pieces of work."""
    leads, folded = fold(arrange(inbox, chosen, person, words_of, rest))
    rest()
    groups = by_urgency(leads)
    rows: list[Row] = []
    for urgency, entries in groups.items():
        rows += (urgency, *entries)
    rest()
    causes = Counter(entry.key.cause for entry in inbox.entries)
    rest()
    scopes = scope_counts(inbox, person)
    rest()
    return InboxList(
        inbox,
        groups,
        folded,
        {entry.id: lead for lead, entries in folded.items() for entry in entries},
        {urgency: _head(entries, folded) for urgency, entries in groups.items()},
        rows,
        [key_of(row) for row in rows],
        scopes,
        {cause: causes[cause] for cause in Cause if causes[cause]},
        np.array([entry.ticket for entry in inbox.entries], dtype=np.int64),
        frozenset(entry.id for entry in inbox.entries if is_unowned(entry)),
    )


def _head(entries: Sequence[Entry], folded: Mapping[int, Sequence[Entry]]) -> Head:
    every = [each for entry in entries for each in (entry, *folded.get(entry.id, ()))]
    raised = [entry.raised_at for entry in every if is_unowned(entry)]
    return Head(len(every), len(raised), min(raised, default=0))
