"""The forecast held against the rest of the day: a demonstration day, a forecast every ten minutes."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from benchmarks.forecast.backtest import Score, backtest
from console.clock import HOUR, MINUTE, SECOND, micros
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope
from console.models.live.outlook import (
    NEVER,
    TRUSTED,
    UNKNOWN,
    Basis,
    ask,
    foresee,
    foretell,
    foretell_elsewhere,
    keep,
    outlook,
)
from console.models.live.sorts import Sort
from tests.views.screens.centre import MORNING, SHANGHAI, _day, morning, shipped_policy


def at(hour: int) -> int:
    return micros(datetime(2026, 11, 23, hour, tzinfo=SHANGHAI))


@pytest.fixture(scope="module")
def score() -> Score:
    batch, _log = _day(at(17), 7)
    return backtest(Board(shipped_policy()), batch.rows, at(9), at(15), 10 * MINUTE)


def test_what_is_foretold_comes_true_far_more_often_than_a_guess(score: Score) -> None:
    told = f"precision {score.precision:.2f}, recall {score.recall:.2f}, base rate {score.base_rate:.2f}"
    assert score.late_and_told + score.late_but_not_told > 80, told
    assert score.precision > 1.5 * score.base_rate, told
    assert score.recall > 0.4, told


def test_the_order_by_slack_is_that_of_the_forecast() -> None:
    board, _log = morning()
    tickets = board.list(Filter(Scope.WAITING), Sort("slack"), MORNING)
    tickets.rebuild()
    foresee(board, foretell(board, MORNING))
    slots = tickets.slots()
    columns = board.columns
    runs_out = columns.due_at[slots] - np.maximum(columns.expected_wait[slots], 0) * np.int64(SECOND)
    assert slots.size == (columns.waiting_since[: columns.count] > 0).sum()
    assert (np.diff(runs_out // 10_000) >= 0).all()
    assert (columns.expected_wait[slots] != 0).any()


def test_an_order_by_slack_follows_new_forecasts_and_new_events() -> None:
    board, _log = morning()
    tickets = board.list(Filter(Scope.WAITING), Sort("slack"), MORNING)
    tickets.rebuild()
    for minutes in (0, 7, 20):
        foresee(board, foretell(board, MORNING + minutes * MINUTE))
        kept = tickets.slots().tolist()
        tickets.rebuild()
        assert tickets.slots().tolist() == kept


def test_what_hardly_moved_stays_where_it_is() -> None:
    board, _log = morning()
    slots = np.array([3, 4])
    board.expect(slots, np.array([100, 100], dtype=np.int32))
    board.expect(slots, np.array([103, 120], dtype=np.int32))
    assert board.columns.expected_wait[slots].tolist() == [100, 120]
    board.expect(slots, np.array([UNKNOWN, NEVER // SECOND], dtype=np.int32))
    assert board.columns.expected_wait[slots].tolist() == [UNKNOWN, NEVER // SECOND]


def test_the_forecast_is_made_once_a_second() -> None:
    board, _log = morning()
    seen = outlook(board, MORNING)
    assert outlook(board, MORNING + SECOND // 2) is seen
    assert outlook(board, MORNING + SECOND) is not seen


def test_when_everybody_has_gone_home_nobody_answers() -> None:
    board, _log = morning()
    later = MORNING + 3 * HOUR
    seen = foretell(board, later)
    assert seen.answers == 0
    assert set(seen.basis.tolist()) <= {Basis.NOBODY, Basis.TOO_FEW}
    assert seen.late.sum() == (seen.asked & (seen.basis == Basis.NOBODY)).sum()


@pytest.mark.parametrize("longest", [1, 5, 17])
def test_of_a_very_long_line_the_part_that_is_due_first_is_foretold_as_in_the_whole(
    longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = morning()[0]
    whole = foretell(board, MORNING)
    monkeypatch.setattr("console.models.live.waiting_line.LONGEST", longest)
    part = foretell(board, MORNING)
    told = dict(
        zip(whole.line.slots.tolist(), zip(whole.wait.tolist(), whole.basis.tolist(), strict=True), strict=True)
    )
    assert 0 < part.line.slots.size <= longest
    assert (part.line.due > MORNING).all()
    assert part.line.due.max() <= np.sort(whole.line.due[whole.line.due > MORNING])[part.line.slots.size - 1]
    found = zip(part.wait.tolist(), part.basis.tolist(), strict=True)
    assert list(found) == [told[slot] for slot in part.line.slots.tolist()]


def test_a_very_long_line_that_another_thread_foretells_is_told_as_it_was_last_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    board = morning()[0]
    foretell_elsewhere(board)
    assert outlook(board, MORNING) is not None, "a short line is told at once, whoever follows the board"
    monkeypatch.setattr("console.models.live.waiting_line.LONGEST", 5)
    later = MORNING + TRUSTED + SECOND
    assert outlook(board, later) is None
    seen = keep(board, ask(board, later).answer())
    assert outlook(board, later + 7 * SECOND) is seen
    assert outlook(board, later + TRUSTED + SECOND) is None, "it is too old to be told"
    assert outlook(board, later - HOUR) is None, "the machine's time was set back"


def test_of_what_another_thread_foretold_only_those_are_kept_who_still_wait() -> None:
    board = morning()[0]
    seen = ask(board, MORNING).answer()
    gone, asked_again, moved = seen.line.slots[:3].tolist()
    board.columns.waiting_since[gone] = board.columns.due_at[gone] = 0
    board.columns.waiting_since[asked_again] += SECOND
    board.columns.due_at[moved] += MINUTE
    kept = keep(board, seen)
    assert kept.line.slots.tolist() == seen.line.slots.tolist()[3:]
    assert (kept.wait.tolist(), kept.basis.tolist()) == (seen.wait.tolist()[3:], seen.basis.tolist()[3:])


def test_a_question_does_not_follow_answers_that_come_after_it() -> None:
    board = morning()[0]
    question = ask(board, MORNING)
    before = question.answer()
    board.answers.queues(MORNING + 3 * HOUR)
    after = question.answer()
    assert after.wait.tolist() == before.wait.tolist()
