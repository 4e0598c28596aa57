"""Small problems of a rebalance, and the best answer by trying everything."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.domain.concentration import top_share
from console.models.domain.rebalance import Hold, Move, Person, Pool, Problem, Ticket

AT = 1_772_442_000_000_000


def person(agent: int, capacity: float = 4.0, room: int = 9, space: int = 9, **more: object) -> Person:
    values: dict[str, object] = {"team": f"Team {agent % 2}", "answer": 3 * MINUTE} | more
    return Person(agent, f"Agent {agent}", capacity=capacity, room=room, space=space, **values)  # type: ignore[arg-type]


def tickets(owner: int, count: int, first: int = 1, pool: int = 0, **more: object) -> tuple[Ticket, ...]:
    return tuple(Ticket(first + number, owner, pool, MINUTE, **more) for number in range(count))  # type: ignore[arg-type]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    count = draw(st.integers(2, 4))
    agents = range(1, count + 1)
    people = tuple(
        person(
            agent,
            draw(st.sampled_from([1.0, 2.0, 3.0, 2.5])),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 4)),
            there=agent == 1 or draw(st.booleans()) or draw(st.booleans()),
        )
        for agent in agents
    )
    there = {one.agent for one in people if one.there}
    pools = tuple(
        Pool(f"Queue {number}", frozenset(draw(st.sets(st.sampled_from(agents)))))
        for number in range(draw(st.integers(1, 2)))
    )
    made = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        owner = draw(st.sampled_from(agents))
        made.append(
            Ticket(
                number,
                owner,
                draw(st.integers(0, len(pools) - 1)),
                busy=draw(st.booleans()),
                hold=draw(st.sampled_from([Hold.NONE, Hold.NONE, Hold.NONE, Hold.PROMISE])),
                back=owner not in there,
                answered=draw(st.booleans()),
                due_at=draw(st.sampled_from([0, AT + 2 * MINUTE, AT + 20 * MINUTE])),
                knows=draw(st.sampled_from([0, *agents])),
            )
        )
    return Problem(AT, people, tuple(made), pools, draw(st.sampled_from([0.3, 0.45, 0.6])), 0.3)


class Best(NamedTuple):
    """As many taken back as can be, then the lowest share that is of use, then the fewest moves that reach it."""

    back: int
    share: float
    moves: int


def best(problem: Problem) -> Best:
    """Every ticket stays or goes to anybody who may have it."""
    choices = [
        [ticket.owner, *([] if ticket.hold else sorted(problem.pools[ticket.pool].eligible - {ticket.owner}))]
        for ticket in problem.tickets
    ]
    found = [ways for ways in product(*choices) if _fits(problem, ways)]
    back = max(_taken_back(problem, ways) for ways in found)
    found = [ways for ways in found if _taken_back(problem, ways) == back]
    shares = [share(problem, ways) for ways in found]
    aim = max(problem.target, min(shares)) + 1e-9
    return Best(
        back, min(shares), min(_moves(problem, ways) for ways, one in zip(found, shares, strict=True) if one <= aim)
    )


def fewest(problem: Problem, back: int, at_most: float) -> int:
    """The fewest moves that take so many back and bring the share so low."""
    choices = [
        [ticket.owner, *([] if ticket.hold else sorted(problem.pools[ticket.pool].eligible - {ticket.owner}))]
        for ticket in problem.tickets
    ]
    return min(
        _moves(problem, ways)
        for ways in product(*choices)
        if _fits(problem, ways) and _taken_back(problem, ways) == back and share(problem, ways) <= at_most + 1e-9
    )


def share(problem: Problem, ways: tuple[int, ...]) -> float:
    people = [one for one in problem.people if one.there]
    load = np.array([ways.count(one.agent) for one in people], dtype=float)
    return top_share(load, np.array([one.capacity for one in people]), problem.part)


def ways_of(problem: Problem, moves: tuple[Move, ...]) -> tuple[int, ...]:
    to = {move.ticket: move.to for move in moves}
    return tuple(to.get(ticket.ticket, ticket.owner) for ticket in problem.tickets)


def _moves(problem: Problem, ways: tuple[int, ...]) -> int:
    return sum(way != ticket.owner for way, ticket in zip(ways, problem.tickets, strict=True))


def _taken_back(problem: Problem, ways: tuple[int, ...]) -> int:
    return sum(ticket.back and way != ticket.owner for way, ticket in zip(ways, problem.tickets, strict=True))


def _fits(problem: Problem, ways: tuple[int, ...]) -> bool:
    there = {one.agent for one in problem.people if one.there}
    moved = [(ticket, way) for ticket, way in zip(problem.tickets, ways, strict=True) if way != ticket.owner]
    if any(way not in there for _ticket, way in moved):
        return False
    for one in problem.people:
        comes = [ticket for ticket, way in moved if way == one.agent]
        goes = [ticket for ticket, way in moved if ticket.owner == one.agent]
        if not comes:
            continue
        if len(comes) - len(goes) > one.space:
            return False
        if sum(t.busy for t in comes) - sum(t.busy for t in goes) > one.room:
            return False
    return True


def large(people: int = 200, contacts: int = 2_000) -> Problem:
    """A centre that keeps the solver busy for a while: teams that help each other, a few with most of the work."""
    chance = np.random.default_rng(1)
    team = chance.integers(0, 8, people)
    odds = chance.lognormal(0.0, 1.3, people)
    owner = chance.choice(people, contacts, p=odds / odds.sum())
    pools = tuple(
        Pool(f"Queue {number}", frozenset((np.flatnonzero((team - number) % 8 < 2) + 1).tolist()))
        for number in range(8)
    )
    staff = tuple(
        person(agent + 1, float(chance.choice([4, 5, 8])), 5, 30, team=f"Team {team[agent]}") for agent in range(people)
    )
    made = tuple(
        Ticket(number + 1, int(of) + 1, int(team[of]), busy=bool(chance.random() < 0.5))
        for number, of in enumerate(owner)
    )
    return Problem(AT, staff, made, pools)
