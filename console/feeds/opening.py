"""A worker that opens the board once, and says how far it is."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future

from console.i18n import _
from console.models.domain.ports import Progress
from console.models.store.trouble import told
from console.views.feed import Opened


class Opening:
    """Runs ``work`` in a thread of its own, and ``after`` when the board was handed over; every call is safe on any
    thread."""

    def __init__(self, work: Callable[[Progress], Opened], after: Callable[[], None] = lambda: None) -> None:
        self.future: Future[Opened] = Future()
        self.step = _("Opening the data")
        """What it does now; the work may change it."""
        self._work = work
        self._after = after
        self._figures = (0, 0)
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="open", daemon=True)
        self._thread.start()

    def progress(self) -> tuple[str, int, int]:
        """What it does, how much of it is done, and of how much."""
        return self.step, *self._figures

    def wait(self) -> None:
        """Block until all of it is done."""
        if self._thread is not None:
            self._thread.join()

    def stop(self) -> None:
        """Ask it to stop where it can, and wait for the thread."""
        self._cancelled.set()
        self.wait()

    def _report(self, done: int, total: int) -> None:
        self._figures = (done, total)

    def _run(self) -> None:
        try:
            opened = self._work(Progress(report=self._report, cancelled=self._cancelled.is_set))
            # What lives from now on to the end is not worth looking through at every collection.
            gc.freeze()
        except BaseException as error:  # noqa: BLE001 - carried to whoever waits for the board
            self.future.set_exception(told(error) or error)
            return
        self.future.set_result(opened)
        if not self._cancelled.is_set():
            self._after()
