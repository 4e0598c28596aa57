"""The whole engine under faults on the machine's own clock: killed at any moment, locked out, flooded."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from console.clock import SECOND, SystemClock
from console.models.domain.escalation import Urgency
from console.models.store.audit import AuditTrail
from console.models.store.database import place
from tests.faults.watching import World

PER_SECOND = 40
PAUSE = threading.Event()


def start(
    folder: Path, base: int, seconds: float, events: int = 0, crossings: int = PER_SECOND
) -> subprocess.Popen[str]:
    arguments = [str(folder), str(base), str(seconds), str(events), str(crossings)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.watching", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[tuple[int, Urgency, int]]:
    """Let it live to its end; the notices that it heard: entry, urgency, milliseconds late."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    return [(int(entry), Urgency(int(urgency)), int(late)) for entry, urgency, late in map(str.split, out.splitlines())]


def assert_whole(folder: Path, base: int, crossings: int = PER_SECOND) -> None:
    """Up to the watermark each clock has one entry, each entry its history, each move its row on a sound trail."""
    file = place(folder).file
    with closing(sqlite3.connect(file)) as connection:

        def rows(query: str) -> list[tuple[int, ...]]:
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        ((swept_to,),) = rows("SELECT swept_to FROM sweep")
        reached = World(base, crossings).number_at(swept_to)
        assert reached > 0
        assert rows("SELECT ticket FROM escalation ORDER BY ticket")[:reached] == [(n,) for n in range(1, reached + 1)]
        assert rows("SELECT ticket FROM escalation GROUP BY ticket HAVING count(*) > 1 OR max(count) > 1") == []
        assert rows("SELECT id FROM escalation WHERE state NOT IN (4, 8) AND due_at IS NULL") == []
        moves = rows("SELECT count(*) FROM escalation_event")
        assert moves == rows("SELECT sum(version) FROM escalation")
        assert moves == rows("SELECT count(*) FROM audit WHERE object_kind = 'escalation'")
    trail = AuditTrail(file)
    assert trail.verify().findings == ()
    trail.close()


def kill_and_go_on(folder: Path, kills: int, chance: random.Random) -> None:
    base = SystemClock().now()
    for _kill in range(kills):
        process = start(folder, base, 60, events=500)
        PAUSE.wait(chance.uniform(0.3, 2.0))  # the moment of the kill is what is tried
        process.kill()
        process.communicate()
    heard = finish(start(folder, base, 2.0, events=500))
    assert heard
    assert_whole(folder, base)


def test_killed_at_any_moment_the_engine_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    kill_and_go_on(tmp_path, 2, random.Random(5))


@pytest.mark.long
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("world", range(25))
def test_five_hundred_kills_of_the_engine(tmp_path: Path, world: int) -> None:
    kill_and_go_on(tmp_path, 20, random.Random(f"{random.random()} {world}"))


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_database_that_is_locked_for_a_minute_delays_and_loses_nothing(tmp_path: Path) -> None:
    base = SystemClock().now()
    finish(start(tmp_path, base, 1.0))
    process = start(tmp_path, base, 75, events=100)
    with closing(sqlite3.connect(place(tmp_path).file, isolation_level=None, timeout=30)) as other:
        PAUSE.wait(3)
        other.execute("BEGIN IMMEDIATE")
        locked_at = SystemClock().now()
        PAUSE.wait(60)
        other.execute("ROLLBACK")
    assert finish(process)
    assert_whole(tmp_path, base)
    with closing(sqlite3.connect(place(tmp_path).file)) as connection:
        during = connection.execute(
            "SELECT count(*) FROM escalation WHERE occurred_at BETWEEN ? AND ?", (locked_at, locked_at + 60 * SECOND)
        ).fetchone()
    assert during == (60 * PER_SECOND,)


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("events", "crossings", "seconds"), [(50, 5, 2), (2_000, 100, 5)])
def test_an_urgent_entry_is_heard_in_time(tmp_path: Path, events: int, crossings: int, seconds: int) -> None:
    """R-ESC: within 2 s, within 5 s in a flood of 2,000 events a second in which everything else escalates too."""
    base = SystemClock().now()
    heard = finish(start(tmp_path, base, 40, events, crossings))
    urgent = [late for _entry, urgency, late in heard if urgency is Urgency.P1]
    assert urgent
    assert max(urgent) <= seconds * 1_000
    assert_whole(tmp_path, base, crossings)
