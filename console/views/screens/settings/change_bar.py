"""The bar below the fields: how much is changed, what it would do to the open tickets, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.i18n import _, ngettext
from console.models.domain.clock_targets import ClockName
from console.models.policy.labels import clock_word
from console.models.queries.policy_clocks import ClockLine
from console.models.queries.policy_effect import Effect
from console.views import formats, theme
from console.views.screens.settings.draft import Draft
from console.views.widgets.buttons import button
from console.views.widgets.labels import ElidedLabel, StateMark

_RESPONSES = (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE)


class ChangeBar(QWidget):
    """``review_requested``, ``discard_requested``, ``problem_requested`` and ``undo_requested`` are wishes of a
    person."""

    review_requested = Signal()
    discard_requested = Signal()
    problem_requested = Signal()
    undo_requested = Signal()

    def __init__(self, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._told = ""
        self._can_undo = False
        self._mark = StateMark()
        self._text = ElidedLabel()
        self.show_problem = button("", "link")
        self.undo = button("", "link")
        self.discard = button("")
        self.review = button("", "primary")
        self._row = QHBoxLayout(self)
        for piece in (self._mark, self._text, self.show_problem, self.undo, self.discard, self.review):
            self._row.addWidget(piece)
        self._row.setStretch(1, 1)
        self.review.clicked.connect(self.review_requested)
        self.discard.clicked.connect(self.discard_requested)
        self.show_problem.clicked.connect(self.problem_requested)
        self.undo.clicked.connect(self.undo_requested)
        draft.changed.connect(lambda _path: self.refresh())
        draft.checked.connect(self.refresh)
        self.retranslate()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def tell(self, text: str, *, can_undo: bool) -> None:
        """Say what was saved, until the next change."""
        self._told, self._can_undo = text, can_undo
        self.refresh()

    def refresh(self) -> None:
        """Show what the draft says."""
        draft = self._draft
        count = len(draft.values)
        wrong = len(draft.wrong_paths) + len(draft.other_problems)
        if count:
            self._told = ""
        self.setVisible(bool(count or self._told))
        for piece in (self.discard, self.review):
            piece.setVisible(bool(count))
        self.undo.setVisible(bool(not count and self._told and self._can_undo))
        self.show_problem.setVisible(bool(count and draft.wrong_paths))
        self.review.setEnabled(bool(count and not wrong and draft.changes))
        state = theme.State.DANGER if wrong and count else theme.State.OK if self._told else theme.State.INFO
        self._mark.set_state(state)
        self._text.set_text(self._told if not count else self._words(count, wrong))
        self.update()

    def retranslate(self) -> None:
        """Every word anew."""
        self.show_problem.setText(_("Show"))
        self.undo.setText(_("Undo"))
        self.discard.setText(_("Discard"))
        self.review.setText(_("Review and save"))
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the line above it."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("surface"))
            painter.fillRect(0, 0, self.width(), 1, theme.color("hairline"))

    def _words(self, count: int, wrong: int) -> str:
        parts = [ngettext("{n} change", "{n} changes", count).format(n=count)]
        if wrong:
            parts.append(ngettext("{n} value is wrong", "{n} values are wrong", wrong).format(n=wrong))
            parts.extend(self._draft.other_problems[:1])
        elif self._draft.effect is not None:
            parts.append(effect_words(self._draft.effect))
            parts.extend(clock_words(self._draft.clocks)[:1])
        return " · ".join(parts)

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        self._row.setSpacing(theme.px(8))


def effect_words(effect: Effect) -> str:
    """What would become of the open tickets, in one line."""
    (before, after), (risk_before, risk_after) = effect.breached, effect.at_risk
    if (before, risk_before) == (after, risk_after):
        return _("waiting tickets in breach stay {n}").format(n=formats.count(before))
    words = ngettext(
        "would put {n} waiting ticket in breach (now {before})",
        "would put {n} waiting tickets in breach (now {before})",
        after,
    )
    parts = [words.format(n=formats.count(after), before=formats.count(before))]
    if risk_after != risk_before:
        words = _("{n} about to breach (now {before})")
        parts.append(words.format(n=formats.count(risk_after), before=formats.count(risk_before)))
    return _(", ").join(parts)


def clock_words(lines: Sequence[ClockLine]) -> list[str]:
    """What becomes of the clocks other than the responses, the largest change first."""
    changed = [line for line in lines if line.before != line.after and line.clock not in _RESPONSES]
    changed.sort(key=lambda line: -abs(line.after - line.before))
    words = _("{clock}: {n} over their limit (now {before})")
    return [
        words.format(clock=clock_word(line.clock), n=formats.count(line.after), before=formats.count(line.before))
        for line in changed
    ]
