"""Rules and occurrences that the tests of the escalation rooms share. The figures are those of R-ESC-LIFE."""

from __future__ import annotations

from console.clock import MINUTE
from console.models.domain.contacts import LIVE_CHANNELS, Channel
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.escalation_rules import ByUrgency, EscalationRules

NOON = 1_772_445_600_000_000

RULES = EscalationRules(
    level_timeout=ByUrgency(2 * MINUTE, 5 * MINUTE, 15 * MINUTE),
    progress_due=ByUrgency(15 * MINUTE, 30 * MINUTE, 120 * MINUTE),
    aside_limit=ByUrgency(30 * MINUTE, 120 * MINUTE, 480 * MINUTE),
    lapse_after=5 * MINUTE,
    exhausted_repeat=5 * MINUTE,
    reopen_window=30 * MINUTE,
    chain=("shift_supervisor", "duty_manager", "head_of_service"),
    wait_by_channel=tuple(30 * MINUTE if Channel(code) in LIVE_CHANNELS else 0 for code in range(len(Channel))),
    request_undecided=30 * MINUTE,
)


def breach(
    ticket: int = 17, *, cycle: str = "first_response:1", at: int = NOON, urgency: Urgency = Urgency.P2
) -> Occurrence:
    """A clock of this ticket that breached."""
    key = Key(ObjectKind.TICKET, ticket, Cause.BREACH, cycle)
    return Occurrence(key, "R-FRT-CHAT", at - 5 * MINUTE, at, urgency, ticket)


def by_hand(ticket: int = 17, *, at: int = NOON, urgency: Urgency = Urgency.P3) -> Occurrence:
    """A person's wish."""
    key = Key(ObjectKind.TICKET, ticket, Cause.BY_HAND)
    return Occurrence(key, "R-ESC", at, at, urgency, ticket, "second line, please")
