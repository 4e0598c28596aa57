"""R-ROUTE: the directory of agents: what each log-in tells of team, level, skills and languages.

Keys of a log-in's detail, all of them optional: ``team`` (text), ``seniority`` (a `skills.Level`), ``skills`` and
``helps`` (names of queues), ``languages`` (``zh``, ``en``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from console.models.domain.contacts import Code, Language
from console.models.domain.ports import LogReader
from console.models.domain.skills import Directory, Level, Skilled
from console.models.live.board import Board
from console.models.live.names import Names

Word = TypeVar("Word", bound=Code)


def directory(log: LogReader, board: Board, handled: Mapping[int, Collection[int]] | None = None) -> Directory:
    """The directory at the board's moment. ``handled`` says by agent id which queues they have handled; it counts for
    agents of whom no source tells skills. Asks the log for one row per agent, so for workers."""
    agents = {id_: board.agents[id_] for id_ in board.agents.ids()}
    details = log.details(agent.login_seq for agent in agents.values() if agent.login_seq)
    names = board.names
    done = handled or {}
    people: dict[int, Skilled] = {}
    for id_ in {*agents, *done}:
        name = names.text("agent", id_)
        if not name:
            continue
        agent = board.agents[id_]
        told = details.get(agent.login_seq, {})
        served = _ids(told.get("skills"), names) if "skills" in told else frozenset(done.get(id_, ()))
        people[id_] = Skilled(
            id_,
            name,
            str(told.get("team") or ""),
            _code(Level, told.get("seniority")),
            served,
            _ids(told.get("helps"), names),
            frozenset(Language(_code(Language, word)) for word in _words(told.get("languages"))) - {Language.UNKNOWN},
            agent.limit,
        )
    return Directory(people, any("skills" in told for told in details.values()))


def _words(told: Any) -> Iterable[str]:
    return [str(word) for word in told] if isinstance(told, list) else []


def _ids(told: Any, names: Names) -> frozenset[int]:
    """A queue that had no contact yet has no number, and nothing to hand out."""
    return frozenset(names.id("queue", word) for word in _words(told)) - {0}


def _code(codes: type[Word], told: Any) -> Word:
    try:
        return codes(codes.of(str(told)))
    except KeyError:
        return codes(0)
