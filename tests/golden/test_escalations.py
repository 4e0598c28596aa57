"""The inbox as approved: a busy Monday morning in both languages, themes and usual sizes, and every state of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.clock import SECOND
from console.models.domain.escalation import Cause, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.roles import Actor
from console.models.live.board import Board
from console.views import theme
from console.views.screens.escalations.screen import EscalationsScreen
from console.views.shell.main_window import MainWindow
from console.views.shell.registry import SCREENS
from tests.golden.conftest import Golden
from tests.views.screens.centre import MORNING, Stage, morning, shipped_policy
from tests.views.screens.conftest import stage
from tests.views.screens.inbox_case import ME, StoreInbox, fill, with_inbox

__all__ = ["stage"]

Look = Callable[..., None]
Settle = Callable[[QWidget], None]
K = Qt.Key
RAIL = tuple(row for row in SCREENS if row.key in ("board", "escalations"))
"""So that a new screen does not change these pictures."""


class Shown:
    def __init__(self, around: Stage, inbox: StoreInbox, width: int, height: int) -> None:
        self.stage, self.inbox = around, inbox
        context, desk = with_inbox(around, inbox)
        assert desk is not None
        assert context.watch is not None
        self.watch, self.desk = context.watch, desk
        self.window = MainWindow(context, RAIL)
        self.window.show_screen("escalations")
        self.window.resize(width, height)
        screen = self.window.stage.current()
        assert isinstance(screen, EscalationsScreen)
        self.screen: EscalationsScreen = screen

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            focus = self.window.focusWidget()
            QTest.keyClick(focus or self.screen.view, key)


Open = Callable[..., Shown]


@pytest.fixture
def opened(qapp: QApplication, stage: Callable[..., Stage], tmp_path: Path, settle: Settle) -> Iterator[Open]:
    made: list[Shown] = []

    def open_window(
        width: int = 1280, height: int = 800, fill_in: Callable[[StoreInbox, Board], object] = fill
    ) -> Shown:
        board, log = morning()
        inbox = StoreInbox(tmp_path / "data")
        fill_in(inbox, board)
        made.append(Shown(stage(board, log), inbox, width, height))
        settle(made[-1].window)
        made[-1].screen.view.setFocus()
        return made[-1]

    yield open_window
    for each in made:
        each.window.close()
        each.window.deleteLater()
        each.inbox.close()


def check(golden: Golden, shown: Shown, name: str) -> None:
    """When nothing waits for a later frame any more; without the blinking of a cursor."""
    while shown.stage.live.relay.step():
        pass
    for _round in range(3):
        QApplication.processEvents()
    while shown.screen.view.unfinished:
        QApplication.processEvents()
    golden(shown.window, name)


def calm(inbox: StoreInbox, _board: Board) -> None:
    inbox.write.tick(MORNING - SECOND, MORNING - SECOND)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}")
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_inbox(look: Look, golden: Golden, opened: Open, words: str, mode: theme.Mode, size: tuple[int, int]) -> None:
    look(words, mode)
    check(golden, opened(*size), f"inbox-{words}-{mode}-{size[0]}")


@pytest.mark.parametrize(("words", "mode"), [("en", "light"), ("zh_CN", "dark")])
def test_nobody_waits(look: Look, golden: Golden, opened: Open, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    check(golden, opened(fill_in=calm), f"inbox-calm-{words}-{mode}")


def test_many_at_once(look: Look, golden: Golden, opened: Open) -> None:
    look("zh_CN", "dark")
    shown = opened()
    shown.press(K.Key_Space, K.Key_J, K.Key_Space, K.Key_J, K.Key_Space, K.Key_R)
    shown.screen.strip._reason.clearFocus()
    check(golden, shown, "inbox-many-zh_CN-dark")


def test_somebody_was_quicker_and_the_sweep_is_behind(look: Look, golden: Golden, opened: Open) -> None:
    look("en", "light")
    shown = opened()
    current = shown.screen.view.current()
    assert current is not None
    shown.desk.escalations.acknowledge(Actor("ann.lee", ME.roles), current.id)
    shown.press(K.Key_A, K.Key_T)
    shown.stage.clock.advance(7)
    shown.screen._on_second()
    shown.window.strip.tick()
    check(golden, shown, "inbox-conflict-en-light")


def test_something_came_in(look: Look, golden: Golden, opened: Open) -> None:
    look("zh_CN", "light")
    shown = opened()
    board = shown.stage.live.board
    assert board is not None
    shown.press(K.Key_A, K.Key_S)
    shown.screen.strip._reason.clearFocus()
    shown.screen.strip._until.clearFocus()
    ticket = int(board.columns.id[board.clocks.oldest_slot() or 0])
    key = Key(ObjectKind.TICKET, ticket, Cause.BY_HAND)
    asked = Occurrence(key, "R-ESC", MORNING, MORNING, Urgency.P1, ticket, "要求主管回电")
    shown.inbox.write.raise_all([asked], MORNING, shipped_policy().escalation)
    shown.watch.look()
    for _tab in range(3):
        shown.screen.detail.next_tab()
    check(golden, shown, "inbox-news-zh_CN-light")


def test_large_text(look: Look, golden: Golden, opened: Open) -> None:
    look("zh_CN", "light", 1.5)
    check(golden, opened(), "inbox-large-zh_CN-light")


def test_the_largest_text(look: Look, golden: Golden, opened: Open) -> None:
    look("en", "light", 2.0)
    shown = opened()
    bar = shown.screen.detail._area.verticalScrollBar()
    bar.setValue(bar.maximum())
    check(golden, shown, "inbox-largest-en-light")
