"""The board as approved: a Monday morning of the demonstration centre, in both languages, themes and usual sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.clock import HOUR, SECOND
from console.models.domain.contacts import Channel
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope
from console.models.live.sorts import Sort
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.feed import SourceAge
from console.views.screens.board.screen import BoardScreen
from console.views.shell.main_window import MainWindow
from console.views.shell.registry import SCREENS
from tests.golden.conftest import Golden
from tests.views.screens.centre import MORNING, Stage, _day, morning, shipped_policy
from tests.views.screens.conftest import stage

__all__ = ["stage"]

Look = Callable[..., None]
Settle = Callable[[QWidget], None]
Open = Callable[..., tuple[MainWindow, BoardScreen, Stage]]


@pytest.fixture
def golden(golden: Golden) -> Golden:
    """The same when nothing waits for a later frame any more."""

    def check(widget: QWidget, name: str) -> None:
        assert isinstance(widget, MainWindow)
        live = widget._context.live
        assert isinstance(live, LiveBoard)
        waits = True
        while waits:
            waits = False
            while live.relay.step():
                waits = True
            # What a step says moves its neighbours, and these move theirs; and a frame may begin another second.
            for _round in range(3):
                QApplication.processEvents()
        golden(widget, name)

    return check


@pytest.fixture
def window(qapp: QApplication, stage: Callable[..., Stage]) -> Iterator[Open]:
    made: list[MainWindow] = []

    def open_window(width: int, height: int, board: Board | None = None) -> tuple[MainWindow, BoardScreen, Stage]:
        log = None
        if board is None:
            board, log = morning()
        around = stage(board, log)
        made.append(MainWindow(around.context, SCREENS))
        made[-1].show_screen("board")
        made[-1].resize(width, height)
        screen = made[-1].stage.current()
        assert isinstance(screen, BoardScreen)
        return made[-1], screen, around

    yield open_window
    for each in made:
        each.close()
        each.deleteLater()


def long_story(screen: BoardScreen) -> int:
    """One of the ten most urgent tickets: the one with the most answers."""
    board = screen._live.board
    assert board is not None
    slots = np.argsort(np.where(board.columns.due_at > 0, board.columns.due_at, np.iinfo(np.int64).max))[:10]
    return int(board.columns.id[max(slots, key=lambda slot: board.columns.replies[slot])])


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_board(
    look: Look, settle: Settle, golden: Golden, window: Open, words: str, mode: theme.Mode, size: tuple[int, int]
) -> None:
    look(words, mode)
    shell, _screen, _stage = window(*size)
    settle(shell)
    golden(shell, f"board-{words}-{mode}-{size[0]}")


@pytest.mark.parametrize(
    ("words", "mode", "width", "height"), [("zh_CN", "light", 1280, 800), ("en", "dark", 1920, 1080)]
)
def test_ticket_in_full(
    look: Look, settle: Settle, golden: Golden, window: Open, words: str, mode: theme.Mode, width: int, height: int
) -> None:
    look(words, mode)
    shell, screen, _stage = window(width, height)
    settle(shell)
    ticket = long_story(screen)
    screen.table.select_tickets([ticket])
    screen.table.activated_ticket.emit(ticket)
    QApplication.processEvents()
    golden(shell, f"board-ticket-{words}-{mode}-{width}")


def test_empty(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("en", "light")
    shell, _screen, _stage = window(1280, 800, Board(shipped_policy()))
    settle(shell)
    golden(shell, "board-empty-en-light")


def test_stale(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("zh_CN", "light")
    shell, _screen, around = window(1280, 800)
    settle(shell)
    around.sources = [SourceAge("demo", MORNING - 400 * SECOND)]
    around.live.second.emit(MORNING)
    shell.strip.tick()
    golden(shell, "board-stale-zh_CN-light")


def test_no_hit(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("en", "dark")
    shell, screen, _stage = window(1280, 800)
    settle(shell)
    screen.controls.apply(replace(screen.table.filter(), text="no such words"))
    golden(shell, "board-no-hit-en-dark")


def test_past(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("zh_CN", "dark")
    shell, _screen, _stage = window(1280, 800)
    settle(shell)
    shell.travel(MORNING - 2 * HOUR)
    golden(shell, "board-past-zh_CN-dark")


def test_evidence(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("en", "light")
    shell, screen, _stage = window(1280, 800)
    settle(shell)
    screen.tiles.tile("service_level").click()
    golden(shell, "board-evidence-en-light")


def test_large_text(look: Look, settle: Settle, golden: Golden, window: Open) -> None:
    look("zh_CN", "light", 1.5)
    shell, _screen, _stage = window(1280, 800)
    settle(shell)
    golden(shell, "board-large-zh_CN-light")


@pytest.mark.parametrize(
    ("words", "mode", "width", "height"), [("en", "dark", 1280, 800), ("zh_CN", "light", 1920, 1080)]
)
def test_the_forecast_and_a_reply_rate(
    look: Look, settle: Settle, golden: Golden, window: Open, words: str, mode: theme.Mode, width: int, height: int
) -> None:
    look(words, mode)
    shell, screen, _stage = window(width, height, with_reply_rate())
    screen.controls.apply(Filter(Scope.WAITING))
    screen.table.set_columns(["due", "slack", "waited", "customer", "channel", "queue", "agent", "why"])
    screen.table.set_sort(Sort("slack"))
    settle(shell)
    screen.tiles.tile("will_breach").click()
    QApplication.processEvents()
    golden(shell, f"board-forecast-{words}-{mode}-{width}")


def with_reply_rate() -> Board:
    """The morning under a policy that keeps the marketplace's reply rate."""
    shipped = shipped_policy()
    rules = replace(shipped.reply_rates[Channel.MARKETPLACE], enabled=True, target=0.9)
    batch, _log = _day(MORNING, 7)
    board = Board(replace(shipped, reply_rates={Channel.MARKETPLACE: rules}))
    board.load([batch])
    return board
