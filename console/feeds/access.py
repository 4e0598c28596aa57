"""The way to accounts and audit trail of a feed's data: opened by the first worker that asks, once the data is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cached_property
from typing import TYPE_CHECKING

from console.errors import KnownError
from console.i18n import _
from console.views.feed import Opened

# Heavy imports come with the worker.
if TYPE_CHECKING:
    from console.models.domain.access_ports import Accounts, Hasher
    from console.models.domain.audit_ports import AuditLog
    from console.models.store.access import Access
    from console.models.store.audit_pages import AuditPages
    from console.models.store.database import Place


class FeedAccess:
    """`session_ports.AccessDoor` over the database of a feed. ``writable``: this process has the database's lock."""

    def __init__(
        self,
        place: Callable[[], Place],
        opened: Callable[[], Future[Opened]],
        *,
        writable: bool,
        shared: Callable[[], Access] | None = None,
    ) -> None:
        """``shared`` gives what a running engine has open, which writes between the commits of its log."""
        self._place, self._opened, self._shared = place, opened, shared
        self.writable = writable
        self._door = threading.Lock()
        self._access: tuple[Access, AuditPages] | None = None

    @cached_property
    def os_account(self) -> str:
        """The account that this process runs as."""
        from console.models.store.accounts import os_account

        return os_account()

    @property
    def accounts(self) -> Accounts:
        """The accounts; raises `KnownError` before the data is open."""
        return self._open()[0].accounts

    @property
    def trail(self) -> AuditLog:
        """The audit trail; raises `KnownError` before the data is open."""
        return self._open()[1]

    @cached_property
    def hasher(self) -> Hasher:
        """Argon2id."""
        from console.models.store.accounts import Argon2id

        return Argon2id()

    def protection(self) -> Sequence[str]:
        """What keeps others out of the database."""
        from console.models.store.accounts import explain_protection

        return explain_protection(self._place().file)

    def close(self) -> None:
        """Close the connections."""
        with self._door:
            opened, self._access = self._access, None
        if opened is not None:
            opened[1].close()
            if self._shared is None:
                opened[0].close()

    def _open(self) -> tuple[Access, AuditPages]:
        future = self._opened()
        if not future.done() or future.exception() is not None:
            raise KnownError(_("The data is not open yet."))
        with self._door:
            if self._access is None:
                from console.models.store.access import open_access, read_access
                from console.models.store.audit_pages import AuditPages

                place = self._place()
                if self._shared is not None:
                    access = self._shared()
                else:
                    access = open_access(place) if self.writable else read_access(place)
                self._access = (access, AuditPages(place.file, access.trail))
            return self._access
