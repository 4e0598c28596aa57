"""Agents as the log knows them, for those who act on them, and whether the log shows what was asked of one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, select

from console.models.domain.command_ports import Seat
from console.models.domain.commands import AT_WORK, Ordered, Verb, as_set, queues_of
from console.models.domain.contacts import AgentState
from console.models.domain.events import (
    BREAK_KINDS,
    FIRST_AGENT_KIND,
    FIRST_CHANNEL_KIND,
    OWN_SOURCE,
    STATE_KINDS,
    Kind,
)
from console.models.store.tables import event
from console.models.store.tables import name as names

_SAID_BY_KIND: Mapping[int, AgentState] = {
    Kind.AGENT_LOGIN: AgentState.AVAILABLE,
    Kind.AGENT_UNPAUSED: AgentState.AVAILABLE,
    Kind.AGENT_PAUSED: AgentState.BREAK,
    Kind.AGENT_LOGOUT: AgentState.OFFLINE,
}
_AGENT_KINDS = tuple(kind for kind in Kind if FIRST_AGENT_KIND <= kind < FIRST_CHANNEL_KIND)
_OWN = select(names.c.id).where(names.c.dimension == "source", names.c.text == OWN_SOURCE)


def seat(connection: Connection, agent: str) -> Seat | None:
    """An agent by name, with the source that told of them last; None where the log has never heard of them."""
    id_ = connection.execute(_numbered("agent", agent)).scalar()
    if id_ is None:
        return None
    told = _latest(connection, id_, _AGENT_KINDS, event.c.source.not_in(_OWN))
    source = "" if told is None else connection.execute(_text_of("source", told.source)).scalar() or ""
    shown = _latest(connection, id_, STATE_KINDS)
    state = AgentState.OFFLINE if shown is None else _state(shown.kind, shown.value)
    asked = _latest(connection, id_, BREAK_KINDS)
    asks = asked is not None and asked.kind == Kind.BREAK_REQUESTED and not _left_since(shown, state, asked)
    return Seat(agent, source, state, _served(connection, id_), asked.at if asked is not None and asks else 0)


def knows_queue(connection: Connection, name: str) -> bool:
    """Whether the log has heard of a queue of this name."""
    return connection.execute(_numbered("queue", name)).scalar() is not None


def agent_shows(connection: Connection, ordered: Ordered) -> bool:
    """Whether an event of another source, since it was asked for, makes a command about an agent true."""
    since = [
        event.c.subject.in_(_numbered("agent", ordered.agent)),
        event.c.at >= ordered.requested_at,
        event.c.source.not_in(_OWN),
    ]
    if ordered.verb is Verb.AGENT_QUEUES:
        wanted = set(queues_of(ordered.name))
        told = connection.execute(select(event.c.detail).where(*since, event.c.kind == Kind.AGENT_QUEUES)).scalars()
        return any(set(_detail(text).get("skills", ())) == wanted for text in told)
    if ordered.verb is Verb.BREAK:
        same = and_(event.c.kind == Kind.BREAK_DECIDED, event.c.value == ordered.value)
    else:
        same = _says(AgentState(ordered.value))
    return bool(connection.execute(select(exists().where(*since, same))).scalar())


def _says(state: AgentState) -> ColumnElement[bool]:
    """The condition of an event that tells of a state, as a person sets it."""
    values = AT_WORK if state is AgentState.AVAILABLE else {state}
    kinds = [kind for kind, said in _SAID_BY_KIND.items() if said is state]
    return or_(and_(event.c.kind == Kind.AGENT_STATE, event.c.value.in_(values)), event.c.kind.in_(kinds))


def _state(kind: int, value: int) -> AgentState:
    if kind == Kind.AGENT_STATE:
        return AgentState(value) if value < len(AgentState) else AgentState.AWAY
    return _SAID_BY_KIND[kind]


def _left_since(shown: _Word | None, state: AgentState, asked: _Word) -> bool:
    return shown is not None and as_set(state) is AgentState.OFFLINE and shown.at > asked.at


def _served(connection: Connection, id_: int) -> tuple[str, ...]:
    """The queues of the last log-in that tells of them, or of a later change."""
    login = _latest(connection, id_, (Kind.AGENT_LOGIN,))
    changed = _latest(connection, id_, (Kind.AGENT_QUEUES,))
    said, anew = (_detail(row.detail) if row is not None else {} for row in (login, changed))
    if changed is not None and (login is None or "skills" not in said or changed[:4] > login[:4]):
        said = {**said, **anew}
    skills = said.get("skills", ())
    return tuple(sorted(map(str, skills))) if isinstance(skills, list) else ()


class _Word(NamedTuple):
    """An event of an agent; the first four order it."""

    at: int
    native: int
    source: int
    key: int
    kind: int
    value: int
    detail: str | None


def _latest(connection: Connection, id_: int, kinds: Collection[Kind], *more: ColumnElement[bool]) -> _Word | None:
    """The last word of these kinds on an agent, by the order that does not depend on arrival."""
    columns = [event.c[name] for name in _Word._fields]
    last = (
        select(*columns)
        .where(event.c.subject == id_, event.c.kind.in_(kinds), *more)
        .order_by(*(column.desc() for column in columns[:4]))
        .limit(1)
    )
    row = connection.execute(last).first()
    return None if row is None else _Word(*row)


def _detail(text: str | None) -> dict[str, Any]:
    told = json.loads(text) if text else {}
    return told if isinstance(told, dict) else {}


def _numbered(dimension: str, text: str) -> Any:
    return select(names.c.id).where(names.c.dimension == dimension, names.c.text == text)


def _text_of(dimension: str, id_: int) -> Any:
    return select(names.c.text).where(names.c.dimension == dimension, names.c.id == id_)
