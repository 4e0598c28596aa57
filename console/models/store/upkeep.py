"""What the store does behind the writer's back, on a thread of its own: checkpoints and the sealing of segments.

Checkpoints move committed pages from SQLite's write-ahead log into the database. A PASSIVE one waits for nobody and
lets nobody wait, but alone it would let the log grow for as long as events keep coming, because SQLite starts the log
over only when all of it was copied: so when the log is big, the last few pages are copied between two commits.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from console.models.domain.ports import Rows
from console.models.store.database import dbapi
from console.models.store.sealing import FEW_ROWS, News, Sealer

logger = logging.getLogger("console.store")

ROWS_BETWEEN_CHECKPOINTS = 8_000
SECONDS_BETWEEN_CHECKPOINTS = 2.0
BIG_WAL_PAGES = 16_000
SHORT_PASSES = 4
IDLE_WAL_BYTES = 4 << 20


class Upkeep:
    """The thread; `committed` tells it that there is something to do."""

    def __init__(
        self, writer: Engine, reader: Engine, wal: Path, between_commits: threading.Lock, committed: int
    ) -> None:
        """``between_commits`` is held by the writer in a transaction; ``committed`` is the last place in the log."""
        self._engine = writer
        self._wal = wal
        self._between_commits = between_commits
        self._sealer = Sealer(reader, between_commits, committed)
        self._connection: Connection | None = None
        self._wake = threading.Condition()
        self._rows = 0
        self._news: list[News] = []
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="store-upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def committed(self, rows: Sequence[Rows], seq: int, *, repeated: bool) -> None:
        """A transaction is in the write-ahead log; ``repeated`` when some of its rows were in the log before."""
        with self._wake:
            self._rows += sum(map(len, rows))
            self._news.append(News(seq, None if repeated else rows))
            if self._rows >= ROWS_BETWEEN_CHECKPOINTS:
                self._wake.notify()

    def stop(self) -> None:
        """After the writer's last commit: seal what is left, and end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def close(self) -> None:
        """Close the connection: the last one to close moves the rest of the write-ahead log and removes it."""
        self._disconnect()

    def _run(self) -> None:
        patience = 0.0
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stopping or self._rows >= ROWS_BETWEEN_CHECKPOINTS, patience)
                patience = SECONDS_BETWEEN_CHECKPOINTS
                rows, self._rows = self._rows, 0
                news, self._news = self._news, []
                stopping = self._stopping
            try:
                self._round(rows, news)
                if stopping:
                    self._sealer.seal(self._connected(), FEW_ROWS)
            except (sqlite3.Error, SQLAlchemyError, OSError) as error:
                # A full disk or a lock: the data is safe in the write-ahead log, and the next round tries again.
                logger.info("upkeep of the store has to wait: %s", error)
                self._disconnect()
            except Exception:
                # A bug here must not let the write-ahead log grow without end.
                logger.exception("upkeep of the store failed")
                self._disconnect()
            if stopping:
                return

    def _round(self, rows: int, news: Sequence[News]) -> None:
        self._sealer.learn(news)
        connection = self._connected()
        self._checkpoint(dbapi(connection), idle=rows == 0)
        while self._sealer.seal(connection):
            pass

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            dbapi(self._connection).execute("PRAGMA busy_timeout=0")
        return self._connection

    def _checkpoint(self, driver: sqlite3.Connection, *, idle: bool) -> None:
        size = self._wal.stat().st_size
        if idle:
            if size > IDLE_WAL_BYTES:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return
        if _passive(driver) < BIG_WAL_PAGES:
            return
        # The database file is synced only by a pass that no commit has overtaken, and that takes long: so let one
        # of these, begun right behind a commit, do it while the writer goes on. The last then has little to do.
        for _attempt in range(SHORT_PASSES):
            with self._between_commits:
                pass
            _passive(driver)
        with self._between_commits:
            _passive(driver)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _passive(driver: sqlite3.Connection) -> int:
    """Copy what can be copied now; returns the pages in the log."""
    _busy, pages, _copied = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return int(pages)
