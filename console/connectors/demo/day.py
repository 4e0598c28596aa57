"""One local day of the demonstration centre, from midnight to midnight, made from its date and a seed alone."""

from __future__ import annotations

import random
from datetime import date, timedelta

from console.connectors.demo.agent_orders import carry_out_on_agent
from console.connectors.demo.arrivals import Arrivals
from console.connectors.demo.asked import unknown
from console.connectors.demo.breaks import Breaks
from console.connectors.demo.calls import Calls
from console.connectors.demo.cases import Cases
from console.connectors.demo.chats import Chats
from console.connectors.demo.contact import Contact, Mode
from console.connectors.demo.desk import Desk
from console.connectors.demo.figures import figures
from console.connectors.demo.floor import Floor
from console.connectors.demo.kernel import Kernel, Thing
from console.connectors.demo.localday import local_day
from console.connectors.demo.orders import carry_out
from console.connectors.demo.people import roster, staff
from console.connectors.demo.routing import Routing
from console.connectors.demo.site import Site
from console.connectors.demo.tail import Tail, wind_up
from console.connectors.demo.voice import Voice
from console.models.domain.commands import Command, Result
from console.models.domain.contacts import Role, Status
from console.models.domain.events import Event, Kind


class Day:
    """The simulated day. After its midnight only `tail` is left: what was still open, finished by appointment."""

    def __init__(self, site: Site, day: date, bodies: bool = True) -> None:
        self.site = site
        self.local = local_day(day, site.zone)
        self.kernel = Kernel(day.toordinal(), self.local.start, random.Random(f"day {site.seed} {day}"), bodies)
        known = figures()
        self.behaviour = known.behaviour
        self.effort = known.effort
        self.queues = staff().queues
        self.voice = Voice(self.kernel, self.queues, self.local)
        self.floor = Floor(self, roster(site.seed, day, self.behaviour.sick, self.behaviour.sick_later))
        self.breaks = Breaks(self)
        self.routing = Routing(self)
        self.chats = Chats(self)
        self.calls = Calls(self)
        self.desk = Desk(self)
        self.cases = Cases(self)
        self.arrivals = Arrivals(site, self.local, known)
        self.contacts: dict[str, Contact] = {}
        self.tail: Tail | None = None
        self._door = Thing()
        self._arrived = 0
        self._expect()

    # -- the run of the day

    def advance(self, until: int) -> list[Event]:
        """Everything that happens up to and including this instant."""
        if self.tail is None:
            self.kernel.run(min(until, self.local.end - 1))
            if until >= self.local.end:
                tomorrow = roster(
                    self.site.seed, self.local.date + timedelta(days=1), self.behaviour.sick, self.behaviour.sick_later
                )
                self.tail = wind_up(self, tomorrow)
        events = self.kernel.take()
        if self.tail is not None:
            events += self.tail.advance(until)
        return events

    def has(self, ticket: str) -> bool:
        """Whether this ticket is still open here."""
        return ticket in self.contacts

    def apply(self, command: Command) -> tuple[Result, list[Event]]:
        """Carry out a supervisor's command now: the answer, and the events that read it back."""
        if command.agent:
            return carry_out_on_agent(self, command), self.kernel.take()
        if self.tail is not None:
            return self.tail.apply(command)
        contact = self.contacts.get(command.ticket)
        if contact is None:
            return unknown(command), []
        return carry_out(self, contact, command), self.kernel.take()

    def next_at(self) -> int | None:
        """When something happens next; None when the day is over and done with."""
        if self.tail is not None:
            return self.tail.next_at()
        return min(self.kernel.next_at() or self.local.end, self.local.end)

    def _expect(self) -> None:
        if self._arrived < len(self.arrivals.times):
            self.kernel.at(self.arrivals.times[self._arrived], self._arrive, self._door)

    def _arrive(self, _door: Thing) -> None:
        t = self.arrivals.make(self._arrived)
        self._arrived += 1
        self._expect()
        self.contacts[t.ref] = t
        # A chat is open from its first word; letters and calls are new until somebody takes them up.
        t.status = Status.OPEN if t.mode is Mode.CHAT else Status.NEW
        self.voice.created(t)
        if t.mode is not Mode.CALL:
            scene = "complaint" if t.complaint else f"open.{t.type.key}"
            if t.mode is Mode.DESK:
                scene = "letter_complaint" if t.complaint else f"letter_open.{t.group.key}"
            self.voice.customer(t, scene)
        if not t.known and self.kernel.random() < 0.7:
            self.kernel.after(2.0 + self.kernel.rng.expovariate(1.0 / 12.0), self._classify, t)
        self.routing.offer(t)

    # -- what every contact has in common

    def _classify(self, t: Contact) -> None:
        """The helpdesk's own classification has read the text."""
        self.classify(t)
        if t.queued and t.agent is None and t.queue != t.skill:
            self.voice.queue(t, t.skill)
            t.queued = False
            self.routing.offer(t)

    def classify(self, t: Contact, actor: str = "") -> None:
        """The type becomes known, by an agent or by the helpdesk itself."""
        if not t.known:
            t.known = True
            role = Role.AGENT if actor else Role.BOT
            self.kernel.emit(Kind.TYPE_CHANGED, t.ref, actor, role, int(t.type))

    def aftermath(self, t: Contact) -> None:
        """What follows a resolved contact: a score, sometimes a second thought, and in the end it is closed."""
        rnd = self.kernel.random
        lot = rnd()
        letter = t.mode is Mode.DESK
        if lot < self.behaviour.reopen:
            self.kernel.after(240.0 + 2_000.0 * rnd() * (6.0 if letter else 1.0), self.chats.reopen, t)
            return
        if lot < self.behaviour.reopen + self.behaviour.csat:
            self.kernel.after(20.0 + self.kernel.rng.expovariate(1.0 / 240.0), self.give_score, t)
        self.kernel.after(86_400.0 if letter else 600.0 + 1_800.0 * rnd(), self.close, t)

    def give_score(self, t: Contact) -> None:
        """The customer answers the survey."""
        self.voice.kernel.emit(Kind.CSAT, t.ref, "", Role.CUSTOMER, self.score(t))

    def score(self, t: Contact) -> int:
        """The customer's score: lower after complaints, transfers and anger."""
        pain = 0.16 * t.bounces + 0.14 * t.emotion + (0.35 if t.complaint else 0.0)
        lot = self.kernel.random() + pain
        return 5 if lot < 0.62 else 4 if lot < 0.85 else 3 if lot < 0.95 else 2 if lot < 1.05 else 1

    def close(self, t: Contact) -> None:
        """Nothing more is expected."""
        self.voice.status(t, Status.CLOSED)
        self.forget(t)

    def give_up(self, t: Contact) -> None:
        """The customer never came back with what was asked for."""
        t.gen += 1
        self.voice.status(t, Status.RESOLVED)
        self.voice.say(t, Kind.ENDED, value=t.active)
        self.kernel.after(900.0, self.close, t)

    def forget(self, t: Contact) -> None:
        """The contact is archived."""
        self.contacts.pop(t.ref, None)
