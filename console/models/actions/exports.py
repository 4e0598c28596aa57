"""Data that leaves the console as a file: permitted and recorded before a row of it leaves, so that none leaves
unseen."""

from __future__ import annotations

from collections.abc import Mapping

from console.models.actions.authorize import Refused, done, permit
from console.models.domain.access_ports import Accounts
from console.models.domain.ports import Clock
from console.models.domain.roles import Action, Actor, Target


def record_export(
    accounts: Accounts, actor: Actor, clock: Clock, target: Target, facts: Mapping[str, object], *needed: Action
) -> None:
    """Permit an export of ``target`` and record it with ``facts`` (file, rows …); raises `Refused`.

    ``needed`` are actions that the person must be permitted as well, such as to see what is exported. The roles are
    those that hold now.
    """
    now = clock.now()
    with accounts.change() as change:
        account = change.find(actor.name)
        person = account.actor if account is not None else Actor(actor.name)
        refusal = None
        for action in (*needed, Action.EXPORT):
            decision = permit(change.record, now, person, action, target)
            refusal = decision.refusal
            if refusal is not None:
                break
        else:
            change.record(done(now, person, Action.EXPORT, target, decision, after=facts))
    if refusal is not None:
        raise Refused(refusal)
