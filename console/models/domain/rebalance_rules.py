"""R-ROUTE: what moves of open contacts come to, and what forbids them.

Whoever makes moves, the optimiser or a supervisor who changed its list, these functions judge them; nothing else does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.concentration import Curve, Numbers, gini, lorenz, membership, top_share
from console.models.domain.rebalance import (
    Binding,
    Block,
    Fault,
    Hold,
    Load,
    Move,
    Problem,
    Proposal,
    Standing,
    Ticket,
    Violation,
)

TOLERANCE = 1e-9
"""Sums in another order differ in their last digits."""


def judge(problem: Problem, moves: Sequence[Move], *, optimal: bool = False) -> Proposal:
    """What these moves come to, whoever made them. Moves of tickets that nobody knows change nothing."""
    after = standing(problem, moves)
    reached = after.share <= problem.target + TOLERANCE
    return Proposal(
        standing(problem),
        after,
        tuple(moves),
        violations(problem, moves),
        optimal,
        () if reached else bindings(problem, moves),
    )


def violations(problem: Problem, moves: Sequence[Move]) -> tuple[Violation, ...]:
    """Everything that forbids these moves; none where they may be made."""
    found: list[Violation] = []
    seen: set[int] = set()
    for move in moves:
        if move.ticket in seen:
            found.append(Violation(Fault.TWICE, move.ticket, move.to))
            continue
        seen.add(move.ticket)
        found += _faults(problem, move)
    return (*found, *_crowded(problem, moves))


def _faults(problem: Problem, move: Move) -> Iterable[Violation]:
    ticket = problem.ticket_of.get(move.ticket)
    place = problem.place.get(move.to)
    if ticket is None:
        yield Violation(Fault.NO_TICKET, move.ticket, move.to)
        return
    if ticket.owner != move.owner:
        yield Violation(Fault.OTHER_OWNER, move.ticket, move.to)
    if ticket.owner == move.to:
        yield Violation(Fault.SAME_PERSON, move.ticket, move.to)
    if ticket.hold:
        yield Violation(Fault.HELD, move.ticket, move.to, ticket.hold)
    if place is None:
        yield Violation(Fault.NO_PERSON, move.ticket, move.to)
        return
    if not problem.people[place].there:
        yield Violation(Fault.NOT_THERE, move.ticket, move.to)
    if move.to not in problem.pools[ticket.pool].eligible:
        yield Violation(Fault.NO_SKILL, move.ticket, move.to)


def _crowded(problem: Problem, moves: Sequence[Move]) -> Iterable[Violation]:
    """Who gets more than fits. What they give away makes room first."""
    more: Counter[int] = Counter()
    busier: Counter[int] = Counter()
    takers: dict[int, None] = {}
    for move in _known(problem, moves):
        ticket = problem.ticket_of[move.ticket]
        takers[move.to] = None
        for agent, sign in ((ticket.owner, -1), (move.to, 1)):
            more[agent] += sign
            busier[agent] += sign * ticket.busy
    for agent in takers:
        person = problem.people[problem.place[agent]]
        if busier[agent] > person.room:
            yield Violation(Fault.NO_PLACE, 0, agent)
        if more[agent] > person.space:
            yield Violation(Fault.TOO_MANY, 0, agent)


def _known(problem: Problem, moves: Iterable[Move]) -> list[Move]:
    """The moves that mean something, each ticket once."""
    known = {
        move.ticket: move
        for move in reversed(list(moves))
        if move.ticket in problem.ticket_of and move.to in problem.place
    }
    return list(reversed(known.values()))


def standing(problem: Problem, moves: Sequence[Move] = ()) -> Standing:
    """How the load is shared once the moves are made."""
    people, tickets = problem.people, problem.tickets
    owner = _owners(problem, moves)
    contacts = np.bincount(owner, minlength=len(people))
    minutes = np.bincount(owner, np.array([t.minutes for t in tickets], dtype=np.float64), len(people))
    late = _late(problem, owner)
    by_person = np.bincount(owner[late], minlength=len(people))
    there = np.array([person.there for person in people], dtype=bool)
    capacity = np.array([person.capacity for person in people], dtype=np.float64)[there]
    away = int(sum(t.back and not there[place] for t, place in zip(tickets, owner.tolist(), strict=True)))
    loads = tuple(
        Load(int(count), float(left) / MINUTE, int(overdue))
        for count, left, overdue in zip(contacts, minutes, by_person, strict=True)
    )
    load = contacts[there].astype(np.float64)
    if not load.size:
        nothing: Numbers = np.zeros(0)
        return Standing(0.0, 0.0, Curve(nothing, nothing), loads, int(late.sum()), away)
    share = top_share(load, capacity, problem.part)
    return Standing(share, gini(load, capacity), lorenz(load, capacity), loads, int(late.sum()), away)


def _owners(problem: Problem, moves: Sequence[Move]) -> NDArray[np.int64]:
    """Where the owner of each ticket stands once the moves are made."""
    to = {move.ticket: problem.place[move.to] for move in _known(problem, moves)}
    place = problem.place
    return np.array([to.get(ticket.ticket, place[ticket.owner]) for ticket in problem.tickets], dtype=np.int64)


def _late(problem: Problem, owner: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which contacts will fall overdue: everybody answers one after the other, what is due first before the rest, and
    who is not there answers nobody. What is overdue already cannot be saved, and stands in the line."""
    due = np.array([ticket.due_at for ticket in problem.tickets], dtype=np.int64)
    waits = due > 0
    order = np.lexsort((due, owner))
    order = order[waits[order]]
    mine = owner[order]
    first = np.concatenate([[True], mine[1:] != mine[:-1]]) if mine.size else np.zeros(0, dtype=bool)
    line = np.arange(mine.size)
    number = line - np.maximum.accumulate(np.where(first, line, 0)) + 1
    answer = np.array([person.answer for person in problem.people], dtype=np.int64)
    there = np.array([person.there for person in problem.people], dtype=bool)
    answered_at = np.where(there[mine], problem.at + number * answer[mine], problem.at + problem.ahead + 1)
    late = np.zeros(due.size, dtype=bool)
    asked = (due[order] > problem.at) & (due[order] <= problem.at + problem.ahead)
    late[order] = asked & (answered_at > due[order])
    return late


def late(problem: Problem) -> frozenset[int]:
    """The tickets that will fall overdue if nothing is moved."""
    owner = np.array([problem.place[ticket.owner] for ticket in problem.tickets], dtype=np.int64)
    return frozenset(
        ticket.ticket
        for ticket, is_late in zip(problem.tickets, _late(problem, owner).tolist(), strict=True)
        if is_late
    )


def bindings(problem: Problem, moves: Sequence[Move]) -> tuple[Binding, ...]:
    """What keeps those who are still the busiest after these moves from giving more away, the largest first.

    Others could take a contact who are there, may handle it, are not among the busiest, and would still have less per
    capacity than its owner.
    """
    crowd = _Crowd(problem, moves)
    if crowd.there.sum() < 2:
        return (Binding(Block.NOBODY),)
    held: Counter[Hold] = Counter()
    few: Counter[int] = Counter()
    full: Counter[int] = Counter()
    for ticket, owner in zip(problem.tickets, crowd.owner.tolist(), strict=True):
        if not crowd.member[owner]:
            continue
        others = crowd.others(ticket, owner)
        if not others.size:
            few[ticket.pool] += 1
        elif ticket.hold:
            held[ticket.hold] += 1
        elif not crowd.has_room(ticket, others):
            full[ticket.pool] += 1
    found = [Binding(Block.HELD, count, hold=hold) for hold, count in held.items()]
    here = frozenset(person.agent for person in problem.people if person.there)
    found += _by_name(problem, Block.SKILL, few, here)
    found += _by_name(problem, Block.FULL, full, here)
    found.sort(key=lambda one: (-one.contacts, one.block, one.name, one.hold))
    return tuple(found) or (Binding(Block.EVEN),)


class _Crowd:
    """Everybody after some moves: what they have, who is among the busiest, and what they have room for."""

    def __init__(self, problem: Problem, moves: Sequence[Move]) -> None:
        self._problem = problem
        people = problem.people
        self.owner = _owners(problem, moves)
        self.there = np.array([person.there for person in people], dtype=bool)
        capacity = np.array([person.capacity for person in people], dtype=np.float64)
        load: Numbers = np.bincount(self.owner, minlength=len(people)).astype(np.float64)
        self.member: Numbers = np.zeros(len(people))
        if self.there.any():
            self.member[self.there] = membership(load[self.there], capacity[self.there], problem.part)
        self._ratio, self._with_one_more = load / capacity, (load + 1) / capacity
        busy = np.array([ticket.busy for ticket in problem.tickets], dtype=bool)
        before = _owners(problem, ())
        more = load - np.bincount(before, minlength=len(people))
        busier = np.bincount(self.owner[busy], minlength=len(people)) - np.bincount(before[busy], minlength=len(people))
        self._space = np.array([person.space for person in people]) - more
        self._room = np.array([person.room for person in people]) - busier
        self._may = [
            np.array([agent in pool.eligible for agent in problem.place], dtype=bool) & self.there
            for pool in problem.pools
        ]

    def others(self, ticket: Ticket, owner: int) -> NDArray[np.intp]:
        """Who could take a contact from its owner, room or not."""
        less = (self.member < 1 - TOLERANCE) & (self._with_one_more < self._ratio[owner] - TOLERANCE)
        return np.flatnonzero(self._may[ticket.pool] & less)

    def has_room(self, ticket: Ticket, people: NDArray[np.intp]) -> bool:
        """Whether one of these has room for it."""
        return bool(((self._space[people] > 0) & ((self._room[people] > 0) | (not ticket.busy))).any())


def _by_name(problem: Problem, block: Block, pools: Mapping[int, int], here: frozenset[int]) -> Iterable[Binding]:
    """Pools of one queue differ by language only: people read of the queue."""
    contacts: Counter[str] = Counter()
    people: dict[str, frozenset[int]] = {}
    for number, count in pools.items():
        pool = problem.pools[number]
        contacts[pool.name] += count
        people[pool.name] = people.get(pool.name, frozenset()) | (pool.eligible & here)
    return [Binding(block, count, name, len(people[name])) for name, count in contacts.items()]
