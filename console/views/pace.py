"""Keeps the GUI thread in step while other threads of the process work hard.

Python hands the interpreter on only every so often, and its collector of cycles runs on whichever thread happens to
allocate: in the middle of a frame, or on a worker that then destroys a Qt object which belongs to the GUI thread.
"""

from __future__ import annotations

import gc
import sys
import time

from PySide6.QtCore import QObject, QTimer

SWITCH_SECONDS = 0.0004
"""How long a busy thread may keep the interpreter while the GUI thread waits. A frame lets go of it a dozen times:
Python's 5 ms are a third of a frame each time, and with 1 ms twice as many probes are late beside a busy intake."""

LOOK_MS = 250
_FULL_EVERY = 120
"""A full collection every half minute; what was loaded at the start is frozen and costs nothing."""

_LONG_SECONDS = 0.008
"""What survives a full collection of more than half a frame is not looked through again."""


class Pace(QObject):
    """Make and start it on the GUI thread. While it is on, cycles are collected there only, between two frames."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = 0
        self._opened = False
        self._settled = False
        self._before: tuple[float, bool] | None = None
        self._timer = QTimer(self)
        self._timer.setObjectName("pace")
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._on_look)

    def start(self) -> None:
        """Begin."""
        self._before = (sys.getswitchinterval(), gc.isenabled())
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave everything as it was before."""
        self._timer.stop()
        if self._before is not None:
            interval, collects = self._before
            self._before = None
            sys.setswitchinterval(interval)
            if collects:
                gc.enable()

    def _on_look(self) -> None:
        self._looks += 1
        if not self._opened:
            # What is loaded at the start is frozen when it is there; it would be looked through again and again before.
            self._opened = gc.get_freeze_count() > 0 or self._looks >= _FULL_EVERY
            self._looks = 0 if self._opened else self._looks
            return
        generation = self._due()
        if generation == 2:
            self._collect_all()
        elif generation is not None:
            gc.collect(generation)

    def _collect_all(self) -> None:
        began = time.thread_time()
        if self._settled:
            gc.collect()
        if not self._settled or time.thread_time() - began > _LONG_SECONDS:
            # Modules, statements and widgets that the first half minute brought stay to the end: 30,000 objects, which
            # it would take a frame and more to look through.
            gc.freeze()
        self._settled = True

    def _due(self) -> int | None:
        """The oldest generation that has grown enough, as Python itself would find it."""
        if self._looks >= _FULL_EVERY:
            self._looks = 0
            return 2
        young, middle, _old = gc.get_threshold()
        counts = gc.get_count()
        if counts[1] > middle:
            return 1
        return 0 if counts[0] > young else None
