"""The watch over the inbox: reads only when something changed, calls when something needs a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.clock import MINUTE, SECOND, FixedClock
from console.models.domain.escalation import Entry, Event, Happening, Urgency
from console.models.domain.escalation_ports import EscalationReader
from console.views.inbox_watch import InboxWatch
from console.views.late import LateInbox
from console.views.ops import InlineExecutor, Ops
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.views.screens.inbox_case import StoreInbox


class Heard:
    def __init__(self, reader: EscalationReader, clock: FixedClock) -> None:
        self.ops = Ops(InlineExecutor(), InlineExecutor())
        self.watch = InboxWatch(reader, self.ops, clock)
        self.changes = 0
        self.called: list[list[Entry]] = []
        self.failures: list[object] = []
        self.watch.changed.connect(self._on_changed)
        self.watch.called.connect(self.called.append)
        self.watch.failed.connect(self.failures.append)

    def _on_changed(self) -> None:
        self.changes += 1


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreInbox]:
    made = StoreInbox(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def heard(store: StoreInbox, qtbot: QtBot) -> Iterator[Heard]:
    made = Heard(store.read, FixedClock(NOON))
    yield made
    made.watch.stop()
    made.ops.close()


def test_the_first_look_is_the_state_of_things_and_no_event(store: StoreInbox, heard: Heard) -> None:
    store.write.raise_all([breach()], NOON, RULES)
    heard.watch.look()
    assert heard.changes == 1
    assert heard.called == []


def test_what_comes_in_calls_once(store: StoreInbox, heard: Heard) -> None:
    heard.watch.look()
    store.write.raise_all([breach(), breach(18, urgency=Urgency.P1)], NOON, RULES)
    heard.watch.look()
    heard.watch.look()
    assert [[entry.ticket for entry in entries] for entries in heard.called] == [[18, 17]]
    assert heard.changes == 2


def test_whoever_takes_an_entry_calls_nobody_and_whoever_leaves_it_does(store: StoreInbox, heard: Heard) -> None:
    store.write.raise_all([breach()], NOON, RULES)
    heard.watch.look()
    store.write.move(1, Event(Happening.ACKNOWLEDGE), NOON, "ann", RULES)
    heard.watch.look()
    assert heard.called == []
    store.write.move(1, Event(Happening.OWNER_LEFT), NOON + MINUTE, "system", RULES)
    heard.watch.look()
    assert len(heard.called) == 1


def test_a_climb_calls(store: StoreInbox, heard: Heard) -> None:
    store.write.raise_all([breach()], NOON, RULES)
    heard.watch.look()
    due = NOON + 5 * MINUTE
    store.write.fire(store.write.claim_due(due, SECOND, 10), due, RULES)
    heard.watch.look()
    assert [entries[0].level for entries in heard.called] == [1]


def test_until_the_database_is_open_nothing_has_failed(qtbot: QtBot) -> None:
    def closed() -> EscalationReader:
        raise RuntimeError("not open")

    heard = Heard(LateInbox(closed), FixedClock(NOON))
    heard.watch.look()
    assert heard.watch.inbox is None
    assert heard.watch.error is None
    heard.ops.close()


def test_a_failure_is_told_and_the_next_look_mends_it(
    store: StoreInbox, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write.raise_all([breach()], NOON, RULES)

    def locked() -> None:
        raise OSError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(store.read, "watermark", locked)
        heard.watch.look()
    assert isinstance(heard.watch.error, OSError)
    assert len(heard.failures) == 1
    heard.watch.look()
    assert heard.watch.error is None
    assert heard.changes == 1


def test_a_nudge_from_any_thread_brings_a_look(store: StoreInbox, heard: Heard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(heard.watch.looked):
        heard.watch.nudge()


def test_a_look_that_was_asked_for_meanwhile_follows(store: StoreInbox, heard: Heard, qtbot: QtBot) -> None:
    heard.watch._busy = True
    heard.watch.look()
    heard.watch._busy = False
    with qtbot.waitSignals([heard.watch.looked, heard.watch.looked]):
        heard.watch.look()
