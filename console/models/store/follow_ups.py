"""Follow-ups after a complaint in the database (R-CMP-FOLLOW)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, TextClause, func, insert, select, update

from console.models.domain.audit import Entry
from console.models.domain.follow_ups import Duty, FollowUp, FollowUpState
from console.models.domain.roles import Actor
from console.models.store import audit
from console.models.store.accounts import AccountRows
from console.models.store.escalations import SqlEscalations
from console.models.store.request_tables import IS_OUTSTANDING, follow_up
from console.models.store.tables import meta
from console.models.store.writing import compiled, inserting, many

READ_TO = "follow_ups_read_to"
"""The key in `tables.meta` of how far the log was looked through."""

_COPIED = (
    *("id", "ticket", "resolved_at", "due_at", "promised_at", "owner", "done_at", "done_by", "outcome", "version"),
)
_BECOMES = ("state", "due_at", "done_at", "done_by", "outcome", "version")
"""What changes of a task."""
_table = follow_up.c
_INSERT = compiled(inserting(follow_up))
_UPDATE = f"""
    UPDATE follow_up SET {", ".join(f"{name} = ?" for name in _BECOMES)} WHERE id = ?
"""


class SqlFollowUps:
    """`FollowUps` of a database, written between the commits of its inbox."""

    def __init__(self, escalations: SqlEscalations, readers: Engine) -> None:
        self._escalations = escalations
        self._readers = readers

    def outstanding(self, ticket: int | None = None, most: int | None = None) -> list[FollowUp]:
        """All that have not ended, or those of a ticket, the one that is due first at the top; at most so many."""
        found = (IS_OUTSTANDING,) if ticket is None else (IS_OUTSTANDING, _table.ticket == ticket)
        with self._readers.connect() as connection:
            return _all(connection, *found, most=most)

    def still_owed(self, tasks: Collection[int]) -> set[int]:
        """Those of these that have not ended."""
        with self._readers.connect() as connection:
            return set(connection.execute(select(_table.id).where(IS_OUTSTANDING, _table.id.in_(tasks))).scalars())

    def waiting_tickets(self) -> NDArray[np.int64]:
        """The tickets that have one which has not ended, each once."""
        # One text instead of a row for each: see `store.columns`.
        query = select(func.group_concat(_table.ticket.distinct())).where(IS_OUTSTANDING)
        with self._readers.connect() as connection:
            return np.fromstring(connection.execute(query).scalar() or "", np.int64, sep=",")

    def due_between(self, after: int, until: int) -> list[FollowUp]:
        """The outstanding ones with ``after < due_at <= until``."""
        with self._readers.connect() as connection:
            return _all(connection, IS_OUTSTANDING, _table.due_at > after, _table.due_at <= until)

    def next_due(self, at: int) -> int | None:
        """The earliest due time after ``at`` of one that has not ended."""
        query = select(func.min(_table.due_at)).where(IS_OUTSTANDING, _table.due_at > at)
        with self._readers.connect() as connection:
            due: int | None = connection.execute(query).scalar()
        return due

    def read_to(self) -> int | None:
        """How far the log was looked through for resolved complaints; None before the first look."""
        with self._readers.connect() as connection:
            word = connection.execute(select(meta.c.value).where(meta.c.key == READ_TO)).scalar()
        return None if word is None else int(word)

    @contextmanager
    def change(self, *, records: bool = True) -> Iterator[FollowUpRows]:
        """One transaction; an exception in it takes back everything. ``records``: it adds to the audit trail."""
        with self._escalations.transaction(records=records) as connection:
            yield FollowUpRows(connection)


class FollowUpRows:
    """`FollowUpChange` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def as_stored(self, actor: Actor) -> Actor:
        """The actor with the roles that hold now."""
        account = AccountRows(self._connection).find(actor.name)
        return Actor(actor.name) if account is None else account.actor

    def find(self, task: int) -> FollowUp | None:
        """The task as it is now."""
        return next(iter(_all(self._connection, _table.id == task)), None)

    def of_tickets(self, tickets: Collection[int]) -> list[FollowUp]:
        """All that were ever made of these tickets, ended or not."""
        return _all(self._connection, _table.ticket.in_(tickets)) if tickets else []

    def add(self, tasks: Sequence[FollowUp]) -> None:
        """Keep new ones. There is only one of each ticket, duty and resolution."""
        if tasks:
            last = self._connection.execute(select(func.max(_table.id))).scalar() or 0
            values = (_values(task) | {"id": id_} for id_, task in enumerate(tasks, last + 1))
            many(self._connection, _INSERT, [tuple(row[column.name] for column in _table) for row in values])

    def write(self, tasks: Sequence[FollowUp]) -> None:
        """Keep what became of them."""
        if tasks:
            values = ((task, _values(task)) for task in tasks)
            self._connection.exec_driver_sql(
                _UPDATE, [(*(row[name] for name in _BECOMES), task.id) for task, row in values]
            )

    def read_to(self, seq: int) -> None:
        """Remember how far the log was looked through."""
        kept = self._connection.execute(update(meta).where(meta.c.key == READ_TO).values(value=str(seq))).rowcount
        if not kept:
            self._connection.execute(insert(meta).values(key=READ_TO, value=str(seq)))

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        audit.append(self._connection, entry)


def _all(connection: Connection, *found: ColumnElement[bool] | TextClause, most: int | None = None) -> list[FollowUp]:
    query = select(follow_up).where(*found).order_by(_table.due_at, _table.id).limit(most)
    return [task_of(row) for row in connection.execute(query).mappings()]


def task_of(row: RowMapping) -> FollowUp:
    """The task of a row."""
    copied = {name: row[name] for name in _COPIED}
    return FollowUp(duty=Duty(row["kind"]), state=FollowUpState(row["state"]), **copied)


def _values(task: FollowUp) -> dict[str, object]:
    return {"kind": task.duty, "state": task.state, **{name: getattr(task, name) for name in _COPIED}}
