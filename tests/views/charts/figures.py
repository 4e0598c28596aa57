"""Small made-up figures that look like a real morning, for the tests of the charts and their pictures."""

from __future__ import annotations

import numpy as np

from console.models.domain.concentration import lorenz, membership, top_share
from console.views.charts.cause_bars import Part
from console.views.charts.heat_map import HeatData
from console.views.charts.index_chart import IndexData
from console.views.charts.load_bars import BarsData
from console.views.charts.lorenz_chart import LorenzData
from console.views.theme import State

NAMES = (
    "彭欣妍 Peng Xinyan",
    "蔡语嫣 Cai Yuyan",
    "Angela Wei",
    "雷子睿 Lei Zirui",
    "Alexandra Featherstonehaugh-Smith",
)
LOAD = np.array([58, 41, 33, 30, 12, 9, 8, 6, 5, 4, 3, 2], dtype=float)


def curve(load: np.ndarray = LOAD, after: np.ndarray | None = None) -> LorenzData:
    people = np.ones(load.size)
    drawn, share = lorenz(load, people), top_share(load, people, 0.3)
    then = None if after is None else tuple(lorenz(after, people))
    return LorenzData(drawn.capacity, drawn.load, 0.3, share, 0.7, share >= 0.7, then)


def bars(load: np.ndarray = LOAD, unit: str = "contacts", notes: bool = True) -> BarsData:
    count = load.size
    fair = np.full(count, load.mean()) * np.linspace(1.2, 0.8, count)
    busiest = membership(load, np.ones(count), 0.3) if load.sum() else np.zeros(count)
    noted = {0: ("9 / 8", State.DANGER), 3: ("On break", State.PAUSED)} if notes else {}
    return BarsData(
        list(range(1, count + 1)),
        [NAMES[row % len(NAMES)] for row in range(count)],
        load,
        fair,
        busiest,
        noted,
        unit,
    )


def sheet(rows: int = 12, hours: int = 10, unit: str = "contacts") -> HeatData:
    rng = np.random.default_rng(7)
    values = rng.poisson(6, (rows, hours)).astype(float) * np.linspace(2.4, 0.3, rows)[:, None]
    off = rng.random((rows, hours)) < 0.2
    values[off] = 0
    names = [NAMES[row % len(NAMES)] for row in range(rows)]
    return HeatData(list(range(1, rows + 1)), names, [f"{9 + hour:02d}:00" for hour in range(hours)], values, off, unit)


def parts() -> list[Part]:
    return [
        Part("picked", "Self-picking", 0.241, "+24.1", "Peng Xinyan +8.2, Cai Yuyan +6.1 · Refund +9.0"),
        Part("routed", "Routing rule", 0.14, "+14.0", "Angela Wei +5.0"),
        Part("shift_length", "Shift length", 0.052, "+5.2"),
        Part("transferred", "Transfers in", -0.031, "−3.1", "Lei Zirui −2.0"),
    ]


def course(points: int = 24) -> IndexData:
    share = 0.55 + 0.22 * np.sin(np.arange(points) / 4)
    share[[p for p in (3, 8, 10) if p < points]] = np.nan
    names = [f"{hour % 24:02d}:00" for hour in range(points)]
    spoken = [f"{name}: {100 * value:.0f} %" for name, value in zip(names, share, strict=True)]
    return IndexData(names, share, share - 0.09, share + 0.07, 0.7, spoken)
