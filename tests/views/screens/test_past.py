"""Going back: one moment at a time, the newest wish wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from console.clock import DAY, HOUR, MINUTE
from console.errors import KnownError
from console.models.domain.events import ROW
from console.models.domain.ports import Batch, Progress
from console.models.live.board import Board
from console.views.ops import Ops
from console.views.screens.board.past import PastController
from console.views.screens.board.past_strip import PastStrip, typed_moment
from console.views.screens.board.screen import BoardScreen
from tests.views.screens.centre import MORNING, SHANGHAI, Stage, morning, shipped_policy

EIGHT_WEEKS = 8 * 7 * DAY


class SlowHistory:
    """Makes boards only when it is let."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.go = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.running = 0
        self.most = 0

    def board_at(self, at: int, progress: Progress) -> Board:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            self.asked.append(at)
            self.begun.release()
            assert self.go.acquire(timeout=20)
            progress.step(1, 2)
            return Board(shipped_policy())
        finally:
            self.running -= 1


def test_the_newest_wish_wins_and_two_never_run_at_a_time(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made = stage(*morning())
    history, ops = SlowHistory(), Ops()
    control = PastController(made.live, ops, history)
    try:
        control.go_to(MORNING - HOUR)
        assert history.begun.acquire(timeout=20)
        for hours in (2, 3, 4):
            control.go_to(MORNING - hours * HOUR)
        with qtbot.waitSignal(made.live.replaced):
            history.go.release(2)
        assert history.asked == [MORNING - HOUR, MORNING - 4 * HOUR]
        assert made.live.past_at == MORNING - 4 * HOUR
        assert history.most == 1
    finally:
        history.go.release(9)
        ops.close()


def test_the_present_is_there_at_once(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made = stage(*morning())
    history, ops = SlowHistory(), Ops()
    control = PastController(made.live, ops, history)
    try:
        control.go_to(MORNING - HOUR)
        assert history.begun.acquire(timeout=20)
        with qtbot.waitSignal(control.finished):
            control.go_to(None)
            history.go.release()
        assert made.live.past_at is None
        assert not control.busy
    finally:
        history.go.release(9)
        ops.close()


def test_a_moment_that_cannot_be_made_is_told(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made = stage(*morning())

    class Broken:
        def board_at(self, at: int, progress: Progress) -> Board:
            raise KnownError("The log cannot be read.")

    control = PastController(made.live, made.ops, Broken())
    with qtbot.waitSignal(control.failed) as failed:
        control.go_to(MORNING - HOUR)
    assert "cannot be read" in str(failed.args[0])
    assert made.live.past_at is None
    assert not control.busy


def test_without_a_history_nothing_is_offered(stage: Callable[..., Stage]) -> None:
    made = stage(*morning())
    control = PastController(made.live, made.ops, None)
    control.go_to(MORNING - HOUR)
    assert not control.available
    assert made.live.past_at is None


def test_a_moment_is_made_anew_when_more_is_known(stage: Callable[..., Stage]) -> None:
    made = stage(*morning())
    control = PastController(made.live, made.ops, made)
    then = MORNING - HOUR
    control.go_to(then)
    control.go_to(then)
    assert made.asked == [then]
    control.again(then)
    assert made.asked == [then, then]


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("09:42", HOUR + 10),
        ("2026-11-22 10:42", DAY),
        ("11-22 10:42", DAY),
        ("2026-11-22T10:42", DAY),
        ("\uff10\uff19\uff1a\uff14\uff12", HOUR + 10),  # as a Chinese keyboard writes it
        ("nonsense", None),
        ("25:99", None),
        ("", None),
    ],
)
def test_a_typed_moment(text: str, back: int | None) -> None:
    found = typed_moment(text, MORNING, SHANGHAI)
    if back is None:
        assert found is None
    else:
        assert found is not None
        assert (MORNING - found) // MINUTE == back // MINUTE


def test_the_strip_asks_once_when_the_hand_rests(qtbot: QtBot) -> None:
    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    strip.show_time(MORNING, None, MORNING)
    asked: list[object] = []
    strip.moment_requested.connect(asked.append)
    with qtbot.waitSignal(strip.moment_requested):
        for _n in range(5):
            strip.slider.setValue(strip.slider.value() - 60)
    assert asked == [pytest.approx(MORNING - 5 * MINUTE, abs=1_000_000)]


def test_every_step_has_a_button(qtbot: QtBot) -> None:
    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    strip.show_time(MORNING, MORNING - DAY, MORNING)
    asked: list[object] = []
    strip.moment_requested.connect(asked.append)
    for made in strip.findChildren(QPushButton):
        if made.accessibleName() == "1 hour back":
            with qtbot.waitSignal(strip.moment_requested):
                made.click()
    assert asked == [MORNING - DAY - HOUR]
    names = [made.accessibleName() for made in strip.findChildren(QPushButton) if made.accessibleName()]
    assert len(names) == 8


def test_a_step_beyond_the_present_returns_to_it_and_none_goes_before_eight_weeks(qtbot: QtBot) -> None:
    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    strip.show_time(MORNING, MORNING - MINUTE, MORNING)
    asked: list[object] = []
    strip.moment_requested.connect(asked.append)
    strip.step(HOUR)
    assert asked == [None]
    strip.show_time(MORNING, MORNING - EIGHT_WEEKS + HOUR, MORNING)
    with qtbot.waitSignal(strip.moment_requested):
        strip.step(-DAY)
    assert asked[-1] == MORNING - EIGHT_WEEKS


def test_the_slider_of_a_log_of_another_year_ends_with_it(qtbot: QtBot) -> None:
    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    newest = MORNING - 300 * DAY
    strip.show_time(MORNING, None, newest)
    asked: list[object] = []
    strip.moment_requested.connect(asked.append)
    with qtbot.waitSignal(strip.moment_requested):
        strip.step(-HOUR)
    assert newest - HOUR < asked[-1] <= newest - HOUR + MINUTE
    strip.slider.setValue(strip.slider.maximum())
    assert asked[-1] is None


def test_a_typed_moment_is_asked_for_on_return(qtbot: QtBot) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLineEdit

    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    strip.show_time(MORNING, None, MORNING)
    field = strip.findChild(QLineEdit)
    assert field is not None
    field.setText("09:00")
    with qtbot.waitSignal(strip.moment_requested) as asked:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (MORNING - asked.args[0]) // MINUTE == 102


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("99:99", "“99:99” is not a moment."),
        ("", "“” is not a moment."),
        ("x" * 5_000, f"“{'x' * 20}…” is not a moment."),
        ("9999-12-31 23:59", "9999-12-31 23:59 has not come yet."),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(qtbot: QtBot, text: str, says: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLineEdit

    strip = PastStrip(SHANGHAI)
    qtbot.addWidget(strip)
    strip.show_time(MORNING, None, MORNING)
    field = strip.findChild(QLineEdit)
    assert field is not None
    field.setText(text)
    with qtbot.assertNotEmitted(strip.moment_requested, wait=150), qtbot.waitSignal(strip.refused) as told:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args[0].startswith(says)


def test_what_came_late_is_told_and_can_be_shown(
    shown: Callable[..., BoardScreen], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = shown()
    around = screen._context.store
    assert isinstance(around, Stage)
    screen.past_requested.connect(screen.set_past)
    screen.set_past(MORNING - HOUR)
    screen.past.look_for_late()
    assert not screen.past.strip._late.isVisible()

    def read(after: int, limit: int) -> Batch:
        rows = np.zeros(3, dtype=ROW)
        rows["seq"] = around.log.seq + np.arange(1, 4)
        rows["at"] = MORNING - 2 * HOUR, MORNING - 3 * HOUR, MORNING
        return Batch(rows[rows["seq"] > after])

    monkeypatch.setattr(around.log, "read", read)
    screen.past.look_for_late()
    screen.past.look_for_late()
    assert screen.past.strip._late.text() == "2 events from before this moment have arrived since"
    screen.past.strip._again.click()
    assert around.asked == [MORNING - HOUR] * 2
    assert not screen.past.strip._late.isVisible()


def test_a_moment_that_failed_leaves_the_window_where_it_was(
    shown: Callable[..., BoardScreen], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = shown()
    around = screen._context.store
    assert isinstance(around, Stage)

    def fail(at: int, progress: Progress) -> Board:
        raise KnownError("The log cannot be read.")

    monkeypatch.setattr(around, "board_at", fail)
    told: list[object] = []
    screen.past_requested.connect(told.append)
    screen.set_past(MORNING - HOUR)
    assert told == [None]
    assert around.live.past_at is None


def test_a_board_under_a_former_policy_says_so(shown: Callable[..., BoardScreen]) -> None:
    screen = shown()
    around = screen._context.store
    assert isinstance(around, Stage)
    now = screen._live.present
    assert now is not None
    note = screen.past.strip._policy
    for policy, says in (
        (replace(now.policy, lost_after=HOUR), "As under the policy of 2026-11-22 10:42"),
        (replace(now.policy), ""),
    ):
        board = Board(policy)
        board.policy_since = MORNING - DAY
        around.live.show_past(board, MORNING - HOUR)
        assert note.text() == says
        assert note.isHidden() is not bool(says)
    around.live.show_present()
    assert note.text() == ""
