"""R-SKEW, the other measure: how what is assigned now is shared, in contacts and in the minutes that are left to do.

Open load only: what was handled is another measure, and the two are never mixed. A contact counts for its owner while
it is in progress. Shares are of the people who are there, in the order of load per capacity, which is how many contacts
they may have at once. What lies with people who are not there, and with nobody, is told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, SECOND
from console.models.domain.concentration import Numbers
from console.models.domain.contacts import AgentState
from console.models.domain.fairness import Work
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.policy.policy import Policy
from console.models.queries.balance_figures import Measured, as_judged, measured
from console.models.queries.open_contacts import Chosen, OpenContacts, may_have, open_contacts, presence, unowned


class OpenPerson(NamedTuple):
    """Somebody who is there. ``minutes`` are left to do; ``busy`` of the contacts take a place, in ``waiting`` of them
    the customer waits; ``fair`` is how many would be theirs on a fair day on average."""

    agent: int
    name: str
    team: str
    contacts: int
    minutes: float
    places: float
    busy: int
    waiting: int
    fair: float


class Away(NamedTuple):
    """Somebody who has open contacts and is not there, ``since`` when (microseconds since the epoch, 0: not told)."""

    agent: int
    name: str
    state: AgentState
    since: int
    contacts: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OpenLoad:
    """The open load ``at`` an instant; the busiest of ``people`` and the largest of ``away`` stand first, and
    ``unassigned`` contacts are nobody's. ``measured_presence`` is False where no source tells who is there."""

    at: int
    people: tuple[OpenPerson, ...]
    away: tuple[Away, ...]
    unassigned: int
    measured_presence: bool
    contacts: Measured
    minutes: Measured


def open_load(
    board: Board,
    directory: Directory,
    now: int,
    policy: Policy,
    chosen: Chosen | None = None,
    before: OpenLoad | None = None,
) -> OpenLoad | None:
    """The open load with its verdict, None where nobody is there. ``chosen`` limits `open_contacts.DIMENSIONS` to some
    values. Fairness: each contact to anybody who is there and may have it, by places. Where the load was judged a
    moment ago (``before``) what is said of chance stays. Looks at every ticket, so for workers."""
    there = presence(board, directory, now, policy.skew)
    members = (chosen or {}).get("agent", frozenset(there.people))
    keep = np.isin(there.people, list(members))
    people = tuple(agent for agent in there.people if agent in members)
    if not people:
        return None
    places = there.places[keep]
    found = open_contacts(board, chosen)
    place = {agent: number for number, agent in enumerate(people)}
    person = np.array([place.get(owner, -1) for owner in found.owner.tolist()], dtype=np.int64)
    here = found.some(person >= 0)
    person = person[person >= 0]
    size = len(people)
    load: Numbers = np.bincount(person, minlength=size).astype(np.float64)
    left = here.left / MINUTE
    minutes: Numbers = np.bincount(person, left, size).astype(np.float64)
    group, masks = _groups(here, person, people, directory)
    by_contact = [Work(mask, np.ones(int((group == number).sum()))) for number, mask in enumerate(masks)]
    by_minute = [Work(mask, left[group == number]) for number, mask in enumerate(masks)]
    fair = sum((_due(work, places) for work in by_contact), np.zeros(size))
    waits = board.columns.waiting_since[here.slots] > 0
    rows = [
        OpenPerson(
            agent,
            board.names.text("agent", agent),
            directory.people[agent].team if agent in directory.people else "",
            int(count),
            float(spent),
            float(room),
            int(busy),
            int(waiting),
            float(due),
        )
        for agent, count, spent, room, busy, waiting, due in zip(
            people,
            load,
            minutes,
            places,
            np.bincount(person[here.busy], minlength=size),
            np.bincount(person[waits], minlength=size),
            fair,
            strict=True,
        )
    ]
    rows.sort(key=lambda one: (-one.contacts / one.places, -one.contacts, one.name))
    rules, seed = policy.skew, now // SECOND & 0xFFFFFFFF
    return OpenLoad(
        now,
        tuple(rows),
        _away(board, found, frozenset(there.people)),
        unowned(board, chosen),
        there.told,
        measured(load, places, by_contact, seed, rules)
        if before is None
        else as_judged(before.contacts, load, places, rules),
        measured(minutes, places, by_minute, seed, rules)
        if before is None
        else as_judged(before.minutes, minutes, places, rules),
    )


def _due(work: Work, places: Numbers) -> Numbers:
    """Everybody's part of this work on a fair day, on average."""
    odds = np.where(work.eligible, places, 0.0)
    return np.asarray(odds / odds.sum() * work.efforts.sum())


def _groups(
    found: OpenContacts, person: NDArray[np.int64], people: tuple[int, ...], directory: Directory
) -> tuple[NDArray[np.int64], list[NDArray[np.bool_]]]:
    """The contacts for which the same people are eligible: the group of each, and of each group who. What nobody who is
    there may have counts for those who have such contacts."""
    kinds, of = np.unique(found.queue << 8 | found.language, return_inverse=True)
    masks: list[NDArray[np.bool_]] = []
    number: dict[bytes, int] = {}
    group = np.zeros(kinds.size, dtype=np.int64)
    for place, kind in enumerate(kinds.tolist()):
        mask = np.array([may_have(directory.people, agent, kind >> 8, kind & 0xFF) for agent in people], dtype=bool)
        if not mask.any():
            mask[person[of == place]] = True
        group[place] = number.setdefault(mask.tobytes(), len(masks))
        if group[place] == len(masks):
            masks.append(mask)
    return group[of], masks


def _away(board: Board, found: OpenContacts, there: frozenset[int]) -> tuple[Away, ...]:
    theirs = found.some(~np.isin(found.owner, list(there)))
    waits = board.columns.waiting_since[theirs.slots] > 0
    rows = []
    for agent in np.unique(theirs.owner).tolist():
        mine = theirs.owner == agent
        state = board.agents[agent]
        rows.append(
            Away(
                agent,
                board.names.text("agent", agent),
                state.state,
                state.since,
                int(mine.sum()),
                int((mine & waits).sum()),
            )
        )
    return tuple(sorted(rows, key=lambda one: (-one.contacts, one.name)))
