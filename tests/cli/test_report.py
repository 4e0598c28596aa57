"""``console report board``: its forms, and times as they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from console import cli
from console.clock import MINUTE
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Priority, Role, Status, Tier
from console.models.domain.events import Event, Kind, Origin
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
DOCUMENTED = (
    *("as_of", "time_zone", "waiting", "oldest_wait_seconds", "unassigned", "in_progress"),
    *("new", "open", "pending_customer", "pending_internal"),
    *("by_status", "by_channel", "by_type", "by_priority", "by_agent", "by_queue"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tickets: one answered, one that waits again, one that is new; the last event arrives out of order."""
    born = {"channel": Channel.WEB_CHAT, "type": InquiryType.ORDER_STATUS, "priority": Priority.HIGH, "tier": Tier.VIP}
    events = [
        Event(Kind.CREATED, "A", NINE, 1, value=pack(**born, status=Status.NEW), name="Logistics"),
        Event(Kind.ASSIGNED, "A", NINE + MINUTE, 2, name="王芳"),
        Event(Kind.STATUS_CHANGED, "A", NINE + MINUTE, 3, value=Status.OPEN),
        Event(Kind.PUBLIC_REPLY, "A", NINE + 2 * MINUTE, 4, actor="王芳", role=Role.AGENT),
        Event(Kind.CREATED, "B", NINE, 5, value=pack(channel=Channel.EMAIL, status=Status.NEW)),
        Event(Kind.CREATED, "C", NINE + 9 * MINUTE, 6, value=pack(channel=Channel.PHONE, status=Status.NEW)),
        Event(Kind.CUSTOMER_MESSAGE, "A", NINE + 5 * MINUTE, 7, role=Role.CUSTOMER),
        Event(Kind.STATUS_CHANGED, "B", NINE + 3 * MINUTE, 8, value=Status.PENDING_CUSTOMER),
    ]
    path = tmp_path_factory.mktemp("report")
    with Engine(path) as engine:
        for event in events:
            engine.intake.submit("test", [event], origin=Origin.POLL)
        engine.intake.submit("test", [], origin=Origin.POLL).wait()
    return path


def board(folder: Path, at: str, *words: str) -> dict[str, object]:
    data: dict[str, object] = here("report", "board", "--json", "--at", at, "--data-dir", folder, *words).data
    return data


def test_every_documented_key_is_there_and_in_the_help(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = board(folder, "2026-03-02T09:04Z")
    cli.main(["report", "board", "--help"])
    help_text = capsys.readouterr().out
    for key in DOCUMENTED:
        assert key in report
        assert key in help_text
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    for key in report:
        assert f"`{key}`" in reference


def test_the_numbers_follow_the_events(folder: Path) -> None:
    early = board(folder, "2026-03-02T09:00Z")
    assert (early["tickets"], early["waiting"], early["unassigned"], early["oldest_wait_seconds"]) == (2, 2, 2, 0)
    answered = board(folder, "2026-03-02T09:04Z")
    assert (answered["waiting"], answered["open"], answered["pending_customer"]) == (0, 1, 1)
    assert answered["oldest_wait_seconds"] is None
    assert answered["by_agent"] == {"王芳": {"waiting": 0, "in_progress": 1, "oldest_wait_seconds": None}}
    late = board(folder, "2026-03-02T09:10Z")
    assert (late["waiting"], late["oldest_wait_seconds"], late["in_progress"], late["new"]) == (2, 300, 3, 1)
    waiting = {"waiting": 1, "in_progress": 1, "oldest_wait_seconds": 300}
    assert late["by_queue"] == {"Logistics": waiting}
    assert late["by_agent"] == {"王芳": waiting}
    channels = late["by_channel"]
    assert isinstance(channels, dict)
    assert set(channels) == {"web_chat", "email", "phone"}
    assert channels["web_chat"] == waiting
    assert board(folder, "2026-03-01T00:00Z")["tickets"] == 0


def test_a_time_without_offset_is_the_console_s(folder: Path) -> None:
    there = board(folder, "2026-03-02T17:10", "--time-zone", "Asia/Shanghai")
    assert (there["as_of"], there["time_zone"]) == ("2026-03-02T17:10:00+08:00", "Asia/Shanghai")
    here = board(folder, "2026-03-02T09:10")
    assert (here["as_of"], here["time_zone"]) == ("2026-03-02T09:10:00+00:00", "UTC")
    assert there["by_channel"] == here["by_channel"]


def test_people_read_it_as_text(folder: Path) -> None:
    text = here("report", "board", "--at", "2026-03-02T09:10Z", "--data-dir", folder).out
    assert "2 waiting, the oldest for 5 min 0 s" in text
    assert "3 in progress, 2 of them unassigned" in text
    assert "王芳" in text


def test_it_reads_beside_a_console_that_writes(folder: Path) -> None:
    with Engine(folder):
        report = console("report", "board", "--json", "--at", "2026-03-02T09:10Z", "--data-dir", folder).data
    assert report["tickets"] == 3


def test_before_the_first_ticket_there_are_no_empty_tables(folder: Path) -> None:
    text = here("report", "board", "--at", "2026-03-02T08:59Z", "--data-dir", folder, "--time-zone", "UTC").out
    assert text == "Board at 2026-03-02T08:59:00+00:00 (UTC)\n\nNo ticket had come in by then.\n"
