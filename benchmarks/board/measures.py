"""What is measured, in the same way on both sides."""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QEventLoop, QObject, Qt, QTimer

PERIOD_MS = 16


class LoopMeter(QObject):
    """CPU time of the GUI thread, in total and in the longest stretch between two returns to its event loop."""

    def __init__(self) -> None:
        super().__init__()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._on_return)
        dispatcher.aboutToBlock.connect(self._on_return)
        self._last = time.thread_time()
        self.bursts: list[float] = []

    def _on_return(self) -> None:
        now = time.thread_time()
        self.bursts.append(now - self._last)
        self._last = now

    def restart(self) -> None:
        """Forget what was seen so far."""
        self._last = time.thread_time()
        self.bursts = []

    @property
    def longest_ms(self) -> float:
        """The longest stretch since the restart."""
        return max(self.bursts, default=0.0) * 1e3


@dataclass
class Probes:
    """Probe events on their way to the screen."""

    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    seen: list[tuple[float, float]] = field(default_factory=list)
    staged_after: list[float] = field(default_factory=list)

    def staged(self, seq: int, due: float) -> None:
        """A probe has its place in the log and waits for a frame; called on any thread."""
        self.staged_after.append(time.monotonic() - due)
        self.waiting.append((seq, due))

    def painted(self, seq: int) -> None:
        """A paint has ended that shows everything up to ``seq``."""
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= seq:
            due = self.waiting.popleft()[1]
            self.seen.append((due, now - due))

    def restart(self) -> None:
        """Forget what was seen so far."""
        self.seen = []
        self.staged_after = []

    def latencies_ms(self, start: float, end: float, sent: int) -> np.ndarray:
        """Of the probes due in a stretch of time; those that were never painted are still waiting now."""
        found = [latency for due, latency in self.seen if start <= due < end]
        found += [time.monotonic() - (start + end) / 2] * max(0, sent - len(found))
        return np.array(found) * 1e3


class Stretch:
    """CPU of this thread, of the process and of each of its threads over a stretch of time."""

    def __init__(self) -> None:
        self._began = (time.monotonic(), time.thread_time(), time.process_time(), _by_thread())

    def figures(self) -> dict[str, object]:
        """Shares of one core since the beginning."""
        wall, gui, process, threads = self._began
        took = time.monotonic() - wall
        now = _by_thread()
        return {
            "gui_share": (time.thread_time() - gui) / took,
            "process_share": (time.process_time() - process) / took,
            "threads": {
                name: round((cpu - threads.get(name, 0.0)) / took, 3)
                for name, cpu in now.items()
                if (cpu - threads.get(name, 0.0)) / took > 0.002
            },
        }


def _by_thread() -> dict[str, float]:
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    tick = 100.0
    found: dict[str, float] = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            after = (task / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        name = names.get(int(task.name), "other")
        found[name] = found.get(name, 0.0) + (int(after[11]) + int(after[12])) / tick
    return found


def own_bytes() -> int:
    """Memory of the process that is its own (not pages of mapped files), after giving back what can be given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


def available_bytes() -> int:
    """What the machine could still give to a process."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))


def wait_ms(milliseconds: float) -> None:
    """Let the event loop run for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(milliseconds), loop.quit)
    loop.exec()


@contextmanager
def waiting_for(*signals: object, limit_ms: int = 600_000) -> Iterator[None]:
    """Run the block, then the event loop until the signals have come one after another."""
    loop = QEventLoop()
    left = list(signals)

    def on_first() -> None:
        left.pop(0).disconnect(on_first)  # type: ignore[attr-defined]  # PySide6 has no type for bound signals
        if left:
            left[0].connect(on_first)  # type: ignore[attr-defined]  # as above
        else:
            loop.quit()

    left[0].connect(on_first)  # type: ignore[attr-defined]  # as above
    limit = QTimer(singleShot=True)
    limit.timeout.connect(loop.quit)
    limit.start(limit_ms)
    yield
    if left:
        loop.exec()


def idle_timer(seconds: float = 3.0) -> dict[str, float]:
    """How late an empty timer of a frame's period is in this process, on this machine, now."""
    times: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: times.append(time.monotonic()))
    timer.start(PERIOD_MS)
    wait_ms(seconds * 1e3)
    timer.stop()
    QCoreApplication.processEvents()
    late = np.diff(times) * 1e3 - PERIOD_MS
    return {"p50": float(np.percentile(late, 50)), "p99": float(np.percentile(late, 99)), "max": float(late.max())}
