"""An agent's state is the last word on it, in whatever order the words arrive."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.contacts import AgentState
from console.models.domain.events import ROW, Kind
from console.models.live.agents import Agents

kinds = st.sampled_from([kind for kind in Kind if 64 <= kind < 96])
words = st.lists(st.tuples(st.integers(1, 3), kinds, st.integers(0, 20), st.integers(0, 7)), min_size=1, max_size=20)


@given(words, st.randoms(use_true_random=False), st.integers(0, 20))
def test_order_of_arrival_does_not_matter(words: list[tuple[int, Kind, int, int]], random: object, cut: int) -> None:
    rows = np.zeros(len(words), dtype=ROW)
    for place, (agent, kind, at, value) in enumerate(words):
        rows[place] = (place + 1, at, 0, place, value, agent, 0, kind, 0, 1)
    straight, shuffled = Agents(), Agents()
    straight.apply(rows)
    order = list(range(len(words)))
    random.shuffle(order)  # type: ignore[attr-defined]  # hypothesis types its Random as an object
    shuffled.apply(rows[order[:cut]])
    shuffled.apply(rows[order[cut:]])
    for agent in (1, 2, 3):
        assert shuffled[agent] == straight[agent]
        of_agent = [(at, place, kind, value) for place, (who, kind, at, value) in enumerate(words) if who == agent]
        if of_agent:
            at, _place, kind, value = max(of_agent)
            assert straight[agent].since == at
            if kind is Kind.AGENT_STATE:
                assert straight[agent].state == (AgentState(value) if value < 6 else AgentState.AWAY)
