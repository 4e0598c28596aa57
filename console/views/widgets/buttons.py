"""Buttons that keep their icon in the theme's colours, and the kinds that the style sheet knows."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from console.views import theme

Kind = Literal["plain", "primary", "flat", "link"]


class IconButton(QToolButton):
    """A square button with an icon only. ``name`` is its tooltip and what a screen reader says."""

    def __init__(self, icon: str, name: str, parent: QWidget | None = None, *, meaning: theme.ColorName = "text_muted"):
        super().__init__(parent)
        self._icon = icon
        self._meaning: theme.ColorName = meaning
        self.setProperty("kind", "icon")
        self.set_name(name)
        self._retheme()
        theme.notifier().changed.connect(self._retheme)

    def set_name(self, name: str, keys: str = "") -> None:
        """Say what it does; ``keys`` is shown behind it in the tooltip."""
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({keys})" if keys else name)

    def set_icon(self, icon: str, meaning: theme.ColorName | None = None) -> None:
        """Show another icon of the set."""
        self._icon = icon
        self._meaning = meaning or self._meaning
        self._retheme()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _retheme(self) -> None:
        self.setIcon(theme.icon(self._icon, self._meaning, active="accent"))
        self.setIconSize(QSize(theme.px(16), theme.px(16)))


def button(text: str, kind: Kind = "plain", parent: QWidget | None = None, *, flush: bool = False) -> QPushButton:
    """A push button with words. One ``primary`` at most in a view; a ``flush`` link begins where words above it do."""
    made = _TextButton(text, parent)
    if kind != "plain":
        made.setProperty("kind", kind)
    if flush:
        made.setProperty("flush", True)
    return made


class _TextButton(QPushButton):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it as Space does; Qt does so only in dialogs."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
