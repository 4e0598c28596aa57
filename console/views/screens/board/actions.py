"""The board's own actions as a table; shortcuts, palette, context menu and the list of keys are made from it."""

from __future__ import annotations

from console.i18n import N_
from console.views.screen import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("find", N_("Search tickets"), "Ctrl+F", "search"),
    ActionSpec("clear", N_("Clear filters, close what is open"), "Esc", "x"),
    ActionSpec("copy", N_("Copy selected tickets"), "Ctrl+C", "copy"),
    ActionSpec("only", N_("Show only the selected tickets"), "Ctrl+Return", "filter"),
    ActionSpec("export", N_("Export as CSV or Excel"), "Ctrl+E", "file-export"),
    ActionSpec("filters", N_("Filters"), "Ctrl+Shift+F", "adjustments", checkable=True),
    ActionSpec("columns", N_("Choose columns"), "Ctrl+Shift+K", "columns"),
    ActionSpec("order", N_("Order by"), "Ctrl+Shift+S", "arrow-down"),
    ActionSpec("views", N_("Saved views"), "Ctrl+S", "bookmark"),
    ActionSpec("detail", N_("Ticket in full"), "Ctrl+I", "message-2", checkable=True),
    ActionSpec("panels", N_("Channels and agents"), "Ctrl+B", "users", checkable=True),
    ActionSpec("past", N_("Look at the past"), "Ctrl+T", "history", checkable=True),
    ActionSpec("back", N_("15 minutes back"), "Alt+Left", "chevron-left"),
    ActionSpec("on", N_("15 minutes on"), "Alt+Right", "chevron-right"),
    ActionSpec("escalate", N_("Its escalation, or escalate it"), "Ctrl+G", "bell-ringing"),
    ActionSpec("figures", N_("Go to the figures"), "Ctrl+U", "chart-line"),
    ActionSpec("tickets", N_("Go to the tickets"), "Ctrl+L", "table"),
)
TOOLS = ("filters", "past", "detail", "panels", "columns", "order", "export")
"""Those with a button above the table."""
MENU = ("detail", "escalate", "only", "copy", "export")
"""Those in the menu of a ticket."""
TABLE_ACTIONS: tuple[ActionSpec, ...] = (ActionSpec("toggle", N_("Open or close the ticket"), "Space", "message-2"),)
"""Keys that count only while the table has the focus."""
