"""What a person does with the audit trail itself, which stands on the trail like everything else."""

from __future__ import annotations

from console.models.actions.accounts import ask
from console.models.actions.authorize import authorize
from console.models.actions.exports import record_export
from console.models.domain.access_ports import Accounts
from console.models.domain.audit_ports import AuditFilter
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Target

TRAIL = Target("audit", "")


def look_at_trail(accounts: Accounts, actor: Actor, clock: Clock) -> None:
    """Let only those see the trail who may; raises `Refused`. A look leaves no row, a refusal does."""
    if not authorize(actor, Action.AUDIT_VIEW, TRAIL).allowed:
        ask(accounts, actor, Action.AUDIT_VIEW, TRAIL, clock)


def record_trail_export(
    accounts: Accounts, actor: Actor, clock: Clock, file: str, rows: int, wanted: AuditFilter
) -> None:
    """Permit and record an export of the trail by whoever may see it as well; raises `Refused`."""
    facts = {"file": file, "rows": rows, "filter": _facts(wanted)}
    record_export(accounts, actor, clock, TRAIL, facts, Action.AUDIT_VIEW)


def _facts(wanted: AuditFilter) -> dict[str, object]:
    """The parts of the filter that narrow."""
    facts: dict[str, object] = {
        "start": wanted.start,
        "end": wanted.end,
        "actors": sorted(wanted.actors),
        "actions": sorted(wanted.actions),
        "kinds": sorted(wanted.kinds),
        "outcomes": sorted(outcome.value for outcome in wanted.outcomes),
        "object_id": wanted.object_id,
        "words": wanted.words,
        "people": wanted.people,
    }
    return {name: value for name, value in facts.items() if value}
