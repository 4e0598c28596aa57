"""The reply-rate budgets of channels that the policy gives a goal: today's turns in the platform's window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np

from console.clock import MINUTE, micros, moment
from console.models.domain.contacts import Channel
from console.models.domain.reply_budget import Budget, expected_turns
from console.models.live.board import Board
from console.models.live.turns import Values
from console.models.policy.rules import ReplyRateBudget

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class ChannelBudget:
    """The budget of a channel at a moment. ``start`` and ``end`` are those of the window (microseconds since the
    epoch), ``counted_from`` the instant from which on all turns are known: ``start`` unless the console began later."""

    channel: Channel
    rules: ReplyRateBudget
    start: int
    end: int
    counted_from: int
    late: int
    lost: int
    overdue: int
    """Of the missed: answered too late, ended without an answer, and waiting longer than allowed."""
    budget: Budget

    @property
    def is_complete(self) -> bool:
        """Whether every turn of the window was counted."""
        return self.counted_from <= self.start


def budgets(board: Board, now: int) -> list[ChannelBudget]:
    """Every channel whose reply rate is kept, in the order of the policy; none outside of a window that has begun."""
    found = (budget(board, now, channel, rules) for channel, rules in board.policy.reply_rates.items() if rules.enabled)
    return [each for each in found if each is not None]


def budget(board: Board, now: int, channel: Channel, rules: ReplyRateBudget) -> ChannelBudget | None:
    """One channel; None before its window of today begins."""
    start, end = window(board, now, rules)
    if now < start:
        return None
    until = min(now, end)
    counted_from = max(start, board.answers.turns.known_from)
    met, late, lost = board.answers.turns.counts(counted_from, (until // MINUTE + 1) * MINUTE, int(channel))
    since = _waiting(board, channel, counted_from, until)
    overdue = int((now - since > rules.within).sum())
    came = met + late + lost + since.size
    expected = expected_turns(came, until - counted_from, max(0, end - until))
    target = Fraction(str(rules.target))
    return ChannelBudget(
        channel,
        rules,
        start,
        end,
        counted_from,
        late,
        lost,
        overdue,
        Budget(met, late + lost + overdue, since.size - overdue, expected, target),
    )


def window(board: Board, now: int, rules: ReplyRateBudget) -> tuple[int, int]:
    """The platform's window of today, from and until, in microseconds since the epoch."""
    start, end = (_local(board, now, minute) for minute in rules.window)
    return start, end


def _local(board: Board, now: int, minute: int) -> int:
    """The instant of a minute of today, however long today is."""
    here = moment(now).astimezone(board.policy.time_zone)
    day = here.date() + timedelta(days=minute // _DAY_MINUTES)
    hour, rest = divmod(minute % _DAY_MINUTES, 60)
    return micros(datetime(day.year, day.month, day.day, hour, rest, tzinfo=board.policy.time_zone))


def _waiting(board: Board, channel: Channel, start: int, until: int) -> Values:
    """When the turns of the window began that still wait for an answer that counts."""
    columns = board.columns
    slots = np.flatnonzero(columns.channel[: columns.count] == channel)
    since = board.answers.turns.begun(columns, slots)
    return since[(since > 0) & (since >= start) & (since <= until)]
