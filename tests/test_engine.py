from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from console.clock import FixedClock
from console.engine import Engine
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Batch, Intake
from console.models.store.health import StoreState
from console.models.store.lock import Locked

NOON = 1_772_445_600_000_000


class OneEvent:
    """A connector that hands in one event when it starts and one when it stops."""

    def __init__(self, name: str, told: list[str], fails: bool = False) -> None:
        self.name = name
        self._told = told
        self._fails = fails
        self._intake: Intake | None = None

    def start(self, intake: Intake) -> None:
        self._told.append(f"start {self.name}")
        self._intake = intake
        intake.submit(self.name, [Event(Kind.CREATED, "T-1", NOON, 1)], origin=Origin.STREAM)

    def stop(self) -> None:
        self._told.append(f"stop {self.name}")
        assert self._intake is not None
        self._intake.submit(self.name, [Event(Kind.READ, "T-1", NOON, 2)], origin=Origin.STREAM)
        if self._fails:
            raise RuntimeError("a bug in a connector")

    def heard_at(self) -> int:
        return NOON

    def apply(self, command: Command) -> Result:
        return Result(Outcome.REFUSED)


def test_connectors_start_with_the_engine_and_stop_before_the_log(tmp_path: Path) -> None:
    told: list[str] = []
    engine = Engine(tmp_path)
    engine.attach(OneEvent("first", told))
    with engine:
        engine.attach(OneEvent("second", told))
    assert told == ["start first", "start second", "stop second", "stop first"]
    with Engine(tmp_path) as again:
        # What they handed in at the very end is durable too.
        assert again.log.count() == 4


def test_a_connector_that_cannot_stop_costs_no_events(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []
    with Engine(tmp_path) as engine:
        engine.attach(OneEvent("broken", told, fails=True))
        engine.attach(OneEvent("sound", told))
    assert "broken did not stop" in caplog.text
    with Engine(tmp_path) as again:
        assert again.log.count() == 4


def test_a_connector_that_cannot_start_leaves_nothing_running(tmp_path: Path) -> None:
    class Broken(OneEvent):
        def start(self, intake: Intake) -> None:
            super().start(intake)
            raise RuntimeError("a bug in a connector")

    engine = Engine(tmp_path)
    engine.attach(Broken("broken", []))
    with pytest.raises(RuntimeError), engine:
        pass
    with Engine(tmp_path) as again:
        assert again.log.count() == 2


def test_a_subscriber_from_before_the_start_misses_nothing(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    engine.attach(OneEvent("desk", []))
    engine.open()
    seen: list[Batch] = []
    engine.tail.subscribe(seen.append)
    engine.start()
    engine.stop()
    assert [row for batch in seen for row in batch.rows["key"].tolist()] == [1, 2]


def test_a_closed_engine_says_so_and_can_be_opened_again(tmp_path: Path, clock: FixedClock) -> None:
    engine = Engine(tmp_path, clock=clock)
    with pytest.raises(RuntimeError, match="not open"):
        _ = engine.log
    for _round in range(2):
        with engine:
            assert engine.health.state is StoreState.OK
    engine.stop()


def test_two_engines_do_not_share_a_folder(tmp_path: Path) -> None:
    with Engine(tmp_path), pytest.raises(Locked):
        Engine(tmp_path).open()
    with Engine(tmp_path):
        pass


def test_a_database_can_lie_elsewhere(tmp_path: Path) -> None:
    with Engine(tmp_path, url=f"sqlite:///{tmp_path}/other/log.db"):
        assert (tmp_path / "other" / "log.db").exists()
    assert not (tmp_path / "console.db").exists()


def test_naming_an_engine_imports_no_database() -> None:
    program = "import sys, console.engine; print('sqlalchemy' in sys.modules, 'PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
