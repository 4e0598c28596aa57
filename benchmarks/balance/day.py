"""The day that both sides show: five hundred agents whose loads change with every tick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import Curve, lorenz, membership, top_share

AGENTS = 500
HOURS = 24
POINTS = 56
PART, LIMIT = 0.3, 0.7
WIDTH, HEIGHT = 1600, 900
CAUSES = ("Self-picking", "Routing rule", "Shift length", "Transfers in", "Returning customers")
Numbers = NDArray[np.float64]


class Tick(NamedTuple):
    """What there is to show: loads and fair shares of all agents (the busiest first), the curve with its share, the
    work by agent and hour, the parts of the excess, and how the share went, of which the last point moves."""

    agents: NDArray[np.intp]
    load: Numbers
    fair: Numbers
    busiest: Numbers
    curve: Curve
    share: float
    by_hour: Numbers
    off: NDArray[np.bool_]
    parts: Numbers
    history: Numbers


def ticks() -> Iterator[Tick]:
    """One tick after another, without end; every agent's load moves in each."""
    rng = np.random.default_rng(4)
    load = np.round(rng.gamma(0.6, 20.0, AGENTS))
    capacity = rng.uniform(3.0, 8.0, AGENTS)
    by_hour = rng.poisson(6, (AGENTS, HOURS)).astype(np.float64)
    off = rng.random((AGENTS, HOURS)) < 0.2
    history = 0.6 + 0.15 * np.sin(np.arange(POINTS) / 6) + rng.normal(0, 0.02, POINTS)
    while True:
        load = np.maximum(0.0, load + rng.integers(-2, 3, AGENTS))
        by_hour = np.maximum(0.0, by_hour + rng.integers(-1, 2, by_hour.shape))
        history = np.append(history[:-1], np.clip(history[-1] + rng.normal(0, 0.01), 0.4, 0.9))
        order = np.argsort(-load, kind="stable")
        yield Tick(
            order,
            load[order],
            (capacity / capacity.sum() * load.sum())[order],
            membership(load, capacity, PART)[order],
            lorenz(load, capacity),
            top_share(load, capacity, PART),
            np.where(off, 0.0, by_hour)[order],
            off[order],
            rng.uniform(-0.05, 0.15, len(CAUSES)),
            history,
        )
