"""When a place is open, as instants: working periods of the wall clock turned into intervals of UTC.

An instant is working time when the clock on the wall then shows a time inside a working period. So an hour that the
clock skips is never worked, and an hour that it passes twice is worked twice. Times are microseconds since the epoch;
*wall* times are microseconds since 1970-01-01 00:00 on the wall clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, SECOND, moment

Instants = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class OpenTime:
    """Open intervals between two instants: ``opens[i] <= t < closes[i]``, ordered and apart from each other.

    ``worked_before[i]`` is the working time in all intervals before the i-th, in microseconds.
    """

    since: int
    until: int
    opens: Instants
    closes: Instants
    worked_before: Instants

    def total(self) -> int:
        """The working time in the whole span, in microseconds."""
        return int(self.worked_before[-1])

    def worked_until(self, at: Instants) -> Instants:
        """The working time from the start of the span to these instants, in microseconds."""
        index = np.searchsorted(self.opens, at, side="right") - 1
        inside = np.maximum(index, 0)
        if not self.opens.size:
            return np.zeros_like(at)
        part = np.minimum(at, self.closes[inside]) - self.opens[inside]
        return np.where(index >= 0, self.worked_before[inside] + part, 0)

    def reached(self, worked: Instants) -> Instants:
        """The first instant at which so much has been worked since the start of the span.

        ``worked`` lies between 1 and `total`; the instant is then the end of some working time.
        """
        index = np.searchsorted(self.worked_before, worked, side="left") - 1
        return np.asarray(self.opens[index] + (worked - self.worked_before[index]))

    def opens_next(self, at: Instants) -> Instants:
        """The first open instant at or after these; ``until`` where there is none in the span."""
        index = np.searchsorted(self.closes, at, side="right")
        opens = np.append(self.opens, self.until)
        return np.asarray(np.maximum(opens[index], at))

    def is_open(self, at: Instants) -> NDArray[np.bool_]:
        """Whether these instants are working time."""
        return np.asarray(self.opens_next(at) == at) & (at < self.until)


def open_time(walls: tuple[Instants, Instants], zone: tzinfo, since: int, until: int) -> OpenTime:
    """The open intervals between two instants, of wall intervals (starts and ends, in any order, also overlapping)."""
    starts, ends = _union(*walls)
    opens: list[Instants] = []
    closes: list[Instants] = []
    for first, last, offset in _offsets(zone, since, until):
        # Within such a piece the wall clock runs evenly: cut the wall intervals to it and shift them.
        low = np.searchsorted(ends, first + offset, side="right")
        high = np.searchsorted(starts, last + offset, side="left")
        opens.append(np.maximum(starts[low:high] - offset, first))
        closes.append(np.minimum(ends[low:high] - offset, last))
    joined = _union(np.concatenate(opens), np.concatenate(closes))
    lengths = joined[1] - joined[0]
    return OpenTime(since, until, *joined, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))


def _union(starts: Instants, ends: Instants) -> tuple[Instants, Instants]:
    """The same time as intervals that are ordered and neither touch nor overlap."""
    kept = ends > starts
    order = np.argsort(starts[kept], kind="stable")
    starts, ends = starts[kept][order], ends[kept][order]
    if not starts.size:
        return starts, ends
    reach = np.maximum.accumulate(ends)
    first = np.concatenate([[True], starts[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    return starts[first], reach[last]


def _offsets(zone: tzinfo, since: int, until: int) -> list[tuple[int, int, int]]:
    """Pieces of the span with one offset from UTC each: start, end, offset.

    `zoneinfo` does not tell its transitions, so the offset is read every day and each change is found by bisection.
    """
    pieces: list[tuple[int, int, int]] = []
    begun = at = since
    offset = offset_at(zone, at)
    while at < until:
        ahead = min(at + DAY, until)
        later = offset_at(zone, ahead)
        if later != offset:
            change = _change(zone, at, ahead, offset)
            pieces.append((begun, change, offset))
            begun = at = change
            offset = offset_at(zone, change)
        else:
            at = ahead
    pieces.append((begun, until, offset))
    return pieces


def _change(zone: tzinfo, low: int, high: int, offset: int) -> int:
    """The first whole second in ``(low, high]`` with another offset; at ``low`` it is still ``offset``."""
    below, above = low // SECOND, -(-high // SECOND)
    while above - below > 1:
        middle = (below + above) // 2
        if offset_at(zone, middle * SECOND) == offset:
            below = middle
        else:
            above = middle
    return above * SECOND


def offset_at(zone: tzinfo, at: int) -> int:
    """How far the wall clock is ahead of UTC at an instant, in microseconds."""
    ahead = moment(at).astimezone(zone).utcoffset() or timedelta()
    return (ahead.days * 86_400 + ahead.seconds) * SECOND + ahead.microseconds
