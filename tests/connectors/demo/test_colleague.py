"""The centre's other supervisor: takes a part, works on it as people do, and leaves alone what others have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.clock import DAY, FixedClock
from console.connectors.demo.colleague import HANDS, LEFT_TO_OTHERS, Colleague
from console.models.domain.escalation import State
from console.models.domain.follow_ups import FollowUp, FollowUpRefused, Resolved, is_overdue, owed
from console.models.domain.requests import Request
from console.models.domain.roles import AccountRole, Actor
from tests.models.actions.office import ANN, BOB, VIEWER, Office
from tests.models.domain.escalation_cases import breach
from tests.models.store.conftest import NOON

MANY = 30
RESOLVED, CLOSED = State.RESOLVED, State.CLOSED
TASK = owed(Resolved(1, NOON - DAY, "Mei"), DAY, DAY)[0]


class NoRequests:
    """There is nothing to decide."""

    def approve(self, actor: Actor, request: int, reason: str = "") -> Request:
        raise AssertionError

    def decline(self, actor: Actor, request: int, reason: str) -> Request:
        raise AssertionError


class Tasks:
    """Which follow-ups she has ended; somebody else has ended the fifth."""

    def __init__(self) -> None:
        self.ended: list[int] = []

    def finish(self, actor: Actor, task: int, outcome: str) -> FollowUp:
        assert outcome
        self.ended.append(task)
        if task == 5:
            raise FollowUpRefused("ended already")
        return replace(TASK, id=task, done_by=actor.name)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, FixedClock(NOON))
    yield made
    made.close()


def colleague(office: Office, actor: Actor = BOB, seed: int = 7, tasks: Tasks | None = None) -> Colleague:
    ended = tasks or Tasks()
    return Colleague(seed, actor, office.act, NoRequests(), ended, office.entries.history, lambda _ticket: "Mei")


def fill(office: Office, many: int = MANY) -> None:
    for number in range(many):
        office.raised(breach(number + 1))


def live(office: Office, who: Colleague, minutes: int) -> list[str]:
    """Let time pass, minute by minute; what she did, as the trail tells it."""
    for _minute in range(minutes):
        office.clock.advance(60)
        who.turn(office.entries.open_entries(), office.clock.now(), 3)
    return [action for actor, action, *_rest in office.audited() if actor == who.actor.name]


def test_she_takes_a_part_and_leaves_enough(office: Office) -> None:
    fill(office)
    live(office, colleague(office), 5)
    entries = office.entries.open_entries()
    hers = [entry for entry in entries if entry.state is State.ACKNOWLEDGED]
    assert {entry.owner for entry in hers} == {"bob"}
    free = [entry for entry in entries if entry.state is State.RAISED]
    assert 0 < len(hers) <= HANDS
    assert len(free) >= LEFT_TO_OTHERS


def test_she_works_on_what_she_has_in_every_way_there_is(office: Office) -> None:
    fill(office)
    did = Counter(live(office, colleague(office), 40))
    assert min(did[f"escalation.{verb}"] for verb in ("acknowledge", "note", "snooze", "return", "resolve")) > 0
    assert not any(outcome == "refused" for *_row, outcome, _reason in office.audited())


def test_what_somebody_else_has_she_never_touches(office: Office) -> None:
    fill(office)
    mine = [entry.id for entry in office.entries.open_entries()][:10]
    for number in mine:
        office.act.acknowledge(ANN, number)
    before = [office.entries.entry(number) for number in mine]
    live(office, colleague(office), 60)
    assert [office.entries.entry(number) for number in mine] == before


def test_the_same_seed_does_the_same_and_another_does_not(tmp_path: Path) -> None:
    def told(folder: str, seed: int) -> list[tuple[str, str, str, str, str]]:
        (tmp_path / folder).mkdir()
        office = Office(tmp_path / folder, FixedClock(NOON))
        fill(office)
        live(office, colleague(office, seed=seed), 15)
        trail = office.audited()
        office.close()
        return trail

    first = told("one", 7)
    assert told("two", 7) == first
    assert told("three", 8) != first


def test_she_goes_on_after_a_restart_where_she_was(office: Office) -> None:
    fill(office)
    live(office, colleague(office), 6)
    did = live(office, colleague(office), 30)
    assert did.count("escalation.resolve") > 0


def test_whose_roles_were_taken_away_rests_after_one_refusal(office: Office) -> None:
    fill(office)
    who = colleague(office, Actor("vic", frozenset({AccountRole.SUPERVISOR})))
    assert live(office, who, 20) == ["escalation.acknowledge"]
    assert who.rests
    assert VIEWER.name == who.actor.name


def test_a_single_matter_is_left_to_the_person_at_the_console(office: Office) -> None:
    number = office.raised()
    live(office, colleague(office), 8)
    assert office.entries.entry(number).state is State.RAISED


def test_a_late_follow_up_ends_with_its_entry(office: Office) -> None:
    tasks = Tasks()
    entries = {office.raised(is_overdue(replace(TASK, id=task, ticket=task))): task for task in range(1, MANY + 1)}
    live(office, colleague(office, tasks=tasks), 60)
    resolved = {task for entry, task in entries.items() if office.entries.entry(entry).state in (RESOLVED, CLOSED)}
    assert 5 in resolved
    assert sorted(tasks.ended) == sorted(resolved)
