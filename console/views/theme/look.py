"""The theme in force: colours, text sizes and the grid at the chosen scale, and the signal that says it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont

from console.views.theme.tokens import DARK, LIGHT, ColorName, Tokens

FAMILY = "Noto Sans SC"
GRID = 4
"""Every distance is a multiple of this, in pixels at scale 1."""
TextSize = Literal["small", "body", "figure"]
TEXT_PIXELS: Mapping[TextSize, int] = MappingProxyType({"small": 12, "body": 13, "figure": 26})
ROW_HEIGHT = 26
"""A table row at scale 1."""
CONTROL_HEIGHT = 28
"""A button, a chip, a field at scale 1."""


@dataclass(frozen=True)
class Theme:
    """One look. ``scale`` multiplies every text size and distance (1.0 to 2.0)."""

    name: Literal["light", "dark"]
    tokens: Tokens
    scale: float = 1.0
    _colors: dict[str, QColor] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_colors", {name: QColor(value) for name, value in self.tokens.items().items()})

    def color(self, name: ColorName) -> QColor:
        """The colour for a meaning; shared, so never change it in place."""
        return self._colors[name]

    def px(self, pixels: float) -> int:
        """A distance given at scale 1, at this scale."""
        return round(pixels * self.scale)

    def font(self, size: TextSize = "body", *, strong: bool = False) -> QFont:
        """The font of a text size; digits are tabular in every one."""
        return QFont(_font(self.px(TEXT_PIXELS[size]), strong))


@lru_cache(maxsize=64)
def _font(pixels: int, strong: bool) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    # Without hinting the same text has the same pixels and widths on every machine and at every scale.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


class _Notifier(QObject):
    """Says when the theme changed; widgets that hold icons or pixmaps listen."""

    changed = Signal()


_current = Theme("light", LIGHT)
_notifier: _Notifier | None = None


def notifier() -> _Notifier:
    """The object whose ``changed`` signal fires after another theme or scale came into force."""
    global _notifier
    if _notifier is None:
        _notifier = _Notifier()
    return _notifier


def current() -> Theme:
    """The theme in force."""
    return _current


def use(name: Literal["light", "dark"], scale: float) -> Theme:
    """Bring a theme into force without telling anybody; `style.apply` tells."""
    global _current
    _current = Theme(name, LIGHT if name == "light" else DARK, scale)
    return _current


def color(name: ColorName) -> QColor:
    """The colour for a meaning in the theme in force."""
    return _current.color(name)


def px(pixels: float) -> int:
    """A distance given at scale 1, at the scale in force."""
    return _current.px(pixels)


def font(size: TextSize = "body", *, strong: bool = False) -> QFont:
    """The font of a text size at the scale in force."""
    return _current.font(size, strong=strong)
