"""A line without axes: the way a figure went, drawn small beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.views import theme


def draw_sparkline(painter: QPainter, box: QRectF, values: Sequence[float], ink: QColor) -> None:
    """Draw the values from left (oldest) to right into the box, scaled to their own range; the last one gets a dot.

    Fewer than two values draw nothing. NaN leaves a gap. A flat line runs through the middle.
    """
    known = [value for value in values if not isnan(value)]
    if len(values) < 2 or not known:
        return
    low, high = min(known), max(known)
    reach = high - low
    dot = theme.px(2)
    inner = box.adjusted(dot, dot, -dot, -dot)
    step = inner.width() / (len(values) - 1)
    path = QPainterPath()
    drawing = False
    point = QPointF()
    for place, value in enumerate(values):
        if isnan(value):
            drawing = False
            continue
        share = (value - low) / reach if reach else 0.5
        point = QPointF(inner.left() + place * step, inner.bottom() - share * inner.height())
        if drawing:
            path.lineTo(point)
        else:
            path.moveTo(point)
        drawing = True
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, max(1.25, theme.current().scale * 1.25)))
    painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(point, dot, dot)


class Sparkline(QWidget):
    """The line as a widget of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[float] = ()
        self._meaning: theme.ColorName = "text_muted"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_values(self, values: Sequence[float], spoken: str = "", meaning: theme.ColorName = "text_muted") -> None:
        """Show these values; ``spoken`` says the same to a screen reader, for example "falling, 12 to 7"."""
        self._values = values
        self._meaning = meaning
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(theme.px(64), theme.px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        del event
        with QPainter(self) as painter:
            draw_sparkline(painter, QRectF(self.rect()), self._values, theme.color(self._meaning))
