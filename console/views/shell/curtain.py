"""Covers the window while the console is locked, and gives everything back as it was."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from console.views.shell.lock_layer import LockLayer
from console.views.shell.stage import Stage
from console.views.widgets.popover import Popover, close_cards

STILL_ALLOWED = frozenset({"theme", "theme_system", "language", "larger", "smaller", "full_screen", "quit"})
"""Actions of the window that show nothing of anybody."""


class Curtain:
    """``body`` is all that the layer takes the place of."""

    def __init__(self, window: QWidget, body: QWidget, stage: Stage, layer: LockLayer) -> None:
        self._window, self._body, self._stage, self._layer = window, body, stage, layer
        self._off: list[QAction] = []
        self._focus: QWidget | None = None

    @property
    def drawn(self) -> bool:
        """Whether the window is covered."""
        return not self._layer.isHidden()

    def draw(self) -> None:
        """Cover the window: what was open is closed, nothing can be started by a key."""
        if self.drawn:
            return
        self._focus = self._window.focusWidget()
        close_cards(self._window)
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                dialog.reject()
        self._off = [
            action
            for action in self._window.actions()
            if action.isEnabled() and action.objectName() not in STILL_ALLOWED
        ]
        for action in self._off:
            action.setEnabled(False)
        self._stage.set_covered(True)
        self._body.hide()
        self._layer.show()

    def close_cards(self, own: Popover | None) -> None:
        """Close what was opened meanwhile by an answer that was on its way, but not ``own``, the lock's own form."""
        for card in self._window.findChildren(Popover):
            if card is not own:
                card.close_now()

    def lift(self) -> None:
        """Everything as it was, the focus too."""
        if not self.drawn:
            return
        self._layer.hide()
        self._body.show()
        self._stage.set_covered(False)
        for action in self._off:
            action.setEnabled(True)
        self._off.clear()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
