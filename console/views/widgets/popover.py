"""A card that opens over the window beside what was pressed, and goes with Escape or a press elsewhere.

It is a child of the window rather than a window of its own: so it needs no compositor for its shadow, is part of every
snapshot, and can be placed on every platform.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.views import theme
from console.views.widgets.focus import first_control

_SHADOW = 10
_GAP = 2


class Popover(QFrame):
    """Put content into `body`. ``closed`` fires however it went."""

    closed = Signal()

    def __init__(self, window: QWidget, name: str = "") -> None:
        super().__init__(window)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body = QVBoxLayout(self)
        self._anchor: QWidget | None = None
        self._before: QWidget | None = None
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def open_beside(self, anchor: QWidget) -> None:
        """Open below ``anchor``, or above where there is no room, with the focus inside."""
        self._anchor = anchor
        # The window's own idea of its focus, which also holds while another program is in front.
        self._before = self.window().focusWidget()
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        (first_control(self) or self).setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def place(self) -> None:
        """Move to the anchor, inside the window."""
        window, anchor = self.parentWidget(), self._anchor
        if window is None or anchor is None:
            return
        shadow = theme.px(_SHADOW)
        corner = anchor.mapTo(window, QPoint(0, 0))
        area = QRect(corner, anchor.size())
        size = self.sizeHint().boundedTo(window.size())
        x = min(max(area.left() - shadow, 0), window.width() - size.width())
        y = area.bottom() + theme.px(_GAP) - shadow + 1
        if y + size.height() > window.height():
            above = area.top() - theme.px(_GAP) + shadow - size.height()
            y = above if above >= 0 else window.height() - size.height()
        self.setGeometry(x, max(0, y), size.width(), size.height())

    def close_now(self) -> None:
        """Hide, give the focus back and say so; does nothing when it is not open."""
        if not self.isVisible():
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        focus = self.window().focusWidget()
        inside = focus is None or focus is self or self.isAncestorOf(focus)
        self.hide()
        if inside and self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on a press outside; a press on the anchor closes too and goes no further, or it would open again."""
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(watched, QWidget)
            and isinstance(event, QMouseEvent)
        ):
            inside = watched is self or self.isAncestorOf(watched)
            if not inside and not self._is_own_popup(watched):
                self.close_now()
                return watched is self._anchor
        elif event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.place()
        return super().eventFilter(watched, event)

    def _is_own_popup(self, widget: QWidget) -> bool:
        popup = QApplication.activePopupWidget()
        return popup is not None and (popup is widget or popup.isAncestorOf(widget))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_now()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Keep Tab inside while it is open."""
        before = QApplication.focusWidget()
        moved = super().focusNextPrevChild(forward)
        now = QApplication.focusWidget()
        if now is not None and now is not self and not self.isAncestorOf(now):
            (first_control(self) or before or self).setFocus(Qt.FocusReason.TabFocusReason)
        return moved

    def paintEvent(self, event: QPaintEvent) -> None:
        """The shadow and the card."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            shadow = theme.px(_SHADOW)
            card = QRectF(self.rect()).adjusted(shadow, shadow, -shadow, -shadow)
            ink = theme.color("shadow").toRgb()
            whole = ink.alphaF()
            painter.setPen(Qt.PenStyle.NoPen)
            for ring in range(shadow, 0, -1):
                ink.setAlphaF(whole * (1 - ring / shadow) ** 2 * 0.35)
                painter.setBrush(ink)
                painter.drawRoundedRect(card.adjusted(-ring, -ring * 0.6, ring, ring * 1.0), ring + 4, ring + 4)
            painter.setPen(QPen(theme.color("control"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))

    def _pad(self) -> None:
        edge = theme.px(_SHADOW + 12)
        self.body.setContentsMargins(edge, edge, edge, edge)
        self.body.setSpacing(theme.px(8))


def close_cards(window: QWidget) -> None:
    """Close every card that is open over a window: what it stands beside is about to change or to go."""
    for card in window.findChildren(Popover):
        card.close_now()
