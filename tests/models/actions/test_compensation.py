"""Compensation on a real database: what one step writes, who may take it, and that nothing falls between two steps."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from console.clock import HOUR, MINUTE, FixedClock
from console.errors import KnownError
from console.models.actions.authorize import Refused
from console.models.actions.compensation import CompensationActions
from console.models.actions.undecided import UndecidedRequests
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause, Owner
from console.models.domain.escalation import Cause as EscalationCause
from console.models.domain.escalation import Event, Happening, State
from console.models.domain.money import Money
from console.models.domain.requests import AlreadyDecided, RequestRefused, RequestState, Step
from console.models.domain.roles import AccountRole, Actor, Refusal
from console.models.store.audit import Wanted
from tests.models.actions.house import BOSS, CASE, LI, LI_AGAIN, POLICY, SMALL, VIEWER, WANG, House


@pytest.fixture
def house(tmp_path: Path, clock: FixedClock) -> Iterator[House]:
    opened = House(tmp_path, clock)
    yield opened
    opened.close()


def test_within_the_limit_it_is_granted_and_nobody_is_asked(house: House) -> None:
    made = house.desk.propose(LI, 17, SMALL, 0)
    assert made.state is RequestState.GRANTED
    assert house.entries() == []
    row = house.trail.rows(Wanted())[0]
    assert (row.action, row.actor, row.outcome) == ("compensation.propose", "Li", "done")
    assert list(house.record.notes) == ["compensation:1:1"]


def test_small_sums_of_one_ticket_count_together(house: House) -> None:
    assert house.desk.propose(LI, 17, SMALL, 0).state is RequestState.GRANTED
    assert house.desk.propose(LI, 18, SMALL, 0).state is RequestState.GRANTED
    assert house.desk.propose(LI, 17, SMALL, 0).state is RequestState.PROPOSED


def test_a_senior_agent_may_give_more_alone(house: House) -> None:
    case = Case(Money(150_00), Cause.OTHER)
    assert house.desk.propose(LI, 17, case, 0, owner=Owner.SENIOR_AGENT).state is RequestState.GRANTED
    assert house.desk.propose(LI, 18, case, 0).state is RequestState.PROPOSED


def test_above_the_limit_the_supervisors_see_it_from_the_start(house: House) -> None:
    made = house.desk.propose(LI, 17, CASE, 1, note="third delay")
    assert made.state is RequestState.PROPOSED
    assert made.due_at == house.clock.now() + 30 * MINUTE
    entry = house.inbox.open_entries()[0]
    assert (entry.key.cause, entry.key.object, entry.ticket) == (EscalationCause.APPROVAL, made.id, 17)
    assert house.requests.request(made.id) == made
    assert house.requests.undecided() == [made]


def test_one_ticket_waits_for_one_decision_at_a_time(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    with pytest.raises(RequestRefused, match="not decided yet"):
        house.desk.propose(WANG, 17, CASE, 2)
    assert house.refusals() == [("Wang", "compensation.propose", "illegal")]


@pytest.mark.parametrize(
    ("decide", "state"),
    [
        (lambda desk: desk.approve(WANG, 1, "loyal customer"), RequestState.APPROVED),
        (lambda desk: desk.decline(WANG, 1, "no proof"), RequestState.DECLINED),
        (lambda desk: desk.withdraw(LI, 1), RequestState.WITHDRAWN),
    ],
)
def test_a_decision_settles_request_and_entry_together(
    house: House, decide: Callable[[CompensationActions], object], state: RequestState
) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    decide(house.desk)
    assert house.requests.request(1).state is state
    assert house.entries() == [(EscalationCause.APPROVAL, State.RESOLVED)]
    assert next(iter(house.requests.history(1))).what is Step.PROPOSE
    assert len(house.record.notes) == 2
    house.clock.advance(31 * 60)
    house.sweeper.sweep()
    assert house.entries() == []


def test_an_entry_that_somebody_else_has_taken_is_settled_too(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    house.writer.move(1, Event(Happening.ACKNOWLEDGE), house.clock.now(), "boss", POLICY.escalation)
    house.desk.approve(WANG, 1)
    assert house.entries() == [(EscalationCause.APPROVAL, State.RESOLVED)]


@pytest.mark.parametrize("who", [LI, LI_AGAIN])
def test_nobody_approves_what_they_proposed(house: House, who: Actor) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    with pytest.raises(Refused) as told:
        house.desk.approve(who, 1)
    assert told.value.refusal is Refusal.OWN_PROPOSAL
    assert house.requests.request(1).is_open
    assert house.refusals() == [("Li", "compensation.approve", "own_proposal")]


def test_a_viewer_does_nothing_and_it_is_on_the_trail(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    pretends = Actor("Zhao", frozenset({AccountRole.ADMIN}))
    for act in (
        lambda: house.desk.propose(VIEWER, 18, SMALL, 0),
        lambda: house.desk.approve(pretends, 1),
        lambda: house.desk.decline(VIEWER, 1, "no"),
        lambda: house.desk.withdraw(VIEWER, 1),
    ):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.refusal is Refusal.NOT_PERMITTED
    assert len(house.refusals()) == 4
    assert house.requests.request(1).is_open


def test_the_second_of_two_decisions_is_told_who_decided(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    house.desk.approve(WANG, 1)
    with pytest.raises(AlreadyDecided, match="Wang has approved"):
        house.desk.decline(BOSS, 1, "too much")
    assert house.requests.request(1).state is RequestState.APPROVED
    assert house.refusals() == [("boss", "compensation.decline", "illegal")]


def test_of_many_who_decide_at_once_one_does(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    won: list[str] = []

    def decide(number: int) -> None:
        with suppress(KnownError):
            who = (WANG, BOSS)[number % 2]
            made = house.desk.approve(who, 1) if number % 3 else house.desk.decline(who, 1, "no")
            won.append(made.decided_by)

    threads = [threading.Thread(target=decide, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    with closing(sqlite3.connect(house.file)) as connection:
        query = "SELECT count(*) FROM compensation_event WHERE what IN (3, 4, 5)"
        assert connection.execute(query).fetchone() == (1,)


def test_undecided_for_thirty_minutes_it_is_an_escalation_of_its_own(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    house.clock.advance(30 * 60 - 1)
    house.sweeper.sweep()
    assert [cause for cause, _state in house.entries()] == [EscalationCause.APPROVAL]
    house.clock.advance(1)
    house.sweeper.sweep()
    assert {cause for cause, _state in house.entries()} == {EscalationCause.APPROVAL, EscalationCause.REQUEST}
    assert house.requests.request(1).state is RequestState.LAPSED
    house.desk.approve(WANG, 1)
    assert {state for _cause, state in house.entries()} == {State.RESOLVED}


def test_resolving_the_entry_does_not_decide_the_request_so_it_comes_back(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    house.clock.advance(30 * 60)
    house.sweeper.sweep()
    for entry in house.inbox.open_entries():
        house.writer.move(entry.id, Event(Happening.RESOLVE, "later"), house.clock.now(), "boss", POLICY.escalation)
    house.clock.advance(30 * 60)
    house.sweeper.sweep()
    assert (EscalationCause.REQUEST, State.RAISED) in house.entries()


def test_a_lapse_that_was_kept_but_not_raised_is_raised_by_the_next_sweep(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    crossings = UndecidedRequests(house.requests, lambda: POLICY.escalation.request_undecided)
    begin, now = house.clock.now(), house.clock.now() + 31 * MINUTE
    assert len(crossings.between(begin, now)) == 1
    again = UndecidedRequests(house.requests, lambda: POLICY.escalation.request_undecided)
    assert [one.key.object for one in again.between(begin, now + MINUTE)] == [1]
    assert again.between(now, now + MINUTE) == []
    assert again.next_after(now) == begin + 60 * MINUTE


def test_a_note_that_could_not_be_written_is_written_later_and_once(house: House) -> None:
    house.record.works = False
    house.desk.propose(LI, 17, CASE, 1)
    assert not house.record.notes
    house.record.works = True
    assert house.desk.tell() == 1
    assert house.desk.tell() == 0
    assert list(house.record.notes) == ["compensation:1:1"]


@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE compensation_request SET due_at = NULL",
        "UPDATE compensation_request SET state = 4, due_at = NULL, decided_at = 1, decided_by = ' LI '",
        "UPDATE compensation_request SET state = 3, due_at = NULL, decided_at = 1",
        "UPDATE compensation_request SET state = 5, due_at = NULL, decided_at = 1",
        "DELETE FROM compensation_request",
        "DELETE FROM compensation_event",
        "UPDATE compensation_event SET actor = 'Wang'",
        "INSERT INTO compensation_event SELECT request, 7, at, actor, what, state, reason, 0 FROM compensation_event",
    ],
)
def test_the_database_itself_refuses(house: House, wrong: str) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    with pytest.raises(IntegrityError), house.writer.transaction() as connection:
        connection.exec_driver_sql(wrong)


def test_a_decided_request_cannot_be_changed_even_by_hand(house: House) -> None:
    house.desk.propose(LI, 17, CASE, 1)
    house.desk.decline(WANG, 1, "no proof")
    with pytest.raises(IntegrityError), house.writer.transaction() as connection:
        connection.exec_driver_sql("UPDATE compensation_request SET cash = 1")


def test_when_the_wall_clock_goes_back_the_time_for_a_decision_goes_with_it(house: House) -> None:
    made = house.desk.propose(LI, 17, CASE, 1)
    house.clock.jump(-3_600)
    house.sweeper.sweep()
    assert made.due_at is not None
    assert house.requests.request(1).due_at == made.due_at - HOUR
    house.clock.advance(30 * 60)
    house.sweeper.sweep()
    assert house.requests.request(1).state is RequestState.LAPSED
    assert EscalationCause.REQUEST in [cause for cause, _state in house.entries()]
