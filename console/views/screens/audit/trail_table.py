"""The table of the trail: rows of one height, columns that fit, a shape before what was refused."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from console.i18n import _
from console.views import theme
from console.views.screens.audit.trail_model import COLUMNS, TrailModel
from console.views.tables.cell_painter import CellPainter
from console.views.tables.plain_table import PlainTable
from console.views.tables.ticket_columns import Cell


class CellDelegate(QStyledItemDelegate):
    """Draws a `Cell` as the board's tables do; the style's own way takes a frame for a page of rows."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._painter = CellPainter()
        theme.notifier().changed.connect(self._on_theme)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Ground, hairline, shape, words."""
        cell = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(cell, Cell):
            return
        box = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("selection" if self._table.hasFocus() else "selection_inactive"))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, theme.color("hairline"))
        self._painter.paint(painter, box.x(), box.y(), box.width(), cell, right=COLUMNS[index.column()].right)

    def _on_theme(self) -> None:
        self._painter = CellPainter()


class TrailTable(PlainTable):
    """The trail's own columns."""

    def __init__(self, model: TrailModel) -> None:
        super().__init__(_("Audit trail"))
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self._fit_columns()
        theme.notifier().changed.connect(self._fit_columns)

    def _fit_columns(self) -> None:
        self.fit(tuple(column.width for column in COLUMNS))
