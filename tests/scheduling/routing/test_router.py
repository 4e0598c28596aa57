"""The running console hands out what nobody has, and a replay of its log decides the same (R-ROUTE)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, MINUTE, SECOND, FixedClock, micros
from console.engine import Engine
from console.models.domain.commands import Delivery, Ordered
from console.models.domain.contacts import Channel, InquiryType, Tier
from console.models.domain.events import OWN_SOURCE, OWN_SOURCES, Kind
from console.models.domain.routing import ROUTER, Mode, RoutingRules, Rule, Strategy
from console.models.domain.skills import Level
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from console.models.queries.replay import Reproduction, compare, reproduce
from console.models.store.audit import Wanted
from tests.scheduling.routing.helpdesk import Helpdesk

MIDNIGHT = micros(datetime(2026, 3, 4, tzinfo=UTC))
DEFAULT = policies.default()
PLACES = DEFAULT.routing.places
RULES = RoutingRules(
    mode=Mode.ASSIGN,
    rules=(
        Rule("VIP", tiers=frozenset({Tier.VIP}), least_level=Level.SENIOR, widen_after=2 * MINUTE),
        Rule(
            "Payment",
            types=frozenset({InquiryType.BILLING_PAYMENT}),
            to_queues=frozenset({"Payment"}),
            strategy=Strategy.LONGEST_FREE,
            widen_after=5 * MINUTE,
        ),
    ),
    strategy=Strategy.LEAST_TODAY,
    places=PLACES,
    channels=frozenset(Channel),
    after=20 * SECOND,
    previous_within=6 * HOUR,
    previous_wait=MINUTE,
    take_back_after=10 * MINUTE,
)


def policy_of(rules: RoutingRules) -> Policy:
    return replace(DEFAULT, time_zone=UTC, routing=rules)


class Console:
    """One engine over a folder that may already hold a day, with a helpdesk; the test moves the clock."""

    def __init__(self, folder: Path, clock: FixedClock, helpdesk: Helpdesk, rules: RoutingRules = RULES) -> None:
        self.clock, self.helpdesk = clock, helpdesk
        self.engine = Engine(folder, clock=clock, policy=policy_of(rules))
        self.decided: list[tuple[int, str]] = []
        """What the router wanted, also where somebody else was faster."""

    def __enter__(self) -> Console:
        self.engine.__enter__()
        act = self.engine.router._act
        give = act.give

        def watched(ticket: int, agent: str, former: str, why: str) -> Ordered | None:
            self.decided.append((ticket, agent))
            return give(ticket, agent, former, why)

        act.give = watched  # type: ignore[method-assign]
        self.engine.attach(self.helpdesk)
        return self

    def __exit__(self, *_exc: object) -> None:
        self.engine.stop()

    def settle(self) -> None:
        """Let the router and the dispatcher do all that there is to do at this instant."""
        while True:
            moved = self.engine.router.turn()
            self._dispatched()
            if not moved:
                return

    def _dispatched(self) -> None:
        pause = threading.Event()
        for _look in range(3000):
            if not self.engine.desk().commands.pending():
                return
            pause.wait(0.01)
        raise AssertionError("the dispatcher does not answer")

    def run_until(self, end: int, step: int = MINUTE) -> None:
        """Minute by minute, passing over those in which nothing can happen."""
        self.settle()
        while self.clock.now() < end:
            following = self.helpdesk.next_at()
            router = self.engine.router.next_due()
            at = min(one for one in (following, router, end, self.clock.now() + 10 * MINUTE) if one is not None)
            steps = max(1, -(-(at - self.clock.now()) // step))
            self.clock.advance(min(steps * step, end - self.clock.now()) / SECOND)
            receipt = self.helpdesk.step()
            assert receipt is None or receipt.wait(30)
            self.settle()

    def asked(self) -> list[Ordered]:
        """Everything that the router asked for, in its order."""
        orders = self.engine.desk().commands
        found = [one for text in self.engine.log.texts() for one in orders.of_ticket(text.id)]
        return sorted((one for one in found if one.actor == ROUTER), key=lambda one: one.id)

    def reproduced(self, end: int = MIDNIGHT + DAY) -> Reproduction:
        return reproduce(self.engine.log, MIDNIGHT, end, policy_of(RULES).midnight_before)


def by_name(console: Console, pairs: list[tuple[int, int]]) -> list[tuple[int, str]]:
    names = {id_: text for text, id_ in console.engine.log.names()["agent"].items()}
    return [(ticket, names[agent]) for ticket, agent in pairs]


def assert_exact(console: Console, decided: list[tuple[int, str]], end: int = MIDNIGHT + DAY) -> None:
    """Every decision of the running console comes out of the replay, in its order; what was carried out of them is what
    the log tells of as the routing's."""
    found = console.reproduced(end)
    assert found.is_exact
    assert by_name(console, [(one.ticket, one.agent) for one in found.replayed]) == decided
    asked = [(one.ticket, one.name) for one in console.asked()]
    assert set(asked) <= set(decided)
    assert len(asked) > 0.9 * len(decided)
    applied = [(one.ticket, one.name) for one in console.asked() if one.state is Delivery.APPLIED]
    assert sorted(by_name(console, list(found.told))) == sorted(applied)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(MIDNIGHT)


def test_a_replay_of_a_whole_day_decides_as_the_running_console_did(tmp_path: Path, clock: FixedClock) -> None:
    helpdesk = Helpdesk(clock, MIDNIGHT)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + DAY - MINUTE)
        assert_exact(console, console.decided)
        assert len(console.asked()) > 200
        assert helpdesk.refused > 3
        assert len({one.name for one in console.asked()}) > 5


def test_so_does_one_of_a_day_with_a_restart_in_its_middle(tmp_path: Path, clock: FixedClock) -> None:
    helpdesk = Helpdesk(clock, MIDNIGHT, seed=2, contacts=120)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + 9 * HOUR)
        before = console.decided
    clock.advance(600)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + DAY - MINUTE)
        assert len(before) > 10 < len(console.decided)
        assert_exact(console, before + console.decided)


def test_the_next_day_begins_anew_and_is_replayed_as_well(tmp_path: Path, clock: FixedClock) -> None:
    clock.advance(20 * 3600)
    helpdesk = Helpdesk(clock, clock.now(), seed=3, contacts=60, hours=8)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + DAY + 3 * HOUR)
        end = MIDNIGHT + DAY + 4 * HOUR
        assert_exact(console, console.decided, end)
        assert any(one.at > MIDNIGHT + DAY for one in console.reproduced(end).replayed)


def small(tmp_path: Path, clock: FixedClock, rules: RoutingRules = RULES, *, contacts: int = 12) -> Console:
    """Two hours of the night with a few contacts."""
    return Console(tmp_path, clock, Helpdesk(clock, clock.now(), seed=5, contacts=contacts, hours=2), rules)


def test_what_it_gives_stands_on_the_trail_with_its_reason_and_nobody_as_actor(
    tmp_path: Path, clock: FixedClock
) -> None:
    with small(tmp_path, clock) as console:
        console.run_until(MIDNIGHT + 2 * HOUR)
        done = [row for row in console.engine.access.trail.rows(Wanted()) if row.action == "ticket.route"]
        given = [row for row in done if row.outcome == "done"]
        assert len(given) == len(console.asked()) > 0
        assert {row.actor for row in given} == {""}
        assert any("VIP" in row.reason for row in given)
        said = console.engine.log.timeline(console.asked()[0].ticket)
        (assigned,) = [one for one in said if one.kind is Kind.ASSIGNED and not one.actor][:1]
        assert assigned.name == console.asked()[0].name
        assert ROUTER not in console.engine.log.names()["agent"]


def test_while_it_is_off_nothing_is_given_and_nothing_told(tmp_path: Path, clock: FixedClock) -> None:
    with small(tmp_path, clock, replace(RULES, mode=Mode.OFF)) as console:
        console.run_until(MIDNIGHT + HOUR)
        assert (console.asked(), console.decided) == ([], [])
        assert ROUTER not in console.engine.log.names()["source"]


def test_a_suggestion_is_a_note_on_the_ticket(tmp_path: Path, clock: FixedClock) -> None:
    with small(tmp_path, clock, replace(RULES, mode=Mode.SUGGEST)) as console:
        console.run_until(MIDNIGHT + HOUR)
        assert console.decided == []
        texts = [text.id for text in console.engine.log.texts()]
        notes = [
            one
            for ticket in texts
            for one in console.engine.log.timeline(ticket)
            if one.kind is Kind.PRIVATE_NOTE and one.source == OWN_SOURCE
        ]
        assert notes
        assert all(one.body.startswith("Suggested owner: Agent") for one in notes)


def test_a_change_of_the_rules_holds_from_when_the_log_tells_of_it(tmp_path: Path, clock: FixedClock) -> None:
    with small(tmp_path, clock, contacts=30) as console:
        console.run_until(MIDNIGHT + 40 * MINUTE)
        before = len(console.decided)
        console.engine.set_policy(policy_of(replace(RULES, mode=Mode.OFF)))
        console.run_until(MIDNIGHT + 80 * MINUTE)
        assert len(console.decided) == before > 0
        console.engine.set_policy(policy_of(replace(RULES, strategy=Strategy.SENIOR_FIRST)))
        console.run_until(MIDNIGHT + 2 * HOUR)
        assert len(console.decided) > before
        assert_exact(console, console.decided)


def test_what_a_source_refuses_is_told_and_goes_to_somebody_else(tmp_path: Path, clock: FixedClock) -> None:
    helpdesk = Helpdesk(clock, MIDNIGHT, seed=9, contacts=60, hours=4)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + 4 * HOUR)
        refused = [one for one in console.asked() if one.state is Delivery.REFUSED and one.reason == "not now"]
        assert refused
        for one in refused:
            said = console.engine.log.timeline(one.ticket)
            missed = [event for event in said if event.kind is Kind.OFFER_MISSED]
            assert one.name in {event.actor for event in missed}
            others = [other.name for other in console.asked() if other.ticket == one.ticket and other.id > one.id]
            assert one.name not in others[:1]


def test_a_day_under_other_rules_is_the_same_every_time(tmp_path: Path, clock: FixedClock) -> None:
    helpdesk = Helpdesk(clock, MIDNIGHT, seed=4, contacts=80, hours=8)
    with Console(tmp_path, clock, helpdesk) as console:
        console.run_until(MIDNIGHT + 8 * HOUR)
        other = replace(RULES, rules=(), strategy=Strategy.SENIOR_FIRST)
        midnight_before = policy_of(RULES).midnight_before

        def run(seed: int) -> object:
            rules = replace(other, seed=seed)
            return compare(console.engine.log, MIDNIGHT, MIDNIGHT + 8 * HOUR, rules, midnight_before, 0.3)

        first = compare(console.engine.log, MIDNIGHT, MIDNIGHT + 8 * HOUR, other, midnight_before, 0.3)
        assert run(1) == first
        assert (first.contacts, first.decisions > 40) == (80, True)
        assert sum(first.recorded.by_agent.values()) == first.recorded.given
        assert first.recorded.top_share is not None
        assert "transfers" in first.summary
        assert first.replayed.wait_mean < first.recorded.wait_mean


def test_the_thread_gives_out_by_itself_and_stops_cleanly(tmp_path: Path, clock: FixedClock) -> None:
    with small(tmp_path, clock) as console:
        console.engine.router.start(console.engine.tail)
        pause = threading.Event()
        for _look in range(600):
            clock.jump(30)
            receipt = console.helpdesk.step()
            assert receipt is None or receipt.wait(30)
            pause.wait(0.01)
            if len(console.decided) > 3:
                break
        assert len(console.decided) > 3


def test_the_routing_is_no_source_of_anybodys_data(tmp_path: Path, clock: FixedClock) -> None:
    assert ROUTER in OWN_SOURCES
    with small(tmp_path, clock) as console:
        console.run_until(MIDNIGHT + 10 * MINUTE)
        assert {state.name for state in console.engine.log.sources()} - OWN_SOURCES <= {"desk"}
