"""The escalation inbox: entries, their history, notices to be sent, and the watermark of the sweep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_OPEN = sa.text("state NOT IN (4, 8)")
_UNSENT = sa.text("state <= 2")
# INSERT OR REPLACE deletes without firing a delete trigger, hence the third one.
_TRIGGERS = (
    "CREATE TRIGGER escalation_event_never_changes BEFORE UPDATE ON escalation_event "
    "BEGIN SELECT RAISE(ABORT, 'the history of an escalation cannot be changed'); END",
    "CREATE TRIGGER escalation_event_never_shrinks BEFORE DELETE ON escalation_event "
    "BEGIN SELECT RAISE(ABORT, 'the history of an escalation cannot be shortened'); END",
    "CREATE TRIGGER escalation_event_only_grows BEFORE INSERT ON escalation_event "
    "WHEN NEW.version IS NOT "
    "(SELECT coalesce(max(version), 0) + 1 FROM escalation_event WHERE escalation = NEW.escalation) "
    "BEGIN SELECT RAISE(ABORT, 'the history of an escalation only grows at its end'); END",
    "CREATE TRIGGER escalation_is_kept BEFORE DELETE ON escalation "
    "BEGIN SELECT RAISE(ABORT, 'an escalation cannot be deleted'); END",
)


def upgrade() -> None:
    """Create the tables and the guards of the history."""
    op.create_table(
        "escalation",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("object", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.SmallInteger, nullable=False),
        sa.Column("cycle", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.Column("reminded", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger),
        sa.Column("resolved_at", sa.BigInteger),
        sa.Column("merged_into", sa.BigInteger),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_escalation"),
        sa.CheckConstraint("state IN (4, 8) OR due_at IS NOT NULL", name="ck_escalation_due"),
        sa.CheckConstraint("state BETWEEN 1 AND 8", name="ck_escalation_state"),
        sa.CheckConstraint("state NOT IN (2, 5, 6) OR owner <> ''", name="ck_escalation_owner"),
        sa.CheckConstraint("state <> 8 OR merged_into IS NOT NULL", name="ck_escalation_merged"),
    )
    key = ["kind", "object", "cause", "cycle"]
    op.create_index(
        "ux_escalation_open_key", "escalation", key, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_escalation_kind_object_cause_cycle", "escalation", key)
    op.create_index("ix_escalation_due_at", "escalation", ["due_at"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_escalation_owner", "escalation", ["owner"], sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_escalation_ticket", "escalation", ["ticket"])
    op.create_table(
        "escalation_event",
        sa.Column("escalation", _KEY, autoincrement=False),
        sa.Column("version", sa.Integer, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.SmallInteger, nullable=False),
        sa.Column("state_before", sa.SmallInteger),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("escalation", "version", name="pk_escalation_event"),
        sa.ForeignKeyConstraint(["escalation"], ["escalation.id"], name="fk_escalation_event_escalation"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _KEY),
        sa.Column("escalation", sa.BigInteger, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("news", sa.SmallInteger, nullable=False),
        sa.Column("audience", sa.SmallInteger, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.CheckConstraint("state BETWEEN 1 AND 5", name="ck_outbox_state"),
        sa.CheckConstraint("(state <= 2) = (settled_at IS NULL)", name="ck_outbox_settled"),
    )
    notice = ["escalation", "version", "news", "audience", "recipient"]
    op.create_index("ux_outbox_notice", "outbox", notice, unique=True)
    op.create_index("ix_outbox_unsent", "outbox", ["urgency", "id"], sqlite_where=_UNSENT, postgresql_where=_UNSENT)
    op.create_table(
        "sweep",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("swept_to", sa.BigInteger, nullable=False),
        sa.Column("ticked_at", sa.BigInteger, nullable=False),
        sa.Column("began_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sweep"),
        sa.CheckConstraint("id = 1", name="ck_sweep_single"),
    )
    for trigger in _TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Drop the inbox; the triggers go with their tables."""
    for table in ("sweep", "outbox", "escalation_event", "escalation"):
        op.drop_table(table)
