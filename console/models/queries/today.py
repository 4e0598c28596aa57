"""What the figures of a board are computed from at one moment, gathered once and shared by all of them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.contacts import LIVE_CHANNELS, Channel, Status
from console.models.live.board import Board
from console.models.live.columns import Flag, Slots
from console.models.live.counters import AFTER_END, PROGRESSING, TICKETS, WAITING
from console.models.live.fold import IS_FINAL
from console.models.live.minutes import Achieved
from console.models.live.outlook import Outlook, outlook

QUARTER = 15 * MINUTE
_QUARTERS = 100
"""A day has at most 25 hours."""
FINAL = [int(status) for status in Status if IS_FINAL[status]]
LIVE = tuple(sorted(int(channel) for channel in LIVE_CHANNELS))


class Look:
    """A board at a moment. ``now`` is microseconds since the epoch; *today* began at the policy's last midnight."""

    def __init__(self, board: Board, now: int) -> None:
        self.board = board
        self.now = now

    @cached_property
    def midnight(self) -> int:
        """When today began."""
        return self.board.policy.midnight_before(self.now)

    @property
    def end(self) -> int:
        """The end of the running minute: sums are kept by whole minutes."""
        return (self.now // MINUTE + 1) * MINUTE

    @cached_property
    def forecast(self) -> Outlook | None:
        """Who will be answered too late; None where that is still being worked out."""
        return outlook(self.board, self.now)

    @cached_property
    def by_channel(self) -> tuple[Achieved, ...]:
        """What was achieved today, by channel code."""
        return tuple(self.board.minutes.achieved(self.midnight, self.end, int(channel)) for channel in Channel)

    @cached_property
    def live(self) -> Achieved:
        """What was achieved today on the live channels together."""
        sums = [self.by_channel[channel] for channel in LIVE]
        return Achieved(*(sum(getattr(part, name) for part in sums) for name in Achieved.__slots__))

    @cached_property
    def all(self) -> Achieved:
        """What was achieved today on all channels."""
        sums = self.by_channel
        return Achieved(*(sum(getattr(part, name) for part in sums) for name in Achieved.__slots__))

    @cached_property
    def overdue(self) -> Slots:
        """Tickets of today that nobody has answered although the service-level time of their arrival is over."""
        columns = self.board.columns
        count = columns.count
        since = columns.waiting_since[:count]
        slots = np.flatnonzero((since > 0) & (columns.first_reply_at[:count] == 0))
        created = columns.created_at[slots]
        slots, created = slots[created >= self.midnight], created[created >= self.midnight]
        quarters = np.minimum((created - self.midnight) // QUARTER, _QUARTERS - 1)
        return slots[created + self._limits[quarters] < self.now]

    @cached_property
    def overdue_by_channel(self) -> tuple[int, ...]:
        """How many of them there are, by channel code; counted by rank, never by looking at every ticket."""
        starts = self.midnight + np.arange(_QUARTERS) * QUARTER
        ends = np.minimum(starts + QUARTER, self.now - self._limits)
        whole = int(np.argmin(ends == starts + QUARTER))
        spans = [(self.midnight, int(starts[whole]))] if whole else []
        later = slice(whole, None)
        spans += [
            (start, end) for start, end in zip(starts[later].tolist(), ends[later].tolist(), strict=True) if start < end
        ]
        clocks = self.board.clocks
        counts = sum((clocks.unanswered(*span) for span in spans), np.zeros(len(Channel), dtype=np.int64))
        return tuple(counts.tolist())

    @cached_property
    def _limits(self) -> Slots:
        starts = self.midnight + np.arange(_QUARTERS) * QUARTER
        return self.board.policy.service_within(starts)

    def waiting_by(self, column: str) -> Slots:
        """Waiting tickets by the values of a column of `counters`."""
        return self.board.counters.by[column][:, WAITING]

    @property
    def in_progress(self) -> int:
        """Tickets that are not finished, and finished ones whose customer wrote again."""
        return self.board.counters.total(PROGRESSING) + self.waiting_after_end

    @property
    def waiting_after_end(self) -> int:
        """Tickets that are finished and whose customer wrote again."""
        return self.board.counters.total(AFTER_END)

    @property
    def done(self) -> int:
        """Tickets that are finished."""
        return int(self.board.counters.by["status"][FINAL, TICKETS].sum())

    @cached_property
    def in_progress_by_channel(self) -> tuple[int, ...]:
        """Tickets in progress by channel code, with those whose customer wrote after the end."""
        counts = self.board.counters.by["channel"][:, [PROGRESSING, AFTER_END]].sum(axis=1)
        return tuple(int(count) for count in counts)

    def answered_slots(self) -> Slots:
        """Live tickets that a person first answered today."""
        columns = self.board.columns
        replied = columns.first_reply_at[: columns.count]
        slots = np.flatnonzero((replied >= self.midnight) & (replied < self.end))
        return self._live_only(slots[columns.created_at[slots] > 0])

    def late_slots(self) -> Slots:
        """Of these, the ones whose answer took longer than the service level allowed."""
        columns = self.board.columns
        slots = self.answered_slots()
        created = columns.created_at[slots]
        taken = np.maximum(columns.first_reply_at[slots] - created, 0)
        late: NDArray[np.bool_] = taken > self.board.policy.service_within(created)
        return slots[late]

    def abandoned_slots(self) -> Slots:
        """Live tickets whose customer left today before anybody answered."""
        columns = self.board.columns
        slots = self._resolved_slots()
        return self._live_only(slots[(columns.flags[slots] & Flag.ABANDONED) > 0])

    def handled_slots(self) -> Slots:
        """Tickets that ended today and whose handling time is known."""
        slots = self._resolved_slots()
        return slots[self.board.columns.handle_ms[slots] >= 1000]

    def _resolved_slots(self) -> Slots:
        columns = self.board.columns
        resolved = columns.resolved_at[: columns.count]
        return np.flatnonzero((resolved >= self.midnight) & (resolved < self.end))

    def _live_only(self, slots: Slots) -> Slots:
        return slots[np.isin(self.board.columns.channel[slots], LIVE)]
