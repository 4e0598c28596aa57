"""A database with accounts, agents, tickets and an inbox, and the actions over it, for the tests of the actions."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection

from console.clock import FixedClock
from console.models.actions.agents import AgentActions
from console.models.actions.escalations import EscalationActions
from console.models.actions.tickets import TicketActions
from console.models.domain.escalation import Occurrence, Transition
from console.models.domain.events import Kind
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Actor
from console.models.store import database, schema
from console.models.store.accounts import SqlAccounts
from console.models.store.acting import SqlEscalationDesk
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail, Wanted
from console.models.store.command_rows import SqlCommandReader
from console.models.store.commands import SqlCommands
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from tests.models.domain.escalation_cases import RULES, breach

ANN, BOB, COACH, VIEWER = Actor("ann"), Actor("bob"), Actor("cora"), Actor("vic")
STRANGER = Actor("nobody-here", frozenset(AccountRole))
ROLES = {"ann": AccountRole.SUPERVISOR, "bob": AccountRole.SUPERVISOR, "cora": AccountRole.COACH, "vic": None}
AGENTS = ("Mei", "Wang")
QUEUES = ("General", "Returns", "Phone")
TICKETS = range(1, 8)
LOCAL, HELPDESK = 1, 2
"""Sources: one that takes no commands, and one that does. Even tickets are the helpdesk's."""


class Office:
    """Everything that an action touches, on a real file."""

    def __init__(self, folder: Path, clock: FixedClock) -> None:
        file = folder / "console.db"
        schema.upgrade(file, Progress())
        self.file, self.clock = file, clock
        self.trail = AuditTrail(file, AnchorFile(file, folder / "state", lambda _id, _make: None))
        self.accounts = SqlAccounts(file, self.trail)
        self._people()
        self._log()
        self.readers = database.reader(file)
        self.by_the_console: list[Transition] = []
        self.writer = database.writer(file)
        self.inbox = SqlEscalations(self.writer, threading.Lock(), self._record, self._anchor)
        self.entries = SqlEscalationReader(self.readers)
        self.pokes = 0
        self.commands = SqlCommands(self.inbox.transaction)
        self.pending = SqlCommandReader(self.readers)
        self.orders = 0
        self.tickets = TicketActions(self.commands, clock, self._ordered)
        self.agents = AgentActions(self.commands, clock, self._ordered, lambda: ["helpdesk"])
        self.act = EscalationActions(SqlEscalationDesk(self.inbox), lambda: RULES, clock, self._poke)

    def close(self) -> None:
        """Close all connections; the trail must be sound, as after every test."""
        assert self.trail.verify().sound
        self.inbox.close()
        self.readers.dispose()
        self.accounts.close()
        self.trail.close()

    def raised(self, occurrence: Occurrence | None = None) -> int:
        """An entry that the console raised."""
        return self.inbox.raise_all([occurrence or breach()], self.clock.now(), RULES)[0].entry.id

    def audited(self) -> list[tuple[str, str, str, str, str]]:
        """Actor, action, object, outcome and reason of all rows of the trail, oldest first."""
        rows = reversed(self.trail.rows(Wanted()))
        return [(row.actor, row.action, row.object_id, row.outcome, row.reason) for row in rows]

    def _record(self, _connection: Connection, made: Sequence[Transition]) -> None:
        self.by_the_console += made

    def _anchor(self) -> None:
        self.trail.anchor()

    def _poke(self) -> None:
        self.pokes += 1

    def _ordered(self) -> None:
        self.orders += 1

    def assigned(self, ticket: int, agent: str, key: int = 1) -> None:
        """The log says that the ticket's own source has given it to an agent."""
        value = AGENTS.index(agent) + 1 if agent else 0
        kind = Kind.ASSIGNED if agent else Kind.UNASSIGNED
        source = HELPDESK if ticket % 2 == 0 else LOCAL
        with database.writer(self.file).begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO event "
                "SELECT coalesce(max(seq), 0) + 1, ?, 0, ?, ?, ?, 0, ?, 0, ?, 0, 0, 0, NULL FROM event",
                (self.clock.now() + key, key, value, ticket, kind, source),
            )

    def told(
        self, agent: str, kind: Kind, value: int = 0, after: int = 1, source: int = HELPDESK, **detail: object
    ) -> None:
        """A source tells of an agent, so many microseconds from now."""
        text = json.dumps(detail) if detail else None
        with database.writer(self.file).begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO event "
                "SELECT coalesce(max(seq), 0) + 1, ?, 0, coalesce(max(seq), 0) + 1000, ?, ?, 0, ?, 0, ?, 0, 0, 0, ? "
                "FROM event",
                (self.clock.now() + after, value, AGENTS.index(agent) + 1, kind, source, text),
            )

    def _people(self) -> None:
        now = self.clock.now()
        with self.accounts.change() as change:
            for name, role in ROLES.items():
                account = change.add(name, now)
                if role is not None:
                    change.give(account, role, now)

    def _log(self) -> None:
        with database.writer(self.file).begin() as connection:
            for id_, agent in enumerate(AGENTS, 1):
                connection.exec_driver_sql("INSERT INTO name VALUES ('agent', ?, ?, 1)", (id_, agent))
            for id_, text in ((LOCAL, "file"), (HELPDESK, "helpdesk")):
                connection.exec_driver_sql("INSERT INTO name VALUES ('source', ?, ?, 1)", (id_, text))
            for id_, queue in enumerate(QUEUES, 1):
                connection.exec_driver_sql("INSERT INTO name VALUES ('queue', ?, ?, 1)", (id_, queue))
            for ticket in TICKETS:
                source = HELPDESK if ticket % 2 == 0 else LOCAL
                connection.exec_driver_sql(
                    "INSERT INTO ticket VALUES (?, ?, ?, '', '', 1)", (ticket, source, f"T{ticket}")
                )
