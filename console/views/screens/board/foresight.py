"""Keeps the forecast of breaches on the board: a short line's at once, a very long one's by a worker and in pieces."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from console import turns
from console.clock import SECOND
from console.models.live.board import Board
from console.models.live.outlook import (
    Outlook,
    ask,
    foresee,
    foretell_elsewhere,
    is_elsewhere,
    keep,
    outlook,
)
from console.views.bridge import LiveBoard
from console.views.ops import Ops

_EVERY = 5 * SECOND
_PIECE = 5_000
"""Rows that are put on the board in one step: a list in the order of slack moves them in a millisecond."""
_STEPS = "the forecast"


class Foresight(QObject):
    """``told`` when a worker's forecast is on the board. A board of the past is foretold at once, however long: it must
    say one moment everywhere."""

    told = Signal()

    def __init__(self, live: LiveBoard, ops: Ops, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._ops = live, ops
        self._asked: Board | None = None
        self._asked_at = 0
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether a worker's forecast is being made, or put on the board."""
        return self._busy

    def look(self) -> None:
        """Another second has begun, or the board is another one."""
        board, now = self._live.board, self._live.now()
        if board is None:
            return
        if board is self._live.present:
            foretell_elsewhere(board)
        if is_elsewhere(board):
            if board is not self._asked or (not self._busy and abs(now - self._asked_at) >= _EVERY):
                self._ask(board, now)
        else:
            seen = outlook(board, now)
            if seen is not None:
                foresee(board, seen)

    def _ask(self, board: Board, now: int) -> None:
        self._asked, self._asked_at, self._busy = board, now, True
        question = ask(board, now)
        self._ops.read(
            lambda _progress: question.answer(turns.after_the_frame),
            partial(self._on_seen, board),
            failure=self._on_failed,
            key="board/forecast",
            owner=self,
        )

    def _on_seen(self, board: Board, seen: Outlook) -> None:
        seen = keep(board, seen)
        slots, seconds = seen.line.slots, seen.seconds
        pieces = [slice(first, first + _PIECE) for first in range(0, slots.size, _PIECE)]
        steps: list[Callable[[], object]] = [partial(board.expect, slots[piece], seconds[piece]) for piece in pieces]
        self._live.relay.run(_STEPS, [*steps, self._on_put])

    def _on_put(self) -> None:
        self._busy = False
        self.told.emit()

    def _on_failed(self, _error: BaseException) -> None:
        """The crash funnel hears of it; the next second asks again."""
        self._busy = False
