"""The window around the screens as approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.clock import DAY
from console.i18n import _
from console.models.queries.inbox import Counts
from console.views import theme
from console.views.shell.main_window import MainWindow
from console.views.widgets.empty import EmptyState
from tests.golden.conftest import Golden
from tests.views.stand_ins import NOW, SCREENS, SampleScreen, context

Look = Callable[..., None]
Settle = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def an_empty_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    page = staticmethod(
        lambda: EmptyState("layout-dashboard", _("no data yet"), _("Find a screen, an action, a ticket, a person"))
    )
    monkeypatch.setattr(SampleScreen, "page", page)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[Callable[[int, int], MainWindow]]:
    made: list[MainWindow] = []

    def open_window(width: int, height: int) -> MainWindow:
        made.append(MainWindow(context(), SCREENS))
        made[0].show_screen("sample")
        made[0].resize(width, height)
        return made[0]

    yield open_window
    for each in made:
        each.close()
        each.deleteLater()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_empty_shell(
    look: Look, settle: Settle, golden: Golden, window: Callable[..., MainWindow], words: str, mode: theme.Mode
) -> None:
    look(words, mode)
    shell = window(1280, 800)
    settle(shell)
    golden(shell, f"shell-{words}-{mode}")


def test_shell_in_trouble_and_in_the_past(
    look: Look, settle: Settle, golden: Golden, window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    look("zh_CN", "light")
    shell = window(1920, 1080)
    shell.strip.set_escalations(Counts(1, 2))
    shell.banners.show_message("storage", "The database takes no events: disk full.", theme.State.DANGER, "Details")
    shell.banners.show_message("incident", "Drill: WhatsApp is down, step 3 of 9", theme.State.DRILL)
    shell.travel(NOW - 3 * DAY)
    settle(shell)
    golden(shell, "shell-trouble-zh_CN-light")


@pytest.mark.parametrize("words", ["en", "zh_CN"])
@pytest.mark.parametrize("key", ["palette", "help"])
def test_cards(
    look: Look, settle: Settle, golden: Golden, window: Callable[..., MainWindow], words: str, key: str
) -> None:
    look(words, "dark")
    shell = window(1280, 800)
    settle(shell)
    next(action for action in shell.actions() if action.objectName() == key).trigger()
    golden(shell, f"{key}-{words}-dark")
