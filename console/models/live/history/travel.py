"""Asks a worker process for boards of the past and hands them over; the newest wish counts."""

from __future__ import annotations

import logging
import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from console.i18n import _
from console.models.domain.ports import LogReader
from console.models.live.board import Board
from console.models.live.history import handover, worker
from console.models.live.history.worker import Answer, Failed, Ready, Step, Wish
from console.models.policy.history import PolicyHistory

logger = logging.getLogger("console.history")

_END_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A wish, the board that lends its words, and whom to tell. The calls come on the history's thread."""

    wish: Wish
    present: Board
    on_ready: Callable[[Board], None]
    on_failed: Callable[[str], None]
    on_progress: Callable[[int, int], None]


class History:
    """Boards of past instants, made by one worker process that is started by `start` or by the first request."""

    def __init__(self, open_log: Callable[[], LogReader], folder: Path, policies: PolicyHistory) -> None:
        """``open_log`` opens the log in the worker, so it must be picklable; ``folder`` holds the sealed days;
        ``policies`` tells under which policy a board stands, the present board's where the log tells of none."""
        self._open_log = open_log
        self._folder = folder
        self._policies = policies
        self._changed = threading.Condition()
        self._asked: Asked | None = None
        self._number = 0
        self._wanted = False
        self._closing = False
        self._connection: Connection | None = None
        self._process: BaseProcess | None = None
        self._exchange: Path | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the worker ahead of the first request; returns at once."""
        with self._changed:
            self._want()

    def request(
        self,
        at: int,
        present: Board,
        on_ready: Callable[[Board], None],
        on_failed: Callable[[str], None],
        on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> None:
        """Ask for the board at an instant, with the names and words of the present one; returns at once.

        An older request that was not answered yet never will be. ``on_failed`` is told why in one sentence. All three
        are called on a thread of the history.
        """
        with self._changed:
            self._number += 1
            self._asked = Asked(Wish(self._number, at), present, on_ready, on_failed, on_progress)
            self._send()
            self._want()

    def cancel(self) -> None:
        """The board that was asked for last is not wanted any more."""
        with self._changed:
            self._asked = None

    def close(self) -> None:
        """End the worker and the thread; nobody is called any more when this returns."""
        with self._changed:
            self._closing = True
            self._asked = None
            self._end_worker()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _want(self) -> None:
        """See to it that there is a worker; the lock is held."""
        self._wanted = True
        if self._thread is None and not self._closing:
            self._thread = threading.Thread(target=self._run, name="history", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        while self._wait_until_wanted():
            connection = self._start_worker()
            try:
                while True:
                    self._take(connection.recv())
            except (EOFError, OSError):
                self._lost(connection)
        if self._exchange is not None:
            shutil.rmtree(self._exchange, ignore_errors=True)

    def _wait_until_wanted(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._closing)
            return not self._closing

    def _start_worker(self) -> Connection:
        if self._exchange is None:
            self._exchange = Path(tempfile.mkdtemp(prefix="supervisor-console-"))
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=worker.serve,
            args=(theirs, self._open_log, self._folder, self._exchange),
            name="history",
            daemon=True,
        )
        process.start()
        theirs.close()
        with self._changed:
            self._connection, self._process = ours, process
            if self._closing:
                self._end_worker()
            self._send()
        return ours

    def _send(self) -> None:
        """Pass the wish on, where there is a worker; the lock is held."""
        if self._connection is not None and self._asked is not None:
            try:
                self._connection.send(self._asked.wish)
            except OSError:
                logger.info("the worker of the history is gone")

    def _end_worker(self) -> None:
        if self._connection is not None:
            try:
                self._connection.send(None)
            except OSError:
                logger.info("the worker of the history is gone")

    def _take(self, answer: Answer) -> None:
        with self._changed:
            asked = self._asked
        if asked is None or answer.number != asked.wish.number:
            if isinstance(answer, Ready):
                (self._folder_of_exchange() / answer.name).unlink(missing_ok=True)
            return
        match answer:
            case Step(_, done, total):
                asked.on_progress(done, total)
            case Ready(_, name):
                self._hand_over(asked, name)
            case Failed(_, reason):
                self._answer(asked, lambda: asked.on_failed(reason))

    def _hand_over(self, asked: Asked, name: str) -> None:
        at = asked.wish.at
        try:
            then = self._policies.at(at, asked.present.policy)
            board = handover.take(self._folder_of_exchange() / name, at, then, asked.present)
        except Exception as error:
            # The database may be locked, or the file gone; the worker is sound.
            logger.exception("a board of the past cannot be taken over")
            reason = str(error) or type(error).__name__
            self._answer(asked, lambda: asked.on_failed(reason))
        else:
            self._answer(asked, lambda: asked.on_ready(board))

    def _answer(self, asked: Asked, tell: Callable[[], None]) -> None:
        """Tell, unless something newer was asked for meanwhile."""
        with self._changed:
            if self._asked is not asked:
                return
            self._asked = None
        try:
            tell()
        except Exception:
            logger.exception("whoever asked for a board of the past failed to take the answer")

    def _lost(self, connection: Connection) -> None:
        """The worker has ended: as it was told to, or because something killed it."""
        with self._changed:
            asked, process = self._asked, self._process
            self._connection = self._process = None
            self._wanted = False
        connection.close()
        if process is not None:
            process.join(_END_SECONDS)
            if process.is_alive():
                process.terminate()
                process.join()
            process.close()
        if asked is not None:
            self._answer(asked, lambda: asked.on_failed(_("The worker process ended. Try again.")))

    def _folder_of_exchange(self) -> Path:
        if self._exchange is None:
            raise RuntimeError("no worker was started")
        return self._exchange
