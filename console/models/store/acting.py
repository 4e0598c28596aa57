"""Transactions of people's actions: the actor's present roles, what they change, and the audit rows, together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, exists, select

from console.models.domain.acting_ports import RecordMove
from console.models.domain.audit import Entry as AuditEntry
from console.models.domain.call_backs import Kept
from console.models.domain.escalation import Entry, Event, Occurrence, Transition
from console.models.domain.escalation_ports import Raised
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.roles import Actor
from console.models.store.accounts import AccountRows
from console.models.store.audit import append
from console.models.store.call_backs import promise_again, settle_call_back
from console.models.store.escalation_rows import entry_of
from console.models.store.escalation_tables import escalation
from console.models.store.escalations import SqlEscalations
from console.models.store.tables import name as names
from console.models.store.tables import ticket as tickets


class SqlLedger:
    """`acting_ports.Ledger` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def standing(self, name: str) -> Actor:
        """The account of this name with the roles that it has now; without any where there is no such account."""
        account = AccountRows(self.connection).find(name)
        return Actor(name.strip()) if account is None else account.actor

    def record(self, entry: AuditEntry) -> None:
        """Add a row to the audit trail."""
        append(self.connection, entry)

    def knows_agent(self, name: str) -> bool:
        """Whether the log has heard of an agent of this name."""
        found = select(exists().where(names.c.dimension == "agent", names.c.text == name))
        return bool(self.connection.execute(found).scalar())

    def knows_ticket(self, ticket: int) -> bool:
        """Whether the log holds this ticket."""
        return bool(self.connection.execute(select(exists().where(tickets.c.id == ticket))).scalar())


class SqlEscalationChange(SqlLedger):
    """`acting_ports.EscalationChange` over the inbox's own transaction."""

    def __init__(self, connection: Connection, inbox: SqlEscalations) -> None:
        super().__init__(connection)
        self._inbox = inbox

    def moves(
        self,
        entry: int,
        events: Sequence[Event],
        at: int,
        actor: str,
        rules: EscalationRules,
        record: RecordMove,
        version: int | None = None,
    ) -> list[Transition]:
        """Make moves one after the other, all or none."""
        made: list[Transition] = []
        # Of a refused move only the row that tells of the refusal may stay.
        with self.connection.begin_nested():
            for event in events:
                seen = made[-1].entry.version if made else version
                made.append(
                    self._inbox.move_within(
                        self.connection,
                        entry,
                        event,
                        at,
                        actor,
                        rules,
                        version=seen,
                        record=lambda _connection, move: record(move),
                    )
                )
        return made

    def raise_one(
        self, occurrence: Occurrence, at: int, rules: EscalationRules, actor: str, record: RecordMove
    ) -> Raised:
        """Bring one occurrence into the inbox."""
        return self._inbox.raise_within(
            self.connection, occurrence, at, rules, actor, record=lambda _connection, move: record(move)
        )

    def entry(self, entry: int) -> Entry:
        """An entry as it stands; raises KeyError when there is none."""
        query = select(escalation).where(escalation.c.id == entry)
        row = self.connection.execute(query).mappings().first()
        if row is None:
            raise KeyError(entry)
        return entry_of(row)

    def keep_call_back(self, call_back: int, outcome: str, actor: str, at: int) -> bool:
        """The promised call was made; False when it is not open any more."""
        return settle_call_back(self.connection, call_back, Kept.DONE, outcome, actor, at)

    def promise_again(self, call_back: int, kept_at: int) -> bool:
        """The call is still to be made; False when it was not kept at that instant."""
        return promise_again(self.connection, call_back, kept_at)


class SqlEscalationDesk:
    """`acting_ports.EscalationDesk` of a database."""

    def __init__(self, inbox: SqlEscalations) -> None:
        self._inbox = inbox

    @contextmanager
    def change(self) -> Iterator[SqlEscalationChange]:
        """One transaction; afterwards the trail is anchored by the inbox's ``recorded``."""
        with self._inbox.transaction(records=True) as connection:
            yield SqlEscalationChange(connection, self._inbox)
