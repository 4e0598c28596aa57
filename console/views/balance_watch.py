"""Follows how unevenly the last hour's work was shared, whatever screen is open: R-SKEW's alarm for strip and tray."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from console.clock import HOUR, SECOND
from console.models.domain.fairness import Verdict
from console.models.domain.ports import LogReader, Progress
from console.models.queries.balance import balance
from console.models.queries.balance_windows import window
from console.models.queries.eligibility import directory_for
from console.views.bridge import LiveBoard
from console.views.ops import Ops

EVERY_MS = 60_000
MOST_EVENTS = 400_000
"""An hour with more is history that is being read in, or a flood; to look through it every minute would slow the
window. The balance screen looks at it when it is asked to."""


class BalanceWatch(QObject):
    """``changed`` after each look, ``alarmed`` with the verdict when the alarm comes on."""

    changed = Signal()
    alarmed = Signal(object)

    def __init__(self, live: LiveBoard, ops: Ops, log: Callable[[], LogReader], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._ops, self._log = live, ops, log
        self._seen: tuple[int, int] | None = None
        self._verdict: Verdict | None = None
        self._timer = QTimer(self)
        self._timer.setObjectName("balance")
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.look)

    @property
    def verdict(self) -> Verdict | None:
        """That of the contacts handled within the last hour; None where nothing is known."""
        return self._verdict

    def start(self) -> None:
        """Look every minute from now on."""
        self._count()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Look now, unless too much came in of late."""
        board, now = self._live.present, self._live.clock.now()
        if board is None or self._count() > MOST_EVENTS:
            return
        log, rules, span = self._log(), board.policy.skew, window("hour", now, board.policy)

        def work(progress: Progress) -> Verdict | None:
            found = balance(log, board, *span, rules, directory_for(log, board, rules, now), progress=progress)
            return None if found is None else found.contacts.verdict

        self._ops.read(work, self._take, key="balance/watch", owner=self)

    def _count(self) -> float:
        """How many events an hour would bring at the pace of late."""
        board, now = self._live.present, self._live.clock.now()
        before, self._seen = self._seen, (now, 0 if board is None else board.seq)
        if before is None or board is None:
            return 0.0
        return (board.seq - before[1]) * HOUR / max(now - before[0], SECOND)

    def _take(self, verdict: Verdict | None) -> None:
        was, self._verdict = self._verdict, verdict
        self.changed.emit()
        if verdict is not None and verdict.alarm and (was is None or not was.alarm):
            self.alarmed.emit(verdict)
