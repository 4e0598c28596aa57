"""R-SKEW: who handled what, and how many minutes of it, as the log tells.

A contact is *handled* by whoever answered the customer in it, spoke on the telephone or resolved it; by several people
where several did. Its *minutes* are what the source says (`Kind.ENDED`). Where the source says nothing they are read
from what people did: work on an act begins with the customer's last word or the assignment, but not before the same
person's act before it, and lasts ``LONGEST_ACT`` at most. So somebody with five chats at once has no more minutes than
the clock, and a quiet hour before an answer is no work.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.contacts import Role, Status
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import Rows

LONGEST_ACT = 5 * MINUTE
"""Longer than this nobody writes on one answer; what goes beyond is a pause."""

_HANDLING = (Kind.PUBLIC_REPLY, Kind.CONNECTED, Kind.ENDED)
_WAKING = (Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.QUEUED, Kind.ASSIGNED, Kind.CONNECTED, Kind.REOPENED)
_PEOPLE = (Role.AGENT, Role.SUPERVISOR, Role.UNKNOWN)


class Handled(NamedTuple):
    """One row for each person and contact. ``minutes`` are whole microseconds all the same; ``first_at`` is when they
    first handled it in the window."""

    agent: NDArray[np.int32]
    ticket: NDArray[np.int32]
    minutes: NDArray[np.int64]
    first_at: NDArray[np.int64]

    def chosen(self, which: NDArray[np.bool_]) -> Handled:
        """Some of them."""
        return Handled(self.agent[which], self.ticket[which], self.minutes[which], self.first_at[which])


def handled(rows: Rows, begin: int, end: int) -> Handled:
    """What was handled with ``begin <= at < end`` (microseconds since the epoch).

    ``rows`` are the events of tickets in this time, in any order; those of ``LONGEST_ACT`` before it make the first
    minutes exact, and none before them count.
    """
    rows = rows[(rows["kind"] < FIRST_AGENT_KIND) & (rows["at"] < end) & (rows["at"] >= begin - LONGEST_ACT)]
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"], rows["subject"]))]
    acts = _by_people(rows)
    done, spans = rows[acts], _spans(rows, acts)
    handles = handling(done)
    inside = done["at"] >= begin
    pair = done["actor"].astype(np.int64) << 32 | done["subject"]
    # Rows of a ticket stand in the order of time, so the first one of a pair is its first in time.
    pairs, first = np.unique(pair[handles & inside], return_index=True)
    mine = inside & np.isin(pair, pairs)
    of = np.searchsorted(pairs, pair[mine])
    told = np.where(done["kind"] == Kind.ENDED, np.maximum(done["value"], 0), 0)[mine]
    said = np.bincount(of, told, pairs.size).astype(np.int64)
    seen = np.bincount(of, spans[mine], pairs.size).astype(np.int64)
    return Handled(
        (pairs >> 32).astype(np.int32),
        (pairs & 0xFFFFFFFF).astype(np.int32),
        np.where(said > 0, said, seen),
        done["at"][handles & inside][first],
    )


def handling(rows: Rows) -> NDArray[np.bool_]:
    """Which events are somebody's handling of a contact."""
    resolves = (rows["kind"] == Kind.STATUS_CHANGED) & (rows["value"] == Status.RESOLVED)
    return np.asarray((np.isin(rows["kind"], _HANDLING) | resolves) & _by_people(rows))


def _by_people(rows: Rows) -> NDArray[np.bool_]:
    return np.asarray((rows["actor"] > 0) & np.isin(rows["role"], _PEOPLE))


def _spans(rows: Rows, acts: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How long each act took, for rows in the order of tickets and times."""
    at = rows["at"]
    place = np.arange(rows.size)
    # The last place before each row at which the customer spoke or somebody got the contact.
    wakes = np.where(np.isin(rows["kind"], _WAKING), place, -1)
    before = np.concatenate([[-1], np.maximum.accumulate(wakes)[:-1]]) if rows.size else wakes
    woken = (before >= 0) & (rows["subject"][before] == rows["subject"])
    since = np.where(woken, at[before], at - LONGEST_ACT)[acts]
    done = rows[acts]
    order = np.lexsort((done["key"], done["native"], done["at"], done["actor"]))
    actor, when = done["actor"][order], done["at"][order]
    same = np.concatenate([[False], actor[1:] == actor[:-1]]) if order.size else np.zeros(0, dtype=bool)
    previous = np.concatenate([[0], when[:-1]]) if order.size else when
    begun = np.maximum(since[order], np.where(same, previous, 0))
    spans = np.empty(order.size, dtype=np.int64)
    spans[order] = np.clip(when - begun, 0, LONGEST_ACT)
    return spans
