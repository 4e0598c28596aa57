"""The audit trail in people's words: what was done, to what, and what became of it.

A word that this version does not know, because a newer console wrote it, is shown as it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.i18n import N_, _
from console.models.domain.audit import Outcome
from console.models.domain.escalation import ANSWERED
from console.models.domain.roles import ROLE_WORDS, AccountRole, Action, Refusal

ACTION_WORDS: Mapping[str, str] = {
    Action.BOARD_VIEW.value: N_("Look at the board"),
    Action.EXPORT.value: N_("Export"),
    Action.TICKET_ASSIGN.value: N_("Assign ticket"),
    Action.TICKET_CHANGE.value: N_("Change ticket"),
    Action.TICKET_CLASSIFY.value: N_("Classify ticket"),
    Action.TICKET_NOTE.value: N_("Note on ticket"),
    Action.TICKET_ROUTE.value: N_("Assign ticket by the rules"),
    Action.AGENT_STATE.value: N_("Set an agent's state"),
    Action.AGENT_QUEUES.value: N_("Change an agent's queues"),
    Action.AGENT_BREAK.value: N_("Decide on a break"),
    Action.ESCALATION_RAISE.value: N_("Raise escalation"),
    Action.ESCALATION_ACKNOWLEDGE.value: N_("Take escalation"),
    Action.ESCALATION_NOTE.value: N_("Progress on escalation"),
    Action.ESCALATION_SNOOZE.value: N_("Put escalation aside"),
    Action.ESCALATION_RETURN.value: N_("Give escalation to an agent"),
    Action.ESCALATION_HAND_OVER.value: N_("Hand escalation over"),
    Action.ESCALATION_MERGE.value: N_("Merge escalations"),
    Action.ESCALATION_RESOLVE.value: N_("Resolve escalation"),
    Action.ESCALATION_REOPEN.value: N_("Reopen escalation"),
    Action.ESCALATION_CLOSE.value: N_("Close escalation"),
    Action.ESCALATION_TIMER.value: N_("Escalation moved by its timer"),
    Action.COMPENSATION_PROPOSE.value: N_("Propose compensation"),
    Action.COMPENSATION_APPROVE.value: N_("Approve compensation"),
    Action.COMPENSATION_DECLINE.value: N_("Decline compensation"),
    Action.COMPENSATION_WITHDRAW.value: N_("Withdraw compensation"),
    Action.FOLLOW_UP_CLOSE.value: N_("Close follow-up"),
    Action.HAND_OVER_SIGN.value: N_("Sign the hand-over"),
    Action.SHIFT_END.value: N_("End the shift"),
    Action.POLICY_EDIT.value: N_("Change policy"),
    Action.ACCOUNTS_VIEW.value: N_("Look at accounts"),
    Action.ACCOUNTS_MANAGE.value: N_("Change roles"),
    Action.PASSPHRASE_SET.value: N_("Set passphrase"),
    Action.SIGN_IN.value: N_("Sign in"),
    Action.AUDIT_VIEW.value: N_("Look at the audit trail"),
    Action.AUDIT_ANCHOR.value: N_("Anchor the audit trail anew"),
}
OBJECT_WORDS: Mapping[str, str] = {
    "account": N_("User account"),
    "agent": N_("Agent"),
    "audit": N_("Audit trail"),
    "board": N_("Board"),
    "call_back": N_("Call back"),
    "compensation": N_("Compensation"),
    "escalation": N_("Escalation"),
    "follow_up": N_("Follow-up"),
    "hand_over": N_("Hand-over"),
    "policy": N_("Policy"),
    "ticket": N_("Ticket"),
}
OUTCOME_WORDS: Mapping[str, str] = {Outcome.DONE.value: N_("Done"), Outcome.REFUSED.value: N_("Refused")}
_REFUSALS = {refusal.value: refusal for refusal in Refusal}
_ROLES = {role.value: role for role in AccountRole}


def action_words(action: str) -> str:
    """What was asked for, in the language in use."""
    return _(ACTION_WORDS[action]) if action in ACTION_WORDS else action


def object_words(kind: str, id_: str = "") -> str:
    """What it was done to: its kind, and its id where there is one."""
    return f"{_(OBJECT_WORDS[kind]) if kind in OBJECT_WORDS else kind} {id_}".strip()


def outcome_words(outcome: str) -> str:
    """What became of it."""
    return _(OUTCOME_WORDS[outcome]) if outcome in OUTCOME_WORDS else outcome


def actor_words(actor: str) -> str:
    """Who it was; an empty name stands for the console itself."""
    return actor or _("(console)")


def reason_words(outcome: str, reason: str) -> str:
    """A person's own words as they are; why it was refused, or why the console did it, as a sentence."""
    if reason == ANSWERED:
        return _(ANSWERED)
    return _REFUSALS[reason].sentence if outcome == Outcome.REFUSED.value and reason in _REFUSALS else reason


def role_words(roles: str) -> str:
    """The roles of a row, which are stored with commas between them."""
    parts = [part for part in roles.split(",") if part]
    return _(", ").join(_(ROLE_WORDS[_ROLES[part]]) if part in _ROLES else part for part in parts)
