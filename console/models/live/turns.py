"""Turns of the day: each time a customer wrote and waited, whether a person answered in time (R-FRT-CHANNEL).

A turn begins with the first message that is unanswered, and ends with a person's answer or with the ticket; where the
policy lets bots count, with theirs too. Messages that follow one another before an answer are one turn. Turns are kept
by the minute in which they began, for channels that the policy gives a reply rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, MINUTE
from console.models.domain.contacts import Channel
from console.models.live.columns import Columns, Slots
from console.models.policy.policy import Policy

Values = NDArray[np.int64]

MET, LATE, LOST = range(3)
"""Answered in time, answered too late, ended without an answer."""
_DAY_MINUTES = 24 * 60
_KEPT_DAYS = 2
"""A local day can lie in two days of UTC."""


class Turns:
    """Belongs to one board. Counts by minute, channel and outcome, of today and the day before (in UTC).

    ``known_from`` is the instant from which on no turn is missing.
    """

    def __init__(self, policy: Policy, known_from: int = 0) -> None:
        self.known_from = known_from
        self._days: dict[int, Values] = {}
        self._within = np.full(len(Channel), -1, dtype=np.int64)
        self._bots = np.zeros(len(Channel), dtype=bool)
        for channel, budget in policy.reply_rates.items():
            if budget.enabled:
                self._within[channel] = budget.within
                self._bots[channel] = budget.bots_count
        self._wanted = bool((self._within >= 0).any())
        self._told: list[tuple[Values, Values, Values, Values]] = []

    def note_answers(self, columns: Columns, slots: Slots, at: Values) -> None:
        """A person answers these tickets, which are still as they were before."""
        if self._wanted:
            self._note(columns, slots, at, ended=False)

    def note_bots(self, columns: Columns, slots: Slots, at: Values) -> None:
        """Bots answer these tickets: where the policy lets them count, their first word ends the turn."""
        if self._wanted:
            counts = self._bots[columns.channel[slots]]
            self._note(columns, slots[counts], at[counts], ended=False)

    def note_ends(self, columns: Columns, slots: Slots, at: Values) -> None:
        """These tickets end, and are still as they were before."""
        if self._wanted:
            self._note(columns, slots, at, ended=True)

    def begun(self, columns: Columns, slots: Slots) -> Values:
        """When the turns of these tickets that wait for an answer began, 0 where none does."""
        of_all = np.where(columns.sent[slots] == 0, columns.asked_since[slots], 0)
        return np.where(self._bots[columns.channel[slots]], of_all, columns.unanswered_since[slots])

    def counts(self, start: int, end: int, channel: int) -> tuple[int, int, int]:
        """Turns of a channel that began in the whole minutes of ``start <= minute < end`` and have ended:
        met, late and lost."""
        self._count()
        first, last = start // MINUTE, end // MINUTE
        sums = np.zeros(3, dtype=np.int64)
        for day in range(first // _DAY_MINUTES, last // _DAY_MINUTES + 1):
            known = self._days.get(day)
            if known is not None:
                low, high = max(0, first - day * _DAY_MINUTES), min(_DAY_MINUTES, last - day * _DAY_MINUTES)
                sums += known[low:high, channel].sum(axis=0)
        met, late, lost = sums.tolist()
        return met, late, lost

    def export(self) -> Mapping[str, NDArray[Any]]:
        """Everything as arrays, for `restore`."""
        self._count()
        days = sorted(self._days)
        shape = (0, _DAY_MINUTES, len(Channel), 3)
        return {
            "turn_days": np.array(days, dtype=np.int64),
            "turns": np.stack([self._days[day] for day in days]) if days else np.zeros(shape, dtype=np.int64),
            "turns_from": np.array([self.known_from], dtype=np.int64),
            "turns_by": self._measure(),
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]], at: int) -> None:
        """Take over what was exported at an instant, unless it was counted by another measure than the policy's."""
        if not np.array_equal(arrays["turns_by"], self._measure()):
            self.known_from = at
            return
        self.known_from = int(arrays["turns_from"][0])
        for day, counts in zip(arrays["turn_days"].tolist(), arrays["turns"], strict=True):
            self._days[day] = counts.copy()

    def _measure(self) -> Values:
        return np.stack([self._within, self._bots])

    def _note(self, columns: Columns, slots: Slots, at: Values, *, ended: bool) -> None:
        channel = columns.channel[slots].astype(np.int64)
        since = self.begun(columns, slots)
        which = (since > 0) & (self._within[channel] >= 0)
        if which.any():
            since, channel = since[which], channel[which]
            in_time = at[which] - since <= self._within[channel]
            outcome = np.where(in_time, MET, LATE).astype(np.int64)
            if ended:
                outcome[:] = LOST
            self._told.append((since, channel, outcome, at[which]))

    def _count(self) -> None:
        if not self._told:
            return
        since, channel, outcome, at = map(np.concatenate, zip(*self._told, strict=True))
        self._told = []
        newest = int(at.max()) // DAY
        oldest = max([newest, *self._days]) - _KEPT_DAYS
        self._days = {day: counts for day, counts in self._days.items() if day > oldest}
        minutes = since // MINUTE
        for day in np.unique(minutes // _DAY_MINUTES).tolist():
            if day > oldest:
                here = minutes // _DAY_MINUTES == day
                counts = self._days.setdefault(day, np.zeros((_DAY_MINUTES, len(Channel), 3), dtype=np.int64))
                np.add.at(counts, (minutes[here] - day * _DAY_MINUTES, channel[here], outcome[here]), 1)
