"""What time makes a case for the inbox: clocks past their due time, waits too long, high-tier complaints (R-ESC).

Only tickets in progress are kept, and one order of what will be due: as time goes by, nothing is touched but what
crosses. Events come in on the intake's thread, which only stores them; they are folded when somebody asks.

On a channel whose waiting time is 0 the breach of the response clock is what puts the ticket into the inbox.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import HOUR, MILLISECOND
from console.models.domain.clock_targets import ClockName
from console.models.domain.escalation import Cause, Entry, Key, ObjectKind, Occurrence, Urgency
from console.models.domain.events import FIRST_AGENT_KIND, ROW
from console.models.domain.ports import Batch, LogReader, Progress, Rows
from console.models.live import cycles, fold, in_progress
from console.models.live.cycle_columns import Instants
from console.models.live.cycle_states import NEVER, applied, judged
from console.models.live.due_index import FOUND, WAIT_FIRST, DueIndex, Found
from console.models.live.target_table import CLOCKS, DEMAND, DEMAND_RULE, LANE
from console.models.policy.policy import Policy

logger = logging.getLogger("console.escalations")

RECALL = HOUR
"""A clock that had stopped before the console heard of it, and was due longer ago than this, is history and no news."""

AT_ONCE = 100
"""So many of those that stand since long are named in one turn, so that none that is new waits for them."""

_TURN = 250 * MILLISECOND
_TICKETS_AT_ONCE = 50_000
_MANY_ROWS = 100_000
_ANSWERS = (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE)
_NAMES = frozenset(clock.value for clock in CLOCKS)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock of a ticket that has not stopped. Times are microseconds since the epoch.

    ``due_at`` is None while it stands still and its target is not used up. ``margin`` is the time left, below zero when
    it is over; of a clock that stands still what is left of its target.
    """

    ticket: int
    clock: ClockName
    number: int
    rule: str
    started_at: int
    due_at: int | None
    paused: bool
    margin: int


class NextDue(NamedTuple):
    """For each ticket asked for: when its first clock is due (0: none is), and which of `CLOCKS` it is (-1)."""

    due: Instants
    clock: NDArray[np.int64]


class Deadlines:
    """`escalation_ports.Crossings` and `Standing` over the clocks of tickets. Safe on any thread."""

    def __init__(self, log: LogReader, policy: Policy) -> None:
        """Subscribe `receive` to the tail, then `load`; nothing is known before."""
        self._log = log
        self._lock = threading.RLock()
        self._inbox: deque[Rows] = deque()
        self._index = DueIndex(policy)
        self._loaded = 0
        self._highest = 0
        self._recent: list[Rows] = []
        self._recent_rows = 0
        self._keeps_recent = 0
        self._unread: set[int] = set()
        self._news: list[Found] = []
        self._standing: Found = np.zeros(0, dtype=FOUND)
        self._given: list[tuple[int, list[Occurrence]]] = []
        self._asked: int | None = None
        self._known_to = 0

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        return self._index.nbytes

    def receive(self, batch: Batch) -> None:
        """Take a batch from the tail; only stores it away."""
        if batch.rows.size:
            self._inbox.append(batch.rows)

    def load(self, since: int, progress: Progress | None = None, history_until: int = 0) -> None:
        """Begin from the log. Clocks that stopped too late are found as well where they were due after ``since``, and
        after ``history_until``, before which only complaints that a supervisor must see are; those that still run are
        found in any case.

        Raises `ports.Cancelled` when the progress asks to stop.
        """
        self._build(self._index.policy, since, progress or Progress(), history_until)

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        """Compute everything anew from the log, as at a fresh start: these figures hold from the end of this call on.
        Until then all other calls answer by the former ones; none of them waits.

        Raises `ports.Cancelled` when the progress asks to stop; then, as after any other error, the former ones hold.
        """
        self._build(policy, self._known_to, progress)

    # R-ESC, as `Crossings` and `Standing`

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What was due at an instant or before and still runs, the most urgent first; where there are very many, the
        rest is named by the next calls of `between`."""
        with self._lock:
            self._fold()
            self._asked = self._known_to = at
            self._standing = self._all_due(at)
            named = self._named(self._take_standing())
            self._given.append((at, named))
            return named

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """Every occurrence with ``after < occurred_at <= until``, and those that became known too late for that.

        What was named is named again until a later ``after`` shows that it was raised.
        """
        with self._lock:
            self._fold()
            if self._asked is None:
                # The last run may have ended before it could raise what it knew.
                self._standing = self._all_due(after)
                low = after
            elif until < self._asked:
                # The clock went back: what was named stays named until the next turn.
                self._given = [(min(turn, until), named) for turn, named in self._given]
                low = after
            else:
                low = self._asked
            self._given = [(turn, named) for turn, named in self._given if turn > after]
            news, self._news = self._news, []
            found = np.concatenate([self._index.between(low, until), *news, self._take_standing()])
            self._given.append((until, self._named(found)))
            self._asked = self._known_to = until
            return list({(one.key, one.occurred_at): one for _turn, named in self._given for one in named}.values())

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of clocks and waits that run no longer. A complaint that a supervisor must see is not over then."""
        mine = [(entry, place) for entry in entries if (place := _place(entry.key)) is not None]
        if not mine:
            return []
        with self._lock:
            self._fold()
            slots = self._index.slots_of(np.array([entry.key.object for entry, _place in mine], dtype=np.int64))
            lanes = np.array([lane for _entry, (lane, _number) in mine])
            numbers = np.array([number for _entry, (_lane, number) in mine])
            columns = self._index.fold.columns
            runs = (slots >= 0) & (columns.started[slots, lanes] > 0) & (columns.count_of[slots, lanes] == numbers)
            unread = [entry.key.object in self._unread for entry, _place in mine]
        return [entry for (entry, _place), over in zip(mine, ~(runs | unread), strict=True) if over]

    def next_after(self, at: int) -> int | None:
        """The next instant at which something will cross, None when nothing is foreseen."""
        with self._lock:
            asked = at if self._asked is None else min(at, self._asked)
            due = self._index.next_after(asked)
            if self._inbox or self._news or self._standing.size or self._unread:
                return at + _TURN if due is None else min(due, at + _TURN)
            return due

    # For the inbox and the board

    def of(self, tickets: Iterable[int], now: int) -> list[RunningClock]:
        """The clocks of these tickets that run or stand still, the most pressing first.

        Raises `CalendarError` where the working calendar cannot answer.
        """
        with self._lock:
            self._fold()
            asked = np.unique(np.fromiter(tickets, dtype=np.int64))
            slots = self._index.slots_of(asked)
            clocks, policy = self._index.fold, self._index.policy
            running, _place = clocks.running(slots[slots >= 0])
            running = running.chosen(running.lane != DEMAND)
            pauses, table = clocks.columns.pauses, clocks.table
            found = applied(*judged(running, pauses, table, policy.targets, now), pauses, table)
        found.sort(key=lambda clock: (clock.margin, clock.cycle.clock))
        return [
            RunningClock(
                one.cycle.ticket,
                one.cycle.clock,
                one.cycle.number,
                one.cycle.rule,
                one.cycle.started_at,
                one.due_at,
                one.cycle.paused,
                one.margin,
            )
            for one in found
        ]

    def next_due(self, tickets: NDArray[np.integer]) -> NextDue:
        """The clock of each of these tickets that is due first, or was; as of the last turn."""
        with self._lock:
            slots = self._index.slots_of(tickets)
            due = self._index.due[slots, : len(CLOCKS)]
        due = np.where((due > 0) & (slots >= 0)[:, None], due, NEVER)
        clock = due.argmin(axis=1)
        first = due[np.arange(slots.size), clock]
        known = first < NEVER
        return NextDue(np.where(known, first, 0), np.where(known, clock, -1))

    # Events

    def _build(self, policy: Policy, since: int, progress: Progress, history_until: int = 0) -> None:
        """A fresh index from the log, put in the place of the present one."""
        with self._lock:
            self._keeps_recent += 1
        try:
            found = in_progress.read(self._log, since, progress)
            fresh = DueIndex(policy)
            stopped = fresh.load(found.rows, _TICKETS_AT_ONCE)
            progress.step(found.seq, found.seq)
        finally:
            with self._lock:
                self._keeps_recent -= 1
        with self._lock:
            old, self._index = self._index, fresh
            self._loaded, self._highest = found.seq, max(self._highest, found.highest)
            self._unread.clear()
            self._rename(old.fold.table.names, fresh.fold.table.names)
            is_news = (stopped["due"] > history_until) | (stopped["lane"] == DEMAND)
            self._news.append(stopped[(stopped["due"] > since) & is_news])
            if self._asked is None:
                self._known_to = since
            else:
                due = fresh.between(0, self._asked)
                self._wait_for_turn(due[~_is_in(old, due)])
            waiting = [rows for rows in self._recent if rows["seq"][-1] > found.seq]
            self._recent, self._recent_rows = [], 0
            self._inbox.extendleft(reversed(waiting))
            self._fold()

    def _rename(self, old: Sequence[str], new: list[str]) -> None:
        """What is not named yet keeps the names of the rules by which it was due."""
        new += sorted(set(old) - set(new))
        places = np.array([new.index(name) for name in old], dtype=np.int16)
        for found in (*self._news, self._standing):
            found["rule"] = places[found["rule"]]

    def _fold(self) -> None:
        """Apply what has come."""
        parts: list[Rows] = []
        while self._inbox:
            parts.append(self._inbox.popleft())
        if not parts and not self._unread:
            return
        rows = np.concatenate([np.zeros(0, dtype=ROW), *parts])
        rows = rows[(rows["kind"] < FIRST_AGENT_KIND) & (rows["seq"] > self._loaded)]
        if rows.size:
            self._recent.append(rows)
            self._recent_rows += rows.size
        rows = rows[fold.in_order(rows)]
        rows = rows[fold.differs(rows)]
        again, over = self._behind(rows)
        rows = rows[~np.isin(rows["subject"], np.concatenate([again, over]))]
        anew = np.empty(0, dtype=np.int64)
        if again.size:
            whole = self._whole(again)
            if whole is not None:
                anew = self._index.slots_of(again)
                rows = np.concatenate([rows, whole])
                rows = rows[fold.in_order(rows)]
        try:
            found = self._index.apply(rows, anew[anew >= 0], self._known_to)
        except Exception:
            # Whatever was applied of these tickets is not to be relied on.
            self._unread.update(rows["subject"].tolist())
            raise
        if found.size:
            runs = _is_in(self._index, found)
            self._news.append(found[runs | (found["due"] > self._known_to - RECALL)])
        if self._recent_rows > _MANY_ROWS:
            self._let_go()

    def _behind(self, rows: Rows) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The tickets that must be read again, because an event is older than what was applied or because they were
        over; and those that are over and stay so, because the event touches no clock."""
        first = fold.firsts(rows["subject"])
        tickets = rows["subject"][first]
        slots = self._index.slots_of(tickets)
        gone = (slots < 0) & (tickets <= self._highest)
        self._highest = max(self._highest, int(tickets.max(initial=0)))
        columns = self._index.fold.columns
        at, native = rows["at"][first], rows["native"][first]
        last_at, last_native = columns.last_at[slots], columns.last_native[slots]
        late = (slots >= 0) & ((at < last_at) | ((at == last_at) & (native <= last_native)))
        touched = np.isin(tickets, rows["subject"][np.isin(rows["kind"], _KINDS)])
        again = {*tickets[late | (gone & touched)].tolist(), *self._unread}
        return np.array(sorted(again), dtype=np.int32), tickets[gone & ~touched]

    def _whole(self, tickets: NDArray[np.int32]) -> Rows | None:
        """All events of these tickets, in the log or on their way to it; None while the log cannot be read."""
        try:
            stored = self._log.of_tickets(tickets.tolist())
        except Exception:
            # The database may be locked or gone for a while; all others go on.
            logger.exception("late tickets cannot be read")
            self._unread = set(tickets.tolist())
            return None
        self._unread = set()
        recent = [rows[np.isin(rows["subject"], tickets)] for rows in self._recent]
        rows = np.concatenate([stored, *recent])
        rows = rows[fold.in_order(rows)]
        return rows[fold.differs(rows)]

    def _let_go(self) -> None:
        """Rows that the log holds can be read from there."""
        if not self._keeps_recent:
            committed = self._log.last_seq()
            self._recent = [rows for rows in self._recent if rows["seq"][-1] > committed]
            self._recent_rows = sum(rows.size for rows in self._recent)

    # What is named

    def _all_due(self, at: int) -> Found:
        return _ordered(self._index.between(0, at))

    def _wait_for_turn(self, found: Found) -> None:
        """Behind those that stand already, the most urgent first."""
        self._standing = np.concatenate([self._standing, _ordered(found)])

    def _take_standing(self) -> Found:
        """The next of what stood when that was asked."""
        some, self._standing = self._standing[:AT_ONCE], self._standing[AT_ONCE:]
        return some

    def _named(self, found: Found) -> list[Occurrence]:
        names = self._index.fold.table.names
        return [_occurrence(names, *row) for row in found.tolist()]


_KINDS = np.array(sorted(cycles.KINDS))


def _ordered(found: Found) -> Found:
    """The most urgent first, then by due time. Sorting whole records would keep the interpreter for seconds."""
    return found[np.lexsort((found["ticket"], found["due"], found["urgency"]))]


def _place(key: Key) -> tuple[int, int] | None:
    """The lane and the number of the clock that an entry is about, None where it is about another matter."""
    if key.kind is not ObjectKind.TICKET or key.cause not in (Cause.BREACH, Cause.WAIT):
        return None
    clock, _colon, number = key.cycle.partition(":")
    # Follow-ups and calls that were promised are breached too, and are no clocks of ours.
    return (LANE[ClockName(clock)], int(number)) if clock in _NAMES else None


def _is_in(index: DueIndex, found: Found) -> NDArray[np.bool_]:
    """Whether these still run and are due at the same instants."""
    slots = index.slots_of(found["ticket"])
    return np.asarray((slots >= 0) & (index.due[slots, found["lane"]] == found["due"]))


def _occurrence(
    names: Sequence[str], urgency: int, due: int, ticket: int, lane: int, number: int, rule: int, since: int
) -> Occurrence:
    if lane < DEMAND:
        cause, cycle, name = Cause.BREACH, f"{CLOCKS[lane]}:{number}", names[rule]
    elif lane == DEMAND:
        cause, cycle, name = Cause.COMPLAINT, "", DEMAND_RULE
    else:
        cause, cycle, name = Cause.WAIT, f"{_ANSWERS[lane - WAIT_FIRST]}:{number}", DEMAND_RULE
    return Occurrence(Key(ObjectKind.TICKET, ticket, cause, cycle), name, since, due, Urgency(urgency), ticket)
