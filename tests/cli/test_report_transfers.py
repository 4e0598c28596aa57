"""``console report transfers``: the documented keys, the words for people, and what cannot be asked (R-TRANSFER)."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import DAY, HOUR, MINUTE
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Role
from console.models.domain.events import Event, Kind, Origin
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
SPAN = ("--from", "2026-03-02T09:00Z", "--to", "2026-03-02T17:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six contacts: three stay, one is passed on, one comes back, one goes round; the day before three come back."""
    path = tmp_path_factory.mktemp("transfers")
    events: list[Event] = []

    def tell(kind: Kind, subject: str, at: int, actor: str = "", name: str = "", value: int = 0) -> None:
        role = Role.AGENT if actor else Role.SYSTEM
        detail = {"team": "红队"} if kind is Kind.AGENT_LOGIN and subject == "李娜" else None
        events.append(Event(kind, subject, at, len(events), len(events), actor, role, value, name, detail=detail))

    def contact(ticket: str, at: int, *owners: str, kind: InquiryType = InquiryType.COMPLAINT) -> None:
        tell(Kind.CREATED, ticket, at, name="Chat", value=pack(channel=Channel.WEB_CHAT, type=kind))
        for place, owner in enumerate(owners):
            tell(Kind.ASSIGNED, ticket, at + place * MINUTE, owners[place - 1] if place else "", owner)
        tell(Kind.ENDED, ticket, at + HOUR, owners[-1], value=3 * MINUTE)

    for agent in ("李娜", "Wang", "Zhao"):
        tell(Kind.AGENT_LOGIN, agent, NINE - DAY, value=4)
    for number in range(3):
        contact(f"Y{number}", NINE - 8 * HOUR, "李娜", "Wang", "李娜")
        contact(f"C{number}", NINE + HOUR, "李娜", kind=InquiryType.WARRANTY)
    contact("once", NINE + HOUR, "李娜", "Wang")
    contact("back", NINE + HOUR, "李娜", "Wang", "李娜")
    contact("round", NINE + HOUR, "李娜", "Wang", "Zhao")
    with Engine(path) as engine:
        assert engine.intake.submit("desk", events, origin=Origin.POLL).wait(30)
    return path


def test_every_documented_key(folder: Path) -> None:
    told = here("report", "transfers", *SPAN, "--json", "--data-dir", folder).data
    about = console("report", "transfers", "--help").out
    words = {word.strip(",:;()") for word in about.split()}
    assert set(told) <= words
    assert set(told["by_agent"][0]) | set(told["needless_transfers"][0]) | set(told["handle_time"]) <= words
    assert (told["contacts"], told["transferred_contacts"], told["transferred_share"]) == (6, 3, 0.5)
    assert [told[key] for key in ("transfers", "needless", "returned", "repeated", "ping_pong")] == [5, 2, 1, 2, 1]
    before = told["before"]
    assert (before["from"][:16], before["contacts"], before["transfers"], before["needless"]) == (
        "2026-03-02T01:00",
        3,
        6,
        3,
    )
    assert told["needless_change"] == pytest.approx((2 / 6) / (3 / 3) - 1)
    assert told["halved"] is True
    assert [(one["type"], one["contacts"], one["needless"]) for one in told["by_type"]] == [
        ("complaint", 3, 2),
        ("warranty", 3, 0),
    ]
    assert told["by_agent"][0] == {
        "agent": "Wang",
        "passed_on": 2,
        "needless_passed_on": 2,
        "received": 3,
        "needless_received": 0,
    }
    assert [(one["ticket"], one["from"], one["to"], one["ping_pong"]) for one in told["needless_transfers"]] == [
        ("back", "Wang", "李娜", True),
        ("round", "Wang", "Zhao", False),
    ]
    assert told["handle_time"] == {
        "goal_minutes": 2.0,
        "contacts": 6,
        "mean_minutes": pytest.approx(3),
        "median_minutes": pytest.approx(3),
        "over_goal_share": 1.0,
        "met": False,
    }


def test_the_words_for_people(folder: Path) -> None:
    said = here("report", "transfers", *SPAN, "--data-dir", folder).out
    assert "6 contacts, 3 of them transferred (50.0%)" in said
    assert "5 transfers, 2 of them needless: 1 back, 2 repeated; 1 ping-pong" in said
    assert "-67% against the time before. The goal, half of them, is reached." in said
    assert "Handle time: 3.0 min on average, goal 2; median 3.0; 100% over the goal" in said
    first = here(
        "report", "transfers", "--from", "2026-03-02T00:00Z", "--to", "2026-03-02T09:00Z", "--data-dir", folder
    )
    assert "There were no needless transfers in the time before." in first.out


def test_a_team_and_a_type_limit_it(folder: Path) -> None:
    for words, transfers in ((("--team", "红队"), 3), (("--type", "warranty"), 0), (("--channel", "web_chat"), 5)):
        told = here("report", "transfers", *SPAN, *words, "--json", "--data-dir", folder).data
        assert told["transfers"] == transfers, words


def test_an_empty_span_has_no_handle_time(folder: Path) -> None:
    words = ("--from", "2026-02-02T09:00Z", "--to", "2026-02-02T10:00Z")
    told = here("report", "transfers", *words, "--json", "--data-dir", folder).data
    assert (told["contacts"], told["handle_time"], told["needless_change"]) == (0, None, None)
    assert "0 contacts" in here("report", "transfers", *words, "--data-dir", folder).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "2026-03-03", "--to", "2026-03-02"), "ends before"),
        (("--team", "蓝队"), "红队"),
        (("--window", "hour", "--from", "2026-03-02"), "Give one"),
        (("--type", "love"), "order_status"),
    ],
)
def test_what_cannot_be_asked_is_told(folder: Path, words: tuple[str, ...], says: str) -> None:
    assert says in console("report", "transfers", *words, "--data-dir", folder, code=2).err
