"""R-ROUTE: the directory of agents: what each log-in tells of team, level, skills and languages.

Keys of a log-in's detail, all of them optional: ``team`` (text), ``seniority`` (a `skills.Level`), ``skills`` and
``helps`` (names of queues), ``languages`` (``zh``, ``en``). A later change of queues tells ``skills`` and ``helps``
anew; where the log-in tells no skills, the last change holds whenever it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from console.models.domain.contacts import Code, Language
from console.models.domain.ports import LogReader
from console.models.domain.skills import Directory, Level, Skilled
from console.models.live.agents import Agent
from console.models.live.board import Board
from console.models.live.names import Names

Word = TypeVar("Word", bound=Code)


def directory(log: LogReader, board: Board, handled: Mapping[int, Collection[int]] | None = None) -> Directory:
    """The directory at the board's moment. ``handled`` says by agent id which queues they have handled; it counts for
    agents of whom no source tells skills. Asks the log for two rows per agent, so for workers."""
    return compiled(log.details(told_at(board)), board, handled)


def told_at(board: Board) -> set[int]:
    """The places in the log that tell who somebody is, for `compiled`."""
    agents = [board.agents[id_] for id_ in board.agents.ids()]
    return {seq for agent in agents for seq in (agent.login_seq, agent.queues_seq)} - {0}


def compiled(
    details: Mapping[int, Mapping[str, Any]], board: Board, handled: Mapping[int, Collection[int]] | None = None
) -> Directory:
    """The same from what the log's ``details`` say at the places of `told_at`; fast, asks nobody."""
    agents = {id_: board.agents[id_] for id_ in board.agents.ids()}
    known = {id_: _told(agent, details) for id_, agent in agents.items()}
    names = board.names
    done = handled or {}
    people: dict[int, Skilled] = {}
    for id_ in {*agents, *done}:
        name = names.text("agent", id_)
        if not name:
            continue
        agent = board.agents[id_]
        told = known.get(id_, {})
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
    return Directory(people, any("skills" in told for told in known.values()))


def _told(agent: Agent, details: Mapping[int, Mapping[str, Any]]) -> Mapping[str, Any]:
    login, queues = details.get(agent.login_seq, {}), details.get(agent.queues_seq, {})
    if agent.queues_order > agent.login_order or "skills" not in login:
        return {**login, **queues}
    return login


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
