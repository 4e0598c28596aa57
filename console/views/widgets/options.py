"""The list of choices behind a filter chip, with ticks and counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console.views import theme


class Option(NamedTuple):
    """One choice; ``tally`` is how many it would leave, already in words, empty where nobody counted."""

    key: object
    text: str
    tally: str = ""


TALLY_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class OptionModel(QAbstractListModel):
    """Rows of options. ``chosen`` carries the frozenset of ticked keys after a person changed it."""

    chosen = Signal(object)

    def __init__(self, options: Iterable[Option], keys: Iterable[object] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = tuple(options)
        self._shown = self._all
        self._words = ""
        self._keys = set(keys)

    def rowCount(self, parent: _Index | None = None) -> int:
        """How many match the words."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text with its count, tick, height."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        option = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return option.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{option.text}, {option.tally}" if option.tally else option.text
        if role == TALLY_ROLE:
            return option.tally
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if option.key in self._keys else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(0, theme.px(theme.ROW_HEIGHT))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Ticking is done by `toggle`, so that a press anywhere on the row counts once."""
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def set_options(self, options: Iterable[Option]) -> None:
        """Other choices; ticks and words stay. Repaints only when just the counts changed."""
        fresh = tuple(options)
        same = [option.key for option in fresh] == [option.key for option in self._all]
        self._all = fresh
        if same:
            self._shown = self._matching()
            self._repaint()
        else:
            self.find(self._words)

    def find(self, words: str) -> None:
        """Show the options whose text holds these words."""
        self.beginResetModel()
        self._words = words
        self._shown = self._matching()
        self.endResetModel()

    def toggle(self, row: int) -> None:
        """Tick or untick a shown row and tell."""
        if 0 <= row < len(self._shown):
            self._keys ^= {self._shown[row].key}
            index = self.index(row)
            self.dataChanged.emit(index, index)
            self.chosen.emit(frozenset(self._keys))

    def clear(self) -> None:
        """Untick everything and tell."""
        if self._keys:
            self._keys.clear()
            self._repaint()
            self.chosen.emit(frozenset())

    def _matching(self) -> tuple[Option, ...]:
        words = self._words.casefold().split()
        return tuple(option for option in self._all if all(word in option.text.casefold() for word in words))

    def _repaint(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))


class OptionLine(QStyledItemDelegate):
    """A row of the list: tick and words as always, the tally at the right; what would leave nothing is dimmed."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row, then its tally."""
        tally = str(index.data(TALLY_ROLE) or "")
        if tally == "0":
            muted = theme.color("text_muted")
            option.palette.setColor(QPalette.ColorRole.Text, muted)
            option.palette.setColor(QPalette.ColorRole.HighlightedText, muted)
        super().paint(painter, option, index)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_muted"))
        box = option.rect.adjusted(0, 0, -theme.px(8), 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tally)
