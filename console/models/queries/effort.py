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


ACT = np.dtype(
    [
        ("agent", np.int32),
        ("ticket", np.int32),
        ("at", np.int64),
        ("handles", np.bool_),
        ("told", np.int64),
        ("took", np.int64),
    ]
)
"""What somebody did in a contact, when, and whether it is handling. ``told`` is what the source says of the whole
contact with it, and ``took`` how long the act itself lasted (both microseconds)."""
Acts = NDArray[np.void]
"""An array of `ACT`."""


def handled(rows: Rows, begin: int, end: int) -> Handled:
    """What was handled with ``begin <= at < end`` (microseconds since the epoch).

    ``rows`` are the events of tickets in this time, in any order; those of ``LONGEST_ACT`` before it make the first
    minutes exact, and none before them count.
    """
    return summed(acts(rows[(rows["at"] < end) & (rows["at"] >= begin - LONGEST_ACT)]), begin, end)


def acts(rows: Rows, after: int = -1) -> Acts:
    """What people did with ``seq > after`` in these events, given in any order; by agent, contact and time. How long an
    act took depends on the events of ``LONGEST_ACT`` before it."""
    rows = rows[rows["kind"] < FIRST_AGENT_KIND]
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"], rows["subject"]))]
    people = by_people(rows)
    done = rows[people]
    found = np.zeros(done.size, dtype=ACT)
    found["agent"], found["ticket"], found["at"] = done["actor"], done["subject"], done["at"]
    found["handles"] = handling(done)
    found["told"] = np.where(done["kind"] == Kind.ENDED, np.maximum(done["value"], 0), 0)
    found["took"] = _spans(rows, people)
    found = found[done["seq"] > after]
    return found[np.argsort(_pair(found), kind="stable")]


def still_matter(rows: Rows, now: int) -> Rows:
    """Of events up to ``now`` those on which the length of a later act depends: each ticket's last call for work and
    each person's last act, if they are not too long ago for that."""
    rows = rows[(rows["kind"] < FIRST_AGENT_KIND) & (rows["at"] >= now - LONGEST_ACT)]
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"]))]
    keep = np.zeros(rows.size, dtype=bool)
    for which, column in ((np.isin(rows["kind"], _WAKING), "subject"), (by_people(rows), "actor")):
        places = np.flatnonzero(which)[::-1]
        _ids, last = np.unique(rows[column][places], return_index=True)
        keep[places[last]] = True
    return rows[keep]


def summed(done: Acts, begin: int, end: int) -> Handled:
    """What was handled by these acts with ``begin <= at < end``."""
    done = done[(done["at"] >= begin) & (done["at"] < end)]
    pair = _pair(done)
    order = np.argsort(pair, kind="stable")
    pair, done = pair[order], done[order]
    starts = np.flatnonzero(np.diff(pair, prepend=-1))
    if not starts.size:
        return Handled(done["agent"], done["ticket"], done["told"], done["at"])
    first_at = np.minimum.reduceat(np.where(done["handles"], done["at"], end), starts)
    said, seen = np.add.reduceat(done["told"], starts), np.add.reduceat(done["took"], starts)
    kept = first_at < end
    pairs = pair[starts][kept]
    return Handled(
        (pairs >> 32).astype(np.int32),
        (pairs & 0xFFFFFFFF).astype(np.int32),
        np.where(said > 0, said, seen)[kept],
        first_at[kept],
    )


def _pair(done: Acts) -> NDArray[np.int64]:
    return np.asarray(done["agent"].astype(np.int64) << 32 | done["ticket"])


def handling(rows: Rows) -> NDArray[np.bool_]:
    """Which events are somebody's handling of a contact."""
    resolves = (rows["kind"] == Kind.STATUS_CHANGED) & (rows["value"] == Status.RESOLVED)
    return np.asarray((np.isin(rows["kind"], _HANDLING) | resolves) & by_people(rows))


def by_people(rows: Rows) -> NDArray[np.bool_]:
    """Which of these events of tickets are acts of people."""
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
