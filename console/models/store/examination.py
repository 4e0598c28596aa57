"""A look at a database from outside: what is in the file, and is it sound? Reads only, needs no lock."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from console.errors import SetupError
from console.models.store import database, schema
from console.models.store.database import Place
from console.models.store.lock import holder

_COUNTED = ("event", "ticket")


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found. ``fault`` says why the file cannot be used, empty when it can; sizes are in bytes.

    ``soundness`` is SQLite's own word on the file (``ok`` or the first complaint), empty where it was not asked;
    ``writer`` is the process that has the database open for writing, 0 when there is none.
    """

    exists: bool
    size: int = 0
    wal_size: int = 0
    spool_size: int = 0
    journal_mode: str = ""
    revision: str = ""
    pending: tuple[str, ...] = ()
    events: int = 0
    tickets: int = 0
    soundness: str = ""
    writer: int = 0
    fault: str = ""


def examine(place: Place) -> Examination:
    """Look at the database of this place; raises nothing that the database could cause."""
    if not place.file.exists():
        return Examination(exists=False)
    outside = Examination(
        exists=True,
        size=place.file.stat().st_size,
        wal_size=place.wal.stat().st_size if place.wal.exists() else 0,
        spool_size=place.spool.stat().st_size if place.spool.exists() else 0,
        writer=_alive(holder(place.lock)),
    )
    engine = database.reader(place.file)
    try:
        with engine.connect() as connection:
            return _inside(connection, outside)
    except DatabaseError as error:
        return replace(outside, fault=str(error.orig))
    except SetupError as error:
        return replace(outside, fault=str(error))
    finally:
        engine.dispose()


def _inside(connection: Connection, outside: Examination) -> Examination:
    ask = connection.exec_driver_sql
    pending = tuple(schema.pending(connection))
    counted = {table: 0 if pending else int(ask(f"SELECT count(*) FROM {table}").scalar() or 0) for table in _COUNTED}
    return replace(
        outside,
        journal_mode=str(ask("PRAGMA journal_mode").scalar()),
        revision=schema.revision(connection) or "",
        pending=pending,
        events=counted["event"],
        tickets=counted["ticket"],
        soundness=str(ask("PRAGMA quick_check(1)").scalar()),
    )


def _alive(pid: int) -> int:
    """The pid when that process still lives: one that was killed leaves its number in the lock file."""
    if not pid or sys.platform == "win32":  # there, a signal 0 would end the process
        return pid
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return 0
    except PermissionError:
        return pid
    return pid
