"""How a share went over time: a line with the range of what it may truly have been, and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QToolTip, QWidget

from console.i18n import _
from console.views import theme
from console.views.charts.plot import Plot

Numbers = NDArray[np.float64]


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
        self._low = pg.PlotCurveItem(connect="finite")
        self._high = pg.PlotCurveItem(connect="finite")
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._line = pg.PlotCurveItem(connect="finite")
        self._points = pg.ScatterPlotItem()
        self._limit = pg.InfiniteLine(angle=0)
        self._data: IndexData | None = None
        super().__init__(name, parent)
        for item in (self._band, self._limit, self._line, self._points):
            self.plotItem.addItem(item)
        self.pointed.connect(self._on_pointed)
        self.pressed.connect(self._on_pressed)
        self.retheme()

    def show_data(self, data: IndexData | None) -> None:
        """Show how it went, or nothing."""
        self._data = data
        shown = data is not None and bool(len(data.names))
        for item in (self._band, self._limit, self._line, self._points):
            item.setVisible(shown)
        if data is None or not shown:
            self.setAccessibleDescription("")
            return
        x = np.arange(len(data.names), dtype=np.float64)
        known = np.isfinite(data.share)
        self._low.setData(x[known], data.low[known])
        self._high.setData(x[known], data.high[known])
        self._line.setData(x, data.share)
        over = known & (data.share >= data.limit)
        inks = [theme.color("danger" if bad else "accent") for bad in over[known].tolist()]
        self._points.setData(
            x[known],
            data.share[known],
            symbol=["d" if bad else "o" for bad in over[known].tolist()],
            size=theme.px(7),
            brush=[pg.mkBrush(ink) for ink in inks],
            pen=[pg.mkPen(ink) for ink in inks],
        )
        self._limit.setPos(data.limit)
        self.set_ranges((-0.5, max(1.0, len(data.names) - 0.5)), (0.0, 1.02))
        every = max(1, len(data.names) // 12)
        self.set_ticks(
            [(float(place), data.names[place]) for place in range(0, len(data.names), every)],
            [(share, f"{100 * share:.0f}\N{NO-BREAK SPACE}%") for share in (0.0, 0.3, 0.5, 0.7, 1.0)],
        )
        self.setAccessibleDescription(
            _("{n} points, {over} at or over the limit; the last: {last}").format(
                n=int(known.sum()), over=int(over.sum()), last=data.spoken[int(np.flatnonzero(known)[-1])]
            )
            if known.any()
            else ""
        )

    def retheme(self) -> None:
        """Colours and fonts anew."""
        super().retheme()
        self._line.setPen(pg.mkPen(theme.color("accent"), width=2))
        self._band.setBrush(pg.mkBrush(theme.color("accent_soft")))
        self._limit.setPen(pg.mkPen(theme.color("danger"), width=1, style=Qt.PenStyle.DashLine))
        self.show_data(self._data)

    def place_at(self, at: QPointF) -> int | None:
        """The point nearest to a place in the plot."""
        data = self._data
        if data is None or not len(data.names):
            return None
        place = round(at.x())
        return place if 0 <= place < len(data.names) else None

    def _on_pointed(self, at: QPointF | None) -> None:
        place = None if at is None else self.place_at(at)
        if place is None or self._data is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.cursor().pos(), self._data.spoken[place], self)

    def _on_pressed(self, at: QPointF) -> None:
        place = self.place_at(at)
        if place is not None:
            self.chosen.emit(place)
