"""Everything that happens is an event: what connectors hand in, and what the log keeps.

`Event` is the form at the door: references in the source's own words. The store gives each reference a small integer
and keeps rows of `ROW`; every fold works on arrays of `ROW`. Per subject there is one total order that does not depend
on arrival: `(at, native, source, key)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from console.models.domain.contacts import Code, Role


class Kind(Code):
    """What happened. 1-63 happen to a ticket, 64-95 to an agent, 96-127 to a channel, a source or the policy.

    ``value`` and ``name`` of an event mean, by kind:

    ==================  ==========================================================================
    kind                value (integer) / name (text, interned by the store into ``value``)
    ==================  ==========================================================================
    CREATED             packed `attributes`; name = queue; detail: subject, customer
    ASSIGNED            name = agent
    QUEUE_CHANGED       name = queue
    TAG_ADDED/REMOVED   name = tag
    TRANSFERRED         name = agent or queue that it went to (an ASSIGNED or QUEUE_CHANGED follows)
    STATUS_CHANGED      `contacts.Status`
    PRIORITY_CHANGED    `contacts.Priority`
    TYPE_CHANGED        `contacts.InquiryType`
    TIER_CHANGED        `contacts.Tier`
    CHANNEL_CHANGED     `contacts.Channel`
    EMOTION_CHANGED     `contacts.Emotion`
    COMPLAINT           `contacts.ComplaintTier`; detail: amount, cause
    PROMISE_MADE        the promised instant, microseconds since the epoch
    SLA_DUE_CHANGED     a due instant given by the source, microseconds since the epoch
    CSAT                score 1-5
    ENDED               active handling time in microseconds, 0 where the source does not say
    MERGED              0; detail: into
    REQUESTED           0; detail: verb, name, value of the `commands.Command` that was asked for
    CALL_BACK           the instant at which the customer will be called, microseconds; detail: agent
    AGENT_STATE         `contacts.AgentState`
    AGENT_LOGIN         concurrency limit (contacts at once), 0 where the source does not say;
                        detail: team, seniority, skills, helps, languages (see `queries.directory`)
    AGENT_QUEUES        0; detail: skills and helps (names of queues) as they are from now on
    BREAK_REQUESTED     how long a break the agent asks for, microseconds
    BREAK_DECIDED       until when the break is granted, microseconds since the epoch, 0 where it is
                        declined; detail: asked_at (the request's instant), reason
    BREAK_WITHDRAWN     0; the agent wants the break no more
    CHANNEL_HEALTH      1 healthy, 0 down
    POLICY_CHANGED      0; detail: values (all that the site says), changed, by
    ROUTING             0; detail: the rules by which contacts are handed out from now on (`routing.Orders`)
    all others          0
    ==================  ==========================================================================
    """

    CREATED = 1
    CUSTOMER_MESSAGE = 2
    PUBLIC_REPLY = 3
    PRIVATE_NOTE = 4
    ASSIGNED = 5
    UNASSIGNED = 6
    STATUS_CHANGED = 7
    REOPENED = 8
    PRIORITY_CHANGED = 9
    QUEUE_CHANGED = 10
    TYPE_CHANGED = 11
    TIER_CHANGED = 12
    CHANNEL_CHANGED = 13
    EMOTION_CHANGED = 14
    TAG_ADDED = 15
    TAG_REMOVED = 16
    PROMISE_MADE = 17
    READ = 18
    COMPLAINT = 19
    SLA_DUE_CHANGED = 20
    CSAT = 21
    MERGED = 22
    DELETED = 23
    REQUESTED = 24
    CALL_BACK = 25
    QUEUED = 32
    OFFERED = 33
    OFFER_MISSED = 34
    CONNECTED = 35
    HELD = 36
    ABANDONED = 37
    TIMED_OUT = 38
    TRANSFERRED = 39
    ENDED = 40
    AGENT_LOGIN = 64
    AGENT_LOGOUT = 65
    AGENT_PAUSED = 66
    AGENT_UNPAUSED = 67
    AGENT_STATE = 68
    AGENT_QUEUES = 69
    BREAK_REQUESTED = 70
    BREAK_DECIDED = 71
    BREAK_WITHDRAWN = 72
    CHANNEL_HEALTH = 96
    HEARTBEAT = 97
    POLICY_CHANGED = 98
    ROUTING = 99


OWN_SOURCE = "console"
"""The source of what the console itself says of the tickets of others: what people do here, what its classifier finds.
Its events name a ticket by its number in the log, since the reference belongs to another source."""

ROUTING_SOURCE = "routing"
"""The source of what the console's routing tells of itself: its rules, and the time where nobody else speaks."""

OWN_SOURCES = frozenset({OWN_SOURCE, ROUTING_SOURCE})
"""Where the console itself speaks: no source of anybody's data."""

FIRST_AGENT_KIND = 64
FIRST_CHANNEL_KIND = 96

STATE_KINDS = (Kind.AGENT_LOGIN, Kind.AGENT_LOGOUT, Kind.AGENT_PAUSED, Kind.AGENT_UNPAUSED, Kind.AGENT_STATE)
"""The words on what an agent is doing; the last one counts."""
BREAK_KINDS = (Kind.BREAK_REQUESTED, Kind.BREAK_DECIDED, Kind.BREAK_WITHDRAWN)
"""The words on a break that an agent asks for."""

NAMED_BY: dict[Kind, str] = {
    Kind.CREATED: "queue",
    Kind.QUEUE_CHANGED: "queue",
    Kind.ASSIGNED: "agent",
    Kind.TRANSFERRED: "agent",
    Kind.TAG_ADDED: "tag",
    Kind.TAG_REMOVED: "tag",
}
"""Which dimension the ``name`` of an event of this kind belongs to."""


class Precision(Code):
    """How well the source knows the time of an event."""

    EXACT = 0
    SECOND = 1
    MINUTE = 2
    OBSERVED = 3


class Origin(Code):
    """How an event reached the log."""

    POLL = 0
    STREAM = 1
    PUSH = 2
    IMPORT = 3
    OUTBOX = 4
    DEMO = 5


class Event(NamedTuple):
    """One event as a connector hands it in.

    ``subject`` is the ticket's reference, the agent's name or the channel's key. ``at`` is microseconds since the
    epoch, UTC. ``native`` is the source's own sequence number and orders events of one instant. ``key`` tells a
    re-delivery from a new event and is unique within the source; integers are kept as they are, text is digested.
    ``body`` is a message's text; it is kept apart so that it can be erased.
    """

    kind: Kind
    subject: str
    at: int
    key: int | str
    native: int = 0
    actor: str = ""
    role: Role = Role.UNKNOWN
    value: int = 0
    name: str = ""
    body: str = ""
    detail: Mapping[str, object] | None = None
    precision: Precision = Precision.EXACT


ROW = np.dtype(
    [
        ("seq", np.int64),
        ("at", np.int64),
        ("native", np.int64),
        ("key", np.int64),
        ("value", np.int64),
        ("subject", np.int32),
        ("actor", np.int32),
        ("kind", np.uint8),
        ("role", np.uint8),
        ("source", np.uint16),
    ]
)
"""An event as every fold sees it. ``subject`` is a ticket id below kind 64, an agent id below 96, else a channel code;
``actor`` is an agent id or 0; ``seq`` is the place in the log; ``key`` is the source's key as an integer (it ends the
order of events of one instant). Times are microseconds since the epoch."""
