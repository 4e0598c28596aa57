"""A strip across the window that says what is wrong and what to do about it, until it is over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.i18n import _
from console.views import theme
from console.views.widgets.buttons import IconButton, button
from console.views.widgets.labels import StateMark, label


class Banner(QWidget):
    """One strip. ``action_requested`` fires when its button is pressed, ``dismissed`` when a person closed it."""

    action_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = theme.State.INFO
        self._mark = StateMark(self._state)
        self._text = label(wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = button("")
        self._close = IconButton("x", _("Dismiss"))
        row = QHBoxLayout(self)
        self._row = row
        for piece in (self._mark, self._text, self._action, self._close):
            row.addWidget(piece)
        row.setStretch(1, 1)
        self._action.clicked.connect(self.action_requested)
        self._close.clicked.connect(self._on_close)
        self.hide()
        self._pad()
        theme.notifier().changed.connect(self._pad)

    def show_message(self, text: str, state: theme.State, action: str = "", *, dismissible: bool = False) -> None:
        """Show the strip; without ``action`` there is no button. Tells screen readers when the text is new."""
        new = text != self._text.text() or self.isHidden()
        self._state = state
        self._mark.set_state(state)
        self._text.setText(text)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._close.setVisible(dismissible)
        self._close.set_name(_("Dismiss"))
        self.setAccessibleName(f"{_(state.word)}: {text}")
        self.show()
        self.update()
        if new and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """What it told is over."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint of the state and a line below."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color(self._state.soft))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("hairline"))
            painter.fillRect(0, 0, theme.px(3), self.height(), theme.color(self._state.ink))

    def _on_close(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _pad(self) -> None:
        self._row.setContentsMargins(theme.px(12), theme.px(4), theme.px(8), theme.px(4))
        self._row.setSpacing(theme.px(8))
