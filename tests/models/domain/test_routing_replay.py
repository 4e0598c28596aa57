"""A recorded stretch once more (R-ROUTE): under the same rules as it was, under others the same every time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import MINUTE, SECOND
from console.models.domain.contacts import AgentState, Channel, Status
from console.models.domain.events import Kind
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.routing import Decision, Mode, Orders, RoutingRules, Strategy
from console.models.domain.routing_contacts import Happening
from console.models.domain.routing_floor import RoutingFloor
from console.models.domain.routing_record import Record, Recorder
from console.models.domain.routing_replay import Replay, Replayed, recorded_course
from console.models.domain.skills import Level
from tests.models.domain.routing_world import RULES, START, World
from tests.models.domain.test_routing_floor import SIMPLE, Floor

SIMPLER = replace(RULES, rules=(), strategy=Strategy.SENIOR_FIRST, take_back_after=0)


def recorded(world: World, *, takes_over: bool = False) -> Record:
    floor = RoutingFloor()
    floor.follows = not takes_over
    recorder = Recorder(floor, takes_over=frozenset(Channel) if takes_over else ())
    recorder.take(world.happenings)
    recorder.finish(world.happenings[-1].at)
    return recorder.record()


def replayed(record: Record, rules: RoutingRules | None = None, progress: Progress | None = None) -> Replayed:
    floor = RoutingFloor()
    floor.follows = rules is None
    if rules is not None:
        floor.begin(START, rules)
    return Replay(record, floor).run(progress)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000))
def test_under_the_same_rules_every_assignment_comes_out_as_it_was(seed: int) -> None:
    world = World(seed, contacts=80, hours=1.5).run()
    record = recorded(world)
    assert record.decisions == world.decisions
    again = replayed(record)
    assert again.decisions == world.decisions
    before = recorded_course(record)
    assert dict(again.course.owners) == dict(before.owners)
    assert (sorted(again.course.transfers()), again.course.lost) == (sorted(before.transfers()), before.lost)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100_000), st.integers(1, 50))
def test_under_other_rules_it_is_the_same_every_time_for_a_seed(seed: int, lot: int) -> None:
    world = World(seed, contacts=60, hours=1.0).run()
    record = recorded(world, takes_over=True)
    rules = replace(SIMPLER, seed=lot)
    one, other = replayed(record, rules), replayed(record, rules)
    assert one.decisions == other.decisions
    assert one.decisions
    assert set(one.course.came) == set(recorded_course(record).came)


def test_another_seed_decides_otherwise_between_equals() -> None:
    record = recorded(World(3).run(), takes_over=True)
    runs = {tuple(replayed(record, replace(SIMPLER, seed=seed)).decisions) for seed in (1, 2, 3)}
    assert len(runs) > 1


def test_a_replay_can_be_stopped() -> None:
    record = recorded(World(3, contacts=900).run())
    with pytest.raises(Cancelled):
        replayed(record, progress=Progress(cancelled=lambda: True))


class Told(Floor):
    """Keeps what it is told."""

    def record(self, *, takes_over: bool = True) -> Record:
        world = World(0, contacts=0, people=0)
        world.happenings = self.happenings
        return recorded(world, takes_over=takes_over)

    def __init__(self, rules: RoutingRules = SIMPLE) -> None:
        self.happenings: list[Happening] = []
        super().__init__(rules)
        feed = self.floor.feed

        def keep(happening: Happening) -> list[Decision]:
            self.happenings.append(happening)
            return feed(happening)

        self.floor.feed = keep  # type: ignore[method-assign]


def given_by_the_source() -> Told:
    """The source gives a payment question to somebody who cannot solve it, and who hands it over."""
    told = Told(replace(SIMPLE, mode=Mode.OFF))
    told.login(1, "Q")
    told.login(2, "QP")
    told.chat(7, 10)
    told.at(12, Kind.ASSIGNED, 7, 1)
    told.at(60, Kind.PUBLIC_REPLY, 7, actor=1)
    told.at(70, Kind.TRANSFERRED, 7, 2, 1)
    told.at(70, Kind.QUEUE_CHANGED, 7, actor=1, text="P")
    told.at(70, Kind.ASSIGNED, 7, 2, 1)
    told.at(130, Kind.STATUS_CHANGED, 7, int(Status.RESOLVED), 2)
    told.tick(600)
    return told


def test_who_covers_the_need_hands_nothing_over() -> None:
    told = given_by_the_source()
    record = told.record()
    assert len(recorded_course(record).transfers()) == 1
    # The seed makes no difference: who has room and is not Agent 1.
    rules = replace(SIMPLE, after=0, strategy=Strategy.LEAST_LOADED)
    runs = [replayed(record, replace(rules, seed=seed)) for seed in range(20)]
    by_agent = {run.decisions[0].agent: run for run in runs}
    assert by_agent[2].course.owners[7] == [2]
    assert by_agent[2].course.transfers() == []
    assert by_agent[1].course.owners[7] == [1, 2]
    assert len(by_agent[1].course.transfers()) == 1


def test_who_was_lost_and_is_given_to_somebody_in_time_is_lost_no_more() -> None:
    told = Told(replace(SIMPLE, mode=Mode.OFF))
    told.login(1)
    told.chat(7, 10)
    told.at(100, Kind.ABANDONED, 7)
    told.tick(2_000)
    record = told.record()
    assert recorded_course(record).lost == {7}
    after = replayed(record, replace(SIMPLE, after=30 * SECOND))
    assert (after.course.lost, after.course.owners[7]) == (set(), [1])
    assert replayed(record, replace(SIMPLE, after=3 * MINUTE)).course.lost == {7}


def test_after_contact_work_is_done_by_whoever_had_the_contact() -> None:
    told = Told(replace(SIMPLE, mode=Mode.OFF))
    told.login(1, limit=1)
    told.login(2, second=5, limit=1, level=Level.SENIOR)
    told.chat(7, 10)
    told.at(10, Kind.ASSIGNED, 7, 1)
    told.at(40, Kind.STATUS_CHANGED, 7, int(Status.RESOLVED), 1)
    told.at(40, Kind.AGENT_STATE, 1, int(AgentState.WRAP_UP))
    told.at(70, Kind.AGENT_STATE, 1, int(AgentState.AVAILABLE))
    told.chat(8, 50)
    told.at(70, Kind.ASSIGNED, 8, 1)
    told.at(90, Kind.STATUS_CHANGED, 8, int(Status.RESOLVED), 1)
    told.tick(600)
    after = replayed(told.record(), replace(SIMPLE, after=0, strategy=Strategy.SENIOR_FIRST))
    # The senior has the first one, and is still writing it up when the second comes.
    assert [(one.ticket, one.agent) for one in after.decisions] == [(7, 2), (8, 1)]


def test_what_people_did_themselves_stays() -> None:
    told = Told(replace(SIMPLE, mode=Mode.OFF))
    told.login(1)
    told.login(2)
    told.chat(7, 10)
    told.at(12, Kind.ASSIGNED, 7, 2, 2)
    told.at(40, Kind.STATUS_CHANGED, 7, int(Status.RESOLVED), 2)
    told.at(50, Kind.ROUTING, 0, told=Orders(SIMPLE))
    after = replayed(told.record(), SIMPLE)
    assert (after.decisions, after.course.owners[7]) == ([], [2])
