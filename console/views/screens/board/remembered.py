"""What the window remembers of the ticket table: its columns, their widths, its order."""

from __future__ import annotations

from console.models.live.sorts import ORDERS, Sort
from console.views.layout import Layout
from console.views.tables.ticket_table import TicketTable

COLUMNS = ["due", "waited", "customer", "channel", "agent", "why", "ref", "type", "subject", "tier", "priority"]
COLUMNS += ["status", "queue"]
"""What is shown until a person chooses: what decides whom to help next stands at the left."""


def keep_table(layout: Layout, table: TicketTable) -> None:
    """Put it into the layout."""
    layout.keep_data("board/columns", table.columns())
    layout.keep_data("board/widths", table.widths())
    layout.keep_data("board/sort", [table.sort().by, table.sort().descending])


def recall_table(layout: Layout, table: TicketTable) -> None:
    """Show it as it was; what does not make sense is passed over."""
    columns = layout.data("board/columns", COLUMNS)
    try:
        table.set_columns(list(columns) if isinstance(columns, list) else COLUMNS)
    except KeyError:
        table.set_columns(COLUMNS)
    widths = layout.data("board/widths", {})
    if isinstance(widths, dict):
        table.set_widths({str(key): int(width) for key, width in widths.items() if isinstance(width, int)})
    by, descending = _pair(layout.data("board/sort"))
    if by in ORDERS:
        table.set_sort(Sort(by, descending))


def _pair(kept: object) -> tuple[str, bool]:
    """A remembered order; empty where nothing sensible was kept."""
    if isinstance(kept, list) and len(kept) == 2:
        return str(kept[0]), bool(kept[1])
    return "", False
