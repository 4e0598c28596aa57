"""The periodic jobs: what, how often, and the one line that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.models.domain.ports import Clock, LogReader
from console.models.live import snapshot
from console.models.live.history import manifest, sealing
from console.scheduling.jobs import tidying, work
from console.scheduling.jobs.apart import Apart

END_SECONDS = 5.0
"""How long the last work may keep the console from ending."""


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` is called every so many seconds, and where it says so once more at the end."""

    name: str
    every_seconds: float
    run: Callable[[], object]
    at_end: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """Where the jobs work. ``open_log`` opens the log in another process, so it must be picklable."""

    data_dir: Path
    log: LogReader
    open_log: Callable[[], LogReader]
    clock: Clock

    @property
    def snapshots(self) -> Path:
        """The folder of the start-up snapshots."""
        return self.data_dir / snapshot.FOLDER

    @property
    def history(self) -> Path:
        """The folder of the sealed days."""
        return self.data_dir / manifest.FOLDER


def jobs(site: Site, apart: Apart) -> tuple[Job, ...]:
    """The table."""
    return (
        Job("keep a snapshot", 60, lambda: _keep_snapshot(site, apart), lambda: _last_snapshot(site, apart)),
        Job("seal days", 60, lambda: _seal_days(site, apart)),
        Job("tidy up", 6 * 3600, lambda: tidying.tidy_up(site.data_dir, site.clock.now())),
    )


def _keep_snapshot(site: Site, apart: Apart) -> None:
    now = site.clock.now()
    if snapshot.due(site.snapshots, site.log.last_seq(), now):
        apart.run(work.keep_snapshot, site.open_log, site.snapshots, now)


def _last_snapshot(site: Site, apart: Apart) -> None:
    if snapshot.due_at_end(site.snapshots, site.log.last_seq()):
        apart.run(work.keep_snapshot, site.open_log, site.snapshots, site.clock.now(), within=END_SECONDS)


def _seal_days(site: Site, apart: Apart) -> None:
    now = site.clock.now()
    if sealing.due(site.history, site.log, now):
        apart.run(work.seal_days, site.open_log, site.history, now)
