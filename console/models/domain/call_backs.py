"""Promised call backs: obligations with a due time, an owner and an outcome. One that is overdue escalates.

A call back is a promise to the customer (R-PROMISE), so missing it is a breach (R-ESC).
"""

from __future__ import annotations

from dataclasses import dataclass

from console.models.domain.contacts import Code
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency

RULE = "R-PROMISE"
CYCLE = "call_back:"
"""How the cycle of an entry about a missed call begins; the call's number follows."""


class Kept(Code):
    """What became of a promise to call."""

    PROMISED = 1
    DONE = 2
    NOT_REACHED = 3
    """Somebody called, nobody answered."""
    CANCELLED = 4
    """There is no need any more."""


ENDS = (Kept.DONE, Kept.NOT_REACHED, Kept.CANCELLED)


@dataclass(frozen=True, slots=True)
class CallBack:
    """A promise to call a customer. ``due_at`` is the promised instant, ``owner`` the agent who calls; times are
    microseconds, names are empty and ``settled_at`` None while it is open."""

    id: int
    ticket: int
    owner: str
    text: str
    due_at: int
    state: Kept
    promised_at: int
    promised_by: str
    settled_at: int | None = None
    settled_by: str = ""
    outcome: str = ""


def overdue(call: CallBack) -> Occurrence:
    """What brings a missed call back into the inbox: any breached clock is P2 (R-ESC-LIFE)."""
    key = Key(ObjectKind.TICKET, call.ticket, Cause.BREACH, f"{CYCLE}{call.id}")
    return Occurrence(key, RULE, call.promised_at, call.due_at, Urgency.P2, call.ticket, call.text)


def call_of(key: Key) -> int:
    """The number of the call that an entry is about; 0 for any other matter."""
    return int(key.cycle.removeprefix(CYCLE)) if key.cycle.startswith(CYCLE) else 0
