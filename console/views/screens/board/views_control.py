"""Applies, keeps and changes the saved views, and gives each of the first nine its key."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.models.live.filters import Filter
from console.views.bridge import LiveBoard
from console.views.layout import Layout
from console.views.screen import ActionSpec, add_actions
from console.views.screens.board import saved_views
from console.views.screens.board.controls import Controls
from console.views.screens.board.saved_views import MOST_KEYS, SavedView
from console.views.screens.board.views_list import ViewsList
from console.views.tables.ticket_table import TicketTable


class ViewsControl(QObject):
    """``told`` is a short word about what was done."""

    told = Signal(str)

    def __init__(
        self, live: LiveBoard, layout: Layout, table: TicketTable, controls: Controls, screen: QWidget
    ) -> None:
        super().__init__(screen)
        self._live = live
        self._layout = layout
        self._table = table
        self._controls = controls
        self._screen = screen
        self._views = saved_views.load(layout)
        self._current: int | None = None
        self._applying = False
        self._actions: list[QAction] = []
        self._list: ViewsList | None = None
        controls.toolbar.views_button.clicked.connect(self.open)
        controls.filter_changed.connect(self._on_filter)
        self._make_actions()

    @property
    def views(self) -> list[SavedView]:
        """The views in their order."""
        return self._views

    def apply(self, place: int) -> None:
        """Show a view; a place without one changes nothing."""
        board = self._live.board
        if not 0 <= place < len(self._views) or board is None:
            return
        view = self._views[place]
        self._applying = True
        try:
            if view.columns:
                self._table.set_columns(list(view.columns))
            self._table.set_sort(view.sort)
            self._controls.apply(view.resolved(board.names))
        finally:
            self._applying = False
        self._mark(place)

    def open(self) -> None:
        """Open the list, or close it."""
        if self._list is not None:
            self._list.close_now()
            return
        shown = ViewsList(self._screen.window(), self._names(), self._current)
        self._list = shown
        shown.view_chosen.connect(self.apply)
        shown.save_requested.connect(self.save)
        shown.rename_requested.connect(self.rename)
        shown.delete_requested.connect(self.delete)
        shown.move_requested.connect(self.move)
        shown.closed.connect(self._on_closed)
        shown.open_beside(self._controls.toolbar.views_button)

    def save(self, name: str) -> None:
        """Keep what is on the screen; a view of that name is replaced."""
        board, name = self._live.board, saved_views.tidy(name)
        if board is None or not name:
            return
        table = self._table
        view = saved_views.saved(name, table.filter(), table.sort(), table.columns(), board.names)
        names = self._names()
        if name in names:
            self._views[names.index(name)] = view
        else:
            self._views.append(view)
        self._current = self._names().index(name)
        self._changed(self._current)
        self.told.emit(_("View “{name}” saved").format(name=name))

    def rename(self, place: int, name: str) -> None:
        """Give a view another name; an empty one, or that of another view, changes nothing."""
        name = saved_views.tidy(name)
        if name in (other for at, other in enumerate(self._names()) if at != place):
            self.told.emit(_("There is a view “{name}” already").format(name=name))
        elif 0 <= place < len(self._views) and name:
            old = self._views[place]
            self._views[place] = SavedView(name, old.filter, old.sort, old.columns, old.names)
        self._changed(place)

    def delete(self, place: int) -> None:
        """Let a view go."""
        if 0 <= place < len(self._views):
            name = self._names()[place]
            del self._views[place]
            if self._current is not None:
                self._current = None if self._current == place else self._current - (self._current > place)
            self._changed(min(place, len(self._views) - 1))
            self.told.emit(_("View “{name}” deleted").format(name=name))

    def move(self, place: int, step: int) -> None:
        """Move a view up or down."""
        to = place + step
        if 0 <= place < len(self._views) and 0 <= to < len(self._views):
            self._views[place], self._views[to] = self._views[to], self._views[place]
            if self._current in (place, to):
                self._current = to if self._current == place else place
            self._changed(to)

    def retranslate(self) -> None:
        """Every word anew."""
        self._make_actions()
        self._mark(self._current)

    def _names(self) -> list[str]:
        # A shipped view carries a word of the catalogue; the user's own names are not in it and stay as they are.
        return [_(view.name) for view in self._views]

    def _changed(self, selected: int) -> None:
        saved_views.keep(self._layout, self._views)
        self._make_actions()
        self._mark(self._current)
        if self._list is not None:
            self._list.show_names(self._names(), self._current)
            self._list.select(selected)

    def _make_actions(self) -> None:
        for action in self._actions:
            self._screen.removeAction(action)
            action.deleteLater()
        specs = [
            ActionSpec(f"view {place + 1}", view.name, f"Alt+{place + 1}", "bookmark")
            for place, view in enumerate(self._views[:MOST_KEYS])
        ]
        handlers = {spec.key: lambda place=place: self.apply(place) for place, spec in enumerate(specs)}
        self._actions = list(add_actions(self._screen, specs, handlers).values())

    def _mark(self, place: int | None) -> None:
        self._current = place
        self._controls.toolbar.show_view(self._names()[place] if place is not None else "")

    def _on_filter(self, _chosen: Filter) -> None:
        if not self._applying:
            self._mark(None)

    def _on_closed(self) -> None:
        if self._list is not None:
            self._list.deleteLater()
            self._list = None
