"""The database that the console is opened on: N tickets in progress, made once and copied for every run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.board.stream import AGENTS, PROBED, QUEUES
from benchmarks.synthetic import write
from console.clock import DAY, HOUR, MINUTE, SystemClock
from console.models.domain.attributes import BY_NAME
from console.models.domain.contacts import Channel, Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Rows
from console.models.store import database

FORM = 3
"""Changes when the history does, so that an older one is made anew."""

SUBJECTS = (
    "Where is my order {}?",
    "Order {} arrived damaged",
    "Refund for order {} has not come",
    "Payment of order {} failed twice",
    "Cannot sign in, order {}",
)
"""A fifth of the tickets speak of a refund."""


def prepared(tickets: int, folder: Path | None = None) -> Path:
    """A data directory of its own with a fresh copy of the history; the caller removes it."""
    cache = (folder or Path(tempfile.gettempdir())) / f"console-board-benchmark-{FORM}-{tickets}"
    done = cache / "done"
    if not done.exists():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        _build(cache, tickets)
        done.touch()
    copy = Path(tempfile.mkdtemp(prefix="console-board-run-", dir=folder))
    shutil.copyfile(database.place(cache).file, database.place(copy).file)
    return copy


def _build(folder: Path, tickets: int) -> None:
    rows = _rows(tickets)
    place = write(folder, rows)
    engine = database.writer(place.file)
    with engine.connect() as connection:
        driver = database.dbapi(connection)
        driver.execute("BEGIN IMMEDIATE")
        for number, subject in enumerate(SUBJECTS):
            before, after = subject.split("{}")
            driver.execute(
                "UPDATE ticket SET subject = ? || (id * 7919 % 100000000) || ? WHERE id % ? = ?",
                (before, after, len(SUBJECTS), number),
            )
        driver.execute("COMMIT")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _rows(tickets: int) -> Rows:
    """Each ticket is created with a message; most are assigned, and almost half are answered."""
    rng = np.random.default_rng(11)
    end = SystemClock().now() - MINUTE
    ids = np.arange(1, tickets + 1)
    created = end - rng.integers(2 * MINUTE, 8 * HOUR, tickets)
    created[:PROBED] = end - 30 * DAY + np.arange(PROBED)
    packed = np.zeros(tickets, dtype=np.int64)
    for name, low, high in (
        ("channel", 1, len(Channel)),
        ("type", 1, 26),
        ("tier", 1, 4),
        ("priority", 1, 5),
        ("language", 1, 3),
        ("queue", 1, QUEUES + 1),
    ):
        packed |= rng.integers(low, high, tickets) << BY_NAME[name].shift
    parts = [(Kind.CREATED, ids, created, packed, Role.CUSTOMER, 0)]
    parts.append((Kind.CUSTOMER_MESSAGE, ids, created + 1000, 0, Role.CUSTOMER, 0))
    later = ids > PROBED
    assigned = ids[later & (rng.random(tickets) < 0.8)]
    agent = rng.integers(1, AGENTS + 1, assigned.size)
    parts.append((Kind.ASSIGNED, assigned, created[assigned - 1] + MINUTE // 2, agent, Role.SYSTEM, 0))
    answered = rng.random(assigned.size) < 0.55
    at = created[assigned[answered] - 1] + MINUTE
    parts.append((Kind.PUBLIC_REPLY, assigned[answered], at, 0, Role.AGENT, agent[answered]))
    every = [
        (Kind.AGENT_STATE, np.arange(1, AGENTS + 1), np.full(AGENTS, end), 1, Role.AGENT, 0),
    ]
    rows = np.concatenate([_of(*part) for part in parts + every])
    rows = rows[np.argsort(rows["at"], kind="stable")]
    rows["seq"] = rows["key"] = np.arange(1, rows.size + 1)
    return rows


def _of(kind: Kind, subject: np.ndarray, at: np.ndarray, value: object, role: Role, actor: object) -> Rows:
    rows = np.zeros(subject.size, ROW)
    rows["kind"], rows["subject"], rows["at"] = kind, subject, at
    rows["value"], rows["role"], rows["actor"], rows["source"] = value, role, actor, 1
    return rows
