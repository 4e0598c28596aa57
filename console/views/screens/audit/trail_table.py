"""The table of the trail: rows of one height, columns that fit, a shape before what was refused."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from console.i18n import _
from console.views import theme
from console.views.screens.audit.trail_model import COLUMNS, TrailModel
from console.views.tables.cell_painter import CellPainter
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


class PlainTable(QTableView):
    """A table as the console's other tables look, for models that are read seldom."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("kind", "plain")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(1)

    def fit(self, widths: tuple[int, ...]) -> None:
        """Give the columns these widths at the scale in force; 0 takes the rest."""
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.px(theme.ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setFixedHeight(theme.px(24))
        for place, width in enumerate(widths):
            if width:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(place, theme.px(width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)


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
