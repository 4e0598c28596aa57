"""What a supervisor can ask of a ticket or of an agent, what becomes of it, and the events that it stands for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from console.i18n import N_, _
from console.models.domain.contacts import AgentState, Code, Role
from console.models.domain.events import Event, Kind
from console.models.domain.routing import ROUTER


class Verb(Enum):
    """The changes that every write-back source may support, and behind them those that the console keeps itself."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    PRIORITY = "priority"
    STATUS = "status"
    QUEUE = "queue"
    NOTE = "note"
    TYPE = "type"
    EMOTION = "emotion"
    COMPLAINT = "complaint"
    CALL_BACK = "call_back"
    AGENT_STATE = "agent_state"
    AGENT_QUEUES = "agent_queues"
    BREAK = "break"


OF_AGENTS = frozenset({Verb.AGENT_STATE, Verb.AGENT_QUEUES, Verb.BREAK})
"""These are about an agent, all others about a ticket."""

OWN = frozenset({Verb.TYPE, Verb.EMOTION, Verb.COMPLAINT, Verb.CALL_BACK})
"""These are never sent: the console's own judgement of a ticket, and its own promises."""

KIND_OF: Mapping[Verb, Kind] = {
    Verb.ASSIGN: Kind.ASSIGNED,
    Verb.UNASSIGN: Kind.UNASSIGNED,
    Verb.PRIORITY: Kind.PRIORITY_CHANGED,
    Verb.STATUS: Kind.STATUS_CHANGED,
    Verb.QUEUE: Kind.QUEUE_CHANGED,
    Verb.NOTE: Kind.PRIVATE_NOTE,
    Verb.TYPE: Kind.TYPE_CHANGED,
    Verb.EMOTION: Kind.EMOTION_CHANGED,
    Verb.COMPLAINT: Kind.COMPLAINT,
    Verb.CALL_BACK: Kind.CALL_BACK,
    Verb.AGENT_STATE: Kind.AGENT_STATE,
    Verb.AGENT_QUEUES: Kind.AGENT_QUEUES,
    Verb.BREAK: Kind.BREAK_DECIDED,
}
"""The event that a verb is once it is done."""

SETTABLE = (AgentState.AVAILABLE, AgentState.BREAK, AgentState.AWAY, AgentState.OFFLINE)
"""What an agent can be set to; what else they do follows from their contacts."""

AT_WORK = frozenset({AgentState.AVAILABLE, AgentState.BUSY, AgentState.WRAP_UP})
"""All of this is "available" to whoever sets it: the source makes it busy when contacts come."""


def as_set(state: AgentState) -> AgentState:
    """The state as a person would set it."""
    return AgentState.AVAILABLE if state in AT_WORK else state


class Outcome(Enum):
    """What became of a command: only a read-back makes it ``applied``; ``unknown`` is asked about, never re-sent."""

    APPLIED = "applied"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """One change of one ticket, or of one ``agent`` where ``ticket`` is empty.

    ``name``: an agent or queue; ``value``: a priority or status code; ``text``: a note. Of an agent ``value`` is the
    `AgentState`, or until when a break is granted (microseconds; 0: declined, ``text`` says why), and ``name`` the
    queues they serve from now on (see `queues`), or the instant at which they asked for the break.
    """

    id: str
    verb: Verb
    ticket: str
    name: str = ""
    value: int = 0
    text: str = ""
    actor: str = ""
    agent: str = ""

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that `Verb.AGENT_QUEUES` names."""
        return queues_of(self.name)


def named(queues: Iterable[str]) -> str:
    """Names of queues in one text, sorted."""
    return json.dumps(sorted(set(queues)), ensure_ascii=False)


def queues_of(text: str) -> tuple[str, ...]:
    """The names that `named` put together; none in an empty text."""
    return tuple(json.loads(text)) if text else ()


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command, with the reason in the source's own words where it refused."""

    outcome: Outcome
    reason: str = ""


class Delivery(Code):
    """How far a command came."""

    REQUESTED = 1
    """Written down, to be sent."""
    SENDING = 2
    UNKNOWN = 3
    """It was being sent, and nobody knows what became of it: it is asked about, never sent again unasked."""
    APPLIED = 4
    ALREADY = 5
    CONFLICT = 6
    REFUSED = 7


SETTLED = frozenset({Delivery.APPLIED, Delivery.ALREADY, Delivery.CONFLICT, Delivery.REFUSED})
"""Ends: these alone have no due time."""

DELIVERY_OF: Mapping[Outcome, Delivery] = {
    Outcome.APPLIED: Delivery.APPLIED,
    Outcome.ALREADY: Delivery.ALREADY,
    Outcome.CONFLICT: Delivery.CONFLICT,
    Outcome.REFUSED: Delivery.REFUSED,
    Outcome.UNKNOWN: Delivery.UNKNOWN,
}

DELIVERY_WORDS: Mapping[Delivery, str] = {
    Delivery.REQUESTED: N_("waits to be sent"),
    Delivery.SENDING: N_("is being sent"),
    Delivery.UNKNOWN: N_("sent, the answer is not known yet"),
    Delivery.APPLIED: N_("done"),
    Delivery.ALREADY: N_("was so already"),
    Delivery.CONFLICT: N_("not done: it was changed meanwhile"),
    Delivery.REFUSED: N_("refused by the source"),
}
"""What people read; English sources of the catalogue."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command as it stands in the outbox.

    ``key`` is its id for the source; ``ticket`` the ticket's number in the log, ``source`` and ``ref`` its own words.
    A command about an ``agent`` has the ticket 0 and the agent's name for ``ref``. ``former`` is who had the ticket
    before an assignment, the key of the agent's state before it was set, or the queues they served before a change
    (see `named`). ``is_sent`` says that its source takes commands and has to make it true. ``due_at`` is when the
    console looks at it next, None at an end. Times are microseconds.
    """

    id: int
    key: str
    ticket: int
    source: str
    ref: str
    verb: Verb
    actor: str
    requested_at: int
    state: Delivery
    due_at: int | None
    name: str = ""
    value: int = 0
    text: str = ""
    former: str = ""
    is_sent: bool = False
    reason: str = ""
    settled_at: int | None = None
    attempts: int = 0
    agent: str = ""

    @property
    def pending(self) -> bool:
        """Whether the ticket or the agent does not show it yet."""
        return self.state not in SETTLED

    @property
    def words(self) -> str:
        """How far it came, in the language in use."""
        return _(DELIVERY_WORDS[self.state])

    @property
    def command(self) -> Command:
        """As its source gets it."""
        ticket = "" if self.agent else self.ref
        return Command(self.key, self.verb, ticket, self.name, self.value, self.text, self.actor, self.agent)


def wish(ordered: Ordered) -> Event:
    """The event that tells a ticket of the request while only the source can make it true; it changes nothing on the
    board."""
    detail = {"verb": ordered.verb.value, "name": ordered.name, "value": ordered.value}
    return _event(ordered, Kind.REQUESTED, f"{ordered.key}:requested", detail=detail)


def deed(ordered: Ordered) -> Event:
    """The event that makes it true where no other system keeps the ticket (R-CLASSIFY: a correction is one, too)."""
    kind = KIND_OF[ordered.verb]
    if ordered.verb in OF_AGENTS:
        return _event(ordered, kind, ordered.key, ordered.value, detail=_agent_detail(ordered))
    detail = {"agent": ordered.name} if ordered.verb is Verb.CALL_BACK else None
    name = "" if ordered.verb is Verb.CALL_BACK else ordered.name
    return _event(ordered, kind, ordered.key, ordered.value, name, ordered.text, detail)


def _agent_detail(ordered: Ordered) -> Mapping[str, object] | None:
    if ordered.verb is Verb.AGENT_QUEUES:
        return {"skills": list(queues_of(ordered.name))}
    if ordered.verb is Verb.BREAK:
        return {"asked_at": int(ordered.name), "reason": ordered.text}
    return None


def _event(
    ordered: Ordered,
    kind: Kind,
    key: str,
    value: int = 0,
    name: str = "",
    body: str = "",
    detail: Mapping[str, object] | None = None,
) -> Event:
    # The console's own source names a ticket by its number in the log: see `events.OWN_SOURCE`.
    is_person = ordered.actor != ROUTER
    return Event(
        kind,
        ordered.agent or str(ordered.ticket),
        ordered.requested_at,
        key,
        actor=ordered.actor if is_person else "",
        role=Role.SUPERVISOR if is_person else Role.SYSTEM,
        value=value,
        name=name,
        body=body,
        detail=detail,
    )
