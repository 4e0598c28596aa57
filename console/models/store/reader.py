"""Reads the log: columns for the folds, words for the screens. Needs no lock and lets a writer go on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import Connection, CursorResult, Engine

from console.models.domain.attributes import unpack
from console.models.domain.events import FIRST_AGENT_KIND, NAMED_BY, ROW, Kind
from console.models.domain.ports import Batch, NameText, Progress, Rows, TicketText

_COLUMNS = ", ".join(f'"{name}"' for name in ROW.names or ())
_ROWS_PER_FETCH = 20_000
_IDS_PER_QUERY = 500


@dataclass(frozen=True, slots=True)
class SourceState:
    """When a source was last heard of (microseconds since the epoch) and where it wants to go on."""

    id: int
    name: str
    last_at: int
    last_received_at: int
    cursor: Mapping[str, object] | None
    cursor_saved_at: int | None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event of a ticket in full, as the ticket detail shows it."""

    seq: int
    at: int
    kind: Kind
    role: int
    actor: str
    value: int
    name: str
    body: str
    detail: Mapping[str, object]
    precision: int
    origin: int
    received_at: int
    source: str


class SqlLogReader:
    """`ports.LogReader` over a database; every call is safe on any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def close(self) -> None:
        """Close the connections that rest in the pool."""
        self._engine.dispose()

    def last_seq(self) -> int:
        """The highest committed place in the log, 0 when it is empty."""
        return int(self._one("SELECT max(seq) FROM event") or 0)

    def count(self) -> int:
        """How many events the log holds; counts them, so not for every frame."""
        return int(self._one("SELECT count(*) FROM event") or 0)

    def read(self, after: int, limit: int) -> Batch:
        """Up to ``limit`` events with ``seq > after`` in seq order, with the words of tickets first seen in them."""
        with self._engine.connect() as connection:
            rows = _rows(
                connection.exec_driver_sql(
                    f"SELECT {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)
                )
            )
            if not len(rows):
                return Batch(rows)
            span = (after, int(rows["seq"][-1]))
            tickets = connection.exec_driver_sql(
                "SELECT id, ref, subject, customer FROM ticket WHERE first_seq > ? AND first_seq <= ? ORDER BY id", span
            )
            names = connection.exec_driver_sql(
                "SELECT dimension, id, text FROM name WHERE first_seq > ? AND first_seq <= ? ORDER BY dimension, id",
                span,
            )
            return Batch(
                rows,
                tickets=[TicketText(*row) for row in _all(tickets)],
                names=[NameText(*row) for row in _all(names)],
            )

    def rows(self, after: int, until: int, progress: Progress | None = None) -> Rows:
        """All events with ``after < seq <= until`` in seq order; raises `Cancelled` when asked to stop."""
        return self._select("seq > ? AND seq <= ? ORDER BY seq", (after, until), until - after, progress)

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        """All events of these tickets with ``at <= until``, in any order."""
        parts = []
        ids = iter(tickets)
        with self._engine.connect() as connection:
            while chunk := [int(id_) for id_ in islice(ids, _IDS_PER_QUERY)]:
                sql = f"SELECT {_COLUMNS} FROM event WHERE subject IN ({_marks(chunk)}) AND kind < {FIRST_AGENT_KIND}"
                if until is not None:
                    sql += " AND at <= ?"
                    chunk.append(until)
                parts.append(_rows(connection.exec_driver_sql(sql, tuple(chunk))))
        return np.concatenate(parts) if parts else np.empty(0, ROW)

    def between(self, start: int, end: int) -> Rows:
        """All events with ``start < at <= end``, in any order."""
        return self._select("at > ? AND at <= ?", (start, end))

    def first_at(self) -> int:
        """The time of the earliest event, 0 when the log is empty."""
        return int(self._one("SELECT min(at) FROM event") or 0)

    def last_at(self) -> int:
        """The time of the latest event, 0 when the log is empty."""
        return int(self._one("SELECT max(at) FROM event") or 0)

    def texts(self, tickets: Iterable[int] | None = None) -> Iterator[TicketText]:
        """The words of these tickets, or of all in the order of their ids."""
        if tickets is None:
            yield from self._texts("ORDER BY id", ())
            return
        ids = iter(tickets)
        while chunk := [int(id_) for id_ in islice(ids, _IDS_PER_QUERY)]:
            yield from self._texts(f"WHERE id IN ({_marks(chunk)})", tuple(chunk))

    def find_tickets(self, source: int, refs: Sequence[str]) -> dict[str, int]:
        """The ids of those of a source's references that the log knows."""
        found: dict[str, int] = {}
        with self._engine.connect() as connection:
            for start in range(0, len(refs), _IDS_PER_QUERY):
                chunk = refs[start : start + _IDS_PER_QUERY]
                sql = f"SELECT ref, id FROM ticket WHERE source = ? AND ref IN ({_marks(chunk)})"
                found.update(_all(connection.exec_driver_sql(sql, (source, *chunk))))
        return found

    def last_ticket(self) -> int:
        """The highest ticket id, 0 when there is none."""
        return int(self._one("SELECT max(id) FROM ticket") or 0)

    def names(self) -> dict[str, dict[str, int]]:
        """Every interned name and its id, by dimension."""
        found: dict[str, dict[str, int]] = {}
        with self._engine.connect() as connection:
            for dimension, id_, text in _all(connection.exec_driver_sql("SELECT dimension, id, text FROM name")):
                found.setdefault(dimension, {})[text] = id_
        return found

    def sources(self) -> list[SourceState]:
        """Every source that was ever heard of."""
        sql = """
            SELECT source.id, name.text, last_at, last_received_at, cursor, cursor_saved_at
            FROM source JOIN name ON name.dimension = 'source' AND name.id = source.id ORDER BY source.id
        """
        with self._engine.connect() as connection:
            return [
                SourceState(id_, name, at, received, json.loads(cursor) if cursor else None, saved)
                for id_, name, at, received, cursor, saved in _all(connection.exec_driver_sql(sql))
            ]

    def cursor(self, source: str) -> Mapping[str, object] | None:
        """Where a source wants to go on, None when it never said."""
        return next((state.cursor for state in self.sources() if state.name == source), None)

    def timeline(self, ticket: int) -> list[TimelineEntry]:
        """All events of a ticket in full and in its order."""
        sql = """
            SELECT event.seq, at, kind, role, coalesce(actor.text, ''), value, coalesce(body.text, ''), detail,
                   precision, origin, received_at, origin_name.text
            FROM event
            LEFT JOIN body ON body.seq = event.seq
            LEFT JOIN name AS actor ON actor.dimension = 'agent' AND actor.id = event.actor
            JOIN name AS origin_name ON origin_name.dimension = 'source' AND origin_name.id = event.source
            WHERE subject = ? AND kind < ? ORDER BY at, native, source, event."key"
        """
        with self._engine.connect() as connection:
            found = _all(connection.exec_driver_sql(sql, (ticket, FIRST_AGENT_KIND)))
            names = _names_of(connection, found)
        return [
            TimelineEntry(
                seq=seq,
                at=at,
                kind=Kind(kind),
                role=role,
                actor=actor,
                value=value,
                name=names.get((NAMED_BY.get(Kind(kind), ""), _named(kind, value)), ""),
                body=body,
                detail=json.loads(detail) if detail else {},
                precision=precision,
                origin=origin,
                received_at=received_at,
                source=source,
            )
            for seq, at, kind, role, actor, value, body, detail, precision, origin, received_at, source in found
        ]

    def _texts(self, where: str, parameters: tuple[Any, ...]) -> Iterator[TicketText]:
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT id, ref, subject, customer FROM ticket {where}", parameters)
            while rows := _fetch(found, _ROWS_PER_FETCH):
                yield from map(TicketText._make, rows)

    def _select(
        self, where: str, parameters: tuple[Any, ...], expected: int = 0, progress: Progress | None = None
    ) -> Rows:
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT {_COLUMNS} FROM event WHERE {where}", parameters)
            return _rows(found, expected, progress)

    def _one(self, sql: str) -> Any:
        with self._engine.connect() as connection:
            return connection.exec_driver_sql(sql).scalar()


def _names_of(cursor_owner: Connection, found: Sequence[tuple[Any, ...]]) -> dict[tuple[str, int], str]:
    """The texts that these events name by ``value``."""
    wanted: dict[str, set[int]] = {}
    for _seq, _at, kind, _role, _actor, value, *_rest in found:
        dimension = NAMED_BY.get(Kind(kind))
        if dimension:
            wanted.setdefault(dimension, set()).add(_named(kind, value))
    names: dict[tuple[str, int], str] = {}
    for dimension, ids in wanted.items():
        sql = f"SELECT id, text FROM name WHERE dimension = ? AND id IN ({_marks(ids)})"
        rows = cursor_owner.exec_driver_sql(sql, (dimension, *ids))
        names.update(((dimension, id_), text) for id_, text in rows)
    return names


def _named(kind: int, value: int) -> int:
    """The id of the name of an event: a ticket is created with many attributes in one value, the queue among them."""
    return unpack(value)["queue"] if kind == Kind.CREATED else value


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))


def _rows(result: CursorResult[Any], expected: int = 0, progress: Progress | None = None) -> Rows:
    """All rows of a query for `_COLUMNS` as an array, fetched in pieces so that no million tuples exist at a time."""
    parts: list[Rows] = []
    done = 0
    while rows := _fetch(result, _ROWS_PER_FETCH):
        parts.append(np.array(rows, ROW))
        done += len(rows)
        if progress is not None:
            progress.step(done, max(expected, done))
    return np.concatenate(parts) if parts else np.empty(0, ROW)


def _fetch(result: CursorResult[Any], count: int) -> list[tuple[Any, ...]]:
    """The driver's own tuples: SQLAlchemy's row objects would double the time of a long read."""
    return [] if result.cursor is None else list(result.cursor.fetchmany(count))


def _all(result: CursorResult[Any]) -> list[tuple[Any, ...]]:
    return [] if result.cursor is None else list(result.cursor.fetchall())
