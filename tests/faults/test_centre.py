"""A whole centre killed at any moment: its clocks, commands, compensations, follow-ups, notices and its audit trail."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from console.clock import SystemClock, micros
from console.models.store.database import place
from tests.cli.run import here
from tests.faults.centre import ANSWERED, COMPLAINED, DATA, HELPDESK, LATE, SILENT, TARGET, born, fate

PAUSE = threading.Event()
MAY_NOT_MOUNT = (
    not shutil.which("unshare") or subprocess.call(["unshare", "-rm", "true"], stderr=subprocess.DEVNULL) != 0
)
Entries = list[dict[str, object]]


def start(folder: Path, base: int, seconds: float, program: str = "centre", *more: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", f"tests.faults.{program}", str(folder), str(base), str(seconds), *more]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def console(folder: Path, *words: str) -> dict[str, object]:
    """What a command of the console says."""
    found: dict[str, object] = here(*words, "--json", "--data-dir", folder / DATA).data
    return found


def entries(folder: Path) -> Entries:
    """The inbox as ``console escalations list`` tells it: no matter twice, nothing open without a due time."""
    found: Entries = console(folder, "escalations", "list", "--all")["entries"]  # type: ignore[assignment]  # it is JSON
    matters = Counter((str(one["object"]), one["cause"], one["cycle"]) for one in found)
    assert [matter for matter, count in matters.items() if count > 1] == []
    # A request that nobody decides lapses again and again, as one entry.
    assert [one for one in found if one["count"] != 1 and one["cause"] != "request"] == []
    assert [one for one in found if one["due_at"] is None and one["state"] not in ("closed", "merged")] == []
    return found


def assert_sound(folder: Path) -> Entries:
    """What must hold after every kill, whatever was being done."""
    file = place(folder / DATA).file
    if not file.exists():
        return []
    with closing(sqlite3.connect(file)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'compensation_request'").fetchone():
            return []

        def rows(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        moves = rows("SELECT count(*) FROM escalation_event")
        assert moves == rows("SELECT coalesce(sum(version), 0) FROM escalation")
        # An entry that asks for approval is raised and resolved by the rows of its request.
        once = "SELECT object_id FROM audit WHERE action = '{}' AND outcome = 'done' GROUP BY 1 HAVING count(*) > 1"
        assert rows(once.format("compensation.propose")) == []
        assert rows(once.format("compensation.approve")) == []
        assert rows("SELECT ticket FROM command GROUP BY 1 HAVING count(*) > 1") == []
        assert rows("SELECT ticket, kind, resolved_at FROM follow_up GROUP BY 1, 2, 3 HAVING count(*) > 1") == []
    assert console(folder, "audit", "verify")["sound"]
    return entries(folder)


def assert_complete(folder: Path, base: int, until: int) -> None:
    """Every clock that had to breach and every complaint has its entry; who was answered in time has none, or one that
    the console resolved when it heard of the answer. What was over before the first sweep of all is the past."""
    found = assert_sound(folder)
    last = max(number for number in range((until - base) // 1_000) if born(base, number) + LATE < until)
    with closing(sqlite3.connect(place(folder / DATA).file)) as connection:
        (began_at,) = connection.execute("SELECT began_at FROM sweep").fetchone()
    numbers = [number for number in range(1, last + 1) if born(base, number) > began_at or fate(number) == SILENT]
    of = {(one["ticket"], one["cause"], one["cycle"]): one for one in found}
    breach = "breach", "first_response:1"
    late = [number for number in numbers if fate(number) not in (ANSWERED, COMPLAINED)]
    assert [number for number in late if (f"T{number}", *breach) not in of] == []
    wrong = {number: of[f"T{number}", *breach]["occurred_at"] for number in late}
    assert {n: at for n, at in wrong.items() if micros(datetime.fromisoformat(str(at))) != born(base, n) + TARGET} == {}
    complaints = [number for number in numbers if fate(number) == COMPLAINED]
    assert [number for number in complaints if (f"T{number}", "complaint", "") not in of] == []
    tasks = Counter(one["ticket"] for one in found if str(one["cycle"]).startswith("follow_up:"))
    # Only what the first turn of all could still look back on, which is the time that a follow-up takes.
    owed = [number for number in complaints if born(base, number) > began_at + TARGET]
    assert [number for number in owed if tasks[f"T{number}"] != 2] == []
    # What came back to nobody is looked at every two seconds.
    moved_before = f"(SELECT max(at) FROM escalation_event WHERE escalation = e.id) < {until}"
    waiting = f"""
        SELECT ticket.ref FROM escalation e JOIN ticket ON ticket.id = object
        WHERE state IN (1, 7) AND cause = 3 AND cycle = '{breach[1]}' AND {moved_before} AND object <= {last}
    """
    with closing(sqlite3.connect(place(folder / DATA).file)) as connection:
        with closing(sqlite3.connect(folder / HELPDESK)) as helpdesk:
            done = helpdesk.execute("SELECT key FROM done ORDER BY key").fetchall()
        assert connection.execute("SELECT key FROM command WHERE state = 4 ORDER BY key").fetchall() == done
        assert done
        forgotten = {fate(int(ref[1:])) for (ref,) in connection.execute(waiting)}
        assert forgotten <= {SILENT}, "nobody is told of what is over"
        assert connection.execute("SELECT count(*) FROM compensation_request").fetchone() > (0,)


def finish(process: subprocess.Popen[str], *, warns: bool = False) -> int:
    """Let it live to its end; up to when its world went. Nothing may be late or on its way then."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert warns or err == ""
    *_before, last = out.splitlines()
    assert last.startswith("well "), last
    return int(last.removeprefix("well "))


def workers_of(process: int) -> list[int]:
    """The processes that this one has started."""
    children = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for file in children for child in file.read_text().split()]


def kill_and_go_on(folder: Path, kills: int, chance: random.Random) -> None:
    base = SystemClock().now()
    for _kill in range(kills):
        process = start(folder, base, 60)
        assert process.stdout is not None
        # The moment of the kill is what is tried: while it starts, or when it works.
        if chance.random() < 0.7:
            assert process.stdout.readline() == "ready\n"
            PAUSE.wait(chance.uniform(0.0, 1.5))
        else:
            PAUSE.wait(chance.uniform(0.3, 1.2))
        process.kill()
        _out, err = process.communicate()
        # A worker that was just being started misses its parent, and says so.
        assert err == "" or "spawn_main" in err
        assert_sound(folder)
    assert_complete(folder, base, finish(start(folder, base, 5.0)))


def test_killed_at_any_moment_the_centre_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    kill_and_go_on(tmp_path, 2, random.Random(5))


@pytest.mark.long
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("world", range(50))
def test_five_hundred_kills_of_the_centre(tmp_path: Path, world: int) -> None:
    """Ten in each world; the seed that pytest prints gives the same moments again."""
    kill_and_go_on(tmp_path, 10, random.Random(f"{random.random()} {world}"))


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="nobody says here who started a process")
def test_the_process_that_finds_cases_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    base, chance = SystemClock().now(), random.Random(7)
    process = start(tmp_path, base, 12)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for _kill in range(4):
        PAUSE.wait(chance.uniform(0.5, 3.0))
        for worker in workers_of(process.pid):
            os.kill(worker, signal.SIGKILL)
    assert_complete(tmp_path, base, finish(process, warns=True))


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_database_that_is_locked_for_a_minute_delays_and_loses_nothing(tmp_path: Path) -> None:
    base = SystemClock().now()
    process = start(tmp_path, base, 75)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    with closing(sqlite3.connect(place(tmp_path / DATA).file, isolation_level=None, timeout=30)) as other:
        PAUSE.wait(4)  # so that there is something in it
        other.execute("BEGIN IMMEDIATE")
        PAUSE.wait(60)
        other.execute("ROLLBACK")
    assert_complete(tmp_path, base, finish(process, warns=True))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.skipif(MAY_NOT_MOUNT, reason="nobody may mount a small disk here")
def test_a_full_disk_delays_and_loses_nothing(tmp_path: Path) -> None:
    """A disk of its own that is filled to the last byte for ten seconds."""
    base = SystemClock().now()
    process = subprocess.Popen(
        ["unshare", "-rm", sys.executable, "-m", "tests.faults.full_disk", str(tmp_path), str(base)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert_complete(tmp_path, base, finish(process, warns=True))
