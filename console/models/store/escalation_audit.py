"""The audit row of every move of an escalation, written in the move's own transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from console.models.domain.audit import Entry as Row
from console.models.domain.escalation import SYSTEM, Entry, Happening, State, Transition
from console.models.domain.roles import PERMITTED, Action, Target
from console.models.store.accounts import AccountRows
from console.models.store.audit import append_all

ACTIONS: Mapping[Happening, Action] = {
    Happening.RAISE: Action.ESCALATION_RAISE,
    Happening.AGAIN: Action.ESCALATION_RAISE,
    Happening.ACKNOWLEDGE: Action.ESCALATION_ACKNOWLEDGE,
    Happening.RELEASE: Action.ESCALATION_ACKNOWLEDGE,
    Happening.PROGRESS: Action.ESCALATION_NOTE,
    Happening.SNOOZE: Action.ESCALATION_SNOOZE,
    Happening.RETURN: Action.ESCALATION_RETURN,
    Happening.RESOLVE: Action.ESCALATION_RESOLVE,
    Happening.REOPEN: Action.ESCALATION_REOPEN,
    Happening.HAND_OVER: Action.ESCALATION_HAND_OVER,
    Happening.OWNER_LEFT: Action.ESCALATION_HAND_OVER,
    Happening.MERGE: Action.ESCALATION_MERGE,
    Happening.UNREACHABLE: Action.ESCALATION_TIMER,
    Happening.DUE: Action.ESCALATION_TIMER,
}
"""What each happening is called on the trail."""


def record_moves(connection: Connection, made: Sequence[Transition]) -> None:
    """Add a row for each: who (nobody where the console itself acted), by which role, what stood before and after."""
    append_all(connection, [_row(connection, one) for one in made])


def _row(connection: Connection, made: Transition) -> Row:
    action = ACTIONS[made.event.what]
    person = "" if made.actor == SYSTEM else made.actor
    return Row(
        at=made.at,
        actor=person,
        action=action,
        target=Target("escalation", str(made.entry.id)),
        role=_role(connection, person, action) if person else "",
        reason=made.event.reason,
        before=None if made.before is None else _facts(made.before),
        after=_facts(made.entry) | ({"rule": made.raised_by, "ticket": made.entry.ticket} if made.raised_by else {}),
    )


def _role(connection: Connection, person: str, action: Action) -> str:
    """The first role of this account, as it is now, that permits the action; empty where none does."""
    account = AccountRows(connection).find(person)
    held = frozenset() if account is None else account.actor.standing
    return next((role.value for role in PERMITTED[action] if role in held), "")


def _facts(entry: Entry) -> dict[str, object]:
    facts: dict[str, object] = {"state": entry.state.key, "urgency": entry.urgency.key}
    if entry.owner:
        facts["owner"] = entry.owner
    if entry.level:
        facts["level"] = entry.chain[entry.level]
    if entry.due_at is not None:
        facts["due_at"] = entry.due_at
    if entry.state is State.MERGED:
        facts["merged_into"] = entry.merged_into
    return facts
