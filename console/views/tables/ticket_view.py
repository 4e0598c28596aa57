"""The ticket table as far as it shows: Qt's own table with header and scroll bars, painted straight from the columns.

In each frame only the rows that changed are painted again, and once a second the cells that count time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.models.domain.ports import Progress
from console.models.live.board import Delta
from console.models.live.filters import Filter
from console.models.live.sorts import Sort
from console.models.live.ticket_list import Build, TicketList
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.tables import ticket_columns
from console.views.tables.ticket_header import TicketHeader
from console.views.tables.ticket_model import TicketModel
from console.views.tables.ticket_selection import TicketSelection
from console.views.tables.ticket_window import Place, TicketWindow

_TICKING_ROWS = 8
"""So many rows count their second in one frame; all at once they would take most of it."""

_INLINE_BUILD = 20_000
"""A smaller board is filtered and sorted at once; a larger one by a reader."""
_AFTER_PAINT_MS = 25
_SYNC_MS = 1_000
"""How often Qt is told how many rows there are, for the scroll bar; it paints the whole table anew each time."""


class TicketView(QTableView):
    """Shows a filtered, sorted list of the board that is looked at, and keeps the focus on its ticket."""

    shown_changed = Signal(int)
    filter_applied = Signal()
    """The rows in sight follow a new filter or order; `shown_changed` tells when all of the list does."""
    painted = Signal()
    """A repaint has ended; for measurements."""

    def __init__(self, live: LiveBoard, ops: Ops, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._ops = ops
        self._filter = Filter()
        self._sort = Sort()
        self._tickets: TicketList | None = None
        self._selection = TicketSelection()
        self._last_row = 0
        self._held = False
        self._foretold = False
        """Whether the rows in sight are the first of a list that is still being built."""
        self._window = TicketWindow(live)
        self._model = TicketModel(live, ticket_columns.DEFAULT, self)
        self.setModel(self._model)
        self._sync_timer = QTimer(self)
        self._sync_timer.setObjectName("row-count")
        self._sync_timer.setInterval(_SYNC_MS)
        self._sync_timer.timeout.connect(self._on_sync)
        self._asked: tuple[TicketList, Build] | None = None
        self._build_timer = QTimer(self)
        self._build_timer.setObjectName("list build")
        self._build_timer.setSingleShot(True)
        self._build_timer.setInterval(_AFTER_PAINT_MS)
        self._build_timer.timeout.connect(self._run_build)
        self._behave()
        self._apply_theme()
        theme.notifier().changed.connect(self._apply_theme)
        live.frame.connect(self._on_frame)
        live.second.connect(self._on_second)
        live.replaced.connect(self._on_replaced)
        self._on_replaced()

    def _behave(self) -> None:
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        # Scrolling to the current row is done for keys only: rows move by themselves all the time.
        self.setAutoScroll(False)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = TicketHeader(self)
        self.setHorizontalHeader(header)
        header.sectionClicked.connect(self._on_header_clicked)

    def filter(self) -> Filter:
        """The filter that was asked for last."""
        return self._filter

    def set_filter(self, chosen: Filter) -> None:
        """Show the tickets that pass another filter."""
        self._filter = chosen
        self._build()

    def sort(self) -> Sort:
        """The order that was asked for last."""
        return self._sort

    def set_sort(self, sort: Sort) -> None:
        """Show the tickets in another order; raises KeyError for an order that does not exist."""
        self._sort = sort
        self._mark_sort()
        self._build()

    def columns(self) -> list[str]:
        """The chosen columns, as they stand from left to right."""
        header = self.horizontalHeader()
        chosen = self._model.columns
        return [chosen[header.logicalIndex(place)].key for place in range(len(chosen))]

    def set_columns(self, columns: Sequence[str]) -> None:
        """Choose columns, left to right; raises KeyError for one that does not exist."""
        self._model.set_columns(tuple(columns))
        self._fit_columns()
        self._mark_sort()
        self._refresh()

    def widths(self) -> dict[str, int]:
        """The widths of the columns in pixels at scale 1."""
        scale = theme.current().scale
        return {
            column.key: round(self.horizontalHeader().sectionSize(place) / scale)
            for place, column in enumerate(self._model.columns)
        }

    def set_widths(self, widths: dict[str, int]) -> None:
        """Set widths in pixels at scale 1; columns that are not named keep theirs."""
        for place, column in enumerate(self._model.columns):
            if column.key in widths:
                self.setColumnWidth(place, theme.px(widths[column.key]))

    def shown(self) -> int:
        """How many tickets pass the filter."""
        return len(self._tickets) if self._tickets is not None else 0

    def set_stale(self, stale: bool) -> None:
        """Grey everything out while no source speaks, or bring the colours back."""
        if stale != self._window.stale:
            self._window.stale = stale
            self.viewport().update()

    def freeze(self, held: bool) -> None:
        """Hold the order (while a menu is open) or let it go on."""
        self._held = held
        if not held:
            self._refresh()

    def _on_replaced(self) -> None:
        board = self._live.board
        self._tickets = None
        self._model.set_tickets(None)
        if board is not None:
            self._tickets = board.list(self._filter, self._sort, self._live.now())
            self._build()
        self._refresh()

    def _build(self) -> None:
        tickets, board = self._tickets, self._live.board
        if tickets is None or board is None:
            return
        build = tickets.begin(self._filter, self._sort, self._live.now())
        if board.columns.count <= _INLINE_BUILD:
            self._adopt(tickets, build.run())
            return
        self._asked = (tickets, build)
        if self._foretell(tickets):
            # A worker beside the paint of what is foretold would take half of its time.
            self._build_timer.start()
        else:
            self._run_build()

    def _run_build(self) -> None:
        self._build_timer.stop()
        asked, self._asked = self._asked, None
        if asked is None:
            return
        tickets, build = asked

        def run(_progress: Progress) -> Build:
            return build.run()

        self._ops.read(run, lambda built: self._adopt(tickets, built), key="ticket-list", owner=self)

    def _foretell(self, tickets: TicketList) -> bool:
        """Show the first rows under a narrower filter before the whole list is there; whether that could be done."""
        self._foretold = False
        rows = tickets.first_rows(self._filter, self._sort, self._live.now(), self._visible_rows())
        if rows is None:
            return False
        self._scroll_to_top()
        self._foretold = True
        self._window.show(rows, 0)
        self.viewport().update()
        self.filter_applied.emit()
        return True

    def _adopt(self, tickets: TicketList, build: Build) -> None:
        if tickets is not self._tickets or not tickets.adopt(build):
            return
        foretold, self._foretold = self._foretold, False
        self._model.set_tickets(tickets)
        self._held = False
        self._scroll_to_top()
        moved = self._window.follow(tickets, self._visible_rows()) if foretold else None
        if moved is None:
            self._refresh()
        else:
            self._repaint_rows(moved)
        self.shown_changed.emit(len(tickets))
        if not foretold:
            self.filter_applied.emit()

    def _on_frame(self, delta: Delta) -> None:
        if self._tickets is None or not self.isVisible():
            return
        if self._tickets.is_stale:
            self._build()
        changed = self._window.rows_of(delta.slots)
        if not self._held and not self._foretold:
            moved = self._window.follow(self._tickets, self._visible_rows())
            if moved is None:
                # Other rows, perhaps fewer: those that were counted before are not to be looked for among them.
                self._refresh()
                changed = set()
            else:
                changed = self._window.rows_of(delta.slots) | moved
        self._repaint_rows(changed)
        if not self._sync_timer.isActive():
            self._sync_timer.start()
        self._follow_current()

    def _on_second(self, _now: int) -> None:
        if self._tickets is None or not self.isVisible():
            return
        if not self._held and not self._foretold:
            moved = self._window.follow(self._tickets, self._visible_rows())
            if moved is None:
                self._refresh()
                return
            self._repaint_rows(moved)
        rows = range(0, self._window.slots.size, _TICKING_ROWS)
        self._live.relay.run("ticking rows", (partial(self._tick, first) for first in rows))

    def _tick(self, first: int) -> None:
        """Another second has begun, for a few rows."""
        last = min(first + _TICKING_ROWS, self._window.slots.size)
        self._window.tick(first, last)
        height = self._window.row_height
        for place, column in enumerate(self._model.columns):
            if column.ticking:
                x = self.columnViewportPosition(place)
                self.viewport().update(QRect(x, first * height, self.columnWidth(place), (last - first) * height))

    def _on_sync(self) -> None:
        self._sync_timer.stop()
        if self._held:
            return
        top = self.verticalScrollBar().value()
        if self._model.sync():
            self.verticalScrollBar().setValue(top)
            self.shown_changed.emit(self.shown())
        self._follow_current()

    def _refresh(self) -> None:
        """Take the window anew and paint all of it."""
        self._window.take(self._tickets, self.verticalScrollBar().value(), self._visible_rows())
        self.viewport().update()

    def _visible_rows(self) -> int:
        return self.viewport().height() // self._window.row_height + 2

    def _repaint_rows(self, rows: set[int]) -> None:
        height, width = self._window.row_height, self.viewport().width()
        for row in rows:
            self._window.forget(row)
            self.viewport().update(QRect(0, row * height, width, height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows and columns that lie in the event's region."""
        painter = QPainter(self.viewport())
        header = self.horizontalHeader()
        places = [
            Place(column, self.columnViewportPosition(place), header.sectionSize(place))
            for place, column in enumerate(self._model.columns)
        ]
        left = QRegion()
        # Its rectangles one by one: two rows far apart must not bring all rows between them.
        for rect in cast(Iterable[QRect], event.region()):
            left += self._window.paint(painter, rect, places, self._selection, active=self.hasFocus())
        painter.end()
        if left.isEmpty():
            self.painted.emit()
        else:
            self.viewport().update(left)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Another part of the list comes into sight."""
        super().scrollContentsBy(dx, dy)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        self._refresh()

    def _follow_current(self) -> None:
        """Keep Qt's current index, which screen readers follow, on the ticket that has the focus."""
        row = self._row_of(self._selection.current)
        index = self.currentIndex()
        if row is None:
            if index.isValid():
                self.selectionModel().clearCurrentIndex()
            return
        self._last_row = row
        if row != index.row() and row < self._model.rowCount():
            column = max(0, index.column())
            self.selectionModel().setCurrentIndex(
                self._model.index(row, column), self.selectionModel().SelectionFlag.NoUpdate
            )

    def _row_of(self, ticket: int | None) -> int | None:
        board = self._live.board
        if ticket is None or board is None or self._tickets is None:
            return None
        slot = board.slot(ticket)
        return None if slot is None else self._tickets.row_of(slot)

    def _on_header_clicked(self, section: int) -> None:
        column = self._model.columns[section]
        if not column.order:
            self._mark_sort()
            return
        same = column.order == self._sort.by
        self.set_sort(Sort(column.order, not self._sort.descending if same else column.first_descending))

    def _mark_sort(self) -> None:
        orders = [column.order for column in self._model.columns]
        place = orders.index(self._sort.by) if self._sort.by in orders else -1
        order = Qt.SortOrder.DescendingOrder if self._sort.descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(place, order)

    def _scroll_to_top(self) -> None:
        self.verticalScrollBar().setValue(0)

    def _fit_columns(self) -> None:
        for place, column in enumerate(self._model.columns):
            self.setColumnWidth(place, theme.px(column.width))

    def _apply_theme(self) -> None:
        self._window.retheme()
        self.verticalHeader().setMinimumSectionSize(self._window.row_height)
        self.verticalHeader().setDefaultSectionSize(self._window.row_height)
        self.horizontalHeader().setFixedHeight(theme.px(theme.CONTROL_HEIGHT))
        self._fit_columns()
        self._refresh()

    def retranslate(self) -> None:
        """The language changed."""
        self._model.retranslate()
        self._refresh()
