"""Shades of one hue from faint to strong: in order for every kind of colour vision and in grey, in light and dark."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from console.views import theme
from console.views.charts.plot import Numbers

SHADES = 64
_INKS: tuple[theme.ColorName, ...] = ("text", "raised", "on_accent")
_LEAST_CONTRAST = 4.5
"""What WCAG 2.2 asks for text of this size (AA)."""


def shades() -> tuple[NDArray[np.uint32], list[theme.ColorName]]:
    """The shades from none to most as Qt's 32-bit colours, and the ink that is best read on each.

    Those in the middle, on which no ink could be read well enough, are left out.
    """
    faint, middle, strong = (rgb(theme.color(name)) for name in ("accent_soft", "accent", "text"))
    at = np.linspace(0.0, 1.0, 16 * SHADES)
    stops = np.stack([faint, middle, (middle + strong) / 2])
    ramp = np.rint(np.stack([np.interp(at, (0.0, 0.7, 1.0), stops[:, channel]) for channel in range(3)], axis=1))
    bright = luminance(ramp)
    contrasts = np.stack([contrast(bright, luminance(rgb(theme.color(ink)))) for ink in _INKS])
    read = np.flatnonzero(contrasts.max(axis=0) >= _LEAST_CONTRAST)
    kept = read[np.linspace(0, read.size - 1, SHADES).round().astype(np.intp)]
    red, green, blue = ramp[kept].astype(np.uint32).T
    packed = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return packed.astype(np.uint32), [_INKS[place] for place in contrasts[:, kept].argmax(axis=0).tolist()]


def rgb(color: QColor) -> Numbers:
    """Red, green and blue, 0 to 255."""
    return np.array([color.red(), color.green(), color.blue()], dtype=np.float64)


def luminance(rgb: Numbers) -> Numbers:
    """Relative luminance as WCAG 2.2 defines it."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: Numbers, other: Numbers) -> Numbers:
    """The contrast of two luminances, 1 to 21, as WCAG 2.2 defines it."""
    return np.asarray((np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05))
