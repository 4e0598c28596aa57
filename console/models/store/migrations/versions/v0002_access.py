"""Accounts with their roles, and the audit trail that only grows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
# INSERT OR REPLACE deletes without firing a delete trigger, hence the third one: a row must be the next.
_TRIGGERS = (
    "CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be changed'); END",
    "CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail cannot be shortened'); END",
    "CREATE TRIGGER audit_only_grows BEFORE INSERT ON audit "
    "WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit) "
    "BEGIN SELECT RAISE(ABORT, 'the audit trail only grows at its end'); END",
)


def upgrade() -> None:
    """Create the tables and the guards of the trail."""
    op.create_table(
        "account",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("passphrase", sa.Text),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
    )
    op.create_index("ux_account_name", "account", ["name"], unique=True)
    op.create_table(
        "account_role",
        sa.Column("account", _KEY, autoincrement=False),
        sa.Column("role", sa.Text),
        sa.Column("granted_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account", "role", name="pk_account_role"),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_account_role_account"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", _KEY, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("object_kind", sa.Text, nullable=False),
        sa.Column("object_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("before", sa.Text),
        sa.Column("after", sa.Text),
        sa.Column("hash", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
        sa.CheckConstraint("outcome IN ('done', 'refused')", name="ck_audit_outcome"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_object_kind_object_id", "audit", ["object_kind", "object_id"])
    for trigger in _TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Drop accounts and trail; the triggers go with their table."""
    for table in ("audit", "account_role", "account"):
        op.drop_table(table)
