"""The shell's own actions as a table; shortcuts, palette and the list of keys are made from it."""

from __future__ import annotations

from console.i18n import N_
from console.views.screen import ActionSpec

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("palette", N_("Find anything: tickets, agents, screens, actions"), "Ctrl+K", "command"),
    ActionSpec("help", N_("Keyboard shortcuts"), "F1", "keyboard", also=("?",)),
    ActionSpec("present", N_("Return to the present"), "Ctrl+Shift+P", "player-skip-forward"),
    ActionSpec("next_region", N_("Next part of the window"), "F6", "arrow-right"),
    ActionSpec("detach", N_("Screen in a window of its own, or back"), "Ctrl+Shift+D", "external-link"),
    ActionSpec("theme", N_("Light or dark"), "Ctrl+Shift+L", "contrast"),
    ActionSpec("theme_system", N_("Light or dark as the desktop"), "", "adjustments"),
    ActionSpec("language", N_("中文 / English"), "Ctrl+Shift+E", "language"),
    ActionSpec("larger", N_("Larger text"), "Ctrl+=", "plus", also=("Ctrl++",)),
    ActionSpec("smaller", N_("Smaller text"), "Ctrl+-", "minus"),
    ActionSpec("full_screen", N_("Full screen"), "F11", "app-window"),
    ActionSpec("quit", N_("Quit"), "Ctrl+Q", "x"),
)
