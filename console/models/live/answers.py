"""Every answer of a person that ended a wait, as it is given: how fast queues move, how quickly agents answer.

The fold tells of each answer before it changes the ticket. What is told is only put aside then, and counted when
somebody asks, at most once a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, SECOND
from console.models.domain.contacts import IN_PROGRESS, Channel, Status
from console.models.domain.ports import Rows
from console.models.live.columns import Columns, Slots
from console.models.live.sliding import Sliding, Totals
from console.models.live.turns import Turns
from console.models.policy.policy import IS_LIVE, Policy

Values = NDArray[np.int64]

LOOKED_BACK = 2 * DAY
"""As long before the present a board that is loaded begins to count: today, and more than any window."""
CHANNELS = 16
"""A queue's key in the totals is ``queue * CHANNELS + channel``."""
_QUEUE_STEP = 30 * SECOND
_COUNT_AT = 8_192
_IS_OPEN = np.isin(np.arange(len(Status)), [Status.UNKNOWN, Status.NEW, Status.OPEN])
_IN_PROGRESS = np.isin(np.arange(len(Status)), list(IN_PROGRESS))
_WRITTEN = IS_LIVE.copy()
_WRITTEN[Channel.PHONE] = False


class Told(NamedTuple):
    """Answers as the fold told of them, one row each. Instants and spans are microseconds."""

    at: Values
    since: Values
    """Since when the customer waited."""
    assigned_at: Values
    agent: Values
    channel: Values
    queue: Values


class Answers:
    """Belongs to one board. ``known_from`` is the instant from which on nothing is missing."""

    def __init__(self, policy: Policy, known_from: int = 0) -> None:
        self._policy = policy
        self.known_from = known_from
        self._told: list[Told] = []
        self._waiting = 0
        self._newest = 0
        self._queues = Sliding(_QUEUE_STEP)
        self._agents = Sliding(SECOND)
        self.turns = Turns(policy, known_from)

    def note(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """A person answers these tickets, which are still as they were before."""
        if rows["at"].max() < self.known_from:
            return
        unanswered = columns.unanswered_since[slots]
        created, status = columns.created_at[slots], columns.status[slots]
        # The same rule as in `derive`: whoever was never answered waits since the ticket came.
        never = (columns.first_reply_at[slots] == 0) & _IN_PROGRESS[status]
        waits = (unanswered > 0) | _IS_OPEN[status]
        since = np.where(never & waits & (created > 0), created, unanswered)
        self._put(columns, slots, rows, since)
        self.turns.note_answers(columns, slots, rows["at"])

    def note_bots(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """Bots answer these tickets, which are still as they were before."""
        if rows["at"].max() >= self.known_from:
            self.turns.note_bots(columns, slots, rows["at"])

    def note_ends(self, columns: Columns, slots: Slots, at: Values) -> None:
        """These tickets end, and are still as they were before."""
        if at.max() >= self.known_from:
            self.turns.note_ends(columns, slots, at)

    def queues(self, now: int) -> tuple[Totals, int]:
        """Answers by queue and channel in the time that throughput is measured over, and how long that really was:
        less while the board does not know enough of the past."""
        self.settle()
        since = max(now - self._policy.forecast.throughput_over, self.known_from)
        return self._queues.totals(since), max(0, now - since)

    def agents(self, now: int) -> Totals:
        """R-AGENT-SLOW: written answers on live channels by agent in the window, and the sum of their times in
        microseconds. A time counts from the customer's message, or from the assignment when that came later."""
        self.settle()
        return self._agents.totals(now - self._policy.agent_slow.window + SECOND)

    def agents_through(self, after: int, until: int) -> Iterator[tuple[int, Totals]]:
        """The same at each second of ``after < second <= until`` at which it can have changed, by an answer or by one
        that left the window, and at the end. The arrays change from turn to turn."""
        self.settle()
        window = self._policy.agent_slow.window
        come = self._agents.instants(after, until)
        gone = [at + window for at in self._agents.instants(after - window, until - window)]
        return self._agents.walk(sorted({*come, *gone, until}), window)

    def export(self) -> Mapping[str, NDArray[Any]]:
        """Everything as arrays, for `restore`."""
        self.settle()
        return {
            "queues": self._queues.export(),
            "agents": self._agents.export(),
            "known": np.array([self.known_from, self._newest], dtype=np.int64),
            **self.turns.export(),
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take over what was exported; nothing was told yet."""
        self._queues.restore(arrays["queues"])
        self._agents.restore(arrays["agents"])
        self.known_from, self._newest = arrays["known"].tolist()
        self.turns.restore(arrays, self._newest)

    def measure_by(self, policy: Policy) -> None:
        """Another policy holds from now on; what it measures in another way is counted anew."""
        self.settle()
        turns = self.turns.export()
        self._policy = policy
        self.turns = Turns(policy)
        self.turns.restore(turns, self._newest)

    def begin_at(self, at: int) -> None:
        """What happens before an instant is passed over: loading the log of years need not count all of its answers."""
        self.known_from = self.turns.known_from = at

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        return self._queues.nbytes + self._agents.nbytes

    def _put(self, columns: Columns, slots: Slots, rows: Rows, since: Values) -> None:
        told = Told(
            rows["at"],
            since,
            columns.assigned_at[slots],
            rows["actor"].astype(np.int64),
            columns.channel[slots].astype(np.int64),
            columns.queue[slots].astype(np.int64),
        )
        self._told.append(told)
        self._waiting += slots.size
        if self._waiting >= _COUNT_AT:
            self.settle()

    def settle(self) -> None:
        """Count what was told; whoever asks for counts need not call it. Loading tells of years: what is older than any
        window is let go at once."""
        if not self._told:
            return
        told = Told(*map(np.concatenate, zip(*self._told, strict=True)))
        self._told, self._waiting = [], 0
        self._newest = max(self._newest, int(told.at.max()))
        rules = self._policy
        self._queues.forget(self._newest - 2 * rules.forecast.throughput_over)
        self._agents.forget(self._newest - 2 * rules.agent_slow.window)
        waited = told.since > 0
        at, key = told.at[waited], told.queue[waited] * CHANNELS + told.channel[waited]
        self._queues.add(at, key, at - told.since[waited])
        written = waited & _WRITTEN[told.channel] & (told.agent > 0)
        at, since = told.at[written], np.maximum(told.since[written], told.assigned_at[written])
        self._agents.add(at, told.agent[written], np.maximum(at - since, 0))


class Later:
    """Passes on only what is later than what tickets had seen; for tickets that are folded once more from the start."""

    def __init__(self, answers: Answers, columns: Columns, slots: Slots) -> None:
        """``slots`` are sorted, and about to be cleared."""
        self._answers = answers
        self._slots = slots
        self._seen = columns.last_at[slots].copy()

    def note(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """A person answers."""
        later = self._later(slots, rows["at"])
        if later.any():
            self._answers.note(columns, slots[later], rows[later])

    def note_bots(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        """A bot answers."""
        later = self._later(slots, rows["at"])
        if later.any():
            self._answers.note_bots(columns, slots[later], rows[later])

    def note_ends(self, columns: Columns, slots: Slots, at: Values) -> None:
        """They are finished."""
        later = self._later(slots, at)
        if later.any():
            self._answers.note_ends(columns, slots[later], at[later])

    def _later(self, slots: Slots, at: Values) -> NDArray[np.bool_]:
        return np.asarray(at > self._seen[np.searchsorted(self._slots, slots)])
