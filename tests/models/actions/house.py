"""One database with its accounts, its inbox and its compensation requests; and tickets' records in memory."""

from __future__ import annotations

import threading
from pathlib import Path

from console.clock import FixedClock
from console.models.actions.accounts import found, grant_role
from console.models.actions.compensation import CompensationActions
from console.models.actions.undecided import UndecidedRequests
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause
from console.models.domain.escalation import Cause as EscalationCause
from console.models.domain.escalation import State
from console.models.domain.money import Money
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy
from console.models.store import database, schema
from console.models.store.accounts import SqlAccounts
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail, Wanted
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.models.store.requests import SqlRequests
from console.scheduling.escalations.sweeper import Sweeper

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
LI = Actor("Li", frozenset({AccountRole.SUPERVISOR}))
LI_AGAIN = Actor(" LI ", frozenset({AccountRole.SUPERVISOR}))
WANG = Actor("Wang", frozenset({AccountRole.SUPERVISOR}))
VIEWER = Actor("Zhao")
CASE = Case(Money(180_00), Cause.OTHER)
SMALL = Case(Money(30_00), Cause.OTHER)
POLICY = policy.default()


class Record:
    """The tickets' own records."""

    def __init__(self) -> None:
        self.notes: dict[str, str] = {}
        self.works = True

    def note(self, ticket: int, text: str, at: int, key: str, actor: str) -> bool:
        del ticket, at, actor
        if not self.works:
            return False
        self.notes.setdefault(key, text)
        return True


class House:
    """One database with its accounts, inbox and requests."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        self.file = folder / "console.db"
        schema.upgrade(self.file, Progress())
        self.clock = clock
        self.trail = AuditTrail(self.file, AnchorFile(self.file, folder / "state", lambda _id, _make: None))
        accounts = SqlAccounts(self.file, self.trail)
        found(accounts, "boss", clock)
        for name in ("Li", "Wang"):
            grant_role(accounts, BOSS, name, AccountRole.SUPERVISOR, clock)
        accounts.close()
        self._readers = database.reader(self.file)
        self.writer = SqlEscalations(database.writer(self.file), threading.Lock(), lambda _c, _m: None, self._anchor)
        self.inbox = SqlEscalationReader(self._readers)
        self.requests = SqlRequests(self.writer, self._readers)
        self.record = Record()
        self.desk = CompensationActions(self.requests, lambda: POLICY, clock, self.record)
        undecided = UndecidedRequests(self.requests, lambda: POLICY.escalation.request_undecided)
        self.sweeper = Sweeper(self.writer, self.inbox, [undecided], lambda: POLICY.escalation, clock)
        self.sweeper.sweep()

    def _anchor(self) -> None:
        self.trail.anchor()

    def refusals(self) -> list[tuple[str, str, str]]:
        return [(row.actor, row.action, row.reason) for row in self.trail.rows(Wanted()) if row.outcome == "refused"]

    def entries(self) -> list[tuple[EscalationCause, State]]:
        return [(entry.key.cause, entry.state) for entry in self.inbox.open_entries()]

    def close(self) -> None:
        assert self.trail.verify().sound
        self.writer.close()
        self.trail.close()
        self._readers.dispose()
