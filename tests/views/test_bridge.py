"""Live data comes in by frames: everything staged reaches the board, once, and the present lives on behind the past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from pytestqt.qtbot import QtBot

from console.clock import SECOND, FixedClock
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board, Delta
from console.models.policy import policy as policies
from console.views import bridge
from console.views.bridge import LiveBoard
from tests.models.live.logs import START, MemoryLog, logs

POLICY = policies.default()


@pytest.fixture
def live(qtbot: QtBot) -> Iterator[LiveBoard]:
    live = LiveBoard(FixedClock(START), POLICY, ZoneInfo("UTC"))
    yield live
    live.stop()


def ordered(rows: Rows) -> Rows:
    rows = rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))]
    rows["seq"] = np.arange(1, rows.size + 1)
    return rows


def assert_same(board: Board, rows: Rows) -> None:
    """The board says what the whole log says."""
    expected = Board(POLICY)
    expected.load([Batch(ordered(rows))])
    assert not board.late
    assert sorted(board.columns.of("id").tolist()) == sorted(expected.columns.of("id").tolist())
    for ticket in expected.columns.of("id").tolist():
        mine, theirs = board.slot(ticket), expected.slot(ticket)
        for name in ("status", "messages", "waiting_since", "assignee", "last_at"):
            assert getattr(board.columns, name)[mine] == getattr(expected.columns, name)[theirs]
    assert board.counters.equals(expected.counters)


class Reader:
    """Answers refolds from a log at once."""

    def __init__(self, live: LiveBoard) -> None:
        self.live = live
        self.log = MemoryLog()
        self.asked: list[Mapping[int, int]] = []

    def frame(self) -> None:
        self.live._on_frame()
        while self.asked:
            self.live.refolded(self.log.of_tickets(list(self.asked.pop())), until=int(self.log.rows["seq"].max()))
            self.live._on_frame()


@given(logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_arrives_while_loading_is_neither_lost_nor_doubled(live: LiveBoard, rows: Rows) -> None:
    rows = ordered(rows)
    loaded = Board(POLICY)
    loaded.load([Batch(rows[: rows.size // 2])])
    reader = Reader(live)
    for place in range(rows.size):
        live.receive(Batch(rows[place : place + 1]))
    reader.log.store(rows)
    live.start(loaded, reader.asked.append)
    reader.frame()
    assert_same(loaded, rows)


@given(logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_late_tickets_are_asked_for_until_they_are_whole(live: LiveBoard, rows: Rows) -> None:
    board = Board(POLICY)
    reader = Reader(live)
    live.start(board, reader.asked.append)
    backwards = ordered(rows)[::-1].copy()
    backwards["seq"] = np.arange(1, rows.size + 1)
    for place in range(rows.size):
        one = backwards[place : place + 1]
        live.receive(Batch(one))
        reader.log.store(one)
        reader.frame()
    assert_same(board, rows)


@given(logs())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_another_board_takes_over_without_loss_while_events_go_on(live: LiveBoard, rows: Rows) -> None:
    """As after an edit of the policy: it is loaded from the log of an earlier moment, and takes over in a later one."""
    rows = ordered(rows)
    reader = Reader(live)
    reader.log.store(rows)
    live.start(Board(POLICY), reader.asked.append)
    third = rows.size // 3
    for place in range(third):
        live.receive(Batch(rows[place : place + 1]))
    live._on_frame()
    live.hold()
    for place in range(third, rows.size):
        live.receive(Batch(rows[place : place + 1]))
        if place % 2:
            reader.frame()
    other = Board(POLICY)
    other.load([Batch(rows[: 2 * third])])
    live.start(other, reader.asked.append)
    reader.frame()
    assert live.present is other
    assert_same(other, rows)


def one_event(seq: int, ticket: int = 1) -> Batch:
    rows = np.zeros(1, dtype=ROW)
    rows[0] = (seq, START + seq, seq, seq, 0, ticket, 0, Kind.CREATED, 1, 1)
    return Batch(rows)


def test_a_flood_is_spread_over_frames(live: LiveBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge, "ROWS_PER_FRAME", 3)
    live.start(Board(POLICY))
    for seq in range(1, 8):
        live.receive(one_event(seq, ticket=seq))
    counts = []
    while live.backlog():
        live._on_frame()
        counts.append(live.board.columns.count if live.board else 0)
    assert counts == [3, 6, 7]


def test_the_past_stands_still_while_the_present_goes_on(live: LiveBoard) -> None:
    live.start(Board(POLICY))
    frames: list[Delta] = []
    live.frame.connect(frames.append)
    past = Board(POLICY)
    live.show_past(past, START - SECOND)
    live.receive(one_event(1))
    live._on_frame()
    assert live.board is past
    assert live.now() == START - SECOND
    assert not frames
    assert live.present is not None
    assert live.present.columns.count == 1
    live.show_present()
    assert live.past_at is None
    assert live.board is live.present


def test_a_second_is_told_once(live: LiveBoard) -> None:
    clock = live.clock
    assert isinstance(clock, FixedClock)
    live.start(Board(POLICY))
    seconds: list[int] = []
    live.second.connect(seconds.append)
    for _frame in range(5):
        live._on_frame()
    clock.advance(1)
    live._on_frame()
    assert seconds == [START, START + SECOND]


def test_a_busy_frame_leaves_the_second_to_the_time_between_frames(live: LiveBoard, qtbot: QtBot) -> None:
    clock = live.clock
    assert isinstance(clock, FixedClock)
    live.start(Board(POLICY))
    live._timer.stop()
    live._on_frame()
    seconds: list[int] = []
    live.second.connect(seconds.append)
    clock.advance(1)
    rows = np.zeros(1, dtype=ROW)
    rows["seq"], rows["subject"], rows["kind"], rows["at"] = 1, 1, Kind.CREATED, START
    live.receive(Batch(rows))
    with qtbot.waitSignal(live.second):
        live._on_frame()
        assert not seconds
    assert seconds == [START + SECOND]
