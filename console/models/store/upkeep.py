"""What the store does behind the writer's back, on a thread of its own: checkpoints and the sealing of segments.

Checkpoints move committed pages from SQLite's write-ahead log into the database. A PASSIVE one waits for nobody and
lets nobody wait, but alone it would let the log grow for as long as events keep coming, because SQLite starts the log
over only when all of it was copied: so when the log is big, the last few pages are copied between two commits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from console.models.store.database import dbapi
from console.models.store.sealing import Sealer

logger = logging.getLogger("console.store")

ROWS_BETWEEN_CHECKPOINTS = 8_000
SECONDS_BETWEEN_CHECKPOINTS = 2.0
BIG_WAL_BYTES = 64 << 20
IDLE_WAL_BYTES = 4 << 20


class Upkeep:
    """The thread; `committed` tells it that there is something to do."""

    def __init__(self, writer: Engine, reader: Engine, wal: Path, between_commits: threading.Lock) -> None:
        """``between_commits`` is held by the writer during a transaction."""
        self._engine = writer
        self._wal = wal
        self._between_commits = between_commits
        self._sealer = Sealer(reader, between_commits)
        self._connection: Connection | None = None
        self._wake = threading.Condition()
        self._rows = 0
        self._seq = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="store-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def committed(self, rows: int, seq: int) -> None:
        """A transaction of so many rows, the last of them at ``seq``, is in the write-ahead log."""
        with self._wake:
            self._rows += rows
            self._seq = max(self._seq, seq)
            if self._rows >= ROWS_BETWEEN_CHECKPOINTS:
                self._wake.notify()

    def stop(self) -> None:
        """End the thread; the last connection to close checkpoints the rest."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(
                    lambda: self._stopping or self._rows >= ROWS_BETWEEN_CHECKPOINTS, SECONDS_BETWEEN_CHECKPOINTS
                )
                rows, self._rows = self._rows, 0
                seq = self._seq
                if self._stopping:
                    break
            try:
                self._round(rows, seq)
            except (sqlite3.Error, SQLAlchemyError, OSError) as error:
                # A full disk or a lock: the data is safe in the write-ahead log, and the next round tries again.
                logger.info("upkeep of the store has to wait: %s", error)
                self._disconnect()
        self._disconnect()

    def _round(self, rows: int, seq: int) -> None:
        if self._connection is None:
            self._connection = self._engine.connect()
            dbapi(self._connection).execute("PRAGMA busy_timeout=0")
        self._checkpoint(dbapi(self._connection), idle=rows == 0)
        while not self._stopping and self._sealer.seal(self._connection, seq):
            pass

    def _checkpoint(self, driver: sqlite3.Connection, *, idle: bool) -> None:
        size = self._wal.stat().st_size
        if idle:
            if size > IDLE_WAL_BYTES:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if size > BIG_WAL_BYTES:
            with self._between_commits:
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
