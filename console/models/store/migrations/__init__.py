"""Alembic's revisions of the database, run by `store.schema` when a database is behind."""
