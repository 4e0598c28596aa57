"""R-AGENT-SLOW on the board: who is listed for coaching, and marked in the agents panel."""

from __future__ import annotations

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.contacts import AgentState
from console.models.live.board import Board
from console.models.queries.coaching_list import coaching_list
from console.models.queries.panels import agents
from tests.models.live.test_answers import plain_answers
from tests.views.screens.centre import MORNING, _day, morning

EVENING = MORNING + 9 * HOUR


def test_the_list_equals_a_plain_mean_over_the_log() -> None:
    board, _log = morning(EVENING)
    batch, _interner = _day(EVENING, 7)
    rules = board.policy.agent_slow
    times: dict[int, list[int]] = {}
    for at, _waited, agent, _queue, own in plain_answers(batch.rows):
        # The second in which the window begins belongs to it no more.
        if agent and at // SECOND > (EVENING - rules.window) // SECOND:
            times.setdefault(agent, []).append(own)
    slow = {
        agent: sum(took) / len(took) / SECOND
        for agent, took in times.items()
        if len(took) >= rules.replies_at_least and sum(took) > rules.threshold * len(took)
    }
    found = coaching_list(board, EVENING)
    assert {agent.id: round(agent.mean_seconds, 3) for agent in found} == {k: round(v, 3) for k, v in slow.items()}
    assert found
    assert [agent.mean_seconds for agent in found] == sorted((agent.mean_seconds for agent in found), reverse=True)


def test_a_slow_agent_stands_on_top_of_the_panel_and_says_how_slow() -> None:
    board, _log = morning(EVENING)
    rows = {row.id: row for row in agents(board, EVENING)}
    for agent in coaching_list(board, EVENING):
        assert rows[agent.id].trouble or rows[agent.id].state is AgentState.OFFLINE
        assert rows[agent.id].slow == agent.mean_seconds > 5 * MINUTE / SECOND


def test_nobody_is_slow_on_an_empty_board() -> None:
    board, _log = morning()
    assert coaching_list(Board(board.policy), MORNING) == []
