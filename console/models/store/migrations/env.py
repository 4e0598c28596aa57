"""Alembic runs this to migrate the connection that `store.schema` hands over."""

from __future__ import annotations

from alembic import context

from console.models.store import access_tables, command_tables, escalation_tables, request_tables  # noqa: F401 - metadata
from console.models.store.tables import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter most of a column: batch mode copies the table instead.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
