"""The one door of every action: may this person do this to that? Denied unless the table of roles says yes.

An action asks inside its own transaction, by `permit`: a refusal is recorded there, must be committed, and is raised
only afterwards. `done` makes the row of what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.errors import KnownError
from console.models.domain.audit import Entry, Outcome
from console.models.domain.roles import (
    FOUR_EYES,
    OWN,
    PERMITTED,
    AccountRole,
    Action,
    Actor,
    Decision,
    Refusal,
    Target,
    same_person,
)


class Refused(KnownError):
    """An action was refused; ``refusal`` says why."""

    def __init__(self, refusal: Refusal, remedy: str = "") -> None:
        super().__init__(refusal.sentence, remedy)
        self.refusal = refusal


def authorize(actor: Actor, action: Action, target: Target) -> Decision:
    """Whether the actor may do this to the target, by which role, or why not."""
    if not actor.name.strip():
        return Decision(refusal=Refusal.NOBODY)
    permitted = PERMITTED.get(action, ())
    role = next((role for role in permitted if role in actor.standing), None)
    if role is None and action in OWN and same_person(actor.name, target.author):
        role = AccountRole.VIEWER
    if role is None:
        return Decision(refusal=Refusal.NOT_PERMITTED)
    if action in FOUR_EYES:
        if not target.author.strip():
            return Decision(refusal=Refusal.UNKNOWN_AUTHOR)
        if same_person(actor.name, target.author):
            return Decision(refusal=Refusal.OWN_PROPOSAL)
    return Decision(role=role)


def may_take(person: Actor) -> bool:
    """Whether somebody's roles permit to take an escalation, and so to get one from a colleague."""
    return authorize(person, Action.ESCALATION_ACKNOWLEDGE, Target("escalation", "")).allowed


def permit(record: Callable[[Entry], None], at: int, actor: Actor, action: Action, target: Target) -> Decision:
    """`authorize`, and a refusal goes onto the audit trail by ``record``: commit it, then raise `Refused`."""
    decision = authorize(actor, action, target)
    if decision.refusal is not None:
        record(refusal(at, actor, action, target, decision.refusal))
    return decision


def refusal(at: int, actor: Actor, action: Action, target: Target, why: Refusal) -> Entry:
    """The audit row of a refusal, with all roles that the actor had."""
    roles = ",".join(role.value for role in AccountRole if role in actor.standing)
    return Entry(at, actor.name, action, target, Outcome.REFUSED, role=roles, reason=why.value)


def done(
    at: int,
    actor: Actor,
    action: Action,
    target: Target,
    decision: Decision,
    *,
    reason: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> Entry:
    """The audit row of what was done, with the role that permitted it."""
    role = "" if decision.role is None else decision.role.value
    return Entry(at, actor.name, action, target, Outcome.DONE, role, reason, before, after)
