"""The two cards over the window that are made of its actions: the command palette and the list of keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from console.i18n import _
from console.views.screen import ActionSpec, Offer
from console.views.shell.help import KeyGroup, ShortcutCard, keys_of
from console.views.shell.palette import Command, Palette
from console.views.shell.stage import Stage


class WindowCards:
    """``screens`` are the window's actions that bring a screen to the front."""

    def __init__(self, window: QWidget, stage: Stage, screens: Sequence[QAction]) -> None:
        self._window, self._stage, self._screens = window, stage, tuple(screens)

    def open_palette(self) -> None:
        """Everything that can be found or done."""
        current = self._stage.current()
        actions = [*self._screens, *(current.actions() if current else ()), *self._everywhere()]
        commands = [_command(action) for action in actions if action.isEnabled() and action.objectName() != "palette"]
        providers = [provider for screen in self._stage.screens() for provider in screen.providers()]
        self._open(Palette(self._window, commands, providers))

    def open_help(self, title: str) -> None:
        """The keys; ``title`` names the screen in front."""
        groups = [
            KeyGroup(_("Screens"), keys_of(self._screens)),
            KeyGroup(_("Everywhere"), keys_of(self._everywhere())),
        ]
        current = self._stage.current()
        if current is not None and keys_of(current.actions()):
            groups.append(KeyGroup(title, keys_of(current.actions())))
        self._open(ShortcutCard(self._window, groups))

    def _everywhere(self) -> list[QAction]:
        return [action for action in self._window.actions() if action not in self._screens]

    def _open(self, card: Palette | ShortcutCard) -> None:
        card.closed.connect(card.deleteLater)
        card.open_beside(self._window)


def _command(action: QAction) -> Command:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    spec = action.data()
    icon, source = (spec.icon, f"{spec.text} {spec.key}") if isinstance(spec, ActionSpec) else ("", action.text())
    return Command(Offer(action.text(), keys, icon, action.trigger), source)
