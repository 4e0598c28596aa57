"""A problem as the solver sees it: contacts of the same kind at one owner are one number, not one by one.

A *kind* is who may have a contact and whether it keeps its owner busy. Contacts flow from owners into their kind, and
from there to people who are eligible, so that five hundred people and five thousand contacts make a few thousand
numbers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.rebalance import Problem, Ticket
from console.models.domain.rebalance_rules import late

LONG_LINE = 10 * MINUTE
"""Who needs longer for those who wait already had better get nobody else."""

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Kind:
    """Who may have them, and whether they take one of the places."""

    pool: int
    busy: bool


@dataclass(frozen=True, slots=True)
class Flows:
    """Everything that the program is built from; owners and takers are places in `Problem.people`.

    ``count`` contacts of the kind ``kind`` may leave ``owner``, ``urgent`` of them before the others, and of those who
    are not there every one should (``back``). ``taker`` may get contacts of ``takes``; ``fit`` says
    how well it would be there: the part of these that lies with their own team, less how long customers wait there.
    """

    kinds: tuple[Kind, ...]
    owner: Places
    kind: Places
    count: Numbers
    urgent: Numbers
    back: NDArray[np.bool_]
    taker: Places
    takes: Places
    fit: Numbers
    load: Numbers
    capacity: Numbers
    room: Numbers
    space: Numbers
    there: NDArray[np.bool_]

    @property
    def busy(self) -> NDArray[np.bool_]:
        """Which kinds take a place."""
        return np.array([kind.busy for kind in self.kinds], dtype=bool)


def movable(problem: Problem) -> list[Ticket]:
    """The contacts that may leave their owners."""
    people, place = problem.people, problem.place
    return [t for t in problem.tickets if not t.hold and (t.back or people[place[t.owner]].there)]


def urgent(problem: Problem) -> frozenset[int]:
    """The tickets that go before others of their kind: who is or would be answered too late, and who never was."""
    pressing = {t.ticket for t in problem.tickets if not t.answered or 0 < t.due_at <= problem.at}
    return late(problem) | pressing


def kind_of(ticket: Ticket) -> Kind:
    """The kind of a contact."""
    return Kind(ticket.pool, ticket.busy)


def flows(problem: Problem) -> Flows:
    """The numbers of a problem."""
    first = urgent(problem)
    of_owner: Counter[tuple[int, Kind]] = Counter()
    in_haste: Counter[tuple[int, Kind]] = Counter()
    for ticket in movable(problem):
        key = (problem.place[ticket.owner], kind_of(ticket))
        of_owner[key] += 1
        in_haste[key] += ticket.ticket in first
    kinds = tuple(sorted({kind for _owner, kind in of_owner}, key=lambda kind: (kind.pool, kind.busy)))
    number = {kind: place for place, kind in enumerate(kinds)}
    outs = sorted((owner, number[kind], count, in_haste[owner, kind]) for (owner, kind), count in of_owner.items())
    owner, kind, count, haste = (
        (np.array(column, dtype=np.int64) for column in zip(*outs, strict=True))
        if outs
        else (np.zeros(0, dtype=np.int64) for _column in range(4))
    )
    there = np.array([person.there for person in problem.people], dtype=bool)
    ins = [
        (problem.place[agent], place)
        for place, one in enumerate(kinds)
        for agent in sorted(problem.pools[one.pool].eligible)
        if agent in problem.place and there[problem.place[agent]]
    ]
    pairs = np.array(ins, dtype=np.int64).reshape(-1, 2)
    teams = [person.team for person in problem.people]
    of_kind, with_team = Counter[int](), Counter[tuple[int, str]]()
    for place, of, number_of, _haste in outs:
        of_kind[of] += number_of
        with_team[of, teams[place]] += number_of if teams[place] else 0
    line = _lines(problem)
    held = Counter(problem.place[ticket.owner] for ticket in problem.tickets)
    return Flows(
        kinds,
        owner,
        kind,
        count.astype(np.float64),
        haste.astype(np.float64),
        ~there[owner],
        pairs[:, 0],
        pairs[:, 1],
        np.array(
            [with_team[kind, teams[taker]] / of_kind[kind] - line[taker] for taker, kind in ins], dtype=np.float64
        ),
        np.array([held[place] for place in range(there.size)], dtype=np.float64),
        np.array([person.capacity for person in problem.people], dtype=np.float64),
        np.array([person.room for person in problem.people], dtype=np.float64),
        np.array([person.space for person in problem.people], dtype=np.float64),
        there,
    )


def _lines(problem: Problem) -> Numbers:
    """How long each one's line of waiting customers is, as a part of `LONG_LINE`, one at most."""
    waiting = Counter(problem.place[ticket.owner] for ticket in problem.tickets if ticket.due_at)
    length = np.array([waiting[place] * person.answer for place, person in enumerate(problem.people)], dtype=np.float64)
    return np.minimum(length / LONG_LINE, 1.0)
