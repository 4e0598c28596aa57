"""Boards are brought up to the end of the log, in memory and on a real database, and late tickets find their place."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import ROW, Event, Kind, Origin
from console.models.domain.ports import Batch, Cancelled, Progress, Rows
from console.models.live import catch_up, snapshot
from console.models.live.board import Board
from console.models.live.refolder import Refolder
from console.models.policy import policy as policies
from console.models.store import database
from console.models.store.log import open_log
from tests.models.live.logs import START, logs
from tests.models.live.stored import StoredLog
from tests.models.live.test_fold import assert_follows, assert_is_the_fold_of

POLICY = policies.default()
NOW = START + 86_400_000_000
PATIENCE = 20.0


@given(logs(tickets=4, most=60), st.integers(0, 60), st.booleans(), st.integers(1, 30), st.booleans())
@settings(max_examples=60)
def test_catching_up_equals_the_fold(rows: Rows, cut: int, many: bool, per_read: int, whole_log: bool) -> None:
    log = StoredLog(rows[:cut])
    board = Board(POLICY)
    board.load([Batch(log.kept)])
    tickets = board.list()
    tickets.rebuild()
    log.store(rows[cut:])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catch_up, "FEW_EVENTS", -1 if many else 1000)
        patch.setattr(catch_up, "EVENTS_PER_READ", per_read)
        patch.setattr(catch_up, "FEW_TICKETS", 0 if whole_log else 1000)
        catch_up.catch_up(board, log, Progress())
    assert not board.late
    assert_is_the_fold_of(board, rows)
    assert_follows(board)


def test_progress_counts_up_to_the_end_and_can_cancel() -> None:
    rows = np.zeros(10, dtype=ROW)
    rows["subject"], rows["key"], rows["at"] = 1, np.arange(10), START + np.arange(10)
    rows["kind"] = Kind.CUSTOMER_MESSAGE
    log = StoredLog(rows)
    seen: list[tuple[int, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catch_up, "EVENTS_PER_READ", 4)
        catch_up.load_board(log, None, POLICY, NOW, Progress(lambda done, total: seen.append((done, total))))
        assert seen == [(4, 10), (8, 10), (10, 10)]
        with pytest.raises(Cancelled):
            catch_up.load_board(log, None, POLICY, NOW, Progress(cancelled=lambda: True))


def test_a_real_log_is_loaded_with_its_words_with_and_without_a_snapshot(tmp_path: Path, clock: FixedClock) -> None:
    place = database.place(tmp_path)
    folder = tmp_path / "snapshots"
    with open_log(place, clock) as log:
        log.intake.submit("shop", _contacts(1, 60), origin=Origin.DEMO).wait(PATIENCE)
        first = catch_up.load_board(log.reader, folder, POLICY, clock.now(), Progress())
        snapshot.save(first, folder, log.reader, NOW)
        log.intake.submit("shop", _contacts(40, 90), origin=Origin.DEMO).wait(PATIENCE)
        quick = catch_up.load_board(log.reader, folder, POLICY, clock.now(), Progress())
        slow = catch_up.load_board(log.reader, None, POLICY, clock.now(), Progress())
        rows = log.reader.rows(0, log.reader.last_seq())
    for board in (quick, slow):
        assert_is_the_fold_of(board, rows)
        assert board.columns.count == 89
        slot = board.slot(41)
        assert slot is not None
        assert board.texts.get(slot) == ("R-41", "Parcel 41", "顾客 41")
        assert board.names.text("agent", int(board.columns.assignee[slot])) == "Li Na"


def _contacts(first: int, last: int) -> list[Event]:
    events = []
    for number in range(first, last):
        ref, at = f"R-{number}", START + number * 60_000_000
        detail = {"subject": f"Parcel {number}", "customer": f"顾客 {number}"}
        born = pack(channel=Channel.WEB_CHAT)
        events.append(Event(Kind.CREATED, ref, at, f"{ref}-born", value=born, name="returns", detail=detail))
        events.append(Event(Kind.ASSIGNED, ref, at + 5, f"{ref}-agent", name="Li Na"))
        events.append(Event(Kind.PUBLIC_REPLY, ref, at + 9, f"{ref}-reply", actor="Li Na", role=Role.AGENT, body="Hi"))
    return events


class Store:
    """A log that commits on command, and the answers of the refolder."""

    def __init__(self, rows: Rows) -> None:
        self.log = StoredLog(rows)
        self.committed = self.log.last_seq()
        self.changed = threading.Condition()
        self.answers: list[tuple[Rows, int]] = []
        self.waiting = 0

    def commit(self, rows: Rows, seq: int) -> None:
        with self.changed:
            self.log.store(rows)
            self.committed = seq
            self.changed.notify_all()

    def wait_committed(self, seq: int, timeout: float | None) -> bool:
        with self.changed:
            self.waiting += 1
            self.changed.notify_all()
            return self.changed.wait_for(lambda: self.committed >= seq, timeout)

    def hand_over(self, rows: Rows, until: int) -> None:
        with self.changed:
            self.answers.append((rows, until))
            self.changed.notify_all()

    def until(self, count: int) -> list[tuple[Rows, int]]:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.answers) >= count, PATIENCE)
            return self.answers


def _messages(*minutes: int, first_key: int = 1) -> Rows:
    rows = np.zeros(len(minutes), dtype=ROW)
    rows["at"] = [START + minute * 60_000_000 for minute in minutes]
    rows["key"] = np.arange(first_key, first_key + len(minutes))
    rows["seq"] = rows["key"]
    rows["subject"], rows["kind"], rows["role"], rows["source"] = 1, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1
    return rows


def test_a_late_ticket_is_handed_over_only_when_the_log_holds_its_event() -> None:
    store = Store(_messages(0, 9))
    board = Board(POLICY)
    board.load([Batch(store.log.kept)])
    late = _messages(4, first_key=3)
    board.apply(Batch(late))
    refolder = Refolder(store.log, store.wait_committed, store.hand_over)
    refolder.start()
    try:
        refolder.ask(board.late)
        with store.changed:
            assert store.changed.wait_for(lambda: store.waiting > 0, PATIENCE)
            assert not store.answers
        store.commit(late, 3)
        board.replace(*store.until(1)[0])
    finally:
        refolder.stop()
    assert not board.late
    assert board.columns.messages[0] == 3


def test_a_repeated_event_that_leaves_no_trace_in_the_log_settles_too() -> None:
    store = Store(_messages(0, 9))
    board = Board(POLICY)
    board.load([Batch(store.log.kept)])
    again = _messages(9, first_key=2)
    again["seq"] = 3
    board.apply(Batch(again))
    store.committed = 3
    refolder = Refolder(store.log, store.wait_committed, store.hand_over)
    refolder.start()
    try:
        refolder.ask(board.late)
        board.replace(*store.until(1)[0])
    finally:
        refolder.stop()
    assert not board.late
    assert board.columns.messages[0] == 2


def test_a_log_that_cannot_be_read_for_a_while_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.models.live.refolder._RETRY_SECONDS", 0.01)
    store = Store(_messages(0, 9))
    failures = [OSError("locked")]
    read = store.log.of_tickets

    def of_tickets(tickets: list[int], until: int | None = None) -> Rows:
        if failures:
            raise failures.pop()
        return read(tickets, until)

    monkeypatch.setattr(store.log, "of_tickets", of_tickets)
    refolder = Refolder(store.log, store.wait_committed, store.hand_over)
    refolder.start()
    try:
        refolder.ask({1: 2})
        rows, until = store.until(1)[0]
    finally:
        refolder.stop()
    assert (rows.size, until) == (2, 2)


def test_stopping_does_not_wait_for_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_seq: int, timeout: float | None) -> bool:
        return False

    late: Mapping[int, int] = {1: 50}
    store = Store(_messages(0))
    refolder = Refolder(store.log, never, store.hand_over)
    refolder.start()
    refolder.ask(late)
    refolder.stop()
    assert not store.answers
