"""A sheet of cells: a row for each person, a column for each hour, the stronger the more; hours off are hatched.

The colours are one picture, made anew only when figures or theme change. They run in one hue from faint to strong, so
that they stay in order for every kind of colour vision and in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from console.i18n import _
from console.views import formats, theme
from console.views.charts.pictures import Table
from console.views.charts.plot import Numbers
from console.views.charts.rows import Rows
from console.views.charts.shades import SHADES, shades

_NAME, _LEGEND, _HOURS, _ROW = 148, 24, 22, 22
_NUMBERS_FROM = 26
"""Cells narrower than this have no room for their number."""
_GAP_FROM = 5


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


class HeatMap(Rows):
    """``chosen`` carries the key of the row and the place of the hour that was double-clicked, or chosen by Return."""

    chosen = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._data: HeatData | None = None
        self._most = 1.0
        self._column, self._over = 0, (-1, -1)
        self._shades: NDArray[np.uint32] = np.zeros(SHADES, dtype=np.uint32)
        self._inks: list[theme.ColorName] = ["text"] * SHADES
        self._levels: NDArray[np.intp] = np.zeros((0, 0), dtype=np.intp)
        self._image = QImage()
        super().__init__(name, (520, 8), head=_LEGEND + _HOURS, row=_ROW, parent=parent)

    def show_data(self, data: HeatData | None) -> None:
        """Show a sheet, or none."""
        self._data = data if data is not None and data.values.size else None
        if self._data is not None:
            self._most = max(float(self._data.values.max()), 1e-9)
            rows, columns = self._data.values.shape
            self._current = min(self._current, rows - 1)
            self._column = min(self._column, columns - 1)
        self._picture()
        self._follow_data()

    def retheme(self) -> None:
        """Colours, fonts and sizes anew."""
        self._shades, self._inks = shades()
        self._picture()
        super().retheme()

    def count(self) -> int:
        """How many people there are."""
        return 0 if self._data is None else len(self._data.keys)

    def cell_at(self, at: QPoint) -> tuple[int, int] | None:
        """Row and column at a point of the viewport, None beside the cells."""
        data, row = self._data, self.place_at(at.y())
        if data is None or row < 0 or at.x() < self.sizes.px(_NAME):
            return None
        column = (at.x() - self.sizes.px(_NAME)) // self._width_of_column()
        return (row, column) if column < len(data.hours) else None

    def words(self, row: int) -> str:
        """The cell of a row in the current hour."""
        return self.cell_words(row, self._column)

    def cell_words(self, row: int, column: int) -> str:
        """A cell in a sentence."""
        data = self._data
        if data is None:
            return ""
        name, hour = data.names[row], data.hours[column]
        if data.off[row, column]:
            return _("{name}, {hour}: not there").format(name=name, hour=hour)
        value = formats.count(round(float(data.values[row, column])))
        return _("{name}, {hour}: {value} {unit}").format(name=name, hour=hour, value=value, unit=data.unit)

    def table(self) -> Table:
        """A row for each person, a column for each hour; hours off are empty."""
        data = self._data
        if data is None:
            return Table((_("Agent"),), ())
        rows = [
            [name, *("" if off else f"{value:.2f}" for value, off in zip(values, there, strict=True))]
            for name, values, there in zip(data.names, data.values, data.off, strict=True)
        ]
        return Table((_("Agent"), *data.hours), rows)

    def paint_head(self, painter: QPainter, width: int) -> None:
        """The scale with its unit, what is hatched, the cell under the pointer; below it the hours."""
        data = self._data
        if data is None:
            return
        px = self.sizes.px
        middle, left = px(_LEGEND) // 2, px(8)
        self.small.draw(painter, left, middle, "0", "text_muted")
        left += round(self.small.width("0")) + px(6)
        strip = QImage(self._shades.tobytes(), SHADES, 1, QImage.Format.Format_RGB32)
        painter.drawImage(QRect(left, middle - px(5), px(96), px(10)), strip)
        left += px(96 + 6)
        most = f"{formats.count(round(self._most))} {data.unit}"
        self.small.draw(painter, left, middle, most, "text_muted")
        left += round(self.small.width(most)) + px(16)
        self._hatch(painter, QRect(left, middle - px(5), px(16), px(10)))
        left += px(16 + 6)
        self.small.draw(painter, left, middle, _("not there"), "text_muted")
        left += round(self.small.width(_("not there"))) + px(16)
        row, column = self._over
        if 0 <= row < self.count() and column < len(data.hours) and not self._bare:
            told = self.cell_words(row, column)
            room = max(0, width - px(8) - left)
            self.small.draw(painter, width - px(8), middle, self.small.shortened(told, room), "text", right=True)
        self._paint_hours(painter, data)

    def _paint_hours(self, painter: QPainter, data: HeatData) -> None:
        px, width = self.sizes.px, self._width_of_column()
        middle = px(_LEGEND) + px(_HOURS) // 2
        widest = max(map(self.small.width, data.hours)) + px(6)
        every = max(1, -(-round(widest) // width))
        for column in range(0, len(data.hours), every):
            hour = data.hours[column]
            # In the middle of its column, but where it is wider than that from its left edge on.
            free = (width - self.small.width(hour)) / 2 if every == 1 else 0
            self.small.draw(painter, px(_NAME) + column * width + free, middle, hour, "text_muted")

    def paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        """The name and the cells of a person."""
        data = self._data
        if data is None:
            return
        px, width = self.sizes.px, self._width_of_column()
        middle, left, hours = box.y() + box.height() // 2, px(_NAME), len(data.hours)
        self.body.draw(painter, px(8), middle, data.names[row], "text", room=px(_NAME - 16))
        cells = QRect(left, box.y(), width * hours, box.height() - 1)
        if data.off[row].any():
            self._hatch(painter, cells)
        if self._bare:
            # QSvgGenerator of Qt 6.11 embeds all of a picture where a part of it is drawn.
            for column in np.flatnonzero(~data.off[row]).tolist():
                cell = QRect(left + column * width, box.y(), width, box.height() - 1)
                painter.fillRect(cell, self._image.pixelColor(column, row))
        else:
            painter.drawImage(cells, self._image, QRect(0, row, hours, 1))
        if width >= px(_NUMBERS_FROM):
            self._paint_numbers(painter, data, row, middle)
        if row == self._current and self.hasFocus() and not self._bare:
            cell = QRect(left + self._column * width, box.y(), width - 1, box.height() - 1)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def paint_over(self, painter: QPainter, rows: QRect) -> None:
        """The lines between the hours."""
        width, left = self._width_of_column(), self.sizes.px(_NAME)
        if self._data is not None and width >= _GAP_FROM:
            for column in range(1, len(self._data.hours) + 1):
                painter.fillRect(left + column * width - 1, rows.y(), 1, rows.height(), theme.color("raised"))

    def _paint_numbers(self, painter: QPainter, data: HeatData, row: int, middle: int) -> None:
        width, left = self._width_of_column(), self.sizes.px(_NAME)
        values, levels = np.rint(data.values[row]).astype(int).tolist(), self._levels[row].tolist()
        for column, off in enumerate(data.off[row].tolist()):
            number = formats.count(values[column])
            wide = self.small.width(number)
            if not off and wide <= width - 2:
                ink = self._inks[levels[column]]
                self.small.draw(painter, left + column * width + (width - wide) / 2, middle, number, ink)

    def _hatch(self, painter: QPainter, box: QRect) -> None:
        painter.fillRect(box, theme.color("raised"))
        painter.fillRect(box, QBrush(theme.color("control"), Qt.BrushStyle.BDiagPattern))

    def on_chosen(self, row: int) -> None:
        """Tell which cell it is."""
        if self._data is not None:
            self.chosen.emit(self._data.keys[row], self._column)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cell that was pressed is current."""
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._column = cell[1]
            self.go_to(cell[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose the cell."""
        if self.cell_at(event.position().toPoint()) is not None:
            super().mouseDoubleClickEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the pointer is told above."""
        super().mouseMoveEvent(event)
        self._tell(self.cell_at(event.position().toPoint()) or (-1, -1))

    def _hover(self, row: int) -> None:
        super()._hover(row)
        if row < 0:
            self._tell((-1, -1))

    def _tell(self, cell: tuple[int, int]) -> None:
        if cell != self._over:
            self._over = cell
            self.viewport().update(0, 0, self.viewport().width(), self._head())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go to another hour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._data is None:
            super().keyPressEvent(event)
        else:
            self._column = min(len(self._data.hours) - 1, max(0, self._column + step))
            self.go_to(max(0, self._current))
        self._tell((self._current, self._column) if self._current >= 0 else (-1, -1))

    def tool_tip(self, event: QHelpEvent) -> None:
        """A cell in full."""
        cell = self.cell_at(event.pos())
        QToolTip.showText(event.globalPos(), self.cell_words(*cell) if cell is not None else "", self)

    def _width_of_column(self) -> int:
        """Whole pixels, so that no cell is wider than its neighbour."""
        hours = 1 if self._data is None else len(self._data.hours)
        return max(2, (self.viewport().width() - self.sizes.px(_NAME) - self.sizes.px(4)) // hours)

    def _picture(self) -> None:
        data = self._data
        if data is None:
            self._image = QImage()
            return
        # What is off lets the hatching through.
        self._levels = np.rint(np.clip(data.values / self._most, 0, 1) * (SHADES - 1)).astype(np.intp)
        colours = np.where(data.off, np.uint32(0), self._shades[self._levels])
        height, width = colours.shape
        # Qt keeps no hold on Python's memory, so it gets a copy of its own.
        self._image = QImage(
            colours.tobytes(), width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
        ).copy()
