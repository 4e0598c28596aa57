"""Which tickets the log knows: the intake's question, asked for every batch."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, Engine

from console.models.store.database import dbapi

REFS_PER_QUERY = 512
_FEWEST = 16


class TicketLookup:
    """Looks references up on a connection of its own; on one thread at a time.

    The driver lets go of the interpreter at every step of a statement, and beside a busy window gets it back only
    after a millisecond. So many references are asked for in one step, outside a transaction, and answered in one text.
    """

    def __init__(self, reader: Engine) -> None:
        self._reader = reader
        self._connection: Connection | None = None

    def find(self, source: int, refs: Sequence[str]) -> dict[str, int]:
        """The ids of those of a source's references that the log knows; raises sqlite3.Error or SQLAlchemyError."""
        found: dict[str, int] = {}
        for start in range(0, len(refs), REFS_PER_QUERY):
            chunk = refs[start : start + REFS_PER_QUERY]
            for pair in self._ask(source, chunk).split(","):
                place, _, id_ = pair.partition(":")
                if id_:
                    found[chunk[int(place)]] = int(id_)
        return found

    def close(self) -> None:
        """Give the connection back; the next question takes another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _ask(self, source: int, refs: Sequence[str]) -> str:
        # Few widths, so that the driver finds its prepared statements again; nothing equals the NULLs that fill up.
        width = max(_FEWEST, 1 << (len(refs) - 1).bit_length())
        try:
            if self._connection is None:
                self._connection = self._reader.connect()
            row = (
                dbapi(self._connection)
                .execute(_statement(width), (*refs, *[None] * (width - len(refs)), source))
                .fetchone()
            )
        except sqlite3.Error:
            self.close()
            raise
        return row[0] or ""


@cache
def _statement(width: int) -> str:
    wanted = ",".join(f"({place},?)" for place in range(width))
    return f"""
        WITH wanted(place, ref) AS (VALUES {wanted})
        SELECT group_concat(place || ':' || ticket.id)
        FROM wanted CROSS JOIN ticket ON ticket.source = ? AND ticket.ref = wanted.ref
    """
