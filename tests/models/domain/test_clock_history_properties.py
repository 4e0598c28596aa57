"""What holds of the clocks of any ticket, whatever happened to it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as some

from console.models.domain.attributes import pack
from console.models.domain.clock_history import Happening, cycles_of
from console.models.domain.clock_states import State, judge
from console.models.domain.clock_targets import ClockName, ClockTargets, Level, Reopening, TargetRule
from console.models.domain.contacts import Channel, ComplaintTier, Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind

RULES = tuple(TargetRule(clock, Level.ANY, 0, 40, f"any {clock}") for clock in ClockName if clock != ClockName.PROMISE)
VALUES = {
    Kind.CREATED: some.sampled_from([pack(channel=Channel.EMAIL), pack(channel=Channel.PHONE, complaint=2)]),
    Kind.STATUS_CHANGED: some.sampled_from([int(status) for status in Status]),
    Kind.COMPLAINT: some.sampled_from([int(tier) for tier in ComplaintTier]),
    Kind.PROMISE_MADE: some.integers(0, 400),
    Kind.CHANNEL_CHANGED: some.sampled_from([int(Channel.PHONE), int(Channel.WECHAT)]),
}
KINDS = [kind for kind in Kind if kind < FIRST_AGENT_KIND]


@some.composite
def happenings(draw: some.DrawFn) -> list[Happening]:
    at = 10
    found: list[Happening] = []
    for _turn in range(draw(some.integers(1, 14))):
        kind = draw(some.sampled_from(KINDS))
        at += draw(some.integers(0, 30))
        value = draw(VALUES.get(kind, some.just(0)))
        found.append((int(kind), at, value, draw(some.sampled_from([int(role) for role in Role]))))
    return found


@settings(max_examples=400, deadline=None)
@given(happenings(), some.sampled_from(list(Reopening)))
def test_pauses_lie_inside_their_cycle_and_cycles_of_a_clock_follow_each_other(
    events: list[Happening], reopening: Reopening
) -> None:
    found = cycles_of(1, events, ClockTargets(RULES, reopening=reopening))
    for cycle in found:
        marks = [cycle.started_at]
        for pause in cycle.pauses:
            marks.append(pause.start)
            if pause.end is not None:
                marks.append(pause.end)
        if cycle.stopped_at is not None:
            assert not cycle.paused
            marks.append(cycle.stopped_at)
        assert marks == sorted(marks)
        assert all(pause.end is not None for pause in cycle.pauses[:-1])
    for clock in ClockName:
        runs = [cycle for cycle in found if cycle.clock is clock]
        assert len({cycle.number for cycle in runs}) == len(runs)
        for one, other in pairwise(runs):
            assert one.stopped_at is not None
            assert one.stopped_at <= other.started_at


@settings(max_examples=400, deadline=None)
@given(happenings(), some.data())
def test_what_has_stopped_stays_as_it_was_where_re_opening_starts_again(
    events: list[Happening], data: some.DataObject
) -> None:
    targets = ClockTargets(RULES, reopening=Reopening.AGAIN)
    early = cycles_of(1, events[: data.draw(some.integers(0, len(events)))], targets)
    whole = cycles_of(1, events, targets)
    assert [cycle for cycle in early if cycle.stopped_at is not None and cycle not in whole] == []


@settings(max_examples=400, deadline=None)
@given(happenings(), some.integers(0, 100))
def test_only_what_has_stopped_is_met_and_only_a_margin_below_nothing_is_a_breach(
    events: list[Happening], later: int
) -> None:
    targets = ClockTargets(RULES)
    for applied in judge(cycles_of(1, events, targets), targets, events[-1][1] + later):
        assert (applied.margin < 0) == (applied.state is State.BREACHED)
        if applied.state is State.MET:
            assert applied.cycle.stopped_at is not None
        if applied.due_at is None:
            assert applied.state is State.PAUSED
