"""The log, the words of tickets, names, message bodies and sources."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "event",
        sa.Column("seq", _KEY, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("native", sa.BigInteger, nullable=False),
        sa.Column("key", sa.BigInteger, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.Column("subject", sa.Integer, nullable=False),
        sa.Column("actor", sa.Integer, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("role", sa.SmallInteger, nullable=False),
        sa.Column("source", sa.SmallInteger, nullable=False),
        sa.Column("precision", sa.SmallInteger, nullable=False),
        sa.Column("origin", sa.SmallInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
    )
    op.create_index("ux_event_subject_source_key", "event", ["subject", "source", "key"], unique=True)
    op.create_table(
        "segment",
        sa.Column("last", _KEY, autoincrement=False),
        sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("min_at", sa.BigInteger, nullable=False),
        sa.Column("max_at", sa.BigInteger, nullable=False),
        sa.Column("layout", sa.BigInteger, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("last", name="pk_segment"),
    )
    op.create_table(
        "ticket",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("source", sa.SmallInteger, nullable=False),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
    )
    op.create_index("ux_ticket_source_ref", "ticket", ["source", "ref"], unique=True)
    op.create_index("ix_ticket_first_seq", "ticket", ["first_seq"])
    op.create_table(
        "name",
        sa.Column("dimension", sa.Text),
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dimension", "id", name="pk_name"),
    )
    op.create_index("ux_name_dimension_text", "name", ["dimension", "text"], unique=True)
    op.create_table(
        "body",
        sa.Column("seq", _KEY, autoincrement=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_body"),
    )
    op.create_table(
        "source",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("last_received_at", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.Text),
        sa.Column("cursor_saved_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )


def downgrade() -> None:
    """Drop everything: there was nothing before."""
    for table in ("meta", "source", "body", "name", "ticket", "segment", "event"):
        op.drop_table(table)
