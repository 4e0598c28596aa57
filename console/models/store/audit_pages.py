"""The audit trail as a screen reads it: which rows a filter wants, and the rows of a page.

A filter is answered by the numbers of its rows alone, 8 bytes each, so that a table over millions of rows scrolls
freely and fetches only what is seen. Rows are never changed, so a page once read stays true.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from sqlalchemy import ColumnElement, Select, func, or_, select

from console.models.domain.audit import Row, Verification
from console.models.domain.audit_ports import AuditChoices, AuditFilter, Numbers
from console.models.domain.ports import Progress
from console.models.domain.roles import Action
from console.models.store.access_tables import audit
from console.models.store.audit import AuditTrail
from console.models.store.database import reader
from console.models.store.trouble import telling

_COLUMNS = [audit.c[field.name] for field in fields(Row)]
_STEP = 20_000
_MOST_AT_ONCE = 500
"""Numbers in one question: SQLite takes only so many."""


class AuditPages:
    """`audit_ports.AuditLog` over one database. Safe on any thread, needs no lock; `close` it."""

    def __init__(self, file: Path, trail: AuditTrail) -> None:
        self._file = file
        self._trail = trail
        self._readers = reader(file)

    def close(self) -> None:
        """Close the connections."""
        self._readers.dispose()

    def count(self) -> int:
        """How many rows there are."""
        with telling(self._file), self._readers.connect() as connection:
            return connection.execute(select(func.max(audit.c.seq))).scalar() or 0

    def numbers(self, wanted: AuditFilter, progress: Progress, after: int = 0) -> Numbers:
        """The numbers of the wanted rows behind ``after``, newest first; raises `Cancelled`."""
        with telling(self._file), self._readers.connect() as connection:
            total = connection.execute(select(func.max(audit.c.seq))).scalar() or 0
            if not wanted.narrowed:
                return np.arange(total, after, -1, dtype=np.int64)
            found: list[Numbers] = []
            # In strides of the key, so that a filter that finds little can still be stopped.
            for end in range(total, after, -_STEP):
                progress.step(total - end, total - after)
                query = select(audit.c.seq).where(audit.c.seq > max(end - _STEP, after), audit.c.seq <= end)
                rows = connection.execute(_narrowed(query, wanted).order_by(audit.c.seq.desc())).scalars().all()
                found.append(np.array(rows, dtype=np.int64))
        progress.step(total - after, total - after)
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def rows(self, numbers: Sequence[int]) -> Sequence[Row]:
        """The rows with these numbers, newest first."""
        with telling(self._file), self._readers.connect() as connection:
            found = [
                Row(*row)
                for part in _parts(numbers)
                for row in connection.execute(select(*_COLUMNS).where(audit.c.seq.in_(part)))
            ]
        return sorted(found, key=lambda row: row.seq, reverse=True)

    def choices(self) -> AuditChoices:
        """Every person, action and kind of object."""
        with telling(self._file), self._readers.connect() as connection:
            lists = [
                [str(value) for value in connection.execute(select(column).distinct().order_by(column)).scalars()]
                for column in (audit.c.actor, audit.c.action, audit.c.object_kind)
            ]
        return AuditChoices(*lists)

    def last_sign_ins(self) -> Mapping[str, int]:
        """When each person last signed in."""
        query = (
            select(audit.c.actor, func.max(audit.c.at))
            .where(audit.c.action == Action.SIGN_IN.value, audit.c.outcome == "done")
            .group_by(audit.c.actor)
        )
        with telling(self._file), self._readers.connect() as connection:
            return {str(name): int(at) for name, at in connection.execute(query)}

    def anchor(self, *, anew: bool = False) -> bool:
        """Bring the anchor up to the last row."""
        with telling(self._file):
            return self._trail.anchor(anew=anew)

    def verify(self, progress: Progress | None = None) -> Verification:
        """Walk the whole trail and hold it against its anchor; raises `Cancelled`."""
        with telling(self._file):
            return self._trail.verify(progress)


def _narrowed(query: Select[tuple[int]], wanted: AuditFilter) -> Select[tuple[int]]:
    if wanted.start is not None:
        query = query.where(audit.c.at >= wanted.start)
    if wanted.end is not None:
        query = query.where(audit.c.at < wanted.end)
    if wanted.people:
        query = query.where(audit.c.actor != "")
    if wanted.object_id:
        query = query.where(audit.c.object_id == wanted.object_id)
    chosen: tuple[tuple[ColumnElement[str], frozenset[str]], ...] = (
        (audit.c.actor, wanted.actors),
        (audit.c.action, wanted.actions),
        (audit.c.object_kind, wanted.kinds),
        (audit.c.outcome, frozenset(outcome.value for outcome in wanted.outcomes)),
    )
    for column, values in chosen:
        if values:
            query = query.where(column.in_(sorted(values)))
    for word in wanted.words.split():
        query = query.where(_holds(word))
    return query


def _holds(word: str) -> ColumnElement[bool]:
    """Whether a row has the word anywhere; before and after are JSON in ASCII, where other letters are escaped."""
    plain = (audit.c.actor, audit.c.action, audit.c.object_kind, audit.c.object_id, audit.c.reason)
    escaped = json.dumps(word)[1:-1].lower()
    return or_(
        *(func.instr(func.lower(column), word.lower()) > 0 for column in plain),
        *(func.instr(func.lower(func.coalesce(column, "")), escaped) > 0 for column in (audit.c.before, audit.c.after)),
    )


def _parts(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _MOST_AT_ONCE):
        yield [int(number) for number in numbers[start : start + _MOST_AT_ONCE]]
