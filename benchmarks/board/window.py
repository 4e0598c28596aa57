"""Opens what is measured: the ticket table with a live board, in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.engine import Engine
from console.models.domain.ports import Batch
from console.models.live.board import Board
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.tables.ticket_table import TicketTable


class Window:
    """The window, its live board, and the table in it."""

    def __init__(self, engine: Engine, board: Board) -> None:
        self._engine = engine
        self._board = board
        self.live = LiveBoard(engine.clock, board.policy, UTC)
        self._ops = Ops()
        self._refolds = ThreadPoolExecutor(1)
        self.widget = QWidget()
        self.table = TicketTable(self.live, self._ops)
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def start(self, receive: Callable[[Batch], None]) -> None:
        """Begin to follow the log."""
        self._engine.tail.subscribe(receive)
        self.live.start(self._board, self._refold)

    def _refold(self, missing: object) -> None:
        asked = dict(missing)  # type: ignore[call-overload]  # a mapping

        def read() -> None:
            until = max(asked.values())
            self._engine.events.wait_committed(until)
            self.live.refolded(self._engine.log.of_tickets(asked), until)

        self._refolds.submit(read)

    def show(self, width: int, height: int) -> None:
        """Show the window."""
        self.widget.resize(width, height)
        self.widget.show()

    def close(self) -> None:
        """Close the window and what stands behind it."""
        self.live.stop()
        self.widget.close()
        self._ops.close()
        self._refolds.shutdown()


def open_window(engine: Engine, board: Board) -> Window:
    """The window over a loaded board, not shown yet."""
    return Window(engine, board)
