"""Who is signed in at this console, and with which roles: one session for each window.

`Session.actor` answers at once from memory and on any thread. What blocks, because it asks the database or computes a
hash, says so and belongs in a worker. While the session is locked nobody acts: every action is then refused.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Self

from console.models.actions.accounts import set_passphrase, sign_in
from console.models.domain.access_ports import Account
from console.models.domain.ports import Clock
from console.models.domain.roles import AccountRole, Actor, same_person
from console.models.domain.session_ports import AccessDoor
from console.models.domain.sign_in import SignInRules

NOBODY = Actor("")


class SessionState(Enum):
    """Before the data is open; somebody works; the passphrase is asked for."""

    OPENING = "opening"
    SIGNED_IN = "signed_in"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class _Now:
    """All that a session knows, replaced as a whole. ``version`` counts the sign-ins and locks."""

    state: SessionState
    person: Actor
    passphrase: bool = False
    version: int = 0


class Session:
    """The person at this console. Observers are called on whichever thread changed it."""

    def __init__(self, access: AccessDoor | None, clock: Clock, rules: SignInRules | None = None) -> None:
        """A session over the accounts behind ``access``; nobody is signed in before `begin`."""
        self._access = access
        self._clock = clock
        self.rules = rules or SignInRules()
        self._now = _Now(SessionState.OPENING, NOBODY)
        self._door = threading.Lock()
        self._observers: list[Callable[[], None]] = []

    @classmethod
    def of(cls, person: Actor, clock: Clock) -> Self:
        """A session without accounts, of a person who is signed in already: for pictures, imports and tests."""
        session = cls(None, clock)
        session._now = _Now(SessionState.SIGNED_IN, person)
        return session

    @property
    def state(self) -> SessionState:
        """What it stands at."""
        return self._now.state

    @property
    def locked(self) -> bool:
        """Whether a passphrase, or at least a wish, must open it again."""
        return self._now.state is SessionState.LOCKED

    @property
    def name(self) -> str:
        """The account's name, also while it is locked; empty before `begin`."""
        return self._now.person.name

    @property
    def has_passphrase(self) -> bool:
        """Whether the account asks for a passphrase."""
        return self._now.passphrase

    @property
    def roles(self) -> frozenset[AccountRole]:
        """The roles that hold now; none while nobody is signed in."""
        return self.actor().roles

    @property
    def person(self) -> Actor:
        """Whose session it is, with the roles last read; also while it is locked. To act, ask `actor`."""
        return self._now.person

    def actor(self) -> Actor:
        """Who acts now; nobody before sign-in and while it is locked."""
        now = self._now
        return now.person if now.state is SessionState.SIGNED_IN else NOBODY

    def subscribe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Call ``observer`` after every change; returns the call that ends this."""
        self._observers.append(observer)
        return lambda: self._observers.remove(observer) if observer in self._observers else None

    def meet(self) -> None:
        """Lock where the OS account has a passphrase: a short look, before anything is shown. Blocks."""
        access = self._access
        if access is None or self._now.state is not SessionState.OPENING:
            return
        account = self._find(access, access.os_account)
        if account is not None and account.passphrase:
            self._become(SessionState.LOCKED, account.actor, passphrase=True)

    def begin(self) -> None:
        """Sign in as the OS account, or lock where it has a passphrase. Blocks, also on the keyring that seals the
        trail's anchor; raises `Refused`.

        Beside another process that writes, nothing can be recorded: the roles are only read.
        """
        self.meet()
        access = self._access
        if access is None or self._now.state is not SessionState.OPENING:
            return
        if access.writable:
            self._enter(access, "", "")
            return
        account = self._find(access, access.os_account)
        self._become(SessionState.SIGNED_IN, account.actor if account is not None else Actor(access.os_account))

    def refresh(self) -> None:
        """Read the roles again: what was given or taken elsewhere holds from now on. Blocks."""
        access, before = self._access, self._now
        if access is None or before.state is SessionState.OPENING:
            return
        account = self._find(access, before.person.name)
        if account is None:
            return
        with self._door:
            # A sign-in or a lock in between knows better than what was read before it.
            if self._now.version != before.version:
                return
            after = replace(before, person=account.actor, passphrase=bool(account.passphrase))
            changed, self._now = after != before, after
        if changed:
            self._tell()

    def lock(self) -> None:
        """Nobody acts from now on until `unlock` or `switch`."""
        now = self._now
        if now.state is SessionState.SIGNED_IN:
            self._become(SessionState.LOCKED, now.person, passphrase=now.passphrase)

    def unlock(self, passphrase: str = "") -> None:
        """Go on as the same person. Blocks; raises `Refused`, which the audit trail keeps."""
        self.switch(self.name, passphrase)

    def switch(self, name: str, passphrase: str = "") -> None:
        """Go on as another person. Blocks; raises `Refused`, which the audit trail keeps; then nothing changes."""
        if self._access is None:
            self._become(SessionState.SIGNED_IN, self._now.person)
        else:
            self._enter(self._access, name.strip(), passphrase)

    def locked_until(self, name: str = "") -> int:
        """Until when an account takes no passphrase after repeated wrong ones (microseconds), 0: it does. Blocks."""
        account = None if self._access is None else self._find(self._access, name or self.name)
        return account.locked_until if account is not None and account.locked_until > self._clock.now() else 0

    def set_passphrase(self, present: str, wanted: str) -> None:
        """Set one's own passphrase (empty: the OS account is enough again) with proof of the present one.

        Blocks; raises `Refused`, also where ``present`` is wrong: that counts as a failed sign-in.
        """
        access = self._access
        if access is None:
            return
        person = self.actor()
        if self.has_passphrase:
            person = sign_in(
                access.accounts, access.hasher, self._clock, self.rules, access.os_account, person.name, present
            )
        set_passphrase(access.accounts, access.hasher, person, person.name, wanted, self._clock)
        self.refresh()

    def _enter(self, access: AccessDoor, name: str, passphrase: str) -> None:
        person = sign_in(access.accounts, access.hasher, self._clock, self.rules, access.os_account, name, passphrase)
        account = self._find(access, person.name)
        asks = account is not None and bool(account.passphrase)
        self._become(SessionState.SIGNED_IN, account.actor if account is not None else person, passphrase=asks)

    def _become(self, state: SessionState, person: Actor, *, passphrase: bool = False) -> None:
        with self._door:
            self._now = _Now(state, person, passphrase, self._now.version + 1)
        self._tell()

    def _tell(self) -> None:
        for observer in tuple(self._observers):
            observer()

    @staticmethod
    def _find(access: AccessDoor, name: str) -> Account | None:
        return next((account for account in access.accounts.all() if same_person(account.name, name)), None)
