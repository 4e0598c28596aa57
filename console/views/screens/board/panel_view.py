"""How a panel's rows are drawn: table cells with states, and trends, without an object per cell."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from console.views import theme
from console.views.screens.board.panel_model import CELL, PanelCell, PanelModel
from console.views.tables.cell_painter import CellPainter
from console.views.widgets.sparkline import draw_sparkline

Index = QModelIndex | QPersistentModelIndex
_NO_STATE = theme.State.NEUTRAL


class PanelDelegate(QStyledItemDelegate):
    """Draws `PanelCell`; the whole row is marked when it is selected."""

    def __init__(self, view: PanelView) -> None:
        super().__init__(view)
        self._view = view
        self._painter = CellPainter()
        theme.notifier().changed.connect(self._on_theme)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, words or trend, hairline."""
        shown = index.data(CELL)
        box = option.rect
        state = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            ground: theme.ColorName = "selection" if self._view.hasFocus() else "selection_inactive"
            painter.fillRect(box, theme.color(ground))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, theme.color("hairline"))
        if isinstance(shown, PanelCell):
            if shown.trend:
                inner = QRectF(box).adjusted(theme.px(6), theme.px(5), -theme.px(6), -theme.px(5))
                draw_sparkline(painter, inner, shown.trend, theme.color(shown.cell.ink))
            else:
                model = index.model()
                right = isinstance(model, PanelModel) and model.columns[index.column()].right
                cell = shown.cell._replace(ink="stale", state=_NO_STATE) if self._view.stale else shown.cell
                self._painter.paint(painter, box.x(), box.y(), box.width(), cell, right=right)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows are of one height."""
        del option, index
        return QSize(0, self._painter.row_height)

    def _on_theme(self) -> None:
        self._painter = CellPainter()


class PanelView(QTableView):
    """A table of a panel. ``row_chosen`` carries the place of the row that was pressed, or chosen by Return."""

    row_chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stale = False
        self.setAccessibleName(name)
        self.setItemDelegate(PanelDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAutoScroll(False)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(1)
        self.clicked.connect(lambda index: self.row_chosen.emit(index.row()))
        theme.notifier().changed.connect(self.fit)

    def set_stale(self, stale: bool) -> None:
        """Whether the data is too old to trust; its words are grey then and no state is shown."""
        self.stale = stale
        self.viewport().update()

    def fit(self) -> None:
        """Give the columns their widths at the scale in force."""
        model = self.model()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.px(theme.ROW_HEIGHT))
        header = self.horizontalHeader()
        header.setFixedHeight(theme.px(24))
        if not isinstance(model, PanelModel):
            return
        for place, column in enumerate(model.columns):
            if column.width:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(place, theme.px(column.width))
            else:
                header.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return chooses the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
