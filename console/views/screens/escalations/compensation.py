"""The calculator: what was lost and why, the three offers of the policy, and a grant or a request for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import _
from console.models.actions.authorize import authorize
from console.models.actions.compensation import CompensationActions
from console.models.domain.compensation import Case, Offer, offers
from console.models.domain.complaints import Cause, Owner
from console.models.domain.escalation import Urgency
from console.models.domain.events import Kind
from console.models.domain.money import Money
from console.models.domain.requests import Request, limit_left
from console.models.domain.roles import Action, Target
from console.views import formats, theme
from console.views.screen import Context
from console.views.screens.escalations.compensation_fields import AmountField
from console.views.screens.escalations.compensation_offers import OfferList
from console.views.screens.escalations.compensation_words import SHORT_CAUSES, STATES, asked_cause, what
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label
from console.views.widgets.scrolled import scrolled
from console.views.widgets.segmented import SegmentedControl

_WITH_PRICE = (Cause.LOGISTICS_DELAY, Cause.PRODUCT_DEFECT)
_LIMITED = (Owner.AGENT, Owner.SENIOR_AGENT)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database says of the ticket: its requests, and what the complaint told."""

    requests: Sequence[Request]
    loss: Money | None
    cause: Cause


class CompensationPane(QWidget):
    """For one ticket. ``made`` carries the request that came of it; ``closed`` is the wish to go."""

    made = Signal(object)
    closed = Signal()
    toast_requested = Signal(str, object)

    def __init__(
        self,
        context: Context,
        desk: CompensationActions,
        ticket: int,
        ref: str = "",
        urgency: Urgency = Urgency.P3,
        parent: QWidget | None = None,
    ) -> None:
        """``ref`` is what people call the ticket; ``urgency`` is that of its entry in the inbox."""
        super().__init__(parent)
        self._context = context
        self._desk = desk
        self._ticket = ticket
        self._ref = ref or f"#{ticket}"
        self._urgency = urgency
        self._rules = desk.policy.compensation
        self._known: _Known | None = None
        self._offers: tuple[Offer, ...] = ()
        self._busy = False
        currency = self._rules.currency
        self._title = label(kind="title")
        self._close = IconButton("x", "")
        self._close.clicked.connect(self.closed)
        self._causes = SegmentedControl("", [(cause.key, _(words)) for cause, words in SHORT_CAUSES.items()])
        self._loss, self._price, self._freight = (AmountField(currency) for _each in range(3))
        self._fields = (self._loss, self._price, self._freight)
        self._hint = label(kind="muted", wrap=True)
        self._list = OfferList()
        self._owners = SegmentedControl("", [(owner.key, "") for owner in _LIMITED])
        self._limit = label(kind="small", wrap=True)
        self._note = QLineEdit()
        self._note.setMaxLength(500)
        self._mark = StateMark(theme.State.WARNING)
        self._told = label(wrap=True)
        self._ask = button("", "primary")
        self._withdraw = button("")
        self._lay_out()
        self._connect()
        self.retranslate()
        self.read()

    def read(self) -> None:
        """Ask the database for the ticket's requests and what its complaint told."""
        requests, store, ticket, currency = self._desk.requests, self._context.store, self._ticket, self._rules.currency

        def work(_progress: object) -> _Known:
            loss, cause = None, Cause.UNKNOWN
            for entry in store.log.timeline(ticket):
                if entry.kind is Kind.COMPLAINT:
                    amount, word = entry.detail.get("amount"), str(entry.detail.get("cause", ""))
                    if isinstance(amount, int | float) and not isinstance(amount, bool) and amount >= 0:
                        loss = Money(round(amount * 100), currency)
                    cause = Cause[word.upper()] if word.upper() in Cause.__members__ else cause
            return _Known(requests.of_ticket(ticket), loss, cause)

        self._context.ops.read(work, self._on_known, failure=self._on_failure, key="compensation/known", owner=self)

    def request(self) -> Request | None:
        """The request of this ticket that waits for a decision."""
        return next((one for one in self._known.requests if one.is_open), None) if self._known else None

    def case(self) -> Case | None:
        """What was typed; None while the loss is missing or something is wrong."""
        cause = Cause[self._causes.choice().upper()]
        fields = [field for field in self._fields if not field.isHidden()]
        amounts = {id(field): field.amount() for field in fields}
        loss = amounts[id(self._loss)]
        if loss is None or any(field.error for field in fields):
            return None
        return Case(loss, cause, amounts.get(id(self._price)), amounts.get(id(self._freight)))

    def retranslate(self) -> None:
        """Every word anew."""
        self._title.setText(_("Compensation for {ticket}").format(ticket=self._ref))
        self.setAccessibleName(self._title.text())
        self._close.set_name(_("Close"), "Esc")
        self._causes.setAccessibleName(_("Cause"))
        self._causes.set_words([(cause.key, _(words)) for cause, words in SHORT_CAUSES.items()])
        self._owners.setAccessibleName(_("Whose limit"))
        self._owners.set_words([(_LIMITED[0].key, _("Agent")), (_LIMITED[1].key, _("Senior agent"))])
        self._note.setPlaceholderText(_("Why? The one who decides reads it."))
        self._note.setAccessibleName(_("Why"))
        self._withdraw.setText(_("Withdraw"))
        self._hint.setText(_("Type what the customer lost; the three offers follow."))
        self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _refresh(self) -> None:
        cause = Cause[self._causes.choice().upper()]
        loss = self._loss.amount()
        band = self._rules.band(loss) if loss is not None else None
        self._loss.set_name(_("Affected amount") if cause is Cause.AGENT_MISTAKE else _("Loss"))
        self._price.set_name(_("Price"), _("if known"))
        self._freight.set_name(_("Freight"), _("if known"))
        self._price.setVisible(cause in _WITH_PRICE or (band is not None and band.of_price))
        self._freight.setVisible(cause is Cause.LOGISTICS_DELAY)
        limit = self._limit_left()
        case = self.case()
        self._offers = () if case is None else offers(case, self._rules, limit)
        self._list.setVisible(bool(self._offers))
        self._hint.setVisible(case is None and not any(field.error for field in self._fields))
        if self._offers:
            self._list.show_offers(self._offers)
        self._tell(limit)

    def _tell(self, limit: Money) -> None:
        """The lines below the offers: the limit, what stands in the way, and what the button does."""
        owner = self._owner()
        full = self._desk.policy.compensation_limits[owner]
        used = full.hundredths - limit.hundredths
        if used:
            words = _("May give alone: {limit}; {used} of it was granted on this ticket, {left} is left.")
            used_sum = Money(used, full.currency)
            self._limit.setText(words.format(limit=full, used=used_sum, left=limit))
        else:
            self._limit.setText(_("May give alone: {limit}").format(limit=full))
        waiting = self.request()
        refusal = self._refusal()
        offer = self._offers[self._list.place()] if self._offers else None
        self._withdraw.setVisible(waiting is not None)
        for piece in (self._ask, self._note):
            piece.setVisible(waiting is None)
        self._mark.setVisible(waiting is not None or bool(refusal))
        told = refusal
        if waiting is not None:
            words = _("{person} asked at {time} for {sum} ({offer}). {state}.")
            told = words.format(
                person=waiting.proposed_by,
                time=formats.time_of_day(waiting.proposed_at, self._context.zone, seconds=False),
                sum=waiting.offer.total,
                offer=what(waiting.offer),
                state=_(STATES[waiting.state]),
            )
        self._told.setText(told)
        self._told.setVisible(bool(told))
        self._ask.setEnabled(offer is not None and not refusal and not self._busy and self._known is not None)
        self._withdraw.setEnabled(not self._busy)
        if offer is None:
            self._ask.setText(_("Grant"))
        elif offer.needs_approval:
            self._ask.setText(_("Ask for approval of {sum}").format(sum=offer.total))
        elif offer.total.hundredths:
            self._ask.setText(_("Grant {sum}").format(sum=offer.total))
        else:
            self._ask.setText(_("Apologise"))

    def _owner(self) -> Owner:
        return Owner[self._owners.choice().upper()]

    def _limit_left(self) -> Money:
        return limit_left(
            self._desk.policy.compensation_limits[self._owner()], self._known.requests if self._known else ()
        )

    def _refusal(self) -> str:
        """Why this person may not ask, empty when they may."""
        actor = self._context.session.actor()
        return authorize(actor, Action.COMPENSATION_PROPOSE, Target("ticket", str(self._ticket))).reason

    def _on_known(self, known: _Known) -> None:
        first = self._known is None
        self._known = known
        if first and not self._loss.edit.text():
            self._loss.set_amount(known.loss)
            if self._loss.edit.hasFocus():
                # Whoever types now means another amount, not more digits of this one.
                self._loss.edit.selectAll()
            self._causes.choose(asked_cause(known.cause).key)
        self._refresh()

    def _on_ask(self) -> None:
        case = self.case()
        if case is None or not self._ask.isEnabled() or self._ask.isHidden():
            return
        desk, actor, place = self._desk, self._context.session.actor(), self._list.place()
        ticket, owner, note, urgency = self._ticket, self._owner(), self._note.text().strip(), self._urgency
        self._start()
        self._context.ops.write(
            lambda _progress: desk.propose(actor, ticket, case, place, owner=owner, note=note, urgency=urgency),
            self._on_done,
            failure=self._on_failure,
            owner=self,
        )

    def _on_withdraw(self) -> None:
        waiting = self.request()
        if waiting is None:
            return
        desk, actor, number = self._desk, self._context.session.actor(), waiting.id
        self._start()
        self._context.ops.write(
            lambda _progress: desk.withdraw(actor, number), self._on_done, failure=self._on_failure, owner=self
        )

    def _start(self) -> None:
        self._busy = True
        self._ask.setEnabled(False)
        self._withdraw.setEnabled(False)

    def _on_done(self, request: Request) -> None:
        self._busy = False
        words = _("{state}: {sum} for {ticket}")
        told = words.format(state=_(STATES[request.state]), sum=request.offer.total, ticket=self._ref)
        self.toast_requested.emit(told, theme.State.OK)
        self.made.emit(request)
        self.read()

    def _on_failure(self, error: BaseException) -> None:
        self._busy = False
        if isinstance(error, KnownError):
            self.toast_requested.emit(str(error), theme.State.WARNING)
        self._refresh()

    def _connect(self) -> None:
        for field in self._fields:
            field.changed.connect(self._refresh)
            field.edit.returnPressed.connect(self._on_ask)
        self._note.returnPressed.connect(self._on_ask)
        self._causes.chosen.connect(lambda _key: self._refresh())
        self._owners.chosen.connect(lambda _key: self._refresh())
        self._list.chosen.connect(lambda _place: self._refresh())
        self._ask.clicked.connect(self._on_ask)
        self._withdraw.clicked.connect(self._on_withdraw)
        for keys, act in (("Esc", self.closed.emit), ("Ctrl+Return", self._on_ask)):
            QShortcut(
                QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            ).activated.connect(act)
        theme.notifier().changed.connect(self._pad)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        amounts = QHBoxLayout()
        for field in self._fields:
            amounts.addWidget(field, 1)
        told = QHBoxLayout()
        told.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._told, 1)
        limits = QHBoxLayout()
        limits.addWidget(self._owners)
        limits.addWidget(self._limit, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._withdraw)
        foot.addWidget(self._ask)
        self._rows = [head, amounts, told, limits, foot]
        inner = QWidget()
        middle = QVBoxLayout(inner)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(self._causes, 0, Qt.AlignmentFlag.AlignLeft)
        middle.addLayout(amounts)
        middle.addLayout(limits)
        middle.addWidget(self._hint)
        middle.addWidget(self._list)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(scrolled(inner), 1)
        # What decides is in sight however low the window is.
        column.addLayout(told)
        column.addWidget(self._note)
        column.addLayout(foot)
        self._column, self._middle = column, middle
        self.setFocusProxy(self._loss.edit)
        self.setTabOrder(self._ask, self._close)
        self._pad()

    def _pad(self) -> None:
        self._column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        for column in (self._column, self._middle):
            column.setSpacing(theme.px(8))
        for row in self._rows:
            row.setSpacing(theme.px(8))
