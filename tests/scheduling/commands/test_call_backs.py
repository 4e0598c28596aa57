"""A missed call back comes into the inbox once, by its promise, and a kept one does not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import MINUTE, FixedClock
from console.models.domain.call_backs import Kept
from console.models.domain.escalation import Cause, State, Urgency
from console.models.store.database import place
from console.models.store.escalation_rows import SqlEscalationReader
from console.scheduling.commands.call_backs import CallBacks
from console.scheduling.escalations.sweeper import Sweeper
from tests.models.domain.escalation_cases import RULES
from tests.scheduling.commands.centre import ANN, Centre


@pytest.fixture
def centre(tmp_path: Path, clock: FixedClock) -> Iterator[Centre]:
    opened = Centre(place(tmp_path / "data"), clock)
    yield opened
    opened.close()


@pytest.fixture
def sweeper(centre: Centre) -> Sweeper:
    found = CallBacks(centre.pending)
    return Sweeper(centre.inbox, SqlEscalationReader(centre.readers), [found], lambda: RULES, centre.clock)


def test_a_missed_call_back_is_raised_once_at_its_instant(centre: Centre, sweeper: Sweeper) -> None:
    due = centre.clock.now() + 10 * MINUTE
    centre.act.call_back(ANN, 2, due, "Wang", "about the refund")
    assert sweeper.sweep().raised == ()
    assert sweeper.wait_seconds() == 1
    centre.clock.advance(600)
    (entry,) = sweeper.sweep().raised
    assert (entry.ticket, entry.key.cause, entry.rule, entry.urgency) == (2, Cause.BREACH, "R-PROMISE", Urgency.P2)
    assert (entry.occurred_at, entry.since, entry.reason) == (due, due - 10 * MINUTE, "about the refund")
    centre.clock.advance(30)
    assert sweeper.sweep().raised == ()


def test_a_kept_call_back_is_not_raised(centre: Centre, sweeper: Sweeper) -> None:
    centre.act.call_back(ANN, 2, centre.clock.now() + MINUTE, "Wang", "")
    (call,) = centre.pending.call_backs()
    sweeper.sweep()
    centre.act.settle_call_back(ANN, call.id, Kept.DONE)
    centre.clock.advance(90)
    assert sweeper.sweep().raised == ()


def test_one_that_was_missed_while_the_console_was_off_is_raised_at_the_start(centre: Centre) -> None:
    centre.act.call_back(ANN, 2, centre.clock.now() + MINUTE, "Wang", "")
    readers = SqlEscalationReader(centre.readers)
    Sweeper(centre.inbox, readers, [CallBacks(centre.pending)], lambda: RULES, centre.clock).sweep()
    centre.clock.advance(3_600)
    later = Sweeper(centre.inbox, readers, [CallBacks(centre.pending)], lambda: RULES, centre.clock)
    assert [entry.ticket for entry in later.sweep().raised] == [2]


def test_two_promises_for_one_ticket_are_two_matters(centre: Centre, sweeper: Sweeper) -> None:
    sweeper.sweep()
    for minutes in (1, 2):
        centre.act.call_back(ANN, 2, centre.clock.now() + minutes * MINUTE, "Wang", "")
    centre.clock.advance(180)
    assert [entry.key.cycle for entry in sweeper.sweep().raised] == ["call_back:1", "call_back:2"]
    assert all(entry.state is State.RAISED for entry in SqlEscalationReader(centre.readers).open_entries())
