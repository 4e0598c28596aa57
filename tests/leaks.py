"""Finds what a test left running: threads, Qt threads, timers and pool jobs, each with the line that made it."""

from __future__ import annotations

import gc
import sys
import threading
import traceback
import weakref
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from shiboken6 import isValid

GRACE_MS = 2_000  # what was told to stop may take this long
OURS = str(Path(__file__).resolve().parents[1])
SKIPPED = (__file__, ".venv")

_made: list[tuple[weakref.ref[QObject], str]] = []
_started_at: weakref.WeakKeyDictionary[threading.Thread, str] = weakref.WeakKeyDictionary()


def install() -> None:
    """Remember from now on where threads are started and where Qt's timers, threads and pools are made."""
    start = threading.Thread.start

    def start_and_remember(thread: threading.Thread) -> None:
        _started_at[thread] = _place()
        start(thread)

    threading.Thread.start = start_and_remember
    for kind in (QTimer, QThread, QThreadPool):
        _remember_making(kind)


def _remember_making(kind: Any) -> None:
    make = kind.__init__

    def make_and_remember(self: QObject, *args: Any, **named: Any) -> None:
        make(self, *args, **named)
        _made.append((weakref.ref(self), _place()))

    kind.__init__ = make_and_remember


def _place() -> str:
    """The nearest lines of this project on the stack, innermost first."""
    frames = [
        frame
        for frame, _ in traceback.walk_stack(sys._getframe(2))
        if frame.f_code.co_filename.startswith(OURS) and not any(part in frame.f_code.co_filename for part in SKIPPED)
    ]
    lines = [
        f"{Path(frame.f_code.co_filename).relative_to(OURS)}:{frame.f_lineno} in {frame.f_code.co_name}"
        for frame in frames[:3]
    ]
    return ", called from ".join(lines) or "a place outside the project"


class Watch:
    """What ran before a test; `left_running` says what runs after it and did not before."""

    def __init__(self) -> None:
        self._threads = set(threading.enumerate())
        _made.clear()

    def left_running(self) -> list[str]:
        """One line for each thing left running, after a grace of two seconds each; timers are stopped."""
        app = QCoreApplication.instance()
        if app is not None:
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if any(_is_running(thing) for thing, _ in _alive()):
            gc.collect()
        left = [f"{_kind(thing)} made at {place}" for thing, place in _alive() if not _has_ended(thing)]
        if not QThreadPool.globalInstance().waitForDone(GRACE_MS):
            left.append("a job in the global QThreadPool")
        return left + [
            f"thread {thread.name!r} started at {_started_at.get(thread, 'a place outside the project')}"
            for thread in set(threading.enumerate()) - self._threads
            if not _has_joined(thread)
        ]


def _alive() -> list[tuple[Any, str]]:
    return [(thing, place) for made, place in _made if (thing := made()) is not None and isValid(thing)]


def _kind(thing: QObject) -> str:
    base = next(base for base in (QTimer, QThread, QThreadPool) if isinstance(thing, base))
    return base.__name__ if type(thing) is base else f"{base.__name__} ({type(thing).__name__})"


def _is_running(thing: QTimer | QThread | QThreadPool) -> bool:
    if isinstance(thing, QTimer):
        return thing.isActive()
    return thing.isRunning() if isinstance(thing, QThread) else thing.activeThreadCount() > 0


def _has_ended(thing: QTimer | QThread | QThreadPool) -> bool:
    if not _is_running(thing):
        return True
    if isinstance(thing, QTimer):
        thing.stop()  # so that it does not fire in the next test
        return False
    return thing.wait(GRACE_MS) if isinstance(thing, QThread) else thing.waitForDone(GRACE_MS)


def _has_joined(thread: threading.Thread) -> bool:
    if isinstance(thread, threading._DummyThread):
        return True  # Python's name for a thread that Qt started: it is watched as that
    thread.join(GRACE_MS / 1000)
    return not thread.is_alive()
