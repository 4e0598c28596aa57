"""Reports when the GUI thread worked longer than a frame without returning to its loop, with the line it was at.

It judges the thread's own CPU time, so a busy machine or a sleeping laptop does not count.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Signal

from console import logs

FRAME_SECONDS = 1 / 60
_LOOK_SECONDS = 0.005
_FELT_SECONDS = 0.1
"""From here on a person feels it; a shorter stall is for those who measure."""
_PLACES = 8
log = logs.topic("stall")


class Watchdog(QObject):
    """Make and start it on the GUI thread. ``stalled`` carries the CPU seconds and the stack seen in the middle."""

    stalled = Signal(float, str)

    def __init__(self, budget_seconds: float = FRAME_SECONDS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._budget = budget_seconds
        self._began: float | None = None
        self._stack = ""
        self._stop = threading.Event()
        self._gui = threading.get_ident()
        self._thread = threading.Thread(target=self._look, name="watchdog", daemon=True)
        self.count = 0
        self.worst_seconds = 0.0

    def start(self) -> None:
        """Begin with the next turn of the loop; raises RuntimeError where the thread has no event loop."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            raise RuntimeError("the watchdog needs an event loop")
        # Glib's loop works between the two signals in this order, the others in the other; waiting costs no CPU time,
        # so each signal simply ends one stretch of work and begins the next.
        dispatcher.awake.connect(self._on_turn)
        dispatcher.aboutToBlock.connect(self._on_turn)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more; returns when the thread has ended. Harmless when it never began."""
        if self._thread.ident is None:
            return
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.disconnect(self._on_turn)
            dispatcher.aboutToBlock.disconnect(self._on_turn)
        self._stop.set()
        self._thread.join()

    def _on_turn(self) -> None:
        now = time.thread_time()
        began, stack = self._began, self._stack
        self._began, self._stack = now, ""
        if began is None or now - began <= self._budget:
            return
        used = now - began
        self.count += 1
        self.worst_seconds = max(self.worst_seconds, used)
        where = {"stack": stack} if stack else {}
        level = logging.WARNING if used >= _FELT_SECONDS else logging.INFO
        log.log(level, "the GUI thread stalled", extra=logs.fields(cpu_ms=round(used * 1000, 1), **where))
        self.stalled.emit(used, stack)

    def _look(self) -> None:
        """Note the stack once a turn is over its budget; only where a thread's clock can be read from another."""
        if not hasattr(time, "pthread_getcpuclockid"):
            return
        clock = time.pthread_getcpuclockid(self._gui)
        while not self._stop.wait(_LOOK_SECONDS):
            began = self._began
            if began is not None and not self._stack and time.clock_gettime(clock) - began > self._budget:
                self._stack = _place_of(self._gui)


def _place_of(thread: int) -> str:
    """Where a thread is: the innermost places in one line, outermost first.

    Its frames are let go at once: one that ended meanwhile would have its painters and timers destroyed here.
    """
    places: list[str] = []
    frame = sys._current_frames().get(thread)
    while frame is not None and len(places) < _PLACES:
        places.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " > ".join(reversed(places))
