"""A board screen over a morning of the demonstration centre; everything asked for in the background runs inline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.clock import FixedClock
from console.models.live.board import Board
from console.views.screens.board.screen import BoardScreen
from tests.views.screens.centre import MORNING, Interner, Stage, morning


@pytest.fixture
def stage(qapp: QApplication) -> Iterator[Callable[..., Stage]]:
    """Make a stage: ``board`` None leaves the window without data."""
    made: list[Stage] = []

    def make(
        board: Board | None = None, log: Interner | None = None, *, folder: Path | None = None, at: int = MORNING
    ) -> Stage:
        made.append(Stage(board, log or Interner(), folder, FixedClock(at)))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def shown(stage: Callable[..., Stage], qtbot: QtBot) -> Callable[..., BoardScreen]:
    """A screen in sight with the morning's board, 1200 by 750 pixels."""

    def show(folder: Path | None = None, width: int = 1200, height: int = 750) -> BoardScreen:
        board, log = morning()
        made = stage(board, log, folder=folder)
        screen = made.screen()
        screen.resize(width, height)
        with qtbot.waitExposed(screen):
            screen.show()
        screen.activated()
        while made.live.relay.step():
            pass
        return screen

    return show
