"""R-SKEW: how each contact came to the person who handled it, as the log tells."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import Role
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import LogReader, Rows
from console.models.domain.skew_causes import Origin
from console.models.queries.effort import Handled

_PEOPLE = (Role.AGENT, Role.SUPERVISOR, Role.UNKNOWN)
_UNREAD = -1


class Customers:
    """Whose contacts they are, as the log names them; read once for each contact. For one thread at a time."""

    def __init__(self, log: LogReader) -> None:
        self._log = log
        self._numbers: dict[str, int] = {}
        self._of: NDArray[np.int64] = np.full(1, _UNREAD, dtype=np.int64)

    def of(self, tickets: NDArray[np.int32]) -> NDArray[np.int64]:
        """By ticket id a number for its customer, 0 where nobody is named; of these contacts and of those that were
        asked for before. Blocks."""
        if tickets.size and tickets.max() >= self._of.size:
            size = 2 * int(tickets.max())
            self._of = np.concatenate([self._of, np.full(size - self._of.size, _UNREAD, dtype=np.int64)])
        unread = np.unique(tickets[self._of[tickets] == _UNREAD])
        self._of[unread] = 0
        if unread.size:
            for text in self._log.texts(unread.tolist()):
                if text.customer:
                    self._of[text.id] = self._numbers.setdefault(text.customer, len(self._numbers) + 1)
        return self._of


def origins_of(log: LogReader, rows: Rows, handled: Handled) -> NDArray[np.uint8]:
    """`origins` with the customers of all contacts that ``rows`` tell of, as the log names them. Blocks."""
    given = rows["subject"][rows["kind"] == Kind.ASSIGNED]
    return origins(rows, handled, Customers(log).of(np.union1d(given, handled.ticket)))


def origins(rows: Rows, handled: Handled, customer: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The `Origin` of each row of ``handled``: that of the last assignment to this person before they first
    handled it.

    ``rows`` are the events of these tickets, in any order; ``customer`` says by ticket id who it is (0: not known).
    A contact that a system gave to the person who had this ticket, or the customer's ticket before it, is `STICKY`.
    """
    rows = rows[(rows["kind"] == Kind.ASSIGNED) | (rows["kind"] == Kind.TRANSFERRED)]
    rows = rows[rows["kind"] < FIRST_AGENT_KIND]
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"], rows["subject"]))]
    passed = _passed_on(rows)
    given = rows["kind"] == Kind.ASSIGNED
    rows, passed = rows[given], passed[given]
    found = np.full(handled.agent.size, Origin.UNTOLD, dtype=np.uint8)
    place = _last_before(rows, handled)
    known = place >= 0
    found[known] = _origin(rows, passed, customer)[place[known]]
    return found


def _origin(rows: Rows, passed: NDArray[np.bool_], customer: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Of each assignment; the rows stand by ticket and time."""
    owner, actor = rows["value"], rows["actor"]
    by_person = (actor > 0) & np.isin(rows["role"], _PEOPLE)
    before = np.concatenate([[0], owner[:-1]]) if rows.size else owner
    again = np.concatenate([[False], rows["subject"][1:] == rows["subject"][:-1]]) if rows.size else by_person
    former = np.where(again, before, 0)
    origin = np.full(rows.size, Origin.ROUTED, dtype=np.uint8)
    origin[(owner > 0) & (_had_before(rows, customer) == owner)] = Origin.STICKY
    origin[by_person] = Origin.BY_HAND
    origin[by_person & (actor == former)] = Origin.TRANSFERRED
    origin[passed] = Origin.TRANSFERRED
    origin[by_person & (actor == owner)] = Origin.PICKED
    return origin


def _had_before(rows: Rows, customer: NDArray[np.int64]) -> NDArray[np.int64]:
    """Who had this customer's work last before each assignment, on this ticket or another; 0 where nobody did."""
    who = np.where(rows["subject"] < customer.size, customer[np.minimum(rows["subject"], customer.size - 1)], 0)
    # Whose customer is not known, only the ticket itself can have had an owner.
    who = np.where(who > 0, who, -rows["subject"].astype(np.int64))
    order = np.lexsort((rows["key"], rows["native"], rows["at"], who))
    person, owner = who[order], rows["value"][order]
    had = np.zeros(rows.size, dtype=np.int64)
    if rows.size:
        had[order[1:]] = np.where(person[1:] == person[:-1], owner[:-1], 0)
    return had


def _passed_on(rows: Rows) -> NDArray[np.bool_]:
    """Whether a colleague passed the ticket on between the last assignment and each row."""
    place = np.arange(rows.size)
    is_given = rows["kind"] == Kind.ASSIGNED
    given = np.where(is_given, place, -1)
    last_given = np.maximum.accumulate(np.concatenate([[-1], given[:-1]])) if rows.size else given
    last_passed = np.maximum.accumulate(np.where(~is_given, place, -1)) if rows.size else given
    same = (last_passed >= 0) & (rows["subject"][last_passed] == rows["subject"])
    return np.asarray(same & (last_passed > last_given))


def _last_before(rows: Rows, handled: Handled) -> NDArray[np.int64]:
    """The place of the last assignment to each person of each ticket up to their first act; -1 where there is none."""
    pair = np.concatenate(
        [
            rows["value"] << 32 | rows["subject"],
            handled.agent.astype(np.int64) << 32 | handled.ticket,
        ]
    )
    at = np.concatenate([rows["at"], handled.first_at])
    asked = np.arange(pair.size) >= rows.size
    # An assignment of the same instant comes before the act.
    order = np.lexsort((asked, at, pair))
    given = np.where(asked[order], -1, np.arange(pair.size))
    last = np.maximum.accumulate(given)
    found = np.where((last >= 0) & (pair[order][last] == pair[order]), order[last], -1)
    places = np.empty(pair.size, dtype=np.int64)
    places[order] = found
    return places[rows.size :]
