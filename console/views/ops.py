"""The door for what the user asks: run a function away from the GUI thread and bring the answer back to it.

Writes go one after another through a single worker; reads share a small pool. A newer job with the same key cancels
the older one, whose callbacks are then never called; nor are those of a job whose owner widget is gone.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal, Slot
from shiboken6 import isValid

from console.errors import KnownError
from console.models.domain.ports import Cancelled, Progress

log = logging.getLogger("console.ops")
T = TypeVar("T")
_READERS = 3


class InlineExecutor(Executor):
    """Runs everything at once on the calling thread; for tests and snapshots."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run now; the future is done when this returns."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - a future carries whatever was raised
            future.set_exception(error)
        return future


class Job(Generic[T]):
    """A piece of work on its way. Callbacks run on the GUI thread, at most one of them last."""

    def __init__(
        self,
        work: Callable[[Progress], T],
        success: Callable[[T], None] | None,
        failure: Callable[[BaseException], None] | None,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], None] | None,
        owner: QObject | None,
    ) -> None:
        self._work = work
        self._success = success
        self._failure = failure
        self._progress = progress
        self._on_cancelled = cancelled
        self._owner = owner
        self._stop = threading.Event()
        self._superseded = False
        self._latest: tuple[int, int] | None = None
        self._lock = threading.Lock()

    @property
    def stopping(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop at its next progress step; its success is no longer reported."""
        self._stop.set()

    def supersede(self) -> None:
        """Cancel without any further callback: a newer job took its place."""
        self._superseded = True
        self._stop.set()


class Ops(QObject):
    """Runs jobs; create it on the GUI thread. ``readers`` and ``writer`` are replaced by `InlineExecutor` in tests."""

    failed = Signal(object)
    """An exception of a job that brought no failure callback: a `KnownError` to show, or a bug for the crash funnel."""
    _returned = Signal(object)

    def __init__(
        self, readers: Executor | None = None, writer: Executor | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._readers = readers or ThreadPoolExecutor(_READERS, thread_name_prefix="ops-read")
        self._writer = writer or ThreadPoolExecutor(1, thread_name_prefix="ops-write")
        self._running: set[Job[Any]] = set()
        self._by_key: dict[str, Job[Any]] = {}
        # From a worker this is queued to the GUI thread; from the GUI thread itself it is a plain call.
        self._returned.connect(self._on_returned)

    def read(
        self,
        work: Callable[[Progress], T],
        success: Callable[[T], None],
        *,
        failure: Callable[[BaseException], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        key: str = "",
        owner: QObject | None = None,
    ) -> Job[T]:
        """Run a query on the pool. ``progress`` gets (done, total), total 0 while it is unknown."""
        return self._start(self._readers, Job(work, success, failure, progress, cancelled, owner), key)

    def write(
        self,
        work: Callable[[Progress], T],
        success: Callable[[T], None] | None = None,
        *,
        failure: Callable[[BaseException], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], None] | None = None,
        key: str = "",
        owner: QObject | None = None,
    ) -> Job[T]:
        """Run an action after all actions before it."""
        return self._start(self._writer, Job(work, success, failure, progress, cancelled, owner), key)

    def close(self) -> None:
        """Cancel what runs, wait for it, and forget every callback."""
        for job in tuple(self._running):
            job.supersede()
        for executor in (self._readers, self._writer):
            executor.shutdown(wait=True, cancel_futures=True)
        self._running.clear()
        self._by_key.clear()

    def _start(self, executor: Executor, job: Job[T], key: str) -> Job[T]:
        if key:
            older = self._by_key.get(key)
            if older is not None:
                older.supersede()
            self._by_key[key] = job
        self._running.add(job)
        executor.submit(self._run, job, key)
        return job

    def _run(self, job: Job[T], key: str) -> None:
        def report(done: int, total: int) -> None:
            with job._lock:
                waiting = job._latest is not None
                job._latest = (done, total)
            # One message under way is enough: it carries the newest figures when it arrives.
            if not waiting and job._progress is not None:
                self._returned.emit(partial(self._report, job))

        try:
            if job.stopping:
                raise Cancelled
            end = partial(self._succeed, job, job._work(Progress(report=report, cancelled=lambda: job.stopping)))
        except Cancelled:
            end = partial(self._stop, job)
        except BaseException as error:  # noqa: BLE001 - carried to the GUI thread, which knows what to do
            end = partial(self._fail, job, error)
        self._returned.emit(partial(self._finish, job, key, end))

    @Slot(object)
    def _on_returned(self, call: Callable[[], None]) -> None:
        call()

    def _report(self, job: Job[Any]) -> None:
        with job._lock:
            latest, job._latest = job._latest, None
        if latest is not None and job._progress is not None and self._wanted(job) and not job.stopping:
            job._progress(*latest)

    def _finish(self, job: Job[Any], key: str, end: Callable[[], None]) -> None:
        self._running.discard(job)
        if key and self._by_key.get(key) is job:
            del self._by_key[key]
        if self._wanted(job):
            end()

    def _wanted(self, job: Job[Any]) -> bool:
        return not job._superseded and (job._owner is None or isValid(job._owner))

    def _succeed(self, job: Job[T], result: T) -> None:
        if job.stopping:
            self._stop(job)
        elif job._success is not None:
            job._success(result)

    def _stop(self, job: Job[Any]) -> None:
        if job._on_cancelled is not None:
            job._on_cancelled()

    def _fail(self, job: Job[Any], error: BaseException) -> None:
        if job._failure is not None:
            job._failure(error)
        else:
            self.failed.emit(error)
        if not isinstance(error, KnownError):
            log.error("a job failed: %r", error)
            sys.excepthook(type(error), error, error.__traceback__)
