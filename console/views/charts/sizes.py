"""Sizes of a chart: those of the theme, or larger ones that are read from across a room."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QFont

from console.views import theme

LARGE = 1.75
"""Twelve pixels become 21: on a wall screen of 55 inches a letter is then 1 cm high, which is read from two metres (16
minutes of arc, the least that ISO 9241-303 asks for)."""


class Sizes(NamedTuple):
    """Distances and fonts, both times ``factor``."""

    factor: float = 1.0

    @classmethod
    def of(cls, *, large: bool) -> Sizes:
        """The usual ones or the large ones."""
        return cls(LARGE if large else 1.0)

    def px(self, pixels: float) -> int:
        """A distance given at scale 1."""
        return theme.px(pixels * self.factor)

    def font(self, size: theme.TextSize = "body", *, strong: bool = False) -> QFont:
        """The font of a text size."""
        font = theme.font(size, strong=strong)
        font.setPixelSize(round(font.pixelSize() * self.factor))
        return font
