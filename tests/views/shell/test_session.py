"""One run of the window with a feed that we hold in our hands."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

from console.clock import FixedClock
from console.errors import SetupError
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.policy import policy
from console.settings import Settings
from console.views.bridge import LiveBoard
from console.views.feed import Opened, SourceAge, Trouble
from console.views.shell.crash import CrashFunnel
from console.views.shell.session import Plan, WindowSession
from tests.views.stand_ins import NOW, SCREENS, SHANGHAI, context


class HeldFeed:
    """Opens when told, is in trouble when told."""

    def __init__(self) -> None:
        self.future: Future[Opened] = Future()
        self.bad: Trouble | None = None
        self.days: tuple[int, int] | None = None
        self.closed = False
        self.receive: Callable[[Batch], None] | None = None

    def opened(self) -> Future[Opened]:
        return self.future

    def progress(self) -> tuple[str, int, int]:
        return "Loading the board", 3, 9

    def deliver(self, receive: Callable[[Batch], None], refolded: Callable[[Rows, int], None]) -> None:
        self.receive = receive

    def sources(self) -> Sequence[SourceAge]:
        return [SourceAge("Zendesk", NOW)]

    def trouble(self) -> Trouble | None:
        return self.bad

    def filling(self) -> tuple[int, int] | None:
        return self.days

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def feed() -> HeldFeed:
    return HeldFeed()


@pytest.fixture
def run(qapp: QApplication, feed: HeldFeed, tmp_path: Path) -> Iterator[Callable[..., int]]:
    """Run the window until it closes; ``steps`` happen one after another, 0.6 s apart, then it closes."""
    clock = FixedClock(NOW)
    before = [(number, signal.getsignal(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    made: list[WindowSession] = []

    def go(*steps: Callable[[WindowSession], None]) -> int:
        live = LiveBoard(clock, policy.default(), SHANGHAI)
        settings = Settings(tmp_path / "settings.toml")
        plan = Plan(began=0.0, exit_after=0.6 * (len(steps) + 1), on_screen=False, place=str(tmp_path))
        session = WindowSession(replace(context(), live=live), live, feed, SCREENS, settings, plan)
        made.append(session)
        for place, step in enumerate(steps):
            QTimer.singleShot(round(600 * (place + 1)), session, lambda step=step: step(session))
        funnel = CrashFunnel(tmp_path, clock, list)
        try:
            return session.run(funnel)
        finally:
            session.window.deleteLater()

    yield go
    qapp.setQuitOnLastWindowClosed(True)
    for number, handler in before:
        signal.signal(number, handler)


def board() -> Opened:
    return Opened(Board(policy.default()), None)


def shown(session: WindowSession) -> list[str]:
    return [label.text() for label in session.window.banners.findChildren(QLabel) if label.isVisible()]


def test_the_first_frame_comes_before_the_board_and_both_are_told(
    run: Callable[..., int], feed: HeldFeed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "console.window")
    assert run(lambda _s: feed.future.set_result(board())) == 0
    told = [record.getMessage() for record in caplog.records if record.name == "console.window"]
    assert told == ["first_frame", "board_ready", "closed"]
    assert feed.receive is not None
    assert feed.closed


def test_opening_is_shown_while_it_lasts(run: Callable[..., int], feed: HeldFeed) -> None:
    seen: list[list[str]] = []
    run(
        lambda s: seen.append(shown(s)),
        lambda _s: feed.future.set_result(board()),
        lambda s: seen.append(shown(s)),
    )
    assert "Loading the board" in seen[0]
    assert "3 of 9" in seen[0]
    assert seen[1] == []


def test_trouble_of_the_store_is_a_banner_until_it_is_over(run: Callable[..., int], feed: HeldFeed) -> None:
    seen: list[list[str]] = []
    feed.future.set_result(board())
    feed.bad = Trouble("The disk is full.", grave=True)

    def mended(_session: WindowSession) -> None:
        feed.bad = None

    run(lambda s: seen.append(shown(s)), mended, lambda s: seen.append(shown(s)))
    assert seen == [["The disk is full."], []]


def test_past_weeks_are_filled_in_behind(run: Callable[..., int], feed: HeldFeed) -> None:
    seen: list[list[str]] = []
    feed.future.set_result(board())
    feed.days = (12, 56)

    def complete(_session: WindowSession) -> None:
        feed.days = None

    run(lambda s: seen.append(shown(s)), complete, lambda s: seen.append(shown(s)))
    assert "12 of 56" in seen[0]
    assert seen[1] == []


def test_what_goes_on_is_said_in_the_language_in_force(run: Callable[..., int], feed: HeldFeed) -> None:
    seen: list[list[str]] = []
    feed.future.set_result(board())
    feed.days = (12, 56)
    run(lambda s: (s.window.preferences.set_language("zh_CN"), seen.append(shown(s))))
    assert "12 / 56" in seen[0]
    assert "Past weeks of the demonstration centre" not in seen[0]


def test_a_board_that_cannot_be_opened_ends_the_run_with_its_exit_code(
    run: Callable[..., int], feed: HeldFeed, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.future.set_exception(SetupError("The data are in use.", "Close the other console."))
    assert run() == 3
    assert "Close the other console." in capsys.readouterr().err
    assert feed.closed


def test_what_a_person_chose_is_kept_for_the_next_start(
    run: Callable[..., int], feed: HeldFeed, tmp_path: Path
) -> None:
    feed.future.set_result(board())
    run(lambda s: s.window.preferences.chosen.emit("theme", "dark"))
    assert Settings(tmp_path / "settings.toml").text("theme") == "dark"


def test_a_locked_console_tells_the_tray_no_customer_s_word(run: Callable[..., int], feed: HeldFeed) -> None:
    heard: list[tuple[str, str]] = []

    class HeldTray:
        def tell(self, title: str, text: str) -> None:
            heard.append((title, text))

        def close(self) -> None:
            """Nothing to close."""

    def tell(session: WindowSession) -> None:
        session._tray = HeldTray()  # type: ignore[assignment]
        session._tell("Escalation: Zhang Wei", "waits 31 min")
        session.window.person._session.lock()
        session._tell("Escalation: Zhang Wei", "waits 31 min")

    run(tell)
    assert heard[0] == ("Escalation: Zhang Wei", "waits 31 min")
    assert "Zhang Wei" not in " ".join(heard[1])
