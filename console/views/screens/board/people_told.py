"""Who may handle what, at hand on the GUI thread: what log-ins and changes of queues tell is read by a worker, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.directory import compiled, told_at
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.screen import Store

Details = Mapping[int, Mapping[str, Any]]


class PeopleTold(QObject):
    """``changed`` when somebody is known better than before. A failure is told to the crash funnel and tried again."""

    changed = Signal()

    def __init__(self, live: LiveBoard, ops: Ops, store: Store, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._live, self._ops, self._store = live, ops, store
        self._told: dict[int, Mapping[str, Any]] = {}
        self._busy = False
        self._made: tuple[Board, object, Directory] | None = None
        """The directory that was put together last, of which board, and from what."""

    def look(self) -> None:
        """Ask for what is not known yet; once a second is enough."""
        board = self._live.board
        missing = set() if board is None or self._busy else told_at(board) - self._told.keys()
        if missing:
            self._busy = True
            self._ops.read(
                lambda _progress: self._read(missing), self._on_read, failure=self._on_failed, key="people", owner=self
            )

    def directory(self) -> Directory:
        """Everybody on the board that is looked at, as far as they are known."""
        board = self._live.board
        if board is None:
            return Directory()
        state = (board.names.version, told_at(board), len(self._told))
        if self._made is None or self._made[0] is not board or self._made[1] != state:
            self._made = (board, state, compiled(self._told, board))
        return self._made[2]

    def _read(self, missing: set[int]) -> Details:
        # What is not committed yet is asked for again; what is, and tells nothing, is not.
        last, told = self._store.log.last_seq(), self._store.log.details(missing)
        return {seq: told.get(seq, {}) for seq in missing if seq <= last}

    def _on_read(self, told: Details) -> None:
        self._busy = False
        self._told.update(told)
        if told:
            self.changed.emit()

    def _on_failed(self, _error: BaseException) -> None:
        self._busy = False
