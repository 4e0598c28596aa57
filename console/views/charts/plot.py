"""The ground of every plot: fixed ranges, our colours and fonts, no mouse that moves the view, and export."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from console.views import theme

Ticks = Sequence[tuple[float, str]]


class Plot(pg.PlotWidget):
    """A plot with ranges that its owner sets. ``pointed`` carries where the pointer is, in the units of the axes, or
    None; ``pressed`` where it was pressed."""

    pointed = Signal(object)
    pressed = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.plotItem.hideButtons()
        self.plotItem.setMenuEnabled(False)
        self.plotItem.vb.setMouseEnabled(x=False, y=False)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        self.retheme()
        theme.notifier().changed.connect(self.retheme)

    def retheme(self) -> None:
        """Colours and fonts anew; overrides call it."""
        self.setBackground(theme.color("raised"))
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(pg.mkPen(theme.color("hairline"), width=1))
            axis.setTextPen(pg.mkPen(theme.color("text_muted")))
            axis.setTickFont(theme.font("small"))
            axis.setStyle(tickLength=-theme.px(3), tickTextOffset=theme.px(4), maxTickLevel=0)
        self.plotItem.getAxis("left").setWidth(theme.px(44))
        self.plotItem.getAxis("bottom").setHeight(theme.px(22))
        self.plotItem.setContentsMargins(0, theme.px(8), theme.px(12), 0)

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """What the axes span."""
        self.plotItem.vb.setRange(xRange=x, yRange=y, padding=0.0)

    def set_ticks(self, x: Ticks, y: Ticks) -> None:
        """The words at the axes."""
        self.plotItem.getAxis("bottom").setTicks([list(x)])
        self.plotItem.getAxis("left").setTicks([list(y)])

    def minimumSizeHint(self) -> QSize:
        """Smaller than this nothing can be read."""
        return QSize(theme.px(200), theme.px(120))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the pointer is."""
        self.pointed.emit(self._at(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell where it was pressed."""
        self.pressed.emit(self._at(event))

    def leaveEvent(self, event: object) -> None:
        """The pointer is gone."""
        super().leaveEvent(event)  # type: ignore[arg-type]  # Qt hands a QEvent on
        self.pointed.emit(None)

    def _at(self, event: QMouseEvent) -> QPointF:
        return self.plotItem.vb.mapSceneToView(self.mapToScene(event.position().toPoint()))


def save_picture(widget: QWidget, path: Path) -> None:
    """Write what a widget shows as ``.png`` or ``.svg``; raises OSError where the file cannot be written."""
    if path.suffix.lower() == ".svg":
        from PySide6.QtSvg import QSvgGenerator

        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(widget.size())
        generator.setViewBox(QRectF(widget.rect()))
        painter = QPainter()
        if not painter.begin(generator):
            raise OSError(f"{path} cannot be written")
        if isinstance(widget, pg.PlotWidget):
            painter.fillRect(widget.rect(), theme.color("raised"))
            widget.scene().render(painter, QRectF(widget.rect()), QRectF(widget.viewport().rect()))
        else:
            widget.render(painter, QPointF(0, 0).toPoint())
        painter.end()
    elif not widget.grab().save(str(path), "PNG"):
        raise OSError(f"{path} cannot be written")
