"""Why a customer is waiting: one phrase a row, from the ticket, its owner and how full the floor is.

`reason` is cheap enough for every visible row; what it needs to know of all agents is gathered once a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import Enum
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, SECOND, moment
from console.i18n import N_, _
from console.models.domain import platform_windows
from console.models.domain.contacts import LIVE_CHANNELS, AgentState, Channel
from console.models.live.agents import Agent
from console.models.live.board import Board
from console.models.live.columns import Columns, Flag
from console.models.live.counters import LIVE
from console.models.live.fold import IS_FINAL

_IS_LIVE = np.array([Channel(code) in LIVE_CHANNELS for code in range(len(Channel))])
_DAY_HOURS = 24
_ABSENT = (AgentState.BREAK, AgentState.AWAY, AgentState.OFFLINE)


class Cause(Enum):
    """What keeps a customer waiting, the first that applies in the order in which `reason` asks."""

    WINDOW_ENDS = N_("free reply ends {time}")
    PROMISE_BROKEN = N_("promise of {time} broken")
    WINDOW_ENDED = N_("free reply has ended")
    LAST_MESSAGE = N_("one free message left")
    NO_MESSAGE = N_("no free message left")
    OWNER_OFF = N_("owner has logged off")
    OWNER_ON_BREAK = N_("owner on break since {time}")
    OWNER_AWAY = N_("owner away since {time}")
    WROTE_AFTER_END = N_("customer wrote after it was closed")
    READ = N_("read, not answered")
    PROMISED = N_("answer promised for {time}")
    OWNER_FULL = N_("owner is full: {number} of {limit}")
    WROTE_OFTEN = N_("customer wrote {number} times, no reply")
    WROTE_AGAIN = N_("customer wrote again")
    NOT_ANSWERED = N_("assigned {span} ago, no reply")
    JUST_ASSIGNED = N_("just assigned")
    NEW_MESSAGE = N_("new message")
    NEXT_ANSWER = N_("new message unanswered for {span}")
    NOBODY_IN = N_("nobody is logged in")
    ALL_FULL = N_("no owner: {limit} of {limit} agents full")
    BOT = N_("only the bot has answered")
    NO_OWNER = N_("no owner for {span}")
    JUST_CAME = N_("no owner yet")


class Reason(NamedTuple):
    """A cause with what its phrase needs: instants in microseconds since the epoch."""

    cause: Cause
    at: int = 0
    minutes: int = 0
    number: int = 0
    limit: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True)
class Floor:
    """The agents in sum. ``load[agent]`` is how many live contacts each of them is busy with at this moment."""

    load: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    known: int = 0
    logged_in: int = 0
    full: int = 0
    free: int = 0
    """Available and below their limit."""

    def load_of(self, agent: int) -> int:
        """Live contacts that an agent is busy with."""
        return int(self.load[agent]) if 0 <= agent < self.load.size else 0


_floors: WeakKeyDictionary[Board, tuple[int, Floor]] = WeakKeyDictionary()


def floor(board: Board, now: int) -> Floor:
    """The floor at this second; counted once a second and kept."""
    kept = _floors.get(board)
    if kept is not None and kept[0] == now // SECOND:
        return kept[1]
    counted = count_floor(board)
    _floors[board] = (now // SECOND, counted)
    return counted


def count_floor(board: Board) -> Floor:
    """Gather the floor anew; looks at agents, never at tickets."""
    load = board.counters.by["assignee"][:, LIVE].copy()
    load[0] = 0
    known = logged_in = full = free = 0
    for id_ in board.agents.ids():
        agent = board.agents[id_]
        if not agent.since:
            continue
        known += 1
        if agent.state is AgentState.OFFLINE:
            continue
        logged_in += 1
        is_full = bool(agent.limit and id_ < load.size and load[id_] >= agent.limit)
        full += is_full
        free += agent.state is AgentState.AVAILABLE and not is_full
    return Floor(load, known, logged_in, full, free)


def reason(board: Board, slot: int, now: int) -> Reason | None:
    """Why this ticket waits; None when its customer waits for nothing of ours, neither an answer nor a promise."""
    columns = board.columns
    promise = int(columns.promise_at[slot])
    broken = bool(promise) and promise <= now
    if not columns.waiting_since[slot] and not promise:
        return None
    window = _window(board, slot, now)
    if window is not None and window.cause is Cause.WINDOW_ENDS:
        return window
    if broken:
        return Reason(Cause.PROMISE_BROKEN, at=promise)
    if window is not None:
        return window
    if not columns.waiting_since[slot]:
        return Reason(Cause.PROMISED, at=promise)
    if IS_FINAL[columns.status[slot]]:
        return Reason(Cause.WROTE_AFTER_END)
    owner = int(columns.assignee[slot])
    return _owned(board, slot, owner, now, promise) if owner else _unowned(board, slot, now, promise)


def _window(board: Board, slot: int, now: int) -> Reason | None:
    """R-CLOCK: the platform ends the free reply soon, or has ended it."""
    columns, policy = board.columns, board.policy
    rule = policy.platform_windows.get(Channel(int(columns.channel[slot])))
    left = platform_windows.left(rule, int(columns.last_customer_at[slot]), int(columns.sent[slot]))
    if left is None:
        return None
    if left.ends_at <= now:
        return Reason(Cause.WINDOW_ENDED)
    if left.messages == 0:
        return Reason(Cause.NO_MESSAGE)
    if left.ends_at <= now + policy.warning_by_clock["platform"]:
        return Reason(Cause.WINDOW_ENDS, at=left.ends_at)
    return Reason(Cause.LAST_MESSAGE) if left.messages == 1 else None


def _owned(board: Board, slot: int, owner: int, now: int, promise: int) -> Reason:
    columns = board.columns
    agent = board.agents[owner]
    absent = _absence(agent)
    if absent is not None:
        return absent
    if columns.flags[slot] & Flag.READ:
        return Reason(Cause.READ)
    if promise:
        return Reason(Cause.PROMISED, at=promise)
    load = floor(board, now).load_of(owner)
    if agent.limit and load >= agent.limit:
        return Reason(Cause.OWNER_FULL, number=load, limit=agent.limit)
    since = int(columns.waiting_since[slot])
    if columns.first_reply_at[slot]:
        return _next_answer(columns, slot, (now - since) // MINUTE)
    if columns.messages[slot] > 1:
        return Reason(Cause.WROTE_OFTEN, number=int(columns.messages[slot]))
    minutes = (now - max(since, int(columns.assigned_at[slot]))) // MINUTE
    return Reason(Cause.NOT_ANSWERED, minutes=minutes) if minutes > 0 else Reason(Cause.JUST_ASSIGNED)


def _next_answer(columns: Columns, slot: int, minutes: int) -> Reason:
    if columns.last_customer_at[slot] > columns.unanswered_since[slot]:
        return Reason(Cause.WROTE_AGAIN)
    return Reason(Cause.NEXT_ANSWER, minutes=minutes) if minutes > 0 else Reason(Cause.NEW_MESSAGE)


def _absence(agent: Agent) -> Reason | None:
    if not agent.since or agent.state not in _ABSENT:
        return None
    cause = {
        AgentState.OFFLINE: Cause.OWNER_OFF,
        AgentState.BREAK: Cause.OWNER_ON_BREAK,
        AgentState.AWAY: Cause.OWNER_AWAY,
    }[agent.state]
    return Reason(cause, agent.since)


def _unowned(board: Board, slot: int, now: int, promise: int) -> Reason:
    columns = board.columns
    now_on_floor = floor(board, now)
    if now_on_floor.known and not now_on_floor.logged_in:
        return Reason(Cause.NOBODY_IN)
    if columns.flags[slot] & Flag.READ:
        return Reason(Cause.READ)
    if promise:
        return Reason(Cause.PROMISED, at=promise)
    if now_on_floor.logged_in and now_on_floor.full == now_on_floor.logged_in:
        return Reason(Cause.ALL_FULL, limit=now_on_floor.logged_in)
    if columns.flags[slot] & Flag.BOT:
        return Reason(Cause.BOT)
    minutes = (now - int(columns.waiting_since[slot])) // MINUTE
    cause = Cause.NO_OWNER if minutes > 0 else Cause.JUST_CAME
    return Reason(cause, minutes=minutes, free=now_on_floor.free if _IS_LIVE[columns.channel[slot]] else 0)


def phrase(reason: Reason, zone: tzinfo) -> str:
    """The reason in words, in the language in use, with times of day in ``zone``."""
    words = _(reason.cause.value).format_map(_values(reason, zone))
    if reason.free:
        free = _("{n} free").format(n=reason.free)
        return _("{reason}, {free}").format(reason=words, free=free)
    return words


def _values(reason: Reason, zone: tzinfo) -> Mapping[str, object]:
    time = moment(reason.at).astimezone(zone).strftime("%H:%M") if reason.at else ""
    return {
        "time": time,
        "span": _span(reason.minutes),
        "number": reason.number,
        "limit": reason.limit,
    }


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{n} min").format(n=minutes)
    if hours < _DAY_HOURS:
        return _("{h} h {m} min").format(h=hours, m=rest)
    return _("{d} d {h} h").format(d=hours // _DAY_HOURS, h=hours % _DAY_HOURS)
