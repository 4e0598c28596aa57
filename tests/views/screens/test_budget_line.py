"""The line of a marketplace's reply rate below the channels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from console.models.domain.contacts import Channel
from console.models.live.board import Board
from console.models.queries.reply_budgets import budgets
from console.views.screens.board.budget_line import state_of
from console.views.screens.board.screen import BoardScreen
from console.views.theme import State
from console.views.widgets.evidence import EvidencePopover
from tests.views.screens.centre import MORNING, Stage, _day, shipped_policy


def with_goal(target: float = 0.9) -> tuple[Board, object]:
    shipped = shipped_policy()
    rules = replace(shipped.reply_rates[Channel.MARKETPLACE], enabled=True, target=target)
    batch, log = _day(MORNING, 7)
    board = Board(replace(shipped, reply_rates={Channel.MARKETPLACE: rules}))
    board.load([batch])
    return board, log


def test_without_a_goal_there_is_no_line(shown: Callable[..., BoardScreen]) -> None:
    assert shown().channels.budget.isHidden()


@pytest.mark.parametrize("target", [0.5, 0.9])
def test_the_line_says_the_rate_and_the_misses_left(stage: Callable[..., Stage], target: float) -> None:
    board, log = with_goal(target)
    screen = stage(board, log).screen()
    screen.channels.refresh()
    line = screen.channels.budget
    (found,) = budgets(board, MORNING)
    assert not line.isHidden()
    assert found.budget.rate is not None
    assert f"Marketplace {float(100 * found.budget.rate):.1f} % (≥ {100 * target:.0f}%)" in line.words
    if found.budget.misses_left >= 0:
        assert f"{found.budget.misses_left} more misses until 23:00" in line.words
    else:
        assert "cannot be reached today" in line.words
    below = found.budget.rate < found.budget.target or found.budget.misses_left < 0
    assert (state_of(found) is State.DANGER) == below


def test_the_line_opens_its_evidence(stage: Callable[..., Stage]) -> None:
    board, log = with_goal()
    screen = stage(board, log).screen()
    screen.channels.refresh()
    screen.channels.budget.evidence_requested.emit(Channel.MARKETPLACE)
    card = screen.window().findChild(EvidencePopover)
    assert card is not None
    assert "busy as its time so far" in card.accessibleDescription()
    card.rows_requested.emit()
    assert screen.table.filter().values == {"channel": frozenset({int(Channel.MARKETPLACE)})}
