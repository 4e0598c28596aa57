"""Every command ends up done, refused or asked about; none is sent twice unasked, none is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy.exc import IntegrityError

from console.clock import MINUTE, SECOND, FixedClock
from console.errors import KnownError
from console.models.actions.agents import AgentActions
from console.models.domain.break_requests import BreakRequest
from console.models.domain.command_ports import Claimed
from console.models.domain.commands import Command, Delivery, Outcome, Result, Verb
from console.models.domain.contacts import AgentState, InquiryType
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.store.access import open_access
from console.models.store.audit import Wanted
from console.models.store.database import place
from console.scheduling.commands.dispatcher import LEASE, Dispatcher
from console.scheduling.commands.record import OwnNotes
from tests.scheduling.commands.centre import ANN, Centre, Helpdesk


@pytest.fixture
def centre(tmp_path: Path, clock: FixedClock) -> Iterator[Centre]:
    opened = Centre(place(tmp_path / "data"), clock)
    yield opened
    opened.close()


def states(centre: Centre, ticket: int) -> list[Delivery]:
    return [ordered.state for ordered in centre.asked(ticket)]


def test_without_a_source_that_takes_commands_the_consoles_own_event_is_the_truth(centre: Centre) -> None:
    centre.act.assign(ANN, [1], "Wang")
    assert states(centre, 1) == [Delivery.REQUESTED]
    assert centre.dispatcher.dispatch() == 1
    assert centre.seen(1) == [(Kind.ASSIGNED, "console", "Wang", "")]
    assert states(centre, 1) == [Delivery.APPLIED]
    assert centre.pending.pending() == {}
    assert centre.settled == [1]


def test_of_an_agent_whom_no_source_keeps_the_consoles_own_event_is_the_truth(centre: Centre) -> None:
    agents = AgentActions(centre.outbox, centre.clock, connected=lambda: ["helpdesk"])
    asked = Event(Kind.BREAK_REQUESTED, "Wang", centre.clock.now(), "b1", value=5 * MINUTE)
    assert centre.log.intake.submit("file", [asked], origin=Origin.IMPORT).wait(30)
    request = BreakRequest("Wang", centre.clock.now(), 5 * MINUTE)
    until = centre.clock.now() + 5 * MINUTE
    agents.set_state(ANN, ["Wang"], AgentState.AWAY)
    agents.decide_break(ANN, request, True, until, "short")
    assert centre.dispatcher.dispatch() == 2
    assert [one.state for one in centre.pending.of_agent("Wang")] == [Delivery.APPLIED, Delivery.APPLIED]
    board = load_board(centre.log.reader, None, policies.default(), until, Progress())
    wang = board.agents[board.names.id("agent", "Wang")]
    assert (wang.state, wang.asks) == (AgentState.AWAY, False)
    assert centre.settled == [0, 0]


def test_a_ticket_of_a_helpdesk_changes_by_the_read_back_alone(centre: Centre) -> None:
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.dispatch()
    assert centre.seen(2) == [(Kind.REQUESTED, "console", "", ""), (Kind.ASSIGNED, "helpdesk", "Wang", "")]
    assert [(one.verb, one.ticket, one.name, one.actor) for one in centre.helpdesk.done] == [
        (Verb.ASSIGN, "T2", "Wang", "ann")
    ]
    assert states(centre, 2) == [Delivery.APPLIED]


def test_a_refusal_of_the_source_is_told_with_its_reason_and_stands_on_the_trail(centre: Centre) -> None:
    centre.helpdesk.refuses = "ticket T2 is closed"
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.dispatch()
    (ordered,) = centre.asked(2)
    assert (ordered.state, ordered.reason) == (Delivery.REFUSED, "ticket T2 is closed")
    with open_access(centre.home) as access:
        row = access.trail.rows(Wanted())[0]
    assert (row.actor, row.action, row.object_id, row.outcome, row.reason) == (
        "",
        "ticket.assign",
        "2",
        "refused",
        "ticket T2 is closed",
    )


def test_a_correction_is_never_sent(centre: Centre) -> None:
    centre.act.classify(ANN, 2, InquiryType.WARRANTY)
    centre.dispatcher.dispatch()
    assert centre.helpdesk.done == []
    assert centre.seen(2) == [(Kind.TYPE_CHANGED, "console", "", "")]


def test_a_note_is_kept_once_and_its_words_only_where_they_can_be_erased(centre: Centre) -> None:
    centre.act.note(ANN, 1, "she was told")
    centre.dispatcher.dispatch()
    assert centre.seen(1) == [(Kind.PRIVATE_NOTE, "console", "", "she was told")]
    assert centre.asked(1)[0].text == ""


def test_a_call_back_is_told_on_the_ticket(centre: Centre) -> None:
    centre.act.call_back(ANN, 2, centre.clock.now() + MINUTE, "Wang", "refund")
    centre.dispatcher.dispatch()
    (entry,) = [one for one in centre.log.reader.timeline(2) if one.kind is Kind.CALL_BACK]
    assert (entry.value, entry.detail, entry.body) == (centre.clock.now() + MINUTE, {"agent": "Wang"}, "refund")


def test_a_lost_answer_is_asked_for_and_the_command_is_not_sent_again(centre: Centre) -> None:
    centre.helpdesk.loses_answer = True
    centre.act.assign(ANN, [2], "Wang")
    assert centre.dispatcher.dispatch() == 0
    assert states(centre, 2) == [Delivery.UNKNOWN]
    assert 2 in centre.pending.pending()
    centre.clock.advance(3)
    assert centre.dispatcher.dispatch() == 1
    assert states(centre, 2) == [Delivery.APPLIED]
    assert len(centre.helpdesk.done) == 1


def test_what_never_arrived_is_sent_once_the_source_has_said_so(centre: Centre) -> None:
    centre.helpdesk.loses_request = True
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.dispatch()
    centre.helpdesk.loses_request = False
    centre.clock.advance(3)
    assert centre.dispatcher.dispatch() == 1
    assert len(centre.helpdesk.done) == 1
    assert states(centre, 2) == [Delivery.APPLIED]


def test_where_the_source_cannot_tell_the_log_is_read_back(centre: Centre) -> None:
    centre.helpdesk.loses_answer = centre.helpdesk.is_silent = True
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.dispatch()
    centre.clock.advance(3)
    assert centre.dispatcher.dispatch() == 1
    assert states(centre, 2) == [Delivery.APPLIED]


def test_what_stays_unknown_is_asked_about_again_and_again_but_never_sent(centre: Centre) -> None:
    centre.helpdesk.loses_request = centre.helpdesk.is_silent = True
    centre.act.assign(ANN, [2], "Wang")
    for _turn in range(5):
        centre.dispatcher.dispatch()
        (ordered,) = centre.asked(2)
        assert ordered.due_at is not None
        assert ordered.due_at > centre.clock.now()
        centre.clock.advance(400)
    assert states(centre, 2) == [Delivery.UNKNOWN]
    assert centre.helpdesk.done == []


def test_a_source_that_is_not_connected_gets_it_when_it_is_back(centre: Centre) -> None:
    centre.connected.clear()
    centre.act.assign(ANN, [2], "Wang")
    assert centre.dispatcher.dispatch() == 0
    assert centre.seen(2) == [], "the console's own event is not the truth of this ticket"
    centre.connected["helpdesk"] = centre.helpdesk
    for _turn in range(2):
        centre.clock.advance(10)
        centre.dispatcher.dispatch()
    assert states(centre, 2) == [Delivery.APPLIED]
    assert len(centre.helpdesk.done) == 1


def test_nothing_overtakes_what_was_asked_of_the_same_ticket_before(centre: Centre) -> None:
    centre.helpdesk.loses_answer = True
    made = centre.act.assign(ANN, [2], "Wang")
    centre.act.undo(ANN, made)
    centre.act.assign(ANN, [1], "Wang")
    centre.dispatcher.dispatch()
    assert states(centre, 2) == [Delivery.REQUESTED, Delivery.UNKNOWN]
    assert states(centre, 1) == [Delivery.APPLIED], "other tickets do not wait for it"
    centre.clock.advance(3)
    centre.dispatcher.dispatch()
    centre.clock.advance(3)
    centre.dispatcher.dispatch()
    assert [one.name for one in centre.helpdesk.done] == ["Wang", "Mei"]


class Dying(Helpdesk):
    """Its process dies while it is being told, before or after it has done what it was told."""

    before: ClassVar[bool] = False

    def apply(self, command: Command) -> Result:
        if not self.before:
            super().apply(command)
        raise SystemExit


@pytest.mark.parametrize("before", [True, False])
def test_what_a_console_was_sending_when_it_died_is_done_once(centre: Centre, before: bool) -> None:
    dying = Dying(centre.log.intake, at=centre.clock.now())
    Dying.before = before
    centre.connected["helpdesk"] = dying
    centre.act.assign(ANN, [2], "Wang")
    with pytest.raises(SystemExit):
        centre.dispatcher.dispatch()
    assert states(centre, 2) == [Delivery.SENDING]
    centre.helpdesk.done = dying.done
    centre.connected["helpdesk"] = centre.helpdesk
    other = Dispatcher(centre.outbox, centre.pending, centre.log.intake, lambda: centre.connected, centre.clock)
    assert other.dispatch() == 0, "its lease is not over"
    assert 0 < other.wait_seconds() <= 2
    centre.clock.advance(LEASE / SECOND + 1)
    assert other.dispatch() == 1
    assert len(centre.helpdesk.done) == 1
    assert states(centre, 2) == [Delivery.APPLIED]


@pytest.mark.parametrize("jump", [-3_600, 3_600, -86_400, 86_400])
def test_a_step_of_the_clock_holds_up_no_command(centre: Centre, jump: int) -> None:
    centre.helpdesk.loses_answer = True
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.dispatch()
    centre.act.note(ANN, 1, "just before the clock is set")
    centre.clock.jump(jump)
    centre.dispatcher.dispatch()
    centre.clock.advance(3)
    centre.dispatcher.dispatch()
    assert centre.pending.pending() == {}
    assert len(centre.helpdesk.done) == 1


def test_who_was_taken_over_settles_nothing(centre: Centre) -> None:
    centre.act.assign(ANN, [2], "Wang")
    now = centre.clock.now()
    (old,) = centre.outbox.claim(now, SECOND, 9, MINUTE)
    (new,) = centre.outbox.claim(now + SECOND, SECOND, 9, MINUTE)
    assert new.ordered.state is Delivery.UNKNOWN
    assert not centre.outbox.settle(old, Result(Outcome.APPLIED), now, now)
    assert not centre.outbox.release(old, now)
    assert centre.outbox.settle(new, Result(Outcome.APPLIED), now, now)
    assert not centre.outbox.settle(Claimed(new.ordered, new.epoch), Result(Outcome.REFUSED), now, now)


def test_the_database_lets_nothing_pending_be_without_a_due_time_and_nothing_be_forgotten(centre: Centre) -> None:
    centre.act.assign(ANN, [1], "Wang")
    for statement in (
        "UPDATE command SET due_at = NULL",
        "UPDATE command SET state = 4",
        "UPDATE command SET state = 9",
        "DELETE FROM command",
    ):
        with pytest.raises(IntegrityError), centre.inbox.transaction() as connection:
            connection.exec_driver_sql(statement)
    centre.dispatcher.dispatch()
    with pytest.raises(IntegrityError), centre.inbox.transaction() as connection:
        connection.exec_driver_sql("UPDATE command SET reason = 'no, refused'")


def test_it_runs_on_a_thread_and_is_woken_by_what_is_asked_for(centre: Centre) -> None:
    centre.dispatcher.start()
    centre.act.assign(ANN, [2], "Wang")
    centre.dispatcher.poke()
    with centre.log_changed:
        assert centre.log_changed.wait_for(lambda: centre.settled, 30)
    centre.dispatcher.stop()
    assert centre.settled == [2]


def test_a_note_of_another_room_is_kept_once(centre: Centre) -> None:
    notes = OwnNotes(centre.log.intake)
    assert notes.note(1, "20 yuan were granted", centre.clock.now(), "request 7", "ann")
    assert notes.note(1, "20 yuan were granted", centre.clock.now(), "request 7", "ann")
    assert centre.seen(1) == [(Kind.PRIVATE_NOTE, "console", "", "20 yuan were granted")]


def test_what_other_rooms_could_not_write_is_written_in_a_later_turn(centre: Centre) -> None:
    told = threading.Event()
    tries: list[str] = []

    def tell() -> None:
        tries.append("tell")
        if len(tries) == 1:
            raise KnownError("locked")
        told.set()

    dispatcher = Dispatcher(
        centre.outbox, centre.pending, centre.log.intake, lambda: centre.connected, centre.clock, tell=tell
    )
    dispatcher.start()
    dispatcher.poke()
    assert told.wait(30)
    dispatcher.stop()
