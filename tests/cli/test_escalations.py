"""``console escalations``: the inbox for scripts, beside a running console."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import MINUTE, FixedClock
from console.engine import Engine
from console.models.domain.escalation import Event, Happening, Urgency
from console.models.domain.events import Origin
from console.models.policy import policy
from tests.cli.run import here
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.models.store.conftest import created

SHANGHAI = ("--time-zone", "Asia/Shanghai")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two tickets in the inbox: one that Ann has, one that climbed; and one that is over."""
    path = tmp_path / "data"
    with Engine(path, clock=FixedClock(NOON), policy=policy.default()) as engine:
        born = [created(f"T-{number}", number) for number in (1, 2, 3)]
        assert engine.intake.submit("desk", born, origin=Origin.STREAM).wait(30)
        writer = engine.escalations
        found = [breach(1), breach(2, urgency=Urgency.P1), breach(3)]
        writer.raise_all(found, NOON, RULES, swept_to=NOON)
        writer.move(1, Event(Happening.ACKNOWLEDGE), NOON, "Ann", RULES)
        writer.move(3, Event(Happening.RESOLVE, "called back"), NOON, "Ann", RULES)
        for at in (NOON + 2 * MINUTE, NOON + 30 * MINUTE):
            writer.fire(writer.claim_due(at, 1, 9), at, RULES)
    return path


def test_the_inbox_as_data(home: Path) -> None:
    found = here("escalations", "list", "--json", *SHANGHAI, "--data-dir", home).data
    assert found["swept_to"] == "2026-03-02T18:00:00+08:00"
    assert [(entry["number"], entry["ticket"], entry["urgency"]) for entry in found["entries"]] == [
        (2, "T-2", "p1"),
        (1, "T-1", "p2"),
    ]
    taken = found["entries"][1]
    assert (taken["owner"], taken["state"], taken["rule"], taken["cause"]) == (
        "Ann",
        "acknowledged",
        "R-FRT-CHAT",
        "breach",
    )
    assert taken["since"] == "2026-03-02T17:55:00+08:00"
    assert taken["due_at"] == "2026-03-02T18:35:00+08:00"


def test_what_is_over_is_listed_when_asked_for(home: Path) -> None:
    def numbers(*words: str) -> list[int]:
        entries = here("escalations", "list", "--json", "--data-dir", home, *words).data["entries"]
        return [entry["number"] for entry in entries]

    assert numbers("--all") == [1, 2, 3]
    assert numbers("--all", "--ticket", "T-3") == [3]
    assert numbers("--urgency", "p1") == [2]


def test_one_entry_with_its_history_and_who_was_told(home: Path) -> None:
    found = here("escalations", "show", 2, "--json", "--data-dir", home).data
    assert [(step["what"], step["level"]) for step in found["history"]] == [("raise", 0), ("due", 1), ("due", 2)]
    assert [(notice["news"], notice["to"], notice["state"]) for notice in found["notices"][-3:]] == [
        ("climbed", "shift_supervisor", "waiting"),
        ("climbed", "duty_manager", "waiting"),
        ("climbed", "head_of_service", "waiting"),
    ]


def test_for_people(home: Path) -> None:
    said = here("escalations", "list", "--data-dir", home).out
    assert "T-2" in said
    assert "Ann" in said
    assert "2 entries." in said
    assert "called back" in here("escalations", "show", 3, "--data-dir", home).out


def test_a_number_that_is_not_there_is_no(home: Path) -> None:
    assert "no escalation 9" in here("escalations", "show", 9, "--data-dir", home, code=1).err
    here("escalations", "show", "nine", "--data-dir", home, code=2)


def test_it_reads_beside_a_running_console_and_makes_nothing(home: Path, tmp_path: Path) -> None:
    with Engine(home):
        assert len(here("escalations", "list", "--json", "--data-dir", home).data["entries"]) == 2
    here("escalations", "list", "--data-dir", tmp_path / "none", code=3)
    assert not (tmp_path / "none").exists()
