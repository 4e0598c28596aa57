"""A short word about what was just done, over the lower edge of the window; it goes by itself, or offers to undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label

_SECONDS = 6.0
_WITH_ACTION_SECONDS = 12.0
_ABOVE_EDGE = 16


class Toast(QWidget):
    """One per window; a new word replaces the old one. It waits while the pointer is over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._mark = StateMark()
        self._text = label()
        self._action = button("", "link")
        self._close = IconButton("x", _("Dismiss"))
        self._run: Callable[[], None] | None = None
        self._muted = False
        self._foot: Callable[[], int] = lambda: 0
        self._row = QHBoxLayout(self)
        for piece in (self._mark, self._text, self._action, self._close):
            self._row.addWidget(piece)
        self._timer = QTimer(self)
        self._timer.setObjectName("toast")
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)
        self._action.clicked.connect(self._on_action)
        self._close.clicked.connect(self.hide)
        window.installEventFilter(self)
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def stand_above(self, foot: Callable[[], int]) -> None:
        """``foot`` gives the height at the window's lower edge that it must leave free."""
        self._foot = foot

    def place(self) -> None:
        """What stands at the lower edge has changed."""
        if not self.isHidden():
            self._place()

    def set_muted(self, muted: bool) -> None:
        """While muted nothing is told, and what was told is gone."""
        self._muted = muted
        if muted:
            self.hide()

    def tell(
        self,
        text: str,
        state: theme.State = theme.State.OK,
        action: str = "",
        run: Callable[[], None] | None = None,
    ) -> None:
        """Show the text, with a button when there is something to ``run``, such as an undo."""
        if self._muted:
            return
        self._mark.set_state(state)
        self._mark.setVisible(state is not theme.State.NEUTRAL)
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(run is not None)
        self._run = run
        self._close.set_name(_("Dismiss"))
        self.setAccessibleName(f"{_(state.word)}: {text}")
        self._place()
        self.show()
        self.raise_()
        self._timer.start(round(1000 * (_SECONDS if run is None else _WITH_ACTION_SECONDS)))
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the window changes its size."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing to wait for any more."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card with the edge of the state."""
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
            painter.setPen(QPen(theme.color("control"), 1))
            painter.setBrush(theme.color("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(4), theme.px(4))

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self._row.activate()
        size = self.sizeHint().boundedTo(window.size())
        left = (window.width() - size.width()) // 2
        top = window.height() - self._foot() - size.height() - theme.px(_ABOVE_EDGE)
        self.setGeometry(left, max(0, top), size.width(), size.height())

    def _on_timeout(self) -> None:
        focus = QApplication.focusWidget()
        if self.underMouse() or (focus is not None and self.isAncestorOf(focus)):
            self._timer.start()
        else:
            self.hide()

    def _on_action(self) -> None:
        run, self._run = self._run, None
        self.hide()
        if run is not None:
            run()

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(4), theme.px(8), theme.px(4))
        self._row.setSpacing(theme.px(8))
