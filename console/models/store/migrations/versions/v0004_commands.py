"""What people asked for: commands on their way to a ticket's source, and promised call backs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_PENDING = sa.text("state < 4")
_PROMISED = sa.text("state = 1")
_TRIGGERS = (
    "CREATE TRIGGER command_is_kept BEFORE DELETE ON command "
    "BEGIN SELECT RAISE(ABORT, 'a command cannot be deleted'); END",
    "CREATE TRIGGER command_stays_settled BEFORE UPDATE ON command WHEN OLD.state >= 4 "
    "BEGIN SELECT RAISE(ABORT, 'a settled command cannot be changed'); END",
    "CREATE TRIGGER call_back_is_kept BEFORE DELETE ON call_back "
    "BEGIN SELECT RAISE(ABORT, 'a call back cannot be deleted'); END",
)


def upgrade() -> None:
    """Create the tables and what keeps their rows."""
    op.create_table(
        "command",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("former", sa.Text, nullable=False),
        sa.Column("is_sent", sa.Boolean, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_command"),
        sa.CheckConstraint("state BETWEEN 1 AND 7", name="ck_command_state"),
        sa.CheckConstraint("(state < 4) = (due_at IS NOT NULL)", name="ck_command_due"),
        sa.CheckConstraint("(state < 4) = (settled_at IS NULL)", name="ck_command_settled"),
    )
    op.create_index("ux_command_key", "command", ["key"], unique=True)
    op.create_index("ix_command_pending", "command", ["due_at"], sqlite_where=_PENDING, postgresql_where=_PENDING)
    op.create_index("ix_command_ticket", "command", ["ticket"], sqlite_where=_PENDING, postgresql_where=_PENDING)
    op.create_table(
        "call_back",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("promised_at", sa.BigInteger, nullable=False),
        sa.Column("promised_by", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_back"),
        sa.CheckConstraint("state BETWEEN 1 AND 4", name="ck_call_back_state"),
        sa.CheckConstraint("(state = 1) = (settled_at IS NULL)", name="ck_call_back_settled"),
        sa.CheckConstraint("owner <> ''", name="ck_call_back_owner"),
    )
    op.create_index(
        "ix_call_back_promised", "call_back", ["due_at"], sqlite_where=_PROMISED, postgresql_where=_PROMISED
    )
    op.create_index("ix_call_back_ticket", "call_back", ["ticket"])
    for trigger in _TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Drop both; the triggers go with their tables."""
    for table in ("call_back", "command"):
        op.drop_table(table)
