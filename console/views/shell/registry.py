"""The screens there are. A finished screen is one row here; the rail, the palette and the shortcuts follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from console.views.screen import Context, ScreenWidget


class Screen(NamedTuple):
    """One row. ``title`` is marked with `N_`; ``factory`` imports what it needs itself, so that the window stays quick
    to open; ``shortcut`` is Ctrl and a digit."""

    key: str
    title: str
    icon: str
    factory: Callable[[Context], ScreenWidget]
    shortcut: str


SCREENS: tuple[Screen, ...] = ()
