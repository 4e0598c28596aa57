"""The clocks: the machine's own, one that stands still or moves on command, and one that runs faster."""

from __future__ import annotations

import time
from datetime import UTC, datetime

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return time.time_ns() // 1_000

    def monotonic(self) -> float:
        """Seconds on a clock that never jumps."""
        return time.monotonic()


class FixedClock:
    """A clock that moves only when told; for tests, golden screenshots and drills."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the clock was made, as far as it was moved."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._now += round(seconds * SECOND)
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as a correction of the machine's time does."""
        self._now += round(seconds * SECOND)


class ScaledClock:
    """A clock that starts at an instant and runs ``speed`` times as fast as the machine's."""

    def __init__(self, start: int, speed: float = 1.0) -> None:
        self._start = start
        self._speed = speed
        self._origin = time.monotonic()

    def now(self) -> int:
        """Microseconds since the epoch, UTC."""
        return self._start + round((time.monotonic() - self._origin) * self._speed * SECOND)

    def monotonic(self) -> float:
        """Seconds on the machine's clock: waits are real even when the simulated day runs fast."""
        return time.monotonic()


def micros(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds


def moment(at: int) -> datetime:
    """The aware UTC datetime of microseconds since the epoch."""
    seconds, rest = divmod(at, SECOND)
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=rest)
