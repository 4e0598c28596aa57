"""A board that was saved and brought up to date is the fold of the whole log, and no file can make it anything else."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import HOUR
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Progress, Rows
from console.models.live import container, snapshot
from console.models.live.board import Board
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from tests.models.live.logs import START, logs
from tests.models.live.stored import StoredLog
from tests.models.live.test_fold import assert_follows, assert_is_the_fold_of

POLICY = policies.default()
NOW = START + 86_400_000_000


def load(log: StoredLog, folder: Path) -> Board:
    return load_board(log, folder, POLICY, NOW, Progress())


def test_a_snapshot_keeps_the_answers_of_late() -> None:
    log = example()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lived = load_board(log, None, POLICY, START + HOUR, Progress())
        snapshot.save(lived, folder, log, START + HOUR)
        kept = load_board(log, folder, POLICY, START + HOUR, Progress())
    assert lived.answers.queues(START + HOUR)[0].counts.sum() > 0
    for one, other in zip(lived.answers.export().items(), kept.answers.export().items(), strict=True):
        assert one[0] == other[0]
        assert one[1].tolist() == other[1].tolist()


def test_what_was_answered_long_ago_is_not_counted_while_loading() -> None:
    late = load_board(example(), None, POLICY, START + 90 * HOUR, Progress())
    assert late.answers.export()["queues"].size == 0


def example() -> StoredLog:
    rows = np.zeros(40, dtype=ROW)
    for place in range(rows.size):
        kind = (Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.ASSIGNED, Kind.PUBLIC_REPLY)[place // 10]
        at = START + place * 60_000_000
        rows[place] = (0, at, place, place, place % 5 + 1, place % 10 + 1, 1, kind, Role.AGENT, 1)
    log = StoredLog(rows)
    for ticket in range(1, 11):
        log.told(ticket, f"T-{ticket}", "退款 refund", f"Customer {ticket}")
    log.interned = {"agent": {"Li Na": 1, "Ann": 2}, "queue": {"returns": 1}}
    return log


@given(logs(tickets=4, most=60), st.integers(0, 60))
@settings(max_examples=40)
def test_a_snapshot_and_the_rest_of_the_log_are_the_whole_log(rows: Rows, cut: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = StoredLog(rows[:cut])
        snapshot.save(load(log, folder), folder, log, NOW)
        log.store(rows[cut:])
        board = load(log, folder)
    assert not board.late
    assert board.seq == log.last_seq()
    assert_is_the_fold_of(board, rows)
    assert_follows(board)


def test_words_names_and_agents_survive(tmp_path: Path) -> None:
    log = example()
    agent = np.zeros(2, dtype=ROW)
    agent[0] = (0, START, 1, 100, 5, 2, 0, Kind.AGENT_LOGIN, Role.AGENT, 1)
    agent[1] = (0, START + 5, 1, 101, AgentState.BREAK, 2, 0, Kind.AGENT_STATE, Role.AGENT, 1)
    log.store(agent)
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    log.words.clear()
    log.interned = {}
    board = load(log, tmp_path)
    assert board.texts.get(3) == ("T-4", "退款 refund", "Customer 4")
    assert board.texts.find("customer 7", 10).nonzero()[0].tolist() == [6]
    assert board.names.text("agent", 1) == "Li Na"
    assert board.agents[2].state is AgentState.BREAK
    assert (board.agents[2].limit, board.agents[2].logged_in_at) == (5, START)


def test_new_words_after_a_snapshot_are_found_beside_the_old_ones(tmp_path: Path) -> None:
    log = example()
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    born = np.zeros(1, dtype=ROW)
    born[0] = (0, NOW, 0, 500, 0, 11, 0, Kind.CREATED, Role.CUSTOMER, 1)
    log.store(born)
    log.told(11, "T-11", "exchange", "New")
    board = load(log, tmp_path)
    assert board.texts.get(10) == ("T-11", "exchange", "New")
    assert board.texts.get(9)[0] == "T-10"
    assert board.texts.find("T-1", 11).nonzero()[0].tolist() == [0, 9, 10]


def test_words_that_come_after_the_snapshot_of_their_ticket_are_learnt(tmp_path: Path) -> None:
    rows = np.zeros(2, dtype=ROW)
    rows[0] = (0, START + 9, 1, 1, 0, 1, 0, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1)
    rows[1] = (0, START, 0, 2, 0, 1, 0, Kind.CREATED, Role.CUSTOMER, 1)
    log = StoredLog(rows[:1])
    log.told(1, "T-1")
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    log.store(rows[1:])
    log.told(1, "T-1", "late words")
    assert load(log, tmp_path).texts.get(0) == ("T-1", "late words", "")


@given(st.data())
@settings(max_examples=80)
def test_a_damaged_snapshot_is_never_believed(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = example()
        path = snapshot.save(load(log, folder), folder, log, NOW)
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[place] ^= data.draw(st.integers(1, 255))
        else:
            del content[place:]
        path.write_bytes(content)
        board = load(log, folder)
    assert_is_the_fold_of(board, log.kept)
    assert board.texts.get(0)[0] == "T-1"
    assert board.names.text("queue", 1) == "returns"


def test_after_a_damaged_snapshot_the_one_before_it_is_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = example()
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    more = log.kept[-1:].copy()
    more["key"], more["at"] = 900, NOW
    log.store(more)
    newest = snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    newest.write_bytes(newest.read_bytes()[:-100])
    log.words.clear()
    with caplog.at_level(logging.WARNING):
        board = load(log, tmp_path)
    assert "cut off" in caplog.text
    assert board.texts.get(0)[0] == "T-1", "the words can only come from the older snapshot"
    assert_is_the_fold_of(board, log.kept)


def test_a_snapshot_of_another_form_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    log = example()
    path = snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    container.write(path, "board 0", {"seq": 40}, {})
    board = load(log, tmp_path)
    assert "board 0" in caplog.text
    assert_is_the_fold_of(board, log.kept)


@pytest.mark.parametrize("events", [39, 0])
def test_a_snapshot_beyond_the_end_of_the_log_is_passed_over(tmp_path: Path, events: int) -> None:
    log = example()
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    restored = StoredLog(log.kept[:events])
    assert_is_the_fold_of(load(restored, tmp_path), restored.kept)


def test_a_snapshot_of_another_log_is_passed_over(tmp_path: Path) -> None:
    log = example()
    snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    rows = log.kept.copy()
    rows["at"] += 1
    other = StoredLog(rows)
    assert_is_the_fold_of(load(other, tmp_path), other.kept)


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    log = example()
    for events in (10, 20, 30, 40):
        part = StoredLog(log.kept[:events])
        snapshot.save(load(part, tmp_path), tmp_path, part, NOW)
    assert sorted(int(path.stem) for path in tmp_path.iterdir()) == [30, 40]
    assert snapshot.newest_seq(tmp_path) == 40


def test_a_failed_write_leaves_the_old_snapshot_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = example()
    half = StoredLog(log.kept[:20])
    old = snapshot.save(load(half, tmp_path), tmp_path, half, NOW)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        snapshot.save(load(log, tmp_path), tmp_path, log, NOW)
    assert list(tmp_path.iterdir()) == [old]


def test_a_board_with_late_tickets_is_not_saved(tmp_path: Path) -> None:
    log = example()
    board = load(log, tmp_path)
    late = log.kept[:1].copy()
    late["seq"], late["key"], late["at"] = 99, 99, START - 5
    board.apply(Batch(late))
    with pytest.raises(ValueError, match="not up to date"):
        snapshot.save(board, tmp_path, log, NOW)
