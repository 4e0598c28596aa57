"""Has the inbox listed: what stands in which row, and how many there are. Thousands of entries are a worker's job."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console import turns
from console.models.domain.escalation import Entry
from console.models.queries.inbox import Inbox, InboxFilter, Words, arrange
from console.models.queries.inbox_list import InboxList, list_inbox
from console.views.ops import Job, Ops

_AT_ONCE = 300
"""Entries that are listed at once, in two or three milliseconds."""
_MOST_SEARCHED = 1_000
"""Of a fuller inbox only so many are looked through at once, the most urgent: a palette must answer at once."""


class Listing(QObject):
    """``listed`` carries the `InboxList` that was asked for last."""

    listed = Signal(object)

    def __init__(self, ops: Ops, words_of: Callable[[Entry], Words], parent: QObject | None = None) -> None:
        """``words_of`` gives what an entry is found by; a worker calls it."""
        super().__init__(parent)
        self._ops, self._words = ops, words_of
        self._job: Job[InboxList] | None = None
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether a worker is at it."""
        return self._busy

    def ask(self, inbox: Inbox, chosen: InboxFilter, person: str) -> None:
        """List the inbox under a filter; what was asked before is no longer wanted."""
        if self._job is not None:
            self._job.supersede()
            self._job = None
        words = self._words
        if len(inbox.entries) <= _AT_ONCE:
            self._on_listed(list_inbox(inbox, chosen, person, words))
            return
        self._busy = True
        self._job = self._ops.read(
            lambda _progress: list_inbox(inbox, chosen, person, words, turns.after_the_frame),
            self._on_listed,
            failure=self._on_failed,
            owner=self,
        )

    def search(self, inbox: Inbox, words: str) -> list[Entry]:
        """The entries that contain all words, worst first."""
        return arrange(Inbox(inbox.entries[:_MOST_SEARCHED]), InboxFilter(text=words), "", self._words)

    def _on_listed(self, shown: InboxList) -> None:
        self._busy = False
        self.listed.emit(shown)

    def _on_failed(self, _error: BaseException) -> None:
        """The crash funnel hears of it; the next change lists anew."""
        self._busy = False
