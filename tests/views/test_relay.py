"""Steps are taken one by one, from frame to frame."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.views.relay import Relay


@pytest.fixture
def relay(qtbot: QtBot) -> Iterator[Relay]:
    owner = QObject()
    relay = Relay("steps", owner)
    yield relay
    relay.stop()


def test_the_first_step_is_taken_at_once_and_the_others_behind_it(relay: Relay, qtbot: QtBot) -> None:
    taken: list[str] = []
    relay.run([lambda: taken.append("a"), lambda: taken.append("b"), lambda: taken.append("c")])
    assert taken == ["a"]
    qtbot.waitUntil(lambda: len(taken) == 3)
    assert taken == ["a", "b", "c"]


def test_newer_steps_replace_those_that_wait(relay: Relay, qtbot: QtBot) -> None:
    taken: list[str] = []
    relay.run([lambda: taken.append("old"), lambda: taken.append("never")])
    relay.run([lambda: taken.append("new"), lambda: taken.append("newer")])
    qtbot.waitUntil(lambda: "newer" in taken)
    assert taken == ["old", "new", "newer"]


def test_stopped_steps_are_forgotten(relay: Relay) -> None:
    taken: list[str] = []
    relay.run([lambda: taken.append("a"), lambda: taken.append("b")])
    relay.stop()
    assert taken == ["a"]
    assert not relay._timer.isActive()
