"""Sound, tray and task bar when something needs a person."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console import paths
from console.clock import FixedClock
from console.models.domain.escalation import Entry, Urgency
from console.models.domain.escalation_moves import start
from console.views.inbox_watch import InboxWatch
from console.views.ops import InlineExecutor, Ops
from console.views.shell import sound
from console.views.shell.alarm import InboxAlarm
from console.views.shell.sound import FILE, Sound, play_file
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.views.screens.centre import Stage, morning
from tests.views.screens.conftest import stage
from tests.views.screens.inbox_case import StoreInbox

__all__ = ["stage"]


class Steady:
    """A clock in seconds, and what sounded."""

    def __init__(self) -> None:
        self.now = 100.0
        self.played: list[Path] = []
        self.beeps = 0

    def __call__(self) -> float:
        return self.now

    def play(self, file: Path) -> bool:
        self.played.append(file)
        return True

    def beep(self) -> None:
        self.beeps += 1


@pytest.fixture
def steady() -> Steady:
    return Steady()


def test_a_flood_sounds_once(steady: Steady) -> None:
    played = Sound(steady, steady.beep, steady.play)
    assert [played.play() for _each in range(3)] == [True, False, False]
    played.close()
    steady.now += 5
    assert played.play()
    played.close()
    assert steady.played == [Path(paths.resource(FILE))] * 2
    assert steady.beeps == 0


def test_without_a_player_the_desktop_beeps(steady: Steady, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound, "can_play", lambda: False)
    Sound(steady, steady.beep).play()
    assert steady.beeps == 1


def test_a_player_that_is_not_there_is_no_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: str(tmp_path / "gone"))
    assert not play_file(tmp_path / "x.wav")
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert not play_file(tmp_path / "x.wav")


def test_the_sound_is_short_and_can_be_read() -> None:
    with wave.open(str(paths.resource(FILE))) as file:
        assert file.getnframes() / file.getframerate() < 1


class TestAlarm:
    @pytest.fixture
    def told(self) -> list[tuple[str, str]]:
        return []

    @pytest.fixture
    def alarm(
        self, stage: object, qtbot: QtBot, tmp_path: Path, steady: Steady, told: list[tuple[str, str]]
    ) -> Iterator[InboxAlarm]:
        board, log = morning()
        around: Stage = stage(board, log)  # type: ignore[operator]  # the fixture is a factory
        store = StoreInbox(tmp_path / "data")
        window = QWidget()
        qtbot.addWidget(window)
        watch = InboxWatch(store.read, Ops(InlineExecutor(), InlineExecutor()), FixedClock(NOON))
        self.loud = True
        made = InboxAlarm(
            watch,
            window,
            around.live,
            FixedClock(NOON),
            lambda title, text: told.append((title, text)),
            Sound(steady, steady.beep, steady.play),
            lambda: self.loud,
        )
        yield made
        made._sound.close()
        store.close()

    def entry(self, ticket: int, urgency: Urgency) -> Entry:
        made = start(breach(ticket, urgency=urgency), NOON, "system", RULES).entry
        return replace(made, id=ticket)

    def test_the_worst_is_named_and_the_rest_counted(
        self, alarm: InboxAlarm, told: list[tuple[str, str]], steady: Steady
    ) -> None:
        alarm.call([self.entry(3, Urgency.P2), self.entry(4, Urgency.P1)])
        alarm._sound.close()
        (title, text) = told[0]
        assert title.startswith("Escalation: P1 · ")
        assert text.endswith(", and 1 more")
        assert len(steady.played) == 1

    def test_a_muted_console_still_tells(self, alarm: InboxAlarm, told: list[tuple[str, str]], steady: Steady) -> None:
        self.loud = False
        alarm.call([self.entry(3, Urgency.P2)])
        assert len(told) == 1
        assert steady.played == []
