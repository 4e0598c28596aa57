"""What a supervisor can ask a helpdesk to do, and what the helpdesk answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verb(Enum):
    """The changes that every write-back source may support."""

    ASSIGN = "assign"
    UNASSIGN = "unassign"
    PRIORITY = "priority"
    STATUS = "status"
    QUEUE = "queue"
    NOTE = "note"


class Outcome(Enum):
    """What became of a command: only a read-back makes it ``applied``; ``unknown`` is asked about, never re-sent."""

    APPLIED = "applied"
    ALREADY = "already"
    CONFLICT = "conflict"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """One change of one ticket. ``name``: an agent or queue; ``value``: a priority or status code; ``text``: a note."""

    id: str
    verb: Verb
    ticket: str
    name: str = ""
    value: int = 0
    text: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command, with the reason in the source's own words where it refused."""

    outcome: Outcome
    reason: str = ""
