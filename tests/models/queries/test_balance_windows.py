"""The windows of the balance end now, begin where people say they begin, and fall apart without a gap (R-SKEW)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import DAY, HOUR, MINUTE, micros
from console.models.policy import policy as policies
from console.models.queries.balance_windows import WINDOWS, Window, custom, days, hours, window

SHANGHAI = replace(policies.default(), time_zone=ZoneInfo("Asia/Shanghai"))
BERLIN = replace(policies.default(), time_zone=ZoneInfo("Europe/Berlin"))
NIGHTS = replace(BERLIN, shifts=((6 * 60, 14 * 60), (14 * 60, 22 * 60), (22 * 60, 30 * 60)))
DAYTIME = replace(BERLIN, shifts=((9 * 60, 17 * 60),))
YEAR = micros(datetime(2026, 1, 1, tzinfo=UTC))


def at(text: str, zone: str = "Asia/Shanghai") -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("hour", "2026-03-04T09:30"),
        ("shift", "2026-03-04T08:00"),
        ("day", "2026-03-04T00:00"),
        ("week", "2026-03-02T00:00"),
    ],
)
def test_a_wednesday_morning_in_shanghai(name: str, begin: str) -> None:
    now = at("2026-03-04T10:30")
    assert window(name, now, SHANGHAI) == Window(at(begin), now)


@pytest.mark.parametrize(
    ("now", "begin"),
    [
        ("2026-03-04T23:10", "2026-03-04T22:00"),
        ("2026-03-05T02:10", "2026-03-04T22:00"),
        ("2026-03-05T06:00", "2026-03-04T22:00"),
        ("2026-03-05T06:01", "2026-03-05T06:00"),
        ("2026-03-29T05:00", "2026-03-28T22:00"),
    ],
)
def test_the_night_shift_goes_on_past_midnight(now: str, begin: str) -> None:
    moment = at(now, "Europe/Berlin")
    assert window("shift", moment, NIGHTS) == Window(at(begin, "Europe/Berlin"), moment)


def test_the_night_in_which_the_clock_goes_forward_has_seven_hours() -> None:
    found = window("shift", at("2026-03-29T06:00", "Europe/Berlin"), NIGHTS)
    assert found.end - found.begin == 7 * HOUR


def test_where_no_shift_runs_it_is_the_last_one() -> None:
    evening = at("2026-03-04T20:00", "Europe/Berlin")
    begin, end = at("2026-03-04T09:00", "Europe/Berlin"), at("2026-03-04T17:00", "Europe/Berlin")
    assert window("shift", evening, DAYTIME) == Window(begin, end)
    assert window("shift", begin, DAYTIME) == Window(begin - DAY, end - DAY), "at its first instant it has nothing yet"
    assert window("shift", evening, replace(BERLIN, shifts=())) == window("day", evening, BERLIN)


def test_of_two_shifts_that_run_it_is_the_one_that_began_last() -> None:
    overlapping = replace(BERLIN, shifts=((5 * 60, 13 * 60), (21 * 60, 30 * 60)))
    now = at("2026-03-04T05:30", "Europe/Berlin")
    assert window("shift", now, overlapping) == Window(at("2026-03-04T05:00", "Europe/Berlin"), now)


def test_at_midnight_the_day_is_the_one_that_ends() -> None:
    midnight = at("2026-03-02T00:00")
    assert window("day", midnight, SHANGHAI) == Window(midnight - DAY, midnight)
    assert window("week", midnight, SHANGHAI) == Window(midnight - 7 * DAY, midnight)


def test_what_lies_ahead_is_left_out() -> None:
    now = at("2026-03-04T10:30")
    assert custom(now - HOUR, now + HOUR, now) == Window(now - HOUR, now)
    assert custom(now - 2 * HOUR, now - HOUR, now) == Window(now - 2 * HOUR, now - HOUR)
    with pytest.raises(ValueError, match="nothing"):
        custom(now, now + HOUR, now)
    with pytest.raises(KeyError):
        window("year", now, SHANGHAI)


def test_the_day_on_which_the_clock_goes_back_has_25_hours() -> None:
    span = Window(at("2026-10-25T00:00", "Europe/Berlin"), at("2026-10-26T12:20", "Europe/Berlin"))
    first, second = days(span, BERLIN)
    assert first.end - first.begin == 25 * HOUR
    assert second.end - second.begin == 12 * HOUR + 20 * MINUTE
    parts = hours(span, BERLIN)
    assert len(parts) == 25 + 13
    assert parts[-1].end - parts[-1].begin == 20 * MINUTE


policies_of = st.sampled_from([SHANGHAI, BERLIN, NIGHTS, DAYTIME, replace(BERLIN, shifts=())])


@given(st.integers(0, 366 * 24 * 60), st.integers(1, 12 * 24 * 60), policies_of)
def test_hours_and_days_fill_any_span(start: int, length: int, policy: policies.Policy) -> None:
    span = Window(YEAR + start * MINUTE, YEAR + (start + length) * MINUTE)
    for parts, longest in ((hours(span, policy), HOUR), (days(span, policy), 25 * HOUR)):
        assert parts[0].begin == span.begin
        assert parts[-1].end == span.end
        assert all(one.end == following.begin for one, following in pairwise(parts))
        assert all(0 < one.end - one.begin <= longest for one in parts)
    for name in WINDOWS:
        found = window(name, span.begin, policy)
        assert found.begin < found.end <= span.begin
