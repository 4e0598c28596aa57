"""Logs by topic: the last lines in memory, all of them in a file that rotates, as JSON lines for programs.

A module takes its logger once: ``log = logs.topic("intake")``. Values go beside the message, not into it:
``log.warning("spooled", extra=logs.fields(rows=12))``. Nothing is written anywhere before `setup`.
"""

from __future__ import annotations

import collections
import json
import logging
import logging.handlers
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = "console"
LOGGERS = (ROOT, "py.warnings")
FILE_BYTES = 4_000_000
FILES_KEPT = 3
LINES_KEPT = 2_000


def topic(name: str) -> logging.Logger:
    """The logger of a topic ("intake", "board", "qt" ...)."""
    return logging.getLogger(f"{ROOT}.{name}")


def fields(**values: object) -> dict[str, object]:
    """Named values to log beside a message, for ``extra=``."""
    return {"fields": values}


class Ring(logging.Handler):
    """The last lines, for the crash report and the doctor; safe to read from any thread."""

    def __init__(self, lines: int = LINES_KEPT) -> None:
        super().__init__()
        self._lines: collections.deque[str] = collections.deque(maxlen=lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record as a line of text."""
        try:
            self._lines.append(self.format(record))
        except Exception:  # noqa: BLE001 - like logging's own handlers: a bad message must not stop the program
            self.handleError(record)

    def recent(self, count: int | None = None) -> list[str]:
        """The last ``count`` lines (all by default), oldest first."""
        lines = list(self._lines)
        return lines if count is None else lines[len(lines) - min(count, len(lines)) :]


class TextFormatter(logging.Formatter):
    """A line for people: time in UTC, level, topic, message, values."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text; a traceback follows on lines of its own."""
        values = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        line = f"{_at(record)} {record.levelname.lower():7} {_topic(record)}: {record.getMessage()}"
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return "\n".join(filter(None, [f"{line} {values}".rstrip(), trace]))


class JsonFormatter(logging.Formatter):
    """A line for programs: ``at, level, topic, message``, then the values by name and ``trace`` after an error.

    A value whose name is taken by one of these is written as ``value_NAME``; what JSON does not know, as text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "at": _at(record),
            "level": record.levelname.lower(),
            "topic": _topic(record),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        for name, value in _fields(record).items():
            line[f"value_{name}" if name in line else name] = value
        return json.dumps(line, ensure_ascii=False, default=str)


def setup(
    directory: Path | None = None, json_file: Path | None = None, level: int = logging.INFO, verbose: bool = False
) -> Ring:
    """Start logging and return the ring of recent lines. Called again, it replaces what was set up before.

    Writes ``console.log`` in ``directory`` and JSON lines to ``json_file``, each where given and rotated at 4 MB;
    warnings and worse (with ``verbose`` everything) go to standard error. Python's warnings and exceptions that end
    a thread are logged too. Raises OSError when a file cannot be written.
    """
    stop()
    ring = Ring()
    text = TextFormatter()
    handlers: list[tuple[logging.Handler, logging.Formatter, int]] = [(ring, text, level)]
    if directory is not None:
        handlers.append((_rotating(directory / "console.log"), text, level))
    if json_file is not None:
        handlers.append((_rotating(json_file), JsonFormatter(), level))
    if sys.stderr is not None:  # the frozen program for Windows has none
        handlers.append((logging.StreamHandler(), text, level if verbose else logging.WARNING))
    for handler, formatter, least in handlers:
        handler.setFormatter(formatter)
        handler.setLevel(least)
    for logger in map(logging.getLogger, LOGGERS):
        logger.setLevel(level)
        logger.propagate = False
        for handler, _, _ in handlers:
            logger.addHandler(handler)
    logging.captureWarnings(True)
    threading.excepthook = _log_thread_failure
    return ring


def stop() -> None:
    """Close the files and forget what `setup` did."""
    for logger in map(logging.getLogger, LOGGERS):
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
            handler.close()
        logger.propagate = True
    logging.captureWarnings(False)
    threading.excepthook = threading.__excepthook__


class _LogFile(logging.handlers.RotatingFileHandler):
    """A file that is silent when it cannot be written any more: a full disk must not end the run or fill the screen."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Tell of our own mistakes only."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)

    def close(self) -> None:
        """Close the file, whatever of it could not be written."""
        with suppress(OSError):
            super().close()


def _rotating(path: Path) -> logging.Handler:
    path.parent.mkdir(parents=True, exist_ok=True)
    return _LogFile(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")


def _log_thread_failure(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_type is SystemExit or failure.exc_value is None:
        return
    name = failure.thread.name if failure.thread else "a thread that is gone"
    trace = (failure.exc_type, failure.exc_value, failure.exc_traceback)
    topic("crash").error("thread ended by an error", exc_info=trace, extra=fields(thread=name))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    values: dict[str, object] = getattr(record, "fields", {})
    return values


def _topic(record: logging.LogRecord) -> str:
    return record.name.removeprefix(f"{ROOT}.")


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
