"""The screens there are. A finished screen is one row here; the rail, the palette and the shortcuts follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from console.i18n import N_
from console.views.screen import Context, ScreenWidget


class Screen(NamedTuple):
    """One row. ``title`` is marked with `N_`; ``factory`` imports what it needs itself, so that the window stays quick
    to open; ``shortcut`` is Ctrl and a digit."""

    key: str
    title: str
    icon: str
    factory: Callable[[Context], ScreenWidget]
    shortcut: str


def _board(context: Context) -> ScreenWidget:
    from console.views.screens.board.screen import BoardScreen

    return BoardScreen(context)


def _escalations(context: Context) -> ScreenWidget:
    from console.views.screens.escalations.screen import EscalationsScreen

    return EscalationsScreen(context)


def _balance(context: Context) -> ScreenWidget:
    from console.views.screens.balance.screen import BalanceScreen

    return BalanceScreen(context)


def _settings(context: Context) -> ScreenWidget:
    from console.views.screens.settings.screen import SettingsScreen

    return SettingsScreen(context)


def _audit(context: Context) -> ScreenWidget:
    from console.views.screens.audit.screen import AuditScreen

    return AuditScreen(context)


SCREENS: tuple[Screen, ...] = (
    Screen("board", N_("Live board"), "layout-dashboard", _board, "Ctrl+1"),
    Screen("escalations", N_("Escalations"), "bell-ringing", _escalations, "Ctrl+2"),
    Screen("balance", N_("Balance"), "scale", _balance, "Ctrl+3"),
    Screen("audit", N_("Audit"), "shield-check", _audit, "Ctrl+9"),
    Screen("settings", N_("Settings"), "settings", _settings, "Ctrl+0"),
)
