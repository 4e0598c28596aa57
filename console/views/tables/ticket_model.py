"""The ticket list as Qt sees it: for the keyboard, the header and screen readers. Painting does not go through it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.i18n import _
from console.models.live.ticket_list import TicketList
from console.views.bridge import LiveBoard
from console.views.tables.ticket_columns import BY_KEY, Column, Ticket, accessible

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()
# Looking enum members up for every cell makes a repaint twice as slow.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_ALIGNMENT = int(Qt.ItemDataRole.TextAlignmentRole)
_HORIZONTAL = Qt.Orientation.Horizontal
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class TicketModel(QAbstractTableModel):
    """Rows are places in the list, not tickets. The row count follows the list when `sync` is called."""

    def __init__(self, live: LiveBoard, columns: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._columns = [BY_KEY[key] for key in columns]
        self._tickets: TicketList | None = None
        self._count = 0

    @property
    def columns(self) -> list[Column]:
        """The columns, left to right as they were chosen."""
        return self._columns

    def set_columns(self, columns: tuple[str, ...]) -> None:
        """Show other columns; raises KeyError for one that does not exist."""
        chosen = [BY_KEY[key] for key in columns]
        self.beginResetModel()
        self._columns = chosen
        self.endResetModel()

    def set_tickets(self, tickets: TicketList | None) -> None:
        """Show another list."""
        self.beginResetModel()
        self._tickets = tickets
        self._count = len(tickets) if tickets is not None else 0
        self.endResetModel()

    def sync(self) -> bool:
        """Bring the row count up to the list's; True when it changed."""
        count = len(self._tickets) if self._tickets is not None else 0
        if count > self._count:
            self.beginInsertRows(_NOWHERE, self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(_NOWHERE, count, self._count - 1)
            self._count = count
            self.endRemoveRows()
        else:
            return False
        return True

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """The tickets in the list, as of the last `sync`."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The chosen columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """The words of one cell, for screen readers and tool tips."""
        if not index.isValid():
            return None
        column = self._columns[index.column()]
        if role == _ALIGNMENT:
            return _RIGHT if column.right else _LEFT
        if role not in (_DISPLAY, _ACCESSIBLE, _TOOL_TIP):
            return None
        board = self._live.board
        if board is None or self._tickets is None:
            return None
        slots = self._tickets.window(index.row(), 1)
        if not slots.size:
            return None
        cell = column.show(Ticket(board, int(slots[0]), self._live.now(), self._live.zone))
        return accessible(cell) if role == _ACCESSIBLE else cell.text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The title of a column."""
        if orientation != _HORIZONTAL or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role in (_DISPLAY, _ACCESSIBLE):
            return _(column.title)
        if role == _ALIGNMENT:
            return _RIGHT if column.right else _LEFT
        return None

    def retranslate(self) -> None:
        """The language changed."""
        self.headerDataChanged.emit(_HORIZONTAL, 0, max(0, len(self._columns) - 1))
