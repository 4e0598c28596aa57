"""A figure is what a recount of the tickets behind it says, at any moment and of any log."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import numpy as np
import pytest
from hypothesis import given

from console.clock import MINUTE, SECOND, micros
from console.models.domain.contacts import LIVE_CHANNELS, Channel
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.live.columns import Flag
from console.models.live.filters import mask
from console.models.live.fold import IS_FINAL
from console.models.queries.figures import BY_KEY, FIGURES, Figure
from console.models.queries.today import Look
from tests.models.live.logs import START, logs
from tests.views.screens.centre import SHANGHAI, morning, shipped_policy

HOURS = ((3, 10), (8, 37), (10, 42), (13, 5))


def at(hour: int, minute: int) -> int:
    return micros(datetime(2026, 11, 23, hour, minute, 7, tzinfo=SHANGHAI))


@cache
def look(hour: int, minute: int) -> Look:
    return Look(morning(at(hour, minute))[0], at(hour, minute))


def rows_behind(figure: Figure, look: Look) -> int:
    assert figure.tickets is not None
    board = look.board
    return int(mask(figure.tickets(look), board.columns, board.texts, board.policy, look.now).sum())


@pytest.mark.parametrize("moment", HOURS)
@pytest.mark.parametrize("figure", [figure for figure in FIGURES if figure.tickets], ids=lambda figure: figure.key)
def test_a_figure_has_as_many_tickets_behind_it_as_it_says(figure: Figure, moment: tuple[int, int]) -> None:
    seen = look(*moment)
    assert rows_behind(figure, seen) == figure.read(seen).rows


@given(logs(tickets=12, most=80))
def test_figures_of_the_moment_hold_for_any_log(rows: Rows) -> None:
    board = Board(shipped_policy())
    board.load([Batch(rows)])
    seen = Look(board, START + 30 * MINUTE)
    for key in ("breached", "due_soon", "oldest_wait", "waiting", "in_progress"):
        figure = BY_KEY[key]
        assert rows_behind(figure, seen) == figure.read(seen).rows, key


@pytest.mark.parametrize("moment", HOURS)
def test_service_level_equals_a_count_ticket_by_ticket(moment: tuple[int, int]) -> None:
    seen = look(*moment)
    columns, policy = seen.board.columns, seen.board.policy
    in_time = counted = 0
    for slot in range(columns.count):
        created, replied = int(columns.created_at[slot]), int(columns.first_reply_at[slot])
        if Channel(int(columns.channel[slot])) not in LIVE_CHANNELS:
            continue
        limit = policy.peak_within if policy.is_peak(created) else policy.off_peak_within
        answered = replied >= seen.midnight
        left = bool(columns.flags[slot] & Flag.ABANDONED) and columns.resolved_at[slot] >= seen.midnight
        waits = not replied and columns.waiting_since[slot] and created >= seen.midnight
        in_time += answered and replied - created <= limit
        counted += answered + left + bool(waits and seen.now - created > limit)
    reading = BY_KEY["service_level"].read(seen)
    assert (reading.numerator, reading.denominator) == (in_time, counted)
    assert reading.value == pytest.approx(in_time / counted)


def test_whoever_still_waits_within_the_limit_is_not_counted() -> None:
    seen = look(10, 42)
    later = Look(seen.board, seen.now + 30 * MINUTE)
    level = BY_KEY["service_level"]
    assert level.read(later).denominator > level.read(seen).denominator
    assert level.read(later).numerator == level.read(seen).numerator


def test_mean_times_equal_a_count_ticket_by_ticket() -> None:
    seen = look(10, 42)
    columns = seen.board.columns
    slots = np.arange(columns.count)
    live = np.isin(columns.channel[slots], [int(code) for code in LIVE_CHANNELS])
    answered = slots[live & (columns.first_reply_at[slots] >= seen.midnight)]
    seconds = (columns.first_reply_at[answered] - columns.created_at[answered]) // SECOND
    assert BY_KEY["first_response"].read(seen).value == pytest.approx(seconds.mean())
    ended = slots[(columns.resolved_at[slots] >= seen.midnight) & (columns.handle_ms[slots] >= 1000)]
    assert BY_KEY["handling"].read(seen).value == pytest.approx((columns.handle_ms[ended] // 1000).mean())


def test_the_parts_of_a_whole_add_up() -> None:
    seen = look(10, 42)
    level = BY_KEY["service_level"].read(seen)
    parts = {part.label: part.value for part in level.parts}
    shares = ("answered in time", "answered late", "left before an answer", "still waiting beyond the limit")
    assert sum(parts[label] for label in shares) == level.denominator
    agents = BY_KEY["agents"].read(seen)
    states = {part.label: part.value for part in agents.parts}
    assert sum(number for label, number in states.items() if label != "Logged off") == agents.denominator
    assert states["Available"] == agents.value


def test_in_progress_is_what_the_table_shows_first() -> None:
    seen = look(10, 42)
    columns = seen.board.columns
    slots = np.arange(columns.count)
    expected = (~IS_FINAL[columns.status[slots]] | (columns.waiting_since[slots] > 0)).sum()
    assert BY_KEY["in_progress"].read(seen).value == expected
    assert seen.in_progress + seen.done - seen.waiting_after_end == columns.count
    assert sum(seen.in_progress_by_channel) == seen.in_progress


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.key)
def test_an_empty_board_has_figures_too(figure: Figure) -> None:
    board = Board(shipped_policy())
    reading = figure.compute(board, at(10, 42))
    assert reading.value in (None, 0)
    assert reading.rows == 0
    if figure.tickets is not None:
        assert rows_behind(figure, Look(board, at(10, 42))) == 0
    assert figure.definition.endswith(".")
