"""The usual way with pyqtgraph: everything is cleared and added again, ranges and levels are found by themselves."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QGridLayout, QWidget

from benchmarks.balance import day
from benchmarks.balance.measure import run


class Charts(QWidget):
    """The same five figures, without words of their own."""

    def __init__(self) -> None:
        super().__init__()
        pg.setConfigOptions(antialias=True)
        self.curve, self.bars, self.sheet, self.causes, self.course = (pg.PlotWidget() for _chart in range(5))
        grid = QGridLayout(self)
        grid.addWidget(self.curve, 0, 0)
        grid.addWidget(self.bars, 0, 1)
        grid.addWidget(self.sheet, 0, 2)
        grid.addWidget(self.causes, 1, 0)
        grid.addWidget(self.course, 1, 1, 1, 2)
        self._image = pg.ImageItem()
        self.sheet.addItem(self._image)

    def follow(self, tick: day.Tick) -> None:
        """Show a tick in all of them."""
        self.curve.clear()
        self.curve.plot([0, 1], [0, 1])
        self.curve.plot(1 - tick.curve.capacity[::-1], 1 - tick.curve.load[::-1], pen=pg.mkPen("b", width=2))
        self.bars.clear()
        self.bars.addItem(pg.BarGraphItem(x0=0, y=np.arange(day.AGENTS), height=0.8, width=tick.load, brush="b"))
        self.bars.plot(tick.fair, np.arange(day.AGENTS), pen=None, symbol="t")
        self._image.setImage(tick.by_hour.T, autoLevels=True)
        self.causes.clear()
        self.causes.addItem(pg.BarGraphItem(x0=0, y=np.arange(len(day.CAUSES)), height=0.6, width=tick.parts))
        self.course.clear()
        at = np.arange(day.POINTS)
        low = self.course.plot(at, tick.history - 0.08)
        high = self.course.plot(at, tick.history + 0.08)
        self.course.addItem(pg.FillBetweenItem(low, high, brush="c"))
        self.course.plot(at, tick.history, pen=pg.mkPen("b", width=2), symbol="o")


if __name__ == "__main__":
    run(Charts)
