"""R-ROUTE: the open load of this moment as a problem for the optimiser: what may be moved, to whom, and what may not.

A contact stays where it is while its owner has promised the customer an answer, while both are writing or talking, when
the platform ends the free reply soon, and when a VIP has been answered by somebody. Who has logged off holds nothing.
From who has logged off or is away for long, customers who wait are to be taken back; the others can wait for them.
Whoever answers too slowly (R-AGENT-SLOW) is given nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from console.clock import SECOND
from console.models.domain import platform_windows
from console.models.domain.contacts import AgentState, Channel, Tier
from console.models.domain.rebalance import Hold, Person, Pool, Problem, Ticket
from console.models.domain.skills import Directory, Level
from console.models.live.board import Board
from console.models.live.columns import Flag
from console.models.queries.coaching_list import coaching_list
from console.models.queries.open_contacts import OpenContacts, Presence, may_have, open_contacts, presence

_FASTEST = 10 * SECOND
_USUAL = 60 * SECOND
"""An answer takes no less than the one, and as much as the other where nobody has answered anything."""


def rebalance_problem(
    board: Board, directory: Directory, now: int, target: float | None = None, pending: Collection[int] = ()
) -> Problem:
    """The problem at ``now``; ``target`` is the policy's where None. ``pending`` are tickets of which something was
    asked that they do not show yet (`CommandReader.pending`): they stay. Looks at every ticket, so for workers."""
    rules = board.policy.rebalance
    there = presence(board, directory, now, board.policy.skew)
    here = frozenset(there.people)
    found = open_contacts(board)
    back = _back(board, found, here, now)
    found = found.some(np.isin(found.owner, list(here)) | back)
    back = _back(board, found, here, now)
    pools, pool = _pools(board, found, directory, here)
    return Problem(
        now,
        tuple(_people(board, directory, there, found, now)),
        tuple(_tickets(board, found, pool, back, here, now, frozenset(pending))),
        pools,
        rules.target if target is None else target,
        board.policy.skew.busiest,
        board.policy.forecast.ahead,
    )


def _back(board: Board, found: OpenContacts, here: frozenset[int], now: int) -> NDArray[np.bool_]:
    """What should be taken back from people who are not there."""
    long_away = set()
    for agent in set(found.owner.tolist()) - here:
        known = board.agents[agent]
        gone = known.state is AgentState.OFFLINE
        if gone or now - known.since >= board.policy.rebalance.take_back_after:
            long_away.add(agent)
    return np.asarray(np.isin(found.owner, list(long_away)) & (board.columns.waiting_since[found.slots] > 0))


def _pools(
    board: Board, found: OpenContacts, directory: Directory, here: frozenset[int]
) -> tuple[tuple[Pool, ...], NDArray[np.int64]]:
    kinds, of = np.unique(found.queue << 8 | found.language, return_inverse=True)
    pools = []
    for kind in kinds.tolist():
        queue, language = kind >> 8, kind & 0xFF
        may = frozenset(
            agent
            for agent in here
            if may_have(directory.people, agent, queue, language) and not _leads(directory, agent)
        )
        pools.append(Pool(board.names.text("queue", queue) if queue else "", may))
    return tuple(pools), of


def _leads(directory: Directory, agent: int) -> bool:
    return agent in directory.people and directory.people[agent].level is Level.LEAD


def _people(board: Board, directory: Directory, there: Presence, found: OpenContacts, now: int) -> Iterable[Person]:
    answers = _answer_times(board, now)
    usual = int(np.median(list(answers.values()))) if answers else _USUAL
    most = board.policy.rebalance.open_per_place
    places = dict(zip(there.people, there.places.tolist(), strict=True))
    slow = {agent.id for agent in coaching_list(board, now)}
    for agent in sorted({*there.people, *found.owner.tolist()}):
        mine = found.owner == agent
        capacity = places.get(agent, 1.0)
        yield Person(
            agent,
            board.names.text("agent", agent),
            directory.people[agent].team if agent in directory.people else "",
            capacity,
            0 if agent in slow else max(0, int(capacity) - int(found.busy[mine].sum())),
            0 if agent in slow else max(0, int(most * capacity) - int(mine.sum())),
            answers.get(agent, usual),
            agent in places,
        )


def _answer_times(board: Board, now: int) -> dict[int, int]:
    """How long an answer of each takes, in microseconds: no longer than customers waited for one on average, and no
    longer than the time between two of theirs."""
    counts, sums = board.answers.agents(now)
    window = board.policy.agent_slow.window
    least = max(1, board.policy.agent_slow.replies_at_least)
    return {
        agent: max(_FASTEST, min(int(sums[agent]), window) // int(counts[agent]))
        for agent in np.flatnonzero(counts >= least).tolist()
    }


def _tickets(
    board: Board,
    found: OpenContacts,
    pool: NDArray[np.int64],
    back: NDArray[np.bool_],
    here: frozenset[int],
    now: int,
    pending: frozenset[int],
) -> Iterable[Ticket]:
    columns = board.columns
    holds = _holds(board, found, now)
    for place, slot in enumerate(found.slots.tolist()):
        owner, first = int(found.owner[place]), int(columns.first_agent[slot])
        ticket = int(columns.id[slot])
        gone = owner not in here and board.agents[owner].state is AgentState.OFFLINE
        yield Ticket(
            ticket,
            owner,
            int(pool[place]),
            int(found.left[place]),
            bool(found.busy[place]),
            Hold.ASKED if ticket in pending else Hold.NONE if gone else Hold(int(holds[place])),
            bool(back[place]),
            bool(columns.first_reply_at[slot]),
            int(columns.due_at[slot]) if columns.waiting_since[slot] else 0,
            first if first != owner else 0,
            board.texts.get(slot)[0],
        )


def _holds(board: Board, found: OpenContacts, now: int) -> NDArray[np.uint8]:
    """Why each contact stays with an owner who has not logged off; the first reason that applies."""
    columns, policy, slots = board.columns, board.policy, found.slots
    said_at = np.maximum(columns.last_customer_at[slots], columns.last_agent_at[slots])
    # A reply of a former owner makes no conversation with this one.
    answered = columns.last_agent_at[slots] >= np.maximum(columns.assigned_at[slots], 1)
    talking = found.busy & answered & (said_at > now - policy.rebalance.talking_within)
    on_the_line = (columns.channel[slots] == Channel.PHONE) & (columns.flags[slots] & Flag.CONNECTED > 0) & found.busy
    ends = platform_windows.ends(policy.platform_windows, columns.channel[slots], columns.last_customer_at[slots])
    window = (ends > now) & (ends <= now + policy.warning_by_clock["platform"])
    vip = (columns.tier[slots] == Tier.VIP) & (columns.first_reply_at[slots] > 0) & policy.rebalance.keep_vip
    holds = np.zeros(slots.size, dtype=np.uint8)
    for hold, applies in (
        (Hold.CUSTOMER, vip),
        (Hold.WINDOW, window),
        (Hold.TALKING, talking | on_the_line),
        (Hold.PROMISE, columns.promise_at[slots] > now),
    ):
        holds[applies] = hold
    return holds
