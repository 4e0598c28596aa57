"""``console report handover``: the sheet of a moment as text, as JSON and as a PDF."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from console.clock import MINUTE
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.escalation import Cause, Happening, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.escalation import Event as Step
from console.models.domain.events import Event, Kind, Origin
from console.models.policy import policy
from console.models.store import database
from console.models.store.database import place
from console.models.store.escalations import SqlEscalations
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
RULES = policy.default().escalation


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One ticket that waits with a promise, and its escalation, which Wang takes at 09:10 and resolves at 09:30."""
    path = tmp_path_factory.mktemp("handover")
    born = pack(channel=Channel.WECHAT, status=Status.OPEN)
    events = [
        Event(Kind.CREATED, "A-1", NINE, 1, value=born, detail={"subject": "包裹未到", "customer": "周敏"}),
        Event(Kind.CUSTOMER_MESSAGE, "A-1", NINE + MINUTE, 2, role=Role.CUSTOMER),
        Event(Kind.PROMISE_MADE, "A-1", NINE + 2 * MINUTE, 3, value=NINE + 25 * MINUTE),
    ]
    with Engine(path) as engine:
        engine.intake.submit("test", events, origin=Origin.POLL).wait()
    engine_ = database.writer(place(path).file)
    inbox = SqlEscalations(engine_, threading.Lock(), lambda _c, _m: None)
    key = Key(ObjectKind.TICKET, 1, Cause.BREACH, "first_response:1")
    at = NINE + 6 * MINUTE
    inbox.raise_all([Occurrence(key, "R-FRT-CHAT", NINE, at, Urgency.P2, 1)], at, RULES)
    inbox.move(1, Step(Happening.ACKNOWLEDGE), NINE + 10 * MINUTE, "Wang", RULES)
    inbox.move(1, Step(Happening.RESOLVE, "called"), NINE + 30 * MINUTE, "Wang", RULES)
    inbox.close()
    return path


def sheet(folder: Path, at: str) -> dict[str, object]:
    data: dict[str, object] = here("report", "handover", "--json", "--at", at, "--data-dir", folder).data
    return data


def test_it_tells_of_the_moment_that_is_asked_for(folder: Path) -> None:
    before, raised, taken, done = (sheet(folder, f"2026-03-02T09:{minute}Z") for minute in ("05", "08", "20", "40"))
    assert before["escalations"] == done["escalations"] == []
    assert [entry["state"] for entry in raised["escalations"]] == ["raised"]  # type: ignore[attr-defined]
    entry = taken["escalations"][0]  # type: ignore[index]
    assert (entry["state"], entry["owner"], entry["ticket"], entry["customer"]) == (
        "acknowledged",
        "Wang",
        "A-1",
        "周敏",
    )
    assert taken["holders"][0]["p2"] == 1  # type: ignore[index]
    assert taken["promises"][0]["due_at"].startswith("2026-03-02T09:25")  # type: ignore[index]
    assert done["shift"]["resolved"] == 1  # type: ignore[index]


def test_every_key_is_in_the_help_and_in_the_reference(folder: Path) -> None:
    told = console("report", "handover", "--help").out
    reference = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    for key in sheet(folder, "2026-03-02T09:20Z"):
        assert key in told
        assert key in reference


def test_people_read_it_as_text(folder: Path) -> None:
    said = here("report", "handover", "--at", "2026-03-02T09:20Z", "--data-dir", folder, "--time-zone", "UTC").out
    assert "Open now: 1 escalations" in said
    assert "周敏" in said
    assert "Promises to customers (1)" in said


def test_it_is_printed_into_a_pdf(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "sheet.pdf"
    ended = console("report", "handover", "--at", "2026-03-02T09:20Z", "--data-dir", folder, "--pdf", file)
    assert str(file) in ended.out
    assert ended.err == ""
    assert file.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--pdf", "x.pdf", "--json"), 2),
        (("--at", "2026-03-02T09:20Z", "--since", "2026-03-02T10:00Z"), 2),
        (("--at", "2026-03-02T09:20Z", "--pdf", "/none/such/folder/x.pdf"), 3),
    ],
)
def test_wrong_requests_are_told(folder: Path, words: tuple[str, ...], code: int) -> None:
    ended = console("report", "handover", "--data-dir", folder, *words, code=code)
    assert ended.err.startswith("Error: ")
    assert "Traceback" not in ended.err
    with pytest.raises(json.JSONDecodeError):
        json.loads(ended.out)
