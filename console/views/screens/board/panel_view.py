"""A panel's table. It draws its cells itself, and only those that say something else than they did: a panel is shown
anew every second, and twenty cells by Qt's delegates would be more than a frame."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.views import theme
from console.views.screens.board.panel_model import PanelCell, PanelModel
from console.views.tables.cell_painter import CellPainter
from console.views.tables.row_canvas import RowCanvas
from console.views.tables.ticket_drag import tickets_of
from console.views.widgets.sparkline import draw_sparkline

_NO_STATE = theme.State.NEUTRAL
_PAINT_SECONDS = 0.003
"""A panel is not what the frame is for: the rows that do not fit are painted behind it."""
_ROWS_AT_LEAST = 2
"""Whatever the time, so that a slow machine comes to an end too."""


class PanelView(QTableView):
    """A table of a panel. ``row_chosen`` carries the place of the row that was pressed, or chosen by Return."""

    row_chosen = Signal(int)
    menu_requested = Signal(int, QPoint)
    """The menu of a row is wanted: its place, and where on the screen."""
    tickets_dropped = Signal(int, object)
    """Tickets were drawn onto a row: its place and the list of their ids. Only where `takes_tickets` was called."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stale = False
        self.setAccessibleName(name)
        self._painter = CellPainter()
        self._canvas = RowCanvas()
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
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
        theme.notifier().changed.connect(self._on_theme)

    def set_stale(self, stale: bool) -> None:
        """Whether the data is too old to trust; its words are grey then and no state is shown."""
        self.stale = stale
        self.viewport().update()

    def takes_tickets(self) -> None:
        """Tickets may be dropped on the rows from now on."""
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.viewport().setAcceptDrops(True)

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

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells in the event's region; those that have not changed are copied from how they were, and those
        for which there was no time are asked for again."""
        model, viewport = self.model(), self.viewport()
        region = event.region().boundingRect()
        drawn = QRect()
        if isinstance(model, PanelModel) and model.rowCount():
            last = model.rowCount() - 1
            bottom = self.rowViewportPosition(last) + self.rowHeight(last)
            drawn = QRect(0, 0, self.horizontalHeader().length(), bottom).intersected(region)
            first, below = self.rowAt(region.top()), self.rowAt(region.bottom())
            if first >= 0:
                rows = range(first, (last if below < 0 else below) + 1)
                if left := self._draw(model, rows):
                    top = self.rowViewportPosition(left.start)
                    viewport.update(drawn.intersected(QRect(0, top, drawn.width(), bottom - top)))
        with QPainter(viewport) as painter:
            painter.fillRect(region, theme.color("raised"))
            self._canvas.show(painter, drawn)

    def _draw(self, model: PanelModel[Any], rows: range) -> range:
        """Draw what has changed; returns the rows for which there was no time."""
        until = perf_counter() + _PAINT_SECONDS
        places = [(self.columnViewportPosition(at), self.columnWidth(at)) for at in range(model.columnCount())]
        top, height = self.rowViewportPosition(0), self.rowHeight(0)
        selection, focused = self.selectionModel(), self.hasFocus()
        key = (top, tuple(places), self.stale)
        with self._canvas.painter(self.viewport(), self.viewport().size(), key) as painter:
            for row in rows:
                # What was never painted cannot wait: there is nothing that could be shown in its place.
                may_wait = row - rows.start >= _ROWS_AT_LEAST and self._canvas.has(row * len(places))
                if may_wait and perf_counter() > until:
                    return range(row, rows.stop)
                selected = selection.isRowSelected(row)
                ground: theme.ColorName = "raised" if not selected else "selection" if focused else "selection_inactive"
                for at, ((x, width), shown) in enumerate(zip(places, model.cells(row), strict=True)):
                    if self._canvas.due(row * len(places) + at, (shown, ground)):
                        box = QRect(x, top + row * height, width, height)
                        self._draw_cell(painter, box, shown, ground, right=model.columns[at].right)
        return range(0)

    def _draw_cell(
        self, painter: QPainter, box: QRect, shown: PanelCell, ground: theme.ColorName, *, right: bool
    ) -> None:
        painter.fillRect(box, theme.color(ground))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, theme.color("hairline"))
        if shown.trend:
            inner = QRectF(box).adjusted(theme.px(6), theme.px(5), -theme.px(6), -theme.px(5))
            draw_sparkline(painter, inner, shown.trend, theme.color(shown.cell.ink))
        else:
            cell = shown.cell._replace(ink="stale", state=_NO_STATE) if self.stale else shown.cell
            self._painter.paint(painter, box.x(), box.y(), box.width(), cell, right=right)

    def _on_theme(self) -> None:
        self._painter = CellPainter()
        self._canvas.clear()
        self.fit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Tickets come near."""
        self._aim(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The row under the pointer looks selected."""
        self._aim(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They go elsewhere."""
        event.accept()
        self.clearSelection()

    def dropEvent(self, event: QDropEvent) -> None:
        """The pointer is up."""
        place, tickets = self.rowAt(event.position().toPoint().y()), tickets_of(event.mimeData())
        self.clearSelection()
        if place >= 0 and tickets:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.tickets_dropped.emit(place, tickets)

    def _aim(self, event: QDragMoveEvent) -> None:
        place = self.rowAt(event.position().toPoint().y())
        if tickets_of(event.mimeData()) and place >= 0:
            self.selectRow(place)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            self.clearSelection()
            event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The menu of the row under the pointer, or by key of the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        place = self.currentIndex().row() if by_key else self.rowAt(event.pos().y())
        if place < 0:
            return
        where = event.globalPos()
        if by_key:
            self.scrollTo(self.currentIndex())
            below = self.rowViewportPosition(place) + self.rowHeight(place)
            where = self.viewport().mapToGlobal(QPoint(theme.px(24), below))
        self.setCurrentIndex(self.model().index(place, 0))
        self.menu_requested.emit(place, where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return chooses the current row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
