"""Turns the end of the log into segments as it grows."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, Engine

from console.models.domain.ports import Rows
from console.models.store.columns import COLUMNS, fetched
from console.models.store.segments import SEGMENT_ROWS, forget_other_layouts, seal, sealed_until

FEW_ROWS = 4_096
"""At the end of a run this many are sealed too, so that the next one need not read them from the table."""


class News(NamedTuple):
    """What was committed up to ``seq``: the rows, or None when some of them were in the log already."""

    seq: int
    rows: Sequence[Rows] | None


class Sealer:
    """Seals one segment at a time; on the upkeep's thread alone.

    While events come in, their rows are sealed out of memory; the table is read only for what an earlier run left, and
    where a re-delivery leaves in doubt which rows are new.
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
        """Remember what was committed since."""
        for seq, rows in news:
            self._committed = max(self._committed, seq)
            if rows is None:
                self._open = None
            elif self._open is not None:
                self._open.extend(rows)

    def seal(self, connection: Connection, at_least: int | None = None) -> bool:
        """Seal a segment when there are at least so many rows (a whole segment); returns whether it did.

        ``connection`` writes; its transaction is short and lies between two of the writer's.
        """
        at_least = at_least or SEGMENT_ROWS
        if self._sealed is None:
            with self._between_commits, connection.begin():
                forget_other_layouts(connection)
                self._sealed = sealed_until(connection)
        behind = self._committed - self._sealed
        if self._open is None and (behind < FEW_ROWS or behind >= at_least):
            self._open = self._unsealed(self._sealed, self._committed)
        if self._open is None or sum(map(len, self._open)) < at_least:
            return False
        rows = np.concatenate(self._open)
        with self._between_commits, connection.begin():
            self._sealed = seal(connection, rows[:SEGMENT_ROWS], self._sealed).last
        self._open = [rows[SEGMENT_ROWS:]]
        return True

    def _unsealed(self, after: int, until: int) -> list[Rows]:
        sql = f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq"
        with self._reader.connect() as connection:
            return [*fetched(connection.exec_driver_sql(sql, (after, until)))]
