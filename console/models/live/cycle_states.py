"""Clock cycles in columns judged at a moment, with the arithmetic of `clock_states`, and turned into objects."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.calendars import always_open
from console.models.domain.clock_states import AppliedClock, Cycle, Pause, State, Stretches, reckon
from console.models.domain.clock_targets import ClockTargets
from console.models.live.columns import Slots
from console.models.live.cycle_columns import Instants, Pauses
from console.models.live.cycle_runs import Cycles
from console.models.live.target_table import CLOCKS, TargetTable

NEVER = int(np.iinfo(np.int64).max)
"""The due time of a clock of which the working calendar cannot tell when it is due."""

_WALL = always_open()


class StateCode(IntEnum):
    """`State` as a small integer."""

    MET = 0
    BREACHED = 1
    RUNNING = 2
    PAUSED = 3


STATES = tuple(State[code.name] for code in StateCode)


class Judged(NamedTuple):
    """How cycles stand: as `AppliedClock`, with 0 for a due time that nobody knows."""

    due: Instants
    state: NDArray[np.int64]
    margin: Instants
    elapsed: Instants


def judged(
    cycles: Cycles, pauses: Pauses, table: TargetTable, targets: ClockTargets, as_of: int
) -> tuple[Cycles, Judged]:
    """The cycles that count, and how they stand at a moment.

    One that was withdrawn before it was due does not count. Raises `CalendarError` where the calendar cannot answer.
    """
    due, elapsed = _reckoned(cycles, pauses, table, targets, as_of)
    known = due > 0
    stopped = cycles.stopped > 0
    margin = np.where(known, due - np.where(stopped, cycles.stopped, as_of), table.targets[cycles.rule] - elapsed)
    resting = np.where(cycles.paused > 0, StateCode.PAUSED, StateCode.RUNNING)
    state = np.where(known & (margin < 0), StateCode.BREACHED, np.where(stopped, StateCode.MET, resting))
    kept = ~(cycles.withdrawn & known & (margin >= 0))
    return cycles.chosen(kept), Judged(due[kept], state[kept], margin[kept], elapsed[kept])


def dues(cycles: Cycles, pauses: Pauses, table: TargetTable, targets: ClockTargets) -> Instants:
    """When cycles are due, 0 while nobody knows because they stand still.

    A clock in working time of which the calendar cannot tell, because the holidays of a year are missing, is due
    `NEVER`: all others go on.
    """
    business = np.flatnonzero(_is_business(cycles, targets))
    known = np.ones(cycles.lane.size, dtype=bool)
    if business.size and targets.calendar.holidays is not None:
        spans = stretches(cycles.chosen(business), pauses, None)
        known[business[spans.owner[~targets.calendar.is_known(spans.starts, spans.ends)]]] = False
    due = np.full(cycles.lane.size, NEVER)
    due[known] = _reckoned(cycles.chosen(known), pauses, table, targets, None)[0]
    return due


def applied(cycles: Cycles, judged_: Judged, pauses: Pauses, table: TargetTable) -> list[AppliedClock]:
    """The same as objects, in their order."""
    names = [table.names[rule] for rule in cycles.rule.tolist()]
    targets = table.targets[cycles.rule].tolist()
    told = zip(
        cycles.ticket.tolist(),
        [CLOCKS[lane] for lane in cycles.lane.tolist()],
        cycles.number.tolist(),
        names,
        targets,
        cycles.started.tolist(),
        [at or None for at in cycles.stopped.tolist()],
        _whole(chains_of(pauses, cycles), cycles.paused.tolist()),
        [at or None for at in cycles.given.tolist()],
        cycles.withdrawn.tolist(),
        strict=True,
    )
    return [
        AppliedClock(Cycle(*cycle), due or None, STATES[state], margin, elapsed)
        for cycle, due, state, margin, elapsed in zip(told, *(column.tolist() for column in judged_), strict=True)
    ]


def _whole(chains: Iterable[tuple[Pause, ...]], paused: Iterable[int]) -> list[tuple[Pause, ...]]:
    """The pauses of each cycle with the one that still lasts."""
    return [(*chain, Pause(since, None)) if since else chain for chain, since in zip(chains, paused, strict=True)]


def chains_of(pauses: Pauses, cycles: Cycles) -> list[tuple[Pause, ...]]:
    """The pauses of each cycle that have ended, in order."""
    chains: list[tuple[Pause, ...]] = [()] * cycles.head.size
    for place in np.flatnonzero(cycles.head).tolist():
        chain = []
        entry = int(cycles.head[place])
        while entry:
            chain.append(Pause(int(pauses.start[entry]), int(pauses.end[entry])))
            entry = int(pauses.before[entry])
        chains[place] = tuple(reversed(chain))
    return chains


def _reckoned(
    cycles: Cycles, pauses: Pauses, table: TargetTable, targets: ClockTargets, as_of: int | None
) -> tuple[Instants, Instants]:
    """Due times and how long the cycles ran; without ``as_of`` unknown due times are `NEVER`, and the time of cycles
    that go on is not counted."""
    due = np.zeros(cycles.lane.size, dtype=np.int64)
    elapsed = due.copy()
    business = _is_business(cycles, targets)
    for which, calendar in ((~business, _WALL), (business, targets.calendar)):
        if which.any():
            some = cycles.chosen(which)
            due[which], elapsed[which] = reckon(
                stretches(some, pauses, as_of),
                table.targets[some.rule],
                some.given,
                some.paused > 0,
                calendar,
                NEVER if as_of is None else None,
            )
    return due, elapsed


def _is_business(cycles: Cycles, targets: ClockTargets) -> NDArray[np.bool_]:
    lanes = [lane for lane, clock in enumerate(CLOCKS) if clock in targets.business]
    return np.isin(cycles.lane, lanes)


def stretches(cycles: Cycles, pauses: Pauses, as_of: int | None) -> Stretches:
    """The times in which the cycles ran. The last one ends with the stop, the pause that lasts, or ``as_of``; without
    ``as_of`` a cycle that goes on has an empty one."""
    entries, whose, turn = _ended(cycles, pauses)
    count = cycles.lane.size
    lengths = np.bincount(whose, minlength=count) + 1
    last = np.cumsum(lengths) - 1
    starts = np.empty(int(lengths.sum()), dtype=np.int64)
    ends = np.empty_like(starts)
    starts[last - lengths + 1] = cycles.started
    places = last[whose] - turn
    starts[places] = pauses.end[entries]
    ends[places - 1] = pauses.start[entries]
    since = starts[last]
    end = np.where(cycles.stopped > 0, cycles.stopped, since if as_of is None else as_of)
    ends[last] = np.where(cycles.paused > 0, cycles.paused, np.maximum(since, end))
    return Stretches(starts, ends, np.repeat(np.arange(count), lengths))


def _ended(cycles: Cycles, pauses: Pauses) -> tuple[Slots, Slots, Slots]:
    """The pauses of the cycles that have ended: each one's entry, whose it is, and how many came after it."""
    entries, whose, turns = [], [], []
    owner = np.flatnonzero(cycles.head)
    entry = cycles.head[owner].astype(np.int64)
    turn = 0
    while owner.size:
        entries.append(entry)
        whose.append(owner)
        turns.append(np.full(owner.size, turn))
        entry = pauses.before[entry].astype(np.int64)
        owner, entry = owner[entry > 0], entry[entry > 0]
        turn += 1
    nothing = [np.empty(0, dtype=np.int64)]
    return np.concatenate(nothing + entries), np.concatenate(nothing + whose), np.concatenate(nothing + turns)
