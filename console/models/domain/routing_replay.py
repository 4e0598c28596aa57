"""R-ROUTE: a recorded stretch once more, under given rules: a simulation of discrete events over the same fold as the
running console's.

What it assumes. People do with a contact what they did with it, in the same time, whoever has it. Under the rules and
the seed by which the console itself handed out, every assignment comes out as it was. Under others a contact that
somebody else has goes as follows: a hand-over that the log tells of is not needed where the new owner covers the queue
in which the contact ended, and takes place where they do not; no time is saved by one that is not needed. A contact
that was lost before anybody had it, and is given to somebody in time, takes as long as others of its channel.
Assignments by people stay as they are. Customers arrive, write and lose patience as they did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise
from statistics import median_low

from console.clock import MINUTE
from console.models.domain.contacts import AgentState, Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import Progress
from console.models.domain.routing import Decision, Mode
from console.models.domain.routing_contacts import Happening
from console.models.domain.routing_floor import RoutingFloor
from console.models.domain.routing_record import After, Giver, Leg, Record
from console.models.domain.transfers import MOVES, Move, Transfer, transfers

_USUAL_EFFORT = 5 * MINUTE
"""What a contact takes where none of its channel was finished."""

_USUAL_WRAP = MINUTE // 2
_TAKES = frozenset({Kind.ASSIGNED, Kind.UNASSIGNED})
_LOST = frozenset({Kind.ABANDONED, Kind.TIMED_OUT, Kind.STATUS_CHANGED})
_STEP = 200


Entry = tuple[int, int, int, int, int, Happening]
"""Instant, order, and for what follows from a giving its ticket, which giving it was, and the leg."""


@dataclass(slots=True)
class Course:
    """How contacts went, recorded or replayed: when each came, when somebody first had it, who had it one after the
    other, how it moved between them, which were lost. Times are microseconds, tickets are numbers of the log."""

    came: dict[int, int] = field(default_factory=dict)
    given: list[tuple[int, int, int]] = field(default_factory=list)
    """Instant, ticket and agent, in no order."""
    first_given: dict[int, int] = field(default_factory=dict)
    owners: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    moves: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    lost: set[int] = field(default_factory=set)

    def give(self, ticket: int, agent: int, at: int) -> None:
        """Somebody has it."""
        self.given.append((at, ticket, agent))
        self.first_given.setdefault(ticket, at)
        self.moves[ticket].append(Move(at, Kind.ASSIGNED, Role.SYSTEM, 0, agent))
        owners = self.owners[ticket]
        if not owners or owners[-1] != agent:
            owners.append(agent)

    def see(self, happening: Happening) -> None:
        """Count an event."""
        ticket = happening.subject
        if happening.kind == Kind.CREATED:
            self.came[ticket] = happening.at
        elif happening.kind in MOVES:
            to = happening.value if happening.kind == Kind.ASSIGNED else 0
            self.moves[ticket].append(Move(happening.at, happening.kind, happening.role, happening.actor, to))
        elif happening.kind == Kind.ABANDONED:
            self.lost.add(ticket)

    def transfers(self) -> list[Transfer]:
        """R-TRANSFER: all of them."""
        return [transfer for ticket, moves in self.moves.items() for transfer in transfers(ticket, moves)]


def recorded_course(record: Record) -> Course:
    """How it went in truth."""
    course = Course()
    for item in record.items:
        if item.what.kind < FIRST_AGENT_KIND:
            course.see(item.what)
    for ticket, legs in record.legs.items():
        for leg in legs:
            course.give(ticket, leg.agent, leg.begin)
            for after in leg.after:
                if after.what.kind < FIRST_AGENT_KIND:
                    course.see(after.what._replace(at=leg.begin + after.offset))
    return course


@dataclass(slots=True)
class Replayed:
    """What the rules decided, in order, and how it went."""

    decisions: list[Decision] = field(default_factory=list)
    course: Course = field(default_factory=Course)


class Replay:
    """One run; ``floor`` is as it was at the beginning of the stretch, with the rules to be tried in force."""

    def __init__(self, record: Record, floor: RoutingFloor) -> None:
        self._record = record
        self._floor = floor
        self._out = Replayed()
        self._heap: list[Entry] = [(item.at, item.order, 0, 0, 0, item.what) for item in record.items]
        self._heap.sort(key=lambda one: one[:2])
        self._next_leg: dict[int, int] = defaultdict(int)
        self._turn: dict[int, int] = defaultdict(int)
        """Which giving of a contact its events belong to: those of an earlier one do not happen any more."""
        self._left: dict[int, list[After]] = {}
        """What would still happen to a contact that is taken from its owner, told from now on."""
        self._lost_no_more: set[int] = set()
        self._order = max((item.order for item in record.items), default=0)
        for legs in record.legs.values():
            for leg in legs:
                self._order = max([self._order, *(after.order for after in leg.after)])
        self._efforts = _efforts(record)

    def run(self, progress: Progress | None = None) -> Replayed:
        """The whole stretch; raises `ports.Cancelled` when asked to stop."""
        total, done = len(self._heap) + sum(len(leg.after) for legs in self._record.legs.values() for leg in legs), 0
        while True:
            due = self._floor.next_due()
            at = self._heap[0][0] if self._heap else None
            if due is not None and due <= (self._record.end if at is None else min(at, self._record.end)):
                self._decided(self._floor.pass_time(due))
                continue
            if at is None or at > self._record.end:
                return self._out
            self._step(heappop(self._heap))
            done += 1
            if progress is not None and done % _STEP == 0:
                progress.step(min(done, total), total)

    def _step(self, entry: Entry) -> None:
        at, order, ticket, turn, leg, what = entry
        if what.kind >= FIRST_AGENT_KIND:
            self._step_agent(at, ticket, what)
            return
        if ticket:
            if turn != self._turn[ticket]:
                return
            self._next_leg[ticket] = max(self._next_leg[ticket], leg + 1)
            self._left[ticket] = [after for after in self._left[ticket] if after.order != order]
        elif what.subject in self._lost_no_more and what.kind in _LOST:
            return
        self._decided(self._floor.pass_time(at))
        self._out.course.see(what._replace(at=at))
        card = self._floor.cards.get(what.subject)
        is_given = what.kind == Kind.ASSIGNED and (card is None or card.asked != what.value)
        decisions = self._floor.apply(what._replace(at=at))
        if is_given:
            self._begin(what.subject, what.value, at, is_asked=False)
        self._decided(decisions)

    def _step_agent(self, at: int, ticket: int, what: Happening) -> None:
        self._decided(self._floor.pass_time(at))
        # After-contact work of somebody who has gone meanwhile does not bring them back.
        if not ticket or self._floor.person(what.subject).is_there:
            self._decided(self._floor.apply(what._replace(at=at)))

    def _decided(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            self._out.decisions.append(decision)
            if self._floor.rules.mode is Mode.ASSIGN:
                self._begin(decision.ticket, decision.agent, decision.at, is_asked=True)

    def _begin(self, ticket: int, agent: int, at: int, *, is_asked: bool) -> None:
        """Somebody has it now: what follows from that."""
        self._out.course.give(ticket, agent, at)
        self._turn[ticket] += 1
        legs, place = self._record.legs.get(ticket, []), self._next_leg[ticket]
        leg = legs[place] if place < len(legs) else None
        if leg is not None and leg.agent == agent:
            plan = self._as_it_was(legs, place)
            is_asked = is_asked and leg.giver is not Giver.ROUTER
        elif leg is not None:
            plan = self._as_another(ticket, agent, legs, place)
        elif self._left.get(ticket):
            begun = self._left[ticket][0].offset
            plan = [after._replace(offset=after.offset - begun) for after in self._left[ticket]]
        else:
            plan = [] if legs else self._usual(ticket)
        if is_asked:
            said = Happening(0, 0, Kind.ASSIGNED, ticket, agent, role=Role.SYSTEM)
            # Before everything else of its instant.
            plan.append(After(0, 0, said, place))
        plan.sort(key=lambda after: after[:2])
        if leg is not None:
            self._next_leg[ticket] = max(self._next_leg[ticket], place + 1)
        self._left[ticket] = [after for after in plan if after.what.kind < FIRST_AGENT_KIND]
        for after in plan:
            heappush(self._heap, (at + after.offset, after.order, ticket, self._turn[ticket], after.leg, after.what))

    def _as_it_was(self, legs: list[Leg], place: int) -> list[After]:
        """What the same person did. Where it was given to somebody else without a word that takes it from this one,
        which may not happen again, the rest follows."""
        first = legs[place]
        plan = list(first.after)
        for before, leg in pairwise(legs[place:]):
            if any(one.what.kind in _TAKES for one in before.after[before.hand_over or 0 :]):
                break
            begun = leg.begin - first.begin
            plan += [
                after._replace(offset=begun + after.offset)
                for after in leg.after
                if after.what.kind < FIRST_AGENT_KIND and not _answers(after, leg)
            ]
        return plan

    def _as_another(self, ticket: int, agent: int, legs: list[Leg], place: int) -> list[After]:
        """What somebody does with it who did not have it in truth."""
        person, queue = self._floor.person(agent), self._record.cards[ticket].queue
        covers = person.serves(queue) or person.helps_in(queue)
        plan: list[After] = []
        begun = 0
        for leg in legs[place:]:
            kept = leg.after if leg.hand_over is None else leg.after[: leg.hand_over]
            plan += [
                after._replace(offset=begun + after.offset, what=_by(agent, after.what))
                for after in kept
                if not _answers(after, leg)
            ]
            if plan and plan[-1].what.value == AgentState.WRAP_UP and plan[-1].what.kind == Kind.AGENT_STATE:
                done = plan[-1].what._replace(value=int(AgentState.AVAILABLE))
                plan.append(After(plan[-1].offset + _USUAL_WRAP, self._next_order(), done, leg.number))
            if leg.hand_over is None:
                break
            begun += leg.after[leg.hand_over].offset if leg.hand_over < len(leg.after) else _length(leg)
            if leg.is_transfer and not covers:
                plan += self._hand_back(ticket, begun, queue, leg.number)
                break
        return plan

    def _hand_back(self, ticket: int, offset: int, queue: str, leg: int) -> list[After]:
        """The contact is not theirs to solve: it goes on to those who can."""
        told = (
            Happening(0, 0, Kind.TRANSFERRED, ticket, role=Role.AGENT),
            Happening(0, 0, Kind.QUEUE_CHANGED, ticket, role=Role.AGENT, text=queue),
            Happening(0, 0, Kind.UNASSIGNED, ticket, role=Role.AGENT),
        )
        return [After(offset, self._next_order(), happening, leg) for happening in told]

    def _usual(self, ticket: int) -> list[After]:
        """Nobody had it in truth."""
        self._lost_no_more.add(ticket)
        effort = self._efforts.get(self._floor.cards[ticket].channel, _USUAL_EFFORT)
        end = Happening(0, 0, Kind.STATUS_CHANGED, ticket, int(Status.RESOLVED), role=Role.AGENT)
        return [After(effort, self._next_order(), end)]

    def _next_order(self) -> int:
        self._order += 1
        return self._order


def _by(agent: int, what: Happening) -> Happening:
    """After-contact work is done by whoever has the contact."""
    return what._replace(subject=agent) if what.kind >= FIRST_AGENT_KIND else what


def _answers(after: After, leg: Leg) -> bool:
    """The word that the leg's own person has it, or does not take it."""
    what = after.what
    has_it = what.kind == Kind.ASSIGNED and what.value == leg.agent
    return has_it or (what.kind == Kind.OFFER_MISSED and what.actor == leg.agent)


def _length(leg: Leg) -> int:
    return leg.after[-1].offset if leg.after else 0


def _efforts(record: Record) -> dict[int, int]:
    """By channel how long a contact usually is in somebody's hands, in microseconds."""
    spans: dict[int, list[int]] = defaultdict(list)
    for ticket, legs in record.legs.items():
        for leg in legs:
            if leg.hand_over is None and leg.after:
                spans[record.cards[ticket].channel].append(_length(leg))
    return {channel: median_low(found) for channel, found in spans.items()}
