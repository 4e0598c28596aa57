"""R-SKEW: what was done in a window, by those who were there: the ground that every figure of the balance stands on.

The balance, its history and the sheet of hours all read the log and count contacts, minutes, staffed time and places
here, so an hour shows the same figures on each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.attributes import BY_NAME
from console.models.domain.capacity import places
from console.models.domain.concentration import Numbers
from console.models.domain.contacts import Channel
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.fairness import SkewRules
from console.models.domain.ports import LogReader, Rows
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.balance_windows import Window
from console.models.queries.effort import Handled, handled, handling
from console.models.queries.staffed import Staffed, staffed

BEFORE = DAY
"""So long before a window states, assignments and messages are read that reach into it."""

DIMENSIONS = ("queue", "type", "channel", "agent")
"""What a window can be limited to: ids of queues, codes of types and channels, ids of people (a team's, say)."""

Chosen = Mapping[str, frozenset[int]]
Ids = NDArray[np.int64]
_QUEUE = BY_NAME["queue"]


@dataclass(frozen=True, slots=True)
class WorkDone:
    """The work of a window ``begin <= at < end`` (microseconds since the epoch).

    ``people`` are the ids of those who were staffed, in order, with their staffed hours and their places (contacts at
    once); where skills are told, without those who may not have any of this work and had none. ``told`` says whether
    sources told who was there. ``done`` has a row for each person and contact, with the person's place among
    ``people``, and of the contact its queue when they handled it, its type, channel and language.
    ``left_out`` handled contacts and had no staffed time.
    """

    begin: int
    end: int
    people: NDArray[np.int32]
    hours: Numbers
    places: Numbers
    told: bool
    done: Handled
    person: NDArray[np.int64]
    queue: Ids
    type: Ids
    channel: Ids
    language: Ids
    left_out: NDArray[np.int32]

    @property
    def minutes(self) -> Numbers:
        """The minutes of each row of ``done``."""
        return np.asarray(self.done.minutes / MINUTE)

    @property
    def contacts_each(self) -> Numbers:
        """How many contacts each of the people handled."""
        return np.bincount(self.person, minlength=self.people.size).astype(np.float64)

    @property
    def minutes_each(self) -> Numbers:
        """How many minutes each of the people worked on them."""
        return np.bincount(self.person, self.minutes, self.people.size).astype(np.float64)

    @property
    def room_for_contacts(self) -> Numbers:
        """Capacity for contacts: staffed hours times places."""
        return self.hours * self.places

    @property
    def room_for_minutes(self) -> Numbers:
        """Capacity for minutes: staffed hours, since nobody works on two contacts in the same minute."""
        return self.hours


def read(log: LogReader, begin: int, end: int) -> Rows:
    """The events that tell of the work with ``begin <= at < end``: those of this time and of a day before, and of older
    contacts that were handled or given to somebody in it all that came before. In the order of time; blocks, so for
    workers."""
    rows = log.between(begin - BEFORE - 1, end - 1)
    rows = np.concatenate([rows, older(log, rows[rows["at"] >= begin], rows, begin - BEFORE - 1)])
    return rows[np.argsort(rows["at"], kind="stable")]


def older(log: LogReader, rows: Rows, known: Rows, until: int) -> Rows:
    """All events with ``at <= until`` of the contacts that were handled or given to somebody in ``rows`` and began
    before the ``known`` events. Blocks."""
    passed = (rows["kind"] == Kind.ASSIGNED) | (rows["kind"] == Kind.TRANSFERRED)
    touched = np.unique(rows["subject"][(rows["kind"] < FIRST_AGENT_KIND) & (handling(rows) | passed)])
    tickets = touched[~np.isin(touched, known["subject"][known["kind"] == Kind.CREATED])].tolist()
    return log.of_tickets(tickets, until) if tickets else known[:0]


def part(rows: Rows, begin: int, end: int) -> Rows:
    """Of the events that `read` gave of a span those that it would give of a part of it."""
    first, last = np.searchsorted(rows["at"], (begin - BEFORE, end))
    earlier = rows[:first]
    in_queue = (earlier["kind"] == Kind.CREATED) | (earlier["kind"] == Kind.QUEUE_CHANGED)
    return np.concatenate([earlier[in_queue], rows[first:last]])


def present(rows: Rows, begin: int, end: int, chosen: Chosen | None = None) -> Staffed:
    """Who of the chosen people was staffed in a window, out of the events that `read` gave of it."""
    there = staffed(rows[rows["at"] >= begin - BEFORE], begin, end)
    if "agent" not in (chosen or {}):
        return there
    mine = np.isin(there.agent, list((chosen or {})["agent"]))
    return Staffed(there.agent[mine], there.time[mine], there.told)


def work_done(
    rows: Rows,
    board: Board,
    begin: int,
    end: int,
    rules: SkewRules,
    directory: Directory,
    chosen: Chosen | None = None,
) -> WorkDone | None:
    """The work of a window out of the events that `read` gave of it; None where nobody was staffed or nothing was
    handled. ``board`` tells what each contact is about, ``directory`` everybody's limit."""
    done = handled(rows, begin, end)
    there = present(rows, begin, end, chosen)
    return put_together(there, done, queue_then(rows, board, done), board, Window(begin, end), rules, directory, chosen)


def put_together(
    there: Staffed,
    done: Handled,
    queue: Ids,
    board: Board,
    span: Window,
    rules: SkewRules,
    directory: Directory,
    chosen: Chosen | None = None,
) -> WorkDone | None:
    """The same of those who were `present`, what was `handled` and the queue of each contact."""
    limits = dict(chosen or {})
    about = {name: column(board, done.ticket, name) for name in ("type", "channel", "language")} | {"queue": queue}
    wanted = np.ones(done.agent.size, dtype=bool)
    for name, values in limits.items():
        wanted &= np.isin(done.agent if name == "agent" else about[name], list(values))
    people = there.agent
    inside = np.isin(done.agent, people)
    left_out = np.unique(done.agent[wanted & ~inside])
    wanted &= inside
    if not wanted.any():
        return None
    done = done.chosen(wanted)
    about = {name: values[wanted] for name, values in about.items()}
    concerned = np.isin(people, done.agent) | _may(people, about["queue"], about["language"], directory)
    people = people[concerned]
    person = np.searchsorted(people, done.agent)
    return WorkDone(
        span.begin,
        span.end,
        people,
        there.time[concerned] / HOUR,
        _places(people, person, about["channel"], directory, rules),
        there.told,
        done,
        person,
        **about,
        left_out=left_out,
    )


def column(board: Board, tickets: NDArray[np.int32], name: str) -> Ids:
    """What the board says of these tickets; 0 of one that it does not have."""
    slots = board.slots_of(tickets)
    values = getattr(board.columns, name)[np.maximum(slots, 0)].astype(np.int64)
    return np.where(slots >= 0, values, 0)


def _may(people: NDArray[np.int32], queue: Ids, language: Ids, directory: Directory) -> NDArray[np.bool_]:
    """Whether any of these contacts may be theirs; of anybody where no source tells skills."""
    if not directory.told:
        return np.ones(people.size, dtype=bool)
    may = np.zeros(people.size, dtype=bool)
    for kind in np.unique(queue << 8 | language).tolist():
        may |= directory.who_may(people, *divmod(kind, 256))
    return may


def _places(
    people: NDArray[np.int32], person: NDArray[np.int64], channel: Ids, directory: Directory, rules: SkewRules
) -> Numbers:
    known = directory.people
    limits = np.array([known[id_].limit if id_ in known else 0 for id_ in people.tolist()], dtype=np.int64)
    width = len(Channel)
    contacts = np.bincount(person * width + channel, minlength=people.size * width).reshape(people.size, width)
    return places(limits, contacts, np.array(rules.places, dtype=np.int64))


def queue_then(rows: Rows, board: Board, done: Handled) -> Ids:
    """The queue of each contact when they first handled it; the board's where the events do not tell."""
    told = rows[(rows["kind"] == Kind.CREATED) | (rows["kind"] == Kind.QUEUE_CHANGED)]
    created = told["kind"] == Kind.CREATED
    queue = np.where(created, told["value"] >> _QUEUE.shift & _QUEUE.mask, told["value"])
    ticket = np.concatenate([told["subject"], done.ticket])
    at = np.concatenate([told["at"], done.first_at])
    asked = np.arange(at.size) >= told.size
    none = np.zeros(done.ticket.size, dtype=np.int64)
    # What is told of the same instant comes before the act.
    order = np.lexsort((np.concatenate([told["key"], none]), np.concatenate([told["native"], none]), asked, at, ticket))
    last = np.maximum.accumulate(np.where(asked[order], -1, np.arange(at.size)))
    source = order[last]
    known = (last >= 0) & (ticket[source] == ticket[order])
    found = np.empty(at.size, dtype=np.int64)
    found[order] = np.where(known, np.concatenate([queue, none])[source], -1)
    then = found[told.size :]
    return np.where(then >= 0, then, column(board, done.ticket, "queue"))
