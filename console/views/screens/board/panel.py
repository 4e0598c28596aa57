"""The frame of a panel: its title, what it says in sum, and its table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.screens.board.panel_view import PanelView
from console.views.widgets.labels import ElidedLabel, label


class Panel(QWidget):
    """A title with a line in sum above a table. Subclasses fill it."""

    filter_requested = Signal(object)
    """A wish to see the tickets behind a row: a mapping of a filter's column to its values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = label(kind="title")
        self._sum = ElidedLabel(kind="small")
        self._view = PanelView("")
        self._age = ""
        self._head = QHBoxLayout()
        self._head.addWidget(self._title)
        self._head.addWidget(self._sum, 1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self._view, 1)
        self._pad()
        theme.notifier().changed.connect(self._pad)

    @property
    def view(self) -> PanelView:
        """The table."""
        return self._view

    def set_head(self, title: str, summary: str) -> None:
        """The words above the table."""
        self._title.setText(title)
        self._sum.set_text(_("data {age} old").format(age=self._age) if self._age else summary)
        self._view.setAccessibleName(title)
        self._view.setAccessibleDescription(summary)

    def add_foot(self, foot: QWidget) -> None:
        """Put something below the table."""
        self._column.addWidget(foot)

    def set_age(self, age: str) -> None:
        """How old the data is, in words, when it is too old to trust: everything goes grey then."""
        if age != self._age:
            self._age = age
            self._view.set_stale(bool(age))
            self.refresh()

    @property
    def stale(self) -> bool:
        """Whether the data is too old to trust."""
        return bool(self._age)

    def refresh(self) -> None:
        """Show what is true now; subclasses do."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of what is read."""
        del event
        QPainter(self).fillRect(self.rect(), theme.color("raised"))

    def _pad(self) -> None:
        self._head.setContentsMargins(theme.px(8), theme.px(4), theme.px(8), theme.px(4))
        self._head.setSpacing(theme.px(8))
