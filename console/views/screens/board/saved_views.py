"""Saved views: a filter, an order and columns under a name. Some are shipped; a person can change all of them.

A view is kept as JSON with the names of queues and agents, because their numbers differ from one database to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from console.i18n import N_
from console.models.domain.contacts import ComplaintTier, Tier
from console.models.live.filters import SETS, Filter, Scope, Urgency
from console.models.live.names import Names
from console.models.live.sorts import ORDERS, Sort
from console.views.layout import Layout

KEY = "board/views"
MOST_KEYS = 9
"""Views that have a shortcut of their own."""
MOST_LETTERS = 60
"""A name has no more than fit on a line of the list."""
_DIMENSIONS = {"queue": "queue", "assignee": "agent"}


@dataclass(frozen=True, slots=True)
class SavedView:
    """One view. ``name`` is a word of the catalogue where it is shipped, else the user's own; ``names`` holds the
    queues and agents that the filter asks for, by column."""

    name: str
    filter: Filter = field(default_factory=Filter)
    sort: Sort = field(default_factory=Sort)
    columns: tuple[str, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def resolved(self, names: Names) -> Filter:
        """The filter with the numbers that queues and agents have here; who is not known any more matches nothing."""
        values = dict(self.filter.values)
        for column, texts in self.names.items():
            ids = [names.id(_DIMENSIONS[column], text) for text in texts]
            known = {id_ for id_, text in zip(ids, texts, strict=True) if id_ or not text}
            values[column] = frozenset(known or {_UNKNOWN})
        return replace(self.filter, values=values)


_UNKNOWN = 0xFFFF
"""A number that no agent or queue ever has."""

SHIPPED: tuple[SavedView, ...] = (
    SavedView(N_("Needs me now"), Filter(Scope.WAITING, Urgency.SOON_OR_BREACHED)),
    SavedView(N_("VIP waiting"), Filter(Scope.WAITING, values={"tier": frozenset({int(Tier.VIP)})})),
    SavedView(N_("Unassigned"), Filter(Scope.UNASSIGNED), Sort("waiting_since")),
    SavedView(
        N_("Complaints"),
        Filter(values={"complaint": frozenset(int(tier) for tier in ComplaintTier if tier)}),
        Sort("complaint", descending=True),
    ),
    SavedView(N_("Read, not answered"), Filter(Scope.WAITING, read_unanswered=True)),
)


def tidy(name: str) -> str:
    """A name on one line, without what cannot be seen, and not longer than `MOST_LETTERS`."""
    seen = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(seen.split())[:MOST_LETTERS].rstrip()


def saved(name: str, chosen: Filter, sort: Sort, columns: Sequence[str], names: Names) -> SavedView:
    """What is on the screen as a view; the tickets behind a figure are of the moment and are left out."""
    values = {column: keys for column, keys in chosen.values.items() if column not in _DIMENSIONS}
    named = {
        column: tuple(sorted(names.text(_DIMENSIONS[column], id_) for id_ in keys))
        for column, keys in chosen.values.items()
        if column in _DIMENSIONS
    }
    kept = Filter(
        chosen.scope,
        chosen.urgency,
        values,
        chosen.groups,
        chosen.text,
        chosen.read_unanswered,
        chosen.promised,
        promise_broken=chosen.promise_broken,
        window_closing=chosen.window_closing,
    )
    return SavedView(name, kept, sort, tuple(columns), named)


def load(layout: Layout) -> list[SavedView]:
    """The user's views, or the shipped ones; an entry that does not make sense is left out."""
    data = layout.data(KEY)
    if not isinstance(data, list):
        return list(SHIPPED)
    views = (_decoded(entry) for entry in data)
    return [view for view in views if view is not None]


def keep(layout: Layout, views: Sequence[SavedView]) -> None:
    """Remember the views in this order."""
    layout.keep_data(KEY, [_encoded(view) for view in views])


def _encoded(view: SavedView) -> dict[str, object]:
    chosen = view.filter
    return {
        "name": view.name,
        "scope": chosen.scope.value,
        "urgency": chosen.urgency.value,
        "values": {column: sorted(keys) for column, keys in chosen.values.items()},
        "names": {column: list(texts) for column, texts in view.names.items()},
        "groups": sorted(chosen.groups),
        "text": chosen.text,
        "read": chosen.read_unanswered,
        "promised": chosen.promised,
        "promise_broken": chosen.promise_broken,
        "window_closing": chosen.window_closing,
        "sort": view.sort.by,
        "descending": view.sort.descending,
        "columns": list(view.columns),
    }


def _decoded(entry: Any) -> SavedView | None:
    try:
        by = str(entry["sort"])
        chosen = Filter(
            Scope(entry["scope"]),
            Urgency(entry["urgency"]),
            {str(name): frozenset(map(int, keys)) for name, keys in entry["values"].items() if name in SETS},
            frozenset(map(int, entry["groups"])),
            str(entry["text"]),
            bool(entry["read"]),
            bool(entry["promised"]),
            promise_broken=bool(entry["promise_broken"]),
            window_closing=bool(entry["window_closing"]),
        )
        names = {column: tuple(map(str, texts)) for column, texts in entry["names"].items() if column in _DIMENSIONS}
        sort = Sort(by if by in ORDERS else "due", bool(entry["descending"]))
        return SavedView(tidy(str(entry["name"])), chosen, sort, tuple(map(str, entry["columns"])), names)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
