"""Turns the end of the log into segments as it grows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine

from console.models.domain.ports import Rows
from console.models.store.columns import table
from console.models.store.segments import SEGMENT_ROWS, forget_other_layouts, keep, pack, sealed_until, span_of

FEW_ROWS = 4_096
"""At the end of a run this many are sealed too, so that the next one need not read them from the table."""


class News(NamedTuple):
    """What was committed up to ``seq``: the rows, or None when some of them were in the log already."""

    seq: int
    rows: Sequence[Rows] | None


class Sealer:
    """Seals one segment at a time; on the upkeep's thread alone.

    While events come in, their rows are sealed out of memory: reading a segment's rows from the table takes the
    interpreter for every one of them. The table is read only at the start, for what an earlier run left, and for a
    transaction whose events were in part re-delivered.
    """

    def __init__(self, reader: Engine, between_commits: threading.Lock, committed: int) -> None:
        """Go on behind ``committed``, the last place in the log."""
        self._reader = reader
        self._between_commits = between_commits
        self._sealed: int | None = None
        self._committed = committed
        self._open: list[Rows] | None = None
        """All rows behind the last segment; None when only the table knows them."""

    def learn(self, news: Sequence[News]) -> None:
        """Remember what was committed since; raises sqlite3.Error or SQLAlchemyError, and `seal` then reads it."""
        known, self._open = self._open, None
        for seq, rows in news:
            before, self._committed = self._committed, max(self._committed, seq)
            if known is not None:
                known.extend(self._read(before, seq) if rows is None else rows)
        self._open = known

    def seal(self, connection: Connection, at_least: int | None = None) -> bool:
        """Seal a segment when there are at least so many rows (a whole segment); returns whether it did.

        ``connection`` writes; its transaction is short and lies between two of the writer's.
        """
        if self._sealed is None:
            with self._between_commits, connection.begin():
                forget_other_layouts(connection)
                self._sealed = sealed_until(connection)
        known, self._open = self._open, None
        pieces = self._read(self._sealed, self._committed, SEGMENT_ROWS) if known is None else known
        count = sum(map(len, pieces))
        seals = count >= (at_least or SEGMENT_ROWS)
        if seals:
            rows = np.concatenate(pieces)
            span = span_of(rows[:SEGMENT_ROWS], self._sealed)
            data = pack(rows[:SEGMENT_ROWS])
            with self._between_commits, connection.begin():
                keep(connection, span, data)
            self._sealed = span.last
            pieces = [rows[SEGMENT_ROWS:]]
        if known is not None or count < SEGMENT_ROWS:
            self._open = pieces
        return seals

    def _read(self, after: int, until: int, at_most: int | None = None) -> list[Rows]:
        with self._reader.connect() as connection:
            return [*table(connection, after, until, at_most=at_most)]
