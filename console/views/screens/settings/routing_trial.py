"""Try the routing rules under the pen on yesterday, before they are saved."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console import turns
from console.clock import HOUR
from console.errors import KnownError
from console.i18n import _
from console.models.domain.ports import Progress
from console.models.domain.routing import unknown_names
from console.models.policy.editing import edited
from console.models.queries.directory import directory
from console.models.queries.replay import Comparison, compare
from console.models.queries.replay_words import lines, unknown_words
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.ops import Job
from console.views.screen import Context
from console.views.screens.settings.draft import Draft
from console.views.widgets.buttons import button
from console.views.widgets.labels import ElidedLabel, StateMark, label
from console.views.widgets.popover import Popover
from console.views.widgets.progress import ProgressStrip

_TOUCHES = ("routing.", "balance.places.", "balance.busiest", "calendar.time_zone")
_RULES = "routing.rules"
_NOTE_WIDTH = 480


class RoutingTrial(QWidget):
    """A button, how far the trial is, and what came of it in one sentence; the rest opens beside it."""

    def __init__(self, context: Context, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._draft = draft
        self._job: Job[Comparison] | None = None
        self.is_running = False
        self.found: Comparison | None = None
        self.start = button("")
        self.more = button("", "link")
        self.unknown: tuple[str, ...] = ()
        self.warning = ElidedLabel()
        self._warned = QWidget()
        self.text = ElidedLabel()
        self.strip = ProgressStrip()
        self._row = QHBoxLayout()
        for piece in (self.start, self.text, self.more):
            self._row.addWidget(piece)
        self._row.setStretch(1, 1)
        self._warning_row = QHBoxLayout(self._warned)
        self._warning_row.addWidget(StateMark(theme.State.WARNING))
        self._warning_row.addWidget(self.warning, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._warned)
        column.addLayout(self._row)
        column.addWidget(self.strip)
        self.start.clicked.connect(self.run)
        self.more.clicked.connect(self.show_all)
        self.strip.cancel_requested.connect(self.cancel)
        draft.changed.connect(self._on_changed)
        draft.opened.connect(self._on_opened)
        theme.notifier().changed.connect(self._pad)
        self._pad()
        self.retranslate()

    def retranslate(self) -> None:
        """Every word anew."""
        self.start.setText(_("Try on yesterday"))
        self.more.setText(_("All figures"))
        self._show()

    def run(self) -> None:
        """Replay yesterday under the rules as they stand here."""
        site, values = self._draft.site, dict(self._draft.values)
        log, now = self._context.store.log, self._context.clock.now()
        if site is None or self.is_running:
            return

        def work(progress: Progress) -> Comparison:
            policy = edited(site, values).policy
            if policy is None:
                raise KnownError(_("The rules cannot be tried while something is wrong."), _("Correct that first."))
            end = policy.midnight_before(now)
            begin = policy.midnight_before(end - HOUR)
            midnight, busiest = policy.midnight_before, policy.skew.busiest
            return compare(log, begin, end, policy.routing, midnight, busiest, _polite(progress))

        self._forget()
        self.is_running = True
        self.start.setEnabled(False)
        self.strip.start(_("Replaying yesterday"))
        self._job = self._context.ops.read(
            work,
            self._on_done,
            failure=self._on_failed,
            progress=self.strip.set_progress,
            cancelled=self._ended,
            key="routing trial",
            owner=self,
        )

    def cancel(self) -> None:
        """Stop the trial."""
        if self._job is not None:
            self._job.cancel()

    def show_all(self) -> None:
        """Open all figures."""
        if self.found is None:
            return
        card = TrialCard(self.window(), self.found)
        card.closed.connect(card.deleteLater)
        card.open_beside(self.more)

    def _on_done(self, found: Comparison) -> None:
        self.found = found
        self._ended()

    def _on_failed(self, error: BaseException) -> None:
        self._ended()
        # Anything else is a bug, which the crash funnel hears of.
        self.text.set_text(str(error) if isinstance(error, KnownError) else _("The trial failed."))

    def _ended(self) -> None:
        self.is_running = False
        self.strip.finish()
        self.start.setEnabled(True)
        self._show()

    def _on_changed(self, path: str) -> None:
        if path.startswith(_TOUCHES):
            self._forget()
        if path == _RULES:
            self._look_for_names()

    def _on_opened(self) -> None:
        self._forget()
        self._look_for_names()

    def _look_for_names(self) -> None:
        """A name that is written wrongly would route nothing, and nobody would be told."""
        site, values, live = self._draft.site, dict(self._draft.values), self._context.live
        board = live.present if isinstance(live, LiveBoard) else None
        if site is None or board is None:
            return
        log = self._context.store.log

        def work(_progress: Progress) -> tuple[str, ...]:
            policy = edited(site, values).policy
            if policy is None:
                return ()
            queues = {name.text for name in board.names.all() if name.dimension == "queue"}
            return unknown_names(policy.routing.rules, queues, directory(log, board).teams())

        self._context.ops.read(work, self._on_names, key="routing names", owner=self)

    def _on_names(self, unknown: tuple[str, ...]) -> None:
        self.unknown = unknown
        self._show()

    def _forget(self) -> None:
        """What was found is of other rules."""
        self.found = None
        self._show()

    def _show(self) -> None:
        found = self.found
        self.warning.set_text(unknown_words(self.unknown))
        self._warned.setVisible(bool(self.unknown))
        self.more.setVisible(found is not None and found.contacts > 0)
        if found is None:
            self.text.set_text("")
        elif not found.contacts:
            self.text.set_text(_("No contacts came yesterday."))
        else:
            self.text.set_text(_("Yesterday under these rules: {summary}").format(summary=found.summary))

    def _pad(self) -> None:
        for row in (self._row, self._warning_row):
            row.setContentsMargins(theme.px(12), theme.px(4), theme.px(12), theme.px(4))
        self._row.setSpacing(theme.px(12))
        self._warning_row.setSpacing(theme.px(6))


class TrialCard(Popover):
    """Every figure in truth and under the rules, and what the replay assumes."""

    def __init__(self, window: QWidget, found: Comparison) -> None:
        super().__init__(window, _("Yesterday under these rules"))
        self.body.addWidget(label(_("Yesterday under these rules"), "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(24))
        grid.setVerticalSpacing(theme.px(4))
        for column, words in enumerate(("", _("in truth"), _("under the rules"))):
            grid.addWidget(label(words, "muted"), 0, column, _side(column))
        for row, told in enumerate(lines(found), 1):
            for column, words in enumerate(told):
                grid.addWidget(label(words, "body" if column < 2 else "title"), row, column, _side(column))
        grid.setColumnStretch(0, 1)
        self.body.addLayout(grid)
        note = label(
            _(
                "Everybody does with a contact what was done with it, in the same time; a transfer is not needed where"
                " the owner serves the queue in which the contact ended. What people assigned themselves, and calls"
                " that are left to the telephone system, stay as they were."
            ),
            "muted",
            wrap=True,
        )
        note.setFixedWidth(theme.px(_NOTE_WIDTH))
        self.body.addWidget(note)


def _side(column: int) -> Any:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _polite(progress: Progress) -> Progress:
    """Lets the window's frame go first at each step."""

    def cancelled() -> bool:
        turns.after_the_frame()
        return progress.cancelled()

    return Progress(progress.report, cancelled)
