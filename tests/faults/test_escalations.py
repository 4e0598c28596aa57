"""The inbox under faults: killed at any step, locked, full; none lost, none doubled, none stuck."""

from __future__ import annotations

import itertools
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from console.clock import MINUTE, SECOND, micros
from console.errors import SetupError
from console.models.domain.audit import Flaw
from console.models.domain.escalation import Event, Happening, State
from console.models.domain.escalation_ports import Sending
from console.models.store import database
from console.models.store.audit import AuditTrail
from console.models.store.database import place
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.scheduling.escalations.notices import Notices
from tests.faults.sweeping import TOLD, TURN, crossing, is_over
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre

SPAN = 300
"""Seconds of the world that one run sweeps."""

SHORT = 60
"""The same where every single step is tried: raises, a take-over, a resolution."""

SHARDS = 4
"""Parts of the long rounds that can run beside each other."""


def run(folder: Path, step: int, start: int = 0, end: int = SPAN) -> tuple[bool, int]:
    """Sweep in a process that dies at ``step``; whether it lived to its end, and the second at which to go on."""
    arguments = [sys.executable, "-m", "tests.faults.sweeping", str(folder), str(step), str(start), str(end)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode in (0, -signal.SIGKILL)
    turns = [int(line) for line in done.stdout.split()]
    return done.returncode == 0, (turns[-1] - NOON) // SECOND + round(TURN) if turns else start


def assert_whole(folder: Path, until: int) -> None:
    """Every clock that crossed by then has one entry; every entry has its history, and a time when it is looked at."""
    with closing(sqlite3.connect(place(folder).file)) as connection:

        def rows(query: str) -> list[tuple[int, ...]]:
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        due = [number for number in range(1, until + 1) if crossing(number).occurred_at <= NOON + until * SECOND]
        assert sorted(ticket for (ticket,) in rows("SELECT ticket FROM escalation")) == due
        assert rows("SELECT id FROM escalation WHERE state NOT IN (4, 8) AND due_at IS NULL") == []
        assert rows("SELECT id FROM escalation WHERE count <> 1") == []
        history = "SELECT escalation, count(*), max(version) FROM escalation_event GROUP BY 1"
        versions = dict(rows("SELECT id, version FROM escalation"))
        assert {entry: (count, last) for entry, count, last in rows(history)} == {
            entry: (version, version) for entry, version in versions.items()
        }
        # Each move that tells somebody has told exactly once, however often it was begun.
        climbed = "SELECT escalation, version FROM escalation_event WHERE what = 13 AND state IN (1, 7)"
        told = "SELECT DISTINCT escalation, version FROM outbox WHERE news IN (2, 3)"
        assert rows(climbed + " ORDER BY 1, 2") == rows(told + " ORDER BY 1, 2")
        raised = rows("SELECT escalation, count(*) FROM outbox WHERE news = 1 GROUP BY 1")
        assert raised == [(entry, 1) for entry in sorted(versions)]
        # The console ends what is over once, and never what somebody has.
        settled = "SELECT escalation, count(*) FROM escalation_event WHERE what = 7 AND actor = 'system'"
        assert rows(settled + " GROUP BY 1 HAVING count(*) > 1") == []
        assert rows(settled + " AND state_before NOT IN (1, 7) GROUP BY 1") == []
        # Every move stands on the audit trail, once.
        assert rows("SELECT count(*) FROM audit") == rows("SELECT count(*) FROM escalation_event")
        sent = {number for (number,) in rows("SELECT id FROM outbox WHERE state = 3")}
        others = {number for (number,) in rows("SELECT id FROM outbox WHERE state IN (2, 5)")}
    # Nothing counts as sent that nobody heard, and what was told twice said so the second time.
    told = [line.split() for line in (folder / TOLD).read_text().splitlines()]
    assert sent <= {int(number) for number, _again in told} <= sent | others
    for number, lines in itertools.groupby(sorted(told), key=lambda line: line[0]):
        assert sum(again == "0" for _number, again in lines) <= 1, number


def assert_nothing_is_stuck(folder: Path, until: int = SPAN) -> None:
    """After one more turn, once the leases of the dead have ended, nothing is overdue."""
    assert run(folder, 0, until + 10, until + 20)[0]
    engine = database.reader(place(folder).file)
    assert SqlEscalationReader(engine).overdue(NOON + (until + 10) * SECOND) is None
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM outbox WHERE state <= 2").all() == []
        told = connection.exec_driver_sql("SELECT object FROM escalation WHERE state IN (1, 7)").scalars()
        assert [number for number in told if is_over(number, NOON + until * SECOND)] == []
    engine.dispose()
    trail = AuditTrail(place(folder).file)
    findings = {finding.flaw for finding in trail.verify().findings}
    trail.close()
    # These processes keep no anchor; nothing else may be wrong.
    assert findings == {Flaw.NO_ANCHOR}


def kill_and_go_on(folder: Path, steps: Iterator[int]) -> None:
    """Die, start again, until a run lives to its end."""
    lived, second = False, 0
    while not lived:
        lived, second = run(folder, next(steps), second)
    assert_whole(folder, SPAN)
    assert_nothing_is_stuck(folder)


def test_killed_at_many_steps_it_goes_on_as_if_nothing_had_been(tmp_path: Path) -> None:
    chance = random.Random(3)
    kill_and_go_on(tmp_path, iter([*(chance.randrange(1, 120) for _kill in range(6)), 0]))


@pytest.mark.long
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("first", range(1, SHARDS + 1))
def test_killed_at_every_step(tmp_path: Path, first: int) -> None:
    """Until a run reaches its end before the step at which it was to die."""
    for step in itertools.count(first, SHARDS):
        folder = tmp_path / str(step)
        folder.mkdir()
        lived, second = run(folder, step, end=SHORT)
        if lived:
            break
        assert run(folder, 0, second, SHORT)[0]
        assert_whole(folder, SHORT)
        assert_nothing_is_stuck(folder, SHORT)


@pytest.mark.long
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("world", range(25))
def test_five_hundred_kills_at_random(tmp_path: Path, world: int) -> None:
    """Twenty in each world; the seed that pytest prints gives the same ones again."""
    chance = random.Random(f"{random.random()} {world}")
    kill_and_go_on(tmp_path, iter([*(chance.randrange(1, 400) for _kill in range(20)), 0]))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    opened = Centre(tmp_path)
    yield opened
    opened.close()


def test_a_locked_database_delays_the_inbox_and_loses_nothing(impatient: None, centre: Centre) -> None:
    centre.turn()
    centre.writer.raise_all([breach(9)], NOON, RULES)
    centre.crossings.all = [breach(1, at=NOON + SECOND), breach(2, at=NOON + 30 * SECOND)]
    with closing(sqlite3.connect(centre.place.file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _second in range(5):
            with pytest.raises(SetupError, match="locked"):
                centre.turn(10)
        with pytest.raises(SetupError, match="locked"):
            centre.take(1, "Ann")
        other.execute("ROLLBACK")
    assert [entry.ticket for entry in centre.turn(1).raised] == [1, 2]
    assert centre.take(1, "Ann").entry.owner == "Ann"
    assert len(centre.reader.history(1)) == 2


def test_on_a_full_disk_a_move_is_whole_or_not_at_all(centre: Centre) -> None:
    centre.turn()
    engine = centre.writer._engine
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    centre.writer.tick(NOON, NOON)
    connection = centre.writer._connection
    assert connection is not None
    limit = int(pages or 0) + 2
    connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")
    connection.commit()
    centre.crossings.all = [breach(number, at=NOON + number) for number in range(1, 200)]
    with pytest.raises(SetupError, match="full"):
        centre.turn(1)
    entries = centre.reader.open_entries()
    assert all(len(centre.reader.history(entry.id)) == 1 for entry in entries)
    assert len(centre.reader.waiting(999)) == len(entries) < 199
    # The failed connection was given up; a new one has room again.
    centre.turn(1)
    assert sorted(entry.ticket for entry in centre.reader.open_entries()) == list(range(1, 200))


def test_while_one_writes_another_process_waits_its_turn(centre: Centre) -> None:
    """Two sweeps over one database, turn and turn about on two threads: each due time fires once."""
    centre.writer.raise_all([breach(number) for number in range(1, 31)], NOON, RULES)
    other = SqlEscalations(database.writer(centre.place.file), threading.Lock(), lambda _c, _m: None)
    at = NOON + 5 * MINUTE
    fired: list[int] = []

    def carry_out(writer: SqlEscalations) -> None:
        while claims := writer.claim_due(at, 60 * SECOND, 3):
            fired.extend(made.entry.id for made in writer.fire(claims, at, RULES))

    threads = [threading.Thread(target=carry_out, args=(writer,)) for writer in (centre.writer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(fired) == list(range(1, 31))
    assert {entry.level for entry in centre.reader.open_entries()} == {1}


def test_a_holder_that_slept_past_its_lease_changes_nothing(centre: Centre) -> None:
    centre.writer.raise_all([breach(1)], NOON, RULES)
    at = NOON + 5 * MINUTE
    asleep = centre.writer.claim_due(at, 5 * SECOND, 9)
    awake = centre.writer.claim_due(at + 120 * SECOND, 5 * SECOND, 9)
    centre.writer.fire(awake, at + 120 * SECOND, RULES)
    centre.writer.move(1, Event(Happening.ACKNOWLEDGE), at + 121 * SECOND, "Ann", RULES)
    assert centre.writer.fire(asleep, at + 10 * 60 * MINUTE, RULES) == []
    assert centre.reader.entry(1).state is State.ACKNOWLEDGED


@pytest.mark.parametrize(
    "change",
    ["2026-03-29T01:00:00+00:00", "2026-10-25T01:00:00+00:00"],
    ids=["the hour that is left out", "the hour twice"],
)
def test_summer_time_moves_nothing(centre: Centre, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """Due times are instants: what the local clock does between a raise and its climb is nothing to them."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    centre.clock.jump((micros(datetime.fromisoformat(change)) - NOON) / SECOND - 60)
    centre.restarted()
    centre.turn()
    raised_at = centre.clock.now()
    centre.writer.raise_all([breach(1)], raised_at, RULES)
    moves = [(second, move) for second in range(10, 601, 10) for move in centre.moved(10)]
    assert moves == [(300, (1, State.RAISED, 1)), (600, (1, State.RAISED, 2))]
    assert [past.at - raised_at for past in centre.reader.history(1)] == [0, 5 * MINUTE, 10 * MINUTE]
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("jump", [3_600.0, -3_600.0, 86_400.0, -86_400.0])
def test_a_step_of_the_clock_loses_no_notice(centre: Centre, jump: float) -> None:
    heard: list[int] = []
    notices = Notices(centre.outbox, centre.clock)
    notices.subscribe(lambda notice: heard.append(notice.id))
    centre.turn()
    centre.writer.raise_all([breach(1), breach(2)], NOON, RULES)
    # One of them was being told when the console died; then the machine's time was corrected.
    centre.outbox.claim_notices(NOON, 5 * SECOND, 1)
    centre.clock.jump(jump)
    centre.restarted()
    for _turn in range(2):
        centre.turn(5)
        notices.deliver()
    assert set(heard) >= {1, 2} if jump < 0 else bool(heard)
    assert centre.reader.waiting(9) == []
    assert {told.sending for entry in (1, 2) for told in centre.reader.notices(entry)} <= {
        Sending.SENT,
        Sending.SILENCED,
    }
