"""The demonstration centre as a simulation alone: no threads, no look at a clock. Time passes when it is told to."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter

from console.connectors.demo.asked import unknown
from console.connectors.demo.day import Day
from console.connectors.demo.localday import date_at
from console.connectors.demo.site import Site
from console.connectors.demo.tail import Tail
from console.models.domain.commands import Command, Result
from console.models.domain.events import Event

_AT = itemgetter(Event._fields.index("at"))


class DemoCentre:
    """Today, and what earlier days left open. Two centres of one site and with the same commands do the same.

    The first `advance` gives everything since the local midnight of ``start``.
    """

    def __init__(self, site: Site, start: int, bodies: bool = True) -> None:
        self.site = site
        self.bodies = bodies
        self.today = Day(site, date_at(start, site.zone), bodies)
        self.tails: list[Tail] = []
        self.now = self.today.local.start

    def advance(self, until: int) -> list[Event]:
        """Everything that happens up to and including ``until`` (microseconds), in order of time."""
        events: list[Event] = []
        while True:
            part = min(until, self.today.local.end)
            for tail in self.tails:
                events += tail.advance(part)
            events += self.today.advance(part)
            if until < self.today.local.end:
                break
            self._turn_the_page()
        if self.tails:
            events.sort(key=_AT)
        self.tails = [tail for tail in self.tails if tail.next_at() is not None]
        self.now = max(self.now, until)
        return events

    def _turn_the_page(self) -> None:
        """Midnight: what is open stays with the old day's tail, and a new day begins."""
        over = self.today
        if over.tail is not None:
            self.tails.append(over.tail)
        self.today = Day(self.site, over.local.date + timedelta(days=1), self.bodies)

    def next_at(self) -> int:
        """When something happens next, at the latest the coming midnight."""
        times = [tail.next_at() for tail in self.tails]
        return min([self.today.next_at() or self.today.local.end, *(at for at in times if at is not None)])

    def adopt(self, tail: Tail) -> None:
        """Take over what an earlier day left open; its events up to now have been taken from it before."""
        self.tails.append(tail)

    def apply(self, command: Command) -> tuple[Result, list[Event]]:
        """Carry out a supervisor's command as of `now`: the answer, and the events that read it back.

        Owner, priority, status, queue and notes of an open ticket can be changed; of an agent who is on duty the
        state, the queues until the end of the day, and what becomes of a break that they asked for. Refused are unknown
        agents and queues, agents who are not on duty, tickets that are closed, and calls that are going on.
        """
        if command.agent:
            return self.today.apply(command)
        parts: list[Day | Tail] = [self.today, *self.tails]
        for part in parts:
            if part.has(command.ticket):
                return part.apply(command)
        return unknown(command), []
