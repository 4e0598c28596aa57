"""The tables of what people asked for: commands on their way to the source, and promised call backs.

All times are microseconds since the epoch, UTC. Codes are those of `domain.commands` and `domain.call_backs`; the
states stand in the constraints as their numbers.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    exists,
    text,
)

from console.models.store.tables import Key, metadata

IS_PENDING = text("state < 4")
"""Not settled. Spelt as in the indexes: SQLite uses a partial index only for the very same condition."""
IS_PROMISED = text("state = 1")

command = Table(
    "command",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False),
    Column("ticket", BigInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("former", Text, nullable=False),
    Column("is_sent", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("settled_at", BigInteger),
    Column("epoch", Integer, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("agent", Text, nullable=False, server_default=""),
    CheckConstraint("(ticket > 0) = (agent = '')", name="ck_command_subject"),
    CheckConstraint("state BETWEEN 1 AND 7", name="ck_command_state"),
    CheckConstraint("(state < 4) = (due_at IS NOT NULL)", name="ck_command_due"),
    CheckConstraint("(state < 4) = (settled_at IS NULL)", name="ck_command_settled"),
    Index("ux_command_key", "key", unique=True),
    Index("ix_command_pending", "due_at", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
    Index("ix_command_subject", "ticket", "agent", sqlite_where=IS_PENDING, postgresql_where=IS_PENDING),
)
"""The outbox. A command is about a ticket, or with ``ticket`` 0 about an agent. ``epoch`` and ``lease_until`` say
who is sending; the text of a note is blanked once it is settled."""

_older = command.alias()
IS_FIRST = ~exists().where(
    _older.c.ticket == command.c.ticket,
    _older.c.agent == command.c.agent,
    _older.c.state < 4,
    _older.c.id < command.c.id,
)
"""Nothing that was asked of the same ticket or agent before is on its way still."""

call_back = Table(
    "call_back",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("ticket", BigInteger, nullable=False),
    Column("owner", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("promised_at", BigInteger, nullable=False),
    Column("promised_by", Text, nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    CheckConstraint("state BETWEEN 1 AND 4", name="ck_call_back_state"),
    CheckConstraint("(state = 1) = (settled_at IS NULL)", name="ck_call_back_settled"),
    CheckConstraint("owner <> ''", name="ck_call_back_owner"),
    Index("ix_call_back_promised", "due_at", sqlite_where=IS_PROMISED, postgresql_where=IS_PROMISED),
    Index("ix_call_back_ticket", "ticket"),
)
"""Promises to call a customer: always with a due time and an owner, and with an outcome once they are kept or not."""
