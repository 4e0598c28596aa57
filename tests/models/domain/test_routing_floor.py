"""Who gets what (R-ROUTE): within everybody's places over all channels, by skill and language, the former agent within
bounds, taken back from who is away; the same every time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, InquiryType, Language, Role, Status, Tier
from console.models.domain.events import Kind
from console.models.domain.routing import Decision, Mode, Orders, RoutingRules, Rule, Strategy, Why
from console.models.domain.routing_contacts import Happening
from console.models.domain.routing_floor import RoutingFloor
from console.models.domain.routing_line import ANSWER_WITHIN, EXCLUDED_FOR
from console.models.domain.routing_people import Told
from console.models.domain.skills import Level
from tests.models.domain.routing_world import PLACES, RULES, START, World

SIMPLE = RoutingRules(mode=Mode.ASSIGN, places=PLACES, after=10 * SECOND)


class Floor:
    """A floor that is told what happens, at seconds from the start."""

    def __init__(self, rules: RoutingRules = SIMPLE) -> None:
        self.floor = RoutingFloor()
        self.floor.follows = True
        self.seq = 0
        self.made: list[Decision] = []
        self.at(0, Kind.ROUTING, 0, told=Orders(rules))

    def at(self, second: float, kind: Kind, subject: int, value: int = 0, actor: int = 0, **more) -> list[Decision]:
        self.seq += 1
        role = more.pop("role", Role.AGENT if actor else Role.SYSTEM)
        happening = Happening(
            START + round(second * SECOND), self.seq, int(kind), subject, value, actor, int(role), **more
        )
        made = self.floor.feed(happening)
        self.made += made
        return made

    def login(
        self, agent: int, queues: str = "Q", *, limit: int = 0, second: float = 0, level: Level = Level.REGULAR, **told
    ) -> list[Decision]:
        said = Told("", level, frozenset(queues), **told)
        return self.at(second, Kind.AGENT_LOGIN, agent, limit, told=said)

    def chat(self, ticket: int, second: float = 0, queue: str = "Q", customer: str = "", **born: int) -> list[Decision]:
        packed = pack(**({"channel": Channel.WEB_CHAT, "status": Status.OPEN} | born))
        return self.at(second, Kind.CREATED, ticket, packed, text=queue, customer=customer, role=Role.CUSTOMER)

    def tick(self, second: float) -> list[Decision]:
        return self.at(second, Kind.HEARTBEAT, 0)

    def got(self, second: float) -> list[tuple[int, int]]:
        """Who got what by then; what was asked for is told by the log at once."""
        made = self.tick(second)
        for decision in made:
            self.at(second, Kind.ASSIGNED, decision.ticket, decision.agent)
        return [(decision.ticket, decision.agent) for decision in made]


def test_what_the_source_leaves_for_a_while_is_handed_out() -> None:
    floor = Floor()
    floor.login(1)
    floor.chat(7)
    assert floor.got(9) == []
    assert floor.got(10) == [(7, 1)]
    (decision,) = floor.made
    assert (decision.at, decision.waited, decision.why) == (START + 10 * SECOND, 10 * SECOND, Why.SERVES)
    assert "Q" in decision.words


def test_what_the_source_gives_out_itself_is_left_alone() -> None:
    floor = Floor()
    floor.login(1)
    floor.chat(7)
    floor.at(5, Kind.ASSIGNED, 7, 2)
    assert floor.got(600) == []


def test_who_is_full_on_one_channel_is_not_free_for_another() -> None:
    floor = Floor()
    floor.login(1)
    for ticket, channel in enumerate((Channel.WHATSAPP, Channel.WEB_CHAT, Channel.APP_CHAT), 1):
        floor.chat(ticket, channel=channel)
    assert len(floor.got(10)) == 3
    floor.chat(9, 20)
    assert floor.got(60) == []
    floor.at(70, Kind.STATUS_CHANGED, 1, int(Status.PENDING_CUSTOMER), 1)
    assert [(one.ticket, one.agent) for one in floor.made[3:]] == [(9, 1)]


def test_a_call_takes_the_whole_person() -> None:
    floor = Floor()
    floor.login(1)
    floor.chat(1, channel=Channel.PHONE)
    floor.at(1, Kind.ASSIGNED, 1, 1)
    floor.chat(2, 2)
    assert floor.got(60) == []
    floor.at(61, Kind.ENDED, 1, actor=1)
    assert floor.made[-1].ticket == 2


def test_the_limit_of_the_log_in_holds_over_all_live_channels() -> None:
    floor = Floor()
    floor.login(1, limit=2)
    for ticket, channel in enumerate((Channel.WHATSAPP, Channel.WEB_CHAT, Channel.WECHAT), 1):
        floor.chat(ticket, channel=channel)
    assert len(floor.got(60)) == 2


def test_skill_language_and_leads() -> None:
    floor = Floor()
    floor.login(1, "P")
    floor.login(2, "Q", level=Level.LEAD)
    floor.login(3, "Q", languages=frozenset({Language.ZH}))
    floor.chat(7, language=Language.EN)
    assert floor.got(60) == []
    floor.login(4, "Q", languages=frozenset({Language.EN, Language.ZH}), second=61)
    assert floor.made[-1].agent == 4


def test_a_lead_gets_nothing_though_a_rule_names_their_team() -> None:
    floor = Floor(replace(SIMPLE, rules=(Rule("vip", to_teams=frozenset({"A"}), least_level=Level.SENIOR),)))
    floor.at(0, Kind.AGENT_LOGIN, 1, told=Told("A", Level.LEAD, frozenset("Q")))
    floor.chat(1)
    assert floor.got(60) == []
    floor.at(61, Kind.AGENT_LOGIN, 2, told=Told("A", Level.SENIOR, frozenset("P")))
    assert [one.agent for one in floor.made] == [2]


def test_who_helps_out_is_asked_when_nobody_else_has_room() -> None:
    floor = Floor()
    floor.login(1, "P", helps=frozenset("Q"))
    floor.login(2, "Q", limit=1)
    floor.chat(1)
    floor.chat(2)
    assert floor.got(10) == [(1, 2), (2, 1)]
    assert [one.why for one in floor.made] == [Why.SERVES, Why.HELPS]


def test_specialists_first_and_after_a_while_everybody() -> None:
    rule = Rule("money", types=frozenset({InquiryType.BILLING_PAYMENT}), to_queues=frozenset("P"), widen_after=MINUTE)
    floor = Floor(replace(SIMPLE, rules=(rule,)))
    floor.login(1, "P", limit=1)
    floor.login(2, "Q")
    for ticket in (1, 2):
        floor.chat(ticket, type=InquiryType.BILLING_PAYMENT)
    assert floor.got(10) == [(1, 1)]
    assert floor.got(69) == []
    assert floor.got(70) == [(2, 2)]
    assert [(one.why, one.rule) for one in floor.made] == [(Why.RULE, "money"), (Why.SERVES, "")]


def test_a_rule_that_never_widens_keeps_a_contact_for_its_people() -> None:
    floor = Floor(replace(SIMPLE, rules=(Rule("vip", tiers=frozenset({Tier.VIP}), least_level=Level.SENIOR),)))
    floor.login(1, level=Level.JUNIOR)
    floor.chat(1, tier=Tier.VIP)
    assert floor.got(3600) == []
    assert floor.login(2, level=Level.SENIOR, second=3700)[0].agent == 2


def test_the_former_agent_is_waited_for_within_bounds() -> None:
    rules = replace(SIMPLE, previous_within=HOUR, previous_wait=MINUTE)
    floor = Floor(rules)
    floor.login(1, limit=1)
    floor.chat(1, customer="Li")
    assert floor.got(10) == [(1, 1)]
    floor.login(2, second=11)
    floor.at(20, Kind.STATUS_CHANGED, 1, int(Status.RESOLVED), 1)
    floor.chat(2, 30)
    floor.at(30, Kind.ASSIGNED, 2, 1)
    floor.chat(3, 40, customer="Li")
    assert floor.got(109) == []
    # The customer's agent is still full: somebody else has room.
    assert floor.got(110) == [(3, 2)]
    floor.at(120, Kind.STATUS_CHANGED, 2, int(Status.RESOLVED), 1)
    floor.at(121, Kind.STATUS_CHANGED, 3, int(Status.RESOLVED), 2)
    floor.chat(4, 130, customer="Li")
    assert floor.got(140) == [(4, 2)]
    assert floor.made[-1].why is Why.FORMER
    floor.at(150, Kind.STATUS_CHANGED, 4, int(Status.RESOLVED), 2)
    floor.chat(5, 150 + 3601, customer="Li")
    floor.got(150 + 3611)
    assert floor.made[-1].why is Why.SERVES


def test_nobody_waits_for_a_former_agent_who_goes() -> None:
    floor = Floor(replace(SIMPLE, previous_within=HOUR, previous_wait=HOUR))
    floor.login(1, limit=1)
    floor.login(2, level=Level.LEAD)
    floor.chat(1, customer="Li")
    floor.got(10)
    floor.login(3, second=20)
    floor.chat(2, 20, customer="Li")
    assert floor.got(60) == []
    assert [one.agent for one in floor.at(61, Kind.AGENT_STATE, 1, int(AgentState.BREAK))] == [3]


def test_what_the_owner_is_away_from_goes_to_somebody_else() -> None:
    floor = Floor(replace(SIMPLE, take_back_after=5 * MINUTE))
    floor.login(1)
    floor.chat(1)
    floor.got(10)
    floor.chat(2, 11)
    assert floor.got(21) == [(2, 1)]
    floor.at(22, Kind.STATUS_CHANGED, 2, int(Status.PENDING_CUSTOMER), 1)
    floor.login(2, second=25)
    floor.at(30, Kind.AGENT_STATE, 1, int(AgentState.BREAK))
    assert floor.got(329) == []
    assert floor.got(330) == [(1, 2)]
    assert (floor.made[-1].former, floor.made[-1].waited) == (1, 0)
    # What waits for its customer stays, until the customer writes.
    floor.at(340, Kind.STATUS_CHANGED, 1, int(Status.RESOLVED), 2)
    assert floor.got(399) == []
    assert [(one.ticket, one.agent) for one in floor.at(400, Kind.CUSTOMER_MESSAGE, 2)] == [(2, 2)]


def test_who_comes_back_in_time_keeps_it() -> None:
    floor = Floor(replace(SIMPLE, take_back_after=5 * MINUTE))
    floor.login(1)
    floor.chat(1)
    floor.got(10)
    floor.at(30, Kind.AGENT_STATE, 1, int(AgentState.BREAK))
    floor.tick(400)
    floor.at(500, Kind.AGENT_STATE, 1, int(AgentState.AVAILABLE))
    floor.login(2, second=501)
    assert floor.got(900) == []


def test_who_cannot_be_given_it_is_passed_over_for_a_while() -> None:
    floor = Floor()
    floor.login(1)
    floor.chat(1)
    (asked,) = floor.tick(10)
    floor.login(2, second=11)
    (again,) = floor.at(12, Kind.OFFER_MISSED, 1, actor=asked.agent, own=True)
    assert again.agent == 2
    # No word of it comes: the same again.
    floor.at(13, Kind.AGENT_STATE, 2, int(AgentState.BREAK))
    assert floor.tick(12 + ANSWER_WITHIN / SECOND) == []
    (third,) = floor.tick(12 + EXCLUDED_FOR / SECOND)
    assert third.agent == 1


def test_a_suggestion_is_made_once_and_takes_nobodys_place() -> None:
    floor = Floor(replace(SIMPLE, mode=Mode.SUGGEST))
    floor.login(1, limit=1)
    for ticket in (1, 2):
        floor.chat(ticket)
    assert [one.ticket for one in floor.tick(10)] == [1, 2]
    assert floor.tick(3600) == []


def test_nothing_is_handed_out_while_it_is_off() -> None:
    floor = Floor(replace(SIMPLE, mode=Mode.OFF))
    floor.login(1)
    floor.chat(1)
    assert floor.tick(600) == []
    assert [one.ticket for one in floor.at(700, Kind.ROUTING, 0, told=Orders(SIMPLE))] == [1]


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [(Strategy.LEAST_LOADED, 2), (Strategy.LEAST_TODAY, 3), (Strategy.LONGEST_FREE, 3), (Strategy.SENIOR_FIRST, 1)],
)
def test_the_ways_to_choose(strategy: Strategy, expected: int) -> None:
    floor = Floor(replace(SIMPLE, strategy=strategy))
    for agent, level in ((1, Level.SENIOR), (2, Level.JUNIOR), (3, Level.JUNIOR)):
        floor.login(agent, level=level)
    # 1 and 2 had two contacts, 3 one; 3 and 1 still have one.
    for ticket, agent in enumerate((3, 1, 2, 1, 2), 1):
        floor.chat(ticket, ticket)
        floor.at(ticket, Kind.ASSIGNED, ticket, agent)
    for ticket, agent in ((2, 1), (3, 2), (5, 2)):
        floor.at(20, Kind.STATUS_CHANGED, ticket, int(Status.RESOLVED), agent)
    floor.chat(9, 30)
    assert floor.got(40) == [(9, expected)]


def test_rules_come_back_from_the_log_as_they_were() -> None:
    assert Orders.of(Orders(RULES).detail()).rules == RULES


class Watched(World):
    """Checks every decision at the instant at which it is made."""

    def tell(self, kind: Kind, subject: int, value: int = 0, actor: int = 0, role: Role = Role.SYSTEM, **more) -> None:
        before = {
            agent: (person.used(self.rules.places), len(person.holding)) for agent, person in self.floor.people.items()
        }
        first = len(self.decisions)
        super().tell(kind, subject, value, actor, role, **more)
        for decision in self.decisions[first:]:
            self.check(decision, before.get(decision.agent, (0, 0)))

    def check(self, decision: Decision, _before: tuple[int, int]) -> None:
        person, card = self.floor.people[decision.agent], self.floor.cards[decision.ticket]
        assert person.is_there
        assert not person.wraps_up
        assert person.level is not Level.LEAD
        assert person.speaks(card.language)
        rule = next((rule for rule in self.rules.rules if rule.name == decision.rule), None)
        if rule is not None:
            assert person.is_meant(rule, card.queue)
        else:
            assert person.serves(card.queue) or person.helps_in(card.queue)
        # Never above a limit over all channels: what people took themselves may be, what is given may not.
        mine = [ticket for ticket in person.holding if self.floor.cards[ticket].asked == decision.agent]
        if len(mine) == len(person.holding):
            assert person.used(self.rules.places) <= 1_000_000
        if decision.why is Why.FORMER:
            assert decision.waited <= self.rules.after + self.rules.previous_wait


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_every_decision_keeps_the_rules(seed: int) -> None:
    world = Watched(seed, contacts=60, hours=1.0).run()
    assert world.decisions


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_same_log_gives_the_same_decisions(seed: int) -> None:
    world = World(seed, contacts=40, hours=0.7).run()
    floor = RoutingFloor()
    floor.follows = True
    again = [decision for happening in world.happenings for decision in floor.feed(happening)]
    assert again == world.decisions
