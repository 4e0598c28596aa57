"""Parts that add up to a whole, as bars from a line in the middle: what adds to it, and what takes from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from console.views import theme

_NAME, _VALUE, _ROW = 168, 56, 26


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the whole: its key, its name, how large it is, the words for that, and what is behind it in words."""

    key: str
    name: str
    value: float
    words: str
    behind: str = ""


class CauseBars(QWidget):
    """``chosen`` carries the key of a part that was pressed, or chosen by Return."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: Sequence[Part] = ()
        self._current = 0
        theme.notifier().changed.connect(self._on_theme)

    def show_parts(self, parts: Sequence[Part]) -> None:
        """Show these, in their order."""
        self._parts = tuple(parts)
        self._current = min(self._current, max(0, len(parts) - 1))
        self._say()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row for each."""
        return QSize(theme.px(420), max(1, len(self._parts)) * theme.px(_ROW))

    def minimumSizeHint(self) -> QSize:
        """Narrower the bars could not be told apart."""
        return QSize(theme.px(280), self.sizeHint().height())

    def part_at(self, at: QPoint) -> int:
        """The row at a point, -1 where there is none."""
        row = at.y() // theme.px(_ROW)
        return row if 0 <= row < len(self._parts) else -1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, figure, and behind it who and what it is."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("raised"))
            metrics = QFontMetricsF(theme.font())
            for row, part in enumerate(self._parts):
                self._paint_part(painter, metrics, row, part)

    def _paint_part(self, painter: QPainter, metrics: QFontMetricsF, row: int, part: Part) -> None:
        height, pad = theme.px(_ROW), theme.px(8)
        y = row * height
        if row == self._current and self.hasFocus():
            painter.fillRect(0, y, self.width(), height, theme.color("selection"))
        painter.fillRect(0, y + height - 1, self.width(), 1, theme.color("hairline"))
        painter.setFont(theme.font())
        baseline = y + (height + metrics.ascent() - metrics.descent()) / 2
        painter.setPen(theme.color("text"))
        name = metrics.elidedText(part.name, Qt.TextElideMode.ElideRight, theme.px(_NAME) - 2 * pad)
        painter.drawText(QPointF(pad, baseline), name)
        left, room = self._bars()
        low = min(0.0, *(one.value for one in self._parts))
        high = max(0.0, *(one.value for one in self._parts), 1e-09)
        scale = room / (high - low)
        zero = left - low * scale
        bar = QRectF(zero, y + theme.px(7), part.value * scale, height - theme.px(14) - 1).normalized()
        painter.fillRect(bar, theme.color("accent") if part.value > 0 else theme.color("control"))
        painter.fillRect(QRectF(zero, y, 1, height - 1), theme.color("control"))
        painter.setPen(theme.color("text"))
        end = left + room + theme.px(_VALUE)
        painter.drawText(QPointF(end - pad - metrics.horizontalAdvance(part.words), baseline), part.words)
        painter.setPen(theme.color("text_muted"))
        behind = metrics.elidedText(part.behind, Qt.TextElideMode.ElideRight, max(0.0, self.width() - end - pad))
        painter.drawText(QPointF(end, baseline), behind)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the part that was pressed."""
        row = self.part_at(event.position().toPoint())
        if row >= 0:
            self._go(row)
            self.chosen.emit(self._parts[row].key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, and choose by Return."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is not None and self._parts:
            self._go(min(max(self._current + step, 0), len(self._parts) - 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._parts:
            self.chosen.emit(self._parts[self._current].key)
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """What is behind a part in full, as a tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QHelpEvent.Type.ToolTip:
            row = self.part_at(event.pos())
            QToolTip.showText(event.globalPos(), _spoken(self._parts[row]) if row >= 0 else "", self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # Qt hands a QEvent on

    def _go(self, row: int) -> None:
        self._current = row
        self._say()
        self.update()

    def _say(self) -> None:
        self.setAccessibleDescription(_spoken(self._parts[self._current]) if self._parts else "")

    def _bars(self) -> tuple[int, int]:
        left = theme.px(_NAME)
        room = (self.width() - left - theme.px(_VALUE)) * 4 // 9
        return left, max(theme.px(60), room)

    def _on_theme(self) -> None:
        self.updateGeometry()
        self.update()


def _spoken(part: Part) -> str:
    return f"{part.name}: {part.words}. {part.behind}".strip()
