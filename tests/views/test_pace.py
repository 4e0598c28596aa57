"""Cycles are collected on the GUI thread only, while it is asked for."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from console.views.pace import SWITCH_SECONDS, Pace


class Knot:
    """An object in a cycle with itself, that notes on which thread it was let go."""

    def __init__(self, freed: list[int]) -> None:
        self.me = self
        self.freed = freed

    def __del__(self) -> None:
        self.freed.append(threading.get_ident())


@pytest.fixture
def pace(qtbot: QtBot) -> Iterator[Pace]:
    pace = Pace()
    pace.start()
    gc.freeze()
    pace._on_look()
    yield pace
    pace.stop()
    gc.unfreeze()


def allocate(freed: list[int]) -> None:
    for _ in range(20_000):
        Knot(freed)


def test_a_worker_that_allocates_collects_nothing(pace: Pace) -> None:
    freed: list[int] = []
    worker = threading.Thread(target=allocate, args=(freed,))
    worker.start()
    worker.join()
    assert freed == []
    pace._on_look()
    assert len(freed) == 20_000
    assert set(freed) == {threading.get_ident()}


def test_a_full_collection_comes_round(pace: Pace) -> None:
    freed: list[int] = []
    for _ in range(130):
        pace._on_look()
    knot = Knot(freed)
    gc.collect(1)
    del knot
    for _ in range(200):
        pace._on_look()
    assert len(freed) == 1, "what has grown old is collected too"


def test_what_the_start_brought_is_not_looked_through(pace: Pace) -> None:
    knots = [Knot([]) for _ in range(1_000)]
    frozen = gc.get_freeze_count()
    for _ in range(130):
        pace._on_look()
    assert gc.get_freeze_count() >= frozen + len(knots)


def test_nothing_is_collected_while_it_opens(qtbot: QtBot) -> None:
    gc.unfreeze()
    freed: list[int] = []
    pace = Pace()
    pace.start()
    try:
        allocate(freed)
        for _ in range(100):
            pace._on_look()
        assert freed == []
        for _ in range(100):
            pace._on_look()
        assert len(freed) == 20_000, "a window that never opens its data collects too"
    finally:
        pace.stop()


def test_everything_is_as_before_when_it_ends(qtbot: QtBot) -> None:
    before = sys.getswitchinterval()
    pace = Pace()
    pace.start()
    assert (sys.getswitchinterval(), gc.isenabled()) == (pytest.approx(SWITCH_SECONDS), False)
    pace.stop()
    pace.stop()
    assert (sys.getswitchinterval(), gc.isenabled()) == (pytest.approx(before), True)
