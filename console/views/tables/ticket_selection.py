"""Which tickets are selected: a set of ticket ids, because rows move under the pointer and tickets do not."""

from __future__ import annotations

from collections.abc import Iterable

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
