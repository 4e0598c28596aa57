"""A helpdesk whose contacts come without an owner: it follows a script and the clock, does what it is asked to, and now
and then refuses."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from heapq import heappop, heappush

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.commands import Command, Outcome, Result, Verb
from console.models.domain.contacts import AgentState, Channel, InquiryType, Role, Status, Tier
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Clock, Intake, Receipt

QUEUES = ("General", "Payment", "Returns")
TEAM = tuple(f"Agent {number}" for number in range(9))


class Helpdesk:
    """`step` tells what has happened up to the clock."""

    name = "desk"

    def __init__(self, clock: Clock, start: int, *, seed: int = 1, contacts: int = 300, hours: float = 24.0) -> None:
        self.clock = clock
        self.rng = random.Random(seed)
        self.intake: Intake | None = None
        self.owner: dict[str, str] = {}
        self.over: set[str] = set()
        self.there: set[str] = set()
        self.refused = 0
        self._lock = threading.Lock()
        self._heap: list[tuple[int, int, Callable[[int], list[Event]]]] = []
        self._count = 0
        self._key = 0
        self._done: set[str] = set()
        for agent in TEAM:
            for shift in range(max(round(hours / 8), 1)):
                if (TEAM.index(agent) + shift) % 3 != 2:
                    begin = start + shift * 8 * HOUR + self.rng.randrange(20 * MINUTE)
                    self._plan(begin, lambda at, agent=agent: self._login(agent, at))  # type: ignore[misc]
                    self._plan(begin + 7 * HOUR, lambda at, agent=agent: self._logout(agent, at))  # type: ignore[misc]
        for number in range(contacts):
            at = start + self.rng.randrange(round(hours * HOUR))
            self._plan(at, lambda at, ref=f"T{number}": self._arrive(ref, at))  # type: ignore[misc]

    def start(self, intake: Intake) -> None:
        self.intake = intake

    def stop(self) -> None:
        pass

    def heard_at(self) -> int:
        return self.clock.now()

    def next_at(self) -> int | None:
        """When something happens next."""
        with self._lock:
            return self._heap[0][0] if self._heap else None

    def step(self) -> Receipt | None:
        """Tell everything up to now."""
        with self._lock:
            events: list[Event] = []
            while self._heap and self._heap[0][0] <= self.clock.now():
                at, _number, act = heappop(self._heap)
                events += act(at)
            assert self.intake is not None
            return self.intake.submit(self.name, events, origin=Origin.STREAM) if events else None

    def apply(self, command: Command) -> Result:
        """Give a ticket to somebody, unless the lot says no."""
        with self._lock:
            if command.id in self._done:
                return Result(Outcome.ALREADY)
            if command.verb is not Verb.ASSIGN or command.ticket in self.over:
                return Result(Outcome.REFUSED, "it is closed")
            if self.rng.random() < 0.05:
                self.refused += 1
                return Result(Outcome.REFUSED, "not now")
            self._done.add(command.id)
            events = self._hand(command.ticket, command.name, "", self.clock.now())
            assert self.intake is not None
            receipt = self.intake.submit(self.name, events, origin=Origin.STREAM)
        receipt.wait(30)
        return Result(Outcome.APPLIED)

    def _plan(self, at: int, act: Callable[[int], list[Event]]) -> None:
        self._count += 1
        heappush(self._heap, (at, self._count, act))

    def _event(
        self, kind: Kind, subject: str, at: int, actor: str = "", value: int = 0, name: str = "", **more
    ) -> Event:  # type: ignore[no-untyped-def]
        self._key += 1
        role = more.pop("role", Role.AGENT if actor else Role.SYSTEM)
        return Event(kind, subject, at, self._key, self._key, actor, role, value, name, **more)

    def _login(self, agent: str, at: int) -> list[Event]:
        self.there.add(agent)
        place = TEAM.index(agent)
        skills = ["General", QUEUES[place % 3]]
        detail = {
            "team": "AB"[place % 2],
            "seniority": ("senior", "junior")[place % 2],
            "skills": skills,
            "helps": list(QUEUES),
        }
        self._plan(at + HOUR + self.rng.randrange(4 * HOUR), lambda at: self._pause(agent, at))
        return [self._event(Kind.AGENT_LOGIN, agent, at, agent, 2 + place % 3, detail=detail)]

    def _logout(self, agent: str, at: int) -> list[Event]:
        self.there.discard(agent)
        return [self._event(Kind.AGENT_LOGOUT, agent, at, agent)]

    def _pause(self, agent: str, at: int) -> list[Event]:
        if agent not in self.there:
            return []
        self._plan(at + 5 * MINUTE + self.rng.randrange(20 * MINUTE), lambda at: self._back(agent, at))
        return [self._event(Kind.AGENT_STATE, agent, at, agent, int(AgentState.BREAK))]

    def _back(self, agent: str, at: int) -> list[Event]:
        return (
            [self._event(Kind.AGENT_STATE, agent, at, agent, int(AgentState.AVAILABLE))] if agent in self.there else []
        )

    def _arrive(self, ref: str, at: int) -> list[Event]:
        rng = self.rng
        packed = pack(
            channel=int(rng.choice((Channel.WEB_CHAT, Channel.WHATSAPP, Channel.EMAIL))),
            type=int(rng.choice((InquiryType.BILLING_PAYMENT, InquiryType.ORDER_STATUS, InquiryType.RETURN_EXCHANGE))),
            tier=int(rng.choice((Tier.NEW, Tier.EXISTING, Tier.VIP))),
            status=int(Status.OPEN),
        )
        detail = {"subject": "Help", "customer": f"Customer {rng.randrange(60)}"}
        born = self._event(Kind.CREATED, ref, at, "", packed, rng.choice(QUEUES), detail=detail, role=Role.CUSTOMER)
        events = [born, self._event(Kind.CUSTOMER_MESSAGE, ref, at, role=Role.CUSTOMER, body="?")]
        if rng.random() < 0.08 and self.there:
            # Somebody takes it before the console does.
            events += self._hand(ref, rng.choice(sorted(self.there)), "self", at)
        self._plan(at + 40 * MINUTE, lambda at: self._give_up(ref, at))
        return events

    def _give_up(self, ref: str, at: int) -> list[Event]:
        if ref in self.owner or ref in self.over:
            return []
        self.over.add(ref)
        return [self._event(Kind.ABANDONED, ref, at)]

    def _hand(self, ref: str, agent: str, actor: str, at: int) -> list[Event]:
        self.owner[ref] = agent
        after = 30 * SECOND + self.rng.randrange(15 * MINUTE)
        self._plan(at + after, lambda at: self._work(ref, agent, at))
        return [self._event(Kind.ASSIGNED, ref, at, agent if actor else "", name=agent)]

    def _work(self, ref: str, agent: str, at: int) -> list[Event]:
        if self.owner.get(ref) != agent or ref in self.over:
            return []
        reply = self._event(Kind.PUBLIC_REPLY, ref, at, agent, body="!")
        lot = self.rng.random()
        if lot < 0.2:
            self._plan(at + self.rng.randrange(20 * MINUTE), lambda at: self._write(ref, agent, at))
            return [reply, self._event(Kind.STATUS_CHANGED, ref, at, agent, int(Status.PENDING_CUSTOMER))]
        if lot < 0.3 and len(self.there) > 1:
            other = self.rng.choice(sorted(self.there))
            over = self._event(Kind.TRANSFERRED, ref, at, agent, name=other)
            return [reply, over, *self._hand(ref, other, agent, at)]
        self.over.add(ref)
        done = [reply, self._event(Kind.STATUS_CHANGED, ref, at, agent, int(Status.RESOLVED))]
        if agent in self.there and lot > 0.7:
            done.append(self._event(Kind.AGENT_STATE, agent, at, agent, int(AgentState.WRAP_UP)))
            self._plan(at + self.rng.randrange(2 * MINUTE), lambda at: self._back(agent, at))
        return done

    def _write(self, ref: str, agent: str, at: int) -> list[Event]:
        self._plan(at + self.rng.randrange(10 * MINUTE), lambda at: self._work(ref, agent, at))
        return [self._event(Kind.CUSTOMER_MESSAGE, ref, at, role=Role.CUSTOMER, body="?")]
