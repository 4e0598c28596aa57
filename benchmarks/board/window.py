"""Opens what is measured: the shipped window on the board screen, over a data directory, as the program opens it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from benchmarks.board.measures import wait_ms
from console.engine import Engine
from console.feeds import EngineFeed
from console.models.actions.session import Session
from console.models.domain.ports import Batch
from console.models.domain.roles import Actor
from console.models.live.board import Board
from console.models.policy import policy as policies
from console.views.bridge import LiveBoard
from console.views.layout import Layout
from console.views.ops import Ops
from console.views.pace import Pace
from console.views.screen import Context
from console.views.shell.main_window import MainWindow
from console.views.shell.registry import SCREENS
from console.views.tables.ticket_table import TicketTable


class Window:
    """The main window with everything behind it."""

    def __init__(self, folder: Path) -> None:
        policy = policies.default()
        self.engine = Engine(folder)
        self._feed = EngineFeed(self.engine, policy, UTC)
        self.live = LiveBoard(self.engine.clock, policy, UTC)
        self._ops = Ops()
        clock = self.engine.clock
        session = Session.of(Actor("benchmark"), clock)
        context = Context(clock, UTC, self._ops, self.live, Layout(None), session, self._feed)
        self.live.watch_sources(self._feed.sources)
        self._main = MainWindow(context, SCREENS)
        self._pace = Pace(self._main)

    def show(self, width: int, height: int) -> TicketTable:
        """Show the window on the board screen; returns the table in it."""
        self._pace.start()
        self._main.open("board")
        self._main.resize(width, height)
        table = self._main.findChild(TicketTable)
        if not isinstance(table, TicketTable):
            raise TypeError("the board screen has no ticket table")
        return table

    def open(self, receive: Callable[[Batch], None]) -> Board:
        """Load the board in the worker that does it, and begin to follow the log; ``receive`` stages the batches."""
        self._feed.begin()
        opened = self._feed.opened()
        while not opened.done():
            wait_ms(20)
        board, refold = opened.result()
        self.live.start(board, refold)
        self._feed.deliver(receive, self.live.refolded)
        return board

    def close(self) -> None:
        """Close the window and end what stands behind it, without keeping the board."""
        self._pace.stop()
        self.live.stop()
        self._main.close()
        self._ops.close()
        self._feed.close()
