"""The sections at the left: one is in front, and each says how many of its keys are changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyleOptionViewItem, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.options import TALLY_ROLE, OptionLine

_KEY_ROLE = TALLY_ROLE + 1
_WIDTH = 216
_HEIGHT = 32


class _SectionLine(OptionLine):
    """The row of a section: as wide as the list, its words with room before them."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The ground of the one in front, then words and count."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("selection"))
            option.state &= ~QStyle.StateFlag.State_Selected
        option.rect.adjust(theme.px(8), 0, 0, 0)
        super().paint(painter, option, index)


class SectionList(QListWidget):
    """``chosen`` carries the key of the section that a person went to."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_SectionLine(self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._on_current)

    def set_sections(self, sections: Sequence[tuple[str, str]]) -> None:
        """Pairs of key and words; the one in front stays there."""
        before = self.key()
        self.blockSignals(True)
        self.clear()
        for key, words in sections:
            item = QListWidgetItem(words)
            item.setData(_KEY_ROLE, key)
            item.setSizeHint(QSize(0, theme.px(_HEIGHT)))
            self.addItem(item)
        self.blockSignals(False)
        self.setFixedWidth(theme.px(_WIDTH))
        self.setAccessibleName(_("Sections"))
        self.choose(before or (sections[0][0] if sections else ""))

    def key(self) -> str:
        """The section in front; empty for none, as while something is searched."""
        item = self.currentItem()
        return str(item.data(_KEY_ROLE)) if item is not None else ""

    def choose(self, key: str) -> None:
        """Bring a section to the front without telling; an empty key for none."""
        self.blockSignals(True)
        rows = (row for row in range(self.count()) if self.item(row).data(_KEY_ROLE) == key)
        row = next(rows, None)
        if row is None:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        else:
            self.setCurrentRow(row)
        self.blockSignals(False)
        self.viewport().update()

    def set_counts(self, counts: dict[str, int]) -> None:
        """How many keys of each section are changed."""
        for row in range(self.count()):
            item = self.item(row)
            count = counts.get(str(item.data(_KEY_ROLE)), 0)
            item.setData(TALLY_ROLE, str(count) if count else "")

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(str(item.data(_KEY_ROLE)))
