"""The rows of the inbox as they were drawn: only those that look otherwise are drawn anew, as far as a frame allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from console.models.domain.escalation import Entry, Urgency
from console.models.queries.inbox_list import Row
from console.views.screens.escalations.faces import Face, Heading
from console.views.screens.escalations.row_painter import Ground, RowPainter
from console.views.tables.row_canvas import RowCanvas

_PAINT_SECONDS = 0.006
_ROWS_AT_LEAST = 4
"""Whatever the time, so that a slow machine comes to an end too."""


class Placed(NamedTuple):
    """A row, its number, and where it stands in the viewport."""

    place: int
    row: Row
    box: QRect


class RowSheet:
    """Belongs to a view; ``ground_of`` says how the row of an entry is marked."""

    def __init__(
        self,
        show_entry: Callable[[Entry], Face],
        show_heading: Callable[[Urgency], Heading],
        ground_of: Callable[[int, Entry], Ground],
    ) -> None:
        self._show_entry, self._show_heading, self._ground_of = show_entry, show_heading, ground_of
        self._painter, self._canvas = RowPainter(), RowCanvas()

    def retheme(self) -> None:
        """The theme or the scale changed."""
        self._painter = RowPainter()
        self._canvas.clear()

    def clear(self) -> None:
        """Every row has changed."""
        self._canvas.clear()

    def draw(self, viewport: QWidget, rows: Sequence[Placed], scrolled: int) -> int:
        """Draw rows as far as there is time; returns how many are up to date."""
        until = perf_counter() + _PAINT_SECONDS
        with self._canvas.painter(viewport, viewport.size(), (scrolled, viewport.width())) as painter:
            for done, (place, row, box) in enumerate(rows):
                if done >= _ROWS_AT_LEAST and perf_counter() > until:
                    return done
                if isinstance(row, Urgency):
                    heading = self._show_heading(row)
                    if self._canvas.due(place, (heading, box.y())):
                        self._painter.paint_heading(painter, box, heading)
                else:
                    face, ground = self._show_entry(row), self._ground_of(place, row)
                    if self._canvas.due(place, (face, ground, box.y())):
                        self._painter.paint_entry(painter, box, face, ground)
        return len(rows)

    def show(self, painter: QPainter, rows: Sequence[Placed], region: QRect) -> None:
        """Copy rows to the screen; those that were not drawn yet in this place stay as the ground is."""
        for place, _row, box in rows:
            if self._canvas.has(place):
                self._canvas.show(painter, box.intersected(region))
