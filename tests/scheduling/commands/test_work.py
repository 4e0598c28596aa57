"""The desk of a running engine over the demonstration centre: asked for here, done there, and read back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.clock import MINUTE, FixedClock, micros
from console.connectors.demo import DemoConnector
from console.connectors.demo.contact import Agent, Contact, Mode
from console.engine import Engine
from console.models.actions.authorize import Refused
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import Delivery, Ordered
from console.models.domain.contacts import AgentState, InquiryType, Priority, Role
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Batch, Progress
from console.models.domain.roles import Actor
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.directory import directory
from console.models.store.audit import Wanted

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = micros(datetime(2026, 3, 4, 10, tzinfo=SHANGHAI).astimezone(UTC))


class Running:
    """An engine with the demonstration centre at ten o'clock."""

    def __init__(self, engine: Engine, demo: DemoConnector) -> None:
        self.engine, self.demo = engine, demo
        self.boss = Actor(engine.access.creator)

    @property
    def agents(self) -> list[Agent]:
        return self.demo._centre.today.floor.agents

    def chat(self) -> Contact:
        """A contact that an agent is working on."""
        contacts = self.demo._centre.today.contacts.values()
        return next(one for one in contacts if one.slot and one.mode is Mode.CHAT and one.agent is not None)

    def number(self, contact: Contact) -> int:
        return next(text.id for text in self.engine.log.texts() if text.ref == contact.ref)

    def settled(self, ticket: int) -> Ordered:
        """The newest command of a ticket, once it is settled."""
        commands, deadline = self.engine.desk().commands, time.monotonic() + 60
        looked = threading.Event()
        while commands.pending([ticket]) and time.monotonic() < deadline:
            looked.wait(0.01)
        return commands.of_ticket(ticket)[0]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    clock = FixedClock(TEN)
    engine = Engine(tmp_path / "data", clock=clock)
    with engine:
        demo = DemoConnector(seed=7, clock=clock, zone=SHANGHAI, past_days=0, contacts=700)
        engine.attach(demo)
        assert demo.current.wait(60)
        assert engine.intake.submit(OWN_SOURCE, [], origin=Origin.OUTBOX).wait(60)
        yield Running(engine, demo)


def test_an_assignment_is_done_by_the_centre_and_read_back(running: Running) -> None:
    contact = running.chat()
    ticket = running.number(contact)
    free = next(agent for agent in running.agents if agent.free() and agent is not contact.agent)
    running.engine.desk().tickets.assign(running.boss, [ticket], free.name)
    assert running.settled(ticket).state is Delivery.APPLIED
    said = [(one.kind, one.source, one.name, one.actor) for one in running.engine.log.timeline(ticket)]
    assert (Kind.REQUESTED, "console", "", running.boss.name) in said
    assert (Kind.ASSIGNED, "demo", free.name, running.boss.name) in said
    assert contact.agent is free


def test_what_the_centre_does_not_do_is_told_in_its_own_words(running: Running) -> None:
    gone = next(one for one in running.demo._centre.today.contacts.values() if one.final)
    ticket = running.number(gone)
    running.engine.desk().tickets.set_priority(running.boss, [ticket], Priority.URGENT)
    refused = running.settled(ticket)
    assert refused.state is Delivery.REFUSED
    assert refused.ref in refused.reason


def test_who_asked_hears_what_became_of_it(running: Running) -> None:
    contact, tickets = running.chat(), running.engine.desk().tickets
    gone = next(one for one in running.demo._centre.today.contacts.values() if one.final)
    made = tickets.set_priority(running.boss, [running.number(contact), running.number(gone)], Priority.URGENT)
    assert [one.state for one in tickets.answers(made, 60)] == [Delivery.APPLIED, Delivery.REFUSED]


def test_who_waits_for_an_answer_that_does_not_come_hears_that_it_is_pending(running: Running) -> None:
    running.engine.desk()
    work = running.engine._work
    assert work is not None
    work.dispatcher.stop()
    tickets = running.engine.desk().tickets
    made = tickets.set_priority(running.boss, [running.number(running.chat())], Priority.URGENT)
    assert [one.pending for one in tickets.answers(made, 0.05)] == [True]


def settled(running: Running, made: Sequence[Ordered]) -> list[Delivery]:
    return [one.state for one in running.engine.desk().agents.answers(made, 60)]


def test_an_agents_state_is_set_by_the_centre_and_taken_back(running: Running) -> None:
    agents = running.engine.desk().agents
    a = next(agent for agent in running.agents if agent.free())
    made = agents.set_state(running.boss, [a.name], AgentState.BREAK)
    assert made[0].source == "demo"
    assert settled(running, made) == [Delivery.APPLIED]
    assert not a.seated
    back = agents.undo(running.boss, made)
    assert back is not None
    assert settled(running, back) == [Delivery.APPLIED]
    assert a.seated
    assert running.engine.desk().commands.pending_of_agents() == {}
    rows = [row.object_id for row in running.engine.access.trail.rows(Wanted(action="agent.state"))]
    assert rows == [a.name, a.name]


def test_an_agent_who_is_not_on_duty_is_not_set(running: Running) -> None:
    absent = next(agent for agent in running.agents if agent.shown is AgentState.OFFLINE and agent.seated is False)
    assert running.engine.intake.submit(
        "demo", [Event(Kind.AGENT_LOGOUT, absent.name, TEN - 1, 1)], origin=Origin.POLL
    ).wait(60)
    made = running.engine.desk().agents.set_state(running.boss, [absent.name], AgentState.AVAILABLE)
    assert settled(running, made) == [Delivery.REFUSED]
    assert absent.name in running.engine.desk().commands.of_agent(absent.name)[0].reason
    row = running.engine.access.trail.rows(Wanted())[0]
    assert (row.actor, row.action, row.object_kind, row.outcome) == ("", "agent.state", "agent", "refused")


def test_queues_and_breaks_are_read_back_by_the_directory_and_the_board(running: Running) -> None:
    engine = running.engine
    a = next(agent for agent in running.agents if agent.free() and agent.room > 1)
    today = running.demo._centre.today
    queue = next(name for key, name in today.queues.items() if key not in a.serves and key in ("returns", "logistics"))
    wanted = [queue, *(today.queues[key] for key in a.serves)]
    assert settled(running, engine.desk().agents.set_queues(running.boss, a.name, wanted)) == [Delivery.APPLIED]
    asked = Event(Kind.BREAK_REQUESTED, a.name, TEN, 2, native=2, value=10 * MINUTE)
    assert engine.intake.submit("demo", [asked], origin=Origin.POLL).wait(60)
    board = load_board(engine.log, None, policies.default(), TEN, Progress())
    number = board.names.id("agent", a.name)
    skilled = directory(engine.log, board).people[number]
    assert board.names.id("queue", queue) in skilled.queues
    assert (board.agents[number].asks, board.agents[number].wanted) == (True, 10 * MINUTE)
    request = BreakRequest(a.name, board.agents[number].asked_at, 10 * MINUTE)
    # The centre itself never heard of this request: it does not grant it.
    made = engine.desk().agents.decide_break(running.boss, request, True, TEN + 10 * MINUTE)
    assert settled(running, made) == [Delivery.CONFLICT]


def test_a_correction_stays_with_the_console(running: Running) -> None:
    ticket = running.number(running.chat())
    running.engine.desk().tickets.classify(running.boss, ticket, InquiryType.WARRANTY)
    assert running.settled(ticket).state is Delivery.APPLIED
    last = [one for one in running.engine.log.timeline(ticket) if one.kind is Kind.TYPE_CHANGED][-1]
    assert (last.source, last.value) == ("console", InquiryType.WARRANTY)


def test_who_has_no_role_asks_for_nothing(running: Running) -> None:
    ticket = running.number(running.chat())
    tries: list[Callable[[], object]] = [
        lambda: running.engine.desk().tickets.note(Actor("somebody"), ticket, "?"),
        lambda: running.engine.desk().escalations.raise_by_hand(Actor("somebody"), ticket, "", "?"),
    ]
    for attempt in tries:
        with pytest.raises(Refused):
            attempt()
    assert [row.actor for row in running.engine.access.trail.rows(Wanted(actor="somebody"))] == ["somebody", "somebody"]


def test_what_comes_in_is_judged_while_the_engine_watches(running: Running) -> None:
    running.engine.watch()
    said = threading.Event()

    def hear(batch: Batch) -> None:
        if (batch.rows["kind"] == Kind.TYPE_CHANGED).any():
            said.set()

    running.engine.tail.subscribe(hear)
    at = running.engine.clock.now()
    events = [
        Event(Kind.CREATED, "L-1", at, 1),
        Event(Kind.CUSTOMER_MESSAGE, "L-1", at, 2, role=Role.CUSTOMER, body="我要退货，怎么申请退货？"),
    ]
    running.engine.intake.submit("letters", events, origin=Origin.POLL)
    assert said.wait(60)


def test_a_ticket_is_raised_by_hand_and_seen_in_the_inbox(running: Running) -> None:
    ticket = running.number(running.chat())
    raised = running.engine.desk().escalations.raise_by_hand(running.boss, ticket, "duty_manager", "she wants you")
    assert running.engine.inbox.entry(raised.entry.id).chain == ("duty_manager",)
