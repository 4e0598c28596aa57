"""The suggested steps of an entry: a number to press, what it would do, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from console.models.queries.inbox_advice import Suggestion
from console.views import theme

_MOST = 9
_KEY = 22


class AdviceList(QWidget):
    """``chosen`` carries the place of a suggestion, from 0 on."""

    chosen = Signal(int)

    def __init__(self, zone: tzinfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._shown: tuple[Suggestion, ...] = ()
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def suggestions(self) -> Sequence[Suggestion]:
        """What is offered, in order."""
        return self._shown

    def show_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Offer these."""
        self._shown = tuple(suggestions[:_MOST])
        while len(self._rows) < len(self._shown):
            row = _Row(len(self._rows))
            row.clicked.connect(lambda _checked=False, place=row.place: self.chosen.emit(place))
            self._rows.append(row)
            self._column.addWidget(row)
        for row in self._rows:
            there = row.place < len(self._shown)
            row.setVisible(there)
            if there:
                suggestion = self._shown[row.place]
                row.show_words(suggestion.title(self._zone), suggestion.reason)
        self.setVisible(bool(self._shown))


class _Row(QAbstractButton):
    """Two lines behind a key cap; the second is shortened, and in full in the tooltip."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place
        self._title = self._reason = ""
        self._hovered = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_words(self, title: str, reason: str) -> None:
        """What it would do, and why."""
        if (title, reason) != (self._title, self._reason):
            self._title, self._reason = title, reason
            self.setAccessibleName(f"{self.place + 1}, {title}")
            self.setAccessibleDescription(reason)
            self.setToolTip(f"{title}\n{reason}")
            self.update()

    def sizeHint(self) -> QSize:
        """Two lines of text."""
        return QSize(theme.px(200), theme.px(40))

    def enterEvent(self, event: QEnterEvent) -> None:
        """The pointer is over it."""
        super().enterEvent(event)
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went away."""
        super().leaveEvent(event)
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Key cap, title, reason."""
        del event
        px = theme.px
        with QPainter(self) as painter:
            if self._hovered or self.isDown():
                painter.fillRect(self.rect(), theme.color("pressed" if self.isDown() else "hover"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            if self.hasFocus():
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(3), px(3))
            cap = QRectF(px(12) + 0.5, px(9) + 0.5, px(_KEY) - 1, px(_KEY) - 1)
            painter.setPen(QPen(theme.color("control"), 1))
            painter.setBrush(theme.color("surface"))
            painter.drawRoundedRect(cap, px(4), px(4))
            painter.setPen(theme.color("text"))
            painter.setFont(theme.font(strong=True))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, str(self.place + 1))
            left = px(12 + _KEY + 10)
            room = self.width() - left - px(12)
            for text, font, ink, base in (
                (self._title, theme.font(strong=True), theme.color("text"), 17),
                (self._reason, theme.font("small"), theme.color("text_muted"), 33),
            ):
                metrics = QFontMetricsF(font)
                painter.setFont(font)
                painter.setPen(ink)
                painter.drawText(left, px(base), metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
