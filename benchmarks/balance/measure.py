"""Runs one side in this process, for ten ticks a second, and prints what its GUI thread did as JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.balance import day
from benchmarks.board.measures import LoopMeter, Stretch, wait_ms
from console.views import theme

PERIOD_MS = 100
_WARM_MS = 1_500


class Charts(Protocol):
    """A window that shows ticks."""

    def follow(self, tick: day.Tick) -> None:
        """Show a tick."""
        ...

    def resize(self, width: int, height: int) -> None:
        """As large as both sides are."""
        ...

    def show(self) -> None:
        """Into sight."""
        ...


def run(make: Callable[[], Charts]) -> None:
    """Measure for as many seconds as the first argument says. What the figures themselves take is told apart."""
    seconds = float(sys.argv[1])
    app = QApplication(sys.argv[:1])
    theme.apply(app, "light")
    charts = make()
    charts.resize(day.WIDTH, day.HEIGHT)
    charts.show()
    ticks, spent, count = day.ticks(), 0.0, 0

    def on_tick() -> None:
        nonlocal spent, count
        began = time.thread_time()
        tick = next(ticks)
        spent += time.thread_time() - began
        count += 1
        charts.follow(tick)

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(on_tick)
    timer.start(PERIOD_MS)
    wait_ms(_WARM_MS)
    meter, stretch = LoopMeter(), Stretch()
    spent, count = 0.0, 0
    wait_ms(seconds * 1e3)
    figures = stretch.figures()
    share = float(str(figures["gui_share"])) - spent / seconds
    print(json.dumps({"share": share, "figures": spent / seconds, "longest_ms": meter.longest_ms, "ticks": count}))
