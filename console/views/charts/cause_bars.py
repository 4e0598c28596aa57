"""Parts that add up to a whole, as steps: each bar begins where the one before it ended, and the last is all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.pictures import Table
from console.views.charts.rows import Rows

_NAME, _VALUE, _BAR = 168, 56, 12


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the whole: its key, its name, how large it is, the words for that, and what is behind it in words."""

    key: str
    name: str
    value: float
    words: str
    behind: str = ""


class CauseBars(Rows):
    """``chosen`` carries the key of a part that was pressed, or chosen by Return."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._parts: Sequence[Part] = ()
        self._together = ""
        self._ends = np.zeros(1)
        super().__init__(name, (420, 3), parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_parts(self, parts: Sequence[Part], together: str = "") -> None:
        """Show these, in their order; ``together`` is their sum in words, which then has a row of its own."""
        self._parts, self._together = tuple(parts), together if parts else ""
        self._ends = np.concatenate([[0.0], np.cumsum([part.value for part in parts])])
        self._current = min(self._current, len(parts) - 1)
        self.updateGeometry()
        self._follow_data()

    def count(self) -> int:
        """The parts, and the whole where it is told."""
        return len(self._parts) + bool(self._together)

    def words(self, row: int) -> str:
        """A part in a sentence."""
        if row >= len(self._parts):
            whole = _("Together")
            return f"{whole}: {self._together}"
        part = self._parts[row]
        return f"{part.name}: {part.words}. {part.behind}".strip()

    def part_at(self, at: QPoint) -> int:
        """The part at a point, -1 where there is none."""
        row = self.place_at(at.y())
        return row if row < len(self._parts) else -1

    def table(self) -> Table:
        """A row for each part."""
        headers = (_("Cause"), _("share"), _("behind it"))
        return Table(headers, [(part.name, f"{part.value:.4f}", part.behind) for part in self._parts])

    def sizeHint(self) -> QSize:
        """A row for each."""
        return QSize(self.sizes.px(420), max(1, self.count()) * self._height)

    def minimumSizeHint(self) -> QSize:
        """Narrower the bars could not be told apart."""
        return QSize(self.sizes.px(280), self.sizeHint().height())

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """Name, bar, figure, and behind it who and what it is."""
        px, middle = self.sizes.px, box.y() + box.height() // 2
        left, room = px(_NAME), self._room(box.width())
        zero = left + round(self._scaled(0.0) * room)
        painter.fillRect(zero, box.y(), 1, box.height() - 1, theme.color("control"))
        whole = row >= len(self._parts)
        start, end = (0.0, float(self._ends[-1])) if whole else (float(self._ends[row]), float(self._ends[row + 1]))
        first, last = (left + round(self._scaled(at) * room) for at in sorted((start, end)))
        ink: theme.ColorName = "text_muted" if whole else "accent" if end >= start else "control"
        painter.fillRect(first, middle - px(_BAR) // 2, max(1, last - first), px(_BAR), theme.color(ink))
        if not whole and row + 1 < self.count():
            # From its end to the bar below, which begins there.
            at = left + round(self._scaled(end) * room)
            painter.fillRect(at, middle, 1, box.bottom() - middle + 1, theme.color("control"))
        if not whole and row:
            at = left + round(self._scaled(start) * room)
            painter.fillRect(at, box.y(), 1, middle - box.y(), theme.color("control"))
        letters = self.strong if whole else self.body
        name, value = (_("Together"), self._together) if whole else (self._parts[row].name, self._parts[row].words)
        letters.draw(painter, px(8), middle, name, "text", room=px(_NAME - 16))
        letters.draw(painter, left + room + px(_VALUE - 8), middle, value, "text", right=True)
        if not whole:
            at = left + room + px(_VALUE)
            free = max(0, box.width() - at - px(8))
            self.body.draw(painter, at, middle, self._parts[row].behind, "text_muted", room=free)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the part that was pressed."""
        super().mousePressEvent(event)
        row = self.part_at(event.position().toPoint())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.on_chosen(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first press has chosen it."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Without a current part, Return has the first."""
        if self._current < 0 and self._parts and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_to(0)
        super().keyPressEvent(event)

    def on_chosen(self, row: int) -> None:
        """Tell which part it is."""
        if row < len(self._parts):
            self.chosen.emit(self._parts[row].key)

    def _room(self, width: int) -> int:
        free = width - self.sizes.px(_NAME + _VALUE)
        # Without words behind the parts the bars have all of it.
        told = any(part.behind for part in self._parts)
        return max(self.sizes.px(60), free * 4 // 9 if told else free - self.sizes.px(8))

    def _scaled(self, value: float) -> float:
        low, high = float(self._ends.min()), float(self._ends.max())
        return (value - low) / (high - low) if high > low else 0.0
