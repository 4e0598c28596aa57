"""A year without announced holidays is asked for in time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from console.clock import micros
from console.models.policy import policy
from console.models.policy.outlook import lacking


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai")))


def test_the_next_year_is_asked_for_before_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text('[calendar]\ntime_zone = "Asia/Shanghai"\nholidays = "cn"\n', encoding="utf-8")
    told = policy.load_over_default(path)
    assert lacking(told, at("2026-10-20")) == ""
    assert "2027" in lacking(told, at("2026-11-22"))
    assert "cn.toml" in lacking(told, at("2026-11-22"))
    assert "2028" in lacking(told, at("2028-02-01")), "and it is told for as long as it is missing"


def test_without_public_holidays_nothing_is_missing() -> None:
    assert lacking(policy.default(), at("2040-01-01")) == ""
