"""What stands where there is nothing to show: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.views import theme
from console.views.widgets.buttons import button
from console.views.widgets.labels import label

_WIDTH = 360


class EmptyState(QWidget):
    """An icon, a sentence, a line of help and perhaps a button."""

    action_requested = Signal()

    def __init__(self, icon: str, title: str, text: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self._picture = QLabel()
        self._title = label(kind="title", wrap=True)
        self._text = label(kind="muted", wrap=True)
        self._action = button("")
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(8))
        column.addStretch(2)
        for piece in (self._picture, self._title, self._text):
            piece.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(piece, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._action.clicked.connect(self.action_requested)
        self.set_words(title, text, action)
        self._retheme()
        theme.notifier().changed.connect(self._retheme)

    def set_words(self, title: str, text: str = "", action: str = "") -> None:
        """Say something else; empty parts take no room."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(f"{title} {text}".strip())
        self._fit()

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._retheme()

    def _retheme(self) -> None:
        self._picture.setPixmap(theme.pixmap(self._icon, "text_muted", 32, self.devicePixelRatioF()))
        self._fit()

    def _fit(self) -> None:
        width = theme.px(_WIDTH)
        for piece in (self._title, self._text):
            piece.ensurePolished()
            # A layout asks a centred label for one line only.
            piece.setFixedSize(width, max(0, piece.heightForWidth(width)))
