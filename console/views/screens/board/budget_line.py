"""One line for each channel whose platform keeps a reply rate: the share so far, and how many misses are left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.domain.contacts import Channel
from console.models.domain.glossary import word
from console.models.queries.reply_budgets import ChannelBudget, budgets
from console.views import formats, theme
from console.views.bridge import LiveBoard
from console.views.theme import State
from console.views.widgets.buttons import button
from console.views.widgets.labels import ElidedLabel, StateMark

_MINUTES = len("20:30")
_SCARCE = 5
"""So few misses left are worth a warning."""


class BudgetLine(QWidget):
    """Hidden while no channel has a budget. ``evidence_requested`` carries the channel."""

    evidence_requested = Signal(object)
    shown_changed = Signal(bool)

    def __init__(self, live: LiveBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._shown: ChannelBudget | None = None
        self._mark = StateMark()
        self._words = ElidedLabel()
        self._why = button("", "link")
        self._why.clicked.connect(self._on_why)
        self._row = QHBoxLayout(self)
        for piece in (self._mark, self._words, self._why):
            self._row.addWidget(piece, int(piece is self._words))
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def words(self) -> str:
        """What the line says."""
        return self._words.full_text()

    def refresh(self) -> None:
        """Show the budget with the fewest misses left."""
        board = self._live.board
        found = [] if board is None else budgets(board, self._live.now())
        self._shown = min(found, key=lambda each: each.budget.misses_left, default=None)
        if self.isHidden() is (self._shown is not None):
            self.setVisible(self._shown is not None)
            self.shown_changed.emit(self._shown is not None)
        if self._shown is None or board is None:
            return
        state = state_of(self._shown)
        self._mark.set_state(state)
        self._mark.setVisible(state is not State.NEUTRAL)
        until = formats.time_of_day(self._shown.end, board.policy.time_zone)[:_MINUTES]
        self._words.set_text(f"{_rate(self._shown)} · {_left(self._shown, until)}")
        self._why.setText(_("Why"))
        self._why.setAccessibleName(_("Why this reply rate"))

    def _on_why(self) -> None:
        if self._shown is not None:
            self.evidence_requested.emit(self._shown.channel)

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(8), theme.px(2), theme.px(8), theme.px(2))
        self._row.setSpacing(theme.px(6))


def state_of(shown: ChannelBudget) -> State:
    """Under the goal it needs somebody now; with few misses left, soon."""
    rate = shown.budget.rate
    if shown.budget.misses_left < 0 or (rate is not None and rate < shown.budget.target):
        return State.DANGER
    return State.WARNING if shown.budget.misses_left < _SCARCE else State.NEUTRAL


def _rate(shown: ChannelBudget) -> str:
    channel, budget = Channel(shown.channel), shown.budget
    rate = formats.DASH if budget.rate is None else f"{float(100 * budget.rate):.1f} %"
    goal = f"{100 * shown.rules.target:.0f}%"
    return _("{channel} {rate} (≥ {goal})").format(channel=word(channel), rate=rate, goal=goal)


def _left(shown: ChannelBudget, until: str) -> str:
    left = shown.budget.misses_left
    if left < 0:
        return _("cannot be reached today")
    return ngettext("{n} more miss until {time}", "{n} more misses until {time}", left).format(n=left, time=until)
