"""The inbox inside the running engine: raised, told, handed over, recorded and anchored, and stopped whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from console.clock import MINUTE, SECOND, FixedClock
from console.engine import Engine
from console.models.domain.contacts import AgentState
from console.models.domain.escalation import Entry, Event, Happening, State
from console.models.domain.escalation_ports import Crossings, Waiting
from console.models.domain.events import Event as LogEvent
from console.models.domain.events import Kind, Origin
from console.models.domain.ports import Progress
from console.models.policy import policy
from console.models.policy.policy import Policy
from console.models.store.audit import Wanted
from console.scheduling.escalations import loading
from tests.models.domain.escalation_cases import breach
from tests.scheduling.escalations.conftest import Clocks

LONG = 30.0
TAKE = Event(Happening.ACKNOWLEDGE)


@pytest.fixture
def engine(tmp_path: Path, clock: FixedClock) -> Engine:
    return Engine(tmp_path, clock=clock, policy=policy.default())


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


class Heard:
    """A console that listens."""

    def __init__(self, engine: Engine) -> None:
        self.notices: list[Waiting] = []
        self._told = threading.Condition()
        engine.notices.subscribe(self._hear)

    def _hear(self, notice: Waiting) -> None:
        with self._told:
            self.notices.append(notice)
            self._told.notify_all()

    def wait(self, count: int) -> bool:
        with self._told:
            return self._told.wait_for(lambda: len(self.notices) >= count, LONG)


def until(engine: Engine, holds: Callable[[], bool]) -> bool:
    """Poke the sweep until it holds; the clock of these tests does not run by itself."""
    pause = threading.Event()
    for _look in range(round(LONG / 0.05)):
        if holds():
            return True
        engine.watching.poke()
        pause.wait(0.05)
    return False


def test_what_crosses_is_in_the_inbox_told_recorded_and_anchored(
    engine: Engine, clocks: Clocks, clock: FixedClock
) -> None:
    clocks.all = [breach(7, at=clock.now() + SECOND)]
    with engine:
        heard = Heard(engine)
        engine.watch(clocks)
        clock.advance(1)
        engine.watching.poke()
        assert heard.wait(1)
        (entry,) = engine.inbox.open_entries()
        assert (entry.ticket, heard.notices[0].entry) == (7, entry.id)
        engine.escalations.move(entry.id, TAKE, clock.now(), "Ann", policy.default().escalation)
        assert [row.action for row in engine.access.trail.rows(Wanted(object_kind="escalation"))] == [
            "escalation.acknowledge",
            "escalation.raise",
        ]
    with engine:
        found = engine.access.trail.verify()
        # The account of who made the database, the raise, and who took it.
        assert (found.rows, found.anchored) == (3, 3)
        assert engine.inbox.open_entries()[0].owner == "Ann"


def test_what_is_due_climbs_by_the_figures_in_force(engine: Engine, clocks: Clocks, clock: FixedClock) -> None:
    shipped = policy.default()
    rules = shipped.escalation
    slower = replace(shipped, escalation=replace(rules, level_timeout=rules.level_timeout._replace(p2=20 * MINUTE)))
    with engine:
        engine.watch(clocks)
        engine.set_policy(slower)
        clocks.all = [breach(7, at=clock.now() + SECOND)]
        clock.advance(1)
        assert until(engine, lambda: bool(engine.inbox.open_entries()))
        (entry,) = engine.inbox.open_entries()
        assert entry.due_at == clock.now() + 20 * MINUTE
        clock.advance(20 * 60)
        assert until(engine, lambda: engine.inbox.entry(entry.id).level == 1)


def test_who_logs_out_or_signs_off_leaves_nothing_behind(engine: Engine, clocks: Clocks, clock: FixedClock) -> None:
    def entry(number: int) -> Entry:
        return engine.inbox.entry(number)

    def say(kind: Kind, key: int, value: int = 0) -> None:
        told = LogEvent(kind, "Wang", clock.now(), key, value=value)
        assert engine.intake.submit("desk", [told], origin=Origin.STREAM).wait(LONG)

    rules = policy.default().escalation
    with engine:
        say(Kind.AGENT_STATE, 1, AgentState.AVAILABLE)
    with engine:
        engine.watch(clocks)
        engine.escalations.raise_all([breach(1), breach(2)], clock.now(), rules)
        engine.escalations.move(1, TAKE, clock.now(), "Ann", rules)
        back = Event(Happening.RETURN, "call them", until=clock.now() + 30 * MINUTE, to="Wang")
        engine.escalations.move(2, back, clock.now(), "Ann", rules)
        clock.advance(60)
        # The name is known from the run before; this event brings only its number.
        say(Kind.AGENT_LOGOUT, 2)
        assert until(engine, lambda: entry(2).state is State.RAISED)
        engine.sign_off("Ann", "Bob")
        assert until(engine, lambda: entry(1).owner == "Bob")


def test_one_turn_without_threads_is_enough_for_a_picture(engine: Engine, clocks: Clocks, clock: FixedClock) -> None:
    clocks.all = [breach(7, at=clock.now() - MINUTE)]
    engine.open()
    engine.watch(clocks, since=clock.now() - 5 * MINUTE, on_threads=False)
    assert [entry.ticket for entry in engine.inbox.open_entries()] == [7]
    with pytest.raises(RuntimeError, match="already"):
        engine.watch(clocks)
    engine.stop()


def test_finders_that_load_slowly_or_fail_hold_up_nobody(
    engine: Engine, clocks: Clocks, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LOAD_AGAIN", 0.0)
    troubles = [RuntimeError("a bug")]
    slowly = threading.Event()
    other = Clocks()
    other.all = [breach(8, at=clock.now() + SECOND)]

    def load(_progress: Progress) -> Sequence[Crossings]:
        if troubles:
            raise troubles.pop()
        assert slowly.wait(LONG)
        return [other]

    def tickets() -> list[int]:
        return sorted(entry.ticket for entry in engine.inbox.open_entries())

    clocks.all = [breach(7, at=clock.now() + SECOND)]
    with engine:
        engine.watch(clocks, load=load)
        clock.advance(2)
        assert until(engine, lambda: tickets() == [7])
        slowly.set()
        assert until(engine, lambda: tickets() == [7, 8])


def test_the_sweep_does_not_wait_for_a_finder_that_reads_for_another_policy(
    engine: Engine, clocks: Clocks, clock: FixedClock
) -> None:
    reading, go, built = threading.Event(), threading.Event(), threading.Event()
    told: list[Policy] = []

    class Reading(Clocks):
        def build_anew(self, figures: Policy, _progress: Progress) -> None:
            reading.set()
            assert go.wait(LONG)
            told.append(figures)
            built.set()

    other = policy.default()
    clocks.all = [breach(7, at=clock.now() + SECOND)]
    with engine:
        engine.watch(clocks, Reading())
        engine.set_policy(other)
        assert reading.wait(LONG)
        clock.advance(1)
        assert until(engine, lambda: bool(engine.inbox.open_entries()))
        assert told == []
        go.set()
        assert built.wait(LONG)
    assert told == [other]


def test_an_engine_that_stops_does_not_wait_for_what_still_loads(engine: Engine, clocks: Clocks) -> None:
    begun = threading.Event()

    def load(progress: Progress) -> Sequence[Crossings]:
        begun.set()
        pause = threading.Event()
        while True:
            progress.step(0, 1)
            pause.wait(0.01)

    with engine:
        engine.watch(load=load)
        assert begun.wait(LONG)


def test_a_closed_engine_has_no_inbox(engine: Engine) -> None:
    with engine:
        pass
    for part in ("escalations", "inbox", "access", "watching", "notices"):
        with pytest.raises(RuntimeError, match="not open"):
            getattr(engine, part)
