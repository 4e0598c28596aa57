"""What is known of an agent is the last word on each matter, in whatever order the words arrive."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.domain.contacts import AgentState
from console.models.domain.events import BREAK_KINDS, ROW, STATE_KINDS, Kind
from console.models.domain.ports import Rows
from console.models.live.agents import Agents

kinds = st.sampled_from([kind for kind in Kind if 64 <= kind < 96])
Word = tuple[int, Kind, int, int]
words = st.lists(st.tuples(st.integers(1, 3), kinds, st.integers(0, 20), st.integers(0, 7)), min_size=1, max_size=20)


def rows_of(words: list[Word]) -> Rows:
    rows = np.zeros(len(words), dtype=ROW)
    for place, (agent, kind, at, value) in enumerate(words):
        rows[place] = (place + 1, at, 0, place, value, agent, 0, kind, 0, 1)
    return rows


def told(*words: Word) -> Agents:
    agents = Agents()
    agents.apply(rows_of(list(words)))
    return agents


@given(words, st.randoms(use_true_random=False), st.integers(0, 20))
def test_order_of_arrival_does_not_matter(words: list[Word], random: Random, cut: int) -> None:
    rows, shuffled = rows_of(words), Agents()
    order = list(range(len(words)))
    random.shuffle(order)
    shuffled.apply(rows[order[:cut]])
    shuffled.apply(rows[order[cut:]])
    straight = told(*words)
    for agent in (1, 2, 3):
        assert shuffled[agent] == straight[agent]


@given(words)
def test_the_last_word_on_a_matter_counts_and_no_word_on_another_changes_it(words: list[Word]) -> None:
    agents = told(*words)
    for who in (1, 2, 3):
        mine = [(at, place, kind, value) for place, (agent, kind, at, value) in enumerate(words) if agent == who]
        agent = agents[who]
        if said := [one for one in mine if one[2] in STATE_KINDS]:
            at, _place, kind, value = max(said)
            assert agent.since == at
            if kind is Kind.AGENT_STATE:
                assert agent.state == (AgentState(value) if value < 6 else AgentState.AWAY)
        else:
            assert (agent.since, agent.state) == (0, AgentState.OFFLINE)
        if said := [one for one in mine if one[2] is Kind.AGENT_QUEUES]:
            assert agent.queues_seq == max(said)[1] + 1
        asked = max((one for one in mine if one[2] in BREAK_KINDS), default=None)
        assert agent.wanted == (asked[3] if asked and asked[2] is Kind.BREAK_REQUESTED else 0)


@given(words, st.integers(0, 20))
def test_what_two_halves_know_is_what_the_whole_knows(words: list[Word], cut: int) -> None:
    rows, first, second = rows_of(words), Agents(), Agents()
    first.apply(rows[:cut])
    second.apply(rows[cut:])
    first.merge(second.export())
    whole = told(*words)
    for agent in (1, 2, 3):
        assert first[agent] == whole[agent]


def test_a_break_is_asked_for_until_it_is_decided_or_withdrawn() -> None:
    asked = (1, Kind.BREAK_REQUESTED, 10, 5 * MINUTE)
    assert told(asked)[1].asks
    assert told(asked)[1].asked_at == 10
    for kind in (Kind.BREAK_DECIDED, Kind.BREAK_WITHDRAWN):
        assert not told(asked, (1, kind, 11, 0))[1].asks
    assert told((1, Kind.BREAK_DECIDED, 9, 0), asked)[1].asks


def test_whoever_logs_off_asks_for_no_break_any_more_and_whoever_is_busy_does() -> None:
    asked = (1, Kind.BREAK_REQUESTED, 10, 5 * MINUTE)
    assert not told(asked, (1, Kind.AGENT_LOGOUT, 11, 0))[1].asks
    assert told((1, Kind.AGENT_LOGOUT, 9, 0), asked)[1].asks
    assert told(asked, (1, Kind.AGENT_STATE, 11, AgentState.BUSY))[1].asks
