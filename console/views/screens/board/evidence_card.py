"""Opens the evidence of a figure beside its tile, and shows the tickets behind it in the table."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.models.live.filters import Filter
from console.models.queries.figures import BY_KEY, Figure
from console.models.queries.today import Look
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.screens.board.controls import Controls
from console.views.screens.board.evidence import evidence
from console.views.tables.ticket_table import TicketTable
from console.views.widgets.evidence import EvidencePopover


class EvidenceCard(QObject):
    """One card at a time; another one takes its place."""

    def __init__(self, live: LiveBoard, ops: Ops, controls: Controls, table: TicketTable, screen: QWidget) -> None:
        super().__init__(screen)
        self._live = live
        self._ops = ops
        self._controls = controls
        self._table = table
        self._screen = screen

    def open(self, key: str, tile: QWidget) -> None:
        """Open the evidence of the figure with this key beside its tile."""
        self.show(BY_KEY[key], tile)

    def show(self, figure: Figure, tile: QWidget) -> None:
        """Open the evidence of a figure beside what shows it."""
        board = self._live.board
        if board is None:
            return
        look = Look(board, self._live.now())
        shown = EvidencePopover(self._screen.window(), evidence(figure, look, self._live.zone))
        shown.closed.connect(shown.deleteLater)
        shown.rows_requested.connect(lambda: self._show_tickets(figure, look))
        shown.open_beside(tile)

    def _show_tickets(self, figure: Figure, look: Look) -> None:
        find = figure.tickets
        if find is None:
            return

        def show(chosen: Filter) -> None:
            self._controls.apply(chosen, _(figure.label))
            self._table.setFocus()

        # Finding them may take long on a large board.
        self._ops.read(lambda _progress: find(look), show, key="board/evidence", owner=self)
