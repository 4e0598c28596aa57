"""A simulated day: what can happen to a contact and in which order, and that chance decides nothing twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from console.clock import DAY, HOUR, MINUTE
from console.connectors.demo import DemoCentre, Site
from console.connectors.demo.day import Day
from console.connectors.demo.kernel import KEYS_PER_DAY
from console.models.domain import attributes
from console.models.domain.contacts import AgentState, Channel, Role, Status
from console.models.domain.events import Event, Kind
from tests.connectors.demo.conftest import SEED, SHANGHAI, SITE, WEDNESDAY, Lived, live_through

GIVES_BACK = (Kind.UNASSIGNED, Kind.TRANSFERRED, Kind.ABANDONED)
NEXT = {
    Status.NEW: {Status.OPEN, Status.CLOSED, Status.PENDING_INTERNAL, Status.RESOLVED},
    Status.OPEN: {Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL, Status.RESOLVED, Status.CLOSED},
    Status.PENDING_CUSTOMER: {Status.OPEN, Status.RESOLVED},
    Status.PENDING_INTERNAL: {Status.OPEN, Status.RESOLVED},
    Status.RESOLVED: {Status.CLOSED, Status.OPEN},
    Status.CLOSED: set(),
}


def test_the_same_seed_and_date_make_the_same_day(lived: Lived) -> None:
    again = live_through()
    assert again.events == lived.events
    assert again.after == lived.after


def test_another_seed_makes_another_day(lived: Lived) -> None:
    day = Day(Site(8, SHANGHAI), WEDNESDAY)
    events = day.advance(day.local.start + 2 * HOUR)
    assert events
    assert events != lived.events[: len(events)]


def test_it_does_not_matter_in_how_many_steps_time_passes(lived: Lived) -> None:
    day = Day(SITE, WEDNESDAY)
    events: list[Event] = []
    for step in range(60, 6 * 24 * 60, 7):
        events += day.advance(day.local.start + step * MINUTE)
    assert events == lived.all


def test_a_day_does_not_depend_on_the_day_before(lived: Lived) -> None:
    start = lived.day.local.start
    centre = DemoCentre(SITE, start - DAY)
    assert centre.advance(start - 1)
    events = centre.advance(start + 12 * HOUR)
    assert any(event.native // KEYS_PER_DAY < WEDNESDAY.toordinal() for event in events)
    own = [event for event in events if event.native // KEYS_PER_DAY == WEDNESDAY.toordinal()]
    assert own == [event for event in lived.events if event.at <= start + 12 * HOUR]


def test_leaving_out_the_texts_changes_nothing_else(lived: Lived) -> None:
    silent = live_through(bodies=False)
    assert [event._replace(body="") for event in lived.all] == silent.all
    assert any(event.body for event in lived.all)


def test_keys_count_the_day_s_events_in_their_order(lived: Lived) -> None:
    base = WEDNESDAY.toordinal() * KEYS_PER_DAY
    assert [event.key for event in lived.all] == list(range(base + 1, base + len(lived.all) + 1))
    assert all(event.native == event.key for event in lived.all)
    times = [event.at for event in lived.all]
    assert times == sorted(times)


def test_a_day_lies_between_its_midnights(lived: Lived) -> None:
    local = lived.day.local
    assert local.end - local.start == DAY
    assert all(local.start <= event.at < local.end for event in lived.events)
    assert all(local.end <= event.at < local.end + 4 * DAY for event in lived.after)
    assert not any(event.kind is Kind.CREATED for event in lived.after)


@pytest.mark.parametrize(("when", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_the_summer_time_s_change_have_their_own_length(when: date, hours: int) -> None:
    lived = live_through(when, Site(SEED, ZoneInfo("Europe/Berlin")), bodies=False)
    assert lived.day.local.end - lived.day.local.start == hours * HOUR
    assert [event.at for event in lived.all] == sorted(event.at for event in lived.all)
    assert lived.day.next_at() is None


def test_everything_that_is_begun_is_closed_in_the_end(lived: Lived) -> None:
    last = {
        ticket: [e for e in events if e.kind is Kind.STATUS_CHANGED][-1] for ticket, events in lived.by_ticket().items()
    }
    assert {Status(event.value) for event in last.values()} == {Status.CLOSED}
    assert lived.day.next_at() is None


def test_every_ticket_is_created_first_and_once(lived: Lived) -> None:
    for ticket, events in lived.by_ticket().items():
        assert [e.kind for e in events].index(Kind.CREATED) == 0, ticket
        assert sum(e.kind is Kind.CREATED for e in events) == 1, ticket


def test_status_goes_only_where_a_helpdesk_lets_it(lived: Lived) -> None:
    for ticket, events in lived.by_ticket().items():
        status = Status(attributes.unpack(events[0].value)["status"])
        for event in events:
            if event.kind is Kind.STATUS_CHANGED:
                assert Status(event.value) in NEXT[status], (ticket, status, Status(event.value))
                status = Status(event.value)


def test_nothing_but_a_score_happens_to_a_closed_ticket(lived: Lived) -> None:
    for ticket, events in lived.by_ticket().items():
        closed = next(i for i, e in enumerate(events) if e.kind is Kind.STATUS_CHANGED and e.value == Status.CLOSED)
        assert {e.kind for e in events[closed + 1 :]} <= {Kind.CSAT}, ticket


def test_only_the_owner_answers_and_only_after_having_got_the_ticket(lived: Lived) -> None:
    for ticket, events in lived.by_ticket().items():
        owner = ""
        for event in events:
            if event.kind is Kind.ASSIGNED:
                owner = event.name
            elif event.kind is Kind.UNASSIGNED:
                owner = ""
            elif event.kind in (Kind.PUBLIC_REPLY, Kind.CONNECTED, Kind.READ, Kind.PROMISE_MADE, Kind.HELD):
                assert event.actor == owner, (ticket, event)


def test_a_live_contact_ends_only_after_somebody_was_connected(lived: Lived) -> None:
    for ticket, events in lived.by_ticket().items():
        kinds = [event.kind for event in events]
        if Kind.ENDED in kinds:
            channel = Channel(attributes.unpack(events[0].value)["channel"])
            start = Kind.ASSIGNED if Kind.CONNECTED not in kinds else Kind.CONNECTED
            assert start in kinds[: kinds.index(Kind.ENDED)], ticket
            assert start is Kind.CONNECTED or channel in (Channel.EMAIL, Channel.OTHER, Channel.MARKETPLACE), ticket
        if Kind.ABANDONED in kinds:
            assert Kind.PUBLIC_REPLY not in kinds, ticket


def test_agents_act_only_while_they_are_logged_in(lived: Lived) -> None:
    here: set[str] = set()
    for event in lived.events:
        if event.kind is Kind.AGENT_LOGIN:
            here.add(event.subject)
        elif event.kind is Kind.AGENT_LOGOUT:
            here.discard(event.subject)
        elif event.role is Role.AGENT and event.kind < Kind.AGENT_LOGIN:
            assert event.actor in here, event


def test_agents_never_have_more_conversations_than_their_limit(lived: Lived) -> None:
    """Counted from the events alone: a place is taken by connecting or going on, and given back by any end or pause."""
    limit: dict[str, int] = {}
    places: dict[str, str] = {}
    held: dict[str, set[str]] = defaultdict(set)
    owner: dict[str, str] = {}
    connected: set[str] = set()
    most: Counter[str] = Counter()

    def leave(ticket: str) -> None:
        held[places.pop(ticket, "")].discard(ticket)

    for event in lived.events:
        ticket = event.subject
        if event.kind is Kind.AGENT_LOGIN:
            limit[ticket] = event.value
        elif event.kind is Kind.ASSIGNED:
            owner[ticket] = event.name
        elif event.kind in GIVES_BACK or (event.kind is Kind.STATUS_CHANGED and event.value != Status.OPEN):
            leave(ticket)
        elif event.kind is Kind.CONNECTED or (
            event.kind is Kind.STATUS_CHANGED and ticket in connected and event.role is Role.AGENT
        ):
            connected.add(ticket)
            places[ticket] = owner[ticket]
            held[owner[ticket]].add(ticket)
            most[owner[ticket]] = max(most[owner[ticket]], len(held[owner[ticket]]))
    assert all(count <= limit[name] for name, count in most.items())
    assert sum(most[name] == limit[name] for name in limit) > 15, "nobody is ever busy"


def test_agents_are_seen_in_every_state(lived: Lived) -> None:
    assert {AgentState(event.value) for event in lived.of(Kind.AGENT_STATE)} == set(AgentState)


def test_promises_are_mostly_kept_and_some_are_broken(lived: Lived) -> None:
    kept = broken = 0
    for events in lived.by_ticket().values():
        for i, event in enumerate(events):
            if event.kind is Kind.PROMISE_MADE:
                assert event.value > event.at
                later = next((e.at for e in events[i + 1 :] if e.kind is Kind.PUBLIC_REPLY), None)
                kept += later is not None and later <= event.value
                broken += later is None or later > event.value
    assert kept + broken > 300
    assert 0.15 < broken / (kept + broken) < 0.5


def test_some_are_read_and_not_answered_for_half_an_hour(lived: Lived) -> None:
    forgotten = 0
    for events in lived.by_ticket().values():
        for i, event in enumerate(events):
            if event.kind is Kind.READ:
                answer = next((e.at for e in events[i + 1 :] if e.kind is Kind.PUBLIC_REPLY), event.at + DAY)
                forgotten += answer - event.at > 25 * MINUTE
    assert 15 < forgotten < 300


def test_complaints_have_tier_amount_and_cause(lived: Lived) -> None:
    complaints = lived.of(Kind.COMPLAINT)
    tiers = Counter(event.value for event in complaints)
    assert tiers[1] > tiers[2] > tiers[3] > 0
    for event in complaints:
        assert event.detail is not None
        amount = event.detail["amount"]
        assert isinstance(amount, int)
        low, high = {1: (0, 499), 2: (500, 5_000), 3: (5_000, 20_000)}[event.value]
        assert low <= amount <= high
        assert event.detail["cause"]


def test_tickets_are_transferred_and_some_go_back_and_forth(lived: Lived) -> None:
    transfers = Counter(event.subject for event in lived.of(Kind.TRANSFERRED))
    assert len(transfers) > 200
    assert sum(count > 1 for count in transfers.values()) > 20


def test_customers_write_again_while_they_wait_and_give_up(lived: Lived) -> None:
    assert len(lived.of(Kind.ABANDONED)) > 50
    twice = 0
    for events in lived.by_ticket().values():
        messages = [e.kind for e in events if e.kind in (Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY)]
        twice += messages[:2] == [Kind.CUSTOMER_MESSAGE] * 2
    assert twice > 300


def test_some_come_without_a_type_and_get_one_later(lived: Lived) -> None:
    created = lived.of(Kind.CREATED)
    blank = {e.subject for e in created if attributes.unpack(e.value)["type"] == 0}
    assert 0.1 < len(blank) / len(created) < 0.2
    typed = {event.subject for event in lived.of(Kind.TYPE_CHANGED)}
    assert typed <= blank
    assert len(typed) > 0.9 * len(blank)


def test_everybody_goes_home_in_the_end(lived: Lived) -> None:
    last = {event.subject: event.kind for event in lived.all if event.kind >= Kind.AGENT_LOGIN}
    assert set(last.values()) == {Kind.AGENT_LOGOUT}


def test_most_agents_finish_their_conversations_before_a_break_and_some_do_not(lived: Lived) -> None:
    owner: dict[str, str] = {}
    at_hand: Counter[str] = Counter()
    left = stayed = 0
    for event in lived.events:
        ticket = event.subject
        if event.kind in (Kind.CONNECTED, Kind.UNASSIGNED, Kind.TRANSFERRED, Kind.STATUS_CHANGED):
            at_hand[owner.pop(ticket, "")] -= 1
        if event.kind is Kind.CONNECTED:
            owner[ticket] = event.actor
            at_hand[event.actor] += 1
        elif event.kind is Kind.AGENT_STATE and event.value == AgentState.BREAK:
            left += at_hand[ticket] > 0
            stayed += at_hand[ticket] == 0
    assert left > 3
    assert stayed > 4 * left


def test_an_approval_that_is_asked_for_is_decided_in_the_end(lived: Lived) -> None:
    pending: set[str] = set()
    asked = 0
    for event in lived.all:
        if event.kind is Kind.TAG_ADDED:
            pending.add(event.subject)
            asked += 1
        elif event.kind is Kind.TAG_REMOVED:
            pending.remove(event.subject)
        elif event.kind is Kind.STATUS_CHANGED and event.value == Status.RESOLVED:
            assert event.subject not in pending
    assert asked > 50
    assert pending == set()


def test_what_must_be_answered_within_hours_is_the_first_work_of_the_morning(lived: Lived) -> None:
    created = {e.subject: attributes.unpack(e.value) for e in lived.events if e.kind is Kind.CREATED}
    answered = {e.subject for e in lived.events if e.kind is Kind.PUBLIC_REPLY}
    others = {e.subject for e in lived.all if e.kind in (Kind.COMPLAINT, Kind.PROMISE_MADE)}
    first: dict[str, int] = {}
    for event in lived.after:
        if event.kind is Kind.PUBLIC_REPLY:
            first.setdefault(event.subject, event.at)
    left = {ticket: at for ticket, at in first.items() if ticket not in answered | others}
    pressing = [at for ticket, at in left.items() if created[ticket]["channel"] in (Channel.MARKETPLACE, Channel.OTHER)]
    mail = [at for ticket, at in left.items() if created[ticket]["channel"] == Channel.EMAIL]
    assert len(pressing) > 5
    assert max(pressing) <= lived.day.local.end + 9 * HOUR
    assert max(mail) > lived.day.local.end + 12 * HOUR
