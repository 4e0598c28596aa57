"""What a row of the audit trail changed, for people: names in words, states in words, instants in the site's time.

The trail itself and its export keep the exact values; a value that this version does not know is shown as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from console.clock import moment
from console.i18n import N_, _
from console.models.domain.audit import Row
from console.models.domain.audit_words import object_words, role_words
from console.models.domain.follow_ups import DUTY_WORDS
from console.models.domain.glossary import AGENT_STATE
from console.models.domain.roles import Action
from console.models.policy.labels import full_label
from console.models.policy.saying import said_change
from console.models.policy.schema import BY_PATH
from console.models.queries.audit_pages import Difference, differences, facts_of
from console.models.queries.inbox_lines import level_word
from console.models.queries.rule_words import rule_id, rule_words


def told_differences(row: Row, zone: tzinfo) -> list[Difference]:
    """`audit_pages.differences` in words."""
    before, after = facts_of(row.before), facts_of(row.after)
    told = []
    for change in differences(row):
        name = change.name
        if row.action == Action.POLICY_EDIT.value and name in BY_PATH:
            told.append(Difference(full_label(name), *_policy(name, before.get(name), after.get(name))))
            continue
        values = [_value(row.object_kind, name, *pair, zone) for pair in _pairs(change, before, after)]
        told.append(Difference(_(_NAMES[name]) if name in _NAMES else name, values[0], values[1]))
    return told


def _pairs(change: Difference, before: Mapping[str, object], after: Mapping[str, object]) -> list[tuple[object, str]]:
    return [(before.get(change.name), change.before), (after.get(change.name), change.after)]


def _policy(path: str, before: Any, after: Any) -> tuple[str, str]:
    try:
        return said_change(path, before, after)
    except (TypeError, ValueError, KeyError):
        # A row of another version, or one that somebody changed.
        return str(before), str(after)


def _value(kind: str, name: str, value: object, text: str, zone: tzinfo) -> str:
    """A value in words, or ``text``, which is how it stands on the trail."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int) and (name.endswith("_at") or name in _INSTANTS):
        return _instant(value, zone) or text
    if not isinstance(value, str):
        return _of_list(name, value, text)
    if name == "state":
        words = _STATES.get(kind, {}).get(value)
        return _(words) if words else text
    known = _SAID.get(name)
    return known(value) if known is not None else text


def _of_list(name: str, value: object, text: str) -> str:
    if name == "roles" and isinstance(value, list) and all(isinstance(part, str) for part in value):
        return role_words(",".join(value))
    if name == "queues" and isinstance(value, list):
        return _(", ").join(map(str, value))
    return text


def _instant(at: int, zone: tzinfo) -> str:
    """An instant in the site's time; empty for a number that is none."""
    try:
        return moment(at).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return ""


def _rule(rule: str) -> str:
    return _("{words} ({rule})").format(words=rule_words(rule), rule=rule_id(rule))


def _duty(key: str) -> str:
    return next((_(words) for duty, words in DUTY_WORDS.items() if duty.key == key), key)


_INSTANTS = frozenset({"as_of", "since", "until", "start", "end"})
_SAID: Mapping[str, Callable[[str], str]] = {
    "duty": _duty,
    "level": level_word,
    "rule": _rule,
    "urgency": str.upper,
    "kind": object_words,
}
_STATES: Mapping[str, Mapping[str, str]] = {
    "agent": {state.key: words for state, words in AGENT_STATE.items()},
    "escalation": {
        "raised": N_("Nobody has it"),
        "acknowledged": N_("Somebody has it"),
        "resolved": N_("Resolved"),
        "closed": N_("Closed"),
        "snoozed": N_("Put aside"),
        "returned": N_("With the agent"),
        "exhausted": N_("Everyone told, nobody acted"),
        "merged": N_("Merged"),
    },
    "compensation": {
        "proposed": N_("Waits for a decision"),
        "lapsed": N_("Undecided, over time"),
        "granted": N_("Granted within the limit"),
        "approved": N_("Approved"),
        "declined": N_("Declined"),
        "withdrawn": N_("Withdrawn"),
    },
    "call_back": {
        "promised": N_("Promised"),
        "done": N_("Called"),
        "not_reached": N_("Not reached"),
        "cancelled": N_("No need any more"),
    },
    "follow_up": {"outstanding": N_("Outstanding"), "done": N_("Done"), "dropped": N_("No need any more")},
}
_NAMES: Mapping[str, str] = {
    "agent": N_("Agent"),
    "approved": N_("Approved"),
    "as_of": N_("As of"),
    "asked_at": N_("Asked at"),
    "asked_by": N_("Asked by"),
    "assign": N_("Assigned to"),
    "assignee": N_("Agent"),
    "cash": N_("Cash"),
    "cause": N_("Cause"),
    "commands": N_("Orders to the helpdesk"),
    "command": N_("Order to the helpdesk"),
    "due_at": N_("Due"),
    "duty": N_("Task"),
    "entry": N_("Escalation"),
    "file": N_("File"),
    "filter": N_("Filter"),
    "level": N_("Told"),
    "limit": N_("Limit"),
    "loss": N_("Loss"),
    "merged_into": N_("Merged into"),
    "notes": N_("Notes"),
    "offer": N_("Offer"),
    "os_account": N_("Operating system account"),
    "owner": N_("Owner"),
    "passphrase": N_("Has a passphrase"),
    "queues": N_("Queues"),
    "roles": N_("Roles"),
    "rows": N_("Rows"),
    "rule": N_("Rule"),
    "since": N_("Since"),
    "state": N_("State"),
    "successor": N_("Successor"),
    "ticket": N_("Ticket"),
    "undoes": N_("Takes back"),
    "until": N_("Until"),
    "urgency": N_("Urgency"),
    "version": N_("Version"),
    "voucher": N_("Voucher"),
}
