"""Commands under kill -9: nothing that was asked for is lost, done twice, or left without its row on the trail."""

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

from console.models.domain.contacts import AgentState
from console.models.domain.events import Kind
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail
from console.models.store.database import place
from tests.faults.asking import TICKETS


def run(folder: Path, step: int, number: int) -> bool:
    """Work in a process that dies at ``step`` (0: never); whether it lived to its end."""
    arguments = [sys.executable, "-m", "tests.faults.asking", str(folder), str(step), str(number)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode == 0


def assert_whole(folder: Path) -> None:
    file = place(folder).file
    with closing(sqlite3.connect(file)) as connection, closing(sqlite3.connect(folder / "helpdesk.db")) as helpdesk:

        def rows(query: str) -> list[tuple[object, ...]]:
            return connection.execute(query).fetchall()

        each = [(ticket,) for ticket in range(1, TICKETS + 1)]
        assert rows("SELECT ticket FROM command WHERE agent = '' ORDER BY ticket") == each, "asked for once"
        assert rows("SELECT agent FROM command WHERE ticket = 0 ORDER BY agent") == [("Mei",), ("Wang",)]
        assert rows("SELECT DISTINCT state FROM command") == [(4,)], "and done"
        sent = helpdesk.execute("SELECT ticket FROM done ORDER BY ticket").fetchall()
        assert sent == [("Mei",), *((f"T{ticket}",) for ticket in range(2, TICKETS + 1, 2))], "sent once"
        # The helpdesk's tickets were changed by the helpdesk, the others by the console, each once.
        changed = f"""
            SELECT subject, name.text FROM event JOIN name ON name.dimension = 'source' AND name.id = event.source
            WHERE kind = {Kind.ASSIGNED:d} AND at >= (SELECT min(at) + 2 FROM event) ORDER BY subject
        """
        whose = ["console", "helpdesk"] * (TICKETS // 2)
        assert rows(changed) == list(zip(range(1, TICKETS + 1), whose, strict=True))
        # Mei is kept by the helpdesk, of Wang nobody but the console says anything.
        away = f"""
            SELECT agent.text, name.text FROM event JOIN name ON name.dimension = 'source' AND name.id = event.source
            JOIN name AS agent ON agent.dimension = 'agent' AND agent.id = event.subject
            WHERE kind = {Kind.AGENT_STATE:d} AND value = {AgentState.BREAK:d} ORDER BY agent.text
        """
        assert rows(away) == [("Mei", "helpdesk"), ("Wang", "console")]
        done = "SELECT object_id FROM audit WHERE action = 'agent.state' AND outcome = 'done' ORDER BY object_id"
        assert rows(done) == [("Mei",), ("Wang",)]
        done = "SELECT CAST(object_id AS INTEGER) FROM audit WHERE action = 'ticket.assign' AND outcome = 'done'"
        assert sorted(rows(done)) == each
        (count,) = rows("SELECT count(*) FROM audit")[0]
    trail = AuditTrail(file, AnchorFile(file, folder / "state", lambda _id, _make: None))
    assert trail.verify().rows == count, "the chain is sound to its end"
    trail.close()


def kill_and_go_on(folder: Path, steps: Iterable[int]) -> None:
    """Die at each step, then live."""
    numbers = itertools.count()
    for step in steps:
        run(folder, step, next(numbers))
    assert run(folder, 0, next(numbers))
    assert_whole(folder)


def test_killed_a_few_times_it_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    chance = random.Random(11)
    kill_and_go_on(tmp_path, [chance.randrange(1, 120) for _kill in range(5)])


@pytest.mark.long
@pytest.mark.timeout(7_200)
def test_killed_at_every_step(tmp_path: Path) -> None:
    for step in itertools.count(1):
        folder = tmp_path / str(step)
        folder.mkdir()
        lived = run(folder, step, 0)
        assert run(folder, 0, 1)
        assert_whole(folder)
        if lived:
            break
