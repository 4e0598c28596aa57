"""Looking at the past: the strip, the work behind it, and what has come late for the moment that is shown."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.clock import MINUTE
from console.i18n import _, ngettext
from console.models.policy.policy import same
from console.models.queries.late import Late, Tail, came_late
from console.views import formats
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.screens.board.past import PastController
from console.views.screens.board.past_strip import PastStrip
from console.views.screens.board.records import History

STEP = 15 * MINUTE
_LOOK_MS = 10_000


class PastPane(QWidget):
    """``moment_requested`` carries microseconds since the epoch, or None for the present; ``shown_changed`` whether
    the pane is shown; ``failed`` the error that made a moment impossible."""

    moment_requested = Signal(object)
    shown_changed = Signal(bool)
    failed = Signal(object)
    refused = Signal(str)
    """Why what was typed is not shown."""

    def __init__(
        self, live: LiveBoard, ops: Ops, history: History | None, log: Tail, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._live = live
        self._ops = ops
        self._log = log
        self._late = Late()
        self._since: int | None = None
        """Since when the policy of the board that is shown was in force, where the present one is another."""
        self.strip = PastStrip(live.zone)
        self.controller = PastController(live, ops, history, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.strip)
        self._look = QTimer(self)
        self._look.setObjectName("late events")
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self.look_for_late)
        self.strip.moment_requested.connect(self.moment_requested)
        self.strip.cancel_requested.connect(self._on_cancel)
        self.strip.refused.connect(self.refused)
        self.strip.again_requested.connect(self._on_again)
        self.controller.started.connect(self.strip.start_work)
        self.controller.progressed.connect(self.strip.set_progress)
        self.controller.finished.connect(self.strip.end_work)
        self.controller.failed.connect(self.failed)
        live.replaced.connect(self._on_replaced)
        self.hide()

    @property
    def available(self) -> bool:
        """Whether there is a log to go back in."""
        return self.controller.available

    def go_to(self, at: int | None) -> None:
        """Look at a moment, or at the present."""
        self.controller.go_to(at)
        if at is not None:
            self.set_shown(True)

    def set_shown(self, shown: bool) -> None:
        """Show the pane, or not; it stays while the past is looked at."""
        shown = self.available and (shown or self._live.past_at is not None)
        if shown:
            self.refresh()
        self.setVisible(shown)
        self.shown_changed.emit(shown)

    def toggle(self) -> None:
        """Open the pane; or close it, and return to the present."""
        if self.isHidden():
            self.set_shown(True)
            self.strip.focus()
            return
        if self._live.past_at is not None:
            self.moment_requested.emit(None)
        self.set_shown(False)

    def step(self, by: int) -> None:
        """Go on or back by so many microseconds."""
        self.set_shown(True)
        if self.available:
            self.strip.step(by)

    def refresh(self) -> None:
        """Follow the clock."""
        newest = max((source.at for source in self._live.sources()), default=0)
        self.strip.show_time(self._live.clock.now(), self.controller.aim, newest)

    def wake(self) -> None:
        """Somebody looks again."""
        if self._live.past_at is not None:
            self._look.start()

    def sleep(self) -> None:
        """Nobody looks."""
        self._look.stop()

    def retranslate(self) -> None:
        """Every word anew."""
        self.strip.retranslate()
        self._say()

    def look_for_late(self) -> None:
        """See whether events have come since that belong before the moment that is shown."""
        board, at, log, late = self._live.board, self._live.past_at, self._log, self._late
        if board is None or at is None:
            return
        self._ops.read(
            lambda progress: came_late(log, at, late, progress),
            self._on_late,
            failure=self.failed.emit,
            key="board/late",
            owner=self,
        )

    def _on_late(self, late: Late) -> None:
        self._late = late
        self._say()

    def _say(self) -> None:
        count = self._late.count if self._live.past_at is not None else 0
        policy = ""
        if self._since is not None:
            since = formats.instant(self._since, self._live.zone)
            policy = _("As under the policy of {time}").format(time=since)
        words = ngettext(
            "{n} event from before this moment has arrived since",
            "{n} events from before this moment have arrived since",
            count,
        )
        self.strip.show_notes(policy, words.format(n=formats.count(count)) if count else "")

    def _on_cancel(self) -> None:
        self.controller.cancel()
        self.moment_requested.emit(self._live.past_at)

    def _on_again(self) -> None:
        at = self._live.past_at
        if at is not None:
            self.controller.again(at)

    def _on_replaced(self) -> None:
        board = self._live.board
        in_past = board is not None and self._live.past_at is not None
        present = self._live.present
        # A board that was folded straight from the log does not say how far it has read.
        seq = 0 if board is None or present is None else board.seq or present.seq
        self._late = Late(seq)
        self._since = None
        if in_past and board is not None and present is not None and not same(board.policy, present.policy):
            self._since = board.policy_since
        if in_past:
            self._look.start()
        else:
            self._look.stop()
        self._say()
