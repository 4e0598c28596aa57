"""Runs the table of jobs with APScheduler, in the background of one process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler

from console.scheduling.jobs.apart import Apart
from console.scheduling.jobs.table import Job

logger = logging.getLogger("console.jobs")

MISFIRE_SECONDS = 60
"""A job that could not begin in time still begins this much later; after that it waits for its next turn."""


class Jobs:
    """The jobs of one console. Import this module after the first paint: APScheduler takes its time."""

    def __init__(self, table: Sequence[Job], apart: Apart) -> None:
        self._table = table
        self._apart = apart
        # Runs that were missed while the machine slept count as one, and no job runs beside itself.
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_SECONDS}
        self._scheduler = BackgroundScheduler(job_defaults=defaults, timezone=UTC)
        for job in table:
            self._scheduler.add_job(_guarded(job.name, job.run), "interval", seconds=job.every_seconds, id=job.name)

    def start(self) -> None:
        """Begin; each job runs for the first time after its interval."""
        self._scheduler.start()

    def stop(self) -> None:
        """Wait for short work, end long work, and do what is to be done at the end; no thread or process remains."""
        self._apart.end()
        self._scheduler.shutdown(wait=True)
        for job in self._table:
            if job.at_end is not None:
                _guarded(job.name, job.at_end)()


def _guarded(name: str, run: Callable[[], object]) -> Callable[[], None]:
    """A job that fails is logged and runs again at its next turn."""

    def guarded() -> None:
        try:
            run()
        except Exception:
            logger.exception("the job %r failed", name)

    return guarded
