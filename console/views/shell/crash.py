"""The one funnel for our own mistakes: every exception that nobody caught is logged, reported to a file and shown,
while the window goes on."""

from __future__ import annotations

import faulthandler
import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from console import __version__, logs
from console.errors import KnownError
from console.models.domain.ports import Clock

REPORT = "crash-report.txt"
FAULTS = "faults.txt"
_HARMLESS = ("This plugin does not support propagateSizeHints()", "This plugin does not support raise()")
"""What Qt says of every window without a display."""
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
log = logs.topic("crash")
_qt_log = logs.topic("qt")


class CrashFunnel(QObject):
    """``reported`` carries the first line of a new mistake and the report's path; ``told`` a failure of the world that
    nobody else showed. Both arrive on the GUI thread."""

    reported = Signal(str, str)
    told = Signal(str)

    def __init__(self, folder: Path, clock: Clock, recent: Callable[[], Sequence[str]]) -> None:
        """Keep reports in ``folder``; ``recent`` gives the last lines of the log."""
        super().__init__()
        self._folder = folder
        self._clock = clock
        self._recent = recent
        self._seen: dict[str, int] = {}
        self._faults: TextIO | None = None
        self._before = (sys.excepthook, threading.excepthook)

    def install(self) -> str:
        """Catch from now on. Returns what ended the program the last time, empty when nothing did."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / FAULTS
        previous = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        self._faults = path.open("w", encoding="utf-8")
        faulthandler.enable(self._faults)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self.catch
        threading.excepthook = self._catch_in_thread
        qInstallMessageHandler(qt_message)
        return previous

    def remove(self) -> None:
        """Catch no more; an empty fault file says that the program ended well."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)
        faulthandler.disable()
        if self._faults is not None:
            self._faults.close()
            self._faults = None

    def catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log, report and show; the same mistake again is only counted."""
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._before[0](kind, error, trace)
            return
        if isinstance(error, KnownError):
            log.warning("%s", error)
            self.told.emit(str(error))
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        times = self._seen[text] = self._seen.get(text, 0) + 1
        if times == 1:
            log.error("a mistake of ours: %s", error, exc_info=(kind, error, trace))
            self.reported.emit(f"{kind.__name__}: {error}", str(self._write(text)))
        elif times & (times - 1) == 0:
            log.error("the same mistake again", extra=logs.fields(times=times, error=str(error)))

    def _catch_in_thread(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            self.catch(failure.exc_type, failure.exc_value, failure.exc_traceback)

    def _write(self, text: str) -> Path:
        path = self._folder / REPORT
        head = (
            f"Supervisor Console {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
            f"{platform.platform()}\nAt {self._clock.now()} microseconds since the epoch"
        )
        lines = "\n".join(self._recent())
        try:
            path.write_text(f"{head}\n\n{text}\nThe last lines of the log\n{lines}\n", encoding="utf-8")
        except OSError as error:
            log.warning("the crash report could not be written: %s", error)
        return path


def qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Send Qt's messages into the log, without those that every offscreen window makes."""
    if text.startswith(_HARMLESS):
        return
    category = getattr(context, "category", "") or "default"
    _qt_log.log(_LEVELS.get(kind, logging.WARNING), "%s", text, extra=logs.fields(category=category))
