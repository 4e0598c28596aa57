"""Columns out of the log: from segments where the log is sealed, from the event table behind them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, CursorResult

from console.models.domain.events import ROW
from console.models.domain.ports import Rows
from console.models.store.segments import LAYOUT, Damaged, Span, sealed_until, unpack, unpack_times

_NAMES = ROW.names or ()
_QUOTED = [f'"{name}"' for name in _NAMES]
_ROWS_PER_STEP = 1_000
_TEXT = f"""group_concat({"||' '||".join(_QUOTED)}, ' ')"""
"""The driver lets go of the interpreter for every row, and beside a busy window gets it back only after a while: so
SQLite writes many rows into one text, which is read in one step and not more slowly."""

_SEGMENTS = "SELECT after, last, min_at, max_at, data FROM segment WHERE layout = ? AND"


def scan(connection: Connection, after: int, until: int) -> Iterator[Rows]:
    """All events with ``after < seq <= until`` in seq order, in pieces of up to `segments.SEGMENT_ROWS`."""
    found = connection.exec_driver_sql(f"{_SEGMENTS} last > ? AND after < ? ORDER BY last", (LAYOUT, after, until))
    for span, data in _segments(found):
        try:
            rows = unpack(data)
        except Damaged:
            yield from table(connection, max(after, span.after), min(until, span.last))
        else:
            first, last = np.searchsorted(rows["seq"], (after, until), side="right")
            yield rows[first:last]
        after = max(after, span.last)
    if after < until:
        yield from table(connection, after, until)


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
    yield from _within(connection, start, end, sealed, int(np.iinfo(np.int64).max))


def table(
    connection: Connection,
    after: int,
    until: int,
    condition: str = "TRUE",
    parameters: Sequence[int] = (),
    *,
    at_most: int | None = None,
) -> Iterator[Rows]:
    """The event table's rows with ``after < seq <= until`` and a condition, in seq order and in pieces."""
    sql = f"""
        SELECT {_TEXT}, max(seq)
        FROM (SELECT {", ".join(_QUOTED)} FROM event WHERE seq > ? AND seq <= ? AND {condition} ORDER BY seq LIMIT ?)
    """
    left = until - after if at_most is None else at_most
    while left > 0:
        room = min(left, _ROWS_PER_STEP)
        text, last = connection.exec_driver_sql(sql, (after, until, *parameters, room)).one()
        rows = _read(text)
        if rows.size:
            yield rows
        if rows.size < room:
            return
        after, left = last, left - room


def chosen(connection: Connection, condition: str, parameters: Sequence[int]) -> Rows:
    """The event table's rows under a condition that few fulfil, in any order."""
    sql = f"SELECT {_TEXT} FROM event WHERE {condition}"
    return _read(connection.exec_driver_sql(sql, tuple(parameters)).scalar())


def _read(text: str | None) -> Rows:
    values = np.fromstring(text or "", np.int64, sep=" ").reshape(-1, len(_NAMES))
    rows = np.empty(len(values), ROW)
    for name, column in zip(_NAMES, values.T, strict=True):
        rows[name] = column
    return rows


def fetch(result: CursorResult[Any], count: int) -> list[tuple[Any, ...]]:
    """The driver's own tuples: SQLAlchemy's row objects would double the time of a long read."""
    return [] if result.cursor is None else list(result.cursor.fetchmany(count))


def _segments(found: CursorResult[Any]) -> Iterator[tuple[Span, bytes]]:
    while rows := fetch(found, 1):
        after, last, min_at, max_at, data = rows[0]
        yield Span(after, last, min_at, max_at), data


def _within(connection: Connection, start: int, end: int, after: int, until: int) -> Iterator[Rows]:
    yield from table(connection, after, until, "at > ? AND at <= ?", (start, end))
