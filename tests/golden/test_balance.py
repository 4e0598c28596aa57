"""The balance screen as approved: a skew with its causes, and the moves that repair it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.views import theme
from console.views.screens.balance.asked import Measure
from console.views.screens.balance.screen import BalanceScreen
from console.views.shell.main_window import MainWindow
from console.views.shell.registry import SCREENS
from tests.golden.conftest import Golden
from tests.views.screens.balance_stage import BalanceStage
from tests.views.stand_ins import SCREENS as OTHERS

PILED = (60, 50, 40, 13, 12, 11, 9, 8, 6, 5)
OPEN = (8, 8, 7, 2, 1, 0, 1, 0, 0, 0)
Look = Callable[..., None]
Settle = Callable[[QWidget], None]
Open = Callable[..., tuple[MainWindow, BalanceScreen]]
BOTH = [("en", "light"), ("zh_CN", "dark")]


@pytest.fixture
def window(tmp_path: Path, settle: Settle) -> Iterator[Open]:
    made: list[tuple[MainWindow, BalanceStage]] = []

    def open_window(width: int = 1280, height: int = 800) -> tuple[MainWindow, BalanceScreen]:
        stage = BalanceStage(tmp_path, PILED, OPEN)
        others = [row for row in OTHERS if row.key != "balance"]
        shell = MainWindow(stage.context, (*others, *(row for row in SCREENS if row.key == "balance")))
        made.append((shell, stage))
        shell.resize(width, height)
        shell.show_screen("balance")
        settle(shell)
        screen = shell.stage.current()
        assert isinstance(screen, BalanceScreen)
        return shell, screen

    yield open_window
    for shell, stage in made:
        shell.close()
        shell.deleteLater()
        stage.close()


def arrive() -> None:
    for _round in range(4):
        QApplication.processEvents()


@pytest.mark.parametrize(("words", "mode"), BOTH)
@pytest.mark.parametrize("page", ["why", "queues", "hours", "transfers"])
def test_pages(look: Look, golden: Golden, window: Open, page: str, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    shell, screen = window()
    screen.body.show_tab(page)
    arrive()
    golden(shell, f"balance-{page}-{words}-{mode}")


@pytest.mark.parametrize(("words", "mode"), BOTH)
def test_a_proposal(look: Look, golden: Golden, window: Open, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    shell, screen = window()
    screen.toolbar.choose(measure=Measure.OPEN)
    screen.body.proposal.look_requested.emit()
    arrive()
    golden(shell, f"balance-proposal-{words}-{mode}")


def test_large(look: Look, golden: Golden, window: Open) -> None:
    look("zh_CN", "light")
    shell, screen = window(1920, 1080)
    screen.body.show_tab("history")
    arrive()
    golden(shell, "balance-history-zh_CN-light-1920")
