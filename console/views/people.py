"""People in words: what they are in this console."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from console.i18n import _
from console.models.actions.session import Session
from console.models.domain.roles import ROLE_WORDS, AccountRole


def roles_in_words(roles: Iterable[AccountRole]) -> str:
    """``Supervisor, Coach``; who has no role is a viewer."""
    given = set(roles) - {AccountRole.VIEWER} or {AccountRole.VIEWER}
    return _(", ").join(_(ROLE_WORDS[role]) for role in AccountRole if role in given)


def roles_in_short(roles: Iterable[AccountRole]) -> str:
    """The same where there is little room: the first in short, and how many more there are."""
    given = set(roles) - {AccountRole.VIEWER} or {AccountRole.VIEWER}
    first = AccountRole.ADMIN if AccountRole.ADMIN in given else next(role for role in AccountRole if role in given)
    word = _("Admin") if first is AccountRole.ADMIN else _(ROLE_WORDS[first])
    return f"{word} +{len(given) - 1}" if len(given) > 1 else word


class SessionSignal(QObject):
    """Brings the changes of a session to the GUI thread."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # From a worker the signal is queued to whoever lives on the GUI thread.
        self._end: Callable[[], None] = session.subscribe(self.changed.emit)

    def close(self) -> None:
        """Tell no more."""
        self._end()
