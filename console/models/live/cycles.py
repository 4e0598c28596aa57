"""Ticket events folded into clock cycles, on vectors: the same as `clock_history.cycles_of`, for all tickets at once.

A batch is applied in waves, as in `fold`: no ticket occurs twice in a wave, so each kind of event is applied to all of
its tickets at once. What an event means is written down in `clock_history`; a property test holds both equal.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from console.models.domain.attributes import BY_NAME
from console.models.domain.clock_targets import ClockName
from console.models.domain.contacts import Channel, ComplaintTier, Role, Status
from console.models.domain.events import Kind
from console.models.domain.ports import Rows
from console.models.live import fold
from console.models.live.columns import Slots
from console.models.live.cycle_columns import Instants, Note
from console.models.live.cycle_runs import CycleRuns
from console.models.live.target_table import DEMAND, LANE

_ACKNOWLEDGEMENT = LANE[ClockName.ACKNOWLEDGEMENT]
_FIRST, _NEXT = LANE[ClockName.FIRST_RESPONSE], LANE[ClockName.NEXT_RESPONSE]
_RESOLUTION, _PROMISE = LANE[ClockName.RESOLUTION], LANE[ClockName.PROMISE]
_WORD, _PLAN = LANE[ClockName.COMPLAINT_ACKNOWLEDGEMENT], LANE[ClockName.PLAN]
_UPDATE, _STAGE = LANE[ClockName.UPDATE], LANE[ClockName.STAGE]
_ANSWERED = np.array([_ACKNOWLEDGEMENT, _FIRST, _NEXT, _PROMISE, _WORD])
_OF_COMPLAINTS = np.array([_WORD, _PLAN, _UPDATE])
_EVERY = np.arange(DEMAND + 1)
_BUT_STAGE = np.delete(_EVERY, _STAGE)

_STATUSES = np.arange(len(Status))
_WITHDRAWS = np.isin(_STATUSES, [Status.SPAM, Status.DELETED])
_BORN_WITH = ("priority", "channel", "emotion", "type", "tier")
_OTHER = np.iinfo(np.uint8).max
"""Stands for every code that no word has."""


class CycleFold(CycleRuns):
    """The clocks of many tickets under one policy. Times and words are those of `CycleColumns`."""

    def apply(self, slots: Slots, rows: Rows) -> None:
        """Apply ticket events; ``slots[i]`` is the ticket of ``rows[i]``, and each ticket's rows stand in its own
        order (`fold.in_order`), none of them before one that was applied already."""
        columns = self.columns
        for wave, events in fold.waves(slots, rows):
            new = columns.notes[wave] & Note.BEGUN == 0
            if new.any():
                self._begin(wave[new], events["at"][new])
            kinds = events["kind"]
            for kind in np.flatnonzero(np.bincount(kinds)).tolist():
                handler = _HANDLERS.get(kind)
                if handler is not None:
                    of_kind = kinds == kind
                    handler(self, wave[of_kind], events[of_kind])
            self._follow_stage(wave, events["at"])
            columns.last_at[wave] = events["at"]
            columns.last_native[wave] = events["native"]

    def _begin(self, slots: Slots, at: Instants) -> None:
        self._mark(slots, Note.BEGUN)
        for lane in (_ACKNOWLEDGEMENT, _FIRST, _RESOLUTION, _STAGE):
            self._start(slots, lane, at)

    def _created(self, slots: Slots, rows: Rows) -> None:
        columns, packed = self.columns, rows["value"]
        for name in _BORN_WITH:
            told = _unpacked(packed, name)
            column = getattr(columns, name)
            column[slots] = np.where(told > 0, told, column[slots])
        complaint = _unpacked(packed, "complaint")
        known = complaint > 0
        self._complain(slots[known], complaint[known], rows["at"][known])
        status = _unpacked(packed, "status")
        before = columns.status[slots]
        self._become(slots, np.where(status > 0, status, np.where(before > 0, before, Status.NEW)), rows["at"])

    def _customer_message(self, slots: Slots, rows: Rows) -> None:
        at = rows["at"]
        self._mark(slots, Note.WROTE | Note.ASKS)
        self._follow_status(slots, at)
        again = self.columns.started[slots, _FIRST] == 0
        self._start(slots[again], _NEXT, at[again])

    def _public_reply(self, slots: Slots, rows: Rows) -> None:
        role, at = rows["role"], rows["at"]
        person = (role == Role.UNKNOWN) | (role == Role.AGENT) | (role == Role.SUPERVISOR)
        machine = ~person & (role != Role.CUSTOMER)
        self._stop(slots[machine], _ACKNOWLEDGEMENT, at[machine])
        self._answer(slots[person], at[person])

    def _connected(self, slots: Slots, rows: Rows) -> None:
        self._stop(slots, _ACKNOWLEDGEMENT, rows["at"])
        # On the telephone picking up is the answer.
        voice = self.columns.channel[slots] == Channel.PHONE
        self._answer(slots[voice], rows["at"][voice])

    def _answer(self, slots: Slots, at: Instants) -> None:
        if not slots.size:
            return
        self._mark(slots, Note.REPLIED)
        self._stop(slots, _ANSWERED, at)
        updates = self.columns.started[slots, _UPDATE] > 0
        if updates.any():
            self._stop(slots[updates], _UPDATE, at[updates])
            self._start(slots[updates], _UPDATE, at[updates])
        self._unmark(slots, Note.WROTE | Note.ASKS)
        self._follow_status(slots, at)

    def _assigned(self, slots: Slots, rows: Rows) -> None:
        owned = rows["value"] > 0
        self._mark(slots[owned], Note.OWNED)
        self._unmark(slots[~owned], Note.OWNED)

    def _unassigned(self, slots: Slots, _rows: Rows) -> None:
        self._unmark(slots, Note.OWNED)

    def _promise_made(self, slots: Slots, rows: Rows) -> None:
        self._stop(slots, _PROMISE, rows["at"])
        made = rows["value"] > 0
        slots, at = slots[made], rows["at"][made]
        self._start(slots, _PROMISE, at)
        self.columns.promised[slots] = rows["value"][made]
        planned = self.columns.started[slots, _PLAN] > 0
        self._stop(slots[planned], _PLAN, at[planned])
        self._start(slots[planned], _UPDATE, at[planned])

    def _complaint(self, slots: Slots, rows: Rows) -> None:
        self._complain(slots, _code(rows["value"]), rows["at"])

    def _complain(self, slots: Slots, tier: NDArray[np.int64], at: Instants) -> None:
        columns = self.columns
        none = tier == ComplaintTier.NONE
        # Told by the former tier, because without one no rule would match.
        self._stop(slots[none], _OF_COMPLAINTS, at[none], withdrawn=True)
        new = ~none & (columns.complaint[slots] == ComplaintTier.NONE) & ~fold.IS_FINAL[columns.status[slots]]
        columns.complaint[slots] = tier
        self._start(slots[new], _WORD, at[new])
        self._start(slots[new], _PLAN, at[new])
        if self._demands.any():
            self._follow_demand(slots, at)

    def _status_changed(self, slots: Slots, rows: Rows) -> None:
        value = rows["value"]
        self._become(slots, np.where((value >= 0) & (value < len(Status)), value, Status.UNKNOWN), rows["at"])

    def _reopened(self, slots: Slots, rows: Rows) -> None:
        self._become(slots, np.full(slots.size, Status.OPEN), rows["at"])

    def _withdrawn(self, slots: Slots, rows: Rows) -> None:
        self._stop(slots, _EVERY, rows["at"], withdrawn=True)
        self._unmark(slots, Note.ASKS)
        self.columns.status[slots] = Status.CLOSED

    def _ended(self, slots: Slots, rows: Rows) -> None:
        over = (self.columns.channel[slots] == Channel.PHONE) & ~fold.IS_FINAL[self.columns.status[slots]]
        slots = slots[over]
        self._become(slots, np.full(slots.size, Status.CLOSED), rows["at"][over])

    def _become(self, slots: Slots, status: NDArray[np.int64], at: Instants) -> None:
        columns = self.columns
        was_final, final = fold.IS_FINAL[columns.status[slots]], fold.IS_FINAL[status]
        columns.status[slots] = status
        if final.any():
            ended, withdrawn = slots[final], _WITHDRAWS[status[final]]
            self._stop(ended, _BUT_STAGE, at[final], withdrawn)
            # A stage ends only with the stage, for it may be told twice that a ticket is resolved.
            self._stop(ended[withdrawn], _STAGE, at[final][withdrawn], withdrawn=True)
            self._unmark(ended, Note.ASKS)
        again = was_final & ~final
        if again.any():
            self._reopen(slots[again], at[again])
        on, since = slots[~final], at[~final]
        self._unmark(on, Note.WROTE)
        self._follow_status(on, since)
        if self._demands.any():
            self._follow_demand(on, since)


def _sets(name: str) -> Callable[[CycleFold, Slots, Rows], None]:
    def handler(fold_: CycleFold, slots: Slots, rows: Rows) -> None:
        getattr(fold_.columns, name)[slots] = _code(rows["value"])

    return handler


def _code(values: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where((values < 0) | (values > _OTHER), _OTHER, values)


def _unpacked(packed: NDArray[np.int64], name: str) -> NDArray[np.int64]:
    field = BY_NAME[name]
    return np.asarray((packed >> field.shift) & field.mask)


_HANDLERS: dict[int, Callable[[CycleFold, Slots, Rows], None]] = {
    Kind.CREATED: CycleFold._created,
    Kind.ASSIGNED: CycleFold._assigned,
    Kind.UNASSIGNED: CycleFold._unassigned,
    Kind.CUSTOMER_MESSAGE: CycleFold._customer_message,
    Kind.QUEUED: CycleFold._customer_message,
    Kind.PUBLIC_REPLY: CycleFold._public_reply,
    Kind.CONNECTED: CycleFold._connected,
    Kind.PROMISE_MADE: CycleFold._promise_made,
    Kind.COMPLAINT: CycleFold._complaint,
    Kind.STATUS_CHANGED: CycleFold._status_changed,
    Kind.REOPENED: CycleFold._reopened,
    Kind.ENDED: CycleFold._ended,
    Kind.MERGED: CycleFold._withdrawn,
    Kind.DELETED: CycleFold._withdrawn,
    Kind.ABANDONED: CycleFold._withdrawn,
    Kind.TIMED_OUT: CycleFold._withdrawn,
    Kind.PRIORITY_CHANGED: _sets("priority"),
    Kind.CHANNEL_CHANGED: _sets("channel"),
    Kind.EMOTION_CHANGED: _sets("emotion"),
    Kind.TYPE_CHANGED: _sets("type"),
    Kind.TIER_CHANGED: _sets("tier"),
}
KINDS = frozenset(_HANDLERS)
"""Kinds that are not among these touch no clock."""
