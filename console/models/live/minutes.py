"""What was achieved, minute by minute: contacts offered, answered, in time, abandoned, resolved, and how long it took.

Every ticket contributes to the minutes in which it was created, first answered and resolved. Contributions are taken
out and put in around each change, as in `counters`, so the sums always equal a recount over the tickets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, SECOND
from console.models.domain.contacts import Channel
from console.models.live.changes import Seen
from console.models.live.columns import Flag
from console.models.policy.policy import Policy

FIELDS = ("offered", "answered", "in_time", "response_seconds", "abandoned", "resolved", "handled", "handle_seconds")
DAY_MINUTES = 24 * 60
KEPT_DAYS = 9
"""The board keeps today and eight days before, so that today can be held against the same weekday."""
_MANY = 4096

Values = Sequence[tuple[str, NDArray[Any] | int]]


@dataclass(frozen=True, slots=True)
class Achieved:
    """Sums over a stretch of time. Seconds are whole sums; means are taken by whoever shows them."""

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    response_seconds: int = 0
    abandoned: int = 0
    resolved: int = 0
    handled: int = 0
    handle_seconds: int = 0


class _Parts(NamedTuple):
    """What the minutes see of some tickets."""

    channel: NDArray[np.uint8]
    created: NDArray[np.int64]
    replied: NDArray[np.int64]
    resolved: NDArray[np.int64]
    handle_seconds: NDArray[np.int32]
    left: NDArray[np.bool_]

    def of(self, which: NDArray[np.bool_]) -> _Parts:
        """Those of some of them."""
        return _Parts(
            self.channel[which],
            self.created[which],
            self.replied[which],
            self.resolved[which],
            self.handle_seconds[which],
            self.left[which],
        )


class Minutes:
    """Sums by minute and channel from an instant on; what happened before it is not kept."""

    def __init__(self, policy: Policy, since: int = 0) -> None:
        self._policy = policy
        self._days: dict[int, NDArray[np.int64]] = {}
        self._first_day = since // MINUTE // DAY_MINUTES

    @property
    def since(self) -> int:
        """The instant from which on everything is kept."""
        return self._first_day * DAY_MINUTES * MINUTE

    def forget(self, before: int) -> None:
        """Let go of the days before an instant, for good."""
        self._first_day = max(self._first_day, before // MINUTE // DAY_MINUTES)
        self._days = {day: sums for day, sums in self._days.items() if day >= self._first_day}

    def change(self, before: Seen, after: Seen) -> None:
        """Count tickets out as they were and in as they are; those of ``before`` stand first in ``after``."""
        old, new = _parts(before), _parts(after)
        known = before.slots.size
        changed = np.ones(after.slots.size, dtype=bool)
        changed[:known] = False
        for name in _Parts._fields:
            changed[:known] |= getattr(old, name) != getattr(new, name)[:known]
        self._tally(old.of(changed[:known]), -1)
        self._tally(new.of(changed), 1)

    def achieved(self, start: int, end: int, channel: int | None = None) -> Achieved:
        """The sums of the whole minutes in ``start <= minute < end``, of one channel or of all."""
        series = self.series(start, end, channel)
        return Achieved(*(int(value) for value in series.sum(axis=0)))

    def series(self, start: int, end: int, channel: int | None = None) -> NDArray[np.int64]:
        """The sums minute by minute: an array (minutes, `FIELDS`)."""
        first, last = start // MINUTE, end // MINUTE
        out = np.zeros((max(0, last - first), len(FIELDS)), dtype=np.int64)
        for day in range(first // DAY_MINUTES, last // DAY_MINUTES + 1):
            sums = self._days.get(day)
            if sums is None:
                continue
            low, high = max(first, day * DAY_MINUTES), min(last, (day + 1) * DAY_MINUTES)
            part = sums[low - day * DAY_MINUTES : high - day * DAY_MINUTES]
            out[low - first : high - first] += part.sum(axis=1) if channel is None else part[:, channel]
        return out

    def equals(self, other: Minutes) -> bool:
        """Whether both hold the same sums."""
        days = self._days.keys() | other._days.keys()
        nothing = np.zeros((DAY_MINUTES, len(Channel), len(FIELDS)), np.int64)
        return all((self._days.get(day, nothing) == other._days.get(day, nothing)).all() for day in days)

    def _tally(self, parts: _Parts, sign: int) -> None:
        if parts.channel.size > _MANY:
            kept = self._kept(parts)
            parts = parts.of(kept)
        if not parts.channel.size:
            return
        channel, created, replied, resolved, handle, left = parts
        self._put(created, channel, [("offered", 1)], created > 0, sign)
        answered = (replied > 0) & (created > 0)
        taken = np.maximum(replied - created, 0)
        in_time = taken <= self._policy.service_within(created)
        seconds = taken // SECOND
        achieved: Values = [("answered", 1), ("in_time", in_time), ("response_seconds", seconds)]
        self._put(replied, channel, achieved, answered, sign)
        ended = resolved > 0
        self._put(resolved, channel, [("abandoned", 1)], ended & left, sign)
        self._put(resolved, channel, [("resolved", 1)], ended & ~left, sign)
        self._put(resolved, channel, [("handled", 1), ("handle_seconds", handle)], ended & (handle > 0), sign)

    def _kept(self, parts: _Parts) -> NDArray[np.bool_]:
        """Which of many tickets did anything on the days that are kept."""
        first = self.since
        return np.asarray((parts.created >= first) | (parts.replied >= first) | (parts.resolved >= first))

    def _put(
        self,
        at: NDArray[np.int64],
        channel: NDArray[np.uint8],
        values: Values,
        which: NDArray[np.bool_],
        sign: int,
    ) -> None:
        if not which.any():
            return
        minutes = at[which] // MINUTE
        channel = channel[which]
        days = minutes // DAY_MINUTES
        for day in [int(days[0])] if (days == days[0]).all() else np.unique(days).tolist():
            sums = self._sums(day)
            if sums is None:
                continue
            today = days == day
            place = (minutes[today] - day * DAY_MINUTES, channel[today])
            for name, value in values:
                amount = value if isinstance(value, int) else value[which][today].astype(np.int64)
                if channel.size > _MANY:
                    sums[:, :, FIELDS.index(name)] += sign * _summed(place, amount)
                else:
                    # In one dimension it is many times quicker than in three.
                    flat = (place[0] * len(Channel) + place[1]) * len(FIELDS) + FIELDS.index(name)
                    np.add.at(sums.reshape(-1), flat, sign * amount)

    def _sums(self, day: int) -> NDArray[np.int64] | None:
        if day < self._first_day:
            return None
        sums = self._days.get(day)
        if sums is None:
            sums = self._days[day] = np.zeros((DAY_MINUTES, len(Channel), len(FIELDS)), np.int64)
        return sums


def _parts(seen: Seen) -> _Parts:
    return _Parts(
        seen.channel,
        seen.created_at,
        seen.first_reply_at,
        seen.resolved_at,
        seen.handle_ms // 1000,
        (seen.flags & Flag.ABANDONED) > 0,
    )


def _summed(place: tuple[NDArray[np.int64], NDArray[np.uint8]], amount: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """The amounts by minute and channel: for many at once quicker than adding one by one."""
    shape = (DAY_MINUTES, len(Channel))
    flat = place[0] * shape[1] + place[1]
    # A day's seconds are far below what a float holds exactly.
    weights = None if isinstance(amount, int) else amount.astype(np.float64)
    sums = np.bincount(flat, weights, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape)
    return sums * amount if isinstance(amount, int) else sums
