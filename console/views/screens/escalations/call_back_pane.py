"""The calls that customers were promised (R-PROMISE): whom, by whom, until when, and what came of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.clock import SECOND
from console.errors import KnownError
from console.i18n import N_, _
from console.models.actions.authorize import authorize
from console.models.domain.call_backs import CallBack, Kept
from console.models.domain.roles import Action, Target
from console.models.queries.inbox_lines import owner_word
from console.views import formats, theme
from console.views.desk import Desk
from console.views.screen import Context
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.scrolled import scrolled

ENDS = (
    (Kept.DONE, N_("Called")),
    (Kept.NOT_REACHED, N_("Not reached")),
    (Kept.CANCELLED, N_("Not needed")),
)
"""What can become of a promised call, and the words of its button."""


class CallRow(QWidget):
    """One promised call. ``settled`` carries its number, what became of it, and the words."""

    settled = Signal(int, object, str)

    def __init__(self, call: CallBack, customer: str, now: int, context: Context) -> None:
        super().__init__()
        self._call = call
        late = call.due_at <= now
        mark = StateMark(theme.State.DANGER if late else theme.State.NEUTRAL)
        mark.setVisible(late)
        left = formats.span(abs(call.due_at - now) / SECOND)
        due = (_("{span} late") if late else _("in {span}")).format(span=left)
        told = label(f"{formats.instant(call.due_at, context.zone)} · {due}", "small")
        if late:
            told.setStyleSheet(f"color: {theme.color('danger').name()}")
        asked = " · ".join(
            part for part in (call.text, _("promised by {person}").format(person=call.promised_by)) if part
        )
        may = authorize(context.session.actor(), Action.TICKET_CHANGE, Target("call_back", str(call.id))).allowed
        self.outcome = QLineEdit()
        self.outcome.setMaxLength(500)
        self.outcome.setPlaceholderText(_("What came of it"))
        self.outcome.setAccessibleName(_("Call {customer}: what came of it").format(customer=customer))
        self.outcome.setEnabled(may)
        self.outcome.returnPressed.connect(lambda: self._settle(Kept.DONE))
        self.ends = {state: button(_(words)) for state, words in ENDS}
        head = QHBoxLayout()
        for piece in (mark, label(customer, "title"), told):
            head.addWidget(piece)
        head.addStretch(1)
        head.addWidget(label(owner_word(call.owner, context.session.name), "small"))
        foot = QHBoxLayout()
        foot.addWidget(self.outcome, 1)
        for state, end in self.ends.items():
            end.setEnabled(may)
            end.clicked.connect(partial(self._settle, state))
            foot.addWidget(end)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(8))
        column.setSpacing(theme.px(4))
        column.addLayout(head)
        column.addWidget(label(asked, "muted", wrap=True))
        column.addLayout(foot)

    def _settle(self, state: Kept, _checked: bool = False) -> None:
        for end in self.ends.values():
            end.setEnabled(False)
        self.settled.emit(self._call.id, state, self.outcome.text().strip())


class CallBackPane(QWidget):
    """The open call backs of one ticket, or of all. ``done`` fires after each that ended; ``closed`` is the wish to go.

    A call that was missed has an entry in the inbox, which ends with it unless somebody else has that.
    """

    done = Signal(object)
    closed = Signal()
    toast_requested = Signal(str, object)

    def __init__(
        self,
        context: Context,
        desk: Desk,
        ticket: int | None,
        customer_of: Callable[[int], str],
        entry_of: Callable[[int], int],
        parent: QWidget | None = None,
    ) -> None:
        """``customer_of`` names a ticket for people, ``entry_of`` the open entry about a call (0: none)."""
        super().__init__(parent)
        self._context, self._desk, self._ticket = context, desk, ticket
        self._customer_of, self._entry_of = customer_of, entry_of
        self._calls: Sequence[CallBack] | None = None
        self._shown: list[CallRow] = []
        self._title = label(kind="title")
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.closed)
        self._told = label(kind="muted", wrap=True)
        self._inner = QWidget()
        self._rows = QVBoxLayout(self._inner)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        column.setSpacing(theme.px(8))
        column.addLayout(head)
        column.addWidget(self._told)
        column.addWidget(scrolled(self._inner), 1)
        escape = QShortcut(QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.closed)
        self.retranslate()
        self.read()

    @property
    def rows(self) -> list[CallRow]:
        """The calls as they are shown."""
        return self._shown

    def read(self) -> None:
        """Ask the database what is open."""
        commands, ticket = self._desk.commands, self._ticket
        self._context.ops.read(
            lambda _progress: [call for call in commands.call_backs(ticket) if call.state is Kept.PROMISED],
            self._on_calls,
            failure=self._on_failure,
            key="call-backs/read",
            owner=self,
        )

    def retranslate(self) -> None:
        """Every word anew."""
        whose = "" if self._ticket is None else self._customer_of(self._ticket)
        self._title.setText(_("Promised calls: {who}").format(who=whose) if whose else _("All promised calls"))
        self.setAccessibleName(self._title.text())
        self._close.set_name(_("Close"), "Esc")
        self._fill()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _fill(self) -> None:
        for row in self._shown:
            row.hide()
            row.deleteLater()
        self._shown = []
        calls, now = self._calls, self._context.clock.now()
        for place, call in enumerate(calls or ()):
            row = CallRow(call, self._customer_of(call.ticket), now, self._context)
            row.settled.connect(self._on_settled)
            self._rows.insertWidget(place, row)
            self._shown.append(row)
        self.setFocusProxy(self._shown[0].outcome if self._shown else self._close)
        told = _("Reading…") if calls is None else "" if calls else _("No call is owed.")
        self._told.setText(told)
        self._told.setVisible(bool(told))

    def _on_calls(self, calls: Sequence[CallBack]) -> None:
        self._calls = calls
        self._fill()

    def _on_settled(self, call: int, state: Kept, outcome: str) -> None:
        desk, actor, entry = self._desk, self._context.session.actor(), self._entry_of(call)
        words = outcome or _(dict(ENDS)[state])

        def settle() -> CallBack:
            settled = desk.tickets.settle_call_back(actor, call, state, outcome)
            if entry:
                # Where somebody else has the entry, or it has ended, the call itself is settled and they decide.
                with suppress(KnownError):
                    desk.escalations.resolve(actor, entry, None, words)
            return settled

        self._context.ops.write(lambda _progress: settle(), self._on_done, failure=self._on_failure, owner=self)

    def _on_done(self, call: CallBack) -> None:
        words = _("{outcome}: {who}").format(outcome=_(dict(ENDS)[call.state]), who=self._customer_of(call.ticket))
        self.toast_requested.emit(words, theme.State.OK)
        self.done.emit(call)
        self.read()

    def _on_failure(self, error: BaseException) -> None:
        if isinstance(error, KnownError):
            self.toast_requested.emit(str(error), theme.State.WARNING)
            self.read()
