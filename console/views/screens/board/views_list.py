"""The list of saved views: choose one, save what is on the screen, rename, move, delete."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from console.i18n import _
from console.views import theme
from console.views.screens.board.saved_views import MOST_KEYS, MOST_LETTERS
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_WIDTH = 288
_MOST_ROWS = 10


class ViewsList(Popover):
    """``view_chosen`` and ``delete_requested`` carry a place, ``move_requested`` a place and a step,
    ``rename_requested`` a place and the new name, ``save_requested`` the name for what is on the screen."""

    view_chosen = Signal(int)
    delete_requested = Signal(int)
    move_requested = Signal(int, int)
    rename_requested = Signal(int, str)
    save_requested = Signal(str)

    def __init__(self, window: QWidget, names: Sequence[str], current: int | None) -> None:
        super().__init__(window, _("Saved views"))
        self._renaming = False
        self._list = _Names(_("Saved views"))
        self._list.itemActivated.connect(self._on_activated)
        self._list.itemClicked.connect(self._on_activated)
        self._list.itemChanged.connect(self._on_changed)
        self._list.delete_requested.connect(lambda: self.delete_requested.emit(self._list.currentRow()))
        self._list.step_requested.connect(lambda step: self.move_requested.emit(self._list.currentRow(), step))
        self.body.addWidget(label(_("Saved views"), "title"))
        self.body.addWidget(self._list)
        self.body.addLayout(self._tools())
        self.body.addLayout(self._saving())
        self.show_names(names, current)

    def show_names(self, names: Sequence[str], current: int | None) -> None:
        """Show these views, the current one marked."""
        self._renaming = True
        self._list.clear()
        for place, name in enumerate(names):
            item = QListWidgetItem(name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            keys = f"Alt+{place + 1}" if place < MOST_KEYS else ""
            item.setSizeHint(QSize(0, theme.px(theme.ROW_HEIGHT)))
            item.setToolTip(keys)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name} {keys}".strip())
            if place == current:
                item.setFont(theme.font(strong=True))
            self._list.addItem(item)
        self._list.setCurrentRow(current if current is not None else 0 if names else -1)
        rows = min(max(len(names), 1), _MOST_ROWS)
        self._list.setFixedSize(theme.px(_WIDTH), rows * theme.px(theme.ROW_HEIGHT) + 2)
        self._renaming = False
        if self.isVisible():
            # There may be a row more than when it was opened.
            self.body.activate()
            self.place()

    def select(self, place: int) -> None:
        """Put the focus on a view."""
        self._list.setCurrentRow(place)

    def focus_target(self) -> QWidget | None:
        """The list."""
        return self._list

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        row.addWidget(label(_("Alt and a digit opens a view"), "small"), 1)
        for icon, name, keys, run in (
            ("arrow-up", _("Move up"), "Ctrl+↑", lambda: self.move_requested.emit(self._list.currentRow(), -1)),
            ("arrow-down", _("Move down"), "Ctrl+↓", lambda: self.move_requested.emit(self._list.currentRow(), 1)),
            ("tag", _("Rename"), "F2", self._rename),
            ("trash", _("Delete"), "Del", lambda: self.delete_requested.emit(self._list.currentRow())),
        ):
            made = IconButton(icon, name)
            made.set_name(name, keys)
            made.clicked.connect(run)
            row.addWidget(made)
        return row

    def _saving(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        self._name = QLineEdit()
        self._name.setMaxLength(MOST_LETTERS)
        self._name.setPlaceholderText(_("Name for what you see now"))
        self._name.setAccessibleName(_("Name for what you see now"))
        self._name.returnPressed.connect(self._on_save)
        save = button(_("Save view"))
        save.clicked.connect(self._on_save)
        row.addWidget(self._name, 1)
        row.addWidget(save)
        return row

    def _rename(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.editItem(item)

    def _on_save(self) -> None:
        name = self._name.text().strip()
        if name:
            self._name.clear()
            self.save_requested.emit(name)
        else:
            self._name.setFocus()

    def _on_activated(self, item: QListWidgetItem) -> None:
        place = self._list.row(item)
        self.close_now()
        self.view_chosen.emit(place)

    def _on_changed(self, item: QListWidgetItem) -> None:
        if not self._renaming:
            self.rename_requested.emit(self._list.row(item), item.text().strip())


class _Names(QListWidget):
    """F2 renames, Delete deletes, Ctrl with an arrow moves."""

    delete_requested = Signal()
    step_requested = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys beside those of every list."""
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Delete:
            self.delete_requested.emit()
        elif with_control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step_requested.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
