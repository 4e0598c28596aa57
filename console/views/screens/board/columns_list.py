"""The column chooser: which columns the table shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from console.i18n import _
from console.views import theme
from console.views.tables.ticket_columns import COLUMNS, DEFAULT, title
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_WIDTH = 240
_MOST_ROWS, _LEAST_ROWS = 14, 3
_AROUND = 136
"""Title, foot and edges, at scale 1: with large text in a low window the list is shorter."""


class ColumnsList(Popover):
    """``columns_chosen`` carries the keys of the ticked columns from left to right, after every change."""

    columns_chosen = Signal(object)

    def __init__(self, window: QWidget, shown: Sequence[str]) -> None:
        super().__init__(window, _("Columns"))
        self._filling = False
        self._list = _Columns(_("Columns"))
        self._list.itemChanged.connect(self._tell)
        self._list.moved.connect(self._tell)
        self.body.addWidget(label(_("Columns"), "title"))
        self.body.addWidget(self._list)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(4))
        reset = button(_("As shipped"), "link")
        reset.clicked.connect(self._on_reset)
        foot.addWidget(reset)
        foot.addStretch(1)
        for icon, name, keys, step in (
            ("arrow-up", _("Move up"), "Ctrl+↑", -1),
            ("arrow-down", _("Move down"), "Ctrl+↓", 1),
        ):
            made = IconButton(icon, name)
            made.set_name(name, keys)
            made.clicked.connect(lambda _checked=False, step=step: self._list.step(step))
            foot.addWidget(made)
        self.body.addLayout(foot)
        row = theme.px(theme.ROW_HEIGHT)
        rows = max(_LEAST_ROWS, min(_MOST_ROWS, (window.height() - theme.px(_AROUND)) // row))
        self._list.setFixedSize(theme.px(_WIDTH), rows * row + 2)
        self._fill(shown)

    def chosen(self) -> list[str]:
        """The ticked columns from left to right."""
        items = [self._list.item(place) for place in range(self._list.count())]
        return [
            str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == Qt.CheckState.Checked
        ]

    def focus_target(self) -> QWidget | None:
        """The list."""
        return self._list

    def _fill(self, shown: Sequence[str]) -> None:
        self._filling = True
        self._list.clear()
        by_key = {column.key: column for column in COLUMNS}
        hidden = [column.key for column in COLUMNS if column.key not in shown]
        for key in (*shown, *hidden):
            item = QListWidgetItem(title(by_key[key]))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setSizeHint(QSize(0, theme.px(theme.ROW_HEIGHT)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in shown else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._filling = False

    def _on_reset(self) -> None:
        self._fill(DEFAULT)
        self._tell()

    def _tell(self) -> None:
        chosen = self.chosen()
        # A table without a column could not be brought back by its header.
        if chosen and not self._filling:
            self.columns_chosen.emit(chosen)


class _Columns(QListWidget):
    """Space ticks, Ctrl with an arrow or the pointer moves."""

    moved = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model().rowsMoved.connect(lambda *_where: self.moved.emit())

    def step(self, step: int) -> None:
        """Move the current column one place."""
        place = self.currentRow()
        if 0 <= place < self.count() and 0 <= place + step < self.count():
            self.insertItem(place + step, self.takeItem(place))
            self.setCurrentRow(place + step)
            self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys beside those of every list."""
        with_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if with_control and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)
