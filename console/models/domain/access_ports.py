"""What the actions on accounts ask of the store, as Protocols."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from console.models.domain.audit import Entry
from console.models.domain.roles import AccountRole, Actor


@dataclass(frozen=True, slots=True)
class Account:
    """Who works here. ``passphrase`` is its hash, empty where the OS account is enough; times in microseconds."""

    id: int
    name: str
    roles: frozenset[AccountRole] = frozenset()
    passphrase: str = ""
    failures: int = 0
    locked_until: int = 0
    created_at: int = 0

    @property
    def actor(self) -> Actor:
        """The account as one who acts."""
        return Actor(self.name, self.roles)


class AccountChange(Protocol):
    """Accounts inside one transaction: everything in it becomes durable together with its audit rows, or not at all."""

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        ...

    def find(self, name: str) -> Account | None:
        """The account that `roles.same_person` takes for this name."""
        ...

    def add(self, name: str, at: int) -> Account:
        """A new account without a role."""
        ...

    def give(self, account: Account, role: AccountRole, at: int) -> None:
        """Give it a role; harmless when it has it."""
        ...

    def take(self, account: Account, role: AccountRole) -> None:
        """Take a role away; harmless when it has it not."""
        ...

    def set_passphrase(self, account: Account, hashed: str) -> None:
        """Set the hash of its passphrase (empty: none) and forget failures and lock."""
        ...

    def set_failures(self, account: Account, failures: int, locked_until: int) -> None:
        """Remember wrong passphrases in a row, and until when it is locked (0: it is not)."""
        ...

    def record(self, entry: Entry) -> None:
        """Add a row to the audit trail."""
        ...


class Accounts(Protocol):
    """The accounts of one database."""

    def all(self) -> Sequence[Account]:
        """Every account, by name."""
        ...

    def change(self) -> AbstractContextManager[AccountChange]:
        """One transaction; an exception in it takes back everything."""
        ...


class Trail(Protocol):
    """The audit trail's anchor outside the database."""

    def anchor(self, *, anew: bool = False) -> bool:
        """Bring it up to the last row; ``anew`` also where the trail does not go on from it. False: it was not."""
        ...


class Hasher(Protocol):
    """Makes and checks hashes of passphrases."""

    def hashed(self, passphrase: str) -> str:
        """A hash that `matches`; another one each time."""
        ...

    def matches(self, hashed: str, passphrase: str) -> bool:
        """Whether this is the passphrase."""
        ...
