"""What stands beside the list: the entry in full, or in its place a compensation to decide on, a follow-up to end or
the calls that were promised.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from console.i18n import _
from console.models.domain.call_backs import call_of
from console.models.domain.escalation import ObjectKind
from console.models.domain.follow_ups import CYCLE
from console.models.queries.inbox_lines import Line
from console.views import theme
from console.views.screen import Context
from console.views.screens.escalations.call_back_pane import CallBackPane
from console.views.screens.escalations.compensation import CompensationPane
from console.views.screens.escalations.compensation_approval import ApprovalPane
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.follow_up_pane import FollowUpPane

Pane = CompensationPane | ApprovalPane | FollowUpPane | CallBackPane


class Side(QStackedWidget):
    """``changed`` asks for another look at the inbox; ``told`` carries words and a state for a toast."""

    changed = Signal()
    told = Signal(str, object)
    pane_shown = Signal(bool)
    """Whether a pane stands in place of the entry."""

    def __init__(
        self,
        context: Context,
        detail: EntryDetail,
        customer_of: Callable[[int], str] = lambda ticket: f"#{ticket}",
        entry_of: Callable[[int], int] = lambda _call: 0,
    ) -> None:
        """``customer_of`` names a ticket for people, ``entry_of`` the open entry about a promised call (0: none)."""
        super().__init__()
        self._context, self._detail = context, detail
        self._customer_of, self._entry_of = customer_of, entry_of
        self._pane: Pane | None = None
        self._entry = 0
        self.addWidget(detail)

    @property
    def pane(self) -> Pane | None:
        """The pane that stands in place of the entry, None while the entry shows."""
        return self._pane

    def decide(self, line: Line) -> None:
        """Decide on the request, end the follow-up or settle the call that the entry is about; else calculate what can
        be offered."""
        desk, entry = self._context.desk, line.entry
        if desk is None:
            self.told.emit(_("Nothing can be changed here."), theme.State.WARNING)
        elif entry.key.kind is ObjectKind.REQUEST:
            pane = ApprovalPane(self._context, desk.compensation, entry.key.object)
            pane.decided.connect(self._on_done)
            self._show(pane, entry.id)
            pane.activated()
        elif entry.key.cycle.startswith(CYCLE):
            tasks = FollowUpPane(self._context, desk.follow_ups, entry.ticket, self._customer_of(entry.ticket))
            tasks.done.connect(self._on_done)
            self._show(tasks, entry.id)
        elif call_of(entry.key):
            self._show_calls(entry.ticket, entry.id)
        elif entry.ticket:
            calculator = CompensationPane(self._context, desk.compensation, entry.ticket, line.ref, entry.urgency)
            calculator.made.connect(self._on_done)
            self._show(calculator, entry.id)
        else:
            self.told.emit(_("There is no ticket to compensate."), theme.State.INFO)

    def show_calls(self) -> None:
        """Show every call that is owed to a customer."""
        if self._context.desk is None:
            self.told.emit(_("Nothing can be changed here."), theme.State.WARNING)
        else:
            self._show_calls(None, 0)

    def follow(self, entry: int) -> None:
        """Another entry is chosen: the pane was about the one before, unless it is about all."""
        if self._pane is not None and self._entry and entry != self._entry:
            self.close_pane()

    def close_pane(self) -> bool:
        """Show the entry again; False when it was shown."""
        pane, self._pane = self._pane, None
        if pane is None:
            return False
        if isinstance(pane, ApprovalPane):
            pane.deactivated()
        self.setCurrentWidget(self._detail)
        self.removeWidget(pane)
        pane.deleteLater()
        self.pane_shown.emit(False)
        return True

    def retranslate(self) -> None:
        """Every word anew."""
        self._detail.retranslate()
        if self._pane is not None:
            self._pane.retranslate()

    def _show_calls(self, ticket: int | None, entry: int) -> None:
        assert self._context.desk is not None
        calls = CallBackPane(self._context, self._context.desk, ticket, self._customer_of, self._entry_of)
        calls.done.connect(self._on_done)
        self._show(calls, entry)

    def _show(self, pane: Pane, entry: int) -> None:
        self.close_pane()
        self._pane, self._entry = pane, entry
        pane.closed.connect(self.close_pane)
        pane.toast_requested.connect(self.told)
        self.addWidget(pane)
        self.setCurrentWidget(pane)
        leave_escape(pane)
        self.pane_shown.emit(True)
        pane.setFocus()

    def _on_done(self, _request: object) -> None:
        self.changed.emit()


def leave_escape(pane: QWidget) -> None:
    """Escape is the screen's, which closes one thing after the other; two that want it would both get nothing."""
    escape = QKeySequence("Esc")
    for shortcut in pane.findChildren(QShortcut):
        if shortcut.key() == escape:
            shortcut.setEnabled(False)
