"""One transaction: encoded events, the words they bring and their sources' cursors, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import ClauseElement, Connection, bindparam, func, literal_column
from sqlalchemy.dialects import sqlite

from console.models.store.encoding import Encoded, Parameters
from console.models.store.tables import body, event, name, source, ticket

_ROWS_TOGETHER = (256, 64, 16)


def compiled(statement: ClauseElement) -> str:
    """The statement as text with positional parameters, for the driver's ``executemany`` of plain tuples."""
    return str(statement.compile(dialect=sqlite.dialect()))


def inserting(table: Any) -> sqlite.Insert:
    """An insert of one row, its columns in the order of the table."""
    return sqlite.insert(table).values({column.name: bindparam(column.name) for column in table.columns})


_INSERT_EVENT = compiled(inserting(event).on_conflict_do_nothing())
_INSERT_NAME = compiled(inserting(name).on_conflict_do_nothing())
_INSERT_BODY = compiled(inserting(body).on_conflict_do_nothing())

_ticket = inserting(ticket)
_UPSERT_TICKET = compiled(
    _ticket.on_conflict_do_update(
        index_elements=[ticket.c.id],
        set_={
            # Words come with the *created* event, which may arrive after others: never blank what is known.
            column: func.coalesce(func.nullif(_ticket.excluded[column], literal_column("''")), ticket.c[column])
            for column in ("subject", "customer")
        },
    )
)
_source = inserting(source)
_UPSERT_SOURCE = compiled(
    _source.on_conflict_do_update(
        index_elements=[source.c.id],
        set_={
            "last_at": func.max(source.c.last_at, _source.excluded.last_at),
            "last_received_at": func.max(source.c.last_received_at, _source.excluded.last_received_at),
            "cursor": func.coalesce(_source.excluded.cursor, source.c.cursor),
            "cursor_saved_at": func.coalesce(_source.excluded.cursor_saved_at, source.c.cursor_saved_at),
        },
    )
)


def write(connection: Connection, group: Sequence[Encoded]) -> int:
    """Write a group within the connection's transaction; returns how many events were new to the log."""
    parameters = [row for encoded in group for row in encoded.parameters]
    bodies = [row for encoded in group for row in encoded.bodies]
    new = many(connection, _INSERT_EVENT, parameters)
    if bodies and new < len(parameters):
        # Some were in the log already: the text of those must not be kept a second time.
        landed = set(_landed(connection, parameters))
        bodies = [row for row in bodies if row[0] in landed]
    many(connection, _INSERT_BODY, bodies)
    many(connection, _UPSERT_TICKET, [row for encoded in group for row in encoded.tickets])
    many(connection, _INSERT_NAME, [row for encoded in group for row in encoded.names])
    many(connection, _UPSERT_SOURCE, [row for encoded in group for row in encoded.sources])
    return new


def _landed(connection: Connection, parameters: Sequence[Parameters]) -> list[int]:
    first, last = parameters[0][0], parameters[-1][0]
    found = connection.exec_driver_sql("SELECT seq FROM event WHERE seq BETWEEN ? AND ?", (first, last))
    return [seq for (seq,) in found]


def many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Run a statement for many rows; returns how many rows it changed.

    The driver lets go of the interpreter for every step, and beside a busy window gets it back only after a
    millisecond: so as many rows as possible go into one step.
    """
    changed = done = 0
    for together in _ROWS_TOGETHER:
        while len(rows) - done >= together:
            values = tuple(chain.from_iterable(rows[done : done + together]))
            changed += connection.exec_driver_sql(_widened(statement, together), values).rowcount
            done += together
    if done < len(rows):
        changed += connection.exec_driver_sql(statement, list(rows[done:])).rowcount
    return changed


@cache
def _widened(statement: str, rows: int) -> str:
    """An insert of one row, as an insert of so many."""
    head, _values, rest = statement.partition(" VALUES (")
    places, _end, tail = rest.partition(")")
    return f"{head} VALUES {', '.join([f'({places})'] * rows)}{tail}"
