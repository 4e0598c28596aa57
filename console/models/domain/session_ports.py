"""What a session asks of the database that it is for, as a Protocol."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from console.models.domain.access_ports import Accounts, Hasher
from console.models.domain.audit_ports import AuditLog


class AccessDoor(Protocol):
    """The way to the accounts and the audit trail of the data at hand."""

    @property
    def os_account(self) -> str:
        """The account of the operating system that this process runs as; blocks at the first time."""
        ...

    @property
    def writable(self) -> bool:
        """Whether accounts can be changed and sign-ins recorded here; False beside another process that writes."""
        ...

    @property
    def accounts(self) -> Accounts:
        """The accounts; raises `KnownError` before the data is open."""
        ...

    @property
    def trail(self) -> AuditLog:
        """The audit trail; raises `KnownError` before the data is open."""
        ...

    @property
    def hasher(self) -> Hasher:
        """Makes and checks hashes of passphrases."""
        ...

    def protection(self) -> Sequence[str]:
        """What keeps others out of this data, in plain sentences; blocks."""
        ...
