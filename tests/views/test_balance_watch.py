"""The watch over the last hour's balance: says what it is, calls once when the alarm comes on, rests in a flood."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.models.domain.fairness import Verdict
from console.views.balance_watch import MOST_EVENTS, BalanceWatch
from tests.views.screens.balance_stage import BalanceStage

PILED = (60, 50, 40, 3, 3, 3, 2, 2, 2, 2)
EVEN = (12,) * 10
NOTHING_OPEN = (0,) * 10


class Watched:
    def __init__(self, stage: BalanceStage) -> None:
        self.stage = stage
        self.watch = BalanceWatch(stage.live, stage.ops, lambda: stage.log.reader)
        self.alarms: list[Verdict] = []
        self.changes = 0
        self.watch.alarmed.connect(self.alarms.append)
        self.watch.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self.changes += 1


@pytest.fixture
def watched(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[Sequence[int]], Watched]]:
    made: list[Watched] = []

    def make(handled: Sequence[int]) -> Watched:
        made.append(Watched(BalanceStage(tmp_path, handled, NOTHING_OPEN)))
        return made[-1]

    yield make
    for each in made:
        each.watch.stop()
        each.stage.close()


def test_the_alarm_calls_once(watched: Callable[[Sequence[int]], Watched]) -> None:
    seen = watched(PILED)
    seen.watch.look()
    seen.watch.look()
    verdict = seen.watch.verdict
    assert verdict is not None
    assert verdict.alarm
    assert seen.changes == 2
    assert len(seen.alarms) == 1


def test_fair_work_calls_nobody(watched: Callable[[Sequence[int]], Watched]) -> None:
    seen = watched(EVEN)
    seen.watch.look()
    assert seen.watch.verdict is not None
    assert not seen.watch.verdict.uneven
    assert seen.alarms == []


def test_while_history_is_read_in_it_rests(watched: Callable[[Sequence[int]], Watched]) -> None:
    seen = watched(PILED)
    seen.watch.start()
    board = seen.stage.live.board
    assert board is not None
    before = board.seq
    seen.stage.clock.advance(60.0)
    board.seq += MOST_EVENTS // 60 + 10
    seen.watch.look()
    assert seen.changes == 0
    board.seq = before
    seen.stage.clock.advance(60.0)
    seen.watch.look()
    assert seen.changes == 1
