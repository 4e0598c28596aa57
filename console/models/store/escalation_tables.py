"""The tables of the escalation inbox: entries, their history, the notices to be sent, and how far the sweep came.

All times are microseconds since the epoch, UTC. Codes are those of `domain.escalation`; the names of a state stand in
the constraints as its numbers.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)

from console.models.store.tables import Key, metadata

IS_OPEN = text("state NOT IN (4, 8)")
"""Neither closed nor merged. Spelt as in the indexes: SQLite uses a partial index only for the very same condition."""

IS_UNSENT = text("state <= 2")
"""Waiting, or being sent."""

escalation = Table(
    "escalation",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, nullable=False),
    Column("object", BigInteger, nullable=False),
    Column("cause", SmallInteger, nullable=False),
    Column("cycle", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("chain", Text, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("level", SmallInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("reminded", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("resolved_at", BigInteger),
    Column("merged_into", BigInteger),
    Column("version", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    CheckConstraint("state IN (4, 8) OR due_at IS NOT NULL", name="ck_escalation_due"),
    CheckConstraint("state BETWEEN 1 AND 8", name="ck_escalation_state"),
    CheckConstraint("state NOT IN (2, 5, 6) OR owner <> ''", name="ck_escalation_owner"),
    CheckConstraint("state <> 8 OR merged_into IS NOT NULL", name="ck_escalation_merged"),
    # One open entry for a matter: a second raise counts it up instead.
    Index(
        "ux_escalation_open_key",
        "kind",
        "object",
        "cause",
        "cycle",
        unique=True,
        sqlite_where=IS_OPEN,
        postgresql_where=IS_OPEN,
    ),
    Index("ix_escalation_kind_object_cause_cycle", "kind", "object", "cause", "cycle"),
    Index("ix_escalation_due_at", "due_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    Index("ix_escalation_owner", "owner", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
    Index("ix_escalation_ticket", "ticket"),
)
"""The entries as they stand. ``epoch`` and ``lease_until`` say who is carrying out what is due."""

escalation_event = Table(
    "escalation_event",
    metadata,
    Column("escalation", Key, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", SmallInteger, nullable=False),
    Column("state_before", SmallInteger),
    Column("state", SmallInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due_at", BigInteger),
    Column("occurred_at", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(["escalation"], ["escalation.id"]),
)
"""Every move, once: the version it made is its number. Triggers of the migration let rows only be added."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("escalation", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("news", SmallInteger, nullable=False),
    Column("audience", SmallInteger, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("settled_at", BigInteger),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    CheckConstraint("state BETWEEN 1 AND 5", name="ck_outbox_state"),
    CheckConstraint("(state <= 2) = (settled_at IS NULL)", name="ck_outbox_settled"),
    Index("ux_outbox_notice", "escalation", "version", "news", "audience", "recipient", unique=True),
    Index("ix_outbox_unsent", "urgency", "id", sqlite_where=IS_UNSENT, postgresql_where=IS_UNSENT),
)
"""Who is to be told what, written with the move that causes it; see `domain.escalation_ports.Sending` for states.
``epoch`` and ``lease_until`` say who is sending it."""

sweep = Table(
    "sweep",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("swept_to", BigInteger, nullable=False),
    Column("ticked_at", BigInteger, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="ck_sweep_single"),
)
"""One row: up to when crossings were raised, what the wall clock said when the sweep last looked, and from when on."""
