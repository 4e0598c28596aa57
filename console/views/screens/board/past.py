"""Asks for the board of an earlier moment: one at a time, the newest wish cancels the one under way."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console.models.live.board import Board
from console.views.bridge import LiveBoard
from console.views.ops import Job, Ops
from console.views.screens.board.records import History


class PastController(QObject):
    """Turns `LiveBoard` to the past and back."""

    started = Signal(object)
    """The board of this moment is being made."""
    progressed = Signal(int, int)
    finished = Signal()
    """The work has ended, however."""
    failed = Signal(object)
    """The error that made a moment impossible to show."""

    def __init__(self, live: LiveBoard, ops: Ops, history: History | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._ops = ops
        self._history = history
        self._wanted: int | None = None
        self._job: Job[Board] | None = None
        self._making: int | None = None

    @property
    def available(self) -> bool:
        """Whether there is a log to go back in."""
        return self._history is not None

    @property
    def aim(self) -> int | None:
        """The moment that is being made, else the one that is looked at."""
        return self._wanted if self.busy else self._live.past_at

    @property
    def busy(self) -> bool:
        """Whether a moment is being made."""
        return self._job is not None

    def go_to(self, at: int | None) -> None:
        """Look at a moment, or at the present with None, which is there at once."""
        self._wanted = at
        if at is None:
            if self._job is not None:
                self._job.cancel()
            self._live.show_present()
            return
        if self._job is None:
            self._start()
        elif at != self._making:
            self._job.cancel()

    def again(self, at: int) -> None:
        """Make the moment that is shown anew, because more is known of it."""
        self._wanted = at
        if self._job is None:
            self._start(again=True)

    def cancel(self) -> None:
        """Stop, and stay where we are."""
        self._wanted = self._live.past_at
        if self._job is not None:
            self._job.cancel()

    def _start(self, *, again: bool = False) -> None:
        at, history = self._wanted, self._history
        if at is None or history is None or (at == self._live.past_at and not again):
            return
        self._making = at
        self.started.emit(at)
        # Inline executors end the job before `read` returns; the mark must stand before and not be put back after.
        self._job = _STARTING
        job = self._ops.read(
            lambda progress: history.board_at(at, progress),
            lambda board: self._on_made(board, at),
            failure=self._on_failed,
            progress=self.progressed.emit,
            cancelled=self._on_ended,
            owner=self,
        )
        if self._job is _STARTING:
            self._job = job

    def _on_made(self, board: Board, at: int) -> None:
        self._end()
        if self._wanted == at:
            self._live.show_past(board, at)
        else:
            self._start()

    def _on_failed(self, error: BaseException) -> None:
        self._wanted = self._live.past_at
        self._end()
        self.failed.emit(error)

    def _on_ended(self) -> None:
        self._end()
        self._start()

    def _end(self) -> None:
        self._job, self._making = None, None
        self.finished.emit()


_STARTING: Job[Board] = Job(lambda _progress: _never(), None, None, None, None, None)


def _never() -> Board:
    raise AssertionError("this job only stands for one that is being started")
