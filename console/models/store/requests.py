"""Compensation requests in the database: a step writes state, history, inbox and audit in one transaction.

The transaction is that of the inbox: it begins IMMEDIATE, so of two people who decide at once the second one reads what
the first one decided, and the entry that asks for the decision is resolved with it or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Engine, TextClause, and_, func, insert, select, update

from console.i18n import _
from console.models.domain.audit import Entry
from console.models.domain.escalation import (
    SYSTEM,
    TERMINAL,
    Cause,
    Event,
    Happening,
    ObjectKind,
    Occurrence,
    State,
)
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.requests import AlreadyDecided, Request, RequestState, Step
from console.models.domain.requests_ports import RequestPast, Untold
from console.models.domain.roles import Actor
from console.models.store import audit
from console.models.store.accounts import AccountRows
from console.models.store.escalation_rows import entry_of
from console.models.store.escalation_tables import IS_OPEN, escalation
from console.models.store.escalations import SqlEscalations
from console.models.store.request_rows import request_of, values_of
from console.models.store.request_tables import IS_UNDECIDED, IS_UNTOLD, compensation_event, compensation_request

_ASKING = (Cause.APPROVAL, Cause.REQUEST)
_table = compensation_request.c


class SqlRequestReader:
    """`RequestReader` over connections that cannot write."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers

    def request(self, request: int) -> Request:
        """One request; raises KeyError when there is none."""
        with self._readers.connect() as connection:
            found = _find(connection, request)
        if found is None:
            raise KeyError(request)
        return found

    def undecided(self) -> list[Request]:
        """All that wait for a decision, the one that is due first at the top."""
        return self._all(IS_UNDECIDED, order=(_table.due_at, _table.id))

    def of_ticket(self, ticket: int) -> list[Request]:
        """All of a ticket, newest first."""
        return self._all(_table.ticket == ticket, order=(_table.id.desc(),))

    def lapsing(self, until: int) -> list[Request]:
        """Those that are due by then and undecided."""
        return self._all(IS_UNDECIDED, _table.due_at <= until, order=(_table.due_at, _table.id))

    def lapsed(self, after: int, until: int) -> list[Request]:
        """The undecided ones whose last lapse is ``after < lapsed_at <= until``."""
        found = IS_UNDECIDED, _table.lapsed_at > after, _table.lapsed_at <= until
        return self._all(*found, order=(_table.lapsed_at, _table.id))

    def next_due(self, at: int) -> int | None:
        """The earliest due time after ``at``, None when nothing waits."""
        query = select(func.min(_table.due_at)).where(IS_UNDECIDED, _table.due_at > at)
        with self._readers.connect() as connection:
            due: int | None = connection.execute(query).scalar()
        return due

    def decided_between(self, start: int, end: int) -> list[Request]:
        """Those that ended with ``start <= decided_at < end``, oldest first."""
        found = and_(_table.decided_at >= start, _table.decided_at < end)
        return self._all(found, order=(_table.decided_at, _table.id))

    def history(self, request: int) -> Sequence[RequestPast]:
        """Every step of a request, oldest first."""
        steps = compensation_event.c
        query = select(steps.at, steps.actor, steps.what, steps.state, steps.reason)
        query = query.where(steps.request == request).order_by(steps.version)
        with self._readers.connect() as connection:
            return [
                RequestPast(at, actor, Step(what), RequestState(state), reason)
                for at, actor, what, state, reason in connection.execute(query)
            ]

    def untold(self, limit: int) -> list[Untold]:
        """Steps that the ticket's own record does not show yet, oldest first."""
        steps = compensation_event.c
        query = select(steps.request, steps.version, steps.at, steps.actor, steps.what, steps.state, steps.reason)
        query = query.where(IS_UNTOLD).order_by(steps.request, steps.version).limit(limit)
        untold = []
        with self._readers.connect() as connection:
            for request, version, at, actor, what, state, reason in connection.execute(query).all():
                found = _find(connection, request)
                if found is not None:
                    past = RequestPast(at, actor, Step(what), RequestState(state), reason)
                    untold.append(Untold(replace(found, state=past.state), version, past))
        return untold

    def _all(self, *found: ColumnElement[bool] | TextClause, order: Sequence[ColumnElement[int]]) -> list[Request]:
        query = select(compensation_request).where(*found).order_by(*order)
        with self._readers.connect() as connection:
            return [request_of(row) for row in connection.execute(query).mappings()]


class SqlRequests(SqlRequestReader):
    """`Requests` of a database, written in the transactions of its inbox."""

    def __init__(self, escalations: SqlEscalations, readers: Engine) -> None:
        super().__init__(readers)
        self._escalations = escalations

    @contextmanager
    def change(self) -> Iterator[RequestRows]:
        """One transaction, with its audit rows; an exception in it takes back everything."""
        with self._escalations.transaction(records=True) as connection:
            yield RequestRows(connection, self._escalations)

    def told(self, steps: Sequence[Untold]) -> None:
        """The tickets' records show these steps now."""
        with self._escalations.transaction() as connection:
            for step in steps:
                connection.execute(
                    update(compensation_event)
                    .where(
                        compensation_event.c.request == step.request.id, compensation_event.c.version == step.version
                    )
                    .values(told=True)
                )


class RequestRows:
    """`RequestChange` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection, escalations: SqlEscalations) -> None:
        self._connection = connection
        self._escalations = escalations

    def as_stored(self, actor: Actor) -> Actor:
        """The actor with the roles that hold now."""
        account = AccountRows(self._connection).find(actor.name)
        return Actor(actor.name) if account is None else account.actor

    def find(self, request: int) -> Request | None:
        """The request as it is now."""
        return _find(self._connection, request)

    def of_ticket(self, ticket: int) -> Sequence[Request]:
        """All of a ticket, newest first."""
        query = select(compensation_request).where(_table.ticket == ticket).order_by(_table.id.desc())
        return [request_of(row) for row in self._connection.execute(query).mappings()]

    def add(self, request: Request, what: Step) -> Request:
        """Keep a new one; returns it with its number."""
        last = self._connection.execute(select(func.max(_table.id))).scalar()
        added = replace(request, id=(last or 0) + 1)
        self._connection.execute(insert(compensation_request).values(**values_of(added)))
        self._remember(added, what, added.proposed_at, added.proposed_by, added.note)
        return added

    def write(self, before: Request, request: Request, what: Step, at: int, actor: str, reason: str) -> None:
        """Keep a step. Raises `AlreadyDecided` when another one was kept since ``before`` was read."""
        written = self._connection.execute(
            update(compensation_request)
            .where(_table.id == before.id, _table.version == before.version, IS_UNDECIDED)
            .values(**values_of(request))
        ).rowcount
        if written != 1:
            raise AlreadyDecided(before, _("It was changed meanwhile."), _("Look at it again."))
        self._remember(request, what, at, actor, reason)

    def escalate(self, occurrence: Occurrence, at: int, rules: EscalationRules, actor: str) -> None:
        """Bring it into the inbox."""
        self._escalations.raise_within(self._connection, occurrence, at, rules, actor)

    def settle(self, request: Request, at: int, actor: str, rules: EscalationRules, reason: str) -> None:
        """Resolve every entry of the inbox that asks for this decision; one that ended before stays as it is."""
        asking = select(escalation).where(
            IS_OPEN,
            escalation.c.kind == ObjectKind.REQUEST,
            escalation.c.object == request.id,
            escalation.c.cause.in_(_ASKING),
        )
        for row in self._connection.execute(asking.order_by(escalation.c.id)).mappings().all():
            entry = entry_of(row)
            if entry.state in TERMINAL or entry.state is State.RESOLVED:
                continue
            # Whoever decides has done what the entry asks for, also where somebody else has taken it on.
            doer = actor if entry.owner in ("", actor) else SYSTEM
            event = Event(Happening.RESOLVE, reason=reason)
            self._escalations.move_within(self._connection, entry.id, event, at, doer, rules)

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        audit.append(self._connection, entry)

    def _remember(self, request: Request, what: Step, at: int, actor: str, reason: str) -> None:
        self._connection.execute(
            insert(compensation_event).values(
                request=request.id,
                version=request.version,
                at=at,
                actor=actor,
                what=what,
                state=request.state,
                reason=reason,
                told=False,
            )
        )


def _find(connection: Connection, request: int) -> Request | None:
    row = connection.execute(select(compensation_request).where(_table.id == request)).mappings().first()
    return None if row is None else request_of(row)
