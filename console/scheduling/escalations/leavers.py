"""Who goes off shift: agents by the log's own word (logged out, offline), supervisors by their sign-off.

What somebody had when they left goes to a successor, or back to the first level of the chain; what they are given
afterwards (for the next morning, say) stays theirs. The latest word on a person counts, in whatever order the words
arrive, so an old file that is imported sends nobody home.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import AgentState
from console.models.domain.escalation import Transition
from console.models.domain.escalation_ports import EscalationReader, EscalationWriter
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.events import FIRST_AGENT_KIND, FIRST_CHANNEL_KIND
from console.models.domain.ports import Batch
from console.models.live.agents import Agents
from console.scheduling.escalations.shifts import hand_over

logger = logging.getLogger("console.escalations")


class _Left(NamedTuple):
    at: int
    successor: str = ""


class Leavers:
    """`feed`, `know` and `sign_off` may be called on any thread; `turn` is the sweep's."""

    def __init__(self, writer: EscalationWriter, reader: EscalationReader) -> None:
        self._writer = writer
        self._reader = reader
        self._agents = Agents()
        self._names: dict[int, str] = {}
        self._news: deque[Batch | dict[int, str] | NDArray[np.int64]] = deque()
        self._left: dict[str, _Left] = {}
        self._door = threading.Lock()

    def feed(self, batch: Batch) -> None:
        """Live events; kept until the next turn where they tell of agents."""
        kinds = batch.rows["kind"]
        if batch.names or np.any((kinds >= FIRST_AGENT_KIND) & (kinds < FIRST_CHANNEL_KIND)):
            self._news.append(batch)

    def know(self, names: Mapping[str, int], agents: NDArray[np.int64] | None = None) -> None:
        """What is known from before: the agents' names, and what a board's `Agents.export` says of them."""
        self._news.append({id_: name for name, id_ in names.items()})
        if agents is not None:
            self._news.append(agents)

    def sign_off(self, name: str, at: int, successor: str = "") -> None:
        """A supervisor ends the session; raises ValueError when they would take over from themselves."""
        if name == successor:
            raise ValueError(f"{name} cannot take over from {successor}")
        with self._door:
            self._left[name] = _Left(at, successor)

    def turn(self, at: int, rules: EscalationRules) -> list[Transition]:
        """Hand over what those who left have had; what the database cannot take now is done at a later turn."""
        self._listen()
        with self._door:
            left = dict(self._left)
        if not left:
            return []
        made: list[Transition] = []
        owners = self._reader.owners()
        for name, (since, successor) in left.items():
            if name in owners:
                made += hand_over(self._writer, self._reader, name, successor, at, rules, had_by=since)
            with self._door:
                if self._left.get(name) == (since, successor):
                    del self._left[name]
        if made:
            logger.info("%d escalations were handed over", len(made))
        return made

    def _listen(self) -> None:
        while self._news:
            news = self._news.popleft()
            changed: set[int] = set()
            if isinstance(news, dict):
                self._names.update(news)
            elif isinstance(news, Batch):
                self._names.update((text.id, text.text) for text in news.names if text.dimension == "agent")
                changed = self._agents.apply(news.rows)
            else:
                self._agents.merge(news)
                changed = set(news[:, 0].tolist())
            with self._door:
                for id_ in changed:
                    self._note(self._names.get(id_, ""), self._agents[id_].state, self._agents[id_].since)

    def _note(self, name: str, state: AgentState, since: int) -> None:
        if name and state is AgentState.OFFLINE:
            self._left[name] = _Left(since)
        elif name:
            self._left.pop(name, None)
