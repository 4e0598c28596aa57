"""What the due instants do where something fails: nobody is silenced by somebody else's trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from console.models.domain.calendars import Calendar, Holidays
from console.models.domain.clock_targets import ClockName
from console.models.domain.events import Kind
from console.models.live.cycles import CycleFold
from tests.models.live.test_deadlines import SHIPPED, TARGETS, Live, events


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
