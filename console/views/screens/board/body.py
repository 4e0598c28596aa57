"""The room below the controls: the table or what stands in its place, the ticket in full, channels and agents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from console.views import theme
from console.views.layout import Layout
from console.views.screens.board.agents_panel import AgentsPanel
from console.views.screens.board.channels_panel import ChannelsPanel
from console.views.screens.board.detail import TicketDetail
from console.views.screens.board.pages import Failed, Loading, NoHit, NothingYet
from console.views.tables.ticket_table import TicketTable

_BOTH_FROM = 1_480
"""From this width on, at scale 1, the open ticket stands beside the panels; below it takes their place."""
_PANELS_FROM = 960
"""Below this width the table keeps the room until the panels are asked for."""
_SIDE, _DETAIL, _TABLE = 424, 424, 740
_LEAST, _LEAST_TABLE = 320, 360
_CHANNELS = 320
"""Ten channels without scrolling."""


class Body(QWidget):
    """``detail_toggled`` carries whether the ticket is shown in full."""

    detail_toggled = Signal(bool)
    panels_toggled = Signal(bool)

    def __init__(
        self,
        table: TicketTable,
        detail: TicketDetail,
        channels: ChannelsPanel,
        agents: AgentsPanel,
        folder: Path | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._table = table
        self._detail = detail
        self.nothing_yet = NothingYet(folder)
        self.loading = Loading()
        self._something = False
        self._panels_wanted: bool | None = None
        self.failed = Failed()
        self.no_hit = NoHit()
        self._stack = QStackedWidget()
        for page in (table, self.nothing_yet, self.loading, self.failed, self.no_hit):
            self._stack.addWidget(page)
        self.setFocusProxy(table)
        self._side = QSplitter(Qt.Orientation.Vertical)
        self._side.addWidget(channels)
        self._side.addWidget(agents)
        self._foot = channels.budget
        self._foot.shown_changed.connect(self._make_room_for_foot)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        for piece in (self._stack, detail, self._side):
            self._split.addWidget(piece)
        for place in range(2):
            self._side.setCollapsible(place, False)
            self._side.setStretchFactor(place, place)
        for place in range(3):
            self._split.setCollapsible(place, False)
            self._split.setStretchFactor(place, int(place == 0))
        detail.hide()
        detail.closed.connect(lambda: self.show_detail(False))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self._size()
        theme.notifier().changed.connect(self._size)

    @property
    def has_detail(self) -> bool:
        """Whether the ticket is shown in full."""
        return not self._detail.isHidden()

    def show_page(self, page: QWidget | None) -> None:
        """Show one of the pages in place of the table, or the table with None."""
        wanted, before = page or self._table, self._stack.currentWidget()
        if before is not wanted:
            focus = self.window().focusWidget()
            had_focus = focus is not None and before is not None and (focus is before or before.isAncestorOf(focus))
            self.setFocusProxy(wanted)
            self._stack.setCurrentWidget(wanted)
            if had_focus:
                wanted.setFocus()

    def page(self) -> QWidget | None:
        """The page that stands in place of the table, None while it shows."""
        shown = self._stack.currentWidget()
        return None if shown is self._table else shown

    def show_panels(self, shown: bool) -> None:
        """Whether there is anything for the panels to say."""
        self._something = shown
        self._arrange()

    def toggle_panels(self) -> None:
        """Show the panels, or hide them until they are asked for again."""
        self._panels_wanted = self._side.isHidden()
        if self._panels_wanted and self._is_narrow() and self.has_detail:
            self.show_detail(False)
        self._arrange()

    def show_detail(self, shown: bool) -> None:
        """Show the ticket in full, or not."""
        if shown == self.has_detail:
            return
        had_focus = self._detail.isAncestorOf(self._detail.window().focusWidget() or self)
        self._detail.setVisible(shown)
        self._arrange()
        if had_focus:
            self._table.setFocus()
        self.detail_toggled.emit(shown)

    def remember(self, layout: Layout) -> None:
        """Keep the widths."""
        layout.keep_geometry("board/split", self._split.saveState())
        layout.keep_geometry("board/side", self._side.saveState())

    def recall(self, layout: Layout) -> None:
        """Take the widths that were kept; what was shown is decided anew."""
        self._split.restoreState(layout.geometry("board/split"))
        self._side.restoreState(layout.geometry("board/side"))
        self._detail.hide()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One or both beside the table."""
        super().resizeEvent(event)
        self._give_room()
        self._arrange()

    def _arrange(self) -> None:
        wanted = self._panels_wanted
        if wanted is None:
            wanted = self.width() >= theme.px(_PANELS_FROM)
        shown = self._something and wanted and not (self.has_detail and self._is_narrow())
        if shown == self._side.isHidden():
            self._side.setVisible(shown)
            self.panels_toggled.emit(shown)

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(_BOTH_FROM)

    def _size(self) -> None:
        self._split.setSizes([theme.px(_TABLE), theme.px(_DETAIL), theme.px(_SIDE)])
        self._side.setSizes([theme.px(_CHANNELS), theme.px(2_000)])
        self._give_room()

    def _make_room_for_foot(self, shown: bool) -> None:
        """A line below the channels takes its room from the agents, not from the last channel."""
        upper, lower = self._side.sizes()
        height = self._foot.sizeHint().height() if shown else -self._foot.sizeHint().height()
        self._side.setSizes([upper + height, lower - height])

    def _give_room(self) -> None:
        """Nothing is narrower than can be read; with large text in a small window all give way: none may overlap."""
        half = self.width() // 2 - theme.px(8)
        for piece, least in ((self._side, _LEAST), (self._detail, _LEAST), (self._stack, _LEAST_TABLE)):
            piece.setMinimumWidth(max(0, min(theme.px(least), half)))
