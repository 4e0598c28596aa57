"""Times as logs write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import micros
from console.connectors.files.times import NotATime, TimeReader

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NINE = micros(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d-%m-%Y %H:%M", "02-03-2026 09:30"),
        ("%d-%m-%Y %H:%M", "2-3-2026 9:30"),
        ("%d.%m.%Y %H:%M:%S", "02.03.2026 09:30:00"),
        ("%m/%d/%Y %I:%M %p", "03/02/2026 09:30 AM"),
        ("%Y年%m月%d日 %H:%M", "2026年3月2日 09:30"),
        ("iso", "2026-03-02T09:30"),
        ("iso", "2026-03-02T01:30:00Z"),
        ("epoch", "1772415000"),
        ("epoch", "1772415000000"),
        ("epoch", "1772415000000000"),
        ("%d-%m-%Y", "2026-03-02 09:30:00"),
    ],
)
def test_forms_are_read_in_the_zone_of_the_log(form: str, text: str) -> None:
    assert TimeReader([form], SHANGHAI).read(text) == NINE


@pytest.mark.parametrize("text", ["", "?", "31-02-2026 10:00", "02-03-2026", "02-03-2026 09:30 x", "99-99-9999 99:99"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotATime):
        TimeReader(["%d-%m-%Y %H:%M"], UTC).read(text)


@given(st.datetimes(datetime(1981, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001 - local times, as logs have them
def test_the_quick_way_says_the_same_as_the_library(moment: datetime) -> None:
    form = "%d-%m-%Y %H:%M:%S"
    text = moment.strftime(form)
    expected = micros(moment.replace(microsecond=0, tzinfo=UTC))
    assert TimeReader([form], UTC).read(text) == expected


def test_hours_that_happen_twice_or_never_are_counted() -> None:
    times = TimeReader(["iso"], BERLIN)
    assert times.read("2026-10-25T02:30") == micros(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    times.read("2026-10-25T02:30")
    assert (times.twice, times.skipped) == (1, 0)
    times.read("2026-03-29T02:30")
    assert (times.twice, times.skipped, times.zoneless) == (1, 1, 2)
