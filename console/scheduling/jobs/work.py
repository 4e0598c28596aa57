"""What the jobs do in processes of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from console.models.domain.ports import LogReader, Progress
from console.models.live import catch_up
from console.models.live.history import sealing
from console.models.policy import policy as policies


def keep_snapshot(open_log: Callable[[], LogReader], folder: Path, now: int) -> None:
    """Bring the newest snapshot up to the end of the log."""
    catch_up.renew_snapshot(open_log(), folder, policies.default(), now, Progress())


def seal_days(open_log: Callable[[], LogReader], folder: Path, now: int) -> None:
    """Seal the days that are over and mend those for which something came late."""
    sealing.look_after(open_log(), folder, policies.default(), now, Progress())
