"""Wall-clock jumps, seen against the monotonic clock."""

from __future__ import annotations

from console.clock import SECOND
from console.models.domain.ports import Clock

TOLERANCE = 2 * SECOND
"""Microseconds. Less than this between two looks is the drift and slewing of an ordinary clock."""


class Jumps:
    """Compares how far both clocks went since the last look."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._monotonic = clock.monotonic()

    def look(self) -> int:
        """How far the wall clock jumped since the last look, in microseconds; 0 when it only ran.

        Positive after a step forward, and after a sleep that the monotonic clock did not count: the two cannot be
        told apart, and mean the same for whoever waits.
        """
        wall, monotonic = self._clock.now(), self._clock.monotonic()
        jump = (wall - self._wall) - round((monotonic - self._monotonic) * SECOND)
        self._wall, self._monotonic = wall, monotonic
        return jump if abs(jump) >= TOLERANCE else 0
