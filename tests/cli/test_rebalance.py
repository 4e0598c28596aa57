"""``console rebalance --propose``: the documented keys, the words for people, and what cannot be asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.engine import Engine
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.roles import Actor
from tests.cli.run import console, here

NINE = 1_772_442_000_000_000  # 2026-03-02T09:00Z
ASK = ("rebalance", "--propose", "--at", "2026-03-02T10:00Z")
TEAM = ("李娜", "王伟", "Zhao", "Chen", "Sun", "Wu", "Zhou", "Xu", "Ma", "Hu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten people: one has fourteen open contacts that nobody has answered, two others have one each."""
    path = tmp_path_factory.mktemp("rebalance")
    (path / "policy.toml").write_text('[calendar]\ntime_zone = "UTC"\n', encoding="utf-8")
    events: list[Event] = []

    def tell(kind: Kind, subject: str, name: str = "", value: int = 0, **detail: object) -> None:
        at = NINE + len(events) * 1_000_000
        events.append(Event(kind, subject, at, len(events), len(events), value=value, name=name, detail=detail or None))

    for agent in TEAM:
        tell(Kind.AGENT_LOGIN, agent, value=4, team="红队", skills=["Chat"])
    for number, agent in enumerate((*([TEAM[0]] * 14), TEAM[1], TEAM[2])):
        about = pack(channel=Channel.WEB_CHAT, status=Status.OPEN)
        tell(Kind.CREATED, f"T{number}", "Chat", about)
        tell(Kind.ASSIGNED, f"T{number}", agent)
    with Engine(path) as engine:
        assert engine.intake.submit("desk", events, origin=Origin.POLL).wait(30)
    return path


def test_every_documented_key(folder: Path) -> None:
    told = here(*ASK, "--json", "--data-dir", folder).data
    about = {word.strip(",:") for word in console("rebalance", "--help").out.split()}
    assert set(told) <= about
    assert set(told["before"]) == set(told["after"]) <= about
    assert set(told["moves"][0]) <= about
    assert (told["at"], told["measure"], told["agents"], told["target"]) == (
        "2026-03-02T10:00:00+00:00",
        "open",
        10,
        0.45,
    )
    assert told["before"]["top30_share"] == 1.0
    assert told["after"]["top30_share"] <= 0.45
    assert told["after"]["contacts"] == told["before"]["contacts"] == 16
    assert (told["violations"], told["optimal"], told["infeasible_reason"]) == ([], True, None)
    # At best the busiest three have 7 of 16 contacts: 3, 2, 2 with them, and the other nine still with seven people.
    assert {move["from"] for move in told["moves"]} == {"李娜"}
    assert told["moves"][0]["queue"] == "Chat"
    assert told["by_agent"][0] == {"agent": "李娜", "places": 4.0, "before": 14, "after": 14 - len(told["moves"])}
    assert sum(agent["after"] for agent in told["by_agent"]) == 16


def test_the_words_for_people(folder: Path) -> None:
    said = here(*ASK, "--data-dir", folder).out
    assert "The busiest carry 100%; with these moves 44% (target 45%)." in said
    assert "fewer cannot do it" in said
    assert "李娜 to Zhou: T" in said
    assert "same team" in said
    chinese = here(*ASK, "--data-dir", folder, "--lang", "zh_CN").out
    assert "更少则做不到" in chinese


def test_a_target_that_cannot_be_reached_says_why(folder: Path) -> None:
    told = here(*ASK, "--target", "0.31", "--json", "--data-dir", folder).data
    assert told["infeasible_reason"].startswith("The busiest keep 38% of the open contacts, not 31%.")
    assert told["after"]["top30_share"] == pytest.approx(6 / 16)
    assert "not 31%" in here(*ASK, "--target", "0.31", "--data-dir", folder).out


def test_before_anything_there_is_nothing_to_move(folder: Path) -> None:
    told = here("rebalance", "--propose", "--at", "2026-03-01", "--json", "--data-dir", folder).data
    assert (told["agents"], told["moves"], told["by_agent"]) == (0, [], [])
    assert "Nothing is to be moved." in here("rebalance", "--propose", "--at", "2026-03-01", "--data-dir", folder).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rebalance",), "--propose"),
        ((*ASK, "--target", "1.5"), "1.5 is not a share"),
        ((*ASK, "--target", "much"), "--target"),
        (("rebalance", "--propose", "--at", "yesterday"), "yesterday"),
    ],
)
def test_wrong_usage_says_what_and_ends_with_two(folder: Path, words: tuple[str, ...], said: str) -> None:
    ended = here(*words, "--data-dir", folder, code=2)
    assert said in ended.err
    assert ended.out == ""


def test_what_was_asked_a_moment_ago_is_not_moved_again(tmp_path: Path, folder: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    now = ("rebalance", "--propose", "--json", "--data-dir", copy)
    moved = {move["ticket"] for move in here(*now).data["moves"]}
    assert len(moved) > 3
    engine = Engine(copy).open()
    try:
        # Nothing is sent before the engine starts.
        asked = [text.id for text in engine.log.texts(range(1, 99)) if text.ref in moved]
        engine.desk().tickets.assign(Actor(engine.access.creator), asked, "Wu")
    finally:
        engine.stop()
    assert not moved & {move["ticket"] for move in here(*now).data["moves"]}


def test_no_database_is_the_environment(tmp_path: Path) -> None:
    assert here(*ASK, "--data-dir", tmp_path / "nowhere", code=3).err


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_help_is_there_in_both_languages(language: str) -> None:
    said = here("rebalance", "--help", "--lang", language, code=None).out
    assert "infeasible_reason" in said
