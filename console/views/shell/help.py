"""All keys on one card, made from the actions themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_PER_COLUMN = 16


class KeyGroup(NamedTuple):
    """A heading with its keys: pairs of what it does and the native text of the key."""

    title: str
    keys: Sequence[tuple[str, str]]


def keys_of(actions: Sequence[QAction]) -> list[tuple[str, str]]:
    """What the actions with a shortcut do, and the first key of each."""
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (action.text(), action.shortcut().toString(native)) for action in actions if not action.shortcut().isEmpty()
    ]


class ShortcutCard(Popover):
    """Opens in the middle of the window; Escape closes."""

    def __init__(self, window: QWidget, groups: Sequence[KeyGroup]) -> None:
        super().__init__(window, _("Keyboard shortcuts"))
        self.body.addWidget(label(_("Keyboard shortcuts"), "title"))
        self._keys = QWidget()
        columns = QHBoxLayout(self._keys)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(theme.px(32))
        for group in groups:
            for start in range(0, len(group.keys), _PER_COLUMN):
                part = group.keys[start : start + _PER_COLUMN]
                columns.addLayout(_column(group.title if not start else "", part))
        self._scroll = QScrollArea()
        self._scroll.setAccessibleName(_("Keyboard shortcuts"))
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self._keys)
        self._keys.setAutoFillBackground(False)
        self.body.addWidget(self._scroll)
        self.body.addWidget(label(_("Tab moves between controls, Escape closes what is open."), "small"))

    def place(self) -> None:
        """In the middle."""
        window = self.parentWidget()
        if window is not None:
            self._scroll.setFixedSize(0, 0)
            edges, rest = self.body.contentsMargins(), self.body.totalSizeHint().height()
            around = QSize(edges.left() + edges.right(), rest)
            self._scroll.setFixedSize(self._room(window.size() - around))
            self.body.activate()
            size = self.sizeHint().boundedTo(window.size())
            left, top = (window.width() - size.width()) // 2, (window.height() - size.height()) // 2
            self.setGeometry(left, top, size.width(), size.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Measure again: before it is shown the labels do not know their font."""
        super().showEvent(event)
        self.place()

    def _room(self, most: QSize) -> QSize:
        """What the keys need, with the bars that large text in a small window makes necessary."""
        need, bar = self._keys.sizeHint(), self._scroll.verticalScrollBar().sizeHint().width()
        high, wide = need.height() > most.height(), need.width() > most.width()
        shown = {True: Qt.ScrollBarPolicy.ScrollBarAlwaysOn, False: Qt.ScrollBarPolicy.ScrollBarAlwaysOff}
        self._scroll.setVerticalScrollBarPolicy(shown[high])
        self._scroll.setHorizontalScrollBarPolicy(shown[wide])
        self._keys.resize(need)
        need += QSize(bar if high else 0, bar if wide else 0)
        return need.boundedTo(most)


def _column(title: str, keys: Sequence[tuple[str, str]]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.px(4))
    column.addWidget(label(title, "muted"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(4))
    for place, (text, key) in enumerate(keys):
        cap = label(key)
        cap.setProperty("kind", "key")
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(cap, place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(label(text), place, 1)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    column.addStretch(1)
    return column
