"""The ticket table as far as it is used: pointer and keyboard, what is selected, what is copied.

While the pointer is down or a menu is open the order is held, so that nobody acts on a ticket that has just moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
)

from console.views import theme
from console.views.tables import ticket_columns
from console.views.tables.ticket_columns import BY_KEY, Ticket
from console.views.tables.ticket_drag import drag, is_far
from console.views.tables.ticket_selection import MOVES, extends, toggles
from console.views.tables.ticket_view import TicketView


class TicketTable(TicketView):
    """The tickets of the board that is looked at, to be chosen, opened, copied and exported."""

    current_changed = Signal(object)
    """Another ticket has the focus: its id, or None."""
    activated_ticket = Signal(int)
    selection_changed = Signal(int)
    context_requested = Signal(QPoint)
    _press: QPoint | None = None
    """Where the left button went down, while it may still become a drag."""
    _pressed: int | None = None
    """A selected ticket that was pressed: it is chosen alone when the pointer goes up where it went down."""

    def current_ticket(self) -> int | None:
        """The ticket that has the focus."""
        return self._selection.current

    def selected_tickets(self) -> list[int]:
        """The selected ticket ids, in the order of the table; those the filter hides come last."""
        board = self._live.board
        if board is None:
            return []

        def place(ticket: int) -> int:
            row = self._row_of(ticket)
            return self.shown() if row is None else row

        return sorted(self._selection.tickets, key=place)

    def select_tickets(self, tickets: Iterable[int]) -> None:
        """Select just these and give the first of them the focus."""
        chosen = list(tickets)
        self._selection.replace(chosen)
        self._set_current(chosen[0] if chosen else None)
        self._follow_current()
        self._selected()

    def select_all(self) -> None:
        """Select every ticket that passes the filter."""
        if self._tickets is not None and self._live.board is not None:
            self._selection.replace(self._live.board.columns.id[self._tickets.slots()].tolist())
            self._selected()

    def copy_tsv(self) -> None:
        """Put the selected rows, with their headers, on the clipboard as tab-separated text."""
        headers, rows = self.export_rows(selected_only=True)
        lines = ["\t".join(_one_line(value) for value in values) for values in [headers, *rows]]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def export_rows(self, *, selected_only: bool) -> tuple[list[str], Iterator[list[str]]]:
        """The titles of the columns, and the words of each row, in the order of the table."""
        keys = self.columns()
        headers = [ticket_columns.title(BY_KEY[key]) for key in keys]
        board, now = self._live.board, self._live.now()
        if board is None or self._tickets is None:
            return headers, iter(())
        if selected_only:
            slots = [slot for ticket in self.selected_tickets() if (slot := board.slot(ticket)) is not None]
        else:
            slots = self._tickets.slots().tolist()
        zone = self._live.zone
        shows = [BY_KEY[key].show for key in keys]
        return headers, (
            [show(ticket).text for show in shows] for ticket in (Ticket(board, s, now, zone) for s in slots)
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selected rows look active."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Selected rows look inactive."""
        super().focusOutEvent(event)
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select under the pointer and hold the order until it is up."""
        row = event.position().toPoint().y() // self._window.row_height
        if not 0 <= row < self._window.slots.size:
            if not toggles(event.modifiers()):
                self.select_tickets([])
            return
        self._held = event.button() == Qt.MouseButton.LeftButton
        ticket = self._window.ticket_id(row)
        self._press = event.position().toPoint() if self._held else None
        self._pressed = None
        if self._held and ticket in self._selection.tickets and not event.modifiers():
            # Perhaps all that are selected are to be drawn: they stay so until the pointer is up.
            self._pressed = ticket
            return
        if event.button() == Qt.MouseButton.RightButton and ticket in self._selection.tickets:
            self._set_current(ticket)
            return
        self._choose(ticket, self._window.top + row, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the selected tickets to whoever takes them."""
        event.accept()
        if self._press is not None and is_far(self._press, event.position().toPoint()):
            self._press = self._pressed = None
            tickets = self.selected_tickets()
            if tickets:
                drag(self, tickets)
            # Whoever draws lets go elsewhere: no release comes here.
            self.freeze(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The order goes on."""
        if event.button() == Qt.MouseButton.LeftButton:
            pressed, self._press, self._pressed = self._pressed, None, None
            row = None if pressed is None else self._row_of(pressed)
            if pressed is not None and row is not None:
                self._choose(pressed, row, event.modifiers())
            if self._held:
                self.freeze(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the ticket."""
        row = event.position().toPoint().y() // self._window.row_height
        if 0 <= row < self._window.slots.size and event.button() == Qt.MouseButton.LeftButton:
            self.activated_ticket.emit(self._window.ticket_id(row))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, at the pointer or at the current row."""
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self.context_requested.emit(event.globalPos())
        else:
            row = self.currentIndex().row() - self._window.top
            y = max(0, min(row, self._visible_rows() - 2) + 1) * self._window.row_height
            self.context_requested.emit(self.viewport().mapToGlobal(QPoint(theme.px(24), y)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by the usual keys; with Shift the selection grows, with Ctrl only the focus moves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._selection.current is not None:
                self.activated_ticket.emit(self._selection.current)
            return
        if event.key() == Qt.Key.Key_A and toggles(event.modifiers()):
            self.select_all()
            return
        move = MOVES.get(Qt.Key(event.key()))
        if move is None:
            event.ignore()
            return
        count = self.shown()
        if count:
            row = self._row_of(self._selection.current)
            start = self._last_row if row is None else row
            target = max(0, min(count - 1, move(start, max(1, self._visible_rows() - 3), count)))
            if row is None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                target = max(0, min(count - 1, start))
            self._go_to(target, event.modifiers())

    def _go_to(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        if self._tickets is None or self._live.board is None:
            return
        slots = self._tickets.window(row, 1)
        if slots.size:
            ticket = int(self._live.board.columns.id[slots[0]])
            if toggles(modifiers) and not extends(modifiers):
                self._set_current(ticket)
            else:
                self._choose(ticket, row, modifiers)
            self._model.sync()
            self.scrollTo(self._model.index(row, 0))
            self._follow_current()

    def _choose(self, ticket: int, row: int, modifiers: Qt.KeyboardModifier) -> None:
        anchor = self._row_of(self._selection.anchor)
        if extends(modifiers) and anchor is not None and self._tickets is not None and self._live.board is not None:
            low, high = sorted((anchor, row))
            between = self._live.board.columns.id[self._tickets.window(low, high - low + 1)].tolist()
            self._selection.extend(ticket, between, modifiers)
        else:
            self._selection.click(ticket, modifiers)
        self._last_row = row
        self.current_changed.emit(ticket)
        self._follow_current()
        self._selected()

    def _set_current(self, ticket: int | None) -> None:
        if ticket != self._selection.current:
            self._selection.current = ticket
            self.current_changed.emit(ticket)
            self.viewport().update()

    def _selected(self) -> None:
        self.viewport().update()
        self.selection_changed.emit(len(self._selection.tickets))


def _one_line(value: str) -> str:
    return " ".join(value.split())
