"""What SQLite complains of reaches the user with the remedy that fits, and our own mistakes stay mistakes."""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.clock import FixedClock
from console.models.domain.events import Origin
from console.models.store import database
from console.models.store.database import Place
from console.models.store.log import open_log, open_reader
from console.models.store.trouble import told
from tests.cli.run import here
from tests.models.store.conftest import message


def fill(home: Place, clock: FixedClock) -> None:
    with open_log(home, clock) as log:
        events = [message(f"T-{number % 40}", number) for number in range(2_000)]
        assert log.intake.submit("desk", events, origin=Origin.POLL).wait(30)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (sqlite3.SQLITE_CORRUPT, "backup"),
        (sqlite3.SQLITE_FULL, "room"),
        (sqlite3.SQLITE_IOERR | 3 << 8, "room"),
        (sqlite3.SQLITE_READONLY, "permissions"),
        (sqlite3.SQLITE_BUSY, "Close"),
    ],
)
def test_the_remedy_fits_the_cause(code: int, remedy: str) -> None:
    complaint = sqlite3.OperationalError("a complaint")
    complaint.sqlite_errorcode = code
    outer = RuntimeError("somebody carries it")
    outer.__cause__ = complaint
    known = told(outer, Path("console.db"))
    assert known is not None
    assert remedy.casefold() in known.remedy.casefold()
    assert "console.db" in known.what


def test_our_own_mistakes_are_not_excused() -> None:
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.Error) as failed:
        connection.execute("SELECT nothing FROM nowhere")
    assert told(failed.value) is None
    assert told(ValueError("a mistake")) is None


def test_a_database_that_rotted_says_so_instead_of_crashing(home: Place, clock: FixedClock) -> None:
    fill(home, clock)
    content = bytearray(home.file.read_bytes())
    dice = random.Random(5)
    for place in range(4_096, len(content), 4_096):
        content[place : place + 64] = dice.randbytes(64)
    home.file.write_bytes(content)
    done = here("report", "board", "--data-dir", home.directory, code=3)
    assert "backup" in done.err
    assert "unexpected" not in done.err


def test_a_copy_in_a_folder_that_is_not_ours_can_be_read(
    home: Place, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home, clock)
    for ending in ("-wal", "-shm"):
        home.file.with_name(home.file.name + ending).unlink(missing_ok=True)
    # Root may write everywhere: the answer is given for it.
    monkeypatch.setattr(database.os, "access", lambda path, mode: mode != os.W_OK)
    reader = open_reader(home)
    try:
        assert reader.count() == 2_000
    finally:
        reader.close()
    assert not home.file.with_name(home.file.name + "-shm").exists()
