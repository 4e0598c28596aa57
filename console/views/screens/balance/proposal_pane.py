"""The repair: moves that bring the open load under its target, what they come to, and the button that makes them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from console.errors import KnownError
from console.i18n import _, ngettext
from console.models.domain.rebalance import Problem, Proposal
from console.models.domain.rebalance_words import infeasible_reason
from console.models.queries.balance_words import percent
from console.views import formats, theme
from console.views.screens.balance.moves_list import MoveRow, moves_model, rows_of
from console.views.screens.balance.proposal import Draft, Proposing
from console.views.screens.board.panel_view import PanelView
from console.views.theme import State
from console.views.widgets.buttons import button
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import ElidedLabel, StateMark, label
from console.views.widgets.progress import ProgressStrip

_MOST_OFFERED = 20
"""Receivers in the menu of a move; those with the most room."""


class ProposalPane(QWidget):
    """``look_requested`` is the wish for a proposal, ``apply_requested`` for its moves to be made; ``ticket_requested``
    carries the ticket of a move."""

    look_requested = Signal()
    apply_requested = Signal()
    ticket_requested = Signal(int)

    def __init__(self, proposing: Proposing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._proposing = proposing
        self._may_act = True
        self._mark = StateMark()
        self._summary = ElidedLabel()
        self._reason = label(kind="muted", wrap=True)
        self.table = PanelView(_("Proposed moves"))
        self._model = moves_model(self)
        self.table.setModel(self._model)
        self.table.fit()
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.row_chosen.connect(self._toggle)
        QShortcut(QKeySequence("Space"), self.table, lambda: self._toggle(self.table.currentIndex().row()))
        self._apply = button("", "primary")
        self._discard = button("")
        self._again = button("")
        self._empty = EmptyState("scale", "")
        self._strip = ProgressStrip()
        self._draft = QWidget()
        self._stack = QStackedWidget()
        self._lay_out()
        self._empty.action_requested.connect(self.look_requested)
        self._again.clicked.connect(self.look_requested)
        self._discard.clicked.connect(proposing.discard)
        self._apply.clicked.connect(self.apply)
        self._strip.cancel_requested.connect(proposing.stop)
        proposing.drafted.connect(self._show)
        proposing.progressed.connect(self._strip.set_progress)
        proposing.failed.connect(self._on_failed)
        self.retranslate()

    def begin(self) -> None:
        """The search has begun."""
        self._strip.start(_("Looking for the fewest moves"))
        self._empty.setVisible(False)
        self._again.setEnabled(False)

    def apply(self) -> None:
        """Ask for the moves to be made, where they may be."""
        if self._apply.isEnabled() and self._proposing.draft is not None:
            self.apply_requested.emit()

    def set_may_act(self, may_act: bool) -> None:
        """Whether this person, here, can make moves."""
        self._may_act = may_act
        self._show(self._proposing.draft)

    def retranslate(self) -> None:
        """Every word anew."""
        self._discard.setText(_("Discard"))
        self._again.setText(_("Look again"))
        self.table.setAccessibleName(_("Proposed moves"))
        self._model.retranslate()
        self._show(self._proposing.draft)

    def _show(self, draft: Draft | None) -> None:
        if self._proposing.busy:
            return
        self._strip.finish()
        self._again.setEnabled(True)
        self._empty.setVisible(True)
        if draft is None:
            self._empty.set_words(
                _("Which moves would repair it?"),
                _(
                    "The fewest moves of open contacts that bring the share of the busiest under the target. "
                    "Skills, limits, promises and conversations that go on are kept."
                ),
                _("Propose moves"),
            )
        self._stack.setCurrentWidget(self._empty if draft is None else self._draft)
        if draft is not None:
            self._show_draft(draft)

    def _show_draft(self, draft: Draft) -> None:
        judged = draft.judged
        good = judged.after.share <= draft.problem.target + 1e-9 and judged.after.breaches <= judged.before.breaches
        state = State.DANGER if judged.violations else State.OK if good else State.WARNING
        self._mark.set_state(state)
        self._summary.set_text(summary_words(draft.problem, judged, changed=draft.changed))
        why = infeasible_reason(draft.problem, judged)
        self._reason.setText(why)
        self._reason.setVisible(bool(why))
        self._model.show_rows(rows_of(draft))
        count = len(draft.taken)
        self._apply.setText(ngettext("Move {n} contact", "Move {n} contacts", count).format(n=formats.count(count)))
        self._apply.setEnabled(bool(count) and not judged.violations and self._may_act)
        self._apply.setToolTip("" if self._may_act else _("Nothing can be changed from here."))

    def _toggle(self, place: int) -> None:
        row = self._model.row(place)
        if row is not None and not row.moved_on:
            self._proposing.toggle(row.move.ticket)

    def _open_menu(self, at: QPoint) -> None:
        row, draft = self._model.row(self.table.rowAt(at.y())), self._proposing.draft
        if row is None or draft is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = menu.addAction(_("Show the ticket"))
        shown.triggered.connect(lambda: self.ticket_requested.emit(row.move.ticket))
        others = menu.addMenu(_("Give it to"))
        for agent, name in self._takers(draft.problem, row):
            action = others.addAction(name)
            action.triggered.connect(
                lambda _checked=False, agent=agent: self._proposing.send_to(row.move.ticket, agent)
            )
        others.setEnabled(not row.moved_on)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _takers(self, problem: Problem, row: MoveRow) -> Sequence[tuple[int, str]]:
        eligible = problem.pools[problem.ticket_of[row.move.ticket].pool].eligible
        able = [one for one in problem.people if one.there and one.agent in eligible and one.agent != row.move.owner]
        able.sort(key=lambda one: (-one.room, -one.space, one.name))
        return [(one.agent, one.name) for one in able[:_MOST_OFFERED]]

    def _on_failed(self, error: BaseException) -> None:
        self._show(self._proposing.draft)
        if self._proposing.draft is None:
            what = error.what if isinstance(error, KnownError) else str(error)
            self._empty.set_words(_("There is no proposal."), what, _("Look again"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(6))
        head.addWidget(self._mark)
        head.addWidget(self._summary, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(self._again)
        foot.addStretch(1)
        foot.addWidget(self._discard)
        foot.addWidget(self._apply)
        inner = QVBoxLayout(self._draft)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.px(8))
        inner.addLayout(head)
        inner.addWidget(self._reason)
        inner.addWidget(self.table, 1)
        inner.addLayout(foot)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._draft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.px(8), 0, theme.px(8))
        column.addWidget(self._strip)
        column.addWidget(self._stack, 1)


def summary_words(problem: Problem, judged: Proposal, *, changed: bool) -> str:
    """What the moves come to, in one line."""
    before, after = judged.before, judged.after
    parts = [
        _("{before} → {after} with the busiest {part}").format(
            before=percent(before.share), after=percent(after.share), part=percent(problem.part)
        ),
        ngettext("{n} move", "{n} moves", len(judged.moves)).format(n=formats.count(len(judged.moves))),
    ]
    fewer = before.breaches - after.breaches
    if fewer > 0:
        parts.append(ngettext("{n} late answer fewer", "{n} late answers fewer", fewer).format(n=formats.count(fewer)))
    elif fewer < 0:
        parts.append(ngettext("{n} late answer more", "{n} late answers more", -fewer).format(n=formats.count(-fewer)))
    back = before.away - after.away
    if back > 0:
        parts.append(
            ngettext("{n} taken back from who is away", "{n} taken back from who is away", back).format(n=back)
        )
    if judged.optimal and not changed:
        parts.append(_("fewer cannot do it"))
    return " · ".join(parts)
