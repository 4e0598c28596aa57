"""The centre's agents end their follow-ups: nearly all in time, a few too late, each once and by who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, FixedClock
from console.connectors.demo.callers import FORGOTTEN_FOR, LATE, Callers
from console.models.actions.follow_ups import FollowUpActions
from console.models.domain.follow_ups import FollowUp, FollowUpState, Resolved, owed
from console.models.domain.roles import Actor
from console.models.policy import policy
from console.models.store import database
from console.models.store.follow_ups import SqlFollowUps
from tests.models.actions.house import LI, VIEWER, WANG, House

RULES = policy.default().follow_up
COMPLAINTS = 400


class Care:
    """What a few hundred resolved complaints left, and who may end it."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.house, self.clock, self.began = House(folder, clock), clock, clock.now()
        self._readers = database.reader(self.house.file)
        self.follow_ups = SqlFollowUps(self.house.writer, self._readers)
        self.desk = FollowUpActions(self.follow_ups, clock)

    def leave(self, many: int = COMPLAINTS, owner: str = "") -> None:
        now = self.clock.now()
        with self.follow_ups.change() as change:
            for ticket in range(1, many + 1):
                resolved = Resolved(ticket, now, owner)
                change.add(owed(resolved, RULES.follow_up_within, RULES.satisfaction_within))

    def live(self, callers: Callers, hours: int, most: int = 1_000) -> None:
        for _hour in range(hours):
            self.clock.advance(3600)
            callers.turn(self.clock.now(), most)

    def all(self, many: int = COMPLAINTS) -> list[FollowUp]:
        with self.follow_ups.change() as change:
            return change.of_tickets(range(1, many + 1))

    def close(self) -> None:
        self._readers.dispose()
        self.house.close()


@pytest.fixture
def care(tmp_path: Path, clock: FixedClock) -> Iterator[Care]:
    made = Care(tmp_path, clock)
    yield made
    made.close()


def callers(care: Care, *actors: Actor, seed: int = 7) -> Callers:
    return Callers(seed, actors or (LI, WANG), lambda: care.desk)


def test_nearly_all_are_ended_in_time_and_a_few_too_late(care: Care) -> None:
    care.leave()
    care.live(callers(care), (3 * DAY + FORGOTTEN_FOR[1]) // HOUR + 1)
    ended = care.all()
    assert {task.state for task in ended} == {FollowUpState.DONE}
    late = [task for task in ended if task.done_at is not None and task.done_at > task.promised_at]
    assert 0 < len(late) < 3 * LATE * len(ended)
    assert {task.done_by for task in ended} == {LI.name, WANG.name}
    assert len({task.outcome for task in ended}) == 8
    in_a_day = [task for task in ended if task.done_at is not None and task.done_at <= care.began + DAY]
    assert len(in_a_day) > len(ended) / 2


def test_whose_ticket_it_was_ends_it(care: Care) -> None:
    care.leave(20, WANG.name)
    care.live(callers(care), 24)
    assert {task.done_by for task in care.all(20)} == {WANG.name, ""}


def test_a_turn_ends_no_more_than_it_is_asked_to_and_the_next_goes_on(care: Care) -> None:
    care.leave(50)
    care.clock.advance(3 * 24 * 3600)
    who, now = callers(care), care.clock.now()
    assert [who.turn(now, 30), who.turn(now, 30)] == [30, 30]


def test_who_may_not_is_asked_no_more(care: Care) -> None:
    care.leave(20)
    who = callers(care, VIEWER)
    care.live(who, 24)
    assert {task.state for task in care.all(20)} == {FollowUpState.OUTSTANDING}
    assert len(care.house.refusals()) == 1


def test_what_somebody_else_has_ended_meanwhile_is_left_alone(care: Care) -> None:
    care.leave(1)
    care.clock.advance(3 * 24 * 3600)
    who = callers(care)
    who._ready = care.desk.outstanding()
    care.desk.finish(LI, who._ready[0].id, "4 of 5")
    assert who.turn(care.clock.now(), 10) == 1
    assert "4 of 5" in [task.outcome for task in care.all(1)]
