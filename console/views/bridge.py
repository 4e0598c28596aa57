"""The door that live data comes in by: batches are staged by any thread and applied in frames on the GUI's.

A frame takes what is staged (within a budget of rows, so that a flood cannot block the window), applies it to the
board, and says once what changed. The present goes on in the same way while a screen looks at the past.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import tzinfo

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from console import turns
from console.clock import SECOND
from console.models.domain.ports import Batch, Clock, Rows
from console.models.live.board import Board, Delta
from console.models.policy.policy import Policy
from console.views.feed import SourceAge
from console.views.relay import Relay

FRAME_MS = 16
ROWS_PER_FRAME = 4_000
"""At 10,000 events a second a frame has about 160; the rest is for catching up after a pause."""

Refold = Callable[[Mapping[int, int]], None]
"""Asked to read tickets again (id -> the seq it must have read up to) and to answer through `LiveBoard.refolded`."""


class LiveBoard(QObject):
    """The boards of the window: the present one, which always lives on, and the one that is looked at."""

    frame = Signal(object)
    """A `Delta` of the board that is shown; not sent when nothing changed."""
    second = Signal(object)
    """Another second of the time that is shown has begun (microseconds since the epoch, more than Qt's int holds)."""
    replaced = Signal()
    """`board` is another object: it was loaded, or the screens turn to the past or back."""

    def __init__(self, clock: Clock, policy: Policy, zone: tzinfo, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clock = clock
        self.policy = policy
        self.zone = zone
        self._present: Board | None = None
        self._past: tuple[Board, int] | None = None
        self._staged: deque[Batch] = deque()
        self._held: list[Batch] | None = None
        self._refolded: deque[tuple[Rows, int]] = deque()
        self._refold: Refold | None = None
        self._asked: dict[int, int] = {}
        self._loaded_until = 0
        self._sources: Callable[[], Sequence[SourceAge]] = tuple
        self._second = 0
        self._merges = ThreadPoolExecutor(1, thread_name_prefix="index-merge")
        self._timer = QTimer(self)
        self._timer.setObjectName("frame")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_frame)
        self._between = QTimer(self)
        self._between.setObjectName("between frames")
        self._between.setSingleShot(True)
        self._between.setTimerType(Qt.TimerType.PreciseTimer)
        self._between.timeout.connect(self._on_second)
        self._after_paint = QTimer(self)
        self._after_paint.setObjectName("after the paint")
        self._after_paint.setSingleShot(True)
        self._after_paint.setInterval(0)
        self._after_paint.timeout.connect(self._on_painted)
        self._may_step = self._stepped = False
        self.relay = Relay()
        """What can wait for a frame with little to do."""

    @property
    def board(self) -> Board | None:
        """The board that is looked at, None until the first one is loaded."""
        return self._past[0] if self._past else self._present

    @property
    def present(self) -> Board | None:
        """The board of now, whatever is looked at."""
        return self._present

    @property
    def past_at(self) -> int | None:
        """The moment that is looked at, None for the present."""
        return self._past[1] if self._past else None

    def now(self) -> int:
        """The time that is shown: the clock's, or the moment that is looked at."""
        return self._past[1] if self._past else self.clock.now()

    def hold(self) -> None:
        """From now on keep what is applied too, because another board is being loaded: `start` will apply it there."""
        if self._held is None:
            self._held = []

    def let_go(self) -> None:
        """The other board does not come after all."""
        self._held = None

    def start(self, board: Board, refold: Refold | None = None) -> None:
        """Show a loaded board and begin to apply what was staged; events that it has already are recognised."""
        if self._held is not None:
            self._staged.extendleft(reversed(self._held))
            self._held = None
        self.policy = board.policy
        self._present = board
        self._refold = refold
        self._asked = {}
        self._loaded_until = board.seq
        self._timer.start(FRAME_MS)
        self.replaced.emit()

    def receive(self, batch: Batch) -> None:
        """Stage a batch; called on any thread."""
        self._staged.append(batch)

    def refolded(self, rows: Rows, until: int) -> None:
        """Take the answer of a refold: all events of some tickets up to seq ``until``; called on any thread."""
        self._refolded.append((rows, until))

    def show_past(self, board: Board, at: int) -> None:
        """Look at a board of an earlier moment; the present goes on unseen."""
        self._past = (board, at)
        self.replaced.emit()
        self.second.emit(at)

    def show_present(self) -> None:
        """Return to the present."""
        if self._past is not None:
            self._past = None
            self.replaced.emit()
            self.second.emit(self.clock.now())

    def watch_sources(self, sources: Callable[[], Sequence[SourceAge]]) -> None:
        """Where to ask which sources there are and when each was last heard of; must answer at once."""
        self._sources = sources

    def sources(self) -> Sequence[SourceAge]:
        """Every source with the time it was last heard of."""
        return self._sources()

    def backlog(self) -> int:
        """Batches that wait for a frame."""
        return len(self._staged)

    def stop(self) -> None:
        """End the frames and the threads behind them."""
        self._timer.stop()
        self._between.stop()
        self._after_paint.stop()
        turns.end_frame()
        self._merges.shutdown(wait=True, cancel_futures=True)

    def _on_frame(self) -> None:
        board = self._present
        if board is None:
            return
        # Every other frame, so that what waits behind the window is not kept waiting for long.
        self._may_step = not self._stepped
        self._stepped = self._may_step
        self._begin_turn()
        changed = [self._apply(board), *self._replace(board)]
        board.maintain(self._merges)
        self._ask_again(board)
        if self._past is None:
            delta = _together([delta for delta in changed if delta is not None])
            if delta is not None:
                self.frame.emit(delta)
        if self.clock.now() // SECOND != self._second and not self._between.isActive():
            # What counts seconds takes as long as a busy frame; both together would be too long for one.
            if changed[0] is None:
                self._on_second()
            else:
                self._between.start(FRAME_MS // 2)

    def _begin_turn(self) -> None:
        """Other threads wait until what this frame changes is painted: a timer of no length fires behind the paint."""
        turns.begin_frame()
        self._after_paint.start()

    def _on_painted(self) -> None:
        if self._may_step and self.relay.step():
            # What the step changes is painted in the same turn.
            self._may_step = False
            self._after_paint.start()
        else:
            turns.end_frame()

    def _apply(self, board: Board) -> Delta | None:
        if not self._staged:
            return None
        batches = []
        rows = 0
        while self._staged and rows < ROWS_PER_FRAME:
            batch = self._staged.popleft()
            # Batches kept arriving while the board was loaded; what it has read from the log it need not see again.
            if batch.rows.size and int(batch.rows["seq"][-1]) <= self._loaded_until:
                continue
            rows += batch.rows.size
            batches.append(batch)
        if not batches:
            return None
        if self._held is not None:
            self._held += batches
        if len(batches) == 1:
            return board.apply(batches[0])
        return board.apply(
            Batch(
                np.concatenate([batch.rows for batch in batches]),
                [text for batch in batches for text in batch.tickets],
                [name for batch in batches for name in batch.names],
                all(batch.stored for batch in batches),
                batches[-1].arrived_at,
            )
        )

    def _replace(self, board: Board) -> list[Delta | None]:
        answers: list[Delta | None] = []
        while self._refolded:
            rows, until = self._refolded.popleft()
            # An answer may have been meant for the board before this one, which has the ticket whole by now.
            rows = rows[np.isin(rows["subject"], list(board.late))]
            answers.append(board.replace(rows, until))
        return answers

    def _ask_again(self, board: Board) -> None:
        """Have late tickets read again: those not asked for yet, or asked for before their latest event."""
        if not board.late:
            self._asked = {}
        elif self._refold is not None:
            missing = {ticket: seq for ticket, seq in board.late.items() if self._asked.get(ticket, -1) < seq}
            if missing:
                self._asked |= missing
                self._refold(missing)

    def _on_second(self) -> None:
        board, now = self._present, self.clock.now()
        if board is None:
            return
        self._begin_turn()
        self._second = now // SECOND
        board.pass_time(now)
        if self._past is None:
            self.second.emit(now)


def _together(deltas: Sequence[Delta]) -> Delta | None:
    """One delta for several; None when none of them changed anything."""
    deltas = [delta for delta in deltas if delta.slots.size or delta.agents]
    if len(deltas) < 2:
        return deltas[0] if deltas else None
    return Delta(
        np.unique(np.concatenate([delta.slots for delta in deltas])),
        sum(delta.added for delta in deltas),
        frozenset().union(*(delta.agents for delta in deltas)),
    )
