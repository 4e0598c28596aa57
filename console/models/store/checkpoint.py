"""Moves committed pages from SQLite's write-ahead log into the database, on a thread of its own.

A PASSIVE checkpoint waits for nobody and lets nobody wait. It alone would let the log grow for as long as events keep
coming, because SQLite starts the log over only when all of it was copied: so when the log is big, the last few pages
are copied between two commits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from console.models.store.database import dbapi

logger = logging.getLogger("console.store")

ROWS_BETWEEN = 8_000
SECONDS_BETWEEN = 2.0
BIG_WAL_BYTES = 64 << 20
IDLE_WAL_BYTES = 4 << 20


class Checkpointer:
    """The thread; `committed` tells it that there is something to move."""

    def __init__(self, engine: Engine, wal: Path, between_commits: threading.Lock) -> None:
        """``between_commits`` is held by the writer during a transaction."""
        self._engine = engine
        self._wal = wal
        self._between_commits = between_commits
        self._wake = threading.Condition()
        self._rows = 0
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="store-checkpoint", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def committed(self, rows: int) -> None:
        """A transaction of so many rows is in the write-ahead log."""
        with self._wake:
            self._rows += rows
            if self._rows >= ROWS_BETWEEN:
                self._wake.notify()

    def stop(self) -> None:
        """End the thread; the last connection to close checkpoints the rest."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        connection: Connection | None = None
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stopping or self._rows >= ROWS_BETWEEN, SECONDS_BETWEEN)
                rows, self._rows = self._rows, 0
                if self._stopping:
                    break
            try:
                if connection is None:
                    connection = self._engine.connect()
                    dbapi(connection).execute("PRAGMA busy_timeout=0")
                self._move(dbapi(connection), idle=rows == 0)
            except (sqlite3.Error, SQLAlchemyError, OSError) as error:
                # A full disk or a lock: the data is safe in the write-ahead log, and the next round tries again.
                logger.info("checkpoint: %s", error)
        if connection is not None:
            connection.close()

    def _move(self, driver: sqlite3.Connection, *, idle: bool) -> None:
        size = self._wal.stat().st_size
        if idle:
            if size > IDLE_WAL_BYTES:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return
        driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if size > BIG_WAL_BYTES:
            with self._between_commits:
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
