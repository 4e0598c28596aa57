"""R-FRT-CHANNEL, the reply rate of a marketplace as a budget: how many more misses the day can bear.

All arithmetic is exact; a share such as 0.90 is taken as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True, slots=True)
class Budget:
    """The turns of a day that began in the window of the platform.

    ``met`` were answered in time, ``missed`` too late, not at all, or wait longer than allowed; ``pending`` still wait
    within it. ``expected`` more will come until the window ends; ``target`` is the share that must be met.
    """

    met: int
    missed: int
    pending: int
    expected: int
    target: Fraction

    @property
    def decided(self) -> int:
        """Turns of which is known whether they were met."""
        return self.met + self.missed

    @property
    def rate(self) -> Fraction | None:
        """The share met of what is decided; None before anything is."""
        return Fraction(self.met, self.decided) if self.decided else None

    @property
    def misses_left(self) -> int:
        """How many more may be missed until the end if as many come as expected and all others are met; below zero
        when the day can no longer reach its target in this way."""
        whole = self.decided + self.pending + self.expected
        return whole - ceil(self.target * whole) - self.missed

    @property
    def misses_left_now(self) -> int:
        """The same if nobody else wrote any more: what can be missed at once without going under the target."""
        whole = self.decided + self.pending
        return whole - ceil(self.target * whole) - self.missed

    @property
    def hits_needed(self) -> int | None:
        """How many turns in a row must be met to be back on the target; 0 when it is met, None when no number will do
        (a target of 100 % with a miss)."""
        short = self.target * self.decided - self.met
        if short <= 0:
            return 0
        return ceil(short / (1 - self.target)) if self.target < 1 else None


def expected_turns(came: int, elapsed: int, left: int) -> int:
    """How many more will come if the rest of the window is as busy as its time so far (both in the same unit).

    The assumption is plain on purpose and is told beside the number; 0 before any time has passed.
    """
    return came * left // elapsed if elapsed > 0 else 0
