"""R-SKEW over a window: who handled what, how uneven that is, whether chance explains it, and why it is so.

Handled contacts and minutes only: what is assigned and still open is another measure, and the two are never mixed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.concentration import Curve, Numbers, gini, lorenz
from console.models.domain.events import Kind
from console.models.domain.fairness import SkewRules, Verdict, Work, judge
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.domain.skew_causes import Causes, Origin, Pile, causes
from console.models.live.board import Board
from console.models.queries.effort import Handled, handled
from console.models.queries.origins import origins
from console.models.queries.staffed import staffed

DIMENSIONS = ("queue", "type", "channel")
"""What a balance can be limited to, as columns of the board."""

_BEFORE = DAY
"""So long before the window states, assignments and messages are read that reach into it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One agent in the window. ``fair`` is how many of the contacts would be theirs on a fair day on average;
    ``places`` how many contacts they may have at once."""

    agent: int
    name: str
    contacts: int
    minutes: float
    staffed_hours: float
    places: int
    fair: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure over all people: its sum, the verdict, the coefficient and the curve."""

    total: float
    verdict: Verdict
    gini: float
    curve: Curve


@dataclass(frozen=True, slots=True)
class Balance:
    """The window ``begin <= t < end`` (microseconds since the epoch). The busiest of ``people`` stand first;
    ``left_out`` handled contacts and had no staffed time. ``measured_presence`` is False where nobody's state was told
    and staffed time was read from what people did. Causes are those of the contacts."""

    begin: int
    end: int
    people: tuple[Person, ...]
    left_out: tuple[str, ...]
    measured_presence: bool
    contacts: Measured
    minutes: Measured
    causes: Causes


def balance(
    log: LogReader,
    board: Board,
    begin: int,
    end: int,
    rules: SkewRules,
    chosen: Mapping[str, frozenset[int]] | None = None,
    progress: Progress | None = None,
) -> Balance | None:
    """The balance of a window, None where nobody was staffed or nothing was handled.

    ``board`` tells what each ticket is about; ``chosen`` limits `DIMENSIONS` to some values. Everybody who handled a
    queue within ``rules.eligible_within`` before the end counts as eligible for it. Blocks, so for workers; raises
    `ports.Cancelled` when the progress asks to stop.
    """
    progress = progress or Progress()
    first = min(begin - _BEFORE, end - rules.eligible_within)
    rows = log.between(first, end)
    progress.step(1, 4)
    there = staffed(rows[rows["at"] >= begin - _BEFORE], begin, end)
    known = handled(rows, first, end)
    done = handled(rows, begin, end)
    progress.step(2, 4)
    done = done.chosen(_chosen(board, done.ticket, chosen or {}))
    inside = np.isin(done.agent, there.agent)
    left_out = np.unique(done.agent[~inside])
    done = done.chosen(inside)
    if not done.agent.size:
        return None
    people = there.agent
    person = np.searchsorted(people, done.agent)
    places = _places(rows, people)
    capacity = there.time / HOUR * places
    queue = _column(board, done.ticket, "queue")
    eligible = _eligible(board, known, people)
    came = origins(rows, done, _customers(log, done.ticket))
    progress.step(3, 4)
    minutes = done.minutes / MINUTE
    work = {key: queue == key for key in np.unique(queue).tolist()}
    seed = (begin ^ end) & 0xFFFFFFFF
    load = np.bincount(person, minlength=people.size).astype(np.float64)
    effort = np.bincount(person, minutes, people.size).astype(np.float64)
    by_count = [Work(eligible[key], np.ones(int(mine.sum()))) for key, mine in work.items()]
    by_minute = [Work(eligible[key], minutes[mine]) for key, mine in work.items()]
    fair = sum((_due(some, capacity) for some in by_count), np.zeros(people.size))
    piles = [
        Pile(origin, eligible[key], np.bincount(person[mine & (came == origin)], minlength=people.size).astype(float))
        for key, mine in work.items()
        for origin in Origin
        if (mine & (came == origin)).any()
    ]
    names = [board.names.text("agent", int(agent)) for agent in people]
    found = [
        Person(int(agent), name, int(count), float(spent), float(time / HOUR), int(place), float(part))
        for agent, name, count, spent, time, place, part in zip(
            people, names, load, effort, there.time, places, fair, strict=True
        )
    ]
    found.sort(key=lambda one: (-one.contacts, one.name))
    return Balance(
        begin,
        end,
        tuple(found),
        tuple(board.names.text("agent", int(agent)) for agent in left_out),
        there.told,
        _measured(load, capacity, by_count, seed, rules),
        _measured(effort, capacity, by_minute, seed, rules),
        causes(piles, capacity, rules.busiest),
    )


def _measured(load: Numbers, capacity: Numbers, work: list[Work], seed: int, rules: SkewRules) -> Measured:
    verdict = judge(load, capacity, work, seed, rules)
    return Measured(float(load.sum()), verdict, gini(load, capacity), lorenz(load, capacity))


def _chosen(board: Board, tickets: NDArray[np.int32], chosen: Mapping[str, frozenset[int]]) -> NDArray[np.bool_]:
    mask = np.ones(tickets.size, dtype=bool)
    for name, values in chosen.items():
        mask &= np.isin(_column(board, tickets, name), list(values))
    return mask


def _column(board: Board, tickets: NDArray[np.int32], name: str) -> NDArray[np.int64]:
    """What the board says of these tickets; 0 of one that it does not have."""
    slots = board.slots_of(tickets)
    values = getattr(board.columns, name)[np.maximum(slots, 0)].astype(np.int64)
    return np.where(slots >= 0, values, 0)


def _customers(log: LogReader, tickets: NDArray[np.int32]) -> NDArray[np.int64]:
    """By ticket id a number for its customer, 0 where nobody is named."""
    numbers: dict[str, int] = {}
    found = np.zeros(int(tickets.max()) + 1, dtype=np.int64)
    for text in log.texts(np.unique(tickets).tolist()):
        if text.customer:
            found[text.id] = numbers.setdefault(text.customer, len(numbers) + 1)
    return found


def _places(rows: Rows, people: NDArray[np.int32]) -> NDArray[np.int64]:
    """How many contacts each may have at once, by their last log-in; the usual number where the source does not say."""
    logins = rows[(rows["kind"] == Kind.AGENT_LOGIN) & (rows["value"] > 0)]
    logins = logins[np.argsort(logins["at"], kind="stable")]
    said = dict(zip(logins["subject"].tolist(), logins["value"].tolist(), strict=True))
    usual = int(np.median(list(said.values()))) if said else 1
    return np.array([said.get(agent, usual) for agent in people.tolist()], dtype=np.int64)


def _eligible(board: Board, known: Handled, people: NDArray[np.int32]) -> Mapping[int, NDArray[np.bool_]]:
    """By queue who has handled it."""
    queue = _column(board, known.ticket, "queue")
    return {key: np.isin(people, np.unique(known.agent[queue == key])) for key in np.unique(queue).tolist()}


def _due(some: Work, capacity: Numbers) -> Numbers:
    """Everybody's part of this work on a fair day, on average."""
    odds = np.where(some.eligible, capacity, 0.0)
    return np.asarray(odds / odds.sum() * some.efforts.sum())
