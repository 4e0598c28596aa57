"""A sheet of cells: a row for each person, a column for each hour, the darker the more; hours off are hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from console.i18n import _
from console.views import theme

Numbers = NDArray[np.float64]
_NAME, _HEAD, _ROW = 148, 22, 20
_NUMBERS_FROM = 28
"""Cells narrower than this have no room for their number."""


@dataclass(frozen=True, slots=True)
class HeatData:
    """``values`` and ``off`` have a row for each of ``keys`` (named ``names``) and a column for each of ``hours``; who
    was ``off`` in an hour has no value in it. ``unit`` is what the values count, in words."""

    keys: Sequence[int]
    names: Sequence[str]
    hours: Sequence[str]
    values: Numbers
    off: NDArray[np.bool_]
    unit: str


class HeatMap(QAbstractScrollArea):
    """``chosen`` carries the key of the row and the place of the hour that was pressed, or chosen by Return."""

    chosen = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._data: HeatData | None = None
        self._scale: list[QColor] = []
        self._most = 1.0
        self._current = (0, 0)
        self.retheme()
        theme.notifier().changed.connect(self.retheme)

    def show_data(self, data: HeatData | None) -> None:
        """Show a sheet, or none."""
        self._data = data
        self._most = 1.0
        if data is not None and data.values.size:
            self._most = max(float(data.values.max()), 1e-9)
            rows, columns = data.values.shape
            self._current = (min(self._current[0], rows - 1), min(self._current[1], columns - 1))
        self._scroll()
        self._say()
        self.viewport().update()

    def retheme(self) -> None:
        """Colours, fonts and sizes anew."""
        low, high = theme.color("accent_soft"), theme.color("accent")
        self._scale = [_between(low, high, step / 8) for step in range(9)]
        self._scroll()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Room for eight rows."""
        return QSize(theme.px(520), theme.px(_HEAD + 8 * _ROW))

    def minimumSizeHint(self) -> QSize:
        """Room for three rows."""
        return QSize(theme.px(260), theme.px(_HEAD + 3 * _ROW))

    def cell_at(self, at: QPoint) -> tuple[int, int] | None:
        """Row and column at a point of the viewport, None beside the cells."""
        data = self._data
        if data is None or not data.values.size or at.y() < theme.px(_HEAD):
            return None
        row = (at.y() - theme.px(_HEAD) + self.verticalScrollBar().value()) // theme.px(_ROW)
        column = int((at.x() - theme.px(_NAME)) // self._column_width())
        inside = 0 <= row < len(data.keys) and 0 <= column < len(data.hours) and at.x() >= theme.px(_NAME)
        return (row, column) if inside else None

    def words(self, row: int, column: int) -> str:
        """A cell in words."""
        data = self._data
        if data is None or not data.values.size:
            return ""
        name, hour = data.names[row], data.hours[column]
        if data.off[row, column]:
            return _("{name}, {hour}: not there").format(name=name, hour=hour)
        return _("{name}, {hour}: {value} {unit}").format(
            name=name, hour=hour, value=f"{data.values[row, column]:.0f}", unit=data.unit
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The head, and the rows in the event's region."""
        region, data = event.rect(), self._data
        with QPainter(self.viewport()) as painter:
            painter.fillRect(region, theme.color("raised"))
            if data is None or not data.values.size:
                return
            painter.setFont(theme.font("small"))
            metrics = QFontMetricsF(theme.font("small"))
            height, head = theme.px(_ROW), theme.px(_HEAD)
            top = self.verticalScrollBar().value()
            last = min(len(data.keys), (self.viewport().height() - head + top) // height + 1)
            for row in range(max(0, top // height), last):
                self._paint_row(painter, metrics, data, row, head + row * height - top)
            self._paint_head(painter, metrics, data)

    def _paint_head(self, painter: QPainter, metrics: QFontMetricsF, data: HeatData) -> None:
        head, width = theme.px(_HEAD), self._column_width()
        painter.fillRect(0, 0, self.viewport().width(), head, theme.color("raised"))
        painter.setPen(theme.color("text_muted"))
        every = max(1, int(np.ceil(max(map(metrics.horizontalAdvance, data.hours)) * 1.25 / width)))
        for column in range(0, len(data.hours), every):
            painter.drawText(QPointF(theme.px(_NAME) + column * width, head - theme.px(7)), data.hours[column])

    def _paint_row(self, painter: QPainter, metrics: QFontMetricsF, data: HeatData, row: int, y: int) -> None:
        height, width = theme.px(_ROW), self._column_width()
        baseline = y + (height + metrics.ascent() - metrics.descent()) / 2
        painter.setPen(theme.color("text"))
        pad = theme.px(8)
        name = metrics.elidedText(data.names[row], Qt.TextElideMode.ElideRight, theme.px(_NAME) - 2 * pad)
        painter.drawText(QPointF(pad, baseline), name)
        for column in range(len(data.hours)):
            left = theme.px(_NAME) + column * width
            box = QRect(round(left), y + 1, max(1, round(left + width) - round(left) - 1), height - 2)
            self._paint_cell(painter, metrics, data, (row, column), box, baseline)

    def _paint_cell(
        self,
        painter: QPainter,
        metrics: QFontMetricsF,
        data: HeatData,
        at: tuple[int, int],
        box: QRect,
        baseline: float,
    ) -> None:
        if data.off[at]:
            painter.fillRect(box, theme.color("sunken"))
            painter.setPen(theme.color("hairline"))
            for x in range(box.left(), box.right(), theme.px(5)):
                painter.drawLine(
                    x, box.bottom(), min(x + box.height(), box.right()), max(box.top(), box.bottom() - box.right() + x)
                )
        else:
            step = round(8 * float(data.values[at]) / self._most)
            painter.fillRect(box, self._scale[step])
            if box.width() >= theme.px(_NUMBERS_FROM):
                number = f"{data.values[at]:.0f}"
                painter.setPen(theme.color("on_accent" if step >= 5 else "text"))
                painter.drawText(QPointF(box.center().x() - metrics.horizontalAdvance(number) / 2, baseline), number)
        if at == self._current and self.hasFocus():
            painter.setPen(theme.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cell that was pressed is current."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None:
            self._go(*cell)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the cell."""
        if self.cell_at(event.position().toPoint()) is not None:
            self._choose()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, and choose by Return."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._go(self._current[0] + step[0], self._current[1] + step[1])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: object) -> bool:
        """A cell in full as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            cell = self.cell_at(event.pos())
            QToolTip.showText(event.globalPos(), self.words(*cell) if cell is not None else "", self)
            return True
        return super().viewportEvent(event)  # type: ignore[arg-type]  # Qt hands a QEvent on

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        self._scroll()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Other rows come into sight."""
        del dx, dy
        self.viewport().update()

    def _choose(self) -> None:
        data = self._data
        if data is not None and data.values.size:
            self.chosen.emit(data.keys[self._current[0]], self._current[1])

    def _go(self, row: int, column: int) -> None:
        data = self._data
        if data is None or not data.values.size:
            return
        self._current = (min(max(row, 0), len(data.keys) - 1), min(max(column, 0), len(data.hours) - 1))
        bar, height = self.verticalScrollBar(), theme.px(_ROW)
        room = self.viewport().height() - theme.px(_HEAD)
        top = self._current[0] * height
        bar.setValue(min(max(bar.value(), top + height - room), top))
        self._say()
        self.viewport().update()

    def _say(self) -> None:
        self.setAccessibleDescription(self.words(*self._current))

    def _column_width(self) -> float:
        hours = 1 if self._data is None else max(1, len(self._data.hours))
        return max(theme.px(6), (self.viewport().width() - theme.px(_NAME) - theme.px(4)) / hours)

    def _scroll(self) -> None:
        rows = 0 if self._data is None else len(self._data.keys)
        room = self.viewport().height() - theme.px(_HEAD)
        self.verticalScrollBar().setRange(0, max(0, rows * theme.px(_ROW) - room))
        self.verticalScrollBar().setPageStep(max(1, room))
        self.verticalScrollBar().setSingleStep(theme.px(_ROW))


def _between(low: QColor, high: QColor, part: float) -> QColor:
    mixed = (
        round(start + (end - start) * part)
        for start, end in zip(low.getRgb()[:3], high.getRgb()[:3], strict=True)  # type: ignore[index]  # a tuple
    )
    return QColor(*mixed)
