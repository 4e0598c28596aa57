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


class News(NamedTuple):
    """What was committed up to ``seq``: the rows, or None when some of them were in the log already."""

    seq: int
    rows: Sequence[Rows] | None


class Sealer:
    """Seals one segment at a time; on the upkeep's thread alone.

    While events come in, their rows are sealed out of memory; the table is read only for what an earlier run left, and
    where a re-delivery leaves in doubt which rows are new.
    """

    def __init__(self, reader: Engine, between_commits: threading.Lock) -> None:
        self._reader = reader
        self._between_commits = between_commits
        self._sealed: int | None = None
        self._committed = 0
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

    def seal(self, connection: Connection) -> bool:
        """Seal a segment when there are enough rows; returns whether it did.

        ``connection`` writes; its transaction is short and lies between two of the writer's.
        """
        if self._sealed is None:
            with self._between_commits, connection.begin():
                forget_other_layouts(connection)
                self._sealed = sealed_until(connection)
        if self._committed < self._sealed + SEGMENT_ROWS:
            return False
        if self._open is None:
            self._open = self._unsealed(self._sealed, self._committed)
        if sum(map(len, self._open)) < SEGMENT_ROWS:
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
