"""Covers the window while the console is locked, and gives everything back as it was."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from shiboken6 import isValid

from console.views.shell.person import PersonControl
from console.views.shell.stage import Stage
from console.views.shell.strip import TopStrip
from console.views.widgets.popover import Popover, close_cards
from console.views.widgets.toast import Toast

STILL_ALLOWED = frozenset({"theme", "theme_system", "language", "larger", "smaller", "full_screen", "quit"})
"""Actions of the window that show nothing of anybody."""


class Curtain:
    """Follows the person. ``body`` is all that the lock's layer takes the place of."""

    def __init__(
        self, window: QWidget, body: QWidget, stage: Stage, strip: TopStrip, toast: Toast, person: PersonControl
    ) -> None:
        self._window, self._body, self._stage, self._strip, self._toast = window, body, stage, strip, toast
        self._person, self._layer = person, person.layer
        self._off: list[QAction] = []
        self._focus: QWidget | None = None
        person.lock_changed.connect(self._on_lock_changed)

    @property
    def drawn(self) -> bool:
        """Whether the window is covered."""
        return not self._layer.isHidden()

    def tick(self) -> None:
        """Call once a second: what was opened meanwhile by an answer on its way is closed, the layer shows the time."""
        if not self.drawn:
            return
        for card in self._window.findChildren(Popover):
            if card is not self._person.card:
                card.close_now()
        self._layer.set_escalations(self._strip.open_escalations)
        self._layer.tick()

    def draw(self) -> None:
        """Cover the window: what was open is closed, nothing can be started by a key."""
        if self.drawn:
            return
        self._toast.set_muted(True)
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
        self.tick()

    def lift(self) -> None:
        """Everything as it was, the focus too."""
        if not self.drawn:
            return
        self._layer.hide()
        self._strip.tick()
        self._body.show()
        self._toast.set_muted(False)
        self._stage.set_covered(False)
        for action in self._off:
            action.setEnabled(True)
        self._off.clear()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()

    def _on_lock_changed(self, locked: bool) -> None:
        if locked:
            self.draw()
        else:
            self.lift()
