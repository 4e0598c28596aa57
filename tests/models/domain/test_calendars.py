"""Working calendars: the vectors against the plain reference, and the days that people ask about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from console.clock import DAY, HOUR, MINUTE, SECOND, micros, moment
from console.models.domain.calendars import (
    Calendar,
    Holidays,
    NeverOpensError,
    Period,
    Periods,
    UnknownYearError,
    always_open,
)
from tests.models.domain import calendar_reference as plain

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "UTC",
)
OFFICE: Periods = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
WEEKDAYS = (OFFICE,) * 5 + ((), ())
NIGHT: Periods = ((22 * 60, 30 * 60),)
# Gap and fold of each zone with summer time, where clocks most easily go wrong.
TRICKY = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 3, 15, 30, tzinfo=UTC),
    datetime(2026, 4, 5, 3, tzinfo=UTC),
    datetime(2026, 9, 6, 4, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC),
]


@some.composite
def a_day(draw: some.DrawFn) -> Periods:
    """Up to three periods, which may touch, overlap or pass midnight."""
    found: list[Period] = []
    for _turn in range(draw(some.integers(0, 3))):
        start = draw(some.integers(0, 24 * 60 - 1))
        found.append((start, draw(some.integers(start + 1, min(start + 20 * 60, 48 * 60)))))
    return tuple(found)


@some.composite
def calendars(draw: some.DrawFn) -> Calendar:
    kinds = some.one_of(a_day(), some.sampled_from([(), OFFICE, NIGHT, ((0, 24 * 60),)]))
    week = tuple(draw(kinds) for _day in range(7))
    days = some.integers(-20, 20).map(lambda n: timedelta(days=n))
    middle = draw(some.sampled_from(TRICKY)).date()
    exceptions = {middle + step: draw(kinds) for step in draw(some.lists(days, max_size=4))}
    holidays = None
    if draw(some.booleans()):
        off = frozenset(middle + step for step in draw(some.lists(days, max_size=4)))
        work = frozenset(middle + step for step in draw(some.lists(days, max_size=3)))
        holidays = Holidays("test.toml", frozenset(range(2020, 2040)), off, work - off)
    return Calendar(ZoneInfo(draw(some.sampled_from(ZONES))), week, exceptions, holidays, OFFICE)


@some.composite
def instants(draw: some.DrawFn) -> int:
    """Near a change of the clock more often than elsewhere, and often on the full minute, where edges are."""
    about = micros(draw(some.sampled_from(TRICKY)))
    minutes = some.one_of(some.integers(-180, 180), some.integers(-20 * 1440, 20 * 1440))
    fine = some.one_of(some.just(0), some.integers(-MINUTE, MINUTE))
    return about + draw(minutes) * MINUTE + draw(fine)


durations = some.one_of(some.integers(-SECOND, 0), some.integers(1, 4 * HOUR), some.integers(0, 96).map(HOUR.__mul__))


def agrees(calendar: Calendar, starts: list[int], ends: list[int], lengths: list[int]) -> None:
    """Every row of the vectors is what the plain way says."""
    worked = calendar.worked(starts, ends)
    assert worked.tolist() == [plain.worked(calendar, a, b) for a, b in zip(starts, ends, strict=True)]
    assert calendar.is_open(starts).tolist() == [plain.is_open(calendar, moment(at)) for at in starts]
    added = calendar.add(starts, lengths, otherwise=-1)
    for start, length, found in zip(starts, lengths, added.tolist(), strict=True):
        expected = plain.add(calendar, start, length)
        if expected is not None:
            assert found == expected
        else:
            assert found == -1 or found > start + plain.LONGEST // timedelta(microseconds=1)


rows = some.lists(some.tuples(instants(), instants(), durations), min_size=1, max_size=3)
Row = tuple[int, int, int]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendars(), rows)
def test_vectors_equal_the_plain_reference(calendar: Calendar, table: list[Row]) -> None:
    starts, ends, lengths = (list(column) for column in zip(*table, strict=True))
    agrees(calendar, starts, ends, lengths)


@pytest.mark.long
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(calendars(), rows)
def test_vectors_equal_the_plain_reference_ten_thousand_times(calendar: Calendar, table: list[Row]) -> None:
    starts, ends, lengths = (list(column) for column in zip(*table, strict=True))
    agrees(calendar, starts, ends, lengths)


@settings(max_examples=100, deadline=None)
@given(calendars(), instants(), some.integers(1, 40 * HOUR))
def test_adding_what_was_worked_comes_back(calendar: Calendar, start: int, length: int) -> None:
    due = int(calendar.add(start, length, otherwise=0))
    if due:
        assert int(calendar.worked(start, due)) == length
        assert int(calendar.worked(start, due - 1)) == length - 1, "an earlier instant would do"


def at(text: str, zone: ZoneInfo = SHANGHAI) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=zone))


def test_a_lunch_break_does_not_count() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS)
    assert int(office.worked(at("2026-03-02T11:30"), at("2026-03-02T13:15"))) == 45 * MINUTE
    assert int(office.add(at("2026-03-02T11:30"), HOUR)) == at("2026-03-02T13:30")


def test_working_time_that_ends_with_a_period_ends_there_and_not_after_the_break() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS)
    assert int(office.add(at("2026-03-06T17:00"), HOUR)) == at("2026-03-06T18:00"), "Friday, not Monday"


def test_the_night_shift_is_an_hour_longer_in_the_fold_and_shorter_in_the_gap() -> None:
    nights = Calendar(BERLIN, (NIGHT,) * 7)
    assert int(nights.worked(at("2026-10-24T22:00", BERLIN), at("2026-10-25T06:00", BERLIN))) == 9 * HOUR
    assert int(nights.worked(at("2026-03-28T22:00", BERLIN), at("2026-03-29T06:00", BERLIN))) == 7 * HOUR


def test_a_period_in_the_hour_that_is_skipped_is_not_worked() -> None:
    calendar = Calendar(BERLIN, (((120, 180),),) * 7)
    gap = at("2026-03-29T00:00", BERLIN)
    assert int(calendar.worked(gap, gap + DAY - HOUR)) == 0
    fold = at("2026-10-25T00:00", BERLIN)
    assert int(calendar.worked(fold, fold + DAY + HOUR)) == 2 * HOUR


def test_an_exception_closes_a_day_or_part_of_it() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS, {date(2026, 3, 3): (), date(2026, 3, 4): ((540, 720),)})
    assert int(office.worked(at("2026-03-03T00:00"), at("2026-03-04T00:00"))) == 0
    assert int(office.worked(at("2026-03-04T00:00"), at("2026-03-05T00:00"))) == 3 * HOUR


HOLIDAYS = Holidays(
    "cn.toml", frozenset({2026}), frozenset({date(2026, 10, 1)}), frozenset({date(2026, 10, 10), date(2026, 9, 20)})
)


def test_a_holiday_is_free_and_a_make_up_saturday_is_worked() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS, holidays=HOLIDAYS, makeup=OFFICE)
    assert int(office.worked(at("2026-10-01T00:00"), at("2026-10-02T00:00"))) == 0
    assert int(office.worked(at("2026-10-10T00:00"), at("2026-10-11T00:00"))) == 8 * HOUR


def test_a_year_without_data_is_asked_for() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS, holidays=HOLIDAYS, makeup=OFFICE)
    start = at("2026-12-31T17:00")
    assert int(office.add(start, HOUR)) == at("2026-12-31T18:00"), "2026 alone decides"
    with pytest.raises(UnknownYearError, match=r"2027.*cn\.toml") as caught:
        office.add(start, 2 * HOUR)
    assert (caught.value.year, caught.value.file) == (2027, "cn.toml")
    with pytest.raises(UnknownYearError, match="2027"):
        office.worked(start, at("2027-01-01T00:01"))
    with pytest.raises(UnknownYearError, match="2025"):
        office.is_open(at("2025-12-31T23:59"))
    assert office.add([start, start], [HOUR, 2 * HOUR], otherwise=0).tolist() == [start + HOUR, 0]
    assert office.known_until(start) == at("2027-01-01T00:00")
    ends = [at("2026-12-31T23:59"), at("2027-01-01T00:01")]
    assert office.is_known([start, start], ends).tolist() == [True, False]


def test_what_ends_with_the_last_known_midnight_needs_no_other_year() -> None:
    nights = Calendar(SHANGHAI, (((18 * 60, 24 * 60),),) * 7, holidays=HOLIDAYS)
    start, end = at("2026-12-31T23:00"), at("2027-01-01T00:00")
    assert int(nights.add(start, HOUR)) == end
    assert int(nights.worked(start, end)) == HOUR
    with pytest.raises(UnknownYearError, match="2027"):
        nights.is_open(end)


def test_a_calendar_that_never_opens_says_so() -> None:
    closed = Calendar(SHANGHAI, ((),) * 7, {date(2026, 3, 3): OFFICE})
    assert int(closed.add(at("2026-03-01T00:00"), 8 * HOUR)) == at("2026-03-03T18:00")
    with pytest.raises(NeverOpensError, match="does not open"):
        closed.add(at("2026-03-01T00:00"), 8 * HOUR + 1)
    assert int(closed.add(at("2026-03-04T00:00"), 1, otherwise=-5)) == -5


def test_round_the_clock_is_plain_arithmetic() -> None:
    calendar = always_open()
    assert calendar.always
    assert calendar.add([5, 7], [10, -3]).tolist() == [15, 7]
    assert calendar.worked(10, [5, 30]).tolist() == [-5, 20]
    assert calendar.is_open([0, DAY]).all()


def test_a_span_asked_for_later_may_lie_anywhere() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS)
    for year in (2026, 2010, 2031, 2020):
        monday = at(f"{year}-03-01T00:00") + (7 - date(year, 3, 1).weekday()) % 7 * DAY
        assert int(office.worked(monday, monday + 7 * DAY)) == 40 * HOUR


def test_nothing_asked_is_nothing_answered() -> None:
    office = Calendar(SHANGHAI, WEEKDAYS)
    none = np.empty(0, dtype=np.int64)
    assert office.worked(none, none).size == office.add(none, none).size == office.is_open(none).size == 0


@pytest.mark.parametrize("period", [(540, 540), (-1, 60), (1440, 1500), (600, 2881)])
def test_a_period_that_cannot_be_is_refused(period: Period) -> None:
    with pytest.raises(ValueError, match="period"):
        Calendar(SHANGHAI, ((period,),) + ((),) * 6)
