"""A board of the past is the fold of all events up to that instant, however much of the past is sealed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import DAY, HOUR
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Cancelled, Progress, Rows
from console.models.live import container
from console.models.live.agents import Agents
from console.models.live.board import Board
from console.models.live.counters import Counters
from console.models.live.history import days, manifest, past, sealing
from console.models.live.history.past import Past
from console.models.live.minutes import KEPT_DAYS
from console.models.policy import policy as policies
from tests.models.live.logs import START, logs
from tests.models.live.stored import StoredLog
from tests.models.live.test_fold import assert_is_the_fold_of

POLICY = policies.default()
FIRST_DAY = days.day_of(START)
SLOT = 6 * HOUR
"""The random logs have an event every so often, over ten days."""


def spread(rows: Rows) -> Rows:
    """The same events over days instead of minutes, every fifth of them an agent's."""
    rows = rows.copy()
    rows["at"] = FIRST_DAY * DAY + (rows["at"] - START) // 60_000_000 * SLOT
    agents = np.arange(rows.size) % 5 == 4
    kinds = np.array([Kind.AGENT_LOGIN, Kind.AGENT_STATE, Kind.AGENT_QUEUES, Kind.BREAK_REQUESTED])
    rows["kind"][agents] = kinds[rows["value"][agents] % kinds.size]
    rows["value"][agents] %= len(AgentState)
    return rows


def assert_is_the_past(board: Board, log: StoredLog, at: int) -> None:
    known = log.kept[log.kept["at"] <= at]
    assert_is_the_fold_of(board, known)
    columns = board.columns
    assert board.counters.equals(Counters.recount(columns))
    lived = Board(POLICY, since=at - KEPT_DAYS * DAY)
    lived.load([Batch(known[np.argsort(known["at"], kind="stable")])])
    lived.replace(known, until=lived.seq)
    assert board.minutes.equals(lived.minutes)
    assert board.clocks.oldest() == lived.clocks.oldest()
    agents = Agents()
    agents.apply(known)
    assert sorted(board.agents.ids()) == sorted(agents.ids())
    assert all(board.agents[agent] == agents[agent] for agent in agents.ids())


def seal(log: StoredLog, folder: Path, now: int) -> sealing.Outcome:
    return sealing.look_after(log, folder, POLICY, now, Progress())


@contextmanager
def crash_after(writes: int) -> Iterator[None]:
    """End a run of sealing with an error at its n-th write, as a full disk or a killed process would."""
    left = [writes]

    def fsync(_descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        yield


@given(logs(tickets=4, most=80), st.data())
@settings(max_examples=120)
def test_any_instant_equals_the_fold(rows: Rows, data: st.DataObject) -> None:
    rows = spread(rows)
    cuts = sorted(data.draw(st.lists(st.integers(0, rows.size), max_size=4)))
    log = StoredLog()
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setattr(sealing, "BUSY_EVENTS", data.draw(st.sampled_from([3, 1000])))
        patch.setattr(sealing, "MANY_TICKETS", data.draw(st.sampled_from([1, 1000])))
        for module in (past, sealing):
            patch.setattr(module, "DAYS_PER_READ", data.draw(st.sampled_from([1, 3, 8])))
        lasting = Past(log, folder, POLICY)
        for part in np.split(rows, cuts):
            log.store(part)
            now = FIRST_DAY * DAY + data.draw(st.integers(0, 45)) * SLOT
            what = data.draw(st.sampled_from(["seal", "crash", "nothing", "look"]))
            if what == "seal":
                seal(log, folder, now)
            elif what == "crash":
                with crash_after(data.draw(st.integers(0, 12))), suppress(OSError):
                    seal(log, folder, now)
            elif what == "look":
                lasting.board_at(now, Progress())
            harm(data, folder)
        for _ in range(3):
            at = FIRST_DAY * DAY + data.draw(st.integers(-1, 45)) * SLOT + data.draw(st.integers(-1, 1))
            assert_is_the_past(lasting.board_at(at, Progress()), log, at)
            assert_is_the_past(Past(log, folder, POLICY).board_at(at, Progress()), log, at)


def harm(data: st.DataObject, folder: Path) -> None:
    """Perhaps remove or damage a file."""
    files = sorted(folder.iterdir())
    if not files or data.draw(st.integers(0, 2)):
        return
    path = data.draw(st.sampled_from(files))
    if data.draw(st.booleans()):
        path.unlink()
    else:
        content = path.read_bytes()
        path.unlink()  # a new file: the old one may be mapped
        path.write_bytes(content[: data.draw(st.integers(0, len(content)))])


def messages(*hours: float, first_key: int = 1, ticket: int = 1) -> Rows:
    rows = np.zeros(len(hours), dtype=ROW)
    rows["at"] = [FIRST_DAY * DAY + round(hour * HOUR) for hour in hours]
    rows["key"] = np.arange(first_key, first_key + len(hours))
    rows["subject"], rows["kind"], rows["role"], rows["source"] = ticket, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1
    return rows


def at_hour(hour: float) -> int:
    return FIRST_DAY * DAY + round(hour * HOUR)


class CountingLog(StoredLog):
    """Says which stretches of time were read."""

    def __init__(self, rows: Rows) -> None:
        super().__init__(rows)
        self.read_hours = 0.0
        self.tickets: list[int] = []

    def between(self, start: int, end: int) -> Rows:
        self.read_hours += (end - start) / HOUR
        return super().between(start, end)

    def of_tickets(self, tickets: list[int], until: int | None = None) -> Rows:  # type: ignore[override] # lists here
        self.tickets += tickets
        return super().of_tickets(tickets, until)


def test_sealed_days_spare_the_log(tmp_path: Path) -> None:
    log = CountingLog(messages(1, 30, 50, 73, 80))
    assert seal(log, tmp_path, at_hour(98)).sealed == 4
    log.read_hours = 0
    board = Past(log, tmp_path, POLICY).board_at(at_hour(75), Progress())
    assert board.columns.messages[0] == 4
    assert log.read_hours == pytest.approx(3)
    assert not log.tickets


def test_a_day_is_sealed_when_it_has_been_over_for_an_hour(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 25))
    assert seal(log, tmp_path, at_hour(24.9)).sealed == 0
    assert seal(log, tmp_path, at_hour(25)).sealed == 1
    assert seal(log, tmp_path, at_hour(47)).sealed == 0


def test_a_late_event_folds_only_its_ticket_again_and_is_then_mended(tmp_path: Path) -> None:
    log = CountingLog(np.concatenate([messages(1, 30, 50), messages(2, 31, 51, first_key=10, ticket=2)]))
    seal(log, tmp_path, at_hour(98))
    log.store(messages(3, first_key=20))
    board = Past(log, tmp_path, POLICY).board_at(at_hour(74), Progress())
    assert log.tickets == [1]
    assert_is_the_past(board, log, at_hour(74))
    outcome = seal(log, tmp_path, at_hour(98))
    assert outcome == sealing.Outcome(sealed=0, mended=3)
    log.tickets.clear()
    board = Past(log, tmp_path, POLICY).board_at(at_hour(74), Progress())
    assert not log.tickets
    assert_is_the_past(board, log, at_hour(74))


def test_a_late_word_on_an_agent_counts_before_and_after_mending(tmp_path: Path) -> None:
    words = messages(1, 30, 50)
    words["kind"], words["value"] = Kind.AGENT_STATE, AgentState.AVAILABLE
    log = StoredLog(words)
    seal(log, tmp_path, at_hour(98))
    late = messages(40, first_key=20)
    late["kind"], late["value"] = Kind.AGENT_STATE, AgentState.BREAK
    log.store(late)
    for _ in range(2):
        board = Past(log, tmp_path, POLICY).board_at(at_hour(49), Progress())
        assert board.agents[1].state is AgentState.BREAK
        assert board.agents[1].since == at_hour(40)
        assert Past(log, tmp_path, POLICY).board_at(at_hour(60), Progress()).agents[1].since == at_hour(50)
        seal(log, tmp_path, at_hour(98))
    assert not len(manifest.load(tmp_path, log).late)


def test_the_past_is_not_sealed_while_it_is_being_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BUSY_EVENTS", 2)
    log = StoredLog(messages(1, 2, 3))
    assert seal(log, tmp_path, at_hour(98)).postponed
    assert not manifest.load(tmp_path, log).files
    assert seal(log, tmp_path, at_hour(98)).sealed == 1


def test_days_for_which_very_much_came_late_are_sealed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MANY_TICKETS", 1)
    log = StoredLog(messages(1, 30, 50))
    seal(log, tmp_path, at_hour(98))
    log.store(np.concatenate([messages(31, first_key=10), messages(32, first_key=11, ticket=2)]))
    assert seal(log, tmp_path, at_hour(98)).sealed == 2
    for hour in (20, 31, 60, 90):
        assert_is_the_past(Past(log, tmp_path, POLICY).board_at(at_hour(hour), Progress()), log, at_hour(hour))


def test_the_days_of_another_log_are_not_used(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 30, 50))
    seal(log, tmp_path, at_hour(98))
    other = StoredLog(messages(4, 33, 53, ticket=3))
    assert_is_the_past(Past(other, tmp_path, POLICY).board_at(at_hour(60), Progress()), other, at_hour(60))


def test_a_day_in_another_days_file_is_not_believed(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 30, 50))
    seal(log, tmp_path, at_hour(98))
    files = manifest.load(tmp_path, log).files
    (tmp_path / files[FIRST_DAY + 1]).write_bytes((tmp_path / files[FIRST_DAY]).read_bytes())
    assert_is_the_past(Past(log, tmp_path, POLICY).board_at(at_hour(60), Progress()), log, at_hour(60))
    assert seal(log, tmp_path, at_hour(98)).sealed == 1


def test_litter_of_a_run_that_was_cut_short_is_removed(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 30, 50))
    (tmp_path / f"{FIRST_DAY}-dead{days.SUFFIX}").write_bytes(b"half")
    (tmp_path / f"{FIRST_DAY}-beef{days.SUFFIX}{container.PART}").write_bytes(b"quarter")
    seal(log, tmp_path, at_hour(98))
    named = set(manifest.load(tmp_path, log).files.values())
    assert {path.name for path in tmp_path.iterdir()} == {*named, manifest.FILE}


def test_looking_back_can_be_cancelled(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 30, 50))
    for _ in range(2):
        with pytest.raises(Cancelled):
            Past(log, tmp_path, POLICY).board_at(at_hour(60), Progress(cancelled=lambda: True))
        seal(log, tmp_path, at_hour(98))


def test_before_the_first_event_there_is_nothing(tmp_path: Path) -> None:
    log = StoredLog(messages(1, 30))
    seal(log, tmp_path, at_hour(98))
    assert Past(log, tmp_path, POLICY).board_at(at_hour(0.5), Progress()).columns.count == 0
    assert Past(StoredLog(), tmp_path / "none", POLICY).board_at(at_hour(9), Progress()).columns.count == 0
