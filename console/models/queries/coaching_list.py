"""R-AGENT-SLOW: who answers too slowly just now and is listed for coaching, the slowest first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.clock import SECOND
from console.models.live.board import Board


class SlowAgent(NamedTuple):
    """One agent. ``mean_seconds`` over ``replies`` written answers on live channels in the policy's window; a time
    counts from the customer's message, or from the assignment when that came later."""

    id: int
    name: str
    mean_seconds: float
    replies: int


def coaching_list(board: Board, now: int) -> list[SlowAgent]:
    """Agents whose mean response time is above the policy's threshold, with enough replies to tell."""
    rules = board.policy.agent_slow
    counts, sums = board.answers.agents(now)
    slow = np.flatnonzero((counts >= max(1, rules.replies_at_least)) & (sums > rules.threshold * counts))
    found = [
        SlowAgent(
            int(id_), board.names.text("agent", int(id_)), float(sums[id_] / counts[id_] / SECOND), int(counts[id_])
        )
        for id_ in slow.tolist()
    ]
    return sorted(found, key=lambda agent: (-agent.mean_seconds, agent.name))
