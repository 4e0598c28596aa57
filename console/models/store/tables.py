"""The tables, as SQLAlchemy Core knows them. Integer and narrow: a log of five million events must stay in memory.

All times are microseconds since the epoch, UTC. Codes are those of `domain.contacts` and `domain.events`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a table the free row id as its key only when the type is spelt INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")

event = Table(
    "event",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("native", BigInteger, nullable=False),
    Column("key", BigInteger, nullable=False),
    Column("value", BigInteger, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("actor", Integer, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("role", SmallInteger, nullable=False),
    Column("source", SmallInteger, nullable=False),
    Column("precision", SmallInteger, nullable=False),
    Column("origin", SmallInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("detail", Text),
    # One index tells a re-delivery from a new event and finds the events of a ticket.
    Index("ux_event_subject_source_key", "subject", "source", "key", unique=True),
)
"""The log. The columns of `events.ROW` come first and in its order."""

segment = Table(
    "segment",
    metadata,
    Column("last", Key, primary_key=True, autoincrement=False),
    Column("after", BigInteger, nullable=False),
    Column("min_at", BigInteger, nullable=False),
    Column("max_at", BigInteger, nullable=False),
    Column("layout", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""Sealed stretches of the log as compressed columns, see `store.segments`: a copy for speed."""

ticket = Table(
    "ticket",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("source", SmallInteger, nullable=False),
    Column("ref", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Index("ux_ticket_source_ref", "source", "ref", unique=True),
    Index("ix_ticket_first_seq", "first_seq"),
)
"""The words of a ticket; everything else about it is folded from the log."""

name = Table(
    "name",
    metadata,
    Column("dimension", Text, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Index("ux_name_dimension_text", "dimension", "text", unique=True),
)
"""Interned names of agents, queues, tags and sources; ids start at 1 in each dimension."""

body = Table(
    "body",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)
"""What was written, apart from the log so that it can be erased."""

source = Table(
    "source",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False),
    Column("last_at", BigInteger, nullable=False),
    Column("last_received_at", BigInteger, nullable=False),
    Column("cursor", Text),
    Column("cursor_saved_at", BigInteger),
)
"""Per source: when it was last heard of, and where it wants to go on."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts about this database."""
