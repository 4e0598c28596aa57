"""Clock cycles judged together on vectors, against each one judged alone the plain way."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.calendars import Calendar, always_open
from console.models.domain.clock_states import Cycle, Pause, State, judge
from console.models.domain.clock_targets import ClockName, ClockTargets
from tests.models.domain import clock_reference as plain
from tests.models.domain.test_calendars import NIGHT, OFFICE, WEEKDAYS, ZONES, instants

WEEKS = (WEEKDAYS, (NIGHT,) * 7, (OFFICE,) * 7, (((0, 1440),),) * 7, ((), NIGHT, (), OFFICE, (), (), OFFICE))


@some.composite
def cycles(draw: some.DrawFn, as_of: int) -> Cycle:
    """A cycle that began before ``as_of``, with pauses in order; it may have stopped, and may be paused."""
    name = draw(some.sampled_from([ClockName.RESOLUTION, ClockName.NEXT_RESPONSE]))
    count = draw(some.integers(1, 6))
    gaps = some.one_of(some.integers(1, DAY), some.integers(1, 300).map(MINUTE.__mul__))
    times = [as_of]
    for _turn in range(count):
        times.insert(0, times[0] - draw(gaps))
    started, *marks = times[:-1]
    pauses = [Pause(a, b) for a, b in zip(marks[::2], marks[1::2], strict=False)]
    stopped = None
    if len(marks) % 2:
        if draw(some.booleans()):
            pauses.append(Pause(marks[-1], None))
        else:
            stopped = marks[-1]
    elif draw(some.booleans()):
        stopped = draw(some.integers(marks[-1] if marks else started, as_of))
    target = draw(some.one_of(some.integers(1, 4 * HOUR), some.integers(1, 48).map(HOUR.__mul__)))
    withdrawn = stopped is not None and draw(some.booleans())
    return Cycle(1, name, 1, "R-CLOCK", target, started, stopped, tuple(pauses), None, withdrawn)


@some.composite
def cases(draw: some.DrawFn) -> tuple[list[Cycle], Calendar, int]:
    as_of = draw(instants())
    calendar = Calendar(ZoneInfo(draw(some.sampled_from(ZONES))), draw(some.sampled_from(WEEKS)))
    return draw(some.lists(cycles(as_of), min_size=1, max_size=4)), calendar, as_of


def agrees(found: list[Cycle], calendar: Calendar, as_of: int) -> None:
    targets = ClockTargets((), calendar, business=frozenset({ClockName.RESOLUTION}))
    expected = []
    for cycle in found:
        own = calendar if cycle.clock is ClockName.RESOLUTION else always_open()
        verdict = plain.judged(cycle, own, as_of)
        if verdict is not None:
            expected.append((cycle, *verdict))
    applied = judge(found, targets, as_of)
    assert [(a.cycle, a.due_at, a.state, a.margin) for a in applied] == expected


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_cycles_judged_together_equal_each_judged_alone(case: tuple[list[Cycle], Calendar, int]) -> None:
    agrees(*case)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_cycles_judged_together_equal_each_alone_ten_thousand_times(case: tuple[list[Cycle], Calendar, int]) -> None:
    agrees(*case)


def one(cycle: Cycle, as_of: int) -> tuple[int | None, State, int]:
    (applied,) = judge([cycle], ClockTargets(()), as_of)
    return applied.due_at, applied.state, applied.margin


def cycle(stopped_at: int | None = None, *pauses: Pause, withdrawn: bool = False) -> Cycle:
    """Started at 0 with a target of 100."""
    return Cycle(7, ClockName.RESOLUTION, 1, "R-CLOCK", 100, 0, stopped_at, pauses, None, withdrawn)


def test_a_clock_that_has_not_stopped_is_never_met() -> None:
    assert one(cycle(), 100) == (100, State.RUNNING, 0)
    assert one(cycle(), 101) == (100, State.BREACHED, -1)


def test_to_stop_at_the_due_instant_is_in_time() -> None:
    assert one(cycle(100), 500) == (100, State.MET, 0)
    assert one(cycle(101), 500) == (100, State.BREACHED, -1)


def test_a_paused_clock_has_no_due_time_and_keeps_what_is_left() -> None:
    assert one(cycle(None, Pause(30, None)), 5_000) == (None, State.PAUSED, 70)


def test_a_pause_after_the_breach_changes_nothing() -> None:
    assert one(cycle(None, Pause(130, None)), 5_000) == (100, State.BREACHED, -4_900)
    assert one(cycle(900, Pause(130, 400)), 5_000) == (100, State.BREACHED, -800)


def test_every_pause_puts_the_due_time_off_by_its_length() -> None:
    assert one(cycle(None, Pause(30, 50), Pause(60, 65)), 70) == (125, State.RUNNING, 55)


def test_what_was_withdrawn_in_time_is_not_judged() -> None:
    assert judge([cycle(100, withdrawn=True)], ClockTargets(()), 500) == []
    assert one(cycle(101, withdrawn=True), 500) == (100, State.BREACHED, -1)


def test_a_promise_brings_its_own_due_time() -> None:
    promise = Cycle(7, ClockName.PROMISE, 1, "R-PROMISE", 0, 10, None, due_at=60)
    assert one(promise, 50) == (60, State.RUNNING, 10)
    assert one(promise, 61) == (60, State.BREACHED, -1)


def test_nothing_to_judge() -> None:
    assert judge([], ClockTargets(()), 0) == []
