"""Compensation requests and their history, follow-ups after a complaint, signed hand-over sheets (R-CMP-OFFER)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_UNDECIDED = sa.text("state IN (1, 2)")
_OUTSTANDING = sa.text("state = 1")
_UNTOLD = sa.text("told = 0")
# INSERT OR REPLACE deletes without firing a delete trigger, hence the one on inserts.
_TRIGGERS = (
    "CREATE TRIGGER compensation_event_never_changes BEFORE UPDATE ON compensation_event "
    "WHEN NEW.request IS NOT OLD.request OR NEW.version IS NOT OLD.version OR NEW.at IS NOT OLD.at "
    "OR NEW.actor IS NOT OLD.actor OR NEW.what IS NOT OLD.what OR NEW.state IS NOT OLD.state "
    "OR NEW.reason IS NOT OLD.reason "
    "BEGIN SELECT RAISE(ABORT, 'the history of a compensation cannot be changed'); END",
    "CREATE TRIGGER compensation_event_never_shrinks BEFORE DELETE ON compensation_event "
    "BEGIN SELECT RAISE(ABORT, 'the history of a compensation cannot be shortened'); END",
    "CREATE TRIGGER compensation_event_only_grows BEFORE INSERT ON compensation_event "
    "WHEN NEW.version IS NOT "
    "(SELECT coalesce(max(version), 0) + 1 FROM compensation_event WHERE request = NEW.request) "
    "BEGIN SELECT RAISE(ABORT, 'the history of a compensation only grows at its end'); END",
    "CREATE TRIGGER compensation_request_is_kept BEFORE DELETE ON compensation_request "
    "BEGIN SELECT RAISE(ABORT, 'a compensation request cannot be deleted'); END",
    "CREATE TRIGGER compensation_request_stays_decided BEFORE UPDATE ON compensation_request "
    "WHEN OLD.state NOT IN (1, 2) "
    "BEGIN SELECT RAISE(ABORT, 'a decided compensation request cannot be changed'); END",
    "CREATE TRIGGER hand_over_never_changes BEFORE UPDATE ON hand_over "
    "BEGIN SELECT RAISE(ABORT, 'a signed sheet cannot be changed'); END",
)


def upgrade() -> None:
    """Create the tables and the guards of what is history."""
    op.create_table(
        "compensation_request",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("urgency", sa.SmallInteger, nullable=False),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("proposed_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("loss", sa.BigInteger, nullable=False),
        sa.Column("price", sa.BigInteger),
        sa.Column("freight", sa.BigInteger),
        sa.Column("cause", sa.SmallInteger, nullable=False),
        sa.Column("agent_limit", sa.BigInteger, nullable=False),
        sa.Column("offers", sa.Text, nullable=False),
        sa.Column("chosen", sa.SmallInteger, nullable=False),
        sa.Column("cash", sa.BigInteger, nullable=False),
        sa.Column("voucher", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("lapsed_at", sa.BigInteger),
        sa.Column("lapses", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_compensation_request"),
        sa.CheckConstraint("state BETWEEN 1 AND 6", name="ck_compensation_request_state"),
        sa.CheckConstraint("(state IN (1, 2)) = (due_at IS NOT NULL)", name="ck_compensation_request_due"),
        sa.CheckConstraint("(state IN (1, 2)) = (decided_at IS NULL)", name="ck_compensation_request_decided"),
        sa.CheckConstraint(
            "state <> 4 OR (decided_by <> '' AND lower(trim(decided_by)) <> lower(trim(proposed_by)))",
            name="ck_compensation_request_four_eyes",
        ),
        sa.CheckConstraint("state <> 3 OR cash + voucher <= agent_limit", name="ck_compensation_request_limit"),
        sa.CheckConstraint("state <> 5 OR reason <> ''", name="ck_compensation_request_reason"),
        sa.CheckConstraint("loss >= 0 AND cash >= 0 AND voucher >= 0", name="ck_compensation_request_sums"),
    )
    op.create_index(
        "ix_compensation_request_due_at",
        "compensation_request",
        ["due_at"],
        sqlite_where=_UNDECIDED,
        postgresql_where=_UNDECIDED,
    )
    op.create_index("ix_compensation_request_ticket", "compensation_request", ["ticket"])
    op.create_index("ix_compensation_request_decided_at", "compensation_request", ["decided_at"])
    op.create_table(
        "compensation_event",
        sa.Column("request", _KEY, autoincrement=False),
        sa.Column("version", sa.Integer, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.SmallInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("request", "version", name="pk_compensation_event"),
        sa.ForeignKeyConstraint(
            ["request"], ["compensation_request.id"], name="fk_compensation_event_request_compensation_request"
        ),
    )
    op.create_index(
        "ix_compensation_event_untold",
        "compensation_event",
        ["request", "version"],
        sqlite_where=_UNTOLD,
        postgresql_where=_UNTOLD,
    )
    op.create_table(
        "follow_up",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("resolved_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.SmallInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("promised_at", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("done_at", sa.BigInteger),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
        sa.CheckConstraint("state BETWEEN 1 AND 3", name="ck_follow_up_state"),
        sa.CheckConstraint("(state = 1) = (due_at IS NOT NULL)", name="ck_follow_up_due"),
        sa.CheckConstraint("(state = 1) = (done_at IS NULL)", name="ck_follow_up_done"),
        sa.CheckConstraint("state <> 2 OR outcome <> ''", name="ck_follow_up_outcome"),
    )
    op.create_index("ux_follow_up_matter", "follow_up", ["ticket", "kind", "resolved_at"], unique=True)
    op.create_index(
        "ix_follow_up_due_at", "follow_up", ["due_at"], sqlite_where=_OUTSTANDING, postgresql_where=_OUTSTANDING
    )
    op.create_table(
        "hand_over",
        sa.Column("id", _KEY, autoincrement=False),
        sa.Column("as_of", sa.BigInteger, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("signed_by", sa.Text, nullable=False),
        sa.Column("signed_at", sa.BigInteger, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.CheckConstraint("signed_by <> ''", name="ck_hand_over_signed"),
    )
    op.create_index("ix_hand_over_signed_at", "hand_over", ["signed_at"])
    for trigger in _TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Drop the tables; the triggers go with them."""
    for table in ("hand_over", "follow_up", "compensation_event", "compensation_request"):
        op.drop_table(table)
