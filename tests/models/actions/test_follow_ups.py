"""R-CMP-FOLLOW: the tasks that a resolved complaint leaves, out of a real log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine as SqlEngine
from sqlalchemy.event import listen, remove

from console.clock import DAY, HOUR, MINUTE, SECOND, FixedClock
from console.engine import Engine
from console.errors import SetupError
from console.models.actions.authorize import Refused
from console.models.actions.follow_ups import FollowUpActions, OverdueFollowUps
from console.models.domain.attributes import pack
from console.models.domain.contacts import ComplaintTier, Status
from console.models.domain.escalation import Cause, Key, ObjectKind, State
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.follow_ups import (
    Duty,
    FollowUpChange,
    FollowUpRefused,
    FollowUps,
    FollowUpState,
    Resolved,
    owed,
    resolution,
    task_of,
)
from console.models.domain.roles import Actor
from console.models.policy import policy

RULES = policy.default().follow_up


class Floor:
    """A running engine whose tickets a test resolves."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.clock = clock
        self.engine = Engine(folder, clock=clock).open()
        self.engine.start()
        self._key = 0

    @property
    def follow_ups(self) -> FollowUps:
        return self.engine._inbox.follow_ups

    def finder(self) -> OverdueFollowUps:
        """One that knows nothing but the database, as after a crash."""
        return OverdueFollowUps(self.follow_ups, self.engine.log, lambda: RULES)

    def tell(self, kind: Kind, ticket: str = "A-1", **fields: object) -> None:
        self._key += 1
        event = Event(kind, ticket, self.clock.now(), self._key)._replace(**fields)
        assert self.engine.intake.submit("desk", [event], origin=Origin.POLL).wait(30)

    def complaint(self, ticket: str = "A-1") -> None:
        self.tell(Kind.CREATED, ticket, value=pack(status=Status.OPEN))
        self.tell(Kind.ASSIGNED, ticket, name="Li")
        self.tell(Kind.COMPLAINT, ticket, value=ComplaintTier.MEDIUM)

    def ends(self, ticket: str = "A-1", status: Status = Status.RESOLVED) -> None:
        self.clock.advance(60)
        self.tell(Kind.STATUS_CHANGED, ticket, value=status)

    def many(self, count: int) -> None:
        """So many resolved complaints at once."""
        now = self.clock.now()
        kinds = ((Kind.CREATED, pack(status=Status.OPEN)), (Kind.COMPLAINT, 1), (Kind.STATUS_CHANGED, Status.RESOLVED))
        events = [
            Event(kind, f"M-{number}", now + step, 1_000 + 3 * number + step)._replace(value=value)
            for number in range(count)
            for step, (kind, value) in enumerate(kinds)
        ]
        assert self.engine.intake.submit("desk", events, origin=Origin.POLL).wait(30)


@pytest.fixture
def floor(tmp_path: Path, clock: FixedClock) -> Iterator[Floor]:
    made = Floor(tmp_path, clock)
    yield made
    made.engine.stop()


@contextmanager
def changes(floor: Floor, monkeypatch: pytest.MonkeyPatch, allowed: int) -> Iterator[list[int]]:
    """The transactions that are begun; the database takes no more than ``allowed``."""
    begun: list[int] = []
    change = floor.follow_ups.change

    def counted(**how: bool) -> AbstractContextManager[FollowUpChange]:
        if len(begun) == allowed:
            raise SetupError("the database is locked")
        begun.append(len(begun))
        return change(**how)

    with monkeypatch.context() as patch:
        patch.setattr(floor.follow_ups, "change", counted)
        yield begun


def duties(floor: Floor) -> list[tuple[Duty, int]]:
    return [(task.duty, task.promised_at - task.resolved_at) for task in floor.follow_ups.outstanding()]


def test_a_resolved_complaint_leaves_two_tasks_with_due_times_and_an_owner(floor: Floor) -> None:
    floor.complaint()
    finder = floor.finder()
    finder.look(floor.clock.now())
    assert duties(floor) == []
    floor.ends()
    finder.look(floor.clock.now())
    assert duties(floor) == [(Duty.SATISFACTION, 24 * HOUR), (Duty.SECOND_CONTACT, 3 * DAY)]
    assert {task.owner for task in floor.follow_ups.outstanding()} == {"Li"}


def test_what_is_no_complaint_leaves_none(floor: Floor) -> None:
    floor.tell(Kind.CREATED, value=pack(status=Status.OPEN))
    floor.ends()
    floor.finder().look(floor.clock.now())
    assert duties(floor) == []


def test_looking_again_after_a_crash_adds_nothing(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    for _start in range(3):
        floor.finder().look(floor.clock.now())
    assert len(duties(floor)) == 2


def test_closing_what_is_resolved_does_not_begin_anew_and_reopening_drops_the_tasks(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    finder = floor.finder()
    finder.look(floor.clock.now())
    before = floor.follow_ups.outstanding()
    floor.ends(status=Status.CLOSED)
    finder.look(floor.clock.now())
    assert floor.follow_ups.outstanding() == before
    floor.ends(status=Status.OPEN)
    finder.look(floor.clock.now())
    assert duties(floor) == []
    floor.ends()
    finder.look(floor.clock.now())
    assert len(duties(floor)) == 2
    assert floor.follow_ups.outstanding()[0].resolved_at > before[0].resolved_at


def test_a_task_whose_time_passes_is_named_once_for_the_inbox(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    finder = floor.finder()
    now = floor.clock.now()
    assert finder.between(now - MINUTE, now) == []
    assert finder.next_after(now) == now + 24 * HOUR
    late = finder.between(now, now + 24 * HOUR)
    assert [(one.rule, one.occurred_at, one.ticket) for one in late] == [("R-CMP-FOLLOW", now + 24 * HOUR, 1)]
    assert finder.between(now + 24 * HOUR, now + 25 * HOUR) == []
    assert len(finder.between(now, now + 4 * DAY)) == 2


def test_a_task_that_was_late_when_it_was_made_is_named_until_it_was_raised(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    later = floor.clock.now() + 2 * DAY
    # The last run may have ended before it could raise what it made.
    for _crash in range(2):
        finder = floor.finder()
        for _refused_by_the_database in range(2):
            assert len(finder.between(later, later + MINUTE)) == 1
        assert finder.between(later + MINUTE, later + 2 * MINUTE) == []


def test_where_it_began_is_kept_though_there_was_nothing_to_make(floor: Floor) -> None:
    floor.finder().look(floor.clock.now())
    floor.complaint()
    floor.ends()
    # The console was off for longer than the tasks run.
    floor.clock.advance(5 * DAY / SECOND)
    assert len(floor.finder().between(floor.clock.now() - MINUTE, floor.clock.now())) == 2


def test_a_complaint_that_is_told_late_has_late_tasks(floor: Floor) -> None:
    finder = floor.finder()
    later = floor.clock.now() + 5 * DAY
    assert finder.between(later - MINUTE, later) == []
    floor.complaint()
    floor.ends()
    assert len(finder.between(later, later + MINUTE)) == 2
    assert finder.between(later + MINUTE, later + 2 * MINUTE) == []


def test_a_task_ends_with_an_outcome_by_somebody_who_may(floor: Floor, clock: FixedClock) -> None:
    floor.complaint()
    floor.ends()
    floor.finder().look(clock.now())
    desk = FollowUpActions(floor.follow_ups, clock)
    admin = Actor(floor.engine._inbox.access.creator)
    first = desk.outstanding()[0].id
    with pytest.raises(Refused):
        desk.finish(Actor("nobody"), first, "4 of 5")
    with pytest.raises(FollowUpRefused, match="came of it"):
        desk.finish(admin, first, "  ")
    done = desk.finish(admin, first, "4 of 5")
    assert (done.outcome, done.due_at) == ("4 of 5", None)
    with pytest.raises(FollowUpRefused, match="ended it already"):
        desk.finish(admin, first, "5 of 5")
    assert len(desk.outstanding()) == 1
    with pytest.raises(KeyError):
        desk.finish(admin, 99, "?")


def test_the_resolution_does_not_depend_on_the_order_of_arrival(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    floor.ends(status=Status.OPEN)
    floor.ends()
    rows = floor.engine.log.of_tickets([1])
    assert resolution(rows) == resolution(rows[::-1]) == (floor.clock.now(), 1)


def test_the_times_are_those_of_the_policy() -> None:
    contact, question = owed(Resolved(1, 0, "Li"), RULES.follow_up_within, RULES.satisfaction_within)
    assert (contact.due_at, question.due_at) == (3 * DAY, 24 * HOUR)


def test_the_engine_itself_makes_and_raises_them(tmp_path: Path, clock: FixedClock) -> None:
    floor = Floor(tmp_path, clock)
    floor.complaint()
    floor.ends()
    floor.engine.watch(on_threads=False)
    assert len(floor.follow_ups.outstanding()) == 2
    floor.engine.stop()
    clock.advance(25 * 3600)
    again = Floor(tmp_path, clock)
    again.engine.watch(on_threads=False)
    rules = [entry.rule for entry in again.engine.inbox.open_entries()]
    again.engine.stop()
    assert rules.count("R-CMP-FOLLOW") == 1


def test_many_complaints_are_written_in_short_pieces_and_with_few_statements(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = floor.finder()
    finder.look(floor.clock.now())
    floor.many(250)
    told: list[str] = []
    listen(SqlEngine, "before_cursor_execute", heard := lambda _c, _u, statement, *_more: told.append(statement))
    try:
        with changes(floor, monkeypatch, 10) as begun:
            finder.look(floor.clock.now())
    finally:
        remove(SqlEngine, "before_cursor_execute", heard)
    assert len(duties(floor)) == 500
    assert len(begun) == 3
    assert len(told) < 100


def test_a_crash_between_two_pieces_makes_it_look_again_and_adds_nothing_twice(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.finder().look(floor.clock.now())
    floor.many(250)
    with changes(floor, monkeypatch, 2), pytest.raises(SetupError):
        floor.finder().look(floor.clock.now())
    assert len(duties(floor)) == 400
    floor.finder().look(floor.clock.now())
    assert len(duties(floor)) == 500
    with changes(floor, monkeypatch, 0) as begun:
        floor.finder().look(floor.clock.now())
    assert not begun


def test_a_refused_piece_is_tried_again_by_the_same_finder(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    finder, now = floor.finder(), floor.clock.now()
    finder.between(now - MINUTE, now)
    floor.many(150)
    with changes(floor, monkeypatch, 1), pytest.raises(SetupError):
        finder.between(now, now + 10 * SECOND)
    finder.between(now, now + 11 * SECOND)
    assert len(duties(floor)) == 300


def test_the_first_look_finds_what_was_resolved_days_ago(floor: Floor) -> None:
    floor.complaint()
    floor.clock.advance(10 * 3600)
    floor.ends()
    floor.clock.advance(2 * 24 * 3600)
    floor.finder().look(floor.clock.now())
    assert len(duties(floor)) == 2


def test_a_complaint_that_was_scored_before_it_was_looked_at_needs_no_question(floor: Floor) -> None:
    floor.complaint()
    floor.ends()
    floor.clock.advance(60)
    floor.tell(Kind.CSAT, value=4)
    floor.finder().look(floor.clock.now())
    assert [duty for duty, _within in duties(floor)] == [Duty.SECOND_CONTACT]
    with floor.follow_ups.change() as change:
        question = next(task for task in change.of_tickets([1]) if task.duty is Duty.SATISFACTION)
    assert (question.state, question.outcome) == (FollowUpState.DONE, "The customer gave 4 of 5.")


def test_a_score_that_the_customer_gave_is_the_answer_to_the_question(floor: Floor) -> None:
    floor.complaint()
    floor.tell(Kind.CSAT, value=2)  # before the resolution: about something else
    floor.ends()
    finder = floor.finder()
    finder.look(floor.clock.now())
    assert len(duties(floor)) == 2
    floor.clock.advance(60)
    floor.tell(Kind.CSAT, value=4)
    finder.look(floor.clock.now())
    assert [duty for duty, _within in duties(floor)] == [Duty.SECOND_CONTACT]
    floor.finder().look(floor.clock.now())
    assert len(duties(floor)) == 1


def test_the_entry_of_a_task_that_ended_after_all_is_over(tmp_path: Path, clock: FixedClock) -> None:
    floor = Floor(tmp_path, clock)
    floor.complaint()
    floor.ends()
    floor.engine.watch(on_threads=False)
    clock.advance(4 * 24 * 3600)
    floor.engine.watching.sweep_again()
    raised = [entry for entry in floor.engine.inbox.open_entries() if entry.rule == "R-CMP-FOLLOW"]
    finder, other = floor.finder(), replace(raised[0], key=Key(ObjectKind.TICKET, 1, Cause.WAIT, "1"))
    assert len(raised) == 2
    assert finder.ended([*raised, other]) == []
    desk = FollowUpActions(floor.follow_ups, clock)
    done = desk.finish(Actor(floor.engine._inbox.access.creator), task_of(raised[0].key), "4 of 5")
    assert finder.ended([*raised, other]) == [raised[0]]
    assert [task.id for task in desk.outstanding(most=1)] == [task.id for task in desk.outstanding(done.ticket)]
    clock.advance(60)
    floor.engine.watching.sweep_again()
    assert floor.engine.inbox.entry(raised[0].id).state is State.RESOLVED
    assert floor.engine.inbox.entry(raised[1].id).state is not State.RESOLVED
    floor.engine.stop()


def test_the_log_is_looked_through_every_few_seconds_and_after_a_step_back(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    finder = floor.finder()
    monkeypatch.setattr(finder, "look", looks.append)
    now = floor.clock.now()
    for later in (0, 1, 4, 5, 9, -60):
        finder.between(now, now + later * SECOND)
    assert [look - now for look in looks] == [0, 5 * SECOND, -60 * SECOND]
