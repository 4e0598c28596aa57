"""From numbers to moves: which ticket of its kind goes, and to whom. The same numbers always give the same moves.

Of a kind those of absent owners go first, then who would be answered too late, who is overdue or was never answered,
who is due first. They go to somebody who knows the customer; who waits goes where the line is shortest, the others to
the owner's own team, else to as few different people as possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from console.models.domain.rebalance import Move, Problem, Ticket, Whom, Why
from console.models.domain.rebalance_rules import late
from console.scheduling.rebalance.flows import Flows, kind_of, movable, urgent
from console.scheduling.rebalance.program import Solved

_LATER = 1 << 62


def moves(problem: Problem, flows: Flows, solved: Solved) -> list[Move]:
    """The moves, in the order of owners and tickets."""
    out, into = Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    for owner, kind, count in zip(flows.owner.tolist(), flows.kind.tolist(), solved.out.tolist(), strict=True):
        out[owner, kind] += round(count)
    for taker, kind, count in zip(flows.taker.tolist(), flows.takes.tolist(), solved.into.tolist(), strict=True):
        into[taker, kind] += round(count)
    # Who gives and takes of one kind does neither.
    for key in out.keys() & into.keys():
        both = min(out[key], into[key])
        out[key] -= both
        into[key] -= both
    reasons = _Reasons(problem)
    leaving: dict[int, list[Ticket]] = {}
    number = {kind: place for place, kind in enumerate(flows.kinds)}
    for ticket in sorted(movable(problem), key=reasons.rank):
        key = (problem.place[ticket.owner], number[kind_of(ticket)])
        if out[key] > 0:
            out[key] -= 1
            leaving.setdefault(key[1], []).append(ticket)
    made: list[Move] = []
    lines = _Lines(problem)
    for kind, tickets in sorted(leaving.items()):
        takers = Counter({problem.people[taker].agent: count for (taker, of), count in into.items() if of == kind})
        for ticket, to, whom in _matched(problem, tickets, takers, lines):
            made.append(Move(ticket.ticket, ticket.owner, to, reasons.why(ticket), whom))
    return sorted(made, key=lambda move: (problem.place[move.owner], move.ticket))


class Handed(NamedTuple):
    """A ticket, who gets it, and why they."""

    ticket: Ticket
    to: int
    whom: Whom


class _Lines:
    """How long customers who wait would wait with each person (microseconds)."""

    def __init__(self, problem: Problem) -> None:
        self._answer = {person.agent: person.answer for person in problem.people}
        self._length = dict.fromkeys(self._answer, 0)
        for ticket in problem.tickets:
            self.join(ticket.owner, ticket)

    def join(self, agent: int, ticket: Ticket) -> None:
        """The customer of this ticket waits there as well, where they wait at all."""
        self._length[agent] += self._answer[agent] if ticket.due_at else 0

    def shortest(self, agents: Sequence[int]) -> int:
        """Where one more would be answered soonest."""
        return min(agents, key=lambda agent: (self._length[agent] + self._answer[agent], agent))


class _Reasons:
    """Why each ticket is moved, and in which order they go."""

    def __init__(self, problem: Problem) -> None:
        self._late = late(problem)
        self._urgent = urgent(problem)

    def why(self, ticket: Ticket) -> Why:
        """The most pressing reason."""
        if ticket.back:
            return Why.ABSENT
        if ticket.ticket in self._late:
            return Why.LATE
        return Why.BUSY if ticket.answered else Why.UNANSWERED

    def rank(self, ticket: Ticket) -> tuple[bool, bool, bool, int, int]:
        """What goes first."""
        late = ticket.ticket in self._late
        return not ticket.back, ticket.ticket not in self._urgent, not late, ticket.due_at or _LATER, ticket.ticket


def _matched(problem: Problem, tickets: Sequence[Ticket], takers: Counter[int], lines: _Lines) -> Iterable[Handed]:
    """Give every ticket to somebody; the takers' numbers add up to them."""
    left: list[Ticket] = []
    team = {person.agent: person.team for person in problem.people}
    for ticket in tickets:
        taker = ticket.knows if takers[ticket.knows] else 0
        if not taker and ticket.due_at:
            taker = lines.shortest([agent for agent, count in takers.items() if count])
        if taker:
            takers[taker] -= 1
            lines.join(taker, ticket)
            yield Handed(ticket, taker, _whom(ticket, taker, team))
        else:
            left.append(ticket)
    yield from _in_blocks(left, takers, team)


def _in_blocks(tickets: Sequence[Ticket], takers: Counter[int], team: Mapping[int, str]) -> Iterable[Handed]:
    """To the owner's own team first, and to as few as can be."""
    by_owner: dict[int, list[Ticket]] = {}
    for ticket in tickets:
        by_owner.setdefault(ticket.owner, []).append(ticket)
    # Owners with much to give choose first, so that they need few takers.
    owners = sorted(by_owner, key=lambda owner: (-len(by_owner[owner]), owner))
    for same_team in (True, False):
        for owner in owners:
            mine = by_owner[owner]
            while mine:
                fits = [a for a, n in takers.items() if n and (not same_team or (team[a] and team[a] == team[owner]))]
                if not fits:
                    break
                taker = _best(fits, takers, len(mine))
                count = min(len(mine), takers[taker])
                takers[taker] -= count
                for ticket in mine[:count]:
                    yield Handed(ticket, taker, _whom(ticket, taker, team))
                del mine[:count]


def _whom(ticket: Ticket, taker: int, team: Mapping[int, str]) -> Whom:
    if taker == ticket.knows:
        return Whom.KNOWN
    return Whom.TEAM if team[taker] and team[taker] == team[ticket.owner] else Whom.ROOM


def _best(fits: Sequence[int], takers: Mapping[int, int], wanted: int) -> int:
    """Who takes all of them with the least to spare, else who takes most."""
    whole = [agent for agent in fits if takers[agent] >= wanted]
    if whole:
        return min(whole, key=lambda agent: (takers[agent], agent))
    return min(fits, key=lambda agent: (-takers[agent], agent))
