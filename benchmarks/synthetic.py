"""A believable log of any size, written straight into the tables of a real database: for benchmarks only.

Contacts arrive by the hour of the day, are assigned, answered in turns, resolved, rated and closed days later; agents
log in and change state. The events stand in the log in the order in which they would have arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, HOUR, MINUTE, SECOND, SystemClock
from console.models.domain.attributes import BY_NAME
from console.models.domain.contacts import AgentState, Role, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Rows
from console.models.store import database, segments
from console.models.store.log import open_log

AGENTS = 70
QUEUES = 8
_ROWS_PER_INSERT = 50_000
_COLUMNS = [*(ROW.names or ()), "received_at"]
_INSERT_EVENT = f"""
    INSERT INTO event ({", ".join(f'"{name}"' for name in _COLUMNS)}, precision, origin)
    VALUES ({", ".join("?" * len(_COLUMNS))}, 1, 5)
"""
_BY_HOUR = np.array([2, 1, 1, 1, 1, 2, 4, 7, 12, 18, 20, 17, 11, 9, 10, 11, 11, 10, 9, 11, 13, 12, 8, 4], dtype=float)


@dataclass(frozen=True)
class Shape:
    """How large the log is: contacts over days up to ``end``, and how many turns each takes on average."""

    tickets: int
    days: int
    end: int
    turns: float = 1.6
    seed: int = 7


def make(shape: Shape) -> Rows:
    """The events in order of arrival, ``seq`` from 1 up."""
    rng = np.random.default_rng(shape.seed)
    n = shape.tickets
    day = rng.integers(0, shape.days, n) * DAY
    hour = rng.choice(24, n, p=_BY_HOUR / _BY_HOUR.sum()) * HOUR
    created = np.sort(shape.end - shape.days * DAY + day + hour + rng.integers(0, HOUR, n))
    ids = np.arange(1, n + 1)
    parts = [_rows(Kind.CREATED, ids, created, _attributes(rng, n), Role.CUSTOMER)]
    parts.append(_rows(Kind.CUSTOMER_MESSAGE, ids, created + 200_000, 0, Role.CUSTOMER))
    agents = rng.integers(1, AGENTS + 1, n)
    at = created + _after(rng, n, 40 * SECOND)
    parts.append(_rows(Kind.ASSIGNED, ids, at, agents, Role.SYSTEM))
    turns = rng.geometric(1 / shape.turns, n)
    at = at + _after(rng, n, 60 * SECOND)
    for turn in range(int(turns.max())):
        goes_on = turns > turn
        if turn:
            at = at + _after(rng, n, 180 * SECOND)
            parts.append(_rows(Kind.CUSTOMER_MESSAGE, ids[goes_on], at[goes_on], 0, Role.CUSTOMER))
        at = at + _after(rng, n, 90 * SECOND)
        parts.append(_rows(Kind.PUBLIC_REPLY, ids[goes_on], at[goes_on], 0, Role.AGENT, agents[goes_on]))
    at = at + _after(rng, n, 10 * MINUTE)
    ends = rng.random(n) < 0.985
    parts.append(_rows(Kind.STATUS_CHANGED, ids[ends], at[ends], int(Status.RESOLVED), Role.AGENT, agents[ends]))
    rated = ends & (rng.random(n) < 0.12)
    score = rng.integers(1, 6, n)
    parts.append(_rows(Kind.CSAT, ids[rated], (at + _after(rng, n, 5 * HOUR))[rated], score[rated], Role.CUSTOMER))
    closed = ends & (rng.random(n) < 0.15)
    parts.append(_rows(Kind.STATUS_CHANGED, ids[closed], at[closed] + 3 * DAY, int(Status.CLOSED), Role.SYSTEM))
    parts.append(_agents(rng, shape))
    rows = np.concatenate(parts)
    rows = rows[rows["at"] <= shape.end]
    rows = rows[np.argsort(rows["at"], kind="stable")]
    rows["seq"] = rows["key"] = np.arange(1, rows.size + 1)
    return rows


def write(directory: Path, rows: Rows) -> database.Place:
    """A database in ``directory`` with these events and words for every ticket and name."""
    place = database.place(directory)
    with open_log(place, SystemClock()):
        pass
    engine = database.writer(place.file)
    with engine.connect() as connection:
        driver = database.dbapi(connection)
        driver.execute("PRAGMA synchronous=OFF")
        driver.execute("BEGIN IMMEDIATE")
        for start in range(0, rows.size, _ROWS_PER_INSERT):
            part = rows[start : start + _ROWS_PER_INSERT]
            columns = [part[name].tolist() for name in (ROW.names or ())]
            driver.executemany(_INSERT_EVENT, zip(*columns, columns[1], strict=True))
        _, first = np.unique(np.where(rows["kind"] < 64, rows["subject"], 0), return_index=True)
        born = rows[first][rows["kind"][first] < 64]
        driver.executemany(
            "INSERT INTO ticket (id, source, ref, subject, customer, first_seq) VALUES (?,1,?,?,?,?)",
            (
                (id_, f"T-{id_:07d}", f"Where is my order {id_ * 7919 % 10**8}?", f"Customer {id_ % 99_991}", seq)
                for id_, seq in zip(born["subject"].tolist(), born["seq"].tolist(), strict=True)
            ),
        )
        names = [("source", 1, "bench", 1)]
        names += [("agent", id_, f"Agent {id_:02d}", 1) for id_ in range(1, AGENTS + 1)]
        names += [("queue", id_, f"Queue {id_}", 1) for id_ in range(1, QUEUES + 1)]
        driver.executemany("INSERT INTO name (dimension, id, text, first_seq) VALUES (?,?,?,?)", names)
        driver.execute("COMMIT")
        with connection.begin():
            for start in range(0, rows.size - segments.SEGMENT_ROWS + 1, segments.SEGMENT_ROWS):
                part = rows[start : start + segments.SEGMENT_ROWS]
                segments.keep(connection, segments.span_of(part, start), segments.pack(part))
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return place


def _rows(
    kind: Kind,
    subject: NDArray[np.int64],
    at: NDArray[np.int64],
    value: NDArray[np.int64] | int,
    role: Role,
    actor: NDArray[np.int64] | int = 0,
) -> Rows:
    rows = np.zeros(subject.size, ROW)
    rows["kind"], rows["subject"], rows["at"] = kind, subject, at
    rows["value"], rows["role"], rows["actor"], rows["source"] = value, role, actor, 1
    return rows


def _after(rng: np.random.Generator, count: int, median: int) -> NDArray[np.int64]:
    return (median * rng.lognormal(0, 0.9, count)).astype(np.int64) + SECOND


def _attributes(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    packed = np.zeros(count, dtype=np.int64)
    for name, low, high in (
        ("channel", 1, 10),
        ("type", 1, 25),
        ("tier", 1, 3),
        ("priority", 1, 4),
        ("language", 1, 2),
        ("queue", 1, QUEUES),
    ):
        packed |= rng.integers(low, high + 1, count) << BY_NAME[name].shift
    complains = rng.random(count) < 0.04
    packed |= np.where(complains, rng.integers(1, 4, count), 0) << BY_NAME["complaint"].shift
    return packed


def _agents(rng: np.random.Generator, shape: Shape) -> Rows:
    changes = AGENTS * shape.days * 24
    at = shape.end - rng.integers(0, shape.days * DAY, changes)
    state = rng.integers(0, len(AgentState), changes)
    return _rows(Kind.AGENT_STATE, rng.integers(1, AGENTS + 1, changes), at, state, Role.AGENT)
