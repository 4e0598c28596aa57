"""The ground of the plots: ranges that its owner sets, a grid that is drawn once, curves by pyqtgraph, words above.

A tick of new figures calls `setData` on the curves and paints the words; axes, grid and fonts stay in Qt's cache of the
background. Nothing is ranged by itself, and the mouse moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

from console.views import theme
from console.views.charts.sizes import Sizes

Ticks = Sequence[tuple[float, str]]
Numbers = NDArray[np.float64]
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class Plot(pg.GraphicsView):
    """A plot with a read-out that follows the pointer, or the arrow keys while it has the focus.

    Charts add curves, and override `read`, `annotate` and what they need of `steps`, `on_chosen` and `retheme`.
    """

    pointed = Signal(object)
    """Where the pointer is, in the units of the axes, or None when it has gone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self.sizes = Sizes.of(large=False)
        self._x = self._y = (0.0, 1.0)
        self._ticks: tuple[Ticks, Ticks] = ((), ())
        self._caption = ""
        self._at: float | None = None
        self._bare = False
        self._summary = ""
        self._area = QRectF(0, 0, 1, 1)
        super().__init__(parent, background=None)
        self._view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.setCentralItem(self._view)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setViewportUpdateMode(self.ViewportUpdateMode.FullViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme.notifier().changed.connect(self.retheme)

    def add_curve(self, *, solid: bool = True, **options: object) -> pg.PlotCurveItem:
        """A curve in the plot, ``solid`` or dashed; later ones lie above earlier ones."""
        curve = pg.PlotCurveItem(antialias=True, **options)
        # Smoothed and wider than a pixel, piece by piece takes half the time; our pens are opaque and have round ends.
        curve.setSegmentedLineMode("on" if solid else "off")
        return self._add(curve)

    def add_band(self, **options: object) -> pg.PlotCurveItem:
        """What its points enclose, filled and without an edge. Faint as it is, smoothing would cost more than it
        shows."""
        band = pg.PlotCurveItem(antialias=False, fillLevel="enclosed", **options)
        band.setPen(QPen(Qt.PenStyle.NoPen))
        return self._add(band)

    def _add(self, curve: pg.PlotCurveItem) -> pg.PlotCurveItem:
        self._view.addItem(curve, ignoreBounds=True)
        return curve

    def set_large(self, large: bool) -> None:
        """Draw for reading across a room, or as usual."""
        self.sizes = Sizes.of(large=large)
        self.retheme()
        self.updateGeometry()

    def retheme(self) -> None:
        """Colours, fonts and sizes anew; overrides call it."""
        self.sizes = Sizes.of(large=self.sizes.large)
        self._place()

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """What the axes span."""
        if (x, y) != (self._x, self._y):
            self._x, self._y = x, y
            self.resetCachedContent()
            self._view.setRange(xRange=x, yRange=y, padding=0.0)

    def set_ticks(self, x: Ticks, y: Ticks, caption: str = "") -> None:
        """The words at the axes, and above the plot what its height is."""
        if (x, y) != self._ticks or caption != self._caption:
            self._ticks, self._caption = (x, y), caption
            self._place()

    def area(self) -> QRectF:
        """Where the curves are, in pixels."""
        return self._area

    def _free(self) -> QRectF:
        """What the words of the axes leave."""
        metrics = QFontMetricsF(self.sizes.font("small"))
        px = self.sizes.px
        left = max((metrics.horizontalAdvance(words) for _at, words in self._ticks[1]), default=0.0) + px(12)
        line = round(metrics.height())
        top = line + px(10) if self._caption else line // 2 + px(4)
        return QRectF(self.viewport().rect()).adjusted(round(left), top, -px(16), -line - px(12))

    def spot(self, x: float, y: float) -> QPointF:
        """The pixel of a point in the units of the axes."""
        area, (x0, x1), (y0, y1) = self.area(), self._x, self._y
        return QPointF(
            area.left() + (x - x0) / (x1 - x0) * area.width(), area.bottom() - (y - y0) / (y1 - y0) * area.height()
        )

    def read(self, at: float) -> tuple[QPointF, str] | None:
        """What stands at a place of the x axis: its pixel and its words; None where nothing does."""
        del at
        return None

    def steps(self) -> Sequence[float]:
        """The places of the x axis that the arrow keys go to."""
        return ()

    def annotate(self, painter: QPainter, area: QRectF) -> None:
        """Draw words and marks above the curves."""

    def on_chosen(self, at: float) -> None:
        """A place of the x axis was pressed, or chosen by Return."""

    def summarise(self, words: str) -> None:
        """The whole chart in a sentence, for screen readers."""
        if words != self._summary:
            self._summary = words
            self.setAccessibleDescription(words)

    def look_at(self, at: float | None) -> None:
        """Show the read-out at a place of the x axis, or none."""
        if at != self._at:
            self._at = at
            self.repaint_soon()

    def repaint_soon(self) -> None:
        """Paint with the next frame. Through the scene, which has changed curves painted then too: asked for at the
        viewport, the same would be painted twice."""
        self._view.update()

    def looked_at(self) -> float | None:
        """Where the read-out is."""
        return self._at

    def sizeHint(self) -> QSize:
        """A little wider than high."""
        return QSize(self.sizes.px(400), self.sizes.px(300))

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(self.sizes.px(200), self.sizes.px(120))

    def picture_size(self) -> QSize:
        """As it is shown."""
        return self.viewport().size()

    def draw_picture(self, painter: QPainter) -> None:
        """Draw the plot without focus and read-out."""
        self._bare = True
        try:
            box = QRect(self.viewport().rect())
            self.render(painter, QRectF(box), box)
        finally:
            self._bare = False

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Ground, grid and words of the axes; kept by Qt until they change."""
        painter.fillRect(rect, theme.color("raised"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        area, px = self.area(), self.sizes.px
        font = self.sizes.font("small")
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for at, words in self._ticks[1]:
            y = round(self.spot(self._x[0], at).y())
            painter.setPen(theme.color("control" if at == self._y[0] else "hairline"))
            painter.drawLine(round(area.left()), y, round(area.right()), y)
            painter.setPen(theme.color("text_muted"))
            left = area.left() - px(8) - metrics.horizontalAdvance(words)
            painter.drawText(QPointF(left, y + (metrics.ascent() - metrics.descent()) / 2), words)
        painter.drawText(QPointF(px(4), px(2) + metrics.ascent()), self._caption)
        free = float(self.viewport().width())
        # From the right, because the last one may say what the axis is; what has no room before it is left out.
        for at, words in sorted(self._ticks[0], reverse=True):
            x = round(self.spot(at, self._y[0]).x())
            painter.setPen(theme.color("control"))
            painter.drawLine(x, round(area.bottom()), x, round(area.bottom()) + px(4))
            width = metrics.horizontalAdvance(words)
            left = min(max(0.0, x - width / 2), self.viewport().width() - width - px(4))
            if left + width <= free:
                painter.setPen(theme.color("text_muted"))
                painter.drawText(QPointF(left, area.bottom() + px(6) + metrics.ascent()), words)
                free = left - px(8)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Marks and words, the read-out, and an edge while it has the focus."""
        del rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        area = self.area()
        self.annotate(painter, area)
        if self._bare:
            return
        found = None if self._at is None else self.read(self._at)
        if found is not None:
            self._paint_read_out(painter, area, *found)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1))

    def _paint_read_out(self, painter: QPainter, area: QRectF, spot: QPointF, words: str) -> None:
        px = self.sizes.px
        painter.setPen(QPen(theme.color("control"), 1))
        painter.drawLine(QPointF(round(spot.x()) + 0.5, area.top()), QPointF(round(spot.x()) + 0.5, area.bottom()))
        dot(painter, spot, px(4), "text")
        font = self.sizes.font()
        metrics = QFontMetricsF(font)
        width, height = metrics.horizontalAdvance(words) + px(16), metrics.height() + px(8)
        left = spot.x() + px(8)
        if left + width > area.right():
            left = spot.x() - px(8) - width
        left = min(max(left, 1.0), max(1.0, self.viewport().width() - width - 1))
        box = QRectF(round(left) + 0.5, area.top() + 0.5, round(width), round(height))
        painter.setPen(QPen(theme.color("control"), 1))
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(box, px(4), px(4))
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Another size: the curves get what the words of the axes leave them."""
        super().resizeEvent(event)
        if hasattr(self, "_view"):
            self._place()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The read-out follows."""
        at = self._units(event.position())
        inside = self._x[0] <= at.x() <= self._x[1]
        self.look_at(at.x() if inside else None)
        self.pointed.emit(at if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer has gone, and the read-out with it."""
        super().leaveEvent(event)
        self.look_at(None)
        self.pointed.emit(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the focus."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses what is there."""
        at = self._units(event.position()).x()
        if event.button() == Qt.MouseButton.LeftButton and self._x[0] <= at <= self._x[1]:
            self.on_chosen(at)

    def close(self) -> bool:
        """Close as any widget does: that of pyqtgraph 0.14 takes the scene and the viewport away first, and Qt 6.11
        then crashes."""
        return QGraphicsView.close(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """What lies around the plot scrolls."""
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the read-out, and choose by Return."""
        key, places = Qt.Key(event.key()), self.steps()
        if len(places) and key in (*_STEPS, Qt.Key.Key_Home, Qt.Key.Key_End):
            self.look_at(places[self._next(key, places)])
            found = None if self._at is None else self.read(self._at)
            self.setAccessibleDescription(found[1] if found is not None else self._summary)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.on_chosen(self._at if self._at is not None else self._x[1])
        elif key == Qt.Key.Key_Escape and self._at is not None:
            self.look_at(None)
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The read-out goes with the focus."""
        super().focusOutEvent(event)
        self.look_at(None)
        self.setAccessibleDescription(self._summary)

    def _next(self, key: Qt.Key, places: Sequence[float]) -> int:
        last = len(places) - 1
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            return 0 if key == Qt.Key.Key_Home else last
        if self._at is None:
            return last
        here = int(np.abs(np.asarray(places) - self._at).argmin())
        return min(last, max(0, here + _STEPS[key]))

    def _place(self) -> None:
        self._area = self._free()
        self._view.setGeometry(self._area)
        self._view.setRange(xRange=self._x, yRange=self._y, padding=0.0)
        self.resetCachedContent()
        self.repaint_soon()

    def _units(self, at: QPointF) -> QPointF:
        area, (x0, x1), (y0, y1) = self.area(), self._x, self._y
        return QPointF(
            x0 + (at.x() - area.left()) / max(1.0, area.width()) * (x1 - x0),
            y0 + (area.bottom() - at.y()) / max(1.0, area.height()) * (y1 - y0),
        )


def dot(painter: QPainter, at: QPointF, radius: float, ink: theme.ColorName, *, hollow: bool = False) -> None:
    """A round mark with an edge of the ground, so that it stays apart from the curve below it."""
    painter.setPen(QPen(theme.color(ink if hollow else "raised"), max(1.5, radius / 3)))
    painter.setBrush(theme.color("raised" if hollow else ink))
    painter.drawEllipse(at, radius, radius)


def dots(painter: QPainter, at: Sequence[QPointF], radius: float, ink: theme.ColorName) -> None:
    """Many round marks with an edge of the ground."""
    places = QPolygonF(at)
    grounds: tuple[tuple[theme.ColorName, float], ...] = (("raised", 2 * radius + 2), (ink, 2 * radius))
    for color, wide in grounds:
        painter.setPen(QPen(theme.color(color), wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPoints(places)


def diamond(at: QPointF, reach: float) -> QPolygonF:
    """The corners of a mark that stands on its point."""
    return QPolygonF([at + QPointF(x, y) * reach for x, y in ((0, -1), (1, 0), (0, 1), (-1, 0))])


def line(ink: theme.ColorName, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is in pixels, whatever the axes span."""
    pen = QPen(theme.color(ink), width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    pen.setCosmetic(True)
    return pen


def share(value: float) -> str:
    """A share as ``72 %``."""
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"
