"""Removes what was kept for a while and is not needed any more."""

from __future__ import annotations

import logging
from pathlib import Path

from console.clock import DAY

logger = logging.getLogger("console.jobs")

REJECTS_KEPT_DAYS = 90
BACKUPS_KEPT = 2
"""Copies of the database from before an upgrade."""

_NANOSECONDS = 1_000


def tidy_up(data_dir: Path, now: int) -> list[Path]:
    """Remove lists of rejected rows that nobody has touched for long, and all but the newest backups.

    Returns what was removed. A file that cannot be removed is left for the next time.
    """
    rejects = [
        path
        for path in data_dir.glob("rejects/*.rejects.csv")
        if now - path.stat().st_mtime_ns // _NANOSECONDS > REJECTS_KEPT_DAYS * DAY
    ]
    backups = sorted(data_dir.glob("*.before-*.bak"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    removed = []
    for path in [*rejects, *backups[BACKUPS_KEPT:]]:
        try:
            path.unlink()
        except OSError as error:
            logger.warning("%s cannot be removed: %s", path, error)
        else:
            removed.append(path)
    return removed
