"""What the agents panel and the channels panel show: one frozen row per agent and channel, what is worst first."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.contacts import LIVE_CHANNELS, AgentState, Channel
from console.models.live.board import Board
from console.models.live.counters import PROGRESSING, TICKETS, WAITING
from console.models.live.reasons import floor
from console.models.queries.coaching_list import coaching_list
from console.models.queries.today import QUARTER, Look

TREND_HOURS = 6
_ABSENT = frozenset({AgentState.BREAK, AgentState.AWAY, AgentState.OFFLINE})
_SAMPLE = 20_000
"""How many of the newest tickets tell which sources serve a channel."""


class AgentRow(NamedTuple):
    """One agent. ``load`` is the live contacts they are busy with, ``limit`` how many they may have at once (0: not
    said), ``open`` all their tickets in progress, ``waiting`` those whose customer waits; ``since`` in microseconds
    since the epoch. ``slow`` is the mean time of an answer in seconds where it is too long (R-AGENT-SLOW), else 0.
    ``asked_at`` is when they asked for a break that nobody has decided (0: they do not), ``wanted`` how long a one.
    ``trouble``: absent with open live contacts, over the limit, or slow and there."""

    id: int
    name: str
    state: AgentState
    since: int
    load: int
    limit: int
    open: int
    waiting: int
    trouble: bool
    slow: float = 0.0
    asked_at: int = 0
    wanted: int = 0


class ChannelRow(NamedTuple):
    """One channel. ``oldest_wait`` in seconds, None when nobody waits; of ``counted`` contacts of today ``in_time``
    were answered in time (both 0 on channels that are not live); ``arrivals`` by quarter of an hour, old to new."""

    channel: Channel
    waiting: int
    oldest_wait: float | None
    in_progress: int
    due_soon: int
    breached: int
    in_time: int
    counted: int
    arrivals: tuple[int, ...]


def agents(board: Board, now: int) -> list[AgentRow]:
    """Everyone who is logged in, or has open tickets, or was heard of today; trouble on top."""
    load = floor(board, now)
    tally = board.counters.by["assignee"]
    known = {id_ for id_ in board.agents.ids() if board.agents[id_].since}
    busy = np.flatnonzero(tally[:, PROGRESSING])
    slow = {agent.id: agent.mean_seconds for agent in coaching_list(board, now)}
    rows = []
    for id_ in known | {int(id_) for id_ in busy if id_}:
        name = board.names.text("agent", id_)
        if not name:
            continue
        agent = board.agents[id_]
        counts = tally[id_] if id_ < len(tally) else np.zeros(tally.shape[1], dtype=np.int64)
        row = AgentRow(
            id_,
            name,
            agent.state,
            agent.since,
            load.load_of(id_),
            agent.limit,
            int(counts[PROGRESSING]),
            int(counts[WAITING]),
            trouble=False,
            slow=slow.get(id_, 0.0),
            asked_at=agent.asked_at if agent.asks else 0,
            wanted=agent.wanted,
        )
        rows.append(row._replace(trouble=_in_trouble(row)))
    rows.sort(key=_rank)
    return rows


def agents_by_state(rows: list[AgentRow]) -> Counter[AgentState]:
    """How many agents are in each state; those of whom no state was ever told are left out."""
    return Counter(row.state for row in rows if row.since)


def _in_trouble(row: AgentRow) -> bool:
    over = bool(row.limit) and row.load > row.limit
    absent = bool(row.since) and row.state in _ABSENT
    return over or (absent and row.load > 0) or (row.slow > 0 and row.state is not AgentState.OFFLINE)


_STATE_RANK = {
    AgentState.AWAY: 0,
    AgentState.BREAK: 1,
    AgentState.BUSY: 2,
    AgentState.WRAP_UP: 3,
    AgentState.AVAILABLE: 4,
    AgentState.OFFLINE: 5,
}


def _rank(row: AgentRow) -> tuple[bool, bool, int, int, int, int, int, str]:
    """Trouble first, then who asks for a break, the longest first, then whose customers wait, the fuller ones before;
    who is not there stands last."""
    gone = row.state is AgentState.OFFLINE and not row.trouble
    fullness = 1_000 * row.load // row.limit if row.limit else row.load
    # A rank by minutes would let rows change places all the time; by what is theirs they stand still.
    asks = not row.asked_at, row.asked_at
    return not row.trouble, *asks, int(gone), -row.waiting, -fullness, _STATE_RANK[row.state], row.name


def channels(board: Board, now: int, look: Look | None = None) -> list[ChannelRow]:
    """Every channel that has had a ticket; those with breaches first, then by how many wait."""
    look = look or Look(board, now)
    clocks = board.clocks
    oldest, soon, breached = clocks.oldest_by_channel(), clocks.due_soon(look.now), clocks.breached(look.now)
    rows = [
        _channel(look, channel, int(oldest[channel]), int(soon[channel]), int(breached[channel]))
        for channel in Channel
        if board.counters.by["channel"][channel, TICKETS]
    ]
    rows.sort(key=lambda row: (-row.breached, -row.waiting, -row.in_progress, int(row.channel)))
    return rows


def _channel(look: Look, channel: Channel, since: int, soon: int, breached: int) -> ChannelRow:
    code = int(channel)
    done = look.by_channel[code]
    is_live = channel in LIVE_CHANNELS
    waiting = int(look.waiting_by("channel")[code])
    return ChannelRow(
        channel,
        waiting,
        (look.now - since) / SECOND if since else None,
        look.in_progress_by_channel[code],
        soon,
        breached,
        done.in_time if is_live else 0,
        done.answered + done.abandoned + look.overdue_by_channel[code] if is_live else 0,
        _arrivals(look, code),
    )


def _arrivals(look: Look, channel: int) -> tuple[int, ...]:
    end = look.now // QUARTER * QUARTER
    offered = look.board.minutes.series(end - TREND_HOURS * HOUR, end, channel)[:, 0]
    return tuple(int(count) for count in offered.reshape(-1, QUARTER // MINUTE).sum(axis=1))


def sources_by_channel(board: Board) -> dict[Channel, frozenset[str]]:
    """Which sources have fed each channel, told by the newest tickets."""
    columns = board.columns
    first = max(0, columns.count - _SAMPLE)
    channel = columns.channel[first : columns.count].astype(np.int64)
    pairs = np.unique((channel << 16) | columns.source[first : columns.count])
    found: dict[Channel, set[str]] = {}
    for pair in pairs.tolist():
        name = board.names.text("source", pair & 0xFFFF)
        if name:
            found.setdefault(Channel(pair >> 16), set()).add(name)
    return {code: frozenset(names) for code, names in found.items()}
