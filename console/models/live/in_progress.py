"""The events of those tickets of a log that may have a clock that runs, told without folding anybody's history."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.events import ROW, Kind
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.live import fold
from console.models.live.catch_up import EVENTS_PER_READ

_ENDS = np.array([Kind.MERGED, Kind.DELETED, Kind.ABANDONED, Kind.TIMED_OUT])
_STARTS = np.array([Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.QUEUED, Kind.PROMISE_MADE, Kind.REOPENED])


class InProgress(NamedTuple):
    """All events, up to the place ``seq``, of the tickets that may be in progress; the id of the last ticket of all."""

    rows: Rows
    seq: int
    highest: int


def read(log: LogReader, since: int, progress: Progress) -> InProgress:
    """The tickets that nothing has ended for good, and those to which something happened after ``since``.

    Goes through the log once, from its end: there a ticket that is over shows its end first, and nothing of it is kept.
    Raises `ports.Cancelled` when asked to stop.
    """
    seq = log.last_seq()
    tickets = _Tickets()
    kept: list[Rows] = []
    for end in range(seq, 0, -EVENTS_PER_READ):
        rows = log.rows(max(0, end - EVENTS_PER_READ), end)
        kept.append(tickets.see(rows[fold.is_ticket(rows)], since))
        progress.step(seq - end, seq)
    found = np.concatenate([np.zeros(0, dtype=ROW), *kept])
    wanted = tickets.maybe(since)
    found = found[wanted[found["subject"]]]
    # An event that came long after it happened can open a ticket again of which some events were let go.
    again = np.flatnonzero(wanted & tickets.cut[: wanted.size])
    if again.size:
        whole = log.of_tickets(again.tolist())
        found = np.concatenate([found[~np.isin(found["subject"], again)], whole[whole["seq"] <= seq]])
    return InProgress(found, seq, tickets.highest)


class _Tickets:
    """By ticket id: when it last ended, when something last began, and whether events of it were let go."""

    def __init__(self) -> None:
        self.highest = 0
        self.cut: NDArray[np.bool_] = np.zeros(1024, dtype=bool)
        self._ended = np.zeros(1024, dtype=np.int64)
        self._begun = np.zeros(1024, dtype=np.int64)

    def see(self, rows: Rows, since: int) -> Rows:
        """Learn from these events; those of tickets that may be in progress."""
        self._make_room(int(rows["subject"].max(initial=0)))
        kind, at, ticket = rows["kind"], rows["at"], rows["subject"]
        told = kind == Kind.STATUS_CHANGED
        status = np.where(told & (rows["value"] >= 0) & (rows["value"] < fold.IS_FINAL.size), rows["value"], 0)
        ends = np.isin(kind, _ENDS) | fold.IS_FINAL[status]
        starts = (np.isin(kind, _STARTS) | told) & ~ends
        np.maximum.at(self._ended, ticket[ends], at[ends])
        # Whatever else a ticket is known by, it may be in progress until something ends it.
        np.maximum.at(self._begun, ticket, np.where(starts | (at > since), at, 1))
        wanted = self.maybe(since)[ticket]
        self.cut[ticket[~wanted]] = True
        return np.asarray(rows[wanted])

    def maybe(self, since: int) -> NDArray[np.bool_]:
        """Which tickets may be in progress, or are of interest all the same, by what was seen so far."""
        return np.asarray((self._begun > 0) & ((self._begun >= self._ended) | (self._begun > since)))

    def _make_room(self, highest: int) -> None:
        self.highest = max(self.highest, highest)
        if highest >= self.cut.size:
            for name in ("cut", "_ended", "_begun"):
                old = getattr(self, name)
                grown = np.zeros(highest + 1 + highest // 2, dtype=old.dtype)
                grown[: old.size] = old
                setattr(self, name, grown)
