"""The table of public holidays: what is shipped, and what a wrong table is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from console.models.policy import holidays
from console.models.policy.holidays import HolidaysError


def test_the_chinese_days_are_those_that_were_announced() -> None:
    """State Council notices for 2024 and 2026, by hand."""
    china = holidays.of_country("CN")
    assert china.years == frozenset(range(2004, 2027))
    assert {date(2026, 2, day) for day in range(15, 24)} <= china.off
    assert {date(2026, 2, 14), date(2026, 2, 28), date(2026, 1, 4), date(2026, 5, 9)} <= china.work
    assert {date(2026, 9, 20), date(2026, 10, 10)} <= china.work
    assert {date(2024, 2, 4), date(2024, 2, 18), date(2024, 4, 7), date(2024, 10, 12)} <= china.work
    assert china.file.endswith("cn.toml")


def test_make_up_workdays_fall_on_weekends_and_no_day_is_both() -> None:
    china = holidays.of_country("CN")
    assert all(day.weekday() >= 5 for day in china.work)
    assert not china.off & china.work


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[2026]\noff = [2025-01-01]\n", r"2026\.off: 2025-01-01 is not a day of 2026"),
        ("[2026]\noff = ['soon']\n", r"2026\.off: soon"),
        ("[2026]\nwork = 3\n", r"2026\.work: it is not a list"),
        ("[2026]\noff = [2026-01-01]\nwork = [2026-01-01]\n", "2026-01-01 is both"),
        ("[2026\n", "cannot be read"),
    ],
)
def test_a_wrong_table_is_told_where(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "de.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HolidaysError, match=told):
        holidays.read(path)


def test_a_country_without_a_table_is_told_so() -> None:
    with pytest.raises(HolidaysError, match="no public holidays for XX"):
        holidays.of_country("XX")
