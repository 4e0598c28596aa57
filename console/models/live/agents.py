"""What every agent is doing, serves and asks for: the latest word on each, whatever order the words came in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import AgentState
from console.models.domain.events import BREAK_KINDS, FIRST_AGENT_KIND, FIRST_CHANNEL_KIND, STATE_KINDS, Kind
from console.models.domain.ports import Rows

Order = tuple[int, int, int, int]
_NEVER: Order = (0, 0, 0, 0)
_TABLE_WIDTH = 22

_STATE_BY_KIND = {
    Kind.AGENT_LOGIN: AgentState.AVAILABLE,
    Kind.AGENT_LOGOUT: AgentState.OFFLINE,
    Kind.AGENT_PAUSED: AgentState.BREAK,
    Kind.AGENT_UNPAUSED: AgentState.AVAILABLE,
}


@dataclass(slots=True)
class Agent:
    """One agent: state, since when, how many contacts at once (0: not said), when they logged in.

    ``login_seq`` and ``queues_seq`` are the places in the log of the last log-in and of the last change of their
    queues, which tell more (0: there was none). ``wanted`` is how long a break they asked for last (microseconds), 0
    once it was decided or withdrawn; see `asks`.
    """

    state: AgentState = AgentState.OFFLINE
    since: int = 0
    limit: int = 0
    logged_in_at: int = 0
    login_seq: int = 0
    queues_seq: int = 0
    wanted: int = 0
    state_order: Order = _NEVER
    login_order: Order = _NEVER
    queues_order: Order = _NEVER
    break_order: Order = _NEVER

    @property
    def asks(self) -> bool:
        """Whether a break that they asked for waits for a decision; whoever logged off since then waits no more."""
        return self.wanted > 0 and not (self.state is AgentState.OFFLINE and self.state_order > self.break_order)

    @property
    def asked_at(self) -> int:
        """When they asked, as far as they ask."""
        return self.break_order[0]


class Agents:
    """Agents by id. State, log-in, queues and break are each "the last word counts": late words change nothing."""

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
        """Apply the agents' events among these rows; returns of whom anything changed."""
        kinds = rows["kind"]
        rows = rows[(kinds >= FIRST_AGENT_KIND) & (kinds < FIRST_CHANNEL_KIND)]
        if not rows.size:
            return set()
        kinds = rows["kind"]
        changed: set[int] = set()
        for topic, take in _TOPICS:
            for row in _last_of_each(rows[topic[kinds]]):
                agent = self._agents.setdefault(int(row["subject"]), Agent())
                if take(agent, row, (int(row["at"]), int(row["native"]), int(row["source"]), int(row["key"]))):
                    changed.add(int(row["subject"]))
        return changed

    def export(self) -> NDArray[np.int64]:
        """Every agent as a row of integers, for `merge`."""
        table = np.zeros((len(self._agents), _TABLE_WIDTH), dtype=np.int64)
        for line, (id_, agent) in zip(table, self._agents.items(), strict=True):
            login = (agent.limit, *agent.login_order, agent.login_seq)
            queues, wish = (*agent.queues_order, agent.queues_seq), (*agent.break_order, agent.wanted)
            line[:] = (id_, agent.state, *agent.state_order, *login, *queues, *wish)
        return table

    def merge(self, table: NDArray[np.int64]) -> None:
        """Take over what an exported table knows that is later than what is known here."""
        for id_, state, *words in table.tolist():
            agent = self._agents.setdefault(id_, Agent())
            _take_state(agent, AgentState(state), _order(words[:4]))
            _take_login(agent, words[4], words[9], _order(words[5:9]))
            _take_queues(agent, words[14], _order(words[10:14]))
            _take_break(agent, words[19], _order(words[15:19]))


def _order(numbers: Sequence[int]) -> Order:
    at, native, source, key = numbers
    return at, native, source, key


def _take_state(agent: Agent, state: AgentState, order: Order) -> bool:
    if order <= agent.state_order:
        return False
    agent.state_order, agent.since, agent.state = order, order[0], state
    return True


def _take_login(agent: Agent, limit: int, seq: int, order: Order) -> bool:
    if order <= agent.login_order:
        return False
    agent.login_order, agent.limit, agent.logged_in_at, agent.login_seq = order, limit, order[0], seq
    return True


def _take_queues(agent: Agent, seq: int, order: Order) -> bool:
    if order <= agent.queues_order:
        return False
    agent.queues_order, agent.queues_seq = order, seq
    return True


def _take_break(agent: Agent, wanted: int, order: Order) -> bool:
    if order <= agent.break_order:
        return False
    agent.break_order, agent.wanted = order, wanted
    return True


def _among(*kinds: Kind) -> NDArray[np.bool_]:
    return np.isin(np.arange(256), kinds)


_TOPICS: Sequence[tuple[NDArray[np.bool_], Callable[[Agent, np.void, Order], bool]]] = (
    (_among(*STATE_KINDS), lambda agent, row, order: _take_state(agent, _state(row), order)),
    (
        _among(Kind.AGENT_LOGIN),
        lambda agent, row, order: _take_login(agent, int(row["value"]), int(row["seq"]), order),
    ),
    (_among(Kind.AGENT_QUEUES), lambda agent, row, order: _take_queues(agent, int(row["seq"]), order)),
    (_among(*BREAK_KINDS), lambda agent, row, order: _take_break(agent, _wanted(row), order)),
)
"""What the events tell of: whether a kind belongs to a topic, and how its last word is taken over."""


def _wanted(row: np.void) -> int:
    return max(int(row["value"]), 0) if row["kind"] == Kind.BREAK_REQUESTED else 0


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
