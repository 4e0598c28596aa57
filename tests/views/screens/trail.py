"""A morning's audit trail in a real database, with four people, for the audit screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from console.clock import MINUTE, FixedClock
from console.models.actions.accounts import grant_role, set_passphrase
from console.models.actions.session import Session
from console.models.domain.audit import Entry, Outcome
from console.models.domain.roles import AccountRole, Action, Actor, Target
from console.views.screen import Context
from tests.models.actions.door import Door
from tests.views.stand_ins import NOW, context

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
_S, _C = AccountRole.SUPERVISOR, AccountRole.COACH


def entries(start: int) -> Iterator[Entry]:
    """What was done from ``start`` on, a few minutes apart."""
    done, refused = Outcome.DONE, Outcome.REFUSED
    rows = (
        ("", Action.ESCALATION_TIMER, "escalation", "311", done, "", {"state": "new"}, {"state": "overdue"}),
        ("li.na", Action.ESCALATION_ACKNOWLEDGE, "escalation", "311", done, "", {"owner": ""}, {"owner": "li.na"}),
        ("li.na", Action.TICKET_ASSIGN, "ticket", "20418", done, "", {"agent": "王伟"}, {"agent": "陈静"}),
        ("zhao.lei", Action.COMPENSATION_APPROVE, "compensation", "57", refused, "not_permitted", None, None),
        ("li.na", Action.COMPENSATION_PROPOSE, "compensation", "57", done, "两次发错货", None, {"amount": "120.00"}),
        ("li.na", Action.COMPENSATION_APPROVE, "compensation", "57", refused, "own_proposal", None, None),
        (
            "boss",
            Action.COMPENSATION_APPROVE,
            "compensation",
            "57",
            done,
            "",
            {"state": "asked"},
            {"state": "approved"},
        ),
        ("li.na", Action.ESCALATION_SNOOZE, "escalation", "312", done, "customer travels until 14:00", None, None),
        ("boss", Action.POLICY_EDIT, "policy", "", done, "peak of the sale", {"chat": "60 s"}, {"chat": "45 s"}),
        ("zhao.lei", Action.TICKET_ASSIGN, "ticket", "20422,20425", refused, "not_permitted", None, None),
        ("li.na", Action.ESCALATION_RESOLVE, "escalation", "311", done, "called, new parcel sent", None, None),
    )
    for place, (actor, action, kind, id_, outcome, reason, before, after) in enumerate(rows):
        role = {"boss": "admin", "li.na": "supervisor", "zhao.lei": "viewer", "": ""}[actor]
        at = start + place * 4 * MINUTE
        yield Entry(at, actor, action, Target(kind, id_), outcome, role, reason, before, after)


class Morning:
    """The database and the context of a screen; ``name`` is at the console."""

    def __init__(self, folder: Path, name: str = "boss", times: int = 1) -> None:
        self.clock = FixedClock(NOW - 60 * MINUTE)
        self.door = Door(folder, self.clock)
        self.door.os_account = name
        for person, role in (("li.na", _S), ("li.na", _C), ("wang.fang", AccountRole.PLANNER)):
            grant_role(self.door.accounts, BOSS, person, role, self.clock)
        set_passphrase(self.door.accounts, self.door.hasher, BOSS, "li.na", "right one", self.clock)
        self.session = Session(self.door, self.clock)
        self.session.begin()
        self.clock.advance(300)
        for _time in range(times):
            with self.door.accounts.change() as change:
                for entry in entries(self.clock.now()):
                    change.record(entry)
        self.clock.advance(55 * 60)
        self.context: Context = replace(context(), clock=self.clock, session=self.session, access=self.door)

    def close(self) -> None:
        self.context.ops.close()
        self.door.close()
