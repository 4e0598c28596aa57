"""Labels: one that shortens itself, and one that shows a state by shape, colour and word."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from console.views import theme

Kind = Literal["body", "muted", "small", "title", "figure", "wrong"]


def label(text: str = "", kind: Kind = "body", parent: QWidget | None = None, *, wrap: bool = False) -> QLabel:
    """A label of one of the few kinds there are; plain text only, so that a customer's words are never markup."""
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if kind != "body":
        made.setProperty("kind", kind)
    return made


class ElidedLabel(QLabel):
    """A label that ends in … where there is no room; the whole text is in the tooltip and for screen readers."""

    def __init__(self, text: str = "", kind: Kind = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if kind != "body":
            self.setProperty("kind", kind)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show this text."""
        self._text = text
        self.setAccessibleName(text)
        self._elide()

    def full_text(self) -> str:
        """The text without the shortening."""
        return self._text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten again for the new width."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, max(0, self.width()))
        self.setText(shown)
        self.setToolTip(self._text if shown != self._text else "")


class StateMark(QWidget):
    """The shape of a state alone, beside words that say it."""

    def __init__(self, state: theme.State = theme.State.NEUTRAL, parent: QWidget | None = None, size: int = 10) -> None:
        super().__init__(parent)
        self._size = size
        self._state = state
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def state(self) -> theme.State:
        """What it shows."""
        return self._state

    def set_state(self, state: theme.State) -> None:
        """Show another state."""
        if state is not self._state:
            self._state = state
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        side = theme.px(self._size)
        return QSize(side + 2, side + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape in the middle."""
        del event
        side = theme.px(self._size)
        with QPainter(self) as painter:
            theme.draw(painter, QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side), self._state)
