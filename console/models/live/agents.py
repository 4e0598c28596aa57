"""What every agent is doing: the latest word on each, whatever order the words came in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import AgentState
from console.models.domain.events import FIRST_AGENT_KIND, FIRST_CHANNEL_KIND, Kind
from console.models.domain.ports import Rows

Order = tuple[int, int, int, int]
_NEVER: Order = (0, 0, 0, 0)
_TABLE_WIDTH = 12

_STATE_BY_KIND = {
    Kind.AGENT_LOGIN: AgentState.AVAILABLE,
    Kind.AGENT_LOGOUT: AgentState.OFFLINE,
    Kind.AGENT_PAUSED: AgentState.BREAK,
    Kind.AGENT_UNPAUSED: AgentState.AVAILABLE,
}


@dataclass(slots=True)
class Agent:
    """One agent: state, since when, how many contacts at once (0: not said), when they logged in, and the place of that
    log-in in the log, which tells more (0: there was none)."""

    state: AgentState = AgentState.OFFLINE
    since: int = 0
    limit: int = 0
    logged_in_at: int = 0
    login_seq: int = 0
    state_order: Order = _NEVER
    login_order: Order = _NEVER


class Agents:
    """Agents by id. State and log-in are each "the last word counts", so late words change nothing."""

    def __init__(self) -> None:
        self._agents: dict[int, Agent] = {}

    def __len__(self) -> int:
        return len(self._agents)

    def __getitem__(self, agent: int) -> Agent:
        """The agent; one that was never heard of is offline."""
        return self._agents.get(agent) or Agent()

    def ids(self) -> list[int]:
        """Everyone who was heard of."""
        return list(self._agents)

    def apply(self, rows: Rows) -> set[int]:
        """Apply the agents' events among these rows; returns whose state changed."""
        kinds = rows["kind"]
        rows = rows[(kinds >= FIRST_AGENT_KIND) & (kinds < FIRST_CHANNEL_KIND)]
        if not rows.size:
            return set()
        changed = self._last_words(rows, login_only=False)
        return changed | self._last_words(rows[rows["kind"] == Kind.AGENT_LOGIN], login_only=True)

    def export(self) -> NDArray[np.int64]:
        """Every agent as a row of integers, for `merge`."""
        table = np.zeros((len(self._agents), _TABLE_WIDTH), dtype=np.int64)
        for line, (id_, agent) in zip(table, self._agents.items(), strict=True):
            line[:] = (id_, agent.state, *agent.state_order, agent.limit, *agent.login_order, agent.login_seq)
        return table

    def merge(self, table: NDArray[np.int64]) -> None:
        """Take over what an exported table knows that is later than what is known here."""
        for id_, state, at, native, source, key, limit, *login in table.tolist():
            agent = self._agents.setdefault(id_, Agent())
            if (at, native, source, key) > agent.state_order:
                agent.state_order, agent.since, agent.state = (at, native, source, key), at, AgentState(state)
            if (order := (login[0], login[1], login[2], login[3])) > agent.login_order:
                agent.login_order, agent.limit, agent.logged_in_at = order, limit, order[0]
                agent.login_seq = login[4]

    def _last_words(self, rows: Rows, *, login_only: bool) -> set[int]:
        changed: set[int] = set()
        for row in _last_of_each(rows):
            order: Order = (int(row["at"]), int(row["native"]), int(row["source"]), int(row["key"]))
            id_ = int(row["subject"])
            agent = self._agents.setdefault(id_, Agent())
            if order <= (agent.login_order if login_only else agent.state_order):
                continue
            if login_only:
                agent.login_order, agent.limit, agent.logged_in_at = order, int(row["value"]), order[0]
                agent.login_seq = int(row["seq"])
            else:
                agent.state_order, agent.since, agent.state = order, order[0], _state(row)
            changed.add(id_)
        return changed


def _state(row: np.void) -> AgentState:
    kind = Kind(int(row["kind"]))
    if kind is Kind.AGENT_STATE:
        value = int(row["value"])
        return AgentState(value) if value < len(AgentState) else AgentState.AWAY
    return _STATE_BY_KIND[kind]


def _last_of_each(rows: Rows) -> Rows:
    if not rows.size:
        return rows
    order = np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"], rows["subject"]))
    rows = rows[order]
    last = np.r_[rows["subject"][1:] != rows["subject"][:-1], True]
    return rows[last]
