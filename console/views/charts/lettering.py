"""Words of one font, drawn around a middle line; their widths and shortened forms are remembered."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from console.views import theme

_REMEMBERED = 10_000


class Lettering:
    """Made anew when the theme or the size changes."""

    def __init__(self, font: QFont) -> None:
        self.font = font
        metrics = self._metrics = QFontMetricsF(font)
        self._below = (metrics.ascent() - metrics.descent()) / 2
        self._widths: dict[str, float] = {}
        self._short: dict[tuple[str, int], str] = {}

    @property
    def height(self) -> float:
        """The height of a line."""
        return self._metrics.height()

    def width(self, words: str) -> float:
        """How wide the words are."""
        width = self._widths.get(words)
        if width is None:
            if len(self._widths) > _REMEMBERED:
                self._widths.clear()
            width = self._widths[words] = self._metrics.horizontalAdvance(words)
        return width

    def shortened(self, words: str, room: int) -> str:
        """The words as they fit into a room."""
        if self.width(words) <= room:
            return words
        short = self._short.get((words, room))
        if short is None:
            if len(self._short) > _REMEMBERED:
                self._short.clear()
            short = self._metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, room))
            self._short[words, room] = short
        return short

    def draw(
        self,
        painter: QPainter,
        x: float,
        middle: float,
        words: str,
        ink: theme.ColorName,
        *,
        room: int | None = None,
        right: bool = False,
    ) -> None:
        """Draw from ``x`` on, or up to it; shortened where ``room`` is given. Leaves font and pen changed."""
        if not words:
            return
        shown = words if room is None else self.shortened(words, room)
        painter.setFont(self.font)
        painter.setPen(theme.color(ink))
        painter.drawText(QPointF(x - self.width(shown) if right else x, middle + self._below), shown)
