"""The rows that are in sight: which tickets they are, what their cells say, and how they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from console.models.live.ticket_list import TicketList
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.tables.cell_painter import CellPainter
from console.views.tables.row_canvas import RowCanvas
from console.views.tables.ticket_columns import Cell, Column, Ticket
from console.views.tables.ticket_selection import TicketSelection

_PAINT_SECONDS = 0.008
_ROWS_AT_LEAST = 4
"""Whatever the time, so that a slow machine comes to an end too."""

_NOTHING: NDArray[np.int64] = np.empty(0, dtype=np.int64)


class Place(NamedTuple):
    """Where a column stands in the viewport."""

    column: Column
    x: int
    width: int


class TicketWindow:
    """The slots in sight from row ``top`` on. Cells are made when they are painted and kept until they change."""

    def __init__(self, live: LiveBoard) -> None:
        self._live = live
        self._painter = CellPainter()
        self.top = 0
        self.slots: NDArray[np.int64] = _NOTHING
        self.stale = False
        """Whether the data are too old to trust; everything is then grey."""
        self._cells: list[dict[str, Cell]] = []
        self._ticked: set[int] = set()
        self._canvas = RowCanvas()
        self._width = 0

    @property
    def row_height(self) -> int:
        """In pixels, at the scale in force."""
        return self._painter.row_height

    def retheme(self) -> None:
        """The theme or scale changed."""
        self._painter = CellPainter()
        self._cells = [{} for _row in self._cells]
        self._canvas.clear()

    def take(self, tickets: TicketList | None, top: int, count: int) -> None:
        """Show other rows; every cell is made anew."""
        self.show(tickets.window(top, count) if tickets is not None else _NOTHING, top)

    def show(self, slots: NDArray[np.int64], top: int) -> None:
        """Show these slots from row ``top`` on."""
        self.top = top
        self.slots = slots
        self._cells = [{} for _slot in self.slots]
        self._ticked.clear()
        self._canvas.clear()

    def follow(self, tickets: TicketList, count: int) -> set[int] | None:
        """Take the same rows again; returns those that hold another ticket now, or None when their number changed."""
        slots = tickets.window(self.top, count)
        if slots.size != self.slots.size:
            return None
        moved = set(np.flatnonzero(slots != self.slots).tolist())
        self.slots = slots
        return moved

    def rows_of(self, changed: NDArray[np.int64]) -> set[int]:
        """The rows in sight of these slots, which are sorted."""
        if not changed.size or not self.slots.size:
            return set()
        place = np.minimum(np.searchsorted(changed, self.slots), changed.size - 1)
        return set(np.flatnonzero(changed[place] == self.slots).tolist())

    def forget(self, row: int) -> None:
        """What a row says has changed."""
        self._cells[row].clear()
        self._canvas.forget(row)

    def tick(self, first: int, last: int) -> None:
        """Another second has begun for the rows ``first`` to ``last``."""
        self._ticked.update(range(first, last))

    def ticket_id(self, row: int) -> int:
        """The ticket at a row in sight; raises IndexError below the last."""
        board = self._live.board
        assert board is not None  # there are rows, so there is a board
        return int(board.columns.id[self.slots[row]])

    def paint(
        self, painter: QPainter, region: QRect, places: Sequence[Place], selection: TicketSelection, *, active: bool
    ) -> QRect:
        """Paint the part of the rows that lies in ``region``; ``active`` says whether the table has the focus.

        Rows are kept as they were painted: Qt asks for everything again each time the number of rows changes. Returns
        the part that was left out because the rest of a frame would not have sufficed; it must be asked for again.
        """
        until = perf_counter() + _PAINT_SECONDS
        height = self.row_height
        viewport = painter.viewport()
        self._width = viewport.width()
        first = max(0, region.top() // height)
        below = last = min(self.slots.size, region.bottom() // height + 1)
        with self._canvas.painter(painter.device(), viewport.size(), (tuple(places), self.stale)) as canvas:
            for row in range(first, last):
                if row - first >= _ROWS_AT_LEAST and perf_counter() > until:
                    last = row
                    break
                ticket_id = self.ticket_id(row)
                look = (ticket_id in selection.tickets, active, ticket_id == selection.current)
                ticked = self._tick_row(row, places)
                box = QRect(0, row * height, viewport.width(), height)
                if self._canvas.due(row, look):
                    self._paint_row(canvas, row, box, places, selection, active=active)
                else:
                    for place in ticked:
                        part = QRect(place.x, box.y(), place.width, height)
                        self._paint_row(canvas, row, part, [place], selection, active=active)
        end = last * height
        rest = region.intersected(QRect(0, end, viewport.width(), viewport.height()))
        self._canvas.show(painter, region.intersected(QRect(0, 0, viewport.width(), end)))
        painter.fillRect(rest, theme.color("raised"))
        return rest if last < below else QRect()

    def _tick_row(self, row: int, places: Sequence[Place]) -> list[Place]:
        """The places of a row whose words another second has changed; the words are new then."""
        if row not in self._ticked:
            return []
        self._ticked.discard(row)
        ticket = self._ticket(row)
        cells = self._cells[row]
        changed = []
        for place in places:
            if place.column.ticking:
                cell = place.column.show(ticket)
                if cells.get(place.column.key) != cell:
                    cells[place.column.key] = cell
                    changed.append(place)
        return changed

    def _paint_row(
        self,
        painter: QPainter,
        row: int,
        region: QRect,
        places: Sequence[Place],
        selection: TicketSelection,
        *,
        active: bool,
    ) -> None:
        height = self.row_height
        y = row * height
        ticket_id = self.ticket_id(row)
        ground: theme.ColorName = "raised"
        if ticket_id in selection.tickets:
            ground = "selection" if active else "selection_inactive"
        painter.fillRect(region.left(), y, region.width(), height, theme.color(ground))
        painter.fillRect(region.left(), y + height - 1, region.width(), 1, theme.color("hairline"))
        cells = self._cells[row]
        ticket: Ticket | None = None
        for column, x, width in places:
            cell = cells.get(column.key)
            if cell is None:
                ticket = ticket or self._ticket(row)
                cell = cells[column.key] = column.show(ticket)
            if self.stale:
                cell = cell._replace(ink="stale", state=theme.State.NEUTRAL)
            self._painter.paint(painter, x, y, width, cell, right=column.right)
        if active and ticket_id == selection.current:
            painter.setPen(theme.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, y, self._width - 1, height - 2)

    def _ticket(self, row: int) -> Ticket:
        board = self._live.board
        assert board is not None  # there are rows, so there is a board
        return Ticket(board, int(self.slots[row]), self._live.now(), self._live.zone)
