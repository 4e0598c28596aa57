"""R-AGENT-SLOW: when an agent answers too slowly to let it be, and when that is over.

The rule in plain words, for one agent. `live.answers` keeps the counts for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Reply(NamedTuple):
    """One answer: when it was given, and how long the customer had waited for this agent. Microseconds."""

    at: int
    took: int


@dataclass(frozen=True, slots=True)
class Pace:
    """An agent's answers in the window. ``mean`` in microseconds, None without any."""

    replies: int
    total: int

    @property
    def mean(self) -> float | None:
        """The mean response time."""
        return self.total / self.replies if self.replies else None

    def is_slow(self, threshold: int, replies_at_least: int) -> bool:
        """Whether the mean is above the threshold, and there are enough replies to tell."""
        return self.replies >= max(1, replies_at_least) and self.total > threshold * self.replies


def pace(replies: Iterable[Reply], now: int, window: int) -> Pace:
    """The pace over ``now - window < at <= now``."""
    took = [reply.took for reply in replies if now - window < reply.at <= now]
    return Pace(len(took), sum(took))
