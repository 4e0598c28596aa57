"""What a supervisor's console can ask of the centre, and what the centre then does."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from console.clock import DAY, HOUR, MINUTE
from console.connectors.demo import DemoCentre, Site
from console.connectors.demo.contact import Agent, Contact, Mode
from console.connectors.demo.localday import local_day
from console.connectors.demo.people import staff
from console.models.domain.commands import Command, Outcome, Verb
from console.models.domain.contacts import Priority, Role, Status
from console.models.domain.events import Event, Kind
from tests.connectors.demo.conftest import SHANGHAI, SITE, WEDNESDAY

TEN = local_day(WEDNESDAY, SHANGHAI).instant(10 * 3600)
SUPERVISOR = "毛静秋 Mao Jingqiu"


def snapshot(start: int, now: int) -> bytes:
    centre = DemoCentre(SITE, start, bodies=False)
    centre.advance(now)
    return pickle.dumps(centre)


@pytest.fixture(scope="module")
def at_ten() -> bytes:
    return snapshot(TEN, TEN)


@pytest.fixture
def centre(at_ten: bytes) -> DemoCentre:
    loaded = pickle.loads(at_ten)
    assert isinstance(loaded, DemoCentre)
    return loaded


def ask(verb: Verb, contact: Contact | str, *, name: str = "", value: int = 0, text: str = "") -> Command:
    ticket = contact if isinstance(contact, str) else contact.ref
    return Command("c1", verb, ticket, name, value, text, SUPERVISOR)


def contact(centre: DemoCentre, fits: Callable[[Contact], bool]) -> Contact:
    return next(t for t in centre.today.contacts.values() if fits(t))


def chatting(t: Contact) -> bool:
    return t.slot and t.mode is Mode.CHAT


def agent(centre: DemoCentre, fits: Callable[[Agent], bool]) -> Agent:
    return next(a for a in centre.today.floor.agents if fits(a) and not a.person.supervisor)


def kinds(events: list[Event]) -> list[Kind]:
    return [event.kind for event in events if event.kind < Kind.AGENT_LOGIN]


def test_an_assigned_agent_gets_the_work(centre: DemoCentre) -> None:
    t = contact(centre, chatting)
    before = t.agent
    a = agent(centre, lambda a: a.free() and a.room > 1 and a is not before)
    result, events = centre.apply(ask(Verb.ASSIGN, t, name=a.name))
    assert result.outcome is Outcome.APPLIED
    assert kinds(events)[:2] == [Kind.TRANSFERRED, Kind.ASSIGNED]
    read_back = next(event for event in events if event.kind is Kind.ASSIGNED)
    assert (read_back.name, read_back.actor, read_back.role) == (a.name, SUPERVISOR, Role.SUPERVISOR)
    later = centre.advance(TEN + 2 * HOUR)
    answers = [e for e in later if e.subject == t.ref and e.kind is Kind.PUBLIC_REPLY]
    assert answers[0].actor == a.name
    assert before is not None
    assert t.ref not in centre.today.floor.working[before.name]


def test_an_agent_without_room_takes_it_up_later(centre: DemoCentre) -> None:
    a = agent(centre, lambda a: a.free() and 1 < a.room < 8)
    moved = [t for t in centre.today.contacts.values() if chatting(t) and t.agent is not a][: a.room + 2]
    for t in moved:
        assert centre.apply(ask(Verb.ASSIGN, t, name=a.name))[0].outcome is Outcome.APPLIED
    assert a.load == a.room
    assert len(a.own) >= 2
    answered: set[str] = set()
    for step in range(1, 180):
        events = centre.advance(TEN + step * MINUTE)
        answered |= {e.subject for e in events if e.kind is Kind.PUBLIC_REPLY}
        assert a.load <= a.room
    assert answered >= {t.ref for t in moved}


def test_an_unknown_agent_is_refused_by_name(centre: DemoCentre) -> None:
    result, events = centre.apply(ask(Verb.ASSIGN, contact(centre, chatting), name="Nobody"))
    assert (result.outcome, events) == (Outcome.REFUSED, [])
    assert "Nobody" in result.reason


def test_an_agent_who_is_not_on_duty_is_refused(centre: DemoCentre) -> None:
    away = agent(centre, lambda a: a.gone or not a.duty.begin < 10 * 3600)
    result, _ = centre.apply(ask(Verb.ASSIGN, contact(centre, chatting), name=away.name))
    assert result.outcome is Outcome.REFUSED
    assert "not on duty" in result.reason


def test_what_is_so_already_is_said_to_be(centre: DemoCentre) -> None:
    t = contact(centre, chatting)
    assert t.agent is not None
    for command in (
        ask(Verb.ASSIGN, t, name=t.agent.name),
        ask(Verb.PRIORITY, t, value=t.priority),
        ask(Verb.STATUS, t, value=t.status),
        ask(Verb.QUEUE, t, name=centre.today.queues[t.queue]),
    ):
        result, events = centre.apply(command)
        assert (result.outcome, events) == (Outcome.ALREADY, []), command


def test_a_ticket_that_is_closed_or_does_not_exist_is_refused(centre: DemoCentre) -> None:
    closed = f"{WEDNESDAY:%y%m%d}-00001"
    assert closed not in centre.today.contacts
    for ticket in (closed, "no such ticket"):
        result, _ = centre.apply(ask(Verb.NOTE, ticket, text="?"))
        assert result.outcome is Outcome.REFUSED
    done = contact(centre, lambda t: t.status is Status.RESOLVED)
    result, _ = centre.apply(ask(Verb.PRIORITY, done, value=Priority.URGENT))
    assert (result.outcome, "resolved" in result.reason) == (Outcome.REFUSED, True)


@pytest.mark.parametrize(("verb", "value"), [(Verb.PRIORITY, 9), (Verb.STATUS, 0), (Verb.STATUS, 1), (Verb.STATUS, 77)])
def test_values_that_do_not_exist_are_refused(centre: DemoCentre, verb: Verb, value: int) -> None:
    result, _ = centre.apply(ask(verb, contact(centre, chatting), value=value))
    assert result.outcome is Outcome.REFUSED


def test_an_unknown_queue_is_refused(centre: DemoCentre) -> None:
    result, _ = centre.apply(ask(Verb.QUEUE, contact(centre, chatting), name="Nowhere"))
    assert result.outcome is Outcome.REFUSED


def test_unassigning_brings_the_ticket_back_into_its_queue(centre: DemoCentre) -> None:
    t = contact(centre, chatting)
    result, events = centre.apply(ask(Verb.UNASSIGN, t))
    assert result.outcome is Outcome.APPLIED
    assert Kind.UNASSIGNED in kinds(events)
    later = [e.kind for e in centre.advance(TEN + 3 * HOUR) if e.subject == t.ref]
    assert Kind.ASSIGNED in kinds(events) + later
    assert centre.apply(ask(Verb.UNASSIGN, contact(centre, lambda t: t.agent is None)))[0].outcome is Outcome.ALREADY


def test_a_priority_changes_and_puts_the_ticket_ahead(centre: DemoCentre) -> None:
    t = contact(centre, lambda t: t.queued and t.priority < Priority.HIGH)
    result, events = centre.apply(ask(Verb.PRIORITY, t, value=Priority.URGENT))
    assert result.outcome is Outcome.APPLIED
    assert [(e.kind, e.value) for e in events] == [(Kind.PRIORITY_CHANGED, Priority.URGENT)]
    assert centre.today.routing.queues[t.queue].head() in {t, *centre.today.routing.queues[t.queue].urgent}


def test_another_queue_offers_the_ticket_to_other_people(centre: DemoCentre) -> None:
    t = contact(centre, lambda t: t.mode is Mode.DESK and t.agent is None)
    result, events = centre.apply(ask(Verb.QUEUE, t, name=centre.today.queues["returns"]))
    assert result.outcome is Outcome.APPLIED
    assert kinds(events)[0] is Kind.QUEUE_CHANGED
    assert any(e.kind is Kind.ASSIGNED for e in [*events, *centre.advance(TEN + HOUR)] if e.subject == t.ref)


def test_a_note_is_kept_with_its_text_even_where_bodies_are_not(centre: DemoCentre) -> None:
    centre.today.kernel.bodies = True
    _, events = centre.apply(ask(Verb.NOTE, contact(centre, chatting), text="please call back"))
    assert [(e.kind, e.body, e.role) for e in events] == [(Kind.PRIVATE_NOTE, "please call back", Role.SUPERVISOR)]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.SPAM])
def test_a_ticket_that_is_set_to_its_end_gives_its_place_back(centre: DemoCentre, status: Status) -> None:
    t = contact(centre, chatting)
    a = t.agent
    assert a is not None
    result, events = centre.apply(ask(Verb.STATUS, t, value=status))
    assert result.outcome is Outcome.APPLIED
    assert kinds(events)[:2] == [Kind.STATUS_CHANGED, Kind.ENDED]
    assert t.ref not in centre.today.floor.working[a.name]
    after = [e for e in centre.advance(TEN + 2 * HOUR) if e.subject == t.ref]
    assert not any(e.kind is Kind.PUBLIC_REPLY for e in after) or Kind.REOPENED in kinds(after)


def test_a_pending_ticket_comes_back_by_itself(centre: DemoCentre) -> None:
    t = contact(centre, lambda t: chatting(t) and t.answered)
    centre.apply(ask(Verb.STATUS, t, value=Status.PENDING_INTERNAL))
    after = [e for e in centre.advance(TEN + 3 * HOUR) if e.subject == t.ref]
    assert (Kind.STATUS_CHANGED, Status.OPEN) in [(e.kind, e.value) for e in after]


def test_a_resolved_ticket_can_be_opened_again(centre: DemoCentre) -> None:
    t = contact(centre, lambda t: t.status is Status.RESOLVED and t.mode is Mode.CHAT)
    result, events = centre.apply(ask(Verb.STATUS, t, value=Status.OPEN))
    assert result.outcome is Outcome.APPLIED
    assert kinds(events)[:2] == [Kind.REOPENED, Kind.STATUS_CHANGED]
    after = [e for e in centre.advance(TEN + 2 * HOUR) if e.subject == t.ref]
    assert Kind.PUBLIC_REPLY in kinds(after)


def test_a_call_that_is_going_on_cannot_be_moved(centre: DemoCentre) -> None:
    t = contact(centre, lambda t: t.mode is Mode.CALL and t.slot)
    other = agent(centre, lambda a: a.free())
    for command in (
        ask(Verb.ASSIGN, t, name=other.name),
        ask(Verb.UNASSIGN, t),
        ask(Verb.STATUS, t, value=Status.CLOSED),
    ):
        assert centre.apply(command)[0].outcome is Outcome.REFUSED


def test_commands_at_their_instants_are_part_of_what_is_deterministic(centre: DemoCentre) -> None:
    other = DemoCentre(SITE, TEN, bodies=False)
    other.advance(TEN)
    t = contact(centre, chatting)
    command = ask(Verb.STATUS, t, value=Status.CLOSED)
    assert centre.apply(command) == other.apply(command)
    assert centre.advance(TEN + HOUR) == other.advance(TEN + HOUR)


@pytest.fixture(scope="module")
def at_seven() -> bytes:
    return snapshot(TEN - DAY, TEN - 3 * HOUR)


class TestAfterMidnight:
    """Tickets that the day before left open."""

    @pytest.fixture
    def centre(self, at_seven: bytes) -> DemoCentre:
        loaded = pickle.loads(at_seven)
        assert isinstance(loaded, DemoCentre)
        return loaded

    def open_letter(self, centre: DemoCentre) -> str:
        (tail,) = centre.tails
        return next(
            ref
            for ref, item in tail.open.items()
            if item.contact.mode is Mode.DESK
            and item.owner
            and not item.contact.final
            and not item.contact.settle
            and item.contact.status is not Status.PENDING_CUSTOMER
        )

    def test_the_new_owner_answers(self, centre: DemoCentre) -> None:
        ticket = self.open_letter(centre)
        owner = next(
            p.name for p in (d.person for d in (a.duty for a in centre.today.floor.agents)) if p.seniority == "junior"
        )
        result, events = centre.apply(ask(Verb.ASSIGN, ticket, name=owner))
        assert result.outcome is Outcome.APPLIED
        assert [(e.kind, e.name) for e in events] == [(Kind.ASSIGNED, owner)]
        after = [e for e in centre.advance(TEN + 12 * HOUR) if e.subject == ticket and e.kind is Kind.PUBLIC_REPLY]
        assert {e.actor for e in after} == {owner}

    def test_the_other_verbs_work_too(self, centre: DemoCentre) -> None:
        ticket = self.open_letter(centre)
        commands = {
            Kind.UNASSIGNED: ask(Verb.UNASSIGN, ticket),
            Kind.PRIORITY_CHANGED: ask(Verb.PRIORITY, ticket, value=Priority.URGENT),
            Kind.QUEUE_CHANGED: ask(Verb.QUEUE, ticket, name=centre.today.queues["payment"]),
            Kind.PRIVATE_NOTE: ask(Verb.NOTE, ticket, text="?"),
            Kind.STATUS_CHANGED: ask(Verb.STATUS, ticket, value=Status.RESOLVED),
        }
        for kind, command in commands.items():
            result, events = centre.apply(command)
            assert result.outcome is Outcome.APPLIED
            assert events[0].kind is kind
        after = [e for e in centre.advance(TEN + DAY) if e.subject == ticket]
        assert [(e.kind, e.value) for e in after] == [(Kind.STATUS_CHANGED, Status.CLOSED)]

    def test_a_closed_one_is_gone(self, centre: DemoCentre) -> None:
        ticket = self.open_letter(centre)
        centre.apply(ask(Verb.STATUS, ticket, value=Status.CLOSED))
        assert centre.apply(ask(Verb.NOTE, ticket, text="?"))[0].outcome is Outcome.REFUSED
        assert not [e for e in centre.advance(TEN + DAY) if e.subject == ticket]

    def test_keys_stay_unique(self, centre: DemoCentre) -> None:
        ticket = self.open_letter(centre)
        events = centre.apply(ask(Verb.NOTE, ticket, text="?"))[1]
        events += centre.apply(replace(ask(Verb.NOTE, ticket, text="!"), id="c2"))[1]
        events += centre.advance(TEN)
        assert len({e.key for e in events}) == len(events)


def loads_add_up(centre: DemoCentre) -> None:
    floor = centre.today.floor
    for a in floor.agents:
        assert 0 <= a.load <= a.room
        assert a.load == len(floor.working[a.name])
        assert all(t.slot and t.agent is a for t in floor.working[a.name].values())
        assert all(t.ref in centre.today.contacts for t in floor.working[a.name].values())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_asked_the_centre_goes_on(seed: int) -> None:
    """Random commands for a day and a half: places add up, keys are unique, and in the end every ticket is closed."""
    rng = random.Random(seed)
    centre = DemoCentre(Site(seed, SHANGHAI, 900), TEN, bodies=False)
    events = centre.advance(TEN)
    names = [person.name for person in staff().people]
    queues = list(centre.today.queues.values())
    now = TEN
    outcomes = set()
    for number in range(500):
        now += int(rng.expovariate(1.0) * 4 * MINUTE)
        events += centre.advance(now)
        tickets = [*centre.today.contacts, *(ref for tail in centre.tails for ref in tail.open)]
        verb = rng.choice(list(Verb))
        name = rng.choice(queues if verb is Verb.QUEUE else names)
        command = Command(str(number), verb, rng.choice(tickets), name, rng.randrange(1, 9), "note", SUPERVISOR)
        result, more = centre.apply(command)
        assert bool(more) == (result.outcome is Outcome.APPLIED)
        outcomes.add(result.outcome)
        events += more
        loads_add_up(centre)
    events += centre.advance(now + 6 * DAY)
    assert outcomes == {Outcome.APPLIED, Outcome.ALREADY, Outcome.REFUSED}
    assert len({event.key for event in events}) == len(events)
    last = {event.subject: Status.NEW for event in events if event.kind is Kind.CREATED and event.at < now}
    for event in events:
        if event.kind is Kind.STATUS_CHANGED and event.subject in last:
            last[event.subject] = Status(event.value)
    assert set(last.values()) <= {Status.CLOSED, Status.SPAM, Status.DELETED}
