"""Clock cycles judged at a moment: when each is due, and whether it is met, breached, running or paused.

All cycles are judged together, on vectors. A cycle is due at the first instant at which its target has been used up by
the time that its clock ran: outside pauses, and in working time where the policy says so (R-CLOCK).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.calendars import Calendar, always_open
from console.models.domain.clock_targets import ClockName, ClockTargets

Numbers = NDArray[np.int64]


class Stretches(NamedTuple):
    """The times in which cycles ran, one after the other: from, until, and whose. Each cycle has at least one, and the
    cycles are numbered from 0 up."""

    starts: Numbers
    ends: Numbers
    owner: Numbers


class Pause(NamedTuple):
    """A clock stood still from ``start`` until ``end`` (None: still does), microseconds since the epoch."""

    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of one clock of a ticket, as the events tell it. Times are microseconds since the epoch.

    ``due_at`` is set where the due time is a given instant and no target; ``withdrawn`` where the clock ended because
    its ticket was merged, deleted, spam or left by the customer.
    """

    ticket: int
    clock: ClockName
    number: int
    rule: str
    target: int
    started_at: int
    stopped_at: int | None = None
    pauses: tuple[Pause, ...] = ()
    due_at: int | None = None
    withdrawn: bool = False

    @property
    def paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1].end is None


class State(StrEnum):
    """How a cycle stands. A cycle that has not stopped is never met."""

    MET = "met"
    BREACHED = "breached"
    RUNNING = "running"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class AppliedClock:
    """A cycle as it stood at the moment asked for. Times are microseconds.

    ``due_at`` is None while the clock is paused and not yet breached: nobody knows when it goes on. ``margin`` is the
    time from the stop (or from the moment asked for) to the due time, negative when breached; of a paused clock it is
    what is left of its target. ``elapsed`` is how long the clock ran, in its own time.
    """

    cycle: Cycle
    due_at: int | None
    state: State
    margin: int
    elapsed: int


def judge(cycles: Sequence[Cycle], targets: ClockTargets, as_of: int) -> list[AppliedClock]:
    """Judge all cycles as of a moment, in their order.

    A cycle that was withdrawn before it was due is left out: nobody can meet it any more. Raises `CalendarError` where
    the calendar cannot answer.
    """
    result: list[AppliedClock | None] = [None] * len(cycles)
    wall = always_open()
    for in_business in (False, True):
        places = [i for i, cycle in enumerate(cycles) if (cycle.clock in targets.business) is in_business]
        chosen = [cycles[i] for i in places]
        calendar = targets.calendar if in_business else wall
        for place, applied in zip(places, _judge(chosen, calendar, as_of), strict=True):
            result[place] = applied
    return [applied for applied in result if applied is not None]


def _judge(cycles: Sequence[Cycle], calendar: Calendar, as_of: int) -> list[AppliedClock | None]:
    if not cycles:
        return []
    target = np.array([cycle.target for cycle in cycles], dtype=np.int64)
    paused = np.array([cycle.paused for cycle in cycles])
    given = np.array([cycle.due_at or 0 for cycle in cycles], dtype=np.int64)
    due, elapsed = reckon(_stretches(cycles, as_of), target, given, paused, calendar)
    return [
        _applied(cycle, due_at or None, ran_for, as_of)
        for cycle, due_at, ran_for in zip(cycles, due.tolist(), elapsed.tolist(), strict=True)
    ]


def reckon(
    stretches: Stretches,
    target: Numbers,
    given: Numbers,
    paused: NDArray[np.bool_],
    calendar: Calendar,
    otherwise: int | None = None,
) -> tuple[Numbers, Numbers]:
    """When cycles are due, and how long they ran in their own time, in microseconds.

    ``given`` is a due time that a cycle brings with it, else 0. The due time is 0 where a cycle stands still and has
    not used up its target. Raises `CalendarError` where the calendar cannot answer; with ``otherwise`` a due time
    that it cannot tell becomes that.
    """
    starts, ends, owner = stretches
    ran = calendar.worked(starts, ends)
    total = np.cumsum(ran)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], owner.size) - 1
    base = (total - ran)[first]
    used = total - base[owner]
    # The stretch in which the target is used up; the last one where it is not: then it would be after its end.
    reached = used >= target[owner]
    deciding = np.minimum(np.where(reached, np.arange(owner.size), owner.size), last[owner])
    deciding = np.minimum.reduceat(deciding, first)
    asked = (given == 0) & (reached[deciding] | ~paused)
    due = given.copy()
    rest = target - (used - ran)[deciding]
    due[asked] = calendar.add(starts[deciding][asked], rest[asked], otherwise)
    return due, used[last]


def _applied(cycle: Cycle, due_at: int | None, elapsed: int, as_of: int) -> AppliedClock | None:
    if due_at is None:
        return AppliedClock(cycle, None, State.PAUSED, cycle.target - elapsed, elapsed)
    margin = due_at - (as_of if cycle.stopped_at is None else cycle.stopped_at)
    if cycle.withdrawn and margin >= 0:
        return None
    if margin < 0:
        state = State.BREACHED
    elif cycle.stopped_at is not None:
        state = State.MET
    else:
        state = State.PAUSED if cycle.paused else State.RUNNING
    return AppliedClock(cycle, due_at, state, margin, elapsed)


def _stretches(cycles: Sequence[Cycle], as_of: int) -> Stretches:
    """The times in which the cycles ran. The stretch after the last pause ends with the stop; a cycle that is paused
    has none there, unless it has no other."""
    starts: list[int] = []
    ends: list[int] = []
    owner: list[int] = []
    for number, cycle in enumerate(cycles):
        start: int | None = cycle.started_at
        for pause in cycle.pauses:
            if start is not None:
                starts.append(start)
                ends.append(pause.start)
                owner.append(number)
            start = pause.end
        if start is not None:
            starts.append(start)
            ends.append(max(start, as_of if cycle.stopped_at is None else cycle.stopped_at))
            owner.append(number)
    return Stretches(*(np.array(column, dtype=np.int64) for column in (starts, ends, owner)))
