"""The tiles above the table: one per figure, brought up to date at most four times a second and only while seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from console.i18n import _
from console.models.queries.figures import FIGURES, Figure, Reading
from console.models.queries.today import Look
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.screens.board.faces import face
from console.views.widgets.buttons import IconButton
from console.views.widgets.tile import Tile, TileFace

_REFRESH_MS = 250
_STEPS = "tiles"
_NARROW, _ROOMY = 100, 116
"""A tile's width at scale 1: in one row of all, and in several rows, where there is no reason to be so narrow."""
_LOW = 640
"""In a lower window, at scale 1, a second row of tiles waits until it is asked for."""
TILES = tuple(figure for figure in FIGURES if figure.key != "in_progress")
"""How many are in progress stands on its segment below the tiles already."""
_LARGE = ("breached", "due_soon", "will_breach", "oldest_wait", "waiting", "service_level")
"""What may need somebody at once gets more room than what tells how the day goes."""


class TileStrip(QWidget):
    """``evidence_requested`` carries the key of the figure that was pressed and its tile."""

    evidence_requested = Signal(str, object)

    def __init__(self, live: LiveBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._stale = ""
        self._readings: dict[str, Reading] = {}
        self._seconds: dict[str, int] = {}
        self._across = 0
        self._expanded = False
        self._low = False
        self._tiles: dict[str, Tile] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for figure in TILES:
            tile = Tile(parent=self)
            tile.evidence_requested.connect(lambda key=figure.key, tile=tile: self.evidence_requested.emit(key, tile))
            self._tiles[figure.key] = tile
        self._more = IconButton("chevron-down", _("All figures"))
        self._more.clicked.connect(self._on_more)
        self._timer = QTimer(self)
        self._timer.setObjectName("tiles")
        self._timer.setInterval(_REFRESH_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        self._lay_out()
        theme.notifier().changed.connect(self._lay_out)

    def tile(self, key: str) -> Tile:
        """The tile of a figure."""
        return self._tiles[key]

    def touch(self) -> None:
        """Something changed; the tiles follow within a quarter of a second."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def again(self, key: str) -> None:
        """A figure that is computed by the second says something else before the second is over."""
        self._seconds.pop(key, None)
        self._refresh([figure for figure in TILES if figure.key == key])

    def sleep(self) -> None:
        """Nobody looks."""
        self._timer.stop()
        self._live.relay.drop(_STEPS)

    def set_stale(self, age: str) -> None:
        """How old the data is, in words, when it is too old to trust; empty when it is fresh."""
        if age != self._stale:
            self._stale = age
            self.refresh()

    def refresh(self) -> None:
        """Compute and show every figure now; those computed by the second only once in each."""
        self._refresh(TILES)

    def restart(self) -> None:
        """The board is another one: forget what was computed."""
        self._readings.clear()
        self._seconds.clear()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One row where there is room, else two."""
        super().resizeEvent(event)
        if self._columns() != self._across or self._is_low() != self._low:
            self._lay_out()

    def _on_due(self) -> None:
        half = len(TILES) // 2
        self._live.relay.run(_STEPS, (partial(self._refresh, part) for part in (TILES[:half], TILES[half:])))

    def _refresh(self, figures: Sequence[Figure]) -> None:
        board = self._live.board
        if board is None:
            return
        look = Look(board, self._live.now())
        second = look.now // 1_000_000
        for figure in figures:
            if not figure.by_the_second or self._seconds.get(figure.key) != second:
                self._seconds[figure.key] = second
                self._readings[figure.key] = figure.read(look)
            self._tiles[figure.key].show_face(self._face(figure, look))

    def _face(self, figure: Figure, look: Look) -> TileFace:
        shown = face(figure, self._readings[figure.key], look)
        return replace(shown, stale=self._stale) if self._stale else shown

    def _columns(self) -> int:
        if self.width() >= len(TILES) * theme.px(_NARROW + 8):
            return len(TILES)
        return max(1, min(-(-len(TILES) // 2), self.width() // theme.px(_ROOMY + 8)))

    def retranslate(self) -> None:
        """Every word anew."""
        self._more.set_name(_("All figures"))
        self.refresh()

    def _is_low(self) -> bool:
        return self.window().height() < theme.px(_LOW)

    def _on_more(self) -> None:
        self._expanded = not self._expanded
        self._lay_out()

    def _lay_out(self) -> None:
        self._across = self._columns()
        self._low = self._is_low()
        self._grid.setSpacing(theme.px(8))
        one_row = self._across == len(TILES)
        for place, figure in enumerate(TILES):
            self._grid.addWidget(self._tiles[figure.key], place // self._across, place % self._across)
            self._tiles[figure.key].set_low(self._low)
            self._tiles[figure.key].setVisible(one_row or place < self._across or self._expanded or not self._low)
        self._grid.addWidget(self._more, 0, len(TILES))
        self._more.setVisible(not one_row and self._low)
        self._more.set_icon("chevron-up" if self._expanded else "chevron-down")
        for column in range(len(TILES)):
            large = one_row and TILES[column].key in _LARGE
            self._grid.setColumnStretch(column, (6 if large else 5) if column < self._across else 0)
