"""What a person can switch while the window is open: theme, size of text, language."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from console import i18n
from console.errors import KnownError
from console.views import theme
from console.views.shell import language


class Preferences(QObject):
    """``chosen`` carries a key of the settings (theme, language, scale) and its new value; ``language_changed`` asks
    everybody to set their words again; ``refused`` carries why something could not be switched."""

    chosen = Signal(str, object)
    language_changed = Signal()
    refused = Signal(str)

    def choose(self, key: str, value: object) -> None:
        """Set a key of the settings; theme, language and scale are in force at once."""
        match key:
            case "theme":
                self.set_theme(next((mode for mode in theme.MODES if mode == value), "system"))
            case "language":
                self.set_language(str(value))
            case "scale" if isinstance(value, float):
                self.set_scale(value)
            case _:
                self.chosen.emit(key, value)

    def toggle_theme(self) -> None:
        """Light becomes dark, dark becomes light."""
        self.set_theme("light" if theme.current().name == "dark" else "dark")

    def set_theme(self, mode: theme.Mode) -> None:
        """Bring a theme into force."""
        self._apply(mode, theme.current().scale)
        self.chosen.emit("theme", mode)

    def set_scale(self, scale: float) -> None:
        """Bring a size of text and controls into force, one of `theme.SCALES`."""
        self._apply(theme.mode(), scale)
        self.chosen.emit("scale", scale)

    def step_scale(self, step: int) -> None:
        """The next larger (1) or smaller (-1) size of text and controls."""
        scales, scale = theme.SCALES, theme.current().scale
        nearest = min(range(len(scales)), key=lambda place: abs(scales[place] - scale))
        target = scales[min(max(nearest + step, 0), len(scales) - 1)]
        if target != scale:
            self.set_scale(target)

    def toggle_language(self) -> None:
        """English becomes Chinese, Chinese becomes English."""
        self.set_language("en" if i18n.language() != "en" else "zh_CN")

    def set_language(self, name: str) -> None:
        """Switch the language of everything."""
        try:
            language.use(name)
        except KnownError as error:
            self.refused.emit(str(error))
            return
        self.language_changed.emit()
        self.chosen.emit("language", name)

    def _apply(self, mode: theme.Mode, scale: float) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, mode, scale)
