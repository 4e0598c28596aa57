"""A request for a compensation as the one sees it who decides: who asks, for whom, why, how much, and until when."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from console.clock import SECOND
from console.errors import KnownError
from console.i18n import N_, _
from console.models.actions.authorize import authorize
from console.models.actions.compensation import CompensationActions
from console.models.domain.complaints import Cause
from console.models.domain.requests import Request
from console.models.domain.roles import Action, Target
from console.models.queries.inbox_lines import owner_word
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.board.ticket_facts import Facts, facts
from console.views.screens.escalations.compensation_offers import OfferList
from console.views.screens.escalations.compensation_words import CAUSES, STATES, asked_cause
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.scrolled import scrolled

_TICK_MS = 1_000
_ROWS = (
    ("asked", N_("Asked by")),
    ("why", N_("Why")),
    ("customer", N_("Customer")),
    ("about", N_("About")),
    ("waits", N_("Waits")),
    ("loss", N_("Loss")),
    ("limit", N_("Agent's limit")),
)


class ApprovalPane(QWidget):
    """For one request. ``decided`` carries it as it is after the decision; ``closed`` is the wish to go."""

    decided = Signal(object)
    closed = Signal()
    toast_requested = Signal(str, object)

    def __init__(
        self, context: Context, desk: CompensationActions, request: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._number = request
        self._request: Request | None = None
        self._busy = False
        self._title = label(kind="title")
        self._mark = StateMark()
        self._left = label()
        self._close = IconButton("x", "")
        self._names: dict[str, QLabel] = {}
        self._values: dict[str, QLabel] = {}
        self._list = OfferList()
        self._list.lock()
        self._told = label(wrap=True)
        self._reason = QLineEdit()
        self._reason.setMaxLength(500)
        self._approve = button("", "primary")
        self._decline = button("")
        self._timer = QTimer(self)
        self._timer.setObjectName("approval")
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.read()

    def read(self) -> None:
        """Ask the database how the request stands."""
        requests, number = self._desk.requests, self._number
        self._context.ops.read(
            lambda _progress: requests.request(number),
            self._on_read,
            failure=self._on_failure,
            key="compensation/request",
            owner=self,
        )

    def activated(self) -> None:
        """The pane is in sight: the time left runs."""
        self._timer.start()
        self._tick()

    def deactivated(self) -> None:
        """Nobody sees it."""
        self._timer.stop()

    def retranslate(self) -> None:
        """Every word anew."""
        self._close.set_name(_("Close"), "Esc")
        for key, words in _ROWS:
            self._names[key].setText(_(words))
        self._reason.setPlaceholderText(_("Reason; a decline needs one"))
        self._reason.setAccessibleName(_("Reason"))
        self._decline.setText(_("Decline"))
        self._approve.setToolTip("Ctrl+Return")
        self._decline.setToolTip("Ctrl+Backspace")
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _refresh(self) -> None:
        request = self._request
        for piece in (self._list, self._reason, self._approve, self._decline):
            piece.setVisible(request is not None)
        if request is None:
            self._title.setText(_("Reading…"))
            return
        seen = self._facts(request)
        ref = seen.ref if seen else f"#{request.ticket}"
        self._title.setText(_("{sum} for {ticket}?").format(sum=request.offer.total, ticket=ref))
        self.setAccessibleName(self._title.text())
        self._list.choose(request.chosen)
        self._list.show_offers(request.offers)
        values = self._words(request, seen)
        for key, _words in _ROWS:
            self._values[key].setText(values.get(key, ""))
            self._names[key].setVisible(bool(values.get(key)))
            self._values[key].setVisible(bool(values.get(key)))
        self._tell(request)
        self._tick()

    def _words(self, request: Request, seen: Facts | None) -> dict[str, str]:
        zone = self._context.zone
        case = request.case
        parts = [f"{case.loss} · {_(CAUSES[asked_cause(case.cause)])}"]
        if case.price is not None:
            parts.append(_("price {sum}").format(sum=case.price))
        if case.freight is not None and case.cause is Cause.LOGISTICS_DELAY:
            parts.append(_("freight {sum}").format(sum=case.freight))
        asked = _("{person} at {time}").format(
            person=owner_word(request.proposed_by, self._context.session.name),
            time=formats.time_of_day(request.proposed_at, zone, seconds=False),
        )
        words = {"asked": asked, "why": request.note, "loss": " · ".join(parts), "limit": str(request.limit)}
        if seen is not None:
            words |= {key: seen.rows[key] for key in ("customer", "about", "waits")}
        return words

    def _tell(self, request: Request) -> None:
        told = ""
        if not request.is_open:
            told = _(STATES[request.state])
            if request.decided_by:
                told = _("{state}: {person}").format(state=told, person=request.decided_by)
            if request.reason:
                told = f"{told}. {request.reason}"
        else:
            target = Target("compensation", str(request.id), author=request.proposed_by)
            told = authorize(self._context.session.actor(), Action.COMPENSATION_APPROVE, target).reason
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self._reason.setVisible(request.is_open)
        self._approve.setVisible(request.is_open)
        self._decline.setVisible(request.is_open)
        self._approve.setText(_("Approve {sum}").format(sum=request.offer.total))
        self._enable()

    def _enable(self) -> None:
        request = self._request
        if request is None:
            return
        actor = self._context.session.actor()
        target = Target("compensation", str(request.id), author=request.proposed_by)
        free = request.is_open and not self._busy
        self._approve.setEnabled(free and authorize(actor, Action.COMPENSATION_APPROVE, target).allowed)
        may_decline = authorize(actor, Action.COMPENSATION_DECLINE, target).allowed
        self._decline.setEnabled(free and may_decline and bool(self._reason.text().strip()))
        self._reason.setEnabled(free and may_decline)

    def _tick(self) -> None:
        request = self._request
        if request is None or not request.is_open:
            self._mark.hide()
            self._left.hide()
            return
        first_due = request.due_at if request.lapsed_at is None else request.lapsed_at
        left = ((first_due or 0) - self._context.clock.now()) / SECOND
        state = theme.State.DANGER if left <= 0 else theme.State.WARNING if left < 10 * 60 else theme.State.NEUTRAL
        time = formats.countdown(abs(left))
        self._left.setText(
            _("undecided, {time} over").format(time=time) if left <= 0 else _("{time} left").format(time=time)
        )
        ink: theme.ColorName = "text" if state is theme.State.NEUTRAL else state.ink
        self._left.setStyleSheet(f"color: {theme.color(ink).name()}; font-weight: 600")
        self._left.show()
        self._mark.set_state(state)
        self._mark.setVisible(state is not theme.State.NEUTRAL)

    def _facts(self, request: Request) -> Facts | None:
        live = self._context.live
        if not isinstance(live, LiveBoard) or live.board is None:
            return None
        return facts(live.board, request.ticket, self._context.clock.now(), self._context.zone)

    def _on_read(self, request: Request) -> None:
        self._request = request
        self._refresh()

    def _on_decide(self, *, approve: bool) -> None:
        wanted = self._approve if approve else self._decline
        if not wanted.isEnabled() or wanted.isHidden():
            return
        desk, actor, number, reason = self._desk, self._context.session.actor(), self._number, self._reason.text()
        decide = desk.approve if approve else desk.decline
        self._busy = True
        self._enable()
        self._context.ops.write(
            lambda _progress: decide(actor, number, reason), self._on_done, failure=self._on_failure, owner=self
        )

    def _on_done(self, request: Request) -> None:
        self._busy = False
        self._request = request
        self._refresh()
        told = _("{state}: {sum}").format(state=_(STATES[request.state]), sum=request.offer.total)
        self.toast_requested.emit(told, theme.State.OK)
        self.decided.emit(request)

    def _on_failure(self, error: BaseException) -> None:
        self._busy = False
        if isinstance(error, KnownError):
            self.toast_requested.emit(str(error), theme.State.WARNING)
            self.read()

    def _connect(self) -> None:
        self._close.clicked.connect(self.closed)
        self._approve.clicked.connect(lambda: self._on_decide(approve=True))
        self._decline.clicked.connect(lambda: self._on_decide(approve=False))
        self._reason.textChanged.connect(lambda _text: self._enable())
        keys = (
            ("Esc", self.closed.emit),
            ("Ctrl+Return", lambda: self._on_decide(approve=True)),
            ("Ctrl+Backspace", lambda: self._on_decide(approve=False)),
        )
        for keys_, act in keys:
            QShortcut(
                QKeySequence(keys_), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            ).activated.connect(act)
        theme.notifier().changed.connect(self._pad)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        for piece in (self._mark, self._left, self._close):
            head.addWidget(piece)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for place, (key, _words) in enumerate(_ROWS):
            self._names[key], self._values[key] = label(kind="small"), label(wrap=True)
            grid.addWidget(self._names[key], place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._values[key], place, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._decline)
        foot.addWidget(self._approve)
        self._head, self._grid, self._foot = head, grid, foot
        inner = QWidget()
        middle = QVBoxLayout(inner)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addLayout(grid)
        middle.addWidget(self._list)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(scrolled(inner), 1)
        # What decides is in sight however low the window is.
        column.addWidget(self._told)
        column.addWidget(self._reason)
        column.addLayout(foot)
        self._column, self._middle = column, middle
        self.setFocusProxy(self._reason)
        self.setTabOrder(self._reason, self._decline)
        self.setTabOrder(self._decline, self._approve)
        self.setTabOrder(self._approve, self._close)
        self._pad()

    def _pad(self) -> None:
        self._column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        for column in (self._column, self._middle):
            column.setSpacing(theme.px(8))
        self._grid.setHorizontalSpacing(theme.px(12))
        self._grid.setVerticalSpacing(theme.px(2))
        for row in (self._head, self._foot):
            row.setSpacing(theme.px(8))
