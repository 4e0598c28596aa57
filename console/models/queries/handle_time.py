"""R-ROUTE: how long contacts take to handle, held against the goal.

The handle time of a contact is what everybody worked on it in the span together, as `effort` reads it; the average
(AHT) is that of the contacts which somebody handled in the span.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.queries.effort import Handled


@dataclass(frozen=True, slots=True)
class HandleTime:
    """Of so many contacts, in minutes; ``over`` are the ids of those above the goal, the longest first. The goal is met
    when the mean is not above it."""

    contacts: int
    mean: float
    median: float
    goal: float
    over: tuple[int, ...]

    @property
    def over_share(self) -> float:
        """The share of contacts above the goal."""
        return len(self.over) / self.contacts

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.mean <= self.goal


def handle_time(done: Handled, goal: int) -> HandleTime | None:
    """The handle time of these contacts, None without any; ``goal`` is in microseconds."""
    tickets, of = np.unique(done.ticket, return_inverse=True)
    if not tickets.size:
        return None
    times = np.bincount(of, done.minutes, tickets.size)
    longest = np.lexsort((tickets, -times))
    over: NDArray[np.int32] = tickets[longest[times[longest] > goal]]
    mean, median = float(times.mean()) / MINUTE, float(np.median(times)) / MINUTE
    return HandleTime(tickets.size, mean, median, goal / MINUTE, tuple(over.tolist()))
