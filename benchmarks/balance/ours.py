"""Our side: the charts of the balance screen, with the words that they show."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from benchmarks.balance import day
from benchmarks.balance.measure import run
from console.views.charts.cause_bars import CauseBars, Part
from console.views.charts.heat_map import HeatData, HeatMap
from console.views.charts.index_chart import IndexChart, IndexData
from console.views.charts.load_bars import BarsData, LoadBars
from console.views.charts.lorenz_chart import LorenzChart, LorenzData
from console.views.theme import State

_NAMES = [f"林晓 Agent {number}" for number in range(day.AGENTS)]


class Charts(QWidget):
    """All five, as the screen has them."""

    def __init__(self) -> None:
        super().__init__()
        self.curve, self.bars = LorenzChart(), LoadBars("Agents")
        self.sheet, self.causes, self.course = HeatMap("Hours"), CauseBars("Causes"), IndexChart("Course")
        grid = QGridLayout(self)
        grid.addWidget(self.curve, 0, 0)
        grid.addWidget(self.bars, 0, 1)
        grid.addWidget(self.sheet, 0, 2)
        grid.addWidget(self.causes, 1, 0)
        grid.addWidget(self.course, 1, 1, 1, 2)

    def follow(self, tick: day.Tick) -> None:
        """Show a tick in all of them."""
        keys = (tick.agents + 1).tolist()
        names = [_NAMES[agent] for agent in tick.agents.tolist()]
        self.curve.show_data(
            LorenzData(tick.curve.capacity, tick.curve.load, day.PART, tick.share, day.LIMIT, tick.share > day.LIMIT)
        )
        self.bars.show_data(
            BarsData(
                keys,
                names,
                tick.load,
                tick.fair,
                tick.busiest,
                {0: ("9 / 8", State.DANGER), 2: ("On break", State.PAUSED)},
                "contacts",
            )
        )
        hours = [f"{hour:02d}:00" for hour in range(day.HOURS)]
        self.sheet.show_data(HeatData(keys, names, hours, tick.by_hour, tick.off, "contacts"))
        self.causes.show_parts(
            [
                Part(name, name, value, f"{100 * value:+.1f}", "Agent 3 +1.0, Agent 5 +0.8")
                for name, value in zip(day.CAUSES, tick.parts.tolist(), strict=True)
            ],
            f"{100 * tick.parts.sum():+.1f}",
        )
        days = [f"11-{1 + place % 30:02d}" for place in range(day.POINTS)]
        low, high = tick.history - 0.08, np.minimum(1.0, tick.history + 0.08)
        self.course.show_data(IndexData(days, tick.history, low, high, day.LIMIT, days))


if __name__ == "__main__":
    run(Charts)
