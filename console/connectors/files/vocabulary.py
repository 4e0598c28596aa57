"""What a mapping can fill: the fields of the two row models, and how words become the codes of `contacts`."""

from __future__ import annotations

from typing import NamedTuple

from console.models.domain.contacts import (
    AgentState,
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    InquiryType,
    Language,
    Priority,
    Role,
    Status,
    Tier,
)
from console.models.domain.events import Kind, Precision


class Attribute(NamedTuple):
    """A property of a ticket that a row states, and the event that tells of its change.

    ``codes`` is None for a name (an agent, a queue). ``unknown`` is what a word becomes that nobody has mapped.
    """

    name: str
    kind: Kind
    codes: type[Code] | None
    unknown: int = 0


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("channel", Kind.CHANNEL_CHANGED, Channel, Channel.OTHER),
    Attribute("type", Kind.TYPE_CHANGED, InquiryType),
    Attribute("tier", Kind.TIER_CHANGED, Tier),
    Attribute("priority", Kind.PRIORITY_CHANGED, Priority),
    Attribute("emotion", Kind.EMOTION_CHANGED, Emotion),
    Attribute("complaint", Kind.COMPLAINT, ComplaintTier),
    Attribute("queue", Kind.QUEUE_CHANGED, None),
    Attribute("assignee", Kind.ASSIGNED, None),
    Attribute("status", Kind.STATUS_CHANGED, Status),
)
"""In the order in which the changes of one row are told: the status last, for it may end the ticket."""

CODES: dict[str, type[Code]] = {attribute.name: attribute.codes for attribute in ATTRIBUTES if attribute.codes} | {
    "language": Language,
    "role": Role,
    "precision": Precision,
    "kind": Kind,
    "agent_state": AgentState,
}
"""The fields whose cells are words of a fixed vocabulary."""

UNKNOWN: dict[str, int] = {attribute.name: int(attribute.unknown) for attribute in ATTRIBUTES}

VALUE_OF: dict[Kind, str] = {attribute.kind: attribute.name for attribute in ATTRIBUTES if attribute.codes} | {
    Kind.AGENT_STATE: "agent_state"
}
"""Kinds whose value is a word, and of which field."""

TIMES_OF = frozenset({Kind.PROMISE_MADE, Kind.SLA_DUE_CHANGED})
"""Kinds whose value is a time."""

WHO_AND_WHEN = ("ticket", "at", "source", "actor", "role", "precision")
WORDS = ("subject", "customer")
BORN_WITH = ("channel", "type", "tier", "priority", "language", "status", "complaint", "emotion")
"""What a *created* event can carry, besides the queue."""

STATE_FIELDS = frozenset(
    (*WHO_AND_WHEN, *WORDS, "created_at", "language", *(attribute.name for attribute in ATTRIBUTES))
)
EVENT_FIELDS = frozenset((*WHO_AND_WHEN, *WORDS, *BORN_WITH, "kind", "native", "value", "text", "queue"))
