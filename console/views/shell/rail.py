"""The navigation rail: one button per finished screen, with its key in the tooltip."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from console.i18n import _
from console.views import theme
from console.views.shell.registry import Screen

_WIDTH = 80
_BUTTON_HEIGHT = 56
_ICON = 20


class _RailButton(QToolButton):
    """Icon over word; Up and Down go to its neighbours."""

    def __init__(self, screen: Screen, rail: NavigationRail) -> None:
        super().__init__(rail)
        self.screen_row = screen
        self.setCheckable(True)
        self.setProperty("kind", "rail")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses; Up and Down move the focus."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(key == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Word, icon and tooltip anew."""
        title = _(self.screen_row.title)
        keys = QKeySequence(self.screen_row.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(f"{title} ({keys})" if keys else title)
        self.setIcon(theme.icon(self.screen_row.icon, "text_muted", _ICON, active="accent"))
        self.setIconSize(QSize(theme.px(_ICON), theme.px(_ICON)))
        self.setFixedHeight(theme.px(_BUTTON_HEIGHT))


class NavigationRail(QWidget):
    """``screen_requested`` carries the key of the screen that was pressed."""

    screen_requested = Signal(str)

    def __init__(self, screens: Sequence[Screen], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Screens"))
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, _RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        for screen in screens:
            made = _RailButton(screen, self)
            made.clicked.connect(lambda _checked=False, key=screen.key: self.screen_requested.emit(key))
            self._group.addButton(made)
            self._buttons[screen.key] = made
            column.addWidget(made)
        column.addStretch(1)
        self.retranslate()
        theme.notifier().changed.connect(self.retranslate)

    def add_foot(self, foot: QWidget) -> None:
        """Something at the lower end."""
        column = self.layout()
        if column is not None:
            column.addWidget(foot)

    def mark(self, key: str) -> None:
        """Show which screen is in front."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def retranslate(self) -> None:
        """Words, icons and sizes anew."""
        self.setFixedWidth(theme.px(_WIDTH))
        self.setAccessibleName(_("Screens"))
        for made in self._buttons.values():
            made.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and the line to the right of it."""
        del event
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("surface"))
            painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("hairline"))
