"""One row of the trail in full: who did what to what, what changed, and its place in the chain."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from console.i18n import _
from console.models.domain.audit import Outcome, Row
from console.models.domain.audit_words import (
    action_words,
    actor_words,
    object_words,
    outcome_words,
    reason_words,
    role_words,
)
from console.models.domain.roles import AccountRole
from console.models.queries.audit_facts import told_differences
from console.views import formats, theme
from console.views.formats import DASH
from console.views.screens.audit.trail_model import time_words
from console.views.widgets.buttons import button
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import StateMark, label

LINKED = frozenset({"ticket", "escalation", "account"})
"""Kinds of objects that another screen can show."""


class RowDetail(QScrollArea):
    """``object_requested`` and ``history_requested`` carry kind and id: show the object, show all that was done to
    it."""

    object_requested = Signal(str, str)
    history_requested = Signal(str, str)

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._row: Row | None = None
        self._total = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Row of the audit trail"))
        self.show_row(None, 0)
        theme.notifier().changed.connect(self.retranslate)

    def show_row(self, row: Row | None, total: int) -> None:
        """Show this row of ``total``; None for none."""
        self._row, self._total = row, total
        self.setWidget(self._page(row) if row is not None else _nothing())

    def retranslate(self) -> None:
        """Every word anew."""
        self.show_row(self._row, self._total)

    def _page(self, row: Row) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        column.setSpacing(theme.px(8))
        column.addWidget(_plain(action_words(row.action), "title"))
        facts = QGridLayout()
        facts.setHorizontalSpacing(theme.px(12))
        facts.setVerticalSpacing(theme.px(4))
        facts.setColumnStretch(1, 1)
        column.addLayout(facts)
        refused = row.outcome == Outcome.REFUSED.value
        for name, words in (
            (_("Time"), time_words(row, self._zone)),
            (_("Person"), actor_words(row.actor)),
            (_("Had the roles") if refused else _("By virtue of"), _roles(row)),
            (_("Object"), object_words(row.object_kind, row.object_id)),
            (_("Reason"), reason_words(row.outcome, row.reason)),
        ):
            if words:
                _add(facts, name, _plain(words))
        _add(facts, _("Outcome"), _outcome(row.outcome, refused=refused))
        self._add_links(column, row)
        self._add_differences(column, row)
        column.addSpacing(theme.px(8))
        column.addWidget(_plain(_("Place in the chain"), "muted"))
        place = _("Row {row} of {total}").format(row=formats.count(row.seq), total=formats.count(self._total))
        column.addWidget(_plain(place))
        column.addWidget(_plain(_("SHA-256 over the row before and this one:"), "small"))
        column.addWidget(_plain(_grouped(row.hash)))
        column.addStretch(1)
        return page

    def _add_links(self, column: QVBoxLayout, row: Row) -> None:
        if not row.object_id:
            return
        kind, id_ = row.object_kind, row.object_id
        history = button(_("All that was done to it"), "link", flush=True)
        history.clicked.connect(lambda: self.history_requested.emit(kind, id_))
        if kind in LINKED and "," not in id_:
            shown = button(_("Show {object}").format(object=object_words(kind, id_)), "link", flush=True)
            shown.clicked.connect(lambda: self.object_requested.emit(kind, id_))
            column.addWidget(shown, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(history, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_differences(self, column: QVBoxLayout, row: Row) -> None:
        changes = told_differences(row, self._zone)
        if not changes:
            return
        column.addSpacing(theme.px(8))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(4))
        for place, title in enumerate((_("Changed"), _("Before"), _("After"))):
            grid.addWidget(_plain(title, "muted"), 0, place)
            grid.setColumnStretch(place, 1 if place else 0)
        for line, change in enumerate(changes, 1):
            for place, words in enumerate((change.name, change.before or DASH, change.after or DASH)):
                grid.addWidget(_plain(words), line, place, Qt.AlignmentFlag.AlignTop)
        column.addLayout(grid)


def _nothing() -> QWidget:
    return EmptyState("list-search", _("No row chosen"), _("Choose a row to see what changed."))


def _roles(row: Row) -> str:
    """By virtue of which role it was done. What everybody may do needs none, which the trail keeps as a viewer's."""
    refused = row.outcome == Outcome.REFUSED.value
    return "" if row.role == AccountRole.VIEWER.value and not refused else role_words(row.role)


def _plain(words: str, kind: str = "body") -> QLabel:
    made = label(words, kind, wrap=True)  # type: ignore[arg-type]  # one of the kinds there are
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _outcome(outcome: str, *, refused: bool) -> QWidget:
    made = QWidget()
    row = QGridLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setHorizontalSpacing(theme.px(6))
    row.addWidget(StateMark(theme.State.WARNING if refused else theme.State.OK), 0, 0)
    row.addWidget(label(outcome_words(outcome)), 0, 1)
    row.setColumnStretch(2, 1)
    return made


def _add(grid: QGridLayout, name: str, words: QWidget) -> None:
    line = grid.rowCount()
    grid.addWidget(label(name, "muted"), line, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(words, line, 1)


def _grouped(hashed: str) -> str:
    """In eights, so that two can be compared by eye and lines break."""
    return " ".join(hashed[at : at + 8] for at in range(0, len(hashed), 8))
