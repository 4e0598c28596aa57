"""R-SKEW: how unevenly work is shared. Lorenz curve, Gini coefficient, and what the busiest part carries.

Every figure takes ``load`` (contacts, or minutes of handling) and ``capacity`` (staffed hours, times how many a person
may handle at once), one number each per person. People stand in the order of their load per capacity, so somebody who
worked half a day with half the contacts is as busy as the others. With equal capacities these are the figures by head.

The curve and the coefficient are those of M. O. Lorenz (1905) and C. Gini (1912), with people weighted by capacity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Curve(NamedTuple):
    """A Lorenz curve: from (0, 0) to (1, 1) through one point per person, the least busy first."""

    capacity: Numbers
    load: Numbers


def lorenz(load: Numbers, capacity: Numbers) -> Curve:
    """The curve; with no load at all it is the line of equal shares.

    Raises ValueError where a load is negative, a capacity not above zero, or there is nobody.
    """
    x, y = _curves(*_checked(load, capacity))
    return Curve(x[0], y[0])


def gini(load: Numbers, capacity: Numbers) -> float:
    """Twice the area between the curve and the line of equal shares: 0 when all are equally busy, near 1 when one
    person does everything. Raises ValueError as `lorenz`."""
    curve = lorenz(load, capacity)
    return float(1 - np.sum(np.diff(curve.capacity) * (curve.load[1:] + curve.load[:-1])))


def top_share(load: Numbers, capacity: Numbers, part: float) -> float:
    """Which share of the load the busiest ``part`` of the capacity carries; between two people the curve is straight.

    Raises ValueError as `lorenz`, and for a part that is not between 0 and 1.
    """
    return float(top_shares(np.asarray(load, dtype=np.float64)[None, :], capacity, part)[0])


def top_shares(loads: Numbers, capacity: Numbers, part: float) -> Numbers:
    """`top_share` of many loads at once, one per row."""
    if not 0 < part < 1:
        raise ValueError(f"a part of {part} is not between 0 and 1")
    x, y = _curves(*_checked(loads, capacity))
    cut = 1 - part
    # The last point at or before the cut; rounding must not push it behind the last person.
    right = np.minimum((x <= cut).sum(axis=1), x.shape[1] - 1)
    row = np.arange(x.shape[0])
    x0, x1, y0, y1 = x[row, right - 1], x[row, right], y[row, right - 1], y[row, right]
    return np.asarray(1 - (y0 + (y1 - y0) * (cut - x0) / (x1 - x0)))


def membership(load: Numbers, capacity: Numbers, part: float) -> Numbers:
    """How much of each person belongs to the busiest part, 0 to 1: those at its edge, who are equally busy, in equal
    measure. The members' load is `top_share`. Raises ValueError as that."""
    if not 0 < part < 1:
        raise ValueError(f"a part of {part} is not between 0 and 1")
    loads, weights = _checked(load, capacity)
    ratio = loads[0] / weights
    _values, rank = np.unique(ratio, return_inverse=True)
    together = np.bincount(rank, weights)
    above = np.cumsum(together[::-1])[::-1] - together
    room = np.clip(part * weights.sum() - above, 0, together)
    return np.asarray((room / together)[rank])


def _checked(load: Numbers, capacity: Numbers) -> tuple[Numbers, Numbers]:
    loads = np.atleast_2d(np.asarray(load, dtype=np.float64))
    weights = np.asarray(capacity, dtype=np.float64)
    if weights.ndim != 1 or weights.size == 0 or loads.shape[1:] != weights.shape:
        raise ValueError("there must be a load and a capacity for each person, and somebody")
    if not (np.isfinite(weights).all() and (weights > 0).all()):
        raise ValueError("every capacity must be above zero")
    if not (np.isfinite(loads).all() and (loads >= 0).all()):
        raise ValueError("no load may be negative")
    return loads, weights


def _curves(loads: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    order = np.argsort(loads / weights, axis=1, kind="stable")
    total = loads.sum(axis=1, keepdims=True)
    # Without any load everybody carries as much as anybody.
    shared = np.where(total > 0, loads, weights)
    return _cumulated(np.broadcast_to(weights, loads.shape), order), _cumulated(shared, order)


def _cumulated(values: Numbers, order: NDArray[np.intp]) -> Numbers:
    run = np.cumsum(np.take_along_axis(values, order, axis=1), axis=1)
    return np.hstack([np.zeros((run.shape[0], 1)), run / run[:, -1:]])
