"""The audit trail in the database: added to inside the transaction of what it tells, read, and verified.

Whoever changes something calls `append` with the connection of its own transaction, and `AuditTrail.anchor` after the
commit. The rules of the chain are in `domain.audit`, the file outside the database in `store.anchor`.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from console.models.domain.audit import Entry, Finding, Flaw, Head, Row, Verification, chained, check, genesis
from console.models.domain.ports import Progress
from console.models.store.access_tables import audit
from console.models.store.anchor import AnchorFile, Look
from console.models.store.database import dbapi, reader
from console.models.store.tables import meta

logger = logging.getLogger("console.store.audit")

IDENTITY = "audit_database"
"""The key in `tables.meta` of the random word that tells this database's trail from every other."""
GUARDS = frozenset({"audit_never_changes", "audit_never_shrinks", "audit_only_grows"})

_COLUMNS = [audit.c[field.name] for field in fields(Row)]
_STEP = 5_000
_anchoring = threading.Lock()
"""One anchor after the other in this process, each for the head that is committed when its turn comes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the trail: times are half-open, ``start <= at < end`` (microseconds); empty fields match all."""

    start: int | None = None
    end: int | None = None
    actor: str = ""
    action: str = ""
    object_kind: str = ""
    object_id: str = ""


def append(connection: Connection, entry: Entry) -> Row:
    """Add a row to the trail, in the transaction that the connection is in; it must be one that writes."""
    return append_all(connection, [entry])[0]


def append_all(connection: Connection, entries: Sequence[Entry]) -> list[Row]:
    """Add rows to the trail in this order, as `append` does."""
    last = head(connection)
    if not last.count:
        last = Head(0, genesis(_make_identity(connection)))
    rows: list[Row] = []
    for entry in entries:
        row = chained(entry, last)
        rows.append(row)
        last = Head(row.seq, row.hash)
    if rows:
        names = [field.name for field in fields(Row)]
        connection.execute(insert(audit), [{name: getattr(row, name) for name in names} for row in rows])
    return rows


def head(connection: Connection) -> Head:
    """The end of the trail as the database tells it."""
    row = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    return Head(0, "") if row is None else Head(row.seq, row.hash)


def identity(connection: Connection) -> str:
    """The word that tells this trail from every other; empty before the first row."""
    return connection.execute(select(meta.c.value).where(meta.c.key == IDENTITY)).scalar() or ""


class AuditTrail:
    """The trail of one database, for reading, and its anchor. Safe on any thread, needs no lock; `close` it."""

    def __init__(self, file: Path, anchor_file: AnchorFile | None = None) -> None:
        self._readers = reader(file)
        self._anchor = anchor_file or AnchorFile(file)
        self._is_stuck = False

    def close(self) -> None:
        """Close the connections."""
        self._readers.dispose()

    def anchor(self, *, anew: bool = False) -> bool:
        """Bring the anchor up to the committed head; False when it stays where it is.

        It never moves on from a row that the trail does not have any more, or has otherwise: that would bless a cut or
        rewritten trail. ``anew`` is for a person who has looked into that and answers for it, see `actions.accounts`.
        """
        with _anchoring, self._readers.connect() as connection:
            last, database = head(connection), identity(connection)
            if not last.count:
                return False
            look = self._anchor.look(database)
            if not anew and not self._goes_on(connection, database, look):
                if not self._is_stuck:
                    logger.error("the audit trail does not go on from its anchor %s: run audit verify", look.file)
                self._is_stuck = True
                return False
            self._is_stuck = False
            try:
                return self._anchor.write(database, last, anew=anew)
            except OSError as error:
                # The action is done and recorded; a verification will tell how far the anchor reaches.
                logger.warning("the audit trail could not be anchored: %s", error)
                return False

    def glance(self) -> tuple[int, Look]:
        """How many rows there are and the anchor as it is found, without walking the trail."""
        with self._readers.connect() as connection:
            return head(connection).count, self._anchor.look(identity(connection))

    def verify(self, progress: Progress | None = None) -> Verification:
        """Walk the whole trail and hold it against its anchor; raises `Cancelled`."""
        with self._readers.connect() as connection:
            database = identity(connection)
        # The anchor before the rows: the other way round, one that moved on meanwhile would look like a cut.
        look = self._anchor.look(database)
        with self._readers.connect() as connection:
            total = connection.execute(select(func.count()).select_from(audit)).scalar_one()
            sound, findings = check(_raw(connection, progress or Progress(), total), database, look.anchor)
            guards = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            if not set(guards) >= GUARDS:
                findings.append(Finding(Flaw.UNGUARDED))
        if look.flaw is not None and look.flaw is not Flaw.NO_ANCHOR:
            findings = [finding for finding in findings if finding.flaw is not Flaw.NO_ANCHOR]
            findings.append(Finding(look.flaw))
        anchored = look.anchor
        return Verification(
            sound.count,
            anchored.head.count if anchored else 0,
            anchored.keyed if anchored else False,
            look.file,
            tuple(findings),
        )

    def _goes_on(self, connection: Connection, database: str, look: Look) -> bool:
        """Whether the anchor is sound and its row is still in the trail; or whether there never was one."""
        if look.anchor is None or look.flaw is not None:
            return look.flaw is Flaw.NO_ANCHOR and self._anchor.may_begin(database)
        found = connection.execute(select(audit.c.hash).where(audit.c.seq == look.anchor.head.count)).scalar()
        return look.anchor.database == database and found == look.anchor.head.hash

    def rows(self, wanted: Wanted, limit: int | None = None) -> Sequence[Row]:
        """The rows that the filter wants, newest first, at most ``limit``."""
        query = select(*_COLUMNS).order_by(audit.c.seq.desc()).limit(limit)
        if wanted.start is not None:
            query = query.where(audit.c.at >= wanted.start)
        if wanted.end is not None:
            query = query.where(audit.c.at < wanted.end)
        for column in (audit.c.actor, audit.c.action, audit.c.object_kind, audit.c.object_id):
            value = getattr(wanted, column.name)
            if value:
                query = query.where(column == value)
        with self._readers.connect() as connection:
            return [Row(*row) for row in connection.execute(query)]


def _raw(connection: Connection, progress: Progress, total: int) -> Iterator[Row]:
    """The rows as the file holds them: what was tampered with need be neither text nor a number."""
    names = ", ".join(f'"{column.name}"' for column in _COLUMNS)
    cursor: sqlite3.Cursor = dbapi(connection).cursor()
    before = dbapi(connection).text_factory
    dbapi(connection).text_factory = _lenient
    try:
        cursor.execute(f"SELECT {names} FROM audit ORDER BY seq")
        for done, row in enumerate(cursor):
            if done % _STEP == 0:
                progress.step(done, total)
            yield Row(*row)
    finally:
        dbapi(connection).text_factory = before
        cursor.close()
    progress.step(total, total)


def _lenient(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _make_identity(connection: Connection) -> str:
    word = identity(connection)
    if not word:
        word = secrets.token_hex(16)
        connection.execute(insert(meta).values(key=IDENTITY, value=word))
    return word
