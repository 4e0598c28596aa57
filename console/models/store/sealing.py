"""Turns the end of the log into segments as it grows."""

from __future__ import annotations

import threading

import numpy as np
from sqlalchemy import Connection, Engine

from console.models.domain.ports import Rows
from console.models.store.columns import COLUMNS, fetched
from console.models.store.segments import SEGMENT_ROWS, forget_other_layouts, seal, sealed_until


class Sealer:
    """Seals one segment at a time; on the upkeep's thread alone."""

    def __init__(self, reader: Engine, between_commits: threading.Lock) -> None:
        self._reader = reader
        self._between_commits = between_commits
        self._sealed: int | None = None
        self._not_before = 0

    def seal(self, connection: Connection, committed: int) -> bool:
        """Seal a segment when there are enough rows up to ``committed``; returns whether it did.

        ``connection`` writes; its transaction is short and lies between two of the writer's.
        """
        if self._sealed is None:
            with self._between_commits, connection.begin():
                forget_other_layouts(connection)
                self._sealed = sealed_until(connection)
        if committed < max(self._not_before, self._sealed + SEGMENT_ROWS):
            return False
        rows = self._unsealed(self._sealed, committed)
        if len(rows) < SEGMENT_ROWS:
            # Re-deliveries leave gaps in the numbers: look again when the missing ones can be there.
            self._not_before = committed + SEGMENT_ROWS - len(rows)
            return False
        with self._between_commits, connection.begin():
            self._sealed = seal(connection, rows, self._sealed).last
        return True

    def _unsealed(self, after: int, until: int) -> Rows:
        sql = f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT {SEGMENT_ROWS}"
        with self._reader.connect() as connection:
            return np.concatenate([*fetched(connection.exec_driver_sql(sql, (after, until)))])
