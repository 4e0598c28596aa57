"""What the inbox counts for its filters, how fresh it is, and the amounts that its complaints are about."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from console.clock import SECOND
from console.i18n import _
from console.models.domain.contacts import Channel, ComplaintTier
from console.models.queries.inbox_detail import amounts
from console.models.queries.inbox_list import InboxList
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.inbox_watch import STALE_AFTER, InboxWatch
from console.views.screen import Context
from console.views.screens.board.records import StoreLog
from console.views.screens.escalations.toolbar import InboxToolbar

_AT_ONCE = 200


class TicketFigures(QObject):
    """``amounts`` holds what is known of tickets' complaints, as written for people; ``changed`` when more came."""

    changed = Signal()

    def __init__(self, context: Context, live: LiveBoard, toolbar: InboxToolbar, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._live, self._toolbar = context, live, toolbar
        self.amounts: dict[int, str] = {}

    def look(self, shown: InboxList) -> None:
        """Show the counts by scope, cause and channel; ask once for the amount of each complaint, which only its events
        tell."""
        channels: dict[Channel, int] = {}
        board = self._live.present
        if board is not None:
            slots = board.slots_of(shown.tickets)
            there = slots >= 0
            counts = np.bincount(board.columns.channel[slots[there]], minlength=len(Channel))
            channels = {channel: int(counts[channel]) for channel in Channel if counts[channel]}
            self._ask(shown.tickets[there][board.columns.complaint[slots[there]] != ComplaintTier.NONE].tolist())
        self._toolbar.show_counts(shown.scopes, shown.causes, channels)

    def _ask(self, complaints: list[int]) -> None:
        wanted = [ticket for ticket in complaints if ticket not in self.amounts][:_AT_ONCE]
        if not wanted:
            return
        self.amounts.update(dict.fromkeys(wanted, ""))
        log = StoreLog(self._context.store)
        self._context.ops.read(lambda _progress: amounts(log, wanted), self._on_amounts, owner=self)

    def _on_amounts(self, found: dict[int, str]) -> None:
        self.amounts.update(found)
        self.changed.emit()


def freshness(watch: InboxWatch, now: int) -> tuple[str, theme.State]:
    """How long ago the sweep looked at the clocks, in words, and whether that is good enough."""
    inbox = watch.inbox
    if watch.error is not None and inbox is not None:
        age = formats.span((now - watch.looked_at) / SECOND)
        return _("cannot be read, {age} old").format(age=age), theme.State.DANGER
    if inbox is None or not inbox.swept_at:
        return _("clocks not checked yet"), theme.State.WARNING
    late = now - inbox.swept_at
    age = formats.span(late / SECOND)
    if late > STALE_AFTER:
        return _("clocks not checked for {age}").format(age=age), theme.State.WARNING
    return _("clocks checked {age} ago").format(age=age), theme.State.OK
