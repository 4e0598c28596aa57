"""Boards of past moments with the words of their tickets, for whoever looks back."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from console.models.domain.ports import LogReader, Progress

if TYPE_CHECKING:
    from console.models.live.board import Board
    from console.models.policy.policy import Policy


class PastBoards:
    """One at a time; a second asker waits."""

    def __init__(self, log: LogReader, folder: Path, policy: Policy) -> None:
        from console.models.live.history.past import Past

        self._log = log
        self._past = Past(log, folder, policy)
        self._turn = threading.Lock()

    def board_at(self, at: int, progress: Progress) -> Board:
        """The board at an instant (microseconds since the epoch); raises `ports.Cancelled` when asked to stop."""
        with self._turn:
            board = self._past.board_at(at, progress)
            for ids, entries in self._log.text_blocks():
                board.texts.set_block(board.slots_of(ids), entries)
                progress.step(1, 1)
            return board
