"""The foot of the rail: who is signed in, and as what."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from console.views import theme

_HEIGHT = 64
_ICON = 18


class PersonButton(QAbstractButton):
    """Icon, name and role below one another; it opens what the person can do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._roles, self._icon = "", "", "user"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.notifier().changed.connect(self.updateGeometry)

    def show_person(self, name: str, roles: str, spoken: str) -> None:
        """Name and roles in words; ``spoken`` is the tooltip, and what a screen reader says."""
        self._name, self._roles = name, roles
        self.setToolTip(spoken)
        self.setAccessibleName(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        return QSize(0, theme.px(_HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line above, icon, name, role."""
        del event
        with QPainter(self) as painter:
            lit = self.underMouse() or self.isDown()
            painter.fillRect(self.rect(), theme.color("hover" if lit else "surface"))
            painter.fillRect(0, 0, self.width(), 1, theme.color("hairline"))
            side, top = theme.px(_ICON), theme.px(8)
            picture = theme.pixmap(self._icon, "text_muted", _ICON, self.devicePixelRatioF())
            painter.drawPixmap(QRect((self.width() - side) // 2, top, side, side), picture)
            for line, (words, ink) in enumerate(((self._name, "text"), (self._roles, "text_muted"))):
                painter.setFont(theme.font("small"))
                painter.setPen(theme.color("text" if ink == "text" else "text_muted"))
                box = QRect(theme.px(3), top + side + theme.px(2 + 15 * line), self.width() - theme.px(6), theme.px(15))
                shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, box.width())
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, shown)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
                painter.setPen(QPen(theme.color("focus"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.px(4), theme.px(4))
