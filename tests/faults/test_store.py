"""The disk is full, the database is locked, the spool is torn, two consoles want to write: the board goes on."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from console.clock import SystemClock
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Batch
from console.models.store import database, intake, writer
from console.models.store.database import Place, place
from console.models.store.health import StoreState
from console.models.store.lock import Locked
from console.models.store.log import EventLog, open_log, open_reader

PATIENCE = 60
NOON = 1_772_445_600_000_000


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


@pytest.fixture
def home(tmp_path: Path) -> Place:
    return place(tmp_path)


def hand_in(log: EventLog, *keys: int, body: str = "") -> None:
    """One message for each key, each to a ticket of its own, and wait until all are durable."""
    events = [Event(Kind.CUSTOMER_MESSAGE, f"T-{key}", NOON + key, key, body=body) for key in keys]
    assert log.intake.submit("desk", events, origin=Origin.POLL, cursor={"last": keys[-1]}).wait(PATIENCE)


def keys_in(home: Place) -> list[int]:
    reader = open_reader(home)
    try:
        return sorted(reader.rows(0, reader.last_seq())["key"].tolist())
    finally:
        reader.close()


def recovered(log: EventLog, last_seq: int) -> bool:
    return log.wait_committed(last_seq, PATIENCE) and log.committed_seq == last_seq


class Blocker:
    """Another program that holds the write lock of the database."""

    def __init__(self, home: Place) -> None:
        self._connection = sqlite3.connect(home.file, isolation_level=None)
        self._connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


def test_a_locked_database_sends_events_to_the_spool_and_takes_them_later(home: Place) -> None:
    seen: list[Batch] = []
    with open_log(home, SystemClock()) as log:
        log.intake.subscribe(seen.append)
        hand_in(log, 1)
        blocker = Blocker(home)
        hand_in(log, 2, 3)
        health = log.health
        assert (health.state, health.waiting, health.first_unstored) == (StoreState.SPOOLING, 2, 2)
        assert "locked" in health.reason
        hand_in(log, 4)
        assert [batch.stored for batch in seen] == [True, True, False]
        assert log.committed_seq == 1
        assert log.reader.last_seq() == 1
        blocker.let_go()
        assert recovered(log, 4)
        hand_in(log, 5)
        assert log.health.state is StoreState.OK
        assert log.reader.cursor("desk") == {"last": 5}
    assert keys_in(home) == [1, 2, 3, 4, 5]
    assert not home.spool.exists()


def test_tickets_that_wait_in_the_spool_keep_their_numbers(home: Place) -> None:
    with open_log(home, SystemClock()) as log:
        blocker = Blocker(home)
        hand_in(log, 1)
        hand_in(log, 2)
        log._encoder._recent.clear()
        hand_in(log, 1, 2, 3)
        blocker.let_go()
        assert recovered(log, log._encoder.next_seq - 1)
        assert [(text.id, text.ref) for text in log.reader.texts()] == [(1, "T-1"), (2, "T-2"), (3, "T-3")]


def test_a_full_disk_sends_events_to_the_spool_and_takes_them_when_there_is_room(
    home: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_log(home, SystemClock()) as log:
        hand_in(log, 1)
        # The connection is made anew after a failure: a small limit has to be there again.
        full = threading.Event()
        full.set()
        connect = log._writer._engine.connect

        def limited() -> object:
            connection = connect()
            if full.is_set():
                connection.connection.driver_connection.execute("PRAGMA max_page_count=1")
            return connection

        monkeypatch.setattr(log._writer._engine, "connect", limited, raising=False)
        log._writer._disconnect()
        hand_in(log, *range(2, 400), body="x" * 500)
        assert log.health.state is StoreState.SPOOLING
        assert "full" in log.health.reason
        full.clear()
        assert recovered(log, 399)
    assert keys_in(home) == list(range(1, 400))


FULL_EVERYWHERE = """
import resource, signal, sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from console.clock import SystemClock
from console.models.domain.events import Event, Kind, Origin
from console.models.store import database, intake, writer
from console.models.store.database import place
from console.models.store.log import open_log

writer.RETRY_SECONDS = 0.05
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
home = place(Path(sys.argv[1]))

def hand_in(log, first, last):
    events = [Event(Kind.CUSTOMER_MESSAGE, f"T-{n}", n, n, body="x" * 2000) for n in range(first, last)]
    return log.intake.submit("desk", events, origin=Origin.POLL)

with open_log(home, SystemClock()) as log:
    assert hand_in(log, 0, 10).wait(60)
    room = max(home.file.stat().st_size, home.wal.stat().st_size)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    receipt = hand_in(log, 10, 300)
    try:
        receipt.wait(60)
    except OSError as error:
        print(log.health.state.value, error.errno is not None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(log.wait_committed(300, 60), log.health.state.value)
    print(receipt.wait(60), log.reader.count())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of the size of a file")
def test_when_nothing_can_be_written_it_is_said_and_made_good_later(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_EVERYWHERE, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:3] == ["failed True", "True ok", "True 300"], done.stderr


FULL_FOR_GOOD = """
import resource, signal, sys
from pathlib import Path
from console.clock import SystemClock
from console.models.domain.events import Event, Kind, Origin
from console.models.store import writer
from console.models.store.database import place
from console.models.store.log import open_log

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer.BACKLOG_ROWS = 1_000
with open_log(place(Path(sys.argv[1])), SystemClock()) as log:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    events = [Event(Kind.CUSTOMER_MESSAGE, f"T-{n}", n, n, body="x" * 200) for n in range(4_000)]
    receipt = log.intake.submit("desk", events, origin=Origin.POLL)
    try:
        receipt.wait(60)
    except OSError:
        print("said")
print("closed")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of the size of a file")
def test_a_console_whose_disk_stays_full_can_be_closed(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_FOR_GOOD, str(tmp_path)], capture_output=True, text=True, check=True, timeout=100
    )
    assert done.stdout == "said\nclosed\n"


def leave_a_spool(home: Place) -> None:
    """Events 1 in the database and 2, 3 in the spool, and no console that runs."""
    log = open_log(home, SystemClock())
    log.start()
    hand_in(log, 1)
    blocker = Blocker(home)
    hand_in(log, 2)
    hand_in(log, 3)
    log.stop()
    blocker.let_go()
    assert home.spool.exists()
    assert keys_in(home) == [1]


def test_what_waits_in_the_spool_is_there_after_a_restart(home: Place) -> None:
    leave_a_spool(home)
    with open_log(home, SystemClock()) as log:
        assert log.health.state is StoreState.OK
        assert log.reader.rows(0, 10)["key"].tolist() == [1, 2, 3]
        hand_in(log, 4)
        hand_in(log, 2)
    assert keys_in(home) == [1, 2, 3, 4]
    assert not home.spool.exists()


def test_a_spool_that_cannot_be_emptied_at_the_start_is_shown_and_kept(home: Place) -> None:
    leave_a_spool(home)
    blocker = Blocker(home)
    log = open_log(home, SystemClock())
    seen: list[Batch] = []
    log.intake.subscribe(seen.append)
    log.start()
    assert log.health.state is StoreState.SPOOLING
    assert [batch.rows["key"].tolist() for batch in seen[:2]] == [[2], [3]]
    assert not any(batch.stored for batch in seen)
    hand_in(log, 4)
    assert seen[-1].rows["seq"].tolist() == [4]
    blocker.let_go()
    assert recovered(log, 4)
    log.stop()
    assert keys_in(home) == [1, 2, 3, 4]


def test_a_torn_spool_gives_what_was_whole(home: Place) -> None:
    leave_a_spool(home)
    with home.spool.open("ab") as file:
        file.write(b"\x00\x00\x00\xff torn")
    with open_log(home, SystemClock()) as log:
        hand_in(log, 4)
    assert keys_in(home) == [1, 2, 3, 4]


def test_a_spool_that_was_taken_but_not_cleared_is_not_taken_twice(home: Place) -> None:
    leave_a_spool(home)
    spool = home.spool.read_bytes()
    with open_log(home, SystemClock()) as log:
        hand_in(log, 4)
    home.spool.write_bytes(spool)
    with open_log(home, SystemClock()) as log:
        hand_in(log, 5)
    assert keys_in(home) == [1, 2, 3, 4, 5]


HOLD = """
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from console.engine import Engine
with Engine(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_does_not_write_beside_the_first(home: Place) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(Locked) as caught:
            open_log(home, SystemClock())
        assert caught.value.pid == holder.pid
        assert keys_in(home) == []
        holder.kill()
    with open_log(home, SystemClock()) as log:
        hand_in(log, 1)
    assert keys_in(home) == [1]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    from console.errors import SetupError

    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="cannot be written"):
        open_log(place(tmp_path / "file" / "data"), SystemClock())


def test_deliveries_that_overlap_land_once(home: Place) -> None:
    with open_log(home, SystemClock()) as log:
        for start in range(0, 200, 10):
            hand_in(log, *range(start, start + 25))
            log._encoder._keys._young.clear()
            log._encoder._keys._old.clear()
    assert keys_in(home) == list(range(215))


def test_a_database_that_cannot_be_read_for_a_while_delays_and_loses_nothing(
    home: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LOOKUP_RETRY_SECONDS", 0.01)
    with open_log(home, SystemClock()) as log:
        hand_in(log, 1)
        look_up = log._encoder._find_tickets
        failures = iter([OperationalError("SELECT", (), sqlite3.OperationalError("disk I/O error"))] * 3)

        def fail_at_first(source: int, refs: Sequence[str]) -> Mapping[str, int]:
            for error in failures:
                raise error
            return look_up(source, refs)

        monkeypatch.setattr(log._encoder, "_find_tickets", fail_at_first)
        receipt = log.intake.submit("desk", [Event(Kind.READ, "T-2", NOON, 2)], origin=Origin.POLL)
        assert recovered(log, 2)
        assert receipt.wait(PATIENCE)
    assert keys_in(home) == [1, 2]
