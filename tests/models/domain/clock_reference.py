"""The judgement of one clock cycle the slow and plain way, one stretch of running after the other."""

from __future__ import annotations

from console.models.domain.calendars import Calendar
from console.models.domain.clock_states import Cycle, State
from tests.models.domain import calendar_reference as plain

Verdict = tuple[int | None, State, int]
"""Due, state, margin."""


def judged(cycle: Cycle, calendar: Calendar, as_of: int) -> Verdict | None:
    """None where the cycle was withdrawn in time."""
    end = as_of if cycle.stopped_at is None else cycle.stopped_at
    left = cycle.target
    due = None
    start: int | None = cycle.started_at
    for pause in cycle.pauses:
        assert start is not None
        ran = plain.worked(calendar, start, pause.start)
        if due is None and ran >= left:
            due = plain.add(calendar, start, left)
        left -= ran
        start = pause.end
    if start is not None:
        if due is None:
            due = plain.add(calendar, start, left)
            assert due is not None, "the test asks for more than its calendar has"
    elif due is None:
        return None, State.PAUSED, left
    margin = due - end
    if cycle.withdrawn and margin >= 0:
        return None
    if margin < 0:
        return due, State.BREACHED, margin
    if cycle.stopped_at is not None:
        return due, State.MET, margin
    return due, State.PAUSED if cycle.paused else State.RUNNING, margin
