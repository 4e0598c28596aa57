"""Times and figures are written short, exact and the same way everywhere."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from console.clock import micros
from console.views import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")
KOLKATA = ZoneInfo("Asia/Kolkata")
NOW = 1_795_312_800_000_000


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (4_320, "1 h 12 min"),
        (86_400, "1 d"),
        (97_200, "1 d 3 h"),
    ],
)
def test_a_span_shows_its_two_largest_units(seconds: float, words: str) -> None:
    assert formats.span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(187, "3:07"), (0, "0:00"), (0.4, "0:00"), (-42, "−0:42"), (4_320, "1:12:00"), (-4_320, "−1:12:00")],
)
def test_a_countdown_runs_to_the_second_and_past_it(seconds: float, words: str) -> None:
    assert formats.countdown(seconds) == words


def test_figures_are_grouped_and_shares_know_their_whole() -> None:
    assert formats.count(1_284_003) == "1\N{NO-BREAK SPACE}284\N{NO-BREAK SPACE}003"
    assert formats.percent(412, 455) == "91\N{NO-BREAK SPACE}%"
    assert formats.percent(0, 0) == formats.DASH


def test_instants_are_written_in_the_zone_of_the_console() -> None:
    assert formats.time_of_day(NOW, SHANGHAI) == "10:00:00"
    assert formats.date(NOW, SHANGHAI) == "Sun 22 Nov 2026"
    assert formats.instant(NOW, SHANGHAI) == "2026-11-22 10:00"
    assert formats.zone_name(NOW, SHANGHAI) == "UTC+8"
    assert formats.zone_name(NOW, KOLKATA) == "UTC+5:30"
    assert formats.zone_name(NOW, ZoneInfo("UTC")) == "UTC"


def test_the_zone_follows_summer_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert formats.zone_name(micros(datetime(2026, 7, 1, tzinfo=UTC)), berlin) == "UTC+2"
    assert formats.zone_name(micros(datetime(2026, 12, 1, tzinfo=UTC)), berlin) == "UTC+1"
    assert formats.zone_name(NOW, ZoneInfo("America/St_Johns")) == "UTC−3:30"
