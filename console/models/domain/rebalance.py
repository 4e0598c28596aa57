"""R-ROUTE: the repair of a skew: the open load as it is, what may be moved to whom, and what moves come to.

A `Problem` is all that the solver, the screen and the checker know. What moves come to, and what forbids them, is said
by `rebalance_rules`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from console.clock import MINUTE
from console.models.domain.concentration import Curve
from console.models.domain.contacts import Code


class Hold(Code):
    """Why a ticket stays with its owner."""

    NONE = 0
    PROMISE = 1
    """The owner promised the customer an answer."""
    TALKING = 2
    """Owner and customer are writing or talking to each other just now."""
    WINDOW = 3
    """The platform lets nobody write freely for much longer."""
    CUSTOMER = 4
    """The customer is to stay with the person they know (R-TIER: dedicated)."""
    ASKED = 5
    """Something was asked of it that it does not show yet: perhaps it has another owner already."""


class Why(Code):
    """Why a ticket is moved."""

    BUSY = 0
    """Its owner is among the busiest."""
    ABSENT = 1
    """Its owner is not there, and the customer waits."""
    LATE = 2
    """Its owner would answer too late."""
    UNANSWERED = 3
    """Its owner is among the busiest, and nobody has answered yet."""
    BY_HAND = 4
    """A supervisor chose it."""


class Whom(Code):
    """Why that person gets it."""

    ROOM = 0
    """They may handle it and have room."""
    TEAM = 1
    """The same, and they are of the owner's team."""
    KNOWN = 2
    """The customer had to do with them before."""


class Person(NamedTuple):
    """Somebody who has contacts or may get some.

    ``capacity`` is how many contacts they may have at once; it weighs them in the share. ``room`` is how many of these
    places are free (never below 0), ``space`` how many more contacts may become theirs in all. An answer of theirs
    takes ``answer`` microseconds. Who is not ``there`` counts in no share and gets nothing.
    """

    agent: int
    name: str
    team: str
    capacity: float
    room: int
    space: int
    answer: int
    there: bool = True


class Pool(NamedTuple):
    """Contacts for which the same people (agent ids) are eligible, under the name of their queue."""

    name: str
    eligible: frozenset[int]


class Ticket(NamedTuple):
    """One open contact with its owner; ``pool`` is a place in `Problem.pools`.

    ``minutes`` are those that are left to do (microseconds all the same). ``busy`` says that it keeps its owner busy
    now and takes one of the places. ``back``: its owner is away and it should be taken back. ``due_at`` is when the
    customer who waits should be answered, 0 where nobody waits. ``knows`` is another agent who handled it, or 0.
    """

    ticket: int
    owner: int
    pool: int
    minutes: int = 0
    busy: bool = False
    hold: Hold = Hold.NONE
    back: bool = False
    answered: bool = True
    due_at: int = 0
    knows: int = 0
    ref: str = ""


class Move(NamedTuple):
    """A ticket goes from its owner to somebody else (agent ids)."""

    ticket: int
    owner: int
    to: int
    why: Why = Why.BY_HAND
    whom: Whom = Whom.ROOM


@dataclass(frozen=True)
class Problem:
    """The open load at an instant. Of tickets whose owner is not there only those to be taken ``back`` are told.

    ``part`` is the busiest part that is looked at, ``target`` the share of the contacts that it may carry; breaches are
    foretold up to ``ahead`` microseconds from ``at``.
    """

    at: int
    people: tuple[Person, ...]
    tickets: tuple[Ticket, ...]
    pools: tuple[Pool, ...]
    target: float = 0.45
    part: float = 0.30
    ahead: int = 30 * MINUTE

    @cached_property
    def place(self) -> Mapping[int, int]:
        """Where a person stands in `people`, by agent id."""
        return {person.agent: place for place, person in enumerate(self.people)}

    @cached_property
    def ticket_of(self) -> Mapping[int, Ticket]:
        """The tickets by id."""
        return {ticket.ticket: ticket for ticket in self.tickets}


class Load(NamedTuple):
    """What one person has: contacts, minutes that are left to do, and contacts that will fall overdue."""

    contacts: int
    minutes: float
    late: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the open load is shared. ``loads`` stand beside `Problem.people`; the share, the coefficient and the curve
    are those of the people who are there, in contacts by capacity. ``breaches`` counts contacts that will fall
    overdue, ``away`` those of people who are not there that should be taken back."""

    share: float
    gini: float
    curve: Curve
    loads: tuple[Load, ...]
    breaches: int
    away: int


class Fault(Code):
    """Why a move is not permitted."""

    NO_TICKET = 1
    TWICE = 2
    OTHER_OWNER = 3
    SAME_PERSON = 4
    NO_PERSON = 5
    NOT_THERE = 6
    NO_SKILL = 7
    HELD = 8
    NO_PLACE = 9
    """More live contacts at once than their limit."""
    TOO_MANY = 10
    """More open contacts than anybody is given."""


class Violation(NamedTuple):
    """A fault of a move, or of all moves to a person (``ticket`` is 0 then); ``hold`` says why a ticket is held."""

    fault: Fault
    ticket: int
    agent: int
    hold: Hold = Hold.NONE


class Block(Code):
    """What keeps the busiest from giving more away."""

    SKILL = 0
    """Only people who are as busy may handle it."""
    FULL = 1
    """Others may handle it, and have no room."""
    HELD = 2
    """It stays with its owner."""
    NOBODY = 3
    """Nobody else is there."""
    EVEN = 4
    """Whole contacts cannot be shared more evenly."""
    TIME = 5
    """The time to look for better moves was over."""


class Binding(NamedTuple):
    """So many contacts of the busiest are blocked; ``name`` is a queue, ``people`` how many there may handle it."""

    block: Block
    contacts: int = 0
    name: str = ""
    people: int = 0
    hold: Hold = Hold.NONE


@dataclass(frozen=True, slots=True)
class Proposal:
    """Moves and what they come to. ``optimal``: fewer cannot do it, or nothing can do better, and that is proven.

    ``bindings`` say what keeps the target out of reach, the largest first; none where it is reached.
    """

    before: Standing
    after: Standing
    moves: tuple[Move, ...]
    violations: tuple[Violation, ...] = ()
    optimal: bool = False
    bindings: tuple[Binding, ...] = field(default=())
