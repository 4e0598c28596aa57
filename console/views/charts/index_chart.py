"""How a share went over time: a line with the range of what it may truly have been, and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.pictures import Table
from console.views.charts.plot import Numbers, Plot, diamond, dots, line, share

_ALONE = 0.2
"""Half the width of a range without neighbours, in steps."""


@dataclass(frozen=True, slots=True)
class IndexData:
    """A share for each of ``names`` (hours or days, in order), NaN where there was none, with the bounds of the true
    one; ``limit`` is the share that is too much. ``spoken`` says a point in full."""

    names: Sequence[str]
    share: Numbers
    low: Numbers
    high: Numbers
    limit: float
    spoken: Sequence[str]


class IndexChart(Plot):
    """``chosen`` carries the place of a point that was pressed."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._data: IndexData | None = None
        self._marked: tuple[Sequence[str], float] = ((), 0.0)
        super().__init__(name, parent)
        self._band = self.add_band(connect="finite")
        self._line = self.add_curve(connect="finite")
        self.retheme()

    def show_data(self, data: IndexData | None) -> None:
        """Show how it went, or nothing."""
        self._data = data if data is not None and len(data.names) else None
        for item in (self._band, self._line):
            item.setVisible(self._data is not None)
        if self._data is None:
            self.summarise("")
        else:
            self._show(self._data)
        self.repaint_soon()

    def _show(self, data: IndexData) -> None:
        x = np.arange(len(data.names), dtype=np.float64)
        known = np.isfinite(data.share)
        self._band.setData(*_outline(x, data.low, data.high, known & np.isfinite(data.low) & np.isfinite(data.high)))
        self._line.setData(x, data.share)
        self.set_ranges((-0.5, len(data.names) - 0.5), (0.0, 1.0))
        if self._marked != (data.names, data.limit):
            self._mark_axes(data)
        if not known.any():
            self.summarise(_("Nothing is known of this time."))
            return
        over = int((known & (data.share >= data.limit)).sum())
        self.summarise(
            _("{n} points, {over} at or over the limit; the last: {last}").format(
                n=int(known.sum()), over=over, last=data.spoken[int(np.flatnonzero(known)[-1])]
            )
        )

    def retheme(self) -> None:
        """Colours, fonts and sizes anew."""
        super().retheme()
        self._line.setPen(line("accent", self.sizes.px(2)))
        self._band.setBrush(theme.color("accent_soft"))
        if self._data is not None:
            self._mark_axes(self._data)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """More or fewer words have room below."""
        super().resizeEvent(event)
        if self._data is not None:
            self._mark_axes(self._data)

    def place_at(self, at: float) -> int | None:
        """The step that a place of the x axis belongs to."""
        place = round(at)
        return place if self._data is not None and 0 <= place < len(self._data.names) else None

    def read(self, at: float) -> tuple[QPointF, str] | None:
        """The point of a step, and what is said of it."""
        place = self.place_at(at)
        if self._data is None or place is None:
            return None
        value = float(self._data.share[place])
        return self.spot(place, value if np.isfinite(value) else 0.0), self._data.spoken[place]

    def steps(self) -> Sequence[float]:
        """Every step."""
        return range(len(self._data.names)) if self._data is not None else ()

    def on_chosen(self, at: float) -> None:
        """Tell which step was pressed."""
        place = self.place_at(at)
        if place is not None:
            self.chosen.emit(place)

    def table(self) -> Table:
        """A row for each step."""
        data, headers = self._data, (_("time"), _("share"), _("at least"), _("at most"))
        if data is None:
            return Table(headers, ())
        columns = (data.share, data.low, data.high)
        return Table(
            headers,
            [
                [name, *(f"{column[row]:.4f}" if np.isfinite(column[row]) else "" for column in columns)]
                for row, name in enumerate(data.names)
            ],
        )

    def annotate(self, painter: QPainter, area: QRectF) -> None:
        """The limit with its words, and a mark for each point: what is over the limit has a shape of its own."""
        data = self._data
        if data is None:
            return
        self._paint_limit(painter, area, data.limit)
        side = self.sizes.px(10)
        roomy = area.width() / len(data.names) >= side
        plain: list[QPointF] = []
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("danger"))
        for place, value in enumerate(data.share.tolist()):
            if value >= data.limit:
                painter.drawPolygon(diamond(self.spot(place, value), side / 2))
            elif not isnan(value) and (roomy or not _has_neighbours(data.share, place)):
                plain.append(self.spot(place, value))
        dots(painter, plain, self.sizes.px(3), "accent")

    def _paint_limit(self, painter: QPainter, area: QRectF, limit: float) -> None:
        y = round(self.spot(0.0, limit).y()) + 0.5
        pen = QPen(theme.color("danger"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        font = self.sizes.font("small")
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(theme.color("danger"))
        words = _("{share} is too much").format(share=share(limit))
        painter.drawText(QPointF(area.right() - metrics.horizontalAdvance(words), y - self.sizes.px(4)), words)

    def _mark_axes(self, data: IndexData) -> None:
        self._marked = (data.names, data.limit)
        metrics = QFontMetricsF(self.sizes.font("small"))
        widest = max(map(metrics.horizontalAdvance, data.names)) + self.sizes.px(16)
        fit = max(1, int(self.area().width() / max(1.0, widest)))
        every = max(1, -(-len(data.names) // fit))
        self.set_ticks(
            [(float(place), data.names[place]) for place in range(0, len(data.names), every)],
            [(at, share(at)) for at in sorted({0.0, 0.5, data.limit, 1.0})],
        )


def _outline(x: Numbers, low: Numbers, high: Numbers, known: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """The band as closed lines, one for each unbroken stretch of steps, with NaN between them."""
    xs, ys = [np.full(1, np.nan)], [np.full(1, np.nan)]
    places = np.flatnonzero(known)
    for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if places.size else ():
        across, lower, upper = x[run], low[run], high[run]
        if run.size == 1:
            across = np.array([x[run[0]] - _ALONE, x[run[0]] + _ALONE])
            lower, upper = np.repeat(lower, 2), np.repeat(upper, 2)
        xs += [across, across[::-1], across[:1], np.full(1, np.nan)]
        ys += [upper, lower[::-1], upper[:1], np.full(1, np.nan)]
    return np.concatenate(xs), np.concatenate(ys)


def _has_neighbours(values: Numbers, place: int) -> bool:
    around = values[max(0, place - 1) : place + 2]
    return int(np.isfinite(around).sum()) > 1
