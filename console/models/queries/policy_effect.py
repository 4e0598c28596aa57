"""What another policy would do to the open tickets: how many would be in breach or about to be, by channel.

The tickets are copied from the board in small pieces, and counted under both policies away from the board's thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from console import turns
from console.models.domain.contacts import Channel
from console.models.domain.ports import Progress
from console.models.live.board import Board
from console.models.live.columns import ALL, DERIVED, Columns
from console.models.live.derive import derive
from console.models.policy.policy import Policy

_COPIED = 5_000
"""Tickets in a piece: a few milliseconds of the board's thread."""
_COUNTED = 50_000

Counts = NDArray[np.int64]
"""One number for each channel code."""


class Waiting:
    """A copy of the tickets whose customer waits, as they are while it is taken. `take` it on the board's thread, once
    for each piece, until it answers True; after that any thread may count in it."""

    def __init__(self) -> None:
        self.columns = Columns(1)
        self._slots: NDArray[np.int64] | None = None

    def take(self, board: Board) -> bool:
        """Copy the next piece; True when there is no more."""
        if self._slots is None:
            # Whether somebody waits is a matter of the events alone, so no policy can add to these.
            self._slots = np.flatnonzero(board.columns.of("waiting_since"))
            self.columns.reserve(self._slots.size)
        first = self.columns.count
        slots = self._slots[first : first + _COPIED]
        if slots.size:
            self.columns.copy_rows(self.columns.add(board.columns.id[slots]), board.columns, slots)
        return self.columns.count == self._slots.size

    @property
    def count(self) -> int:
        """How many."""
        return self.columns.count


@dataclass(frozen=True)
class Tally:
    """Under one policy, by channel: past the due time, and due within the channel's warning time."""

    breached: Counts = field(default_factory=lambda: np.zeros(len(Channel), dtype=np.int64))
    at_risk: Counts = field(default_factory=lambda: np.zeros(len(Channel), dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Line:
    """One channel, before and after."""

    channel: Channel
    breached_before: int
    breached_after: int
    at_risk_before: int
    at_risk_after: int


@dataclass(frozen=True)
class Effect:
    """The waiting tickets at an instant under the policy in force and under another; ``tickets`` is how many wait."""

    tickets: int
    at: int
    before: Tally
    after: Tally

    @property
    def breached(self) -> tuple[int, int]:
        """In breach before and after."""
        return int(self.before.breached.sum()), int(self.after.breached.sum())

    @property
    def at_risk(self) -> tuple[int, int]:
        """About to breach before and after."""
        return int(self.before.at_risk.sum()), int(self.after.at_risk.sum())

    def lines(self) -> Iterator[Line]:
        """The channels where anything differs, the largest change of breaches first."""
        parts = (self.before.breached, self.after.breached, self.before.at_risk, self.after.at_risk)
        lines = [Line(channel, *(int(part[channel]) for part in parts)) for channel in Channel]
        changed = [
            line
            for line in lines
            if (line.breached_before, line.at_risk_before) != (line.breached_after, line.at_risk_after)
        ]
        return iter(sorted(changed, key=lambda line: -abs(line.breached_after - line.breached_before)))


def effect(waiting: Waiting, old: Policy, new: Policy, now: int, progress: Progress) -> Effect:
    """Count the tickets under both policies at an instant (microseconds since the epoch); blocks, so for workers.

    Raises `ports.Cancelled` when asked to stop.
    """
    total = 2 * waiting.count
    before = _tally(waiting.columns, old, now, progress, 0, total)
    after = _tally(waiting.columns, new, now, progress, waiting.count, total)
    return Effect(waiting.count, now, before, after)


def _tally(tickets: Columns, policy: Policy, now: int, progress: Progress, done: int, total: int) -> Tally:
    own = _with_own_derived(tickets)
    breached, at_risk = np.zeros(len(Channel), dtype=np.int64), np.zeros(len(Channel), dtype=np.int64)
    for start in range(0, own.count, _COUNTED):
        turns.after_the_frame()
        progress.step(done + start, total)
        piece = slice(start, min(start + _COUNTED, own.count))
        derive(own, piece, policy)
        due, channel = own.due_at[piece], own.channel[piece]
        is_late = (due > 0) & (due <= now)
        is_close = (due > now) & (due <= now + policy.warning_by_channel[channel])
        breached += np.bincount(channel[is_late], minlength=len(Channel))
        at_risk += np.bincount(channel[is_close], minlength=len(Channel))
    return Tally(breached, at_risk)


def _with_own_derived(tickets: Columns) -> Columns:
    """The same tickets with room of their own for what a policy makes of them: several may count at once."""
    own = Columns(1)
    for name in ALL:
        setattr(own, name, getattr(tickets, name).copy() if name in DERIVED else getattr(tickets, name))
    own.count = tickets.count
    return own
