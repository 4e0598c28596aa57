"""R-ROUTE: who may handle what, read back from a real log."""

from __future__ import annotations

from pathlib import Path

from console.clock import SECOND, SystemClock
from console.models.domain.contacts import Language, Role
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.domain.skills import Directory, Level
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.queries.directory import directory
from console.models.store.database import place
from console.models.store.log import open_log

NINE = 1_772_442_000_000_000


def _directory(folder: Path, *events: Event, handled: dict[str, list[str]] | None = None) -> tuple[Directory, int]:
    log = open_log(place(folder), SystemClock())
    log.start()
    try:
        assert log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)
        board = load_board(log.reader, None, policies.default(), NINE, Progress())
        names = board.names
        done = {
            names.id("agent", who): [names.id("queue", queue) for queue in queues]
            for who, queues in (handled or {}).items()
        }
        return directory(log.reader, board, done), names.id("queue", "Chat")
    finally:
        log.stop()


def _login(name: str, key: int, limit: int = 3, **detail: object) -> Event:
    return Event(Kind.AGENT_LOGIN, name, NINE + key * SECOND, key, role=Role.AGENT, value=limit, detail=detail or None)


CHAT = Event(Kind.CREATED, "T1", NINE, 1000, name="Chat")
CASES = Event(Kind.CREATED, "T2", NINE, 1001, name="Cases")


def test_the_last_log_in_tells_who_somebody_is(tmp_path: Path) -> None:
    found, chat = _directory(
        tmp_path,
        CHAT,
        CASES,
        _login("Ann", 1, team="Old", skills=["Cases"]),
        _login(
            "Ann", 2, 4, team="Day", seniority="senior", skills=["Chat", "Unheard"], helps=["Cases"], languages=["en"]
        ),
    )
    (ann,) = found.people.values()
    assert (ann.name, ann.team, ann.level, ann.limit) == ("Ann", "Day", Level.SENIOR, 4)
    assert ann.queues == {chat}
    assert ann.may(chat, Language.EN)
    assert ann.may(min(ann.helps), Language.UNKNOWN)
    assert not ann.may(chat, Language.ZH)
    assert found.told
    assert (found.teams(), found.of_team("Day")) == (["Day"], {ann.agent})


def test_a_lead_takes_nothing(tmp_path: Path) -> None:
    found, chat = _directory(tmp_path, CHAT, _login("Ann", 1, seniority="lead", skills=["Chat"]))
    assert not next(iter(found.people.values())).may(chat)


def test_where_no_source_tells_skills_the_work_does(tmp_path: Path) -> None:
    found, chat = _directory(tmp_path, CHAT, _login("Ann", 1), handled={"Ann": ["Chat"]})
    (ann,) = found.people.values()
    assert not found.told
    assert ann.may(chat, Language.ZH)


def test_words_that_nobody_knows_are_passed_over(tmp_path: Path) -> None:
    found, chat = _directory(
        tmp_path, CHAT, _login("Ann", 1, seniority="wizard", skills="Chat", languages=["xx", "zh"], helps=None)
    )
    (ann,) = found.people.values()
    assert (ann.level, ann.queues, ann.languages) == (Level.UNKNOWN, frozenset(), {Language.ZH})
    assert found.told
    assert not ann.may(chat)


def _change(name: str, key: int, **detail: object) -> Event:
    return Event(Kind.AGENT_QUEUES, name, NINE + key * SECOND, key, role=Role.SUPERVISOR, detail=detail)


def test_a_later_change_of_queues_counts_and_a_later_log_in_ends_it(tmp_path: Path) -> None:
    logged_in = _login("Ann", 1, team="Day", skills=["Cases"], helps=["Chat"])
    changed = _change("Ann", 2, skills=["Chat"], helps=["Cases"])
    found, chat = _directory(tmp_path / "1", CHAT, CASES, logged_in, changed)
    (ann,) = found.people.values()
    assert (ann.team, ann.queues, chat in ann.helps) == ("Day", {chat}, False)
    found, chat = _directory(tmp_path / "2", CHAT, CASES, logged_in, changed, _login("Ann", 3, skills=["Cases"]))
    (ann,) = found.people.values()
    assert chat not in ann.queues


def test_a_change_of_queues_leaves_what_it_does_not_tell(tmp_path: Path) -> None:
    logged_in = _login("Ann", 1, skills=["Cases"], helps=["Cases"], languages=["en"])
    found, chat = _directory(tmp_path, CHAT, CASES, logged_in, _change("Ann", 2, skills=["Chat"]))
    (ann,) = found.people.values()
    assert ann.queues == {chat}
    assert len(ann.helps) == 1
    assert ann.languages == {Language.EN}


def test_where_log_ins_tell_no_skills_the_last_change_holds(tmp_path: Path) -> None:
    found, chat = _directory(tmp_path, CHAT, _change("Ann", 1, skills=["Chat"]), _login("Ann", 2))
    (ann,) = found.people.values()
    assert ann.queues == {chat}
    assert found.told
