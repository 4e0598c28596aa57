"""Accounts in the database, the OS account behind them, their passphrases, and what protects all of this."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from console.i18n import _
from console.models.domain.access_ports import Account
from console.models.domain.audit import Entry
from console.models.domain.roles import AccountRole, same_person
from console.models.store.access_tables import account as accounts
from console.models.store.access_tables import account_role as roles
from console.models.store.audit import AuditTrail, append
from console.models.store.database import reader, writer
from console.models.store.trouble import telling


class SqlAccounts:
    """The accounts of one database. Reading is safe on any thread; whoever changes must hold the database's lock."""

    def __init__(
        self, file: Path, trail: AuditTrail, between_commits: AbstractContextManager[object] | None = None
    ) -> None:
        """``between_commits`` is the lock of the log's writer, where it runs in this process."""
        self._file = file
        self._between_commits = between_commits or nullcontext()
        self._readers = reader(file)
        self._writer = writer(file)
        self._trail = trail

    def close(self) -> None:
        """Close the connections."""
        self._readers.dispose()
        self._writer.dispose()

    def all(self) -> Sequence[Account]:
        """Every account, by name; raises SetupError when the database cannot be read."""
        with telling(self._file), self._readers.connect() as connection:
            return _all(connection)

    @contextmanager
    def change(self) -> Iterator[AccountRows]:
        """One transaction, with its audit rows; afterwards the trail is anchored.

        Raises SetupError when the database cannot be written now.
        """
        with telling(self._file), self._between_commits, self._writer.begin() as connection:
            yield AccountRows(connection)
        self._trail.anchor()


class AccountRows:
    """`access_ports.AccountChange` over a connection that is in a writing transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        return _all(self._connection)

    def find(self, name: str) -> Account | None:
        """The account of this name."""
        return next((account for account in self.all() if same_person(account.name, name)), None)

    def add(self, name: str, at: int) -> Account:
        """A new account without a role."""
        last = self._connection.execute(select(func.max(accounts.c.id))).scalar() or 0
        made = Account(last + 1, name.strip(), created_at=at)
        values = {"id": made.id, "name": made.name, "failures": 0, "locked_until": 0, "created_at": at}
        self._connection.execute(insert(accounts).values(values))
        return made

    def give(self, account: Account, role: AccountRole, at: int) -> None:
        """Give it a role; harmless when it has it."""
        if self._connection.execute(select(roles.c.role).where(_this(account, role))).first() is None:
            self._connection.execute(insert(roles).values(account=account.id, role=role.value, granted_at=at))

    def take(self, account: Account, role: AccountRole) -> None:
        """Take a role away; harmless when it has it not."""
        self._connection.execute(delete(roles).where(_this(account, role)))

    def set_passphrase(self, account: Account, hashed: str) -> None:
        """Set the hash of its passphrase (empty: none) and forget failures and lock."""
        self._update(account, passphrase=hashed or None, failures=0, locked_until=0)

    def set_failures(self, account: Account, failures: int, locked_until: int) -> None:
        """Remember wrong passphrases in a row, and until when it is locked."""
        self._update(account, failures=failures, locked_until=locked_until)

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        append(self._connection, entry)

    def _update(self, account: Account, **values: object) -> None:
        self._connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))


class Argon2id:
    """`access_ports.Hasher` by argon2id with the library's present parameters (RFC 9106, low memory)."""

    def hashed(self, passphrase: str) -> str:
        """A hash with a fresh salt."""
        from argon2 import PasswordHasher

        return PasswordHasher().hash(passphrase)

    def matches(self, hashed: str, passphrase: str) -> bool:
        """Whether this is the passphrase; a hash that cannot be read matches nothing."""
        from argon2 import PasswordHasher
        from argon2.exceptions import Argon2Error, InvalidHashError

        try:
            return PasswordHasher().verify(hashed, passphrase)
        except (Argon2Error, InvalidHashError):
            return False


def os_account() -> str:
    """The account that this process runs as, asked of the operating system: what the environment says can be set."""
    if sys.platform == "win32":
        return os.getlogin()
    return _owner_name(os.getuid())


def owner_of(file: Path) -> str:
    """The account that a file belongs to, which is the one that made it."""
    return _owner_name(file.stat().st_uid)


def explain_protection(file: Path) -> list[str]:
    """What keeps others out of this database, in plain sentences, with a warning where its permissions are wide."""
    sentences = [
        _("The database is one file: {file}").format(file=file),
        _("What protects it is the operating system: the account that owns the file, and the file's permissions."),
        _("Roles stop mistakes and show who did what. They do not stop someone who can write the file by other means."),
        _("The audit trail cannot prevent such a change, but verifying it finds it out."),
    ]
    if sys.platform != "win32" and file.exists():
        owner, reached = owner_of(file), _reach(file)
        sentences.append(_("It belongs to {owner}; who can open it: {who}.").format(owner=owner, who=reached))
    return sentences


def _reach(file: Path) -> str:
    """Who gets through the folder and the file; a folder that is closed protects an open file."""
    both = stat.S_IMODE(file.stat().st_mode) & _passing(stat.S_IMODE(file.parent.stat().st_mode))
    if both & stat.S_IWOTH:
        return _("everybody on this machine, also for writing")
    if both & stat.S_IROTH:
        return _("everybody on this machine, for reading")
    if both & stat.S_IWGRP:
        return _("its owner and its group, also for writing")
    if both & stat.S_IRGRP:
        return _("its owner and its group, for reading")
    return _("its owner alone")


def _passing(folder: int) -> int:
    passes = 0
    if folder & stat.S_IXGRP:
        passes |= stat.S_IRWXG
    if folder & stat.S_IXOTH:
        passes |= stat.S_IRWXO
    return passes


def _owner_name(number: int) -> str:
    if sys.platform == "win32":
        return str(number)
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid-{number}"


def _this(account: Account, role: AccountRole) -> ColumnElement[bool]:
    return and_(roles.c.account == account.id, roles.c.role == role.value)


def _all(connection: Connection) -> list[Account]:
    known = {role.value: role for role in AccountRole}
    given: dict[int, set[AccountRole]] = {}
    for row in connection.execute(select(roles)):
        # A role that a newer console knows permits nothing here.
        if row.role in known:
            given.setdefault(row.account, set()).add(known[row.role])
    return [
        Account(
            row.id,
            row.name,
            frozenset(given.get(row.id, ())),
            row.passphrase or "",
            row.failures,
            row.locked_until,
            row.created_at,
        )
        for row in connection.execute(select(accounts).order_by(accounts.c.name))
    ]
