"""Jobs run in the background, survive their own errors, and end without a trace."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

import pytest

from console.scheduling.jobs.apart import Apart
from console.scheduling.jobs.scheduler import Jobs
from console.scheduling.jobs.table import Job

PATIENCE = 30.0


class Runs:
    """Counts runs, and lets a test wait for them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.count = 0

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, PATIENCE)


def test_a_job_runs_again_and_again_until_it_is_stopped() -> None:
    runs = Runs()
    jobs = Jobs([Job("count", 0.01, runs)], Apart())
    jobs.start()
    runs.wait(3)
    jobs.stop()
    ran = runs.count
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]
    assert runs.count == ran


def test_a_job_that_fails_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    runs = Runs()

    def fail() -> None:
        runs()
        raise RuntimeError("no luck")

    jobs = Jobs([Job("luckless", 0.01, fail)], Apart())
    with caplog.at_level(logging.ERROR, "console.jobs"):
        jobs.start()
        runs.wait(2)
        jobs.stop()
    assert "'luckless' failed" in caplog.text


def test_a_job_does_not_run_beside_itself() -> None:
    first, other = Runs(), Runs()
    go_on = threading.Event()

    def slow() -> None:
        first()
        assert go_on.wait(PATIENCE)

    jobs = Jobs([Job("slow", 0.01, slow), Job("other", 0.01, other)], Apart())
    jobs.start()
    first.wait(1)
    other.wait(other.count + 5)
    assert first.count == 1
    go_on.set()
    jobs.stop()


def test_the_last_work_is_done_when_the_jobs_stop_even_after_another_failed() -> None:
    last = Runs()

    def fail() -> None:
        raise RuntimeError("no luck")

    jobs = Jobs([Job("fails", 3600, fail, fail), Job("ends", 3600, fail, last)], Apart())
    jobs.start()
    jobs.stop()
    assert last.count == 1


def test_the_table_of_jobs_does_not_import_the_scheduler() -> None:
    code = "import sys; import console.scheduling.jobs.table; sys.exit('apscheduler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
