"""Freshness, fuzzy matching, banners, the crash funnel, the watchdog and the one-window door."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QTimer, QtMsgType
from pytestqt.qtbot import QtBot

from console.clock import SECOND, FixedClock
from console.errors import KnownError
from console.views import theme
from console.views.feed import SourceAge
from console.views.shell.crash import FAULTS, REPORT, CrashFunnel, qt_message
from console.views.shell.freshness import FreshnessBar, judge
from console.views.shell.fuzzy import holds, score
from console.views.shell.instance import InstanceDoor, raise_other
from console.views.shell.watchdog import Watchdog
from tests.views.stand_ins import NOW, SHANGHAI, StillLive


@pytest.mark.parametrize(
    ("source", "state", "words"),
    [
        (SourceAge("a", NOW - SECOND), theme.State.OK, "live"),
        (SourceAge("a", NOW - 12 * SECOND), theme.State.OK, "live, 12 s"),
        (SourceAge("a", NOW - 380 * SECOND), theme.State.WARNING, "silent 6 min"),
        (SourceAge("a", NOW - 380 * SECOND, stale_after=600), theme.State.OK, "live, 6 min"),
        (SourceAge("a", NOW - 380 * SECOND, file=True), theme.State.INFO, "file, until 2026-11-22 09:53"),
        (SourceAge("a", 0), theme.State.STALE, "no data yet"),
        (SourceAge("a", NOW - 60 * SECOND, down=True), theme.State.DANGER, "down 1 min"),
        (SourceAge("a", 0, down=True), theme.State.DANGER, "down"),
    ],
)
def test_silence_is_a_state(source: SourceAge, state: theme.State, words: str) -> None:
    assert judge(source, NOW, SHANGHAI) == (state, words)


def test_the_worst_source_comes_first_and_all_are_said(qtbot: QtBot) -> None:
    bar = FreshnessBar(SHANGHAI)
    qtbot.addWidget(bar)
    bar.show_sources(StillLive().sources(), NOW)
    assert bar.accessibleName() == "Data sources: WhatsApp silent 6 min, Asterisk no data yet, Zendesk live"
    for width in (40, 200, 900):
        bar.resize(width, 28)
        assert not bar.grab().isNull()


def test_letters_in_order_find_a_line_and_starts_of_words_win() -> None:
    assert score("esc", "Escalations") > score("esc", "Rescue")
    assert score("lb", "Live board") is not None
    assert score("bl", "Live board") is None
    assert score("升级", "升级收件箱") is not None
    assert score("board live", "Live board") is not None
    assert holds("board live", "Live board")
    assert not holds("lb", "Live board")


@given(line=st.text(min_size=1), data=st.data())
def test_any_letters_of_a_line_in_order_find_it(line: str, data: st.DataObject) -> None:
    folded = line.casefold()
    chosen = sorted(data.draw(st.sets(st.integers(0, len(folded) - 1), max_size=6)))
    assert score("".join(folded[place] for place in chosen), line) is not None


@pytest.fixture
def funnel(qapp: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[CrashFunnel]:
    made = CrashFunnel(tmp_path, FixedClock(NOW), lambda: ["the last line"])
    before = sys.excepthook
    assert made.install() == ""
    yield made
    made.remove()
    assert sys.excepthook is before


def fail(message: str) -> None:
    try:
        raise ValueError(message)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)


def test_a_mistake_is_reported_once_and_the_window_goes_on(funnel: CrashFunnel, tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    funnel.reported.connect(lambda line, path: told.append((line, path)))
    for _ in range(3):
        fail("rows differ")
    assert told == [("ValueError: rows differ", str(tmp_path / REPORT))]
    report = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert "rows differ" in report
    assert "the last line" in report


def test_a_failure_of_the_world_is_told_without_a_report(funnel: CrashFunnel, tmp_path: Path) -> None:
    told: list[str] = []
    funnel.told.connect(told.append)
    error = KnownError("The disk is full.", "Free some space.")
    sys.excepthook(KnownError, error, None)
    assert told == ["The disk is full. Free some space."]
    assert not (tmp_path / REPORT).exists()


def test_a_mistake_in_a_thread_comes_home(funnel: CrashFunnel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(funnel.reported) as told:
        thread = threading.Thread(target=fail, args=("in a thread",))
        thread.start()
        thread.join()
    assert told.args[0] == "ValueError: in a thread"


def test_what_ended_the_program_last_time_is_known_at_the_next_start(qapp: object, tmp_path: Path) -> None:
    (tmp_path / FAULTS).write_text("Fatal Python error: Segmentation fault\n", encoding="utf-8")
    funnel = CrashFunnel(tmp_path, FixedClock(NOW), list)
    assert "Segmentation fault" in funnel.install()
    funnel.remove()
    again = CrashFunnel(tmp_path, FixedClock(NOW), list)
    assert again.install() == ""
    again.remove()


def test_qt_s_one_harmless_message_is_dropped_and_others_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    qt_message(QtMsgType.QtWarningMsg, None, "This plugin does not support propagateSizeHints()")
    assert caplog.records == []
    qt_message(QtMsgType.QtWarningMsg, None, "QPainter::begin: failed")
    assert [record.getMessage() for record in caplog.records] == ["QPainter::begin: failed"]


def burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_the_watchdog_sees_who_kept_the_gui_thread_busy(qtbot: QtBot) -> None:
    watchdog = Watchdog(budget_seconds=0.02)
    watchdog.start()
    with qtbot.waitSignal(watchdog.stalled) as told:
        QTimer.singleShot(0, lambda: burn(0.3))
    watchdog.stop()
    assert told.args[0] >= 0.3
    assert "burn" in told.args[1]
    assert watchdog.count >= 1


def test_the_watchdog_does_not_mind_waiting(qtbot: QtBot) -> None:
    watchdog = Watchdog(budget_seconds=0.02)
    watchdog.start()
    waited: list[bool] = []

    def wait() -> None:
        # The thread sleeps as it does on a busy machine: its own CPU time stands still.
        waited.append(threading.Event().wait(0.06))

    QTimer.singleShot(0, wait)
    qtbot.waitUntil(lambda: bool(waited))
    watchdog.stop()
    assert watchdog.count == 0


def test_a_second_start_raises_the_first_window(qtbot: QtBot, tmp_path: Path) -> None:
    assert not raise_other(tmp_path)
    door = InstanceDoor(tmp_path)
    with qtbot.waitSignal(door.raise_requested):
        assert raise_other(tmp_path)
    assert not raise_other(tmp_path / "another")
    door.close()
    assert not raise_other(tmp_path)


def test_a_crash_s_leftover_socket_does_not_lock_the_door(qtbot: QtBot, tmp_path: Path) -> None:
    first = InstanceDoor(tmp_path)
    second = InstanceDoor(tmp_path)
    with qtbot.waitSignal(second.raise_requested):
        assert raise_other(tmp_path)
    first.close()
    second.close()
