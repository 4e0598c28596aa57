"""The break that was asked for first, with what it would do to those who wait, and the two answers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.clock import SECOND
from console.i18n import _, ngettext
from console.models.domain.break_requests import BreakRequest
from console.models.domain.roles import Action
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.screens.board.agent_deeds import AgentDeeds
from console.views.screens.board.agent_menu import asked_words, until_words
from console.views.widgets.buttons import button
from console.views.widgets.labels import ElidedLabel, StateMark, label


class BreakStrip(QWidget):
    """Hidden while nobody asks. It stays until somebody answers or the agent wants the break no more."""

    shown_changed = Signal(bool)

    def __init__(self, deeds: AgentDeeds, live: LiveBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._deeds = deeds
        self._live = live
        self._request: BreakRequest | None = None
        self._state = theme.State.WARNING
        self._mark = StateMark(self._state)
        self._words = ElidedLabel(kind="title")
        self._age = label(kind="small")
        self._effect = label(kind="small", wrap=True)
        self._more = ElidedLabel(kind="small")
        self.approve = button("")
        self.decline = button("")
        self.approve.clicked.connect(self._on_approve)
        self.decline.clicked.connect(self._on_decline)
        self._head, self._foot = QHBoxLayout(), QHBoxLayout()
        self._head.addWidget(self._mark)
        self._head.addWidget(self._words, 1)
        self._head.addWidget(self._age)
        self._foot.addWidget(self._more, 1)
        self._foot.addWidget(self.decline)
        self._foot.addWidget(self.approve)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._effect)
        self._column.addLayout(self._foot)
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def request(self) -> BreakRequest | None:
        """Whose break is to be decided; None while nobody asks."""
        return self._request

    @property
    def effect(self) -> str:
        """What it would do, as it is shown."""
        return self._effect.text()

    def show_request(
        self, request: BreakRequest | None, others: int = 0, effect: str = "", *, stale: bool = False
    ) -> None:
        """Show who asked first, and that so many others ask too; grey where the data is too old to trust."""
        self._request = request
        state = theme.State.NEUTRAL if stale else theme.State.WARNING
        if state is not self._state:
            self._state = state
            self._mark.set_state(state)
            self.update()
        if self.isHidden() is (request is not None):
            self.setVisible(request is not None)
            self.shown_changed.emit(request is not None)
        if request is None:
            return
        self._words.set_text(asked_words(request))
        self._age.setText(formats.span((self._live.now() - request.asked_at) / SECOND))
        self._age.setToolTip(_("How long nobody has answered"))
        self._effect.setText(effect)
        self._effect.setVisible(bool(effect))
        self._more.set_text(ngettext("{n} more asks", "{n} more ask", others).format(n=others) if others else "")
        self._more.setVisible(others > 0 or self._deeds.able)
        may = self._deeds.may(Action.AGENT_BREAK, request.agent)
        self.approve.setText(until_words(request, self._deeds, self._live))
        self.decline.setText(_("Decline"))
        self.approve.setAccessibleDescription(f"{asked_words(request)}. {effect}")
        self.decline.setAccessibleDescription(asked_words(request))
        for answer in (self.approve, self.decline):
            answer.setEnabled(may)
            # In the past there is nothing to answer.
            answer.setVisible(self._deeds.able)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint of what needs a person, and a line above."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(self._state.soft))
            painter.fillRect(0, 0, self.width(), 1, theme.color("hairline"))

    def _on_approve(self) -> None:
        if self._request is not None:
            self._deeds.approve(self._request)

    def _on_decline(self) -> None:
        if self._request is not None:
            self._deeds.decline(self._request)

    def _pad(self) -> None:
        self._column.setContentsMargins(theme.px(8), theme.px(6), theme.px(8), theme.px(6))
        self._column.setSpacing(theme.px(4))
        for row in (self._head, self._foot):
            row.setSpacing(theme.px(6))
