"""The version of a database: which it has, which it should have, and the way up, with a backup before it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from console.errors import SetupError
from console.i18n import _
from console.models.domain.ports import Progress
from console.models.store.database import dbapi, reader, writer

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0006"
"""The newest revision; a test holds it equal to Alembic's, which is not imported to learn it."""

_PAGES_PER_STEP = 4096


def revision(connection: Connection) -> str | None:
    """The revision of this database, None when it is empty."""
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
    if found is None:
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return None if row is None else str(row[0])


def pending(connection: Connection) -> list[str]:
    """The revisions that this database still lacks, oldest first; raises SetupError when it is newer than we are."""
    current = revision(connection)
    if current == HEAD:
        return []
    known = _revisions()
    if current is None:
        return known
    if current not in known:
        raise SetupError(
            _("The database has revision {revision}, which this version does not know.").format(revision=current),
            _("It was written by a newer console: update this one."),
        )
    return known[known.index(current) + 1 :]


def upgrade(file: Path, progress: Progress) -> Path | None:
    """Bring the database up to `HEAD`. A database with data in it is copied first; returns the copy's path."""
    copy = None
    if file.exists():
        # Looked at by a reader: a console starts even while another program holds the write lock.
        engine = reader(file)
        try:
            with engine.connect() as connection:
                if not pending(connection):
                    return None
                if revision(connection) is not None:
                    copy = file.with_name(f"{file.name}.before-{HEAD}.bak")
                    _backup(dbapi(connection), copy, progress)
        finally:
            engine.dispose()
    with writer(file).connect() as connection:
        _run(connection, "head")
    return copy


def downgrade(file: Path, target: str) -> None:
    """Go back to an older revision; for tests of the way up."""
    with writer(file).connect() as connection:
        _run(connection, target, down=True)


def _backup(connection: sqlite3.Connection, copy: Path, progress: Progress) -> None:
    copy.unlink(missing_ok=True)
    partial = copy.with_name(copy.name + ".part")
    partial.unlink(missing_ok=True)
    target = sqlite3.connect(partial)
    try:
        connection.rollback()
        connection.backup(
            target, pages=_PAGES_PER_STEP, progress=lambda _status, left, total: progress.step(total - left, total)
        )
    finally:
        target.close()
    partial.replace(copy)


def _revisions() -> list[str]:
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(_config())
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _run(connection: Connection, target: str, *, down: bool = False) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    if down:
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)
    connection.commit()


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
