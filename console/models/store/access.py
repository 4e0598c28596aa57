"""Accounts and audit trail of one database, opened together; the lock taken for who has no running console."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Self

from console.errors import SetupError
from console.i18n import _
from console.models.domain.ports import Progress
from console.models.store import schema
from console.models.store.accounts import SqlAccounts, os_account, owner_of
from console.models.store.anchor import FOLDER, AnchorFile
from console.models.store.audit import AuditTrail
from console.models.store.database import Place
from console.models.store.lock import FileLock
from console.models.store.log import pending_revisions


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what in one database, and what was done. `close` it, or use it in a ``with`` block."""

    accounts: SqlAccounts
    trail: AuditTrail
    creator: str
    """The OS account that made the database: its first admin."""

    def close(self) -> None:
        """Close the connections."""
        self.accounts.close()
        self.trail.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()


def open_access(place: Place, between_commits: AbstractContextManager[object] | None = None) -> Access:
    """For reading, or for changing by whoever holds the lock; the database must be up to date. ``between_commits`` is
    the lock of the log's writer, where it runs in this process."""
    trail = AuditTrail(place.file, _anchor_beside(place) if place.fleeting else None)
    creator = os_account() if sys.platform == "win32" else owner_of(place.file)
    return Access(SqlAccounts(place.file, trail, between_commits), trail, creator)


def _anchor_beside(place: Place) -> AnchorFile:
    """For a database that goes soon: neither the user's state directory nor the keyring shall keep something of it."""
    return AnchorFile(place.file, place.directory / FOLDER, lambda _database_id, _make: None)


def read_access(place: Place) -> Access:
    """For reading, beside a writer or alone; raises SetupError when there is no database or it is old."""
    if pending_revisions(place):
        raise SetupError(
            _("{file} is of an older version.").format(file=place.file),
            _("Start the console once to bring it up to date."),
        )
    return open_access(place)


@contextmanager
def write_access(place: Place) -> Iterator[Access]:
    """Take the lock, bring the database up to date and open it for changing.

    Raises `lock.Locked` when another process writes, SetupError when there is no database or it cannot be written.
    """
    pending_revisions(place)
    try:
        lock = FileLock(place.lock)
    except OSError as error:
        raise SetupError(
            _("{directory} cannot be written: {reason}.").format(directory=place.directory, reason=error.strerror),
            _("Check the permissions of the file and its folder, or choose another --data-dir."),
        ) from error
    with lock:
        schema.upgrade(place.file, Progress())
        with open_access(place) as access:
            yield access
