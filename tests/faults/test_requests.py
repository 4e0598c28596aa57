"""Compensation requests under kill -9: nothing lost, nothing decided twice, no entry that asks for what is decided."""

from __future__ import annotations

import itertools
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from console.models.store.database import place
from tests.faults.deciding import TICKETS


def run(folder: Path, step: int) -> bool:
    """Work in a process that dies at ``step`` (0: never); whether it lived to its end."""
    arguments = [sys.executable, "-m", "tests.faults.deciding", str(folder), str(step)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode == 0


def assert_whole(folder: Path) -> None:
    with closing(sqlite3.connect(place(folder).file)) as connection:

        def rows(query: str) -> list[tuple[int, ...]]:
            return connection.execute(query).fetchall()

        assert rows("SELECT ticket, count(*) FROM compensation_request GROUP BY 1") == [
            (ticket, 1) for ticket in range(1, TICKETS + 1)
        ]
        # By ticket: declined, lapsed, approved, and so on; each decided once at most.
        states = [state for (state,) in rows("SELECT state FROM compensation_request ORDER BY ticket")]
        assert states == [5, 2, 4] * (TICKETS // 3)
        assert (
            rows("SELECT request FROM compensation_event WHERE what IN (3, 4, 5) GROUP BY 1 HAVING count(*) > 1") == []
        )
        # An approval and a lapse each have one entry; it is resolved exactly when the request is decided.
        decided_too = "(SELECT r.state > 2 FROM compensation_request r WHERE r.id = e.object)"
        asked = f"SELECT id FROM escalation e WHERE kind = 3 AND (state IN (3, 4)) <> {decided_too}"
        assert rows(asked) == []
        assert rows("SELECT cause, count(*) FROM escalation GROUP BY 1 ORDER BY 1") == [(2, TICKETS), (6, TICKETS)]
        done = rows("SELECT object_id FROM audit WHERE action = 'compensation.propose' AND outcome = 'done'")
        assert len(done) == TICKETS
        decided = rows("SELECT object_id FROM audit WHERE action IN ('compensation.approve', 'compensation.decline')")
        assert len(decided) == len(set(decided)) == TICKETS // 3 * 2
        steps = rows("SELECT request, version FROM compensation_event WHERE what <> 6 ORDER BY 1, 2")
        assert rows("SELECT request FROM compensation_event WHERE told = 0 AND what <> 6") == []
        notes = (folder / "notes").read_text().split()
        assert sorted(notes) == sorted(f"compensation:{request}:{version}" for request, version in steps)


def kill_and_go_on(folder: Path, steps: Iterable[int]) -> None:
    """Die at each step, then live."""
    for step in steps:
        run(folder, step)
    assert run(folder, 0)
    assert_whole(folder)


def test_killed_a_few_times_it_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    chance = random.Random(5)
    kill_and_go_on(tmp_path, [chance.randrange(1, 90) for _kill in range(5)])


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_killed_at_every_step(tmp_path: Path) -> None:
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        folder.mkdir()
        lived = run(folder, step)
        assert run(folder, 0)
        assert_whole(folder)
        if lived:
            break
