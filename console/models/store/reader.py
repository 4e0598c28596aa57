"""Reads the log: columns for the folds, words for the screens. Needs no lock and lets a writer go on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, CursorResult, Engine

from console.models.domain.attributes import unpack
from console.models.domain.events import FIRST_AGENT_KIND, NAMED_BY, OWN_SOURCE, ROW, Kind
from console.models.domain.ports import Batch, NameText, PolicyTold, Progress, Rows, TicketText
from console.models.store import columns
from console.models.store.segments import LAYOUT, sealed_until

_IDS_PER_QUERY = 512
_OF_A_TICKET = f"kind < {FIRST_AGENT_KIND}"
_ROWS_PER_FETCH = 5_000
_TICKETS_PER_BLOCK = 8_192
_US, _RS = "\x1f", "\x1e"
_BLOCK_OF_TEXT = f"""
    SELECT group_concat(id), group_concat(
        replace(ref || '{_US}' || subject || '{_US}' || customer, '{_RS}', ' ') || '{_RS}', ''
    ) FROM (SELECT * FROM ticket WHERE id > ? AND id <= ? ORDER BY id)
"""
POLICIES = """
    SELECT at, detail FROM event WHERE subject = 0 AND kind = ?
    AND source = (SELECT id FROM name WHERE dimension = 'source' AND text = ?) ORDER BY at, seq
"""
"""The policy is neither ticket nor agent nor channel: its number is 0, under which the index has few events."""


class TextBlock(NamedTuple):
    """The words of many tickets: ``data`` is ``ref US subject US customer RS`` for each of ``ids``, in UTF-8."""

    ids: NDArray[np.int64]
    data: bytes


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
        with self._engine.connect() as connection:
            return _last_seq(connection)

    def count(self) -> int:
        """How many events the log holds; counts them, so not for every frame."""
        return int(self._one("SELECT count(*) FROM event") or 0)

    def read(self, after: int, limit: int) -> Batch:
        """Up to ``limit`` events with ``seq > after`` in seq order, with the words of tickets first seen in them."""
        with self._engine.connect() as connection:
            rows = _gather(columns.scan(connection, after, _last_seq(connection)), limit)
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
        return _gather(self.scan(after, until, progress))

    def scan(self, after: int = 0, until: int | None = None, progress: Progress | None = None) -> Iterator[Rows]:
        """The same piece by piece (up to the last event when ``until`` is None), for a fold that keeps none of them."""
        with self._engine.connect() as connection:
            last = _last_seq(connection) if until is None else until
            total = max(last - after, 0)
            for rows in columns.scan(connection, after, last):
                yield rows
                if progress is not None and len(rows):
                    progress.step(int(rows["seq"][-1]) - after, total)

    def of_tickets(self, tickets: Iterable[int], until: int | None = None) -> Rows:
        """All events of these tickets with ``at <= until``, in any order."""
        parts: list[Rows] = []
        ids = iter(tickets)
        with self._engine.connect() as connection:
            while chunk := [int(id_) for id_ in islice(ids, _IDS_PER_QUERY)]:
                condition = f"subject IN ({_marks(chunk)}) AND {_OF_A_TICKET}"
                if until is not None:
                    condition += " AND at <= ?"
                    chunk.append(until)
                parts.append(columns.chosen(connection, condition, chunk))
        return _gather(parts)

    def between(self, start: int, end: int) -> Rows:
        """All events with ``start < at <= end``, in any order."""
        with self._engine.connect() as connection:
            return _gather(columns.between(connection, start, end))

    def policies(self) -> list[PolicyTold]:
        """What the console told of its policy, oldest first."""
        with self._engine.connect() as connection:
            found = _all(connection.exec_driver_sql(POLICIES, (Kind.POLICY_CHANGED, OWN_SOURCE)))
        return [PolicyTold(at, json.loads(detail or "{}").get("values", {})) for at, detail in found]

    def first_at(self) -> int:
        """The time of the earliest event, 0 when the log is empty."""
        return self._bound("min")

    def last_at(self) -> int:
        """The time of the latest event, 0 when the log is empty."""
        return self._bound("max")

    def texts(self, tickets: Iterable[int] | None = None) -> Iterator[TicketText]:
        """The words of these tickets, or of all in the order of their ids."""
        if tickets is None:
            yield from self._texts("ORDER BY id", ())
            return
        ids = iter(tickets)
        while chunk := [int(id_) for id_ in islice(ids, _IDS_PER_QUERY)]:
            yield from self._texts(f"WHERE id IN ({_marks(chunk)})", tuple(chunk))

    def bodies(self, seqs: Iterable[int]) -> dict[int, str]:
        """What was written in the messages at these places in the log, of those whose words are kept."""
        return dict(self._by_seq("SELECT seq, text FROM body WHERE seq IN ({marks})", seqs))

    def details(self, seqs: Iterable[int]) -> dict[int, Mapping[str, Any]]:
        """What the events at these places in the log tell beside their columns, of those that tell more."""
        told = self._by_seq("SELECT seq, detail FROM event WHERE detail IS NOT NULL AND seq IN ({marks})", seqs)
        return {seq: json.loads(detail) for seq, detail in told}

    def text_blocks(self, after: int = 0) -> Iterator[TextBlock]:
        """The words of all tickets with ``id > after`` in the order of their ids, ready for an arena."""
        with self._engine.connect() as connection:
            last = int(connection.exec_driver_sql("SELECT max(id) FROM ticket").scalar() or 0)
            for start in range(after, last, _TICKETS_PER_BLOCK):
                ids, data = connection.exec_driver_sql(_BLOCK_OF_TEXT, (start, start + _TICKETS_PER_BLOCK)).one()
                if ids:
                    yield TextBlock(np.fromstring(ids, np.int64, sep=","), data.encode())

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
        sql = f"""
            SELECT event.seq, at, kind, role, coalesce(actor.text, ''), value, coalesce(body.text, ''), detail,
                   precision, origin, received_at, origin_name.text
            FROM event
            LEFT JOIN body ON body.seq = event.seq
            LEFT JOIN name AS actor ON actor.dimension = 'agent' AND actor.id = event.actor
            JOIN name AS origin_name ON origin_name.dimension = 'source' AND origin_name.id = event.source
            WHERE subject = ? AND {_OF_A_TICKET} ORDER BY at, native, source, event."key"
        """
        with self._engine.connect() as connection:
            found = _all(connection.exec_driver_sql(sql, (ticket,)))
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

    def _by_seq(self, sql: str, seqs: Iterable[int]) -> Iterator[tuple[int, str]]:
        ids = iter(seqs)
        with self._engine.connect() as connection:
            while chunk := [int(seq) for seq in islice(ids, _IDS_PER_QUERY)]:
                yield from _all(connection.exec_driver_sql(sql.format(marks=_marks(chunk)), tuple(chunk)))

    def _texts(self, where: str, parameters: tuple[Any, ...]) -> Iterator[TicketText]:
        with self._engine.connect() as connection:
            found = connection.exec_driver_sql(f"SELECT id, ref, subject, customer FROM ticket {where}", parameters)
            while rows := columns.fetch(found, _ROWS_PER_FETCH):
                yield from map(TicketText._make, rows)

    def _bound(self, which: str) -> int:
        sql = f"""
            SELECT {which}(at) FROM (
                SELECT {which}({which}_at) AS at FROM segment WHERE layout = ?
                UNION ALL SELECT {which}(at) FROM event WHERE seq > ?
            )
        """
        with self._engine.connect() as connection:
            return int(connection.exec_driver_sql(sql, (LAYOUT, sealed_until(connection))).scalar() or 0)

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


def _last_seq(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT max(seq) FROM event").scalar() or 0)


def _gather(pieces: Iterable[Rows], limit: int | None = None) -> Rows:
    """One array of the pieces, at most ``limit`` rows."""
    kept: list[Rows] = []
    room = limit
    for rows in pieces:
        kept.append(rows if room is None else rows[:room])
        if room is not None:
            room -= len(kept[-1])
            if room <= 0:
                break
    return np.concatenate(kept) if kept else np.empty(0, ROW)


def _all(result: CursorResult[Any]) -> list[tuple[Any, ...]]:
    return [] if result.cursor is None else list(result.cursor.fetchall())
