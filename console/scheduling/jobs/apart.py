"""Runs heavy work in a process of its own, so that it costs the window no frame and its memory is given back."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

NICE = 10


class WorkFailed(Exception):
    """The work raised an error, or its process was ended; the message says which."""


class Apart:
    """Starts processes, waits for them, and ends them when the console stops."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[BaseProcess] = set()
        self._ended = 0

    def run(self, work: Callable[..., object], *args: Any, within: float | None = None) -> bool:
        """Run ``work(*args)`` (both picklable) and wait.

        False when it was ended, by `end` or because it took longer than ``within`` seconds; it must leave nothing half
        done then. Raises `WorkFailed` when it failed.
        """
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_perform, args=(theirs, work, args), name=work.__name__, daemon=True)
        with self._lock:
            ended = self._ended
            process.start()
            self._running.add(process)
        theirs.close()
        try:
            return self._wait(process, ours, within)
        except EOFError:
            if self._ended > ended:
                return False
            raise WorkFailed(f"{process.name}: its process was ended") from None
        finally:
            with self._lock:
                self._running.discard(process)
            ours.close()
            process.kill()
            process.join()
            process.close()

    def end(self) -> None:
        """End what runs now."""
        with self._lock:
            self._ended += 1
            for process in self._running:
                process.kill()

    def _wait(self, process: BaseProcess, answer: Connection, within: float | None) -> bool:
        if not answer.poll(within):
            return False
        error: str | None = answer.recv()
        if error is not None:
            raise WorkFailed(f"{process.name}: {error}")
        return True


def _perform(answer: Connection, work: Callable[..., object], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        work(*args)
    except Exception as error:  # noqa: BLE001 - it is told to whoever waits
        answer.send(f"{type(error).__name__}: {error}")
    else:
        answer.send(None)
