"""Ranked bars: everybody's load, the busiest first, with a mark where a fair share would end.

Painted from arrays, and only the rows in sight: five hundred people cost as much as twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from console.i18n import _
from console.views import theme
from console.views.theme import State

Numbers = NDArray[np.float64]
_NAME, _VALUE, _BESIDE, _NOTE = 148, 56, 52, 84
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -1_000_000,
    Qt.Key.Key_End: 1_000_000,
}


@dataclass(frozen=True, slots=True)
class BarsData:
    """Rows in their order: ``keys`` are ids, ``load`` and ``fair`` in the unit of ``values``, which are the words at
    the right, and ``beside`` more words. ``busiest`` says how much of each row belongs to the busiest (0 to 1).
    ``notes`` are words with a state by row, for those who need one; ``spoken`` is the unit for screen readers."""

    keys: Sequence[int]
    names: Sequence[str]
    load: Numbers
    fair: Numbers
    values: Sequence[str]
    beside: Sequence[str]
    busiest: Numbers
    notes: dict[int, tuple[str, State]]
    spoken: str = ""


class LoadBars(QAbstractScrollArea):
    """``chosen`` carries the key of a row that was pressed, or chosen by Return."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._data: BarsData | None = None
        self._most = 1.0
        self._current = -1
        self.retheme()
        theme.notifier().changed.connect(self.retheme)

    def show_data(self, data: BarsData | None) -> None:
        """Show these rows; the row that is current stays so while its key is there."""
        before = self.current_key()
        self._data = data
        if data is not None and len(data.keys):
            self._most = max(float(data.load.max()), float(data.fair.max()), 1e-9)
            self._current = list(data.keys).index(before) if before in data.keys else -1
        self._scroll()
        self._say()
        self.viewport().update()

    def current_key(self) -> int:
        """The key of the current row, 0 where none is."""
        data = self._data
        return data.keys[self._current] if data is not None and 0 <= self._current < len(data.keys) else 0

    def row_at(self, y: int) -> int:
        """The row at a height in the viewport, -1 where there is none."""
        data, row = self._data, (y + self.verticalScrollBar().value()) // self._height
        return row if data is not None and 0 <= row < len(data.keys) else -1

    def retheme(self) -> None:
        """Colours, fonts and sizes anew."""
        self._height = theme.px(theme.ROW_HEIGHT)
        self._scroll()
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Room for ten rows."""
        return QSize(theme.px(420), 10 * self._height)

    def minimumSizeHint(self) -> QSize:
        """Room for three rows."""
        return QSize(theme.px(260), 3 * self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows in the event's region."""
        region, data = event.rect(), self._data
        with QPainter(self.viewport()) as painter:
            painter.fillRect(region, theme.color("raised"))
            if data is None or not len(data.keys):
                return
            top = self.verticalScrollBar().value()
            first = max(0, (region.top() + top) // self._height)
            last = min(len(data.keys), (region.bottom() + top) // self._height + 1)
            metrics = QFontMetricsF(theme.font())
            for row in range(first, last):
                self._paint_row(painter, metrics, data, row, row * self._height - top)

    def _paint_row(self, painter: QPainter, metrics: QFontMetricsF, data: BarsData, row: int, y: int) -> None:
        width, height = self.viewport().width(), self._height
        if row == self._current:
            painter.fillRect(0, y, width, height, theme.color("selection" if self.hasFocus() else "selection_inactive"))
        painter.fillRect(0, y + height - 1, width, 1, theme.color("hairline"))
        painter.setFont(theme.font())
        baseline = y + (height + metrics.ascent() - metrics.descent()) / 2
        pad, name_width, value_width = theme.px(8), theme.px(_NAME), theme.px(_VALUE)
        painter.setPen(theme.color("text"))
        name = metrics.elidedText(data.names[row], Qt.TextElideMode.ElideRight, name_width - 2 * pad)
        painter.drawText(QPointF(pad, baseline), name)
        note = data.notes.get(row)
        note_width = theme.px(_NOTE) if data.notes else 0
        left = name_width
        beside_width = theme.px(_BESIDE)
        room = max(theme.px(40), width - name_width - value_width - beside_width - note_width - pad)
        self._paint_bar(painter, data, row, QRect(left, y, room, height))
        value = data.values[row]
        painter.setPen(theme.color("text"))
        painter.drawText(QPointF(left + room + value_width - pad - metrics.horizontalAdvance(value), baseline), value)
        beside = data.beside[row]
        left += room + value_width
        painter.setPen(theme.color("text_muted"))
        painter.drawText(QPointF(left + beside_width - pad - metrics.horizontalAdvance(beside), baseline), beside)
        if note is not None:
            self._paint_note(painter, metrics, note, QRect(left + beside_width, y, note_width, height), baseline)

    def _paint_bar(self, painter: QPainter, data: BarsData, row: int, box: QRect) -> None:
        inset = theme.px(6)
        length = box.width() * float(data.load[row]) / self._most
        bar = QRectF(box.left(), box.top() + inset, length, box.height() - 2 * inset - 1)
        belongs = float(data.busiest[row])
        painter.fillRect(bar, theme.color("accent") if belongs >= 0.5 else theme.color("control"))
        at = box.left() + box.width() * float(data.fair[row]) / self._most
        painter.setPen(QPen(theme.color("text"), theme.px(2)))
        painter.drawLine(QPointF(at, box.top() + theme.px(3)), QPointF(at, box.bottom() - theme.px(4)))

    def _paint_note(
        self, painter: QPainter, metrics: QFontMetricsF, note: tuple[str, State], box: QRect, baseline: float
    ) -> None:
        words, state = note
        side = theme.px(9)
        theme.draw(painter, QRectF(box.left(), box.top() + (box.height() - side) / 2, side, side), state)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(theme.color("text_muted"))
        left = side + theme.px(5)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() - left - theme.px(4))
        painter.drawText(QPointF(box.left() + left, baseline), shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer rows are in sight."""
        super().resizeEvent(event)
        self._scroll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The row that was pressed is current."""
        row = self.row_at(event.position().toPoint().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._go(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the row."""
        if self.row_at(event.position().toPoint().y()) >= 0:
            self.chosen.emit(self.current_key())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, and choose by Return."""
        step = _STEPS.get(Qt.Key(event.key()))
        count = 0 if self._data is None else len(self._data.keys)
        if step is not None and count:
            self._go(min(count - 1, max(0, self._current + step)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current_key():
            self.chosen.emit(self.current_key())
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: object) -> bool:
        """A row in full as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            row = self.row_at(event.pos().y())
            QToolTip.showText(event.globalPos(), self.row_words(row) if row >= 0 else "", self)
            return True
        return super().viewportEvent(event)  # type: ignore[arg-type]  # Qt hands a QEvent on

    def row_words(self, row: int) -> str:
        """A row in words."""
        data = self._data
        if data is None:
            return ""
        fair = f"{data.fair[row]:.0f}"
        said = _("{name}: {value} {unit}, a fair share is {fair}").format(
            name=data.names[row], value=data.values[row], unit=data.spoken, fair=fair
        )
        note = data.notes.get(row)
        return f"{said}; {note[0]}" if note else said

    def _go(self, row: int) -> None:
        self._current = row
        bar, height = self.verticalScrollBar(), self.viewport().height()
        top = row * self._height
        bar.setValue(min(max(bar.value(), top + self._height - height), top))
        self._say()
        self.viewport().update()

    def _say(self) -> None:
        self.setAccessibleDescription(self.row_words(self._current) if self.current_key() else "")

    def _scroll(self) -> None:
        count = 0 if self._data is None else len(self._data.keys)
        height = self.viewport().height()
        self.verticalScrollBar().setRange(0, max(0, count * self._height - height))
        self.verticalScrollBar().setPageStep(height)
        self.verticalScrollBar().setSingleStep(self._height)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Other rows come into sight."""
        del dx, dy
        self.viewport().update()

    def place_of(self, row: int) -> QPoint:
        """The middle of a row in the viewport."""
        return QPoint(theme.px(_NAME), row * self._height - self.verticalScrollBar().value() + self._height // 2)
