"""Instants as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import micros
from console.errors import UsageError
from console.zones import instant, system_zone, written, zone

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:30", "2026-03-02 09:30:00", "2026-03-02T01:30Z", "2026-03-02T02:30+01:00", "20260302T0930"]
)
def test_a_time_without_offset_is_meant_in_the_local_zone(text: str) -> None:
    assert instant(text, SHANGHAI) == micros(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "now", "09:30", "2026-02-30T10:00", "2026-03-02T25:00", "9999-12-31T23:59-12:00"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        instant(text, UTC)
    assert "2026-03-01T09:30" in refused.value.remedy


def test_an_hour_that_the_clock_skips_or_repeats_needs_an_offset() -> None:
    with pytest.raises(UsageError, match="does not exist in Europe/Berlin"):
        instant("2026-03-29T02:30", BERLIN)
    with pytest.raises(UsageError, match="happens twice in Europe/Berlin"):
        instant("2026-10-25T02:30", BERLIN)
    assert instant("2026-10-25T02:30+01:00", BERLIN) == micros(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


@given(st.integers(0, 4_000_000_000_000_000), st.sampled_from([UTC, SHANGHAI, BERLIN]))
def test_what_is_written_is_read_again(at: int, local: ZoneInfo) -> None:
    assert instant(written(at, local), UTC) == at


def test_an_unknown_zone_is_refused() -> None:
    assert zone("Asia/Shanghai") == SHANGHAI
    for name in ("", "Mars/Olympus", "../etc/passwd"):
        with pytest.raises(UsageError, match="not a time zone"):
            zone(name)


def test_the_environment_names_the_zone_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":Asia/Shanghai")
    assert str(system_zone()) == "Asia/Shanghai"


def test_without_a_name_the_machine_still_has_a_zone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("console.zones._candidates", list)
    assert system_zone().utcoffset(datetime(2026, 3, 2, tzinfo=UTC)) is not None
