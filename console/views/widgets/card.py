"""A card in the middle of the window: a form or a few words that need an answer before the work goes on."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from console.views import theme
from console.views.widgets.labels import label
from console.views.widgets.popover import Popover

_WIDTH = 400


class Card(Popover):
    """Put content into `body`, between the title and `foot`, the row of buttons. Escape closes."""

    def __init__(self, window: QWidget, title: str, *, width: int = _WIDTH) -> None:
        super().__init__(window, title)
        self._width = width
        self.body.addWidget(label(title, "title"))
        self.foot = QHBoxLayout()
        self.foot.setSpacing(theme.px(8))

    def add_text(self, text: str) -> QLabel:
        """A paragraph."""
        made = label(text, wrap=True)
        made.setMinimumWidth(theme.px(self._width))
        self.body.addWidget(made)
        return made

    def add_field(self, name: str, field: QWidget) -> None:
        """A field below its name."""
        named = label(name, "muted")
        named.setBuddy(field)
        field.setAccessibleName(name)
        field.setMinimumWidth(theme.px(self._width))
        self.body.addWidget(named)
        self.body.addWidget(field)

    def add_foot(self, *buttons: QWidget) -> None:
        """The buttons, at the right."""
        self.foot.addStretch(1)
        for made in buttons:
            self.foot.addWidget(made)
        self.body.addSpacing(theme.px(4))
        self.body.addLayout(self.foot)

    def open(self) -> None:
        """Open in the middle of the window, with the focus inside."""
        window = self.parentWidget()
        if window is not None:
            self.open_beside(window)

    def place(self) -> None:
        """In the middle, or as much of it as fits."""
        window = self.parentWidget()
        if window is None:
            return
        # Wrapped words know their height only at their width.
        size = self.sizeHint().boundedTo(window.size())
        height = max(size.height(), self.body.totalHeightForWidth(size.width()))
        size.setHeight(min(height, window.height()))
        self.setGeometry(
            (window.width() - size.width()) // 2, (window.height() - size.height()) // 2, size.width(), size.height()
        )
