"""The rows of the agents panel and the channels panel."""

from __future__ import annotations

import numpy as np

from console.clock import MINUTE
from console.models.domain.contacts import AgentState, Channel
from console.models.queries.panels import TREND_HOURS, agents, agents_by_state, channels, sources_by_channel
from tests.models.live.test_reasons import T0, Story
from tests.views.screens.centre import MORNING, board_of, morning


def test_trouble_stands_on_top() -> None:
    story = Story().agent("Calm", AgentState.AVAILABLE, -9, limit=3).agent("Full", AgentState.BUSY, -9, limit=1)
    for ref, agent in (("T1", "Full"), ("T2", "Full"), ("T3", "Calm"), ("T4", "Gone")):
        story.asks(0, ref).given_to(agent, 0, ref)
    story.agent("Gone", AgentState.BREAK, 1, limit=3).agent("Home", AgentState.OFFLINE, 1)
    board, _log = board_of(story.events)
    rows = agents(board, T0 + 2 * MINUTE)
    assert [row.name for row in rows] == ["Full", "Gone", "Calm", "Home"]
    assert [row.trouble for row in rows] == [True, True, False, False]
    assert [(row.load, row.limit, row.waiting) for row in rows] == [(2, 1, 2), (1, 3, 1), (1, 3, 1), (0, 3, 0)]


def test_every_agent_of_the_morning_is_listed_once_with_what_is_theirs() -> None:
    board, _log = morning()
    rows = agents(board, MORNING)
    assert len({row.id for row in rows}) == len(rows)
    columns = board.columns
    for row in rows:
        theirs = np.flatnonzero(columns.assignee[: columns.count] == row.id)
        assert row.open == int((columns.status[theirs] < 5).sum())
        assert row.waiting == int((columns.waiting_since[theirs] > 0).sum())
    assert agents_by_state(rows).total() == sum(1 for row in rows if row.since)


def test_channels_with_breaches_stand_first_and_add_up() -> None:
    board, _log = morning()
    rows = channels(board, MORNING)
    assert [row.breached for row in rows] == sorted((row.breached for row in rows), reverse=True)
    assert sum(row.waiting for row in rows) == int((board.columns.waiting_since > 0).sum())
    assert sum(row.breached for row in rows) == board.clocks.breached(MORNING).sum()
    assert all(len(row.arrivals) == TREND_HOURS * 4 for row in rows)
    mail = next(row for row in rows if row.channel is Channel.EMAIL)
    assert (mail.in_time, mail.counted) == (0, 0)  # a service level is a matter of live channels
    chat = next(row for row in rows if row.channel is Channel.WEB_CHAT)
    assert 0 < chat.in_time <= chat.counted


def test_a_channel_knows_its_sources() -> None:
    board, _log = morning()
    assert set(sources_by_channel(board).values()) == {frozenset({"demo"})}
