"""Work that comes once a second, handed on from frame to frame: together it would be too much for one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt, QTimer

STEP_MS = 24
"""A frame and a half, so that the steps fall between the frames rather than on top of them."""


class Relay(QObject):
    """Runs steps one at a time. New steps replace those that have not been run yet."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._steps: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self)
        self._timer.setObjectName(name)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self._on_step)

    def run(self, steps: Iterable[Callable[[], object]]) -> None:
        """Run the first step now and the others behind it."""
        self._steps = deque(steps)
        self._timer.start()
        self._on_step()

    def stop(self) -> None:
        """Forget what has not been run."""
        self._steps.clear()
        self._timer.stop()

    def _on_step(self) -> None:
        if self._steps:
            self._steps.popleft()()
        if not self._steps:
            self._timer.stop()
