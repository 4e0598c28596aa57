"""Which tickets of a log may have a clock that runs, told without folding anybody's history."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.live import fold
from console.models.live.catch_up import EVENTS_PER_READ, events_of

_ENDS = np.array([Kind.MERGED, Kind.DELETED, Kind.ABANDONED, Kind.TIMED_OUT])
_STARTS = np.array([Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.QUEUED, Kind.PROMISE_MADE, Kind.REOPENED])


class InProgress(NamedTuple):
    """All events, up to the place ``seq``, of the tickets that may be in progress; the id of the last ticket of all."""

    rows: Rows
    seq: int
    highest: int


def read(log: LogReader, since: int, progress: Progress) -> InProgress:
    """Go through the log once, then read the events of the tickets that nothing has ended for good, and of those to
    which something happened after ``since``. Raises `ports.Cancelled` when asked to stop."""
    seq = log.last_seq()
    ended = np.zeros(1024, dtype=np.int64)
    begun = np.zeros(1024, dtype=np.int64)
    for start in range(0, seq, EVENTS_PER_READ):
        rows = log.rows(start, min(start + EVENTS_PER_READ, seq))
        rows = rows[rows["kind"] < FIRST_AGENT_KIND]
        highest = int(rows["subject"].max(initial=0))
        ended, begun = _grown(ended, highest), _grown(begun, highest)
        kind, at, ticket = rows["kind"], rows["at"], rows["subject"]
        told = kind == Kind.STATUS_CHANGED
        status = np.where(told & (rows["value"] >= 0) & (rows["value"] < fold.IS_FINAL.size), rows["value"], 0)
        ends = np.isin(kind, _ENDS) | fold.IS_FINAL[status]
        starts = (np.isin(kind, _STARTS) | told) & ~ends
        np.maximum.at(ended, ticket[ends], at[ends])
        # Whatever else a ticket is known by, it may be in progress until something ends it.
        np.maximum.at(begun, ticket, np.where(starts | (at > since), at, 1))
        progress.step(start, seq)
    tickets = np.flatnonzero((begun > 0) & ((begun >= ended) | (begun > since)))
    found = events_of(log, tickets.tolist(), progress)
    return InProgress(found[found["seq"] <= seq], seq, int(np.flatnonzero(begun).max(initial=0)))


def _grown(column: NDArray[np.int64], highest: int) -> NDArray[np.int64]:
    if highest < column.size:
        return column
    grown = np.zeros(highest + 1 + highest // 2, dtype=np.int64)
    grown[: column.size] = column
    return grown
