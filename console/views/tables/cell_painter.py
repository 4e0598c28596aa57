"""Draws table cells straight from their words: no styles, no delegates, no objects per cell.

Drawing text at a point costs a tenth of what the usual item views spend on a cell. Widths and shortened words are
remembered, because the same words come again in every frame.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from console.views import theme
from console.views.tables.ticket_columns import Cell
from console.views.theme import State

_REMEMBERED = 30_000
_ELLIPSIS = "…"
_ELIDE = Qt.TextElideMode.ElideRight
_NEUTRAL = State.NEUTRAL


class CellPainter:
    """Fonts, measures and remembered widths of the theme in force; made anew when the theme or scale changes."""

    def __init__(self) -> None:
        self.padding = theme.px(8)
        self.row_height = theme.px(theme.ROW_HEIGHT)
        self._shape = theme.px(9)
        self._gap = theme.px(5)
        self._fonts: tuple[QFont, QFont] = (theme.font(), theme.font(strong=True))
        self._metrics = tuple(QFontMetricsF(font) for font in self._fonts)
        self._advance: dict[tuple[str, bool], float] = {}
        self._short: dict[tuple[str, bool, int], str] = {}
        metrics = self._metrics[0]
        self._baseline = (self.row_height + metrics.ascent() - metrics.descent()) / 2

    def paint(self, painter: QPainter, x: int, y: int, width: int, cell: Cell, *, right: bool) -> None:
        """Draw a cell whose box starts at ``(x, y)``; the painter's font and pen are left changed."""
        left = x + self.padding
        room = width - 2 * self.padding
        if cell.state is not _NEUTRAL:
            side = self._shape
            if right:
                shape_x = x + width - self.padding - self._text_width(cell) - self._gap - side
            else:
                shape_x, left, room = left, left + side + self._gap, room - side - self._gap
            theme.draw(painter, QRectF(max(x + 2, shape_x), y + (self.row_height - side) / 2, side, side), cell.state)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        text = cell.text
        if not text or room <= 0:
            return
        advance = self._text_width(cell)
        if advance > room:
            text = self._shortened(cell, room)
            advance = room
        painter.setFont(self._fonts[cell.strong])
        painter.setPen(theme.color(cell.ink))
        painter.drawText(QPointF(left + room - advance if right else left, y + self._baseline), text)

    def _text_width(self, cell: Cell) -> float:
        key = (cell.text, cell.strong)
        advance = self._advance.get(key)
        if advance is None:
            if len(self._advance) > _REMEMBERED:
                self._advance.clear()
            advance = self._advance[key] = self._metrics[cell.strong].horizontalAdvance(cell.text)
        return advance

    def _shortened(self, cell: Cell, room: int) -> str:
        key = (cell.text, cell.strong, room)
        short = self._short.get(key)
        if short is None:
            if len(self._short) > _REMEMBERED:
                self._short.clear()
            short = self._short[key] = self._metrics[cell.strong].elidedText(cell.text, _ELIDE, room)
        return short
