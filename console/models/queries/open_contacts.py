"""R-SKEW: the contacts that are somebody's now, who of their owners is there, and who else may have them.

The open load and every proposal to share it out stand on this, so that both speak of the same people and contacts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import Numbers
from console.models.domain.contacts import AgentState, Channel, InquiryType, Status
from console.models.domain.fairness import SkewRules
from console.models.domain.skills import Directory, Level, Skilled
from console.models.live.agents import Agent
from console.models.live.board import Board
from console.models.live.columns import Slots
from console.models.live.counters import PROGRESSING
from console.models.live.fold import IS_FINAL
from console.models.policy.policy import IS_LIVE

HERE = frozenset({AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP})
"""Who is there to work; see `staffed`, which counts the same states."""

DIMENSIONS = ("queue", "type", "channel", "agent")
"""What open contacts can be limited to, as `work_done.DIMENSIONS`."""

Chosen = Mapping[str, frozenset[int]]

_FINISHED_AT_MOST = 200_000
"""So many of the newest tickets tell how long a contact takes."""

_FEWEST = 5
"""A type on a channel with fewer finished contacts is taken as the channel as a whole."""


@dataclass(frozen=True, slots=True)
class OpenContacts:
    """Contacts in progress that have an owner, one row each; their slots on the board, and of each its ``owner``,
    ``queue`` and ``language``. ``left`` are the minutes that are left to do, in microseconds; ``busy`` says that it
    keeps the owner busy now and takes one of the places."""

    slots: Slots
    owner: NDArray[np.int64]
    queue: NDArray[np.int64]
    language: NDArray[np.int64]
    left: NDArray[np.int64]
    busy: NDArray[np.bool_]

    def some(self, which: NDArray[np.bool_]) -> OpenContacts:
        """Some of them."""
        return OpenContacts(*(getattr(self, name)[which] for name in self.__slots__))


def open_contacts(board: Board, chosen: Chosen | None = None) -> OpenContacts:
    """All of them, or those that `DIMENSIONS` are limited to. Looks at every ticket, so for workers."""
    columns = board.columns
    slots = _chosen(board, chosen)
    slots = slots[columns.assignee[slots] > 0]
    channel, state = columns.channel[slots], columns.status[slots]
    at_work = (state < Status.PENDING_CUSTOMER) | (columns.waiting_since[slots] > 0)
    expected = expected_minutes(board)[columns.type[slots], channel]
    spent = columns.handle_ms[slots].astype(np.int64) * 1_000
    return OpenContacts(
        slots,
        columns.assignee[slots].astype(np.int64),
        columns.queue[slots].astype(np.int64),
        columns.language[slots].astype(np.int64),
        np.maximum(expected - spent, 0),
        at_work & IS_LIVE[channel],
    )


def unowned(board: Board, chosen: Chosen | None = None) -> int:
    """How many contacts in progress are nobody's; none are an agent's, where it is limited to agents."""
    return int((board.columns.assignee[_chosen(board, chosen)] == 0).sum())


def _chosen(board: Board, chosen: Chosen | None) -> Slots:
    columns = board.columns
    slots = np.flatnonzero(~IS_FINAL[columns.status[: columns.count]])
    for name, values in (chosen or {}).items():
        column = "assignee" if name == "agent" else name
        slots = slots[np.isin(getattr(columns, column)[slots], list(values))]
    return slots


def expected_minutes(board: Board) -> NDArray[np.int64]:
    """How much work a contact is, by type and channel, in microseconds: the mean over finished contacts on the board
    whose source tells it (`Kind.ENDED`). Few of a kind count as their channel, no channel as all; 0 where nothing was
    ever told."""
    columns = board.columns
    first = max(0, columns.count - _FINISHED_AT_MOST)
    told = first + np.flatnonzero(
        IS_FINAL[columns.status[first : columns.count]] & (columns.handle_ms[first : columns.count] > 0)
    )
    width = len(Channel)
    kind = columns.type[told].astype(np.int64) * width + columns.channel[told]
    shape = (len(InquiryType), width)
    counts = np.bincount(kind, minlength=shape[0] * width).reshape(shape)
    sums = np.bincount(kind, columns.handle_ms[told] * 1_000.0, shape[0] * width).reshape(shape)
    overall = float(sums.sum()) / max(1, int(counts.sum()))
    of_channel = np.where(counts.sum(axis=0) >= _FEWEST, sums.sum(axis=0) / np.maximum(1, counts.sum(axis=0)), overall)
    means = np.where(counts >= _FEWEST, sums / np.maximum(1, counts), of_channel[None, :])
    return np.asarray(np.rint(means).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is there, by agent id in order, with how many contacts they may have at once (``places``). ``told`` says
    whether by the states that sources tell; else those are there who have open contacts or answered of late."""

    people: tuple[int, ...]
    places: Numbers
    told: bool

    @property
    def place(self) -> Mapping[int, int]:
        """Where somebody stands, by agent id."""
        return {agent: place for place, agent in enumerate(self.people)}


def presence(board: Board, directory: Directory, now: int, rules: SkewRules) -> Presence:
    """Who is there now. Who leads a shift is only where they have contacts: they get none. Looks at agents only."""
    load = board.counters.by["assignee"][:, PROGRESSING]
    agents = {id_: board.agents[id_] for id_ in board.agents.ids()}
    told = any(agent.since for agent in agents.values())
    if told:
        here = {id_ for id_, agent in agents.items() if agent.since and agent.state in HERE}
    else:
        answered = np.flatnonzero(board.answers.agents(now)[0]).tolist()
        here = {*np.flatnonzero(load).tolist(), *answered} - {0}
    leads = {id_ for id_, person in directory.people.items() if person.level is Level.LEAD}
    people = sorted(id_ for id_ in here if id_ not in leads or (id_ < load.size and load[id_]))
    usual = _usual_places(agents, rules)
    places = [agents[id_].limit if id_ in agents else 0 for id_ in people]
    return Presence(tuple(people), np.array([limit or usual for limit in places], dtype=np.float64), told)


def _usual_places(agents: Mapping[int, Agent], rules: SkewRules) -> int:
    """Where no limit is told: the usual one, and the policy's figure for chats where nobody's is."""
    known = [each.limit for each in agents.values() if each.limit]
    return int(np.median(known)) if known else rules.places[Channel.WEB_CHAT]


def may_have(people: Mapping[int, Skilled], agent: int, queue: int, language: int) -> bool:
    """Whether somebody may have a contact; one without a queue may be anybody's but a lead's."""
    person = people.get(agent)
    if person is None:
        return not queue
    return person.may(queue, language) if queue else person.level is not Level.LEAD
