"""Progress of long work on standard error: a line that rewrites itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import Any

from console.i18n import _

SECONDS_ON_TERMINAL = 0.2
SECONDS_ELSEWHERE = 10.0


class Shown:
    """A `Progress` that is shown, and that Ctrl+C stops after the piece under way; a second Ctrl+C stops at once."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._terminal = sys.stderr.isatty()
        self._pause = SECONDS_ON_TERMINAL if self._terminal else SECONDS_ELSEWHERE
        self._last = time.monotonic()
        self._stopped = False
        self._before: Any = None
        self._width = 0
        # Imported here because the ports bring numpy, which --help can do without.
        from console.models.domain.ports import Progress

        self.progress = Progress(self._report, lambda: self._stopped)

    def __enter__(self) -> Shown:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopped:
            raise KeyboardInterrupt
        self._stopped = True

    def _report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last < self._pause:
            return
        self._last = now
        text = (
            f"{self._label}: {done * 100 // total} %"
            if total
            else _("{label}: looking at it").format(label=self._label)
        )
        if self._terminal:
            sys.stderr.write("\r" + text.ljust(self._width))
            self._width = max(self._width, len(text))
        else:
            sys.stderr.write(text + "\n")
        sys.stderr.flush()
