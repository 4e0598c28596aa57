"""Connections to the database: one that writes, many that read.

SQLite runs in WAL mode with ``synchronous=FULL``: a commit is on the disk when it returns. Readers open the file
read-only and see a consistent snapshot while the writer goes on.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from console.errors import UsageError
from console.i18n import _

DATABASE_FILE = "console.db"
BUSY_SECONDS = 1.0
"""How long a write waits for another process's lock before it goes to the spool."""

_WRITER_CACHE_KIB = 64 * 1024
_READER_CACHE_KIB = 16 * 1024
_READER_MAP_BYTES = 4 << 30


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database of a data directory lies. One that is ``fleeting`` is thrown away after use: nothing about it
    is kept elsewhere."""

    directory: Path
    file: Path
    fleeting: bool = False

    @property
    def lock(self) -> Path:
        """The file that says who writes."""
        return self.file.with_name(self.file.name + ".lock")

    @property
    def spool(self) -> Path:
        """Where events wait while the database cannot take them."""
        return self.file.with_name(self.file.name + ".spool")

    @property
    def door(self) -> Path:
        """Where the process that writes says how others can hand it events."""
        return self.file.with_name(self.file.name + ".door")

    @property
    def wal(self) -> Path:
        """SQLite's write-ahead log."""
        return self.file.with_name(self.file.name + "-wal")


def place(data_dir: Path, url: str | None = None) -> Place:
    """The database of ``data_dir``, or the one that ``url`` (``sqlite:///PATH``) names; else raises UsageError."""
    if url is None:
        return Place(data_dir, data_dir / DATABASE_FILE)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(_("{url} is not a database URL.").format(url=url), _("Use sqlite:///PATH.")) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        shown = parsed.render_as_string(hide_password=True)
        raise UsageError(_("{url} cannot hold the log.").format(url=shown), _("Use sqlite:///PATH."))
    file = Path(parsed.database).absolute()
    return Place(file.parent, file)


def writer(file: Path) -> Engine:
    """An engine for the one writing connection; every transaction begins IMMEDIATE and is durable when committed."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _set(connection, journal_mode="WAL", synchronous="FULL", cache_size=-_WRITER_CACHE_KIB)
            # A thread of its own checkpoints, so that no commit pays for it.
            _set(connection, wal_autocheckpoint=0, temp_store="MEMORY")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reader(file: Path) -> Engine:
    """An engine whose connections can only read; transactions are snapshots. Safe on any thread, needs no lock."""

    def connect() -> sqlite3.Connection:
        uri = f"{file.absolute().as_uri()}?mode=ro"
        if _is_still(file):
            uri += "&immutable=1"
        connection = sqlite3.connect(uri, uri=True, timeout=10.0, isolation_level=None, check_same_thread=False)
        try:
            _set(connection, query_only="ON", cache_size=-_READER_CACHE_KIB, mmap_size=_READER_MAP_BYTES)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=16)
    event.listen(engine, "begin", _begin_deferred)
    return engine


def _is_still(file: Path) -> bool:
    """Whether nobody can be writing to it: a copy in a folder that is not ours, with nothing beside it.

    SQLite reads a write-ahead database there only when it is told so, since it cannot make its shared index.
    """
    beside = [file.with_name(file.name + ending) for ending in ("-wal", "-shm")]
    return not os.access(file.parent, os.W_OK) and not any(path.exists() for path in beside)


def dbapi(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection, for the few hot paths where a row object per row would be felt."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{type(driver).__name__} is not an SQLite connection")
    return driver


def _set(connection: sqlite3.Connection, **pragmas: str | int) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred BEGIN that turns into a write fails at once in WAL mode, whatever the busy time-out.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
