"""``console report balance``: the documented keys, the words for people, and what cannot be asked."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from console.clock import HOUR, MINUTE
from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import Event, Kind, Origin
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
SPAN = ("--from", "2026-03-02T09:00Z", "--to", "2026-03-02T17:00Z")
TEAM = ("李娜", "王伟", "Zhao", "Chen", "Sun", "Wu", "Zhou", "Xu", "Ma", "Hu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten people for eight hours: three take 40 contacts each for themselves, the routing gives five to each other."""
    path = tmp_path_factory.mktemp("balance")
    (path / "policy.toml").write_text('[calendar]\ntime_zone = "UTC"\n', encoding="utf-8")
    events: list[Event] = []

    def tell(kind: Kind, subject: str, at: int, actor: str = "", name: str = "", value: int = 0) -> None:
        role = Role.AGENT if actor else Role.SYSTEM
        detail = {"team": "红队"} if kind is Kind.AGENT_LOGIN and subject in TEAM[:2] else None
        events.append(Event(kind, subject, at, len(events), len(events), actor, role, value, name, detail=detail))

    for agent in TEAM:
        tell(Kind.AGENT_LOGIN, agent, NINE, value=4)
        tell(Kind.AGENT_LOGOUT, agent, NINE + 8 * HOUR)
    number = 0
    for place, agent in enumerate(TEAM):
        for _contact in range(40 if place < 3 else 5):
            number += 1
            ticket, at = f"T{number}", NINE + number * MINUTE
            tell(Kind.CREATED, ticket, at, name="Chat", value=pack(channel=Channel.WEB_CHAT))
            tell(Kind.ASSIGNED, ticket, at, actor=agent if place < 3 else "", name=agent)
            tell(Kind.PUBLIC_REPLY, ticket, at + MINUTE, actor=agent)
    with Engine(path) as engine:
        assert engine.intake.submit("desk", events, origin=Origin.POLL).wait(30)
    return path


def test_every_documented_key(folder: Path) -> None:
    told = here("report", "balance", *SPAN, "--json", "--data-dir", folder).data
    about = console("report", "balance", "--help").out
    assert set(told) - {"time_zone"} <= {word.strip(",:") for word in about.split()}
    assert (told["measure"], told["agents"], told["contacts"], told["minutes"]) == ("handled", 10, 155, 155.0)
    assert (told["staffed_hours"], told["presence"]) == (80.0, "told")
    assert told["top30_share"] == pytest.approx(120 / 155)
    low, high = told["share_interval"]
    assert low < told["top30_share"] < high
    assert told["alarm"]
    assert told["p_value"] == pytest.approx(0.001)
    assert told["lorenz"][0] == [0.0, 0.0]
    assert told["lorenz"][-1] == [pytest.approx(1.0), pytest.approx(1.0)]
    area = sum((x1 - x0) * (y0 + y1) for (x0, y0), (x1, y1) in pairwise(told["lorenz"]))
    assert told["gini"] == pytest.approx(1 - area)
    assert sum(told["causes"]["parts"].values()) == pytest.approx(told["causes"]["excess"])
    assert told["causes"]["parts"]["picked"] == pytest.approx(84 / 155)
    assert sum(one["contacts"] for one in told["by_agent"]) == 155
    assert told["by_agent"][0]["agent"] in TEAM[:3]
    assert told["by_agent"][0]["fair_contacts"] == 15.5
    assert told["left_out"] == []
    assert told["in_minutes"]["top30_share"] == pytest.approx(told["top30_share"])


def test_the_words_for_people(folder: Path) -> None:
    said = here("report", "balance", *SPAN, "--data-dir", folder, "--time-zone", "UTC").out
    assert "ALARM" in said
    assert "contacts: the busiest carry 77% (on a fair day 3" in said
    assert "+54.2  Self-picking" in said
    assert "李娜" in said
    assert "minutes  hours there" in said, "headings do not run into each other"


def test_who_and_what_is_behind_each_cause(folder: Path) -> None:
    causes = here("report", "balance", *SPAN, "--json", "--data-dir", folder).data["causes"]
    assert set(causes["behind"]) == set(causes["parts"])
    for name, part in causes["parts"].items():
        for one, behind in causes["behind"][name].items():
            assert sum(each["share"] for each in behind) == pytest.approx(part, abs=1e-9), (name, one)
    assert {each["agent"] for each in causes["behind"]["picked"]["agents"][:3]} == set(TEAM[:3])
    said = here("report", "balance", *SPAN, "--data-dir", folder).out
    assert "+54.2  Self-picking\n          " in said


def test_the_history_by_hours_and_days(folder: Path) -> None:
    words = ("report", "balance", *SPAN, "--time-zone", "UTC")
    told = here(*words, "--history", "hour", "--json", "--data-dir", folder).data
    assert len(told["history"]) == 8
    assert sum(point["contacts"] for point in told["history"]) == told["contacts"]
    first = here(*words[:2], "--from", "2026-03-02T09:00Z", "--to", "2026-03-02T10:00Z", "--json", "--data-dir", folder)
    point = told["history"][0]
    for key in ("agents", "contacts", "top30_share", "share_interval", "gini"):
        assert point[key] == first.data[key], key
    assert point["in_minutes"]["gini"] == first.data["in_minutes"]["gini"]
    assert "top30_share" not in told["history"][-1], "nothing was handled in the last hour"
    said = here(*words, "--history", "day", "--data-dir", folder).out
    assert "2026-03-02T09:00:00+00:00           10          155            77%" in said


def test_a_window_and_a_team_limit_it(folder: Path) -> None:
    words = ("report", "balance", "--to", "2026-03-02T10:30Z", "--window", "hour", "--json", "--data-dir", folder)
    told = here(*words).data
    assert (told["from"][:16], told["to"][:16]) == ("2026-03-02T09:30", "2026-03-02T10:30")
    assert told["contacts"] == 60
    for window, begin in (("shift", "2026-03-02T08:00"), ("day", "2026-03-02T00:00"), ("week", "2026-03-02T00:00")):
        words = ("report", "balance", "--to", "2026-03-02T11:00Z", "--window", window, "--json", "--data-dir", folder)
        told = here(*words).data
        assert (told["from"][:16], told["contacts"]) == (begin, 118), window
    team = here("report", "balance", *SPAN, "--team", "红队", "--json", "--data-dir", folder).data
    assert (team["agents"], team["contacts"]) == (2, 80)
    assert {one["team"] for one in team["by_agent"]} == {"红队"}


def test_what_is_open_is_a_measure_of_its_own(folder: Path) -> None:
    """At ten everybody is there; sixty contacts were given out, and none of them is over."""
    words = ("report", "balance", "--measure", "open", "--to", "2026-03-02T10:00Z", "--data-dir", folder)
    told = here(*words, "--json").data
    handled = here("report", "balance", *SPAN, "--json", "--data-dir", folder).data
    about = {word.strip(".,:;()") for word in console("report", "balance", "--help").out.split()}
    assert set(handled) - set(told) == {"from", "to", "left_out"}
    assert set(told) | set(told["by_agent"][0]) <= about
    assert (told["measure"], told["agents"], told["contacts"]) == ("open", 10, 60)
    assert (told["staffed_hours"], told["causes"], told["unassigned"], told["away"]) == (None, None, 0, [])
    assert {one["agent"]: one["contacts"] for one in told["by_agent"]} == {
        name: {"李娜": 40, "王伟": 20}.get(name, 0) for name in TEAM
    }
    assert told["top30_share"] == 1.0
    assert not told["uneven"], "until ten nobody else had ever handled this queue"
    said = here(*words).out
    assert "contacts: the busiest carry 100% (on a fair day 100%)" in said
    assert "Nobody's: 0" in said
    nobody = (*words[:4], "--to", "2026-03-02T18:00Z", "--data-dir", folder)
    assert here(*nobody, "--json").data["agents"] == 0
    assert "Nobody is there." in here(*nobody).out


def test_an_empty_span_says_so(folder: Path) -> None:
    span = ("--from", "2026-04-02T09:00Z", "--to", "2026-04-02T10:00Z")
    assert here("report", "balance", *span, "--json", "--data-dir", folder).data["agents"] == 0
    assert "Nothing was handled" in here("report", "balance", *span, "--data-dir", folder).out


def test_a_queue_a_channel_and_a_type_limit_it(folder: Path) -> None:
    for words, contacts in (
        (("--queue", "Chat"), 155),
        (("--channel", "web_chat"), 155),
        (("--channel", "email"), None),
        (("--type", "complaint"), None),
    ):
        told = here("report", "balance", *SPAN, *words, "--json", "--data-dir", folder).data
        assert told.get("contacts") == contacts, words


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "2026-03-03", "--to", "2026-03-02"), "ends before"),
        (("--queue", "Nobody"), "Chat"),
        (("--channel", "pigeon"), "web_chat"),
        (("--type", "love"), "order_status"),
        (("--team", "蓝队"), "红队"),
        (("--window", "day", "--from", "2026-03-02"), "Give one"),
        (("--measure", "open", "--window", "day"), "Give --to alone"),
        (("--measure", "open", "--history", "day"), "Give --to alone"),
    ],
)
def test_what_cannot_be_asked_is_told(folder: Path, words: tuple[str, ...], says: str) -> None:
    assert says in console("report", "balance", *words, "--data-dir", folder, code=2).err
