"""Clocks of many tickets that start, rest and stop, on vectors: what `cycles` does to them with each event."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.clock_targets import ClockName, ClockTargets, Reopening
from console.models.domain.contacts import ComplaintTier, InquiryType, Stage, Status
from console.models.live import fold
from console.models.live.columns import Slots
from console.models.live.cycle_columns import CycleColumns, Heads, Instants, Note
from console.models.live.target_table import CLOCKS, DEMAND, LANE, NO_RULE, Rules, TargetTable

_RESOLUTION, _PROMISE = LANE[ClockName.RESOLUTION], LANE[ClockName.PROMISE]
_STAGE = LANE[ClockName.STAGE]
_CODES = 256


class Cycles(NamedTuple):
    """Cycles of clocks as columns, one row each. ``stopped`` is 0 while a cycle runs, ``paused`` since when it stands
    still; ``given`` is the due time of a promise, ``head`` the chain of pauses that have ended."""

    ticket: NDArray[np.int32]
    lane: Slots
    number: NDArray[np.int32]
    rule: Rules
    started: Instants
    stopped: Instants
    paused: Instants
    withdrawn: NDArray[np.bool_]
    given: Instants
    head: Heads

    def chosen(self, which: NDArray[np.bool_] | Slots) -> Cycles:
        """Some of them."""
        columns: list[Any] = [column[which] for column in self]
        return Cycles(*columns)

    @classmethod
    def joined(cls, parts: Collection[Cycles]) -> Cycles:
        """One after the other; there is at least one part."""
        columns: list[Any] = [np.concatenate(pieces) for pieces in zip(*parts, strict=True)]
        return cls(*columns)


class CycleRuns:
    """The clocks of many tickets under one policy. Times and words are those of `CycleColumns`."""

    def __init__(self, targets: ClockTargets, demanding: Collection[ComplaintTier] = (), capacity: int = 1024) -> None:
        """``demanding`` are the complaint tiers that go into the inbox at once (R-ESC); none for reports."""
        self.targets = targets
        self.table = TargetTable(targets)
        self.columns = CycleColumns(DEMAND + 1, capacity)
        self._continues = targets.reopening is Reopening.CONTINUE
        self._demands = np.zeros(_CODES, dtype=bool)
        self._demands[list(demanding)] = True
        self._rests = np.zeros((len(Status), DEMAND + 1), dtype=bool)
        for lane, clock in enumerate(CLOCKS):
            self._rests[list(targets.paused_by.get(clock, ())), lane] = True
        self._may_rest = np.flatnonzero(self._rests.any(axis=0))
        self._stopped: list[Cycles] = []
        self._places = 0
        self._first_place = 0
        self._continued: list[Instants] = []

    def take_stopped(self) -> Cycles:
        """The cycles that have stopped since this was last asked; those without a rule are left out."""
        parts, self._stopped = self._stopped, []
        continued, self._continued = self._continued, []
        stopped = Cycles.joined(parts) if parts else _none()
        first, self._first_place = self._first_place, self._places
        if continued:
            gone = np.concatenate(continued) - 1 - first
            kept = np.ones(stopped.lane.size, dtype=bool)
            kept[gone[gone >= 0]] = False
            stopped = stopped.chosen(kept)
        return stopped

    def running(self, slots: Slots) -> tuple[Cycles, Slots]:
        """The cycles of these tickets that have not stopped, and for each the place of its ticket in ``slots``; those
        without a rule are left out."""
        place, lane = np.nonzero(self.columns.started[slots])
        rules = self.table.rules(self.columns, slots[place], lane)
        kept = rules != NO_RULE
        return self._cycles(slots[place[kept]], lane[kept], rules[kept]), place[kept]

    def _cycles(self, slots: Slots, lanes: Slots, rules: Rules) -> Cycles:
        columns = self.columns
        return Cycles(
            columns.id[slots],
            lanes,
            columns.count_of[slots, lanes],
            rules,
            columns.started[slots, lanes],
            np.zeros(slots.size, dtype=np.int64),
            columns.paused[slots, lanes],
            np.zeros(slots.size, dtype=bool),
            np.where(
                lanes == _PROMISE, columns.promised[slots], np.where(lanes == DEMAND, columns.started[slots, lanes], 0)
            ),
            columns.head[slots, lanes],
        )

    # What starts, rests and stops

    def _start(self, slots: Slots, lane: int, at: Instants) -> None:
        columns = self.columns
        idle = columns.started[slots, lane] == 0
        if not idle.all():
            slots, at = slots[idle], at[idle]
        columns.count_of[slots, lane] += 1
        columns.started[slots, lane] = at
        columns.head[slots, lane] = 0
        columns.paused[slots, lane] = np.where(self._rest(slots, lane), at, 0) if self._rests[:, lane].any() else 0

    def _rest(self, slots: Slots, lane: int) -> NDArray[np.bool_]:
        status = self.columns.status[slots]
        owes = (status != Status.PENDING_CUSTOMER) | (self.columns.notes[slots] & Note.WROTE == 0)
        return np.asarray(self._rests[status, lane] & owes)

    def _stop(
        self, slots: Slots, lanes: NDArray[np.int64] | int, at: Instants, withdrawn: NDArray[np.bool_] | bool = False
    ) -> None:
        """Stop those of these clocks that run: one lane, or several of every ticket."""
        columns = self.columns
        if isinstance(lanes, int):
            place = np.flatnonzero(columns.started[slots, lanes])
            lane = np.full(place.size, lanes)
        else:
            place, which = np.nonzero(columns.started[np.ix_(slots, lanes)])
            lane = lanes[which]
        if not place.size:
            return
        slots, at = slots[place], at[place]
        gone = np.full(place.size, withdrawn) if isinstance(withdrawn, bool) else withdrawn[place]
        passed = (lane == _STAGE) & (columns.started[slots, lane] == at)
        if passed.any():
            # A stage that was only passed through.
            columns.count_of[slots[passed], _STAGE] -= 1
            columns.started[slots[passed], _STAGE] = 0
            columns.paused[slots[passed], _STAGE] = 0
            slots, lane, at, gone = slots[~passed], lane[~passed], at[~passed], gone[~passed]
        self._go_on(slots, lane, at)
        self._tell_stopped(slots, lane, at, gone)
        columns.started[slots, lane] = 0
        columns.head[slots, lane] = 0

    def _tell_stopped(self, slots: Slots, lanes: Slots, at: Instants, withdrawn: NDArray[np.bool_]) -> None:
        columns = self.columns
        rules = self.table.rules(self.columns, slots, lanes)
        kept = rules != NO_RULE
        slots, lanes, at, withdrawn = slots[kept], lanes[kept], at[kept], withdrawn[kept]
        told = self._cycles(slots, lanes, rules[kept])._replace(stopped=at, withdrawn=withdrawn)
        self._stopped.append(told)
        places = np.arange(self._places, self._places + slots.size) + 1
        self._places += slots.size
        continued = (lanes == _RESOLUTION) & ~withdrawn
        if continued.any():
            slots = slots[continued]
            columns.resolved_started[slots] = told.started[continued]
            columns.resolved_at[slots] = at[continued]
            columns.resolved_head[slots] = told.head[continued]
            columns.resolved_place[slots] = places[continued]

    def _go_on(self, slots: Slots, lanes: Slots, at: Instants) -> None:
        """End the pauses of these clocks; one that ends as it begins was none."""
        columns = self.columns
        since = columns.paused[slots, lanes]
        lasted = (since > 0) & (since < at)
        if lasted.any():
            slot, lane = slots[lasted], lanes[lasted]
            columns.head[slot, lane] = columns.pauses.add(columns.head[slot, lane], since[lasted], at[lasted])
        columns.paused[slots, lanes] = 0

    def _follow_status(self, slots: Slots, at: Instants) -> None:
        columns = self.columns
        for lane in self._may_rest.tolist():
            since = columns.paused[slots, lane]
            rest = self._rest(slots, lane)
            begins = rest & (since == 0) & (columns.started[slots, lane] > 0)
            ends = ~rest & (since > 0)
            if begins.any():
                columns.paused[slots[begins], lane] = at[begins]
            if ends.any():
                self._go_on(slots[ends], np.full(np.count_nonzero(ends), lane), at[ends])

    def _reopen(self, slots: Slots, at: Instants) -> None:
        columns = self.columns
        resolved = columns.resolved_started[slots] > 0
        if resolved.any():
            kept = slots[resolved]
            if self._continues:
                self._continued.append(columns.resolved_place[kept])
                columns.started[kept, _RESOLUTION] = columns.resolved_started[kept]
                columns.head[kept, _RESOLUTION] = columns.pauses.add(
                    columns.resolved_head[kept], columns.resolved_at[kept], at[resolved]
                )
            for name in ("resolved_started", "resolved_at", "resolved_head", "resolved_place"):
                getattr(columns, name)[kept] = 0
        # Those that go on run already.
        self._start(slots, _RESOLUTION, at)

    def _follow_stage(self, slots: Slots, at: Instants) -> None:
        """R-STAGE: a clock for each stage that the work order stays in."""
        columns = self.columns
        stage = self._stage(slots)
        moved = stage != columns.stage[slots]
        if not moved.any():
            return
        slots, at, stage = slots[moved], at[moved], stage[moved]
        self._stop(slots, _STAGE, at)
        columns.stage[slots] = stage
        on = stage != Stage.ARCHIVED
        self._start(slots[on], _STAGE, at[on])

    def _stage(self, slots: Slots) -> NDArray[np.uint8]:
        columns = self.columns
        notes, status = columns.notes[slots], columns.status[slots]
        stage = np.where(columns.type[slots] == InquiryType.UNCLASSIFIED, Stage.CREATED, Stage.CLASSIFIED)
        stage = np.where(notes & Note.OWNED > 0, Stage.ASSIGNED, stage)
        stage = np.where(notes & Note.REPLIED > 0, Stage.IN_PROCESS, stage)
        final = np.where(status == Status.RESOLVED, Stage.FEEDBACK, Stage.ARCHIVED)
        return np.where(fold.IS_FINAL[status], final, stage).astype(np.uint8)

    def _follow_demand(self, slots: Slots, at: Instants) -> None:
        """R-ESC: from when on the complaint's tier demands a supervisor, while somebody has to do something."""
        columns = self.columns
        wanted = self._demands[columns.complaint[slots]] & ~fold.IS_FINAL[columns.status[slots]]
        self._stop(slots[~wanted], DEMAND, at[~wanted])
        self._start(slots[wanted], DEMAND, at[wanted])

    def _mark(self, slots: Slots, note: Note) -> None:
        self.columns.notes[slots] |= np.uint8(note)

    def _unmark(self, slots: Slots, note: Note) -> None:
        self.columns.notes[slots] &= ~np.uint8(note)


def _none() -> Cycles:
    dtypes = (np.int32, np.int64, np.int32, np.int64, np.int64, np.int64, np.int64, np.bool_, np.int64, np.int32)
    columns: list[Any] = [np.empty(0, dtype=dtype) for dtype in dtypes]
    return Cycles(*columns)
