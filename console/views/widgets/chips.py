"""A filter as a chip: says what it filters by, and opens a list to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QSizePolicy, QToolButton, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import button
from console.views.widgets.options import Option, OptionLine, OptionModel
from console.views.widgets.popover import Popover
from console.views.widgets.search import SearchField

_SEARCH_FROM = 9
_MOST_ROWS = 12
_LIST_WIDTH = 224
_CHOICE_WIDTH = 160


class FilterChip(QToolButton):
    """A dropdown of many choices. ``chosen`` carries the frozenset of keys that a person picked; empty means *any*."""

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._options: tuple[Option, ...] = ()
        self._keys: frozenset[object] = frozenset()
        self._popover: _OptionsPopover | None = None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", "chip")
        self.clicked.connect(self.open_list)
        self._show()
        theme.notifier().changed.connect(self._show)

    def set_name(self, name: str) -> None:
        """What it filters by, for example *Channel*."""
        self._name = name
        self._show()

    def set_options(self, options: Iterable[Option]) -> None:
        """What can be chosen, in this order; an open list is updated in place."""
        self._options = tuple(options)
        if self._popover is not None:
            self._popover.model.set_options(self._options)
        self._show()

    def keys(self) -> frozenset[object]:
        """What is chosen."""
        return self._keys

    def set_keys(self, keys: Iterable[object]) -> None:
        """Choose without telling."""
        self._keys = frozenset(keys)
        self._show()

    def open_list(self) -> None:
        """Open the list beside the chip."""
        if self._popover is not None:
            self._popover.close_now()
            return
        popover = _OptionsPopover(self.window(), self._name, self._options, self._keys)
        self._popover = popover
        popover.model.chosen.connect(self._on_chosen)
        popover.closed.connect(self._on_closed)
        popover.open_beside(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Return open; Delete and Backspace clear."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_list()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._keys:
            self._on_chosen(frozenset())
        else:
            super().keyPressEvent(event)

    def _on_chosen(self, keys: frozenset[object]) -> None:
        self.set_keys(keys)
        self.chosen.emit(keys)

    def _on_closed(self) -> None:
        if self._popover is not None:
            self._popover.deleteLater()
            self._popover = None

    def _show(self) -> None:
        chosen = [option.text for option in self._options if option.key in self._keys]
        active = bool(self._keys)
        words = self._name
        if chosen:
            # Names of queues and agents come from outside and may be of any length.
            first = self.fontMetrics().elidedText(chosen[0], Qt.TextElideMode.ElideRight, theme.px(_CHOICE_WIDTH))
            words = _("{name}: {choice}").format(name=self._name, choice=first)
            if len(chosen) > 1:
                words = _("{name}: {choice} +{n}").format(name=self._name, choice=first, n=len(chosen) - 1)
        self.setText(words)
        self.setToolTip(_(", ").join(chosen))
        spoken = _(", ").join(chosen) or _("any")
        self.setAccessibleName(f"{self._name}: {spoken}")
        self.setIcon(theme.icon("chevron-down", "accent" if active else "text_muted", 14))
        self.setIconSize(QSize(theme.px(14), theme.px(14)))
        if self.property("active") != active:
            self.setProperty("active", active)
            self.style().unpolish(self)
            self.style().polish(self)


class _OptionsPopover(Popover):
    """The open list: a search field when it is long, check boxes with counts, *Clear*."""

    def __init__(self, window: QWidget, name: str, options: Sequence[Option], keys: frozenset[object]) -> None:
        super().__init__(window, name)
        self.model = OptionModel(options, keys, self)
        self._list = _OptionList(name)
        self._list.setModel(self.model)
        if len(options) >= _SEARCH_FROM:
            self._search = SearchField(_("Find in {name}").format(name=name))
            self._search.words_changed.connect(self.model.find)
            self._search.results_requested.connect(self._list.setFocus)
            self.body.addWidget(self._search)
        self.body.addWidget(self._list)
        rows = min(max(len(options), 1), _MOST_ROWS)
        self._list.setFixedSize(theme.px(_LIST_WIDTH), rows * theme.px(theme.ROW_HEIGHT) + 2)
        foot = QHBoxLayout()
        clear = button(_("Clear"), "link")
        clear.clicked.connect(self.model.clear)
        foot.addWidget(clear)
        foot.addStretch(1)
        self.body.addLayout(foot)
        if options:
            self._list.setCurrentIndex(self.model.index(0))


class _OptionList(QListView):
    """Space and Return tick the current row, a press ticks the row under the pointer."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setItemDelegate(OptionLine(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(lambda index: index.model().toggle(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick by key."""
        model = self.model()
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(model, OptionModel):
            model.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)
