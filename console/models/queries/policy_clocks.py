"""What another policy would do to every clock of the tickets in progress: how many of each would be past due.

Their events are read once; the clocks are then folded under each policy, away from the board's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from console import turns
from console.models.domain.clock_targets import ClockName
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.live import fold, in_progress
from console.models.live.due_index import DueIndex
from console.models.live.target_table import CLOCKS
from console.models.policy.policy import Policy

_TICKETS = 2_000
"""Folded between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock: how many run past their due time, before and after."""

    clock: ClockName
    before: int
    after: int


class Histories:
    """The events of the tickets in progress. One thread at a time counts in it."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows[fold.in_order(rows)]
        self._before: tuple[Policy, int, NDArray[np.int64]] | None = None

    @classmethod
    def read(cls, log: LogReader, now: int, progress: Progress) -> Self:
        """From the log, as of now (microseconds since the epoch); blocks. Raises `ports.Cancelled`."""
        return cls(in_progress.read(log, now, progress).rows)

    def effect(self, old: Policy, new: Policy, now: int, progress: Progress) -> tuple[ClockLine, ...]:
        """Every clock under both policies; blocks. Raises `ports.Cancelled` when asked to stop."""
        if self._before is None or self._before[0] is not old or self._before[1] != now:
            self._before = old, now, self._late(old, now, progress)
        before, after = self._before[2], self._late(new, now, progress)
        return tuple(ClockLine(clock, int(before[lane]), int(after[lane])) for lane, clock in enumerate(CLOCKS))

    def _late(self, policy: Policy, now: int, progress: Progress) -> NDArray[np.int64]:
        found = np.zeros(len(CLOCKS), dtype=np.int64)
        starts = np.flatnonzero(fold.firsts(self._rows["subject"]))
        for place in range(0, starts.size, _TICKETS):
            turns.after_the_frame()
            progress.step(place, starts.size)
            end = starts[place + _TICKETS] if place + _TICKETS < starts.size else self._rows.size
            index = DueIndex(policy)
            index.load(self._rows[starts[place] : end], _TICKETS)
            due = index.due[:, : len(CLOCKS)]
            found += ((due > 0) & (due <= now)).sum(axis=0)
        return found
