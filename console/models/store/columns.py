"""Columns out of the log: from segments where the log is sealed, from the event table behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sqlalchemy import Connection, CursorResult

from console.models.domain.events import ROW
from console.models.domain.ports import Rows
from console.models.store.segments import LAYOUT, Damaged, Span, sealed_until, unpack, unpack_times

COLUMNS = ", ".join(f'"{name}"' for name in ROW.names or ())
ROWS_PER_FETCH = 5_000
"""Turning that many tuples into an array holds the interpreter for two milliseconds."""

_SEGMENTS = "SELECT after, last, min_at, max_at, data FROM segment WHERE layout = ? AND"


def scan(connection: Connection, after: int, until: int) -> Iterator[Rows]:
    """All events with ``after < seq <= until`` in seq order, in pieces of up to `segments.SEGMENT_ROWS`."""
    found = connection.exec_driver_sql(f"{_SEGMENTS} last > ? AND after < ? ORDER BY last", (LAYOUT, after, until))
    for span, data in _segments(found):
        try:
            rows = unpack(data)
        except Damaged:
            yield from _table(connection, max(after, span.after), min(until, span.last))
        else:
            first, last = np.searchsorted(rows["seq"], (after, until), side="right")
            yield rows[first:last]
        after = max(after, span.last)
    if after < until:
        yield from _table(connection, after, until)


def between(connection: Connection, start: int, end: int) -> Iterator[Rows]:
    """All events with ``start < at <= end``, in pieces and in any order."""
    sealed = sealed_until(connection)
    found = connection.exec_driver_sql(f"{_SEGMENTS} max_at > ? AND min_at <= ?", (LAYOUT, start, end))
    for span, data in _segments(found):
        try:
            if start < span.min_at and span.max_at <= end:
                yield unpack(data)
            else:
                times = unpack_times(data)
                inside = (times > start) & (times <= end)
                if inside.any():
                    yield unpack(data)[inside]
        except Damaged:
            yield from _within(connection, start, end, span.after, span.last)
    yield from _within(connection, start, end, sealed, np.iinfo(np.int64).max)


def fetched(result: CursorResult[Any]) -> Iterator[Rows]:
    """The rows of a query for `COLUMNS`, in pieces so that there are never a million tuples at a time."""
    while rows := fetch(result, ROWS_PER_FETCH):
        yield np.array(rows, ROW)


def fetch(result: CursorResult[Any], count: int) -> list[tuple[Any, ...]]:
    """The driver's own tuples: SQLAlchemy's row objects would double the time of a long read."""
    return [] if result.cursor is None else list(result.cursor.fetchmany(count))


def _segments(found: CursorResult[Any]) -> Iterator[tuple[Span, bytes]]:
    while rows := fetch(found, 1):
        after, last, min_at, max_at, data = rows[0]
        yield Span(after, last, min_at, max_at), data


def _table(connection: Connection, after: int, until: int) -> Iterator[Rows]:
    sql = f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq"
    yield from fetched(connection.exec_driver_sql(sql, (after, until)))


def _within(connection: Connection, start: int, end: int, after: int, until: int) -> Iterator[Rows]:
    sql = f"SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? AND at > ? AND at <= ?"
    yield from fetched(connection.exec_driver_sql(sql, (after, int(until), start, end)))
