"""The tables of who may do what, and of what was done: accounts, their roles, the audit trail.

All times are microseconds since the epoch, UTC. Roles, actions and outcomes are the values of `domain.roles`: words,
so that the trail can be read without this program.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKeyConstraint, Index, Integer, Table, Text

from console.models.store.tables import Key, metadata

account = Table(
    "account",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("passphrase", Text),
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index("ux_account_name", "name", unique=True),
)
"""Who works here. ``passphrase`` is an argon2id hash, NULL where the OS account is enough."""

account_role = Table(
    "account_role",
    metadata,
    Column("account", Key, primary_key=True, autoincrement=False),
    Column("role", Text, primary_key=True),
    Column("granted_at", BigInteger, nullable=False),
    ForeignKeyConstraint(["account"], ["account.id"]),
)
"""The roles given to an account; one without any is a viewer."""

audit = Table(
    "audit",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("hash", Text, nullable=False),
    CheckConstraint("outcome IN ('done', 'refused')", name="ck_audit_outcome"),
    Index("ix_audit_at", "at"),
    Index("ix_audit_object_kind_object_id", "object_kind", "object_id"),
)
"""The audit trail, see `store.audit`. Triggers of the migration let rows only be added, each right behind the last."""
