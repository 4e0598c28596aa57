"""Accounts and audit trail of a real database of its own, as a session asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from console.models.actions.accounts import found
from console.models.domain.access_ports import Hasher
from console.models.domain.ports import Clock, Progress
from console.models.store import schema
from console.models.store.accounts import SqlAccounts, explain_protection
from console.models.store.anchor import AnchorFile
from console.models.store.audit import AuditTrail
from console.models.store.audit_pages import AuditPages


class Plain:
    """A hasher that is quick."""

    def hashed(self, passphrase: str) -> str:
        return f"hash of {passphrase}"

    def matches(self, hashed: str, passphrase: str) -> bool:
        return hashed == self.hashed(passphrase)


class Door:
    """`session_ports.AccessDoor`; the database belongs to boss, who is at the console."""

    os_account = "boss"
    writable = True

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.file = folder / "console.db"
        schema.upgrade(self.file, Progress())
        self.chain = AuditTrail(self.file, AnchorFile(self.file, folder / "state", lambda _id, _make: None))
        self.accounts = SqlAccounts(self.file, self.chain)
        self.trail = AuditPages(self.file, self.chain)
        self.hasher: Hasher = Plain()
        found(self.accounts, "boss", clock)

    def protection(self) -> Sequence[str]:
        return explain_protection(self.file)

    def close(self) -> None:
        for each in (self.trail, self.accounts, self.chain):
            each.close()
