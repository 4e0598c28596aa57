"""What is owed, as it stood at an instant, out of the histories; and the signed hand-over sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection, Engine, and_, func, insert, or_, select

from console.models.domain import audit as trail
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.escalation import TERMINAL, Entry, Happening, State, Urgency
from console.models.domain.follow_ups import FollowUp, FollowUpState
from console.models.domain.hand_over import Moved, Signed
from console.models.domain.requests import Request, RequestState
from console.models.domain.roles import Actor
from console.models.store import audit
from console.models.store.accounts import AccountRows
from console.models.store.command_tables import call_back
from console.models.store.escalation_rows import entry_of
from console.models.store.escalation_tables import escalation, escalation_event
from console.models.store.escalations import SqlEscalations
from console.models.store.follow_ups import task_of
from console.models.store.request_rows import request_of
from console.models.store.request_tables import compensation_request, follow_up, hand_over

_THEN = ("state", "urgency", "level", "owner", "due_at", "occurred_at", "version", "reason")
"""What the history keeps of an entry at each move."""


class SqlHandOverReader:
    """`HandOverReader` over connections that cannot write."""

    def __init__(self, readers: Engine) -> None:
        self._readers = readers

    def entries_at(self, at: int) -> list[Entry]:
        """The entries that had not ended at the instant, as they stood then, most urgent first."""
        past = escalation_event.alias("past")
        newest = (
            select(func.max(escalation_event.c.version))
            .where(escalation_event.c.escalation == escalation.c.id, escalation_event.c.at <= at)
            .correlate(escalation)
            .scalar_subquery()
        )
        kept = (past.c[name].label(f"past_{name}") for name in _THEN)
        joined = escalation.join(past, and_(past.c.escalation == escalation.c.id, past.c.version == newest))
        query = select(escalation, past.c.at.label("moved_at"), *kept).select_from(joined)
        with self._readers.connect() as connection:
            rows = connection.execute(query.where(past.c.state.not_in([int(end) for end in TERMINAL]))).mappings().all()
        found = []
        for row in rows:
            entry, state, moved_at = entry_of(row), State(row["past_state"]), row["moved_at"]
            taken = entry.acknowledged_at if (entry.acknowledged_at or moved_at) <= moved_at else moved_at
            then = replace(
                entry,
                state=state,
                urgency=Urgency(row["past_urgency"]),
                acknowledged_at=(taken or moved_at) if state is State.ACKNOWLEDGED else None,
                resolved_at=moved_at if state is State.RESOLVED else None,
                **{name: row[f"past_{name}"] for name in _THEN[2:]},
            )
            found.append(then)
        return sorted(found, key=lambda entry: (entry.urgency, entry.due_at or 0, entry.id))

    def moves(self, after: int, until: int) -> list[Moved]:
        """Every move with ``after < at <= until``, oldest first."""
        past = escalation_event.c
        query = select(past.escalation, past.at, past.what, past.state_before, past.state)
        query = query.where(past.at > after, past.at <= until).order_by(past.at, past.escalation, past.version)
        with self._readers.connect() as connection:
            return [
                Moved(entry, at, Happening(what), None if before is None else State(before), State(state))
                for entry, at, what, before, state in connection.execute(query)
            ]

    def requests_at(self, at: int) -> list[Request]:
        """The requests that waited for a decision at the instant, the one due first at the top."""
        table = compensation_request.c
        open_then = and_(table.proposed_at <= at, or_(table.decided_at.is_(None), table.decided_at > at))
        query = select(compensation_request).where(open_then, table.state != RequestState.GRANTED)
        with self._readers.connect() as connection:
            found = [_as_it_was(request_of(row), at) for row in connection.execute(query).mappings()]
        return sorted(found, key=lambda request: (request.due_at or request.proposed_at, request.id))

    def call_backs_at(self, at: int) -> list[CallBack]:
        """The call backs that were promised and not settled at the instant, the one due first at the top."""
        table = call_back.c
        open_then = and_(table.promised_at <= at, or_(table.settled_at.is_(None), table.settled_at > at))
        query = select(call_back).where(open_then).order_by(table.due_at, table.id)
        with self._readers.connect() as connection:
            return [
                CallBack(
                    row["id"],
                    row["ticket"],
                    row["owner"],
                    row["text"],
                    row["due_at"],
                    Kept.PROMISED,
                    row["promised_at"],
                    row["promised_by"],
                )
                for row in connection.execute(query).mappings()
            ]

    def follow_ups_at(self, at: int) -> list[FollowUp]:
        """The follow-ups that were outstanding at the instant, the one due first at the top."""
        table = follow_up.c
        open_then = and_(table.resolved_at <= at, or_(table.done_at.is_(None), table.done_at > at))
        query = select(follow_up).where(open_then).order_by(table.promised_at, table.id)
        with self._readers.connect() as connection:
            found = [task_of(row) for row in connection.execute(query).mappings()]
        return [replace(task, state=FollowUpState.OUTSTANDING, due_at=task.promised_at) for task in found]

    def signed_before(self, at: int) -> Signed | None:
        """The last sheet that was signed by then."""
        table = hand_over.c
        query = select(hand_over).where(table.signed_at <= at).order_by(table.id.desc()).limit(1)
        with self._readers.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else Signed(**row)


class SqlHandOvers(SqlHandOverReader):
    """`HandOvers` of a database, written between the commits of its inbox."""

    def __init__(self, escalations: SqlEscalations, readers: Engine) -> None:
        super().__init__(readers)
        self._escalations = escalations

    @contextmanager
    def change(self) -> Iterator[HandOverRows]:
        """One transaction, with its audit rows; an exception in it takes back everything."""
        with self._escalations.transaction(records=True) as connection:
            yield HandOverRows(connection)


class HandOverRows:
    """`HandOverChange` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def as_stored(self, name: str) -> Actor:
        """The account of this name with the roles that hold now; without any where there is none."""
        account = AccountRows(self._connection).find(name)
        return Actor(name.strip()) if account is None else account.actor

    def sign(self, sheet: Signed) -> Signed:
        """Keep a signed sheet; returns it with its number."""
        last = self._connection.execute(select(func.max(hand_over.c.id))).scalar()
        kept = replace(sheet, id=(last or 0) + 1)
        values = {name: getattr(kept, name) for name in ("id", "as_of", "since", "signed_by", "signed_at", "notes")}
        self._connection.execute(insert(hand_over).values(values))
        return kept

    def record(self, entry: trail.Entry) -> None:
        """Add a row to the audit trail."""
        audit.append(self._connection, entry)


def _as_it_was(request: Request, at: int) -> Request:
    """The request before it lapsed, where that was later. Its due time is known again where that was its only lapse."""
    if request.lapsed_at is None or request.lapsed_at <= at:
        return request
    due_at = request.lapsed_at if request.lapses == 1 else None
    return replace(request, state=RequestState.PROPOSED, lapsed_at=None, lapses=0, due_at=due_at)
