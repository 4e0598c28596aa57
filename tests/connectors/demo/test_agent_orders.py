"""What a supervisor's console asks of the centre's agents, and the breaks that these ask for by themselves."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace

import pytest

from console.clock import HOUR, MINUTE
from console.connectors.demo import DemoCentre
from console.connectors.demo.backfill import generate
from console.connectors.demo.bookmark import Bookmark, Entry, Job
from console.connectors.demo.breaks import FINISHES_WITHIN, Wish
from console.connectors.demo.contact import Agent
from console.connectors.demo.localday import local_day
from console.models.domain.commands import Command, Outcome, Verb, named
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import Event, Kind
from tests.connectors.demo.conftest import SEED, SHANGHAI, SITE, WEDNESDAY, Lived, live_through
from tests.connectors.demo.test_orders import SUPERVISOR, TEN, snapshot


@pytest.fixture(scope="module")
def at_ten() -> bytes:
    return snapshot(TEN, TEN)


@pytest.fixture
def centre(at_ten: bytes) -> DemoCentre:
    loaded = pickle.loads(at_ten)
    assert isinstance(loaded, DemoCentre)
    return loaded


def ask(verb: Verb, agent: Agent | str, *, name: str = "", value: int = 0, text: str = "") -> Command:
    who = agent if isinstance(agent, str) else agent.name
    return Command("c1", verb, "", name, value, text, SUPERVISOR, who)


def worker(centre: DemoCentre) -> Agent:
    """Somebody at the seat with a full shift and contacts at hand."""
    agents, asking = centre.today.floor.agents, centre.today.breaks.waiting
    free = (a for a in agents if a.load and a.seated and not a.leaving and a.room > 1)
    return next(a for a in free if a.name not in asking)


def states(events: Sequence[Event], a: Agent) -> list[tuple[AgentState, Role]]:
    told = [event for event in events if event.kind is Kind.AGENT_STATE and event.subject == a.name]
    return [(AgentState(event.value), event.role) for event in told]


def shown(centre: DemoCentre, until: int, a: Agent) -> list[AgentState]:
    return [state for state, _role in states(centre.advance(until), a)]


def given(events: Sequence[Event], a: Agent) -> list[str]:
    """The tickets that were given to somebody."""
    return [event.subject for event in events if event.kind is Kind.ASSIGNED and event.name == a.name]


def test_whoever_is_sent_on_a_break_gets_nothing_and_comes_back(centre: DemoCentre) -> None:
    a = worker(centre)
    result, events = centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.BREAK))
    assert result.outcome is Outcome.APPLIED
    assert states(events, a) == [(AgentState.BREAK, Role.SUPERVISOR)]
    meanwhile = centre.advance(TEN + 14 * MINUTE)
    assert given(meanwhile, a) == []
    assert states(meanwhile, a) == []
    assert shown(centre, TEN + 16 * MINUTE, a)[0] in (AgentState.AVAILABLE, AgentState.BUSY)


def test_whoever_is_called_back_works_on_and_still_has_the_breaks_of_the_day(centre: DemoCentre) -> None:
    a = worker(centre)
    centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.BREAK))
    centre.advance(TEN + MINUTE)
    result, events = centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.AVAILABLE))
    assert result.outcome is Outcome.APPLIED
    assert states(events, a)[0] == (AgentState.AVAILABLE, Role.SUPERVISOR)
    left = len(a.duty.pauses) - a.pause
    later = centre.advance(TEN + 14 * HOUR - 1)
    breaks = [state for state, _role in states(later, a) if state in (AgentState.BREAK, AgentState.AWAY)]
    assert len(breaks) == left


def test_away_in_another_way_lasts_as_long_as_was_said_last(centre: DemoCentre) -> None:
    a = worker(centre)
    centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.BREAK))
    centre.advance(TEN + 10 * MINUTE)
    centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.AWAY))
    assert shown(centre, TEN + 39 * MINUTE, a) == []
    assert shown(centre, TEN + 41 * MINUTE, a) != []


def test_whoever_is_sent_home_hands_back_and_does_not_return(centre: DemoCentre) -> None:
    a = worker(centre)
    had = set(centre.today.floor.working[a.name])
    result, events = centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.OFFLINE))
    assert result.outcome is Outcome.APPLIED
    assert [e.kind for e in events if e.subject == a.name] == [Kind.AGENT_STATE, Kind.AGENT_LOGOUT]
    later = centre.advance(TEN + HOUR)
    assert {e.subject for e in later if e.kind is Kind.UNASSIGNED} & had
    assert given(later, a) == []
    assert centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.AVAILABLE))[0].outcome is Outcome.REFUSED
    assert centre.apply(ask(Verb.AGENT_STATE, a, value=AgentState.OFFLINE))[0].outcome is Outcome.ALREADY


def test_what_is_so_already_is_said_to_be_and_what_cannot_be_is_refused(centre: DemoCentre) -> None:
    a = worker(centre)
    present = named(centre.today.queues[key] for key in a.serves)
    absent = next(a for a in centre.today.floor.agents if a.shown is AgentState.OFFLINE)
    lead = next(a for a in centre.today.floor.agents if a.person.supervisor and a.seated)
    for command, outcome in (
        (ask(Verb.AGENT_STATE, a, value=AgentState.AVAILABLE), Outcome.ALREADY),
        (ask(Verb.AGENT_STATE, a, value=AgentState.BUSY), Outcome.REFUSED),
        (ask(Verb.AGENT_STATE, absent, value=AgentState.BREAK), Outcome.REFUSED),
        (ask(Verb.AGENT_STATE, "nobody", value=AgentState.BREAK), Outcome.REFUSED),
        (ask(Verb.AGENT_QUEUES, a, name=present), Outcome.ALREADY),
        (ask(Verb.AGENT_QUEUES, a, name=named(["nowhere"])), Outcome.REFUSED),
        (ask(Verb.AGENT_QUEUES, lead, name=present), Outcome.REFUSED),
        (ask(Verb.BREAK, a, name="1", value=TEN + HOUR), Outcome.CONFLICT),
    ):
        result, events = centre.apply(command)
        assert (result.outcome, events) == (outcome, []), command


def test_the_routing_follows_other_queues(centre: DemoCentre) -> None:
    a = worker(centre)
    other = next(key for key in centre.today.queues if key not in (*a.serves, *a.helps, "phone", "desk", "english"))
    result, events = centre.apply(ask(Verb.AGENT_QUEUES, a, name=named([centre.today.queues[other]])))
    assert result.outcome is Outcome.APPLIED
    (told,) = [event for event in events if event.kind is Kind.AGENT_QUEUES]
    assert (told.subject, told.actor, told.detail) == (
        a.name,
        SUPERVISOR,
        {"skills": [centre.today.queues[other]], "helps": [centre.today.queues[key] for key in a.helps]},
    )
    assert a in centre.today.routing.queues[other].own
    assert all(a not in queue.own for key, queue in centre.today.routing.queues.items() if key != other)
    tickets = set(given([*events, *centre.advance(TEN + HOUR)], a))
    contacts = centre.today.contacts
    came = [t for t in (contacts.get(ref) for ref in tickets) if t is not None and t.bounces == 0]
    assert any(t.queue == other for t in came)


def asking(centre: DemoCentre) -> Wish:
    """The next who asks for a break, as soon as they do."""
    until = centre.now
    while not centre.today.breaks.waiting:
        until += MINUTE
        centre.advance(until)
    return next(iter(centre.today.breaks.waiting.values()))


def decide(centre: DemoCentre, wish: Wish, until: int, reason: str = "") -> list[Event]:
    command = ask(Verb.BREAK, wish.agent, name=str(wish.asked_at), value=until, text=reason)
    result, events = centre.apply(command)
    assert result.outcome is Outcome.APPLIED
    assert centre.apply(command)[0].outcome is Outcome.CONFLICT
    return events


def test_a_granted_break_begins_when_the_contacts_allow_and_ends_in_time(centre: DemoCentre) -> None:
    wish = asking(centre)
    a, until = wish.agent, centre.now + wish.wanted + FINISHES_WITHIN
    events = decide(centre, wish, until)
    said = next(event for event in events if event.kind is Kind.BREAK_DECIDED)
    assert (said.subject, said.value, said.actor, said.role) == (a.name, until, SUPERVISOR, Role.SUPERVISOR)
    events += centre.advance(centre.now + FINISHES_WITHIN + MINUTE)
    gone = [e for e in events if e.kind is Kind.AGENT_STATE and e.subject == a.name and e.value == AgentState.BREAK]
    assert len(gone) == 1
    assert not a.seated
    assert shown(centre, until - 1, a) == []
    assert shown(centre, until, a)[0] in (AgentState.AVAILABLE, AgentState.BUSY)


def test_a_declined_break_keeps_the_agent(centre: DemoCentre) -> None:
    wish = asking(centre)
    paused = wish.agent.pause
    events = decide(centre, wish, 0, "the line is long")
    said = next(event for event in events if event.kind is Kind.BREAK_DECIDED)
    assert (said.value, (said.detail or {})["reason"]) == (0, "the line is long")
    centre.advance(centre.now + FINISHES_WITHIN)
    assert wish.agent.seated or wish.agent.pause > paused


def test_nobody_asks_for_ever(lived: Lived) -> None:
    asked: dict[str, int] = {}
    kinds = (Kind.BREAK_REQUESTED, Kind.BREAK_WITHDRAWN, Kind.BREAK_DECIDED)
    for event in lived.events:
        if event.kind in kinds:
            if event.kind is Kind.BREAK_REQUESTED:
                assert 5 * MINUTE <= event.value <= 20 * MINUTE
            asked[event.subject] = asked.get(event.subject, 0) + (1 if event.kind is Kind.BREAK_REQUESTED else 0)
    last = {event.subject: event.kind for event in lived.events if event.kind in kinds}
    assert 5 <= len(asked) <= 25, "now and then"
    assert max(asked.values()) == 2
    home = {event.subject for event in lived.after if event.kind is Kind.AGENT_LOGOUT}
    assert all(kind is Kind.BREAK_WITHDRAWN or who in home for who, kind in last.items())


def test_a_day_with_the_same_orders_goes_the_same_way(centre: DemoCentre) -> None:
    day = local_day(WEDNESDAY, SHANGHAI)
    wish = asking(centre)
    book = Bookmark(SEED, "Asia/Shanghai")
    commands = [ask(Verb.BREAK, wish.agent, name=str(wish.asked_at), value=centre.now + wish.wanted)]
    commands += [ask(Verb.AGENT_STATE, worker(centre), value=AgentState.AWAY)]
    commands += [ask(Verb.AGENT_QUEUES, worker(centre), name=named([centre.today.queues["general"]]))]
    live = []
    for place, command in enumerate(commands):
        result, events = centre.apply(replace(command, id=f"c{place}"))
        assert result.outcome is Outcome.APPLIED
        book.journal.append(Entry(centre.now, replace(command, id=f"c{place}"), WEDNESDAY.toordinal()))
        live += [*events, *centre.advance(centre.now + MINUTE)]
    live += centre.advance(day.end)
    book = Bookmark.read(book.written())
    assert book.knows(book.journal[0].command)
    entries = book.entries_of(WEDNESDAY.toordinal())
    assert len(entries) == 3
    again, _tail = generate(SITE, Job(WEDNESDAY.toordinal(), day.end, 0, 0, False, entries))
    assert [e for e in again if e.at > entries[0].at and e.at < day.end] == [
        e for e in live if e.at > entries[0].at and e.at < day.end
    ]
    book.finish(WEDNESDAY.toordinal())
    assert book.journal == []


def test_who_asks_for_a_break_changes_nothing_for_anybody_else(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.connectors.demo.breaks.SHARE", 0.0)
    without = live_through()

    def told(day: Lived) -> list[tuple[object, ...]]:
        asked = (Kind.BREAK_REQUESTED, Kind.BREAK_WITHDRAWN)
        return [(e.at, e.kind, e.subject, e.actor, e.value, e.name) for e in day.all if e.kind not in asked]

    assert told(without) == told(lived)
