"""R-SKEW: the figures of a window out of the work in it: who did what, how uneven that is, and why it is so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import Curve, Numbers, gini, lorenz, top_share
from console.models.domain.contacts import InquiryType
from console.models.domain.fairness import SkewRules, Verdict, Work, judge
from console.models.domain.skew_causes import Causes, Origin, Pile, causes
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.eligibility import groups
from console.models.queries.work_done import WorkDone


@dataclass(frozen=True, slots=True)
class Person:
    """One agent in the window. ``fair`` is how many of the contacts would be theirs on a fair day on average,
    ``places`` how many contacts they may have at once, ``causes`` what they have to do with each part of the excess."""

    agent: int
    name: str
    team: str
    contacts: int
    minutes: float
    staffed_hours: float
    places: float
    fair: float
    causes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure over all people: its sum, the verdict, the coefficient and the curve."""

    total: float
    verdict: Verdict
    gini: float
    curve: Curve


class Part(NamedTuple):
    """An agent, an inquiry type or a queue, by id and name (of a type its key), and its share of a cause."""

    id: int
    name: str
    share: float


class Behind(NamedTuple):
    """Who and what is behind a cause, the largest first; each of the three adds up to it."""

    agents: tuple[Part, ...]
    types: tuple[Part, ...]
    queues: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The window ``begin <= t < end`` (microseconds since the epoch). The busiest of ``people`` stand first;
    ``left_out`` handled contacts and had no staffed time. ``measured_presence`` is False where nobody's state was told
    and staffed time was read from what people did. Causes are those of the contacts; ``behind`` has them by name."""

    begin: int
    end: int
    people: tuple[Person, ...]
    left_out: tuple[str, ...]
    measured_presence: bool
    contacts: Measured
    minutes: Measured
    causes: Causes
    behind: Mapping[str, Behind]


Measuring = Callable[[Numbers, Numbers, list[Work]], Measured]
"""The figures of a load held against a capacity, where it consists of this work."""


def figures(
    work: WorkDone,
    came: NDArray[np.uint8],
    board: Board,
    directory: Directory,
    rules: SkewRules,
    of_contacts: Measuring,
    of_minutes: Measuring,
) -> Balance:
    """The balance of work of which each contact `came` in one of the ways of `skew_causes.Origin`. Contacts are held
    against staffed hours times places, minutes against staffed hours."""
    group, eligible = groups(work, directory)
    piles, topics = _piles(work, group, eligible, came)
    why = causes(piles, work.room_for_contacts, rules.busiest)
    ones = np.ones(work.person.size)
    by_contact = [Work(mask, ones[group == key]) for key, mask in enumerate(eligible)]
    by_minute = [Work(mask, work.minutes[group == key]) for key, mask in enumerate(eligible)]
    return Balance(
        work.begin,
        work.end,
        _people(work, board, directory, by_contact, why.people),
        tuple(board.names.text("agent", int(agent)) for agent in work.left_out),
        work.told,
        of_contacts(work.contacts_each, work.room_for_contacts, by_contact),
        of_minutes(work.minutes_each, work.room_for_minutes, by_minute),
        why,
        _behind(why, topics, work.people.tolist(), board),
    )


def measured(load: Numbers, capacity: Numbers, work: list[Work], seed: int, rules: SkewRules) -> Measured:
    """The one definition of the figures of a load, for the screen, the report and the alarm; raises as
    `fairness.judge`."""
    verdict = judge(load, capacity, work, seed, rules)
    return Measured(float(load.sum()), verdict, gini(load, capacity), lorenz(load, capacity))


def as_judged(before: Measured, load: Numbers, capacity: Numbers, rules: SkewRules) -> Measured:
    """The figures of a load that has gone on a little since it was judged: what is said of chance stays."""
    verdict = before.verdict._replace(share=top_share(load, capacity, rules.busiest))
    return Measured(float(load.sum()), verdict, gini(load, capacity), lorenz(load, capacity))


def _people(
    work: WorkDone, board: Board, directory: Directory, by_contact: list[Work], why: Mapping[str, Numbers]
) -> tuple[Person, ...]:
    fair = sum((_due(some, work.room_for_contacts) for some in by_contact), np.zeros(work.people.size))
    contacts, minutes = work.contacts_each, work.minutes_each
    found = [
        Person(
            id_,
            board.names.text("agent", id_),
            directory.people[id_].team if id_ in directory.people else "",
            int(contacts[place]),
            float(minutes[place]),
            float(work.hours[place]),
            float(work.places[place]),
            float(fair[place]),
            {name: float(each[place]) for name, each in why.items()},
        )
        for place, id_ in enumerate(work.people.tolist())
    ]
    return tuple(sorted(found, key=lambda one: (-one.contacts, one.name)))


def _due(some: Work, capacity: Numbers) -> Numbers:
    """Everybody's part of this work on a fair day, on average."""
    odds = np.where(some.eligible, capacity, 0.0)
    return np.asarray(odds / odds.sum() * some.efforts.sum())


def _piles(
    work: WorkDone, group: NDArray[np.int64], eligible: list[NDArray[np.bool_]], came: NDArray[np.uint8]
) -> tuple[list[Pile], NDArray[np.int64]]:
    """The work by group, origin and topic, and the topics: a queue and below it, in eight bits, a type."""
    topics, topic = np.unique(work.queue << 8 | work.type, return_inverse=True)
    size, origins = work.people.size, len(Origin)
    kinds, of = np.unique((group * origins + came) * topics.size + topic, return_inverse=True)
    loads = np.bincount(of * size + work.person, minlength=kinds.size * size).reshape(-1, size)
    piles = [
        Pile(Origin(kind // topics.size % origins), eligible[kind // topics.size // origins], load, kind % topics.size)
        for kind, load in zip(kinds.tolist(), loads.astype(np.float64), strict=True)
    ]
    return piles, topics


def _behind(why: Causes, topics: NDArray[np.int64], people: list[int], board: Board) -> Mapping[str, Behind]:
    queues, types = (topics >> 8).tolist(), (topics & 0xFF).tolist()
    names = {id_: board.names.text("agent", id_) for id_ in people}
    queue_names = {id_: board.names.text("queue", id_) for id_ in queues}
    type_names = {code: InquiryType(code).key for code in types}
    return {
        part: Behind(_parts(people, each, names), _parts(types, about, type_names), _parts(queues, about, queue_names))
        for (part, each), about in zip(why.people.items(), why.topics, strict=True)
    }


def _parts(ids: Iterable[int], shares: Numbers, names: Mapping[int, str]) -> tuple[Part, ...]:
    summed: dict[int, float] = {}
    for id_, share in zip(ids, shares.tolist(), strict=True):
        summed[id_] = summed.get(id_, 0.0) + share
    parts = [Part(id_, names[id_], share) for id_, share in summed.items() if share]
    return tuple(sorted(parts, key=lambda part: (-abs(part.share), part.name)))
