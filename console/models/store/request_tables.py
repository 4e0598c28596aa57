"""The tables of compensation requests and of follow-ups after a complaint, with what may never be in them.

All times are microseconds since the epoch, UTC; sums are hundredths of ``currency``. Codes are those of
`domain.requests` and `domain.follow_ups`; the names of a state stand in the constraints as its numbers.
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

IS_UNDECIDED = text("state IN (1, 2)")
IS_OUTSTANDING = text("state = 1")
"""Spelt as in the indexes: SQLite uses a partial index only for the very same condition."""
IS_UNTOLD = text("told = 0")

compensation_request = Table(
    "compensation_request",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("currency", Text, nullable=False),
    Column("loss", BigInteger, nullable=False),
    Column("price", BigInteger),
    Column("freight", BigInteger),
    Column("cause", SmallInteger, nullable=False),
    Column("agent_limit", BigInteger, nullable=False),
    Column("offers", Text, nullable=False),
    Column("chosen", SmallInteger, nullable=False),
    Column("cash", BigInteger, nullable=False),
    Column("voucher", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("lapsed_at", BigInteger),
    Column("lapses", Integer, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", BigInteger),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("state BETWEEN 1 AND 6", name="ck_compensation_request_state"),
    CheckConstraint("(state IN (1, 2)) = (due_at IS NOT NULL)", name="ck_compensation_request_due"),
    CheckConstraint("(state IN (1, 2)) = (decided_at IS NULL)", name="ck_compensation_request_decided"),
    CheckConstraint(
        "state <> 4 OR (decided_by <> '' AND lower(trim(decided_by)) <> lower(trim(proposed_by)))",
        name="ck_compensation_request_four_eyes",
    ),
    CheckConstraint("state <> 3 OR cash + voucher <= agent_limit", name="ck_compensation_request_limit"),
    CheckConstraint("state <> 5 OR reason <> ''", name="ck_compensation_request_reason"),
    CheckConstraint("loss >= 0 AND cash >= 0 AND voucher >= 0", name="ck_compensation_request_sums"),
    Index("ix_compensation_request_due_at", "due_at", sqlite_where=IS_UNDECIDED, postgresql_where=IS_UNDECIDED),
    Index("ix_compensation_request_ticket", "ticket"),
    Index("ix_compensation_request_decided_at", "decided_at"),
)
"""Requests; ``cash`` and ``voucher`` are those of the chosen offer, ``offers`` all three as JSON."""

compensation_event = Table(
    "compensation_event",
    metadata,
    Column("request", Key, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", SmallInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told", Boolean, nullable=False),
    ForeignKeyConstraint(["request"], ["compensation_request.id"]),
    Index("ix_compensation_event_untold", "request", "version", sqlite_where=IS_UNTOLD, postgresql_where=IS_UNTOLD),
)
"""Every step of a request; ``told`` once the ticket's own record shows it. Triggers keep the rest as it was written."""

follow_up = Table(
    "follow_up",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("resolved_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("promised_at", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("done_at", BigInteger),
    Column("done_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint("state BETWEEN 1 AND 3", name="ck_follow_up_state"),
    CheckConstraint("(state = 1) = (due_at IS NOT NULL)", name="ck_follow_up_due"),
    CheckConstraint("(state = 1) = (done_at IS NULL)", name="ck_follow_up_done"),
    CheckConstraint("state <> 2 OR outcome <> ''", name="ck_follow_up_outcome"),
    Index("ux_follow_up_matter", "ticket", "kind", "resolved_at", unique=True),
    Index("ix_follow_up_due_at", "due_at", sqlite_where=IS_OUTSTANDING, postgresql_where=IS_OUTSTANDING),
)
"""R-CMP-FOLLOW: what is owed to a customer after a complaint was resolved; ``promised_at`` is the first due time."""

hand_over = Table(
    "hand_over",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("as_of", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("signed_by", Text, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
    Column("notes", Text, nullable=False),
    CheckConstraint("signed_by <> ''", name="ck_hand_over_signed"),
    Index("ix_hand_over_signed_at", "signed_at"),
)
"""Sheets that a supervisor signed for the next shift, with the notes."""
