"""Sizes of a chart: those of the theme, or larger ones that are read from across a room."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QFont

from console.views import theme

LARGE = 1.75
"""Twelve pixels become 21: on a wall screen of 55 inches a letter is then 1 cm high, which is read from two metres (16
minutes of arc, the least that ISO 9241-303 asks for)."""


class Sizes(NamedTuple):
    """Distances and fonts at one scale, ``large`` or as usual; made anew when the theme changes."""

    scale: float
    large: bool = False

    @classmethod
    def of(cls, *, large: bool) -> Sizes:
        """Those of the theme in force."""
        return cls(theme.current().scale * (LARGE if large else 1.0), large)

    def px(self, pixels: float) -> int:
        """A distance given at scale 1."""
        return round(pixels * self.scale)

    def font(self, size: theme.TextSize = "body", *, strong: bool = False) -> QFont:
        """The font of a text size."""
        font = theme.font(size, strong=strong)
        font.setPixelSize(self.px(theme.TEXT_PIXELS[size]))
        return font
