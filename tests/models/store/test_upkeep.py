from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection

from console.models.domain.events import Origin
from console.models.domain.ports import Clock
from console.models.store import upkeep
from console.models.store.database import Place, dbapi
from console.models.store.log import EventLog, open_log
from tests.models.store.conftest import message

PATIENCE = 30


@pytest.fixture
def resting(home: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
    """A log whose upkeep does nothing of its own accord."""
    monkeypatch.setattr(upkeep.Upkeep, "_round", lambda *_: None)
    with open_log(home, clock) as log:
        yield log


@pytest.fixture
def beside(resting: EventLog) -> Iterator[Connection]:
    """The connection that the upkeep would use."""
    with resting._upkeep._engine.connect() as connection:
        yield connection


def write(log: EventLog, first: int, count: int) -> None:
    events = [message(f"T-{key}", key, body="x" * 200) for key in range(first, first + count)]
    assert log.intake.submit("desk", events, origin=Origin.POLL).wait(PATIENCE)


def pages_in_wal(connection: Connection) -> int:
    return int(dbapi(connection).execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1])


def test_a_big_write_ahead_log_starts_over(
    resting: EventLog, beside: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BIG_WAL_PAGES", 20)
    write(resting, 0, 400)
    resting._upkeep._checkpoint(dbapi(beside), idle=False)
    write(resting, 1_000, 1)
    assert pages_in_wal(beside) < 20


def test_a_reader_in_the_middle_keeps_its_snapshot(
    resting: EventLog, beside: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "BIG_WAL_PAGES", 1)
    write(resting, 0, 100)
    with resting.reader._engine.connect() as reading:
        assert reading.exec_driver_sql("SELECT count(*) FROM event").scalar() == 100
        write(resting, 100, 100)
        resting._upkeep._checkpoint(dbapi(beside), idle=False)
        resting._upkeep._checkpoint(dbapi(beside), idle=True)
        write(resting, 200, 100)
        assert reading.exec_driver_sql("SELECT count(*) FROM event").scalar() == 100
    assert resting.reader.count() == 300


def test_an_idle_store_gives_the_disk_back(
    resting: EventLog, beside: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "IDLE_WAL_BYTES", 1)
    write(resting, 0, 400)
    assert resting.place.wal.stat().st_size > 100_000
    resting._upkeep._checkpoint(dbapi(beside), idle=True)
    assert resting.place.wal.stat().st_size == 0


@pytest.mark.parametrize("error", [sqlite3.OperationalError("database is locked"), ValueError("a bug")])
def test_upkeep_goes_on_after_a_failure(
    home: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    caplog.set_level(logging.INFO, "console.store")
    monkeypatch.setattr(upkeep, "SECONDS_BETWEEN_CHECKPOINTS", 0.001)
    again = threading.Event()
    rounds: list[int] = []

    def fail_once(*_arguments: Any) -> None:
        rounds.append(1)
        if len(rounds) == 1:
            raise error
        again.set()

    monkeypatch.setattr(upkeep.Upkeep, "_round", fail_once)
    with open_log(home, clock):
        assert again.wait(PATIENCE)
    assert str(error) in caplog.text
