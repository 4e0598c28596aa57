"""A small centre for tests of the routing: contacts without owner come in, people come and go, work, wait for answers,
wrap up, hand over, refuse; everything it tells is a list of happenings in the order of a log."""

from __future__ import annotations

import random
from collections.abc import Callable
from heapq import heappop, heappush

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.contacts import AgentState, Channel, InquiryType, Language, Role, Status, Tier
from console.models.domain.events import Kind
from console.models.domain.routing import Decision, Mode, Orders, RoutingRules, Rule, Strategy
from console.models.domain.routing_contacts import Happening
from console.models.domain.routing_floor import RoutingFloor
from console.models.domain.routing_people import Told
from console.models.domain.skills import Level

START = 1_772_442_000_000_000
QUEUES = ("General", "Payment", "Returns")
PLACES = tuple(1 if channel is Channel.PHONE else 3 if channel in (1, 2, 3) else 6 for channel in Channel)
RULES = RoutingRules(
    mode=Mode.ASSIGN,
    rules=(
        Rule("vip", tiers=frozenset({Tier.VIP}), least_level=Level.SENIOR, widen_after=30 * SECOND),
        Rule(
            "payment",
            types=frozenset({InquiryType.BILLING_PAYMENT}),
            to_queues=frozenset({"Payment"}),
            strategy=Strategy.LONGEST_FREE,
            widen_after=2 * MINUTE,
        ),
        Rule("returns", queues=frozenset({"Returns"}), to_teams=frozenset({"B"}), widen_after=MINUTE),
    ),
    places=PLACES,
    after=5 * SECOND,
    previous_within=HOUR,
    previous_wait=20 * SECOND,
    take_back_after=3 * MINUTE,
)


class World:
    """One run: `happenings` is its log, `decisions` is what the floor that it asked decided meanwhile."""

    def __init__(
        self, seed: int, rules: RoutingRules = RULES, *, people: int = 8, contacts: int = 120, hours: float = 2.0
    ) -> None:
        self.rng = random.Random(seed)
        self.floor = RoutingFloor()
        self.floor.follows = True
        self.rules = rules
        self.happenings: list[Happening] = []
        self.decisions: list[Decision] = []
        self.on_step: Callable[[], None] = lambda: None
        self._heap: list[tuple[int, int, Callable[[], None]]] = []
        self._count = 0
        self.now = START
        self.end = START + round(hours * HOUR)
        self.owner: dict[int, int] = {}
        self._customers: dict[int, str] = {}
        self.over: set[int] = set()
        self.there: set[int] = set()
        self.tell(Kind.ROUTING, 0, told=Orders(rules))
        for agent in range(1, people + 1):
            self._plan(self.rng.randrange(20 * MINUTE), lambda agent=agent: self._login(agent))
        for ticket in range(1, contacts + 1):
            self._plan(self.rng.randrange(round(hours * HOUR)), lambda ticket=ticket: self._arrive(ticket))

    def run(self) -> World:
        while self._heap or self._due() is not None:
            due = self._due()
            if due is not None and (not self._heap or due <= self._heap[0][0]):
                if due > self.end:
                    break
                self.now = max(self.now, due)
                self.tell(Kind.HEARTBEAT, 0)
                continue
            if self._heap[0][0] > self.end:
                break
            self.now, _number, act = heappop(self._heap)
            act()
        return self

    def tell(self, kind: Kind, subject: int, value: int = 0, actor: int = 0, role: Role = Role.SYSTEM, **more) -> None:
        # Sources are late sometimes: their events tell of a moment ago, but the log's time does not go back.
        happening = Happening(self.now, len(self.happenings), int(kind), subject, value, actor, int(role), **more)
        self.happenings.append(happening)
        for decision in self.floor.feed(happening):
            self.decisions.append(decision)
            self._plan(1 + self.rng.randrange(3 * SECOND), lambda decision=decision: self._answer(decision))
        self.on_step()

    def _due(self) -> int | None:
        return self.floor.next_due()

    def _plan(self, after: int, act: Callable[[], None]) -> None:
        self._count += 1
        heappush(self._heap, (self.now + after, self._count, act))

    def _login(self, agent: int) -> None:
        skills = frozenset({"General", QUEUES[agent % 3]})
        level = Level.LEAD if agent == 8 else Level.SENIOR if agent % 2 else Level.JUNIOR
        told = Told(
            "AB"[agent % 2], level, skills, frozenset(QUEUES), frozenset({Language.ZH}) if agent == 3 else frozenset()
        )
        self.there.add(agent)
        self.tell(Kind.AGENT_LOGIN, agent, 2 + agent % 3, told=told)
        self._plan(self.rng.randrange(30 * MINUTE), lambda: self._break(agent))

    def _break(self, agent: int) -> None:
        self.there.discard(agent)
        self.tell(Kind.AGENT_STATE, agent, int(self.rng.choice((AgentState.BREAK, AgentState.AWAY))))
        self._plan(MINUTE + self.rng.randrange(10 * MINUTE), lambda: self._back(agent))

    def _back(self, agent: int) -> None:
        self.there.add(agent)
        self.tell(Kind.AGENT_STATE, agent, int(AgentState.AVAILABLE))
        self._plan(self.rng.randrange(40 * MINUTE), lambda: self._break(agent))

    def _arrive(self, ticket: int) -> None:
        rng = self.rng
        packed = pack(
            channel=int(rng.choice((Channel.WEB_CHAT, Channel.WHATSAPP, Channel.EMAIL, Channel.PHONE))),
            type=int(rng.choice((0, InquiryType.BILLING_PAYMENT, InquiryType.ORDER_STATUS))),
            tier=int(rng.choice((Tier.NEW, Tier.EXISTING, Tier.VIP))),
            language=int(rng.choice((Language.ZH, Language.ZH, Language.EN))),
            status=int(Status.OPEN),
        )
        self._customers[ticket] = f"C{rng.randrange(40)}"
        self.tell(
            Kind.CREATED, ticket, packed, role=Role.CUSTOMER, text=rng.choice(QUEUES), customer=self._customers[ticket]
        )
        self.tell(Kind.CUSTOMER_MESSAGE, ticket, role=Role.CUSTOMER)
        if rng.random() < 0.1:
            self._plan(rng.randrange(2 * MINUTE), lambda: self._pick(ticket))
        if rng.random() < 0.2:
            self._plan(rng.randrange(MINUTE), lambda: self._classify(ticket))
        self._plan(4 * MINUTE + rng.randrange(20 * MINUTE), lambda: self._give_up(ticket))

    def _classify(self, ticket: int) -> None:
        self.tell(Kind.TYPE_CHANGED, ticket, int(InquiryType.BILLING_PAYMENT), role=Role.BOT)

    def _pick(self, ticket: int) -> None:
        if ticket not in self.owner and ticket not in self.over and self.there:
            self._hand(ticket, self.rng.choice(sorted(self.there)), by_person=True)

    def _give_up(self, ticket: int) -> None:
        if ticket not in self.owner and ticket not in self.over:
            self.over.add(ticket)
            self.tell(Kind.ABANDONED, ticket)

    def _answer(self, decision: Decision) -> None:
        """The helpdesk does what it was asked to, refuses, or never answers."""
        ticket, lot = decision.ticket, self.rng.random()
        if ticket in self.over or self.owner.get(ticket, 0) != decision.former or lot < 0.05:
            return
        if lot < 0.1:
            self.tell(Kind.OFFER_MISSED, ticket, actor=decision.agent, own=True)
            return
        self._hand(ticket, decision.agent, by_person=False)

    def _hand(self, ticket: int, agent: int, *, by_person: bool) -> None:
        self.owner[ticket] = agent
        self.tell(Kind.ASSIGNED, ticket, agent, agent if by_person else 0, Role.AGENT if by_person else Role.SYSTEM)
        self._plan(20 * SECOND + self.rng.randrange(4 * MINUTE), lambda: self._work(ticket, agent))

    def _work(self, ticket: int, agent: int) -> None:
        rng = self.rng
        if self.owner.get(ticket) != agent or ticket in self.over:
            return
        self.tell(Kind.PUBLIC_REPLY, ticket, actor=agent, role=Role.AGENT)
        lot = rng.random()
        if lot < 0.2:
            self.tell(Kind.STATUS_CHANGED, ticket, int(Status.PENDING_CUSTOMER), agent, Role.AGENT)
            self._plan(rng.randrange(10 * MINUTE), lambda: self._write(ticket, agent))
        elif lot < 0.35:
            other = rng.randrange(1, 8)
            self.tell(Kind.TRANSFERRED, ticket, other, agent, Role.AGENT)
            self.tell(Kind.QUEUE_CHANGED, ticket, text=rng.choice(QUEUES), actor=agent, role=Role.AGENT)
            self._hand(ticket, other, by_person=True)
        elif lot < 0.4:
            self.owner.pop(ticket)
            self.tell(Kind.UNASSIGNED, ticket, actor=agent, role=Role.AGENT)
        else:
            self.over.add(ticket)
            self.tell(Kind.STATUS_CHANGED, ticket, int(Status.RESOLVED), agent, Role.AGENT)
            if agent in self.there and rng.random() < 0.5:
                self.tell(Kind.AGENT_STATE, agent, int(AgentState.WRAP_UP))
                self._plan(rng.randrange(MINUTE), lambda: self._ready(agent))
            if rng.random() < 0.1:
                self._plan(rng.randrange(10 * MINUTE), lambda: self._reopen(ticket, agent))

    def _ready(self, agent: int) -> None:
        if agent in self.there:
            self.tell(Kind.AGENT_STATE, agent, int(AgentState.AVAILABLE))

    def _write(self, ticket: int, agent: int) -> None:
        self.tell(Kind.CUSTOMER_MESSAGE, ticket, role=Role.CUSTOMER)
        self._plan(self.rng.randrange(4 * MINUTE), lambda: self._work(ticket, agent))

    def _reopen(self, ticket: int, agent: int) -> None:
        self.over.discard(ticket)
        self.tell(Kind.REOPENED, ticket, role=Role.CUSTOMER)
        self._plan(self.rng.randrange(4 * MINUTE), lambda: self._work(ticket, agent))
