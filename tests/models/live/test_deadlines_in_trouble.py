"""What the due instants do where something fails or lasts: nobody is silenced by somebody else's trouble."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC

import pytest

from console.clock import MINUTE
from console.models.domain.calendars import Calendar, Holidays
from console.models.domain.clock_targets import ClockName
from console.models.domain.events import Kind
from console.models.domain.ports import Cancelled, Progress, Rows
from console.models.live.cycles import CycleFold
from console.models.policy.policy import Policy
from tests.models.live.test_deadlines import POLICY, SHIPPED, TARGETS, Live, events


def test_what_could_not_be_applied_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(events((1, Kind.CREATED, 0)))
    live.comes(events((2, Kind.CREATED, 5), (1, Kind.PUBLIC_REPLY, 20)))
    with monkeypatch.context() as patched:
        patched.setattr(CycleFold, "take_stopped", None)
        with pytest.raises(TypeError):
            live.named(0, 10)
    assert live.named(0, 310) == [("breach 2 first_response:1", 305)]


def test_a_year_without_holidays_hides_no_clock_of_another() -> None:
    """2026-10-14 is known, 2013 is not."""
    known = Holidays("days.toml", frozenset({2026}), frozenset(), frozenset())
    office = Calendar(UTC, (((0, 1440),),) * 7, holidays=known)
    targets = replace(TARGETS, calendar=office, business=frozenset(ClockName))
    old = -13 * 365 * 86_400
    live = Live(events((1, Kind.CREATED, old), (2, Kind.CREATED, 0)), replace(SHIPPED, targets=targets))
    assert live.named(0, 300) == [("breach 2 first_response:1", 300), ("wait 1 first_response:1", old + 1_800)]


def two_minutes() -> Policy:
    """The same rules with a first response due in two minutes instead of five."""
    first, *others = TARGETS.rules
    return replace(POLICY, targets=replace(TARGETS, rules=(first._replace(target=2 * MINUTE), *others)))


def test_the_former_figures_answer_while_the_log_is_read_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(events((1, Kind.CREATED, 0), (2, Kind.CREATED, 200)))
    reading, go = threading.Event(), threading.Event()
    stored = live.log.rows

    def slowly(after: int, until: int) -> Rows:
        reading.set()
        assert go.wait(30)
        return stored(after, until)

    monkeypatch.setattr(live.log, "rows", slowly)
    building = threading.Thread(target=live.deadlines.build_anew, args=(two_minutes(), Progress()))
    building.start()
    assert reading.wait(30)
    assert live.named(0, 310) == [("breach 1 first_response:1", 300)]
    live.comes(events((3, Kind.CREATED, 150), (2, Kind.PUBLIC_REPLY, 305)))
    assert live.named(310, 311) == []
    go.set()
    building.join()
    # Under the new figures 1 and 3 were due at once; 2 was answered in time.
    assert live.named(311, 312) == [("breach 1 first_response:1", 120), ("breach 3 first_response:1", 270)]
    assert live.named(312, 500) == []


def test_a_reading_that_is_given_up_or_fails_leaves_the_former_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live(events((1, Kind.CREATED, 0)))
    with pytest.raises(Cancelled):
        live.deadlines.build_anew(two_minutes(), Progress(cancelled=lambda: True))
    with monkeypatch.context() as patched:
        patched.setattr(live.log, "rows", None)
        with pytest.raises(TypeError):
            live.deadlines.build_anew(two_minutes(), Progress())
    assert live.named(0, 299) == []
    live.deadlines.build_anew(two_minutes(), Progress())
    assert live.named(299, 300) == [("breach 1 first_response:1", 120)]
