"""What the table shows and how a person says so: scope, search, filters, saved views, columns, order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from console.i18n import _
from console.models.live.filters import Filter, Scope
from console.models.live.sorts import Sort
from console.models.queries.facets import tally
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.ops import Ops
from console.views.screens.board.choices import is_narrowed, with_values, without_evidence
from console.views.screens.board.columns_list import ColumnsList
from console.views.screens.board.filter_chips import FilterChips
from console.views.screens.board.toolbar import Toolbar
from console.views.tables.ticket_columns import COLUMNS, title
from console.views.tables.ticket_table import TicketTable

_LOW = 480
"""Below this height of the screen, at scale 1, the line of filters is closed until it is asked for."""


class Controls(QWidget):
    """The two lines above the table. ``filter_changed`` carries the filter in force, whoever changed it."""

    filter_changed = Signal(object)
    filters_toggled = Signal(bool)
    """The line of filters was opened or closed."""

    def __init__(self, live: LiveBoard, ops: Ops, table: TicketTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._live = live
        self._ops = ops
        self._table = table
        self._evidence_name = ""
        self._names_version = -1
        self._is_short = False
        self._toolbar = Toolbar()
        self._chips = FilterChips()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._toolbar)
        self._column.addWidget(self._chips)
        self._toolbar.scope_chosen.connect(self._on_scope)
        self._toolbar.words_changed.connect(self._on_words)
        self._toolbar.results_requested.connect(table.setFocus)
        self._chips.filter_changed.connect(self.apply)
        self._toolbar.clear_requested.connect(self.clear)
        self._toolbar.evidence_lifted.connect(lambda: self.apply(without_evidence(self._table.filter())))
        self._chips.count_requested.connect(self._count)
        table.shown_changed.connect(self._show_shown)
        table.selection_changed.connect(self._show_shown)
        self._pad()
        self._show()
        theme.notifier().changed.connect(self._pad)

    @property
    def toolbar(self) -> Toolbar:
        """The upper line."""
        return self._toolbar

    @property
    def chips(self) -> FilterChips:
        """The lower line."""
        return self._chips

    def toggle_filters(self) -> None:
        """Open or close the line of filters; on a low window it is closed until asked for."""
        self._show_filters(self._chips.isHidden())

    def make_room(self, height: int) -> None:
        """The screen is so high (in pixels): on a low one tickets come before filters."""
        is_short = height < theme.px(_LOW)
        if is_short != self._is_short:
            self._is_short = is_short
            self._show_filters(not is_short)
            self._toolbar.set_compact(is_short)
        self._toolbar.tool("filters").setVisible(is_short)

    def _show_filters(self, shown: bool) -> None:
        self._chips.setVisible(shown)
        self.filters_toggled.emit(shown)

    def apply(self, chosen: Filter, evidence_name: str = "") -> None:
        """Bring a filter into force; ``evidence_name`` says which figure its tickets are behind."""
        self._evidence_name = evidence_name or self._evidence_name
        if without_evidence(chosen) == chosen:
            self._evidence_name = evidence_name
        self._table.set_filter(chosen)
        self._show()
        self.filter_changed.emit(chosen)

    def narrow(self, values: Mapping[str, frozenset[int]]) -> None:
        """Show only the tickets with these values; asked for again, lift the condition."""
        chosen = self._table.filter()
        same = all(chosen.values.get(name) == keys for name, keys in values.items())
        wanted = dict.fromkeys(values, frozenset[int]()) if same else values
        self.apply(with_values(chosen, wanted))

    def clear(self) -> bool:
        """Lift every condition but the scope; False when there was none."""
        chosen = self._table.filter()
        if not is_narrowed(chosen):
            return False
        self.apply(Filter(scope=chosen.scope))
        return True

    def leave_search(self) -> bool:
        """Empty the search field when the focus is in it, then leave it; False when the focus is elsewhere."""
        search = self._toolbar.search
        if not search.hasFocus():
            return False
        if self._table.filter().text:
            self.apply(replace(self._table.filter(), text=""))
        else:
            self._table.setFocus()
        return True

    def refresh(self) -> None:
        """Counts and names are as they are now."""
        board = self._live.board
        if board is None:
            return
        self._toolbar.show_counts(board, self._live.now())
        if board.names.version != self._names_version:
            self._names_version = board.names.version
            self._chips.set_names(board.names)

    def restart(self) -> None:
        """The board is another one."""
        self._names_version = -1
        self.refresh()
        self._show_shown()

    def focus_search(self) -> None:
        """Put the focus into the search field."""
        self._toolbar.search.setFocus()
        self._toolbar.search.selectAll()

    def choose_columns(self, anchor: QWidget) -> None:
        """Open the column chooser beside a widget."""
        chooser = ColumnsList(self.window(), self._table.columns())
        chooser.columns_chosen.connect(self._table.set_columns)
        chooser.closed.connect(chooser.deleteLater)
        chooser.open_beside(anchor)

    def choose_order(self, anchor: QWidget) -> QMenu:
        """Open the menu of orders below a widget; the table stands still while it is open."""
        menu = QMenu(self)
        menu.setAccessibleName(_("Order by"))
        now = self._table.sort()
        group = QActionGroup(menu)
        for column in COLUMNS:
            if column.order:
                entry = self._entry(menu, group, title(column), now.by == column.order)
                first = Sort(column.order, column.first_descending)
                wanted = replace(now) if now.by == column.order else first
                entry.triggered.connect(lambda _checked=False, wanted=wanted: self._table.set_sort(wanted))
        menu.addSeparator()
        directions = QActionGroup(menu)
        for words, descending in ((_("Ascending"), False), (_("Descending"), True)):
            entry = self._entry(menu, directions, words, now.descending is descending)
            wanted = Sort(now.by, descending)
            entry.triggered.connect(lambda _checked=False, wanted=wanted: self._table.set_sort(wanted))
        self._table.freeze(True)
        menu.aboutToHide.connect(lambda: self._table.freeze(False))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
        return menu

    def retranslate(self) -> None:
        """Every word anew."""
        self._toolbar.retranslate()
        self._chips.retranslate()
        self.restart()

    @staticmethod
    def _entry(menu: QMenu, group: QActionGroup, words: str, checked: bool) -> QAction:
        entry = menu.addAction(words)
        entry.setCheckable(True)
        entry.setChecked(checked)
        group.addAction(entry)
        return entry

    def _on_scope(self, scope: Scope) -> None:
        self.apply(replace(self._table.filter(), scope=scope))

    def _on_words(self, words: str) -> None:
        self.apply(replace(self._table.filter(), text=words))

    def _count(self, facet: str) -> None:
        board, chosen, now = self._live.board, self._table.filter(), self._live.now()
        if board is None:
            return
        self._ops.read(
            lambda progress: tally(board, chosen, facet, now, lambda: not progress.cancelled()),
            lambda counts: self._chips.set_tally(facet, counts, board.names),
            key="board/facet",
            owner=self,
        )

    def _show(self) -> None:
        chosen = self._table.filter()
        self._toolbar.show_scope(chosen.scope)
        self._toolbar.show_words(chosen.text)
        self._chips.show_filter(chosen)
        has_evidence = without_evidence(chosen) != chosen
        self._toolbar.show_filter(
            narrowed=is_narrowed(chosen),
            evidence_name=(self._evidence_name or _("Selected tickets")) if has_evidence else "",
        )

    def _show_shown(self, *_args: object) -> None:
        self._toolbar.show_shown(self._table.shown(), len(self._table.selected_tickets()))

    def _pad(self) -> None:
        self._column.setSpacing(theme.px(4))
