"""Put a theme into force: Fusion, a palette of our own and a small style sheet."""

from __future__ import annotations

import os
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from console.views.theme import fonts, look
from console.views.theme.sheet import sheet
from console.views.theme.tokens import ColorName

Mode = Literal["light", "dark", "system"]
MODES: tuple[Mode, ...] = ("light", "dark", "system")
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)
"""The text and distance scales a user can choose."""

_ROLES: tuple[tuple[QPalette.ColorRole, ColorName], ...] = (
    (QPalette.ColorRole.Window, "surface"),
    (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "raised"),
    (QPalette.ColorRole.AlternateBase, "surface"),
    (QPalette.ColorRole.Text, "text"),
    (QPalette.ColorRole.PlaceholderText, "text_muted"),
    (QPalette.ColorRole.Button, "raised"),
    (QPalette.ColorRole.ButtonText, "text"),
    (QPalette.ColorRole.BrightText, "danger"),
    (QPalette.ColorRole.Highlight, "selection"),
    (QPalette.ColorRole.HighlightedText, "text"),
    (QPalette.ColorRole.Accent, "accent"),
    (QPalette.ColorRole.Link, "accent"),
    (QPalette.ColorRole.LinkVisited, "accent"),
    (QPalette.ColorRole.ToolTipBase, "raised"),
    (QPalette.ColorRole.ToolTipText, "text"),
    (QPalette.ColorRole.Light, "raised"),
    (QPalette.ColorRole.Midlight, "hover"),
    (QPalette.ColorRole.Mid, "hairline"),
    (QPalette.ColorRole.Dark, "control"),
    (QPalette.ColorRole.Shadow, "control"),
)
_TEXT_ROLES = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)

_mode: Mode = "system"
_first_palette_dark: bool | None = None
_listening = False


def apply(app: QApplication, mode: Mode = "system", scale: float = 1.0) -> None:
    """Bring a theme into force for the whole application and tell everybody; may be called again at any time.

    ``system`` follows the desktop where it can be asked and is light elsewhere. Raises ValueError for a scale outside
    1.0 to 2.0.
    """
    global _mode, _first_palette_dark, _listening
    if not 1.0 <= scale <= 2.0:
        raise ValueError(f"scale {scale} is not between 1.0 and 2.0")
    if _first_palette_dark is None:
        window = app.palette().color(QPalette.ColorRole.Window)
        _first_palette_dark = window.lightness() < app.palette().color(QPalette.ColorRole.WindowText).lightness()
        app.setStyle("Fusion")
    if not _listening:
        _listening = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(_on_system_changed)
    fonts.load()
    _mode = mode
    theme = look.use(system_name() if mode == "system" else mode, scale)
    app.setPalette(_palette(theme))
    app.setFont(theme.font())
    app.setStyleSheet(sheet(theme))
    look.notifier().changed.emit()


def mode() -> Mode:
    """The mode that was asked for; ``system`` may show as light or dark."""
    return _mode


def system_name() -> Literal["light", "dark"]:
    """What the desktop asks for; light where it does not say.

    Offscreen and bare X11 answer *unknown*, so the palette that Qt started with and the GTK theme's name are asked too.
    """
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme != Qt.ColorScheme.Unknown:
        return "dark" if scheme == Qt.ColorScheme.Dark else "light"
    gtk = os.environ.get("GTK_THEME", "").lower()
    return "dark" if _first_palette_dark or gtk.endswith((":dark", "-dark")) else "light"


def _on_system_changed() -> None:
    app = QApplication.instance()
    if _mode == "system" and isinstance(app, QApplication):
        apply(app, "system", look.current().scale)


def _palette(theme: look.Theme) -> QPalette:
    palette = QPalette()
    for role, name in _ROLES:
        palette.setColor(role, theme.color(name))
    for role in _TEXT_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, theme.color("text_disabled"))
    palette.setColor(QPalette.ColorGroup.Inactive, QPalette.ColorRole.Highlight, theme.color("selection_inactive"))
    return palette
