"""R-ROUTE: a stretch of the log taken apart for a replay: what happens whatever the routing does, and what follows from
a contact being given to somebody.

*Whatever the routing does*: arrivals, what customers write before anybody has their contact, log-ins and breaks,
assignments by people. *What follows*: everything that happens to a contact while somebody has it, told from the instant
at which they got it: answers, questions, waiting for the customer, the end, after-contact work, a hand-over.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from console.models.domain.contacts import Role
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.routing import Decision, Mode
from console.models.domain.routing_contacts import Card, Happening
from console.models.domain.routing_floor import RoutingFloor

_PEOPLE = frozenset({Role.AGENT, Role.SUPERVISOR, Role.UNKNOWN})
_HAND_OVER = frozenset({Kind.TRANSFERRED, Kind.UNASSIGNED, Kind.ASSIGNED, Kind.QUEUE_CHANGED})
_STATES = frozenset({Kind.AGENT_LOGOUT, Kind.AGENT_PAUSED, Kind.AGENT_UNPAUSED, Kind.AGENT_STATE})


class Giver(Enum):
    """Who gave a contact to somebody."""

    ROUTER = "router"
    SOURCE = "source"
    PERSON = "person"


class Item(NamedTuple):
    """Something that happens at its own instant; ``order`` is its place in the log and orders equal instants."""

    at: int
    order: int
    what: Happening


class After(NamedTuple):
    """The same, so long after the contact was given."""

    offset: int
    order: int
    what: Happening
    leg: int = 0
    """Which of the contact's legs it belongs to."""


@dataclass(slots=True)
class Leg:
    """One contact in one person's hands, from ``begin``. ``hand_over`` is where in ``after`` it begins to leave them
    for somebody else, None where it does not."""

    ticket: int
    agent: int
    begin: int
    giver: Giver
    number: int = 0
    after: list[After] = field(default_factory=list)
    hand_over: int | None = None
    is_transfer: bool = False

    def close(self) -> None:
        """Somebody else gets it: find where that began."""
        place = len(self.after)
        while place and self.after[place - 1].what.kind in _HAND_OVER:
            place -= 1
        self.hand_over = place
        self.is_transfer = any(one.what.kind == Kind.TRANSFERRED for one in self.after[place:])


@dataclass(slots=True)
class Record:
    """The stretch taken apart. ``decisions`` are those of the rules that the log itself tells of; ``cards`` is how each
    contact stood at its end."""

    items: list[Item] = field(default_factory=list)
    legs: dict[int, list[Leg]] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    cards: dict[int, Card] = field(default_factory=dict)
    end: int = 0


class Recorder:
    """Takes a stretch apart, one event after the other. ``takes_over``: on these channels the replay gives out anew
    what the source gave by itself to its first owner, or anew after it was taken from one; elsewhere that stays as it
    was."""

    def __init__(self, floor: RoutingFloor, *, takes_over: Container[int] = ()) -> None:
        self._floor = floor
        self._takes_over = takes_over
        self._record = Record()
        self._last_freed: dict[int, Leg] = {}

    def take(self, happenings: Iterable[Happening], start: int = 0) -> int:
        """Take these, which follow on those before; returns the order of the next one."""
        for happening in happenings:
            self._decided(self._floor.pass_time(happening.at))
            if happening.kind < FIRST_AGENT_KIND:
                self._take_ticket(happening, start)
            else:
                self._take_other(happening, start)
            start += 1
        return start

    def finish(self, at: int) -> None:
        """The stretch ends at this instant."""
        self._decided(self._floor.pass_time(at))
        self._record.end = at

    def record(self) -> Record:
        """What was taken so far."""
        self._record.cards = self._floor.cards
        return self._record

    def _decided(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            self._record.decisions.append(decision)
            if self._floor.rules.mode is Mode.ASSIGN:
                self._begin(decision.ticket, decision.agent, decision.at, Giver.ROUTER)

    def _begin(self, ticket: int, agent: int, at: int, giver: Giver) -> None:
        legs = self._record.legs.setdefault(ticket, [])
        if legs:
            legs[-1].close()
        legs.append(Leg(ticket, agent, at, giver, len(legs)))

    def _keep(self, happening: Happening, order: int) -> None:
        legs = self._record.legs.get(happening.subject)
        if legs:
            legs[-1].after.append(After(happening.at - legs[-1].begin, order, happening, len(legs) - 1))
        else:
            self._record.items.append(Item(happening.at, order, happening))

    def _take_ticket(self, happening: Happening, order: int) -> None:
        card = self._floor.cards.get(happening.subject)
        held_by = card.held_by if card is not None else 0
        if happening.kind == Kind.ASSIGNED and (card is None or card.asked != happening.value):
            giver = self._giver(happening)
            # What the source moves from one owner to another stays its own doing.
            is_new = card is not None and not card.owner and card.channel in self._takes_over
            if giver is Giver.PERSON or not is_new:
                self._keep(happening, order)
            self._begin(happening.subject, happening.value, happening.at, giver)
        else:
            self._keep(happening, order)
        self._decided(self._floor.apply(happening))
        card = self._floor.cards.get(happening.subject)
        legs = self._record.legs.get(happening.subject)
        if legs and held_by and card is not None and not card.held_by:
            self._last_freed[held_by] = legs[-1]

    def _giver(self, happening: Happening) -> Giver:
        """A colleague who hands over counts as a person, also where the source names nobody."""
        if happening.actor and happening.role in _PEOPLE:
            return Giver.PERSON
        legs = self._record.legs.get(happening.subject)
        last = legs[-1].after[-1].what.kind if legs and legs[-1].after else None
        return Giver.PERSON if last == Kind.TRANSFERRED else Giver.SOURCE

    def _take_other(self, happening: Happening, order: int) -> None:
        """After-contact work belongs to the contact that it follows, everything else to itself."""
        known = happening.subject in self._floor.people
        person = self._floor.person(happening.subject) if happening.kind in _STATES else None
        before = (person.is_there, person.wraps_up) if person is not None else (False, False)
        self._decided(self._floor.apply(happening))
        after = (person.is_there, person.wraps_up) if person is not None else (False, False)
        leg = self._last_freed.get(happening.subject)
        if person is None or not known or before[0] != after[0] or (before[1] != after[1] and leg is None):
            self._record.items.append(Item(happening.at, order, happening))
        elif before[1] != after[1] and leg is not None:
            leg.after.append(After(happening.at - leg.begin, order, happening, leg.number))
