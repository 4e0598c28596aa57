"""A worker process makes boards of the past; the newest wish counts, and nothing is left behind."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from console.clock import DAY, HOUR, FixedClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import ROW, Event, Kind, Origin
from console.models.domain.ports import Progress, Rows
from console.models.live import catch_up
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope
from console.models.live.history import handover, sealing
from console.models.live.history.travel import History
from console.models.live.sorts import Sort
from console.models.policy import policy as policies
from console.models.policy.history import InForce, PolicyHistory
from console.models.store import database
from console.models.store.log import open_log, open_reader
from tests.models.live.logs import START
from tests.models.live.stored import StoredLog
from tests.models.live.test_fold import assert_follows, assert_is_the_fold_of

POLICY = policies.default()
PATIENCE = 30.0


class Answers:
    """What a history has called back."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.boards: list[Board] = []
        self.reasons: list[str] = []

    def ready(self, board: Board) -> None:
        with self.changed:
            self.boards.append(board)
            self.changed.notify_all()

    def failed(self, reason: str) -> None:
        with self.changed:
            self.reasons.append(reason)
            self.changed.notify_all()

    def wait(self, count: int = 1) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.boards) + len(self.reasons) >= count, PATIENCE)


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> database.Place:
    """A database with a ticket a day for ten days, each answered the next day."""
    place = database.place(tmp_path)
    events = []
    for day in range(10):
        ref, at = f"R-{day}", START + day * DAY
        detail = {"subject": f"Parcel {day}", "customer": f"顾客 {day}"}
        born = pack(channel=Channel.WEB_CHAT)
        events.append(Event(Kind.CREATED, ref, at, f"{ref}-born", value=born, detail=detail))
        reply = Event(Kind.PUBLIC_REPLY, ref, at + DAY, f"{ref}-reply", actor="Li Na", role=Role.AGENT)
        events.append(reply)
    with open_log(place, clock) as log:
        log.intake.submit("shop", events, origin=Origin.DEMO).wait(PATIENCE)
    return place


@pytest.fixture
def present(place: database.Place) -> Board:
    reader = open_reader(place)
    board = catch_up.load_board(reader, None, POLICY, START + 20 * DAY, Progress())
    reader.close()
    return board


@pytest.fixture
def history(place: database.Place) -> Iterator[History]:
    reader = open_reader(place)
    history = History(partial(open_reader, place), place.directory / "history", PolicyHistory(reader, place.directory))
    yield history
    history.close()
    reader.close()


def rows_of(place: database.Place, at: int) -> Rows:
    reader = open_reader(place)
    rows = reader.rows(0, reader.last_seq())
    reader.close()
    return rows[rows["at"] <= at]


def test_the_worker_answers_with_the_fold_sealed_or_not(
    history: History, place: database.Place, present: Board
) -> None:
    answers = Answers()
    at = START + 4 * DAY + 7
    history.start()
    history.request(at, present, answers.ready, answers.failed)
    answers.wait(1)
    reader = open_reader(place)
    sealing.look_after(reader, place.directory / "history", POLICY, START + 20 * DAY, Progress())
    reader.close()
    history.request(at, present, answers.ready, answers.failed)
    answers.wait(2)
    assert not answers.reasons
    for board in answers.boards:
        assert_is_the_fold_of(board, rows_of(place, at))
        slot = board.slot(present.columns.id[4].item())
        assert slot is not None
        assert board.texts.get(slot) == ("R-4", "Parcel 4", "顾客 4")
        assert board.names.text("agent", int(board.columns.first_agent[0])) == "Li Na"


def test_a_board_of_the_past_can_be_listed_and_searched(history: History, present: Board) -> None:
    answers = Answers()
    history.request(START + 5 * DAY - 1, present, answers.ready, answers.failed)
    answers.wait()
    board = answers.boards[0]
    tickets = board.list(Filter(scope=Scope.WAITING), Sort("created_at"))
    tickets.rebuild()
    assert [board.texts.get(int(slot))[0] for slot in tickets.slots()] == ["R-4"]
    tickets = board.list(Filter(scope=Scope.ALL, text="parcel 3"))
    tickets.rebuild()
    assert [board.texts.get(int(slot))[0] for slot in tickets.slots()] == ["R-3"]
    assert not board.texts.find("R-9", board.columns.count).any(), "that ticket did not exist yet"


def test_only_the_newest_wish_is_answered(history: History, present: Board) -> None:
    answers = Answers()
    for day in range(1, 9):
        history.request(START + day * DAY - 1, present, answers.ready, answers.failed)
    with answers.changed:
        assert answers.changed.wait_for(lambda: any(b.columns.count == 8 for b in answers.boards), PATIENCE)
    history.close()
    assert answers.boards[-1].columns.count == 8
    assert len(answers.boards) < 8
    assert not answers.reasons


def test_a_cancelled_wish_is_not_answered(history: History, present: Board) -> None:
    answers, later = Answers(), Answers()
    history.request(START + DAY, present, answers.ready, answers.failed)
    history.cancel()
    history.request(START + 2 * DAY, present, later.ready, later.failed)
    later.wait()
    assert not answers.boards


def test_a_killed_worker_is_told_and_replaced(history: History, present: Board) -> None:
    answers = Answers()
    history.request(START + DAY, present, answers.ready, answers.failed)
    answers.wait(1)
    process = history._process
    assert process is not None
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    history.request(START + 2 * DAY, present, answers.ready, answers.failed)
    os.kill(process.pid, signal.SIGKILL)
    answers.wait(2)
    assert answers.reasons == ["The worker process ended. Try again."]
    history.request(START + 3 * DAY, present, answers.ready, answers.failed)
    answers.wait(3)
    assert [board.columns.count for board in answers.boards] == [2, 4]


def test_what_goes_wrong_in_the_worker_is_told(tmp_path: Path, present: Board) -> None:
    history = History(
        partial(open_reader, database.place(tmp_path / "nowhere")), tmp_path, PolicyHistory(StoredLog(), tmp_path)
    )
    answers = Answers()
    history.request(START, present, answers.ready, answers.failed)
    answers.wait()
    history.close()
    assert "There is no database" in answers.reasons[0]


def test_nothing_is_left_in_the_exchange_folder(history: History, present: Board) -> None:
    answers = Answers()
    for day in (1, 2):
        history.request(START + day * DAY, present, answers.ready, answers.failed)
        answers.wait(day)
    exchange = history._exchange
    assert exchange is not None
    assert not list(exchange.iterdir())
    history.close()
    assert not exchange.exists()


def test_a_board_that_was_handed_over_is_its_own(tmp_path: Path) -> None:
    rows = np.zeros(3, dtype=ROW)
    rows["subject"], rows["kind"], rows["key"] = [1, 2, 2], Kind.CUSTOMER_MESSAGE, [1, 2, 3]
    rows["at"], rows["role"], rows["source"] = [START, START + 1, START + 2], Role.CUSTOMER, 1
    log = StoredLog(rows)
    present = catch_up.load_board(log, None, POLICY, START + DAY, Progress())
    handover.put(present, tmp_path / "one")
    board = handover.take(tmp_path / "one", START + DAY, InForce(POLICY), present)
    assert_is_the_fold_of(board, log.kept)
    assert_follows(board)
    board.columns.messages[0] = 9
    assert present.columns.messages[0] == 1


def test_the_board_stands_under_the_policy_of_its_time(
    history: History, place: database.Place, present: Board, clock: FixedClock
) -> None:
    key = "first_response.channel.web_chat"
    with open_log(place, clock) as log:
        for day, values in ((0, {key: "1 h"}), (4, {key: "2 h"}), (5, {})):
            told = Event(Kind.POLICY_CHANGED, "policy", START + day * DAY, f"p {day}", detail={"values": values})
            assert log.intake.submit("console", [told], origin=Origin.OUTBOX).wait(PATIENCE)
    answers = Answers()
    for days, since, hours in ((4, 4, 2), (3, 0, 1)):
        history.request(START + days * DAY + 7, present, answers.ready, answers.failed)
        answers.wait(5 - days)
        board = answers.boards[-1]
        assert board.policy_since == START + since * DAY
        slot = board.slot(present.columns.id[days].item())
        assert slot is not None
        assert board.columns.due_at[slot] == START + days * DAY + hours * HOUR
    assert not answers.reasons
