"""The board: every ticket and agent as the log says, with counts, clocks and lists that follow each change.

A board is owned by one thread. Events that are newer than all that a ticket has seen are applied at once; a ticket
whose event arrives late is put on the list `late`, and is replaced as a whole once all of its events were read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.errors import KnownError
from console.models.domain.ports import Batch, Rows, TicketText
from console.models.live import fold
from console.models.live.agents import Agents
from console.models.live.answers import Answers, Later
from console.models.live.changes import Changes, Seen
from console.models.live.clocks import Clocks
from console.models.live.columns import Columns, Slots
from console.models.live.counters import Counters
from console.models.live.derive import derive
from console.models.live.filters import Filter
from console.models.live.minutes import KEPT_DAYS, Minutes
from console.models.live.names import Names
from console.models.live.sorted_index import MAX_TICKETS
from console.models.live.sorts import Sort
from console.models.live.texts import Texts
from console.models.live.ticket_list import Sources, TicketList
from console.models.policy.policy import Policy

_MANY_CHANGES = 1_500
"""So many changed tickets are counted together: it takes a millisecond or two, and nobody had to ask."""

_STEADY_SECONDS, _STEADY_PART = 4, 16
"""An expected wait is written anew when it is off by more seconds than this, and by more than this part of it."""

_NO_SLOTS: Slots = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Delta:
    """What a call changed: slots of tickets (sorted, once each), how many are new, and ids of agents."""

    slots: Slots = field(default_factory=lambda: _NO_SLOTS)
    added: int = 0
    agents: frozenset[int] = frozenset()


class Board:
    """The fold of the log. ``since`` is the instant before which `minutes` are not kept."""

    def __init__(self, policy: Policy, since: int = 0) -> None:
        self.policy = policy
        self.policy_since: int | None = None
        """Since when the policy was in force, on a board of the past where the log tells that."""
        self.columns = Columns()
        self.texts = Texts()
        self.names = Names()
        self.agents = Agents()
        self.answers = self.columns.answers = Answers(policy)
        self._counters = Counters()
        self._minutes = Minutes(policy, since)
        self._clocks = Clocks(self.columns, policy)
        self._changes = Changes()
        self.late: dict[int, int] = {}
        """Tickets (by id) that must be read again, each with the seq up to which the log must be read."""
        self.seq = 0
        self._lists: list[TicketList] = []
        self._slot_of: NDArray[np.int32] = np.full(1024, -1, dtype=np.int32)
        self._following = True

    @property
    def counters(self) -> Counters:
        """The counts, up to the last change."""
        self._settle()
        return self._counters

    @property
    def minutes(self) -> Minutes:
        """What was achieved minute by minute, up to the last change."""
        self._settle()
        return self._minutes

    @property
    def clocks(self) -> Clocks:
        """Who waits longest and what is due when, up to the last change."""
        self._settle()
        return self._clocks

    def slot(self, ticket: int) -> int | None:
        """The slot of a ticket id, None when the board does not have it."""
        if not 0 <= ticket < self._slot_of.size or self._slot_of[ticket] < 0:
            return None
        return int(self._slot_of[ticket])

    def slots_of(self, tickets: NDArray[np.integer]) -> Slots:
        """The slots of these ticket ids; -1 where the board does not have one."""
        known = tickets < self._slot_of.size
        slots = np.full(tickets.size, -1, dtype=np.int64)
        slots[known] = self._slot_of[tickets[known]]
        return slots

    def list(self, chosen: Filter | None = None, sort: Sort | None = None, now: int = 0) -> TicketList:
        """A new list over this board, which follows it until `drop`; it is empty until its first build is adopted."""
        tickets = TicketList(Sources(self.columns, self.texts, self.names, self.policy), chosen, sort, now)
        self._lists.append(tickets)
        return tickets

    def drop(self, tickets: TicketList) -> None:
        """Let a list go."""
        self._lists.remove(tickets)

    def apply(self, batch: Batch) -> Delta:
        """Apply a batch as it came from the log; raises KnownError when the board is full."""
        self.names.add(batch.names)
        agents = self.agents.apply(batch.rows)
        rows = batch.rows[fold.is_ticket(batch.rows)]
        if batch.rows.size:
            self.seq = max(self.seq, int(batch.rows["seq"].max()))
        rows = rows[fold.in_order(rows)]
        slots, added = self._place(rows["subject"])
        self._write_texts(batch.tickets)
        in_time = self._in_time(slots, rows, self.columns.count - added)
        slots, rows = slots[in_time], rows[in_time]
        changed = np.sort(slots[fold.firsts(slots)])
        known = changed[changed < self.columns.count - added]
        self._before(known)
        fold.apply(self.columns, slots, rows)
        self._after(changed)
        return Delta(changed, added, frozenset(agents))

    def replace(self, rows: Rows, until: int) -> Delta:
        """Fold tickets anew from all of their events up to seq ``until``; what is still missing stays `late`."""
        rows = rows[fold.is_ticket(rows)]
        rows = rows[fold.in_order(rows)]
        tickets = np.unique(rows["subject"])
        whole = np.array([self.late.get(int(ticket), 0) <= until for ticket in tickets], dtype=bool)
        rows = rows[np.isin(rows["subject"], tickets[whole])]
        for ticket in tickets[whole].tolist():
            self.late.pop(ticket, None)
        slots, added = self._place(rows["subject"])
        changed = np.unique(slots)
        self._before(changed[changed < self.columns.count - added])
        # Answers were told of when they came first; those that came while the ticket was late are missing.
        self.columns.answers = Later(self.answers, self.columns, changed)
        self.columns.clear_rows(changed)
        fold.apply(self.columns, slots, rows)
        self.columns.answers = self.answers
        self._after(changed)
        return Delta(changed, added)

    def put(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take over the kept state of tickets (the columns of `STATE`, each id once); only within `unfollowed`."""
        tickets = state["id"]
        self._reserve_ids(tickets)
        self._add(tickets[self._slot_of[tickets] < 0])
        slots = self._slot_of[tickets]
        for name, values in state.items():
            getattr(self.columns, name)[slots] = values

    def load(self, batches: Iterable[Batch]) -> None:
        """Apply many events at once, before anybody looks: followers are brought up to date at the end."""
        with self.many():
            for batch in batches:
                self.apply(batch)

    @contextmanager
    def many(self) -> Iterator[None]:
        """For large changes: within the block nobody follows them, and at its end all are brought up to date."""
        try:
            with self.unfollowed():
                yield
        finally:
            self.rebuild()

    @contextmanager
    def unfollowed(self) -> Iterator[None]:
        """The same without the end: `rebuild` must follow before anybody looks at more than the tickets' state."""
        self._following = False
        try:
            yield
        finally:
            self._following = True

    def adopt(self, columns: Columns, texts: Texts, names: Names, agents: Agents, seq: int) -> None:
        """Take over a state that was kept elsewhere, as it was at ``seq``; `rebuild` must follow."""
        self.columns, self.texts, self.names, self.agents, self.seq = columns, texts, names, agents, seq
        columns.answers = self.answers
        self._clocks = Clocks(columns, self.policy)
        ids = columns.of("id")
        self._slot_of = np.full(int(ids.max(initial=0)) + 1024, -1, dtype=np.int32)
        self._slot_of[ids] = np.arange(columns.count, dtype=np.int32)

    def rebuild(self) -> None:
        """Derive, count and sort everything from the tickets' state: after loading, or under another policy."""
        derive(self.columns, slice(0, self.columns.count), self.policy)
        self._changes = Changes()
        self._counters = Counters.recount(self.columns)
        self._minutes = Minutes(self.policy, self._minutes.since)
        self._minutes.change(Seen.nothing(), Seen.everything(self.columns))
        self._clocks.rebuild()
        self.answers.measure_by(self.policy)
        for tickets in self._lists:
            tickets.rebuild()
        # So that the first new ticket does not have to copy every column in its frame.
        self.columns.make_room()

    def pass_time(self, now: int) -> None:
        """Let time go by for the lists that depend on it, and let go of days that are no longer shown."""
        for tickets in self._lists:
            tickets.pass_time(now, self.clocks.crossing)
        self._minutes.forget(now - KEPT_DAYS * 86_400_000_000)

    def expect(self, slots: Slots, seconds: NDArray[np.int32]) -> None:
        """After how many seconds from now these tickets are expected to be answered (see `outlook`).

        What moves by less than a few seconds stays where it is, so that an order by it does not shift all the time.
        """
        known = self.columns.expected_wait[slots]
        apart = np.abs(seconds.astype(np.int64) - known)
        moved = (apart > np.maximum(_STEADY_SECONDS, known // _STEADY_PART)) | ((seconds < 0) != (known < 0))
        slots, seconds = slots[moved], seconds[moved]
        followers = [tickets for tickets in self._lists if tickets.follows("slack")]
        for tickets in followers:
            tickets.remove(slots)
        self.columns.expected_wait[slots] = seconds
        for tickets in followers:
            tickets.add(slots)

    def maintain(self, executor: Executor | None = None) -> None:
        """Keep counts and indexes up to date and make room ahead; called once a frame."""
        if self._changes.count >= _MANY_CHANGES:
            self._settle()
        self._clocks.maintain(executor)
        for tickets in self._lists:
            tickets.maintain(executor)
        self.columns.grow_ahead()

    @property
    def nbytes(self) -> int:
        """Memory of tickets, words and indexes, in bytes."""
        lists = sum(tickets.nbytes for tickets in self._lists)
        indexes = self._slot_of.nbytes + self._clocks.nbytes + self._changes.nbytes
        return self.columns.nbytes + self.texts.nbytes + indexes + lists

    def _before(self, slots: Slots) -> None:
        if self._following:
            self._changes.begin(self.columns, slots)
            for tickets in self._lists:
                tickets.remove(slots)

    def _after(self, slots: Slots) -> None:
        if self._following:
            derive(self.columns, slots, self.policy)
            self._changes.end(slots)
            for tickets in self._lists:
                tickets.add(slots)

    def _settle(self) -> None:
        """Count what has changed."""
        if self._changes.count:
            before, after = self._changes.take(self.columns)
            for counts in (self._counters, self._minutes, self._clocks):
                counts.change(before, after)

    def _place(self, tickets: NDArray[np.int32]) -> tuple[Slots, int]:
        """The slot of each ticket id (equal ids stand together), with new rows for new tickets."""
        if not tickets.size:
            return _NO_SLOTS, 0
        self._reserve_ids(tickets)
        new = np.unique(tickets[self._slot_of[tickets] < 0])
        self._add(new)
        return self._slot_of[tickets].astype(np.int64), new.size

    def _reserve_ids(self, tickets: NDArray[np.int32]) -> None:
        highest = int(tickets.max(initial=0))
        if highest >= self._slot_of.size:
            grown = np.full(highest + 1 + highest // 16, -1, dtype=np.int32)
            grown[: self._slot_of.size] = self._slot_of
            self._slot_of = grown

    def _add(self, new: NDArray[np.int32]) -> None:
        """New rows for tickets that have none, each once."""
        if not new.size:
            return
        if self.columns.count + new.size > MAX_TICKETS:
            raise KnownError(
                f"The board is full: it holds at most {MAX_TICKETS:,} tickets.", "Archive old tickets first."
            )
        self._slot_of[new] = self.columns.add(new)

    def _write_texts(self, texts: Sequence[TicketText]) -> None:
        for text in texts:
            slot = self.slot(text.id)
            if slot is not None:
                self.texts.set(slot, text)

    def _in_time(self, slots: Slots, rows: Rows, known: int) -> NDArray[np.bool_]:
        """Which rows can be applied now: not those of tickets that have an event before something already applied."""
        if not slots.size:
            return np.zeros(0, dtype=bool)
        first = fold.firsts(slots)
        at, native = rows["at"], rows["native"]
        last_at, last_native = self.columns.last_at[slots], self.columns.last_native[slots]
        behind = first & (slots < known) & ((at < last_at) | ((at == last_at) & (native <= last_native)))
        late = behind[first]
        if self.late:
            late |= np.array([int(ticket) in self.late for ticket in rows["subject"][first]], dtype=bool)
        fresh = fold.differs(rows)
        if not late.any():
            return fresh
        is_late = late[np.cumsum(first) - 1]
        for ticket, seq in zip(rows["subject"][is_late].tolist(), rows["seq"][is_late].tolist(), strict=True):
            self.late[ticket] = max(seq, self.late.get(ticket, 0))
        return np.asarray(fresh & ~is_late)
