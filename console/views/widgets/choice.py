"""One choice out of a few words behind a button; a turn of the wheel over it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from console.views import theme


class ChoiceButton(QToolButton):
    """``chosen`` carries the key that a person picked."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``choices`` are pairs of key and words; the first is in force. ``name`` is what a screen reader says."""
        super().__init__(parent)
        self._name = name
        self._choices = dict(choices)
        self._key = next(iter(self._choices), "")
        self._menu: QMenu | None = None
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setProperty("kind", "chip")
        self.clicked.connect(self.open_menu)
        self._show()
        theme.notifier().changed.connect(self._show)

    def choice(self) -> str:
        """The key in force."""
        return self._key

    def choose(self, key: str) -> None:
        """Bring a choice into force without telling; one that nobody knows is shown as it is."""
        self._key = key
        self._show()

    def open_menu(self) -> None:
        """Open the list below the button."""
        if self._menu is None:
            self._menu = QMenu(self)
            group = QActionGroup(self._menu)
            for key, words in self._choices.items():
                action = QAction(words, self._menu)
                action.setCheckable(True)
                action.setData(key)
                group.addAction(action)
                self._menu.addAction(action)
            self._menu.triggered.connect(self._on_triggered)
        for action in self._menu.actions():
            action.setChecked(action.data() == self._key)
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Return open."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def _on_triggered(self, action: QAction) -> None:
        key = str(action.data())
        if key != self._key:
            self.choose(key)
            self.chosen.emit(key)

    def _show(self) -> None:
        words = self._choices.get(self._key, self._key)
        self.setText(words)
        self.setAccessibleName(f"{self._name}: {words}")
        self.setIcon(theme.icon("chevron-down", "text_muted", 14))
        self.setIconSize(QSize(theme.px(14), theme.px(14)))
        self.setFixedHeight(theme.px(theme.CONTROL_HEIGHT))
