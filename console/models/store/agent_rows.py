"""Agents as the log knows them, for those who act on them, and whether the log shows what was asked of one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select

from console.models.domain.command_ports import Seat
from console.models.domain.commands import AT_WORK, Ordered, Verb, queues_of
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
_OWN = select(names.c.id).where(names.c.dimension == "source", names.c.text == OWN_SOURCE)


def seat(connection: Connection, agent: str) -> Seat | None:
    """An agent by name, with the source that told of them last; None where the log has never heard of them."""
    id_ = connection.execute(_numbered("agent", agent)).scalar()
    if id_ is None:
        return None
    words = _last_words(connection, id_)
    told = max((word for word in words if not word.is_own), default=None)
    source = "" if told is None else connection.execute(_text_of("source", told.source)).scalar() or ""
    shown = max((word for word in words if word.kind in STATE_KINDS), default=None)
    state = AgentState.OFFLINE if shown is None else _state(shown.kind, shown.value)
    return Seat(agent, source, state, _served(words), _asked_at(words, shown, state))


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


class _Word(NamedTuple):
    """An event of an agent; the first four order it."""

    at: int
    native: int
    source: int
    key: int
    kind: int
    value: int
    detail: str | None
    is_own: bool


_MATTERS: Sequence[tuple[Kind, ...]] = ((Kind.AGENT_LOGIN,), (Kind.AGENT_QUEUES,), BREAK_KINDS)


def _last_words(connection: Connection, id_: int) -> list[_Word]:
    """On each matter the last word of the console's own and of the others, in one look at the agent's events."""
    matter = case(*((event.c.kind.in_(kinds), place) for place, kinds in enumerate(_MATTERS, 1)), else_=0)
    own = event.c.source.in_(_OWN)
    order = [event.c[name] for name in _Word._fields[:4]]
    rank = func.row_number().over(partition_by=(matter, own), order_by=[column.desc() for column in order])
    told = (
        select(*order, event.c.kind, event.c.value, event.c.detail, own.label("is_own"), rank.label("rank"))
        .where(event.c.subject == id_, event.c.kind.between(FIRST_AGENT_KIND, FIRST_CHANNEL_KIND - 1))
        .subquery()
    )
    last = select(*(told.c[name] for name in _Word._fields)).where(told.c.rank == 1)
    return [_Word(*row) for row in connection.execute(last)]


def _asked_at(words: Sequence[_Word], shown: _Word | None, state: AgentState) -> int:
    """When they asked for a break that waits; whoever logged off since then waits no more."""
    asked = max((word for word in words if word.kind in BREAK_KINDS), default=None)
    if asked is None or asked.kind != Kind.BREAK_REQUESTED:
        return 0
    left = state is AgentState.OFFLINE and shown is not None and shown[:4] > asked[:4]
    return 0 if left else asked.at


def _served(words: Sequence[_Word]) -> tuple[str, ...]:
    """The queues of the last log-in that tells of them, or of a later change."""
    login, changed = (
        max((word for word in words if word.kind == kind), default=None)
        for kind in (Kind.AGENT_LOGIN, Kind.AGENT_QUEUES)
    )
    said, anew = (_detail(word.detail) if word is not None else {} for word in (login, changed))
    if changed is not None and (login is None or "skills" not in said or changed[:4] > login[:4]):
        said = {**said, **anew}
    skills = said.get("skills", ())
    return tuple(sorted(map(str, skills))) if isinstance(skills, list) else ()


def _detail(text: str | None) -> dict[str, Any]:
    told = json.loads(text) if text else {}
    return told if isinstance(told, dict) else {}


def _numbered(dimension: str, text: str) -> Any:
    return select(names.c.id).where(names.c.dimension == dimension, names.c.text == text)


def _text_of(dimension: str, id_: int) -> Any:
    return select(names.c.text).where(names.c.dimension == dimension, names.c.id == id_)
