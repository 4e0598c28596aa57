"""The clocks of the tickets in progress, and one order of all instants at which something will be due.

Three lanes stand beside those of the clocks: what is due at once because a complaint's tier demands it, and what is due
because the customer has waited too long for the first or for the next answer (R-ESC).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from console.models.domain.clock_targets import ClockName
from console.models.domain.contacts import ComplaintTier, Status, Tier
from console.models.domain.escalation_rules import urgency_of
from console.models.domain.ports import Rows
from console.models.live import fold
from console.models.live.columns import Slots
from console.models.live.cycle_columns import Instants, Note
from console.models.live.cycle_runs import Cycles
from console.models.live.cycle_states import NEVER, dues
from console.models.live.cycles import CycleFold
from console.models.live.sorted_index import KEY_BITS, SLOT_BITS, Entries, SortedIndex, entries
from console.models.live.target_table import DEMAND, LANE
from console.models.policy.policy import Policy

WAIT_FIRST, WAIT_NEXT = DEMAND + 1, DEMAND + 2
LANES = DEMAND + 3

FOUND = np.dtype(
    [
        ("urgency", np.uint8),
        ("due", np.int64),
        ("ticket", np.int32),
        ("lane", np.uint8),
        ("number", np.int32),
        ("rule", np.int16),
        ("since", np.int64),
    ]
)
"""What was due: whose, which lane and cycle, by which rule, since when it ran."""
Found = NDArray[np.void]

_FIRST, _NEXT, _STAGE = LANE[ClockName.FIRST_RESPONSE], LANE[ClockName.NEXT_RESPONSE], LANE[ClockName.STAGE]
_WAITS = ((_FIRST, WAIT_FIRST), (_NEXT, WAIT_NEXT))
_IS_OPEN = np.isin(np.arange(len(Status)), [Status.UNKNOWN, Status.NEW, Status.OPEN])
_URGENCY = np.array(
    [
        [
            [urgency_of(tier, is_vip=vip, in_breach=breach, is_public=False) for breach in (False, True)]
            for vip in (False, True)
        ]
        for tier in ComplaintTier
    ],
    dtype=np.uint8,
)
"""By complaint tier, VIP and breach. What is said in public is a complaint of the high tier (R-CMP-TIER)."""

_EPOCH_2000 = 946_684_800_000_000
_TICK = 10_000
_LANE_BITS = 4
_LAST_TICK = (1 << (KEY_BITS - _LANE_BITS)) - 1
_LOOK = 64
_NONE: Found = np.zeros(0, dtype=FOUND)


class DueIndex:
    """Belongs to one thread at a time. Times are microseconds since the epoch; 0 in ``due`` is *not* or *not known*."""

    def __init__(self, policy: Policy, capacity: int = 1024) -> None:
        self.policy = policy
        self.fold = CycleFold(policy.targets, policy.inbox.complaint_tiers, capacity)
        self.due: Instants = np.zeros((capacity, LANES), dtype=np.int64)
        self._waits = np.zeros(256, dtype=np.int64)
        self._waits[: len(policy.escalation.wait_by_channel)] = policy.escalation.wait_by_channel
        self._index = SortedIndex()
        self._slot_of: NDArray[np.int32] = np.full(1024, -1, dtype=np.int32)

    def __len__(self) -> int:
        """How many clocks have a due time."""
        return len(self._index)

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        return self.fold.columns.nbytes + self.due.nbytes + self._index.nbytes + self._slot_of.nbytes

    def slots_of(self, tickets: NDArray[np.integer]) -> Slots:
        """The slots of these ticket ids; -1 where a ticket is not in progress."""
        slots = np.full(tickets.size, -1, dtype=np.int64)
        known = tickets < self._slot_of.size
        slots[known] = self._slot_of[tickets[known]]
        return slots

    def load(self, rows: Rows, tickets_at_once: int) -> Found:
        """Take over the whole histories of tickets, before anything else; what stopped too late on the way."""
        stopped = [_NONE]
        rows = rows[fold.in_order(rows)]
        starts = np.flatnonzero(fold.firsts(rows["subject"]))[::tickets_at_once].tolist()
        for first, last in pairwise([*starts, rows.size]):
            part = rows[first:last]
            tickets = part["subject"][fold.firsts(part["subject"])]
            self._place(tickets)
            self.fold.apply(self.slots_of(part["subject"]), part)
            stopped.append(self._too_late(self.fold.take_stopped()))
            slots = self.slots_of(tickets)
            self._forget(slots[~self._is_alive(slots)])
            self.fold.columns.tidy()
        used = np.flatnonzero(self.fold.columns.id[: self.fold.columns.rows])
        self._room()
        self.due[used] = self._dues(used)
        self.rebuild()
        return np.concatenate(stopped)

    def rebuild(self) -> None:
        """Sort all due times anew."""
        slot, lane = np.nonzero(self.due)
        found = _entries(self.due[slot, lane], slot, lane)
        self._index = SortedIndex(np.sort(found[found >= 0]))

    def apply(self, rows: Rows, anew: Slots, known_to: int) -> Found:
        """Take events (`fold.in_order`) that are newer than what each ticket has seen; those of the tickets in ``anew``
        are their whole histories. Returns what is new and was due at ``known_to`` or before, and what stopped too late.
        """
        if not rows.size:
            return _NONE
        tickets = rows["subject"][fold.firsts(rows["subject"])]
        self._place(tickets)
        slots = self.slots_of(tickets)
        columns = self.fold.columns
        before, counts = self.due[slots], columns.count_of[slots]
        columns.clear(anew)
        self.fold.apply(self.slots_of(rows["subject"]), rows)
        stopped = self._too_late(self.fold.take_stopped())
        after = self._dues(slots)
        self.due[slots] = after
        lanes = np.broadcast_to(np.arange(LANES), after.shape).ravel()
        flat = np.repeat(slots, LANES)
        self._index.move(_entries(before.ravel(), flat, lanes), _entries(after.ravel(), flat, lanes))
        other = (after != before) | (columns.count_of[slots] != counts)[:, _OF_LANE]
        late = (after > 0) & (after <= known_to) & other
        place, lane = np.nonzero(late)
        found = np.concatenate([self.found(slots[place], lane), self._new(stopped, tickets, before, known_to)])
        self._forget(slots[~self._is_alive(slots)])
        columns.tidy()
        self._index.maintain()
        return found

    def between(self, after: int, until: int) -> Found:
        """What is due at ``after < t <= until`` and still runs."""
        low, high = self._index.ranks(
            np.array([_key(after) << SLOT_BITS, (_key(until) + (1 << _LANE_BITS)) << SLOT_BITS])
        ).tolist()
        slots = np.unique(self._index.window(low, high - low))
        due = self.due[slots]
        place, lane = np.nonzero((due > after) & (due <= until))
        return self.found(slots[place], lane)

    def next_after(self, at: int) -> int | None:
        """The first due time after an instant."""
        first = self._index.rank(_key(at) << SLOT_BITS)
        count = _LOOK
        while first < len(self._index):
            due = self.due[self._index.window(first, count)]
            due = due[(due > at) & (due < NEVER)]
            if due.size:
                return int(due.min())
            first, count = first + count, count * 4
        return None

    def found(self, slots: Slots, lanes: Slots) -> Found:
        """These clocks, as they are."""
        columns = self.fold.columns
        runs = _OF_LANE[lanes]
        due = self.due[slots, lanes]
        answer = self.due[slots, runs]
        late = np.where(lanes < DEMAND, True, (lanes > DEMAND) & (answer > 0) & (answer <= due))
        rules = self.fold.table.rules(columns, slots, runs)
        return _records(
            columns.id[slots],
            lanes,
            columns.count_of[slots, runs],
            due,
            columns.started[slots, runs],
            rules,
            self._urgency(slots, late),
        )

    def _urgency(self, slots: Slots, breach: NDArray[np.bool_]) -> NDArray[np.uint8]:
        columns = self.fold.columns
        complaint = np.minimum(columns.complaint[slots], ComplaintTier.HIGH)
        vip = columns.tier[slots] == Tier.VIP
        return np.asarray(_URGENCY[complaint, vip.astype(np.int64), breach.astype(np.int64)])

    def _dues(self, slots: Slots) -> Instants:
        """The due times of these tickets by lane."""
        columns = self.fold.columns
        found = np.zeros((slots.size, LANES), dtype=np.int64)
        running, place = self.fold.running(slots)
        found[place, running.lane] = dues(running, columns.pauses, self.fold.table, self.policy.targets)
        status = columns.status[slots]
        # What is resolved is nobody's escalation: its follow-up is a task with a due time of its own (R-CMP-FOLLOW).
        found[fold.IS_FINAL[status], _STAGE] = 0
        waits = (columns.notes[slots] & Note.ASKS > 0) | _IS_OPEN[status]
        wait = self._waits[columns.channel[slots]]
        for lane, waiting in _WAITS:
            since = columns.started[slots, lane]
            found[:, waiting] = np.where(waits & (since > 0) & (wait > 0), since + wait, 0)
        return found

    def _too_late(self, stopped: Cycles) -> Found:
        """What stopped after it was due, with the waits that were too long."""
        if not stopped.lane.size:
            return _NONE
        table = self.fold.table
        due = dues(stopped, self.fold.columns.pauses, table, self.policy.targets)
        slots = self.slots_of(stopped.ticket)
        late = (due > 0) & (due < stopped.stopped)
        parts = [self._of_stopped(stopped, slots, due, stopped.lane, late)]
        wait = self._waits[self.fold.columns.channel[slots]]
        for lane, waiting in _WAITS:
            until = stopped.started + wait
            too_long = (stopped.lane == lane) & (wait > 0) & (until < stopped.stopped)
            parts.append(self._of_stopped(stopped, slots, until, np.full(slots.size, waiting), too_long))
        return np.concatenate(parts)

    def _of_stopped(
        self, stopped: Cycles, slots: Slots, due: Instants, lanes: Slots, which: NDArray[np.bool_]
    ) -> Found:
        some, slots, due, lanes = stopped.chosen(which), slots[which], due[which], lanes[which]
        urgency = self._urgency(slots, lanes != DEMAND)
        return _records(some.ticket, lanes, some.number, due, some.started, some.rule, urgency)

    def _new(self, stopped: Found, tickets: NDArray[np.int32], before: Instants, known_to: int) -> Found:
        """Without what was in the order with the same due time: it was found by its instant."""
        place = np.searchsorted(tickets, stopped["ticket"])
        known = (before[place, stopped["lane"]] == stopped["due"]) & (stopped["due"] <= known_to)
        return np.asarray(stopped[~known])

    def _is_alive(self, slots: Slots) -> NDArray[np.bool_]:
        """Whether anything but the stage of a ticket that is over can still be due."""
        started = self.fold.columns.started[slots]
        return np.asarray((np.delete(started, _STAGE, axis=1) > 0).any(axis=1))

    def _place(self, tickets: NDArray[np.int32]) -> None:
        """Rows for those tickets that have none; the ids are sorted."""
        highest = int(tickets[-1])
        if highest >= self._slot_of.size:
            grown = np.full(highest + 1 + highest // 4, -1, dtype=np.int32)
            grown[: self._slot_of.size] = self._slot_of
            self._slot_of = grown
        new = tickets[self._slot_of[tickets] < 0]
        if new.size:
            self._slot_of[new] = self.fold.columns.add(new)
            self._room()

    def _room(self) -> None:
        size = self.fold.columns.id.size
        if self.due.shape[0] < size:
            grown = np.zeros((size, LANES), dtype=np.int64)
            grown[: self.due.shape[0]] = self.due
            self.due = grown

    def _forget(self, slots: Slots) -> None:
        """Let tickets go that are over."""
        if not slots.size:
            return
        place, lane = np.nonzero(self.due[slots])
        if place.size:
            old = _entries(self.due[slots[place], lane], slots[place], lane)
            self._index.change(old[old >= 0], old[:0])
            self.due[slots] = 0
        self._slot_of[self.fold.columns.id[slots]] = -1
        self.fold.columns.forget(slots)


_OF_LANE = np.array([*range(DEMAND + 1), _FIRST, _NEXT])
"""By lane the one that runs: a wait is that for an answer."""


def _records(
    tickets: NDArray[np.int32],
    lanes: Slots,
    numbers: NDArray[np.int32],
    due: Instants,
    since: Instants,
    rules: NDArray[np.int64],
    urgency: NDArray[np.uint8],
) -> Found:
    found = np.zeros(lanes.size, dtype=FOUND)
    found["ticket"], found["lane"], found["number"], found["due"] = tickets, lanes, numbers, due
    found["since"], found["rule"], found["urgency"] = since, rules, urgency
    return found


def _entries(due: Instants, slots: Slots, lanes: Slots) -> Entries:
    """The entries of these due times, -1 where there is none."""
    keys = (_ticks(due) << _LANE_BITS) | lanes
    return np.where((due > 0) & (due < NEVER), entries(keys, slots), -1)


def _ticks(at: Instants) -> Instants:
    return np.asarray(np.clip((at - _EPOCH_2000) // _TICK, 0, _LAST_TICK))


def _key(at: int) -> int:
    return max(0, min((at - _EPOCH_2000) // _TICK, _LAST_TICK)) << _LANE_BITS
