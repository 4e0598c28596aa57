"""Which tickets are selected: a set of ticket ids, because rows move under the pointer and tickets do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import Qt

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class TicketSelection:
    """Selected ids, the ticket that has the focus, and the ticket that a range started from."""

    def __init__(self) -> None:
        self.tickets: set[int] = set()
        self.current: int | None = None
        self.anchor: int | None = None

    def click(self, ticket: int, modifiers: Qt.KeyboardModifier) -> None:
        """A ticket was pressed without Shift: alone, or with Ctrl added to or taken from the rest."""
        if modifiers & _CTRL:
            self.tickets ^= {ticket}
        else:
            self.tickets = {ticket}
        self.current = self.anchor = ticket

    def extend(self, ticket: int, between: Iterable[int], modifiers: Qt.KeyboardModifier) -> None:
        """Shift: everything between the anchor and this ticket; with Ctrl beside what is selected already."""
        chosen = set(between)
        self.tickets = self.tickets | chosen if modifiers & _CTRL else chosen
        self.current = ticket

    def replace(self, tickets: Iterable[int]) -> None:
        """Select just these."""
        self.tickets = set(tickets)


def extends(modifiers: Qt.KeyboardModifier) -> bool:
    """Whether a click or key with these modifiers selects a range."""
    return bool(modifiers & _SHIFT)


def toggles(modifiers: Qt.KeyboardModifier) -> bool:
    """Whether a click or key with these modifiers leaves the rest selected."""
    return bool(modifiers & _CTRL)


MOVES: dict[Qt.Key, Callable[[int, int, int], int]] = {
    Qt.Key.Key_Up: lambda row, _page, _count: row - 1,
    Qt.Key.Key_Down: lambda row, _page, _count: row + 1,
    Qt.Key.Key_PageUp: lambda row, page, _count: row - page,
    Qt.Key.Key_PageDown: lambda row, page, _count: row + page,
    Qt.Key.Key_Home: lambda _row, _page, _count: 0,
    Qt.Key.Key_End: lambda _row, _page, count: count - 1,
}
"""Where each key goes from a row, with the rows of a page and of the whole list."""
