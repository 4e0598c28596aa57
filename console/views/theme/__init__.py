"""The look: colours by meaning, text sizes, the 4 px grid, icons and states, in light and dark and at any scale.

Dense and calm: neutral surfaces, one accent, colour only where something needs a person. Widgets ask `current` when
they paint, so they follow a switch by themselves; those that hold icons or pixmaps listen to `notifier().changed`.
"""

from console.views.theme.icons import icon, pixmap
from console.views.theme.look import (
    CONTROL_HEIGHT,
    FAMILY,
    GRID,
    ROW_HEIGHT,
    TEXT_PIXELS,
    TextSize,
    Theme,
    color,
    current,
    font,
    notifier,
    px,
)
from console.views.theme.states import State, draw
from console.views.theme.style import MODES, SCALES, Mode, apply, mode, system_name
from console.views.theme.tokens import ColorName

__all__ = [
    "CONTROL_HEIGHT",
    "FAMILY",
    "GRID",
    "MODES",
    "ROW_HEIGHT",
    "SCALES",
    "TEXT_PIXELS",
    "ColorName",
    "Mode",
    "State",
    "TextSize",
    "Theme",
    "apply",
    "color",
    "current",
    "draw",
    "font",
    "icon",
    "mode",
    "notifier",
    "pixmap",
    "px",
    "system_name",
]
