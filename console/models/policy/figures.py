"""The policy as the rest of the console uses it: typed values and look-up arrays, checked when they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, tzinfo

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, micros, moment
from console.models.domain.clock_targets import ClockTargets
from console.models.domain.compensation import CompensationRules
from console.models.domain.complaints import ComplaintRules, Owner
from console.models.domain.contacts import LIVE_CHANNELS, Channel
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.money import Money
from console.models.policy.rules import (
    AcknowledgementRules,
    AgentSlowRules,
    ChatGoals,
    FollowUpRules,
    ForecastRules,
    InboxRules,
    PlatformWindow,
    PromiseRules,
    ReplyRateBudget,
)

_QUARTER = 15 * MINUTE

Times = NDArray[np.int64]
Codes = NDArray[np.uint8]


@dataclass(frozen=True)
class Policy:
    """The figures that the board lives by. Arrays are indexed by the codes of `contacts`; times are microseconds."""

    time_zone: tzinfo
    peak_workdays: tuple[tuple[int, int], ...]
    peak_other_days: tuple[tuple[int, int], ...]
    peak_within: int
    peak_share: float
    off_peak_within: int
    off_peak_share: float
    response_by_channel: Times
    response_by_emotion: Times
    response_by_complaint: Times
    warning_by_channel: Times
    stale_after: int
    lost_after: int
    targets: ClockTargets
    """Every clock of a ticket: what it is given, by which calendar it runs, when it stands still."""
    chat_goals: ChatGoals
    acknowledgement: AcknowledgementRules
    promise: PromiseRules
    complaints: ComplaintRules
    follow_up: FollowUpRules
    compensation: CompensationRules
    compensation_limits: Mapping[Owner, Money]
    """What an agent and a senior agent may grant alone; a supervisor has no limit here."""
    escalation: EscalationRules
    inbox: InboxRules
    agent_slow: AgentSlowRules
    reply_rates: Mapping[Channel, ReplyRateBudget]
    platform_windows: Mapping[Channel, PlatformWindow]
    warning_by_clock: Mapping[str, int]
    """By the words of `schema.WARNED`; the response clocks warn by channel."""
    forecast: ForecastRules
    _within: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    """The service-level time of each quarter of an hour that was asked for: the calendar is slow, boards are not."""

    def is_peak(self, at: int) -> bool:
        """Whether an instant lies in a peak window (R-PEAK)."""
        local = moment(at).astimezone(self.time_zone)
        minute = local.hour * 60 + local.minute
        windows = self.peak_workdays if self._is_workday(local.date()) else self.peak_other_days
        return any(start <= minute < end for start, end in windows)

    def _is_workday(self, day: date) -> bool:
        """A day that the calendar closes is none; else public holidays decide, and where none is known the weekday."""
        calendar = self.targets.calendar
        told = calendar.exceptions.get(day)
        holidays = calendar.holidays
        if told is not None and not told:
            return False
        if holidays is not None and day in holidays.work:
            return True
        return day.weekday() < 5 and not (holidays is not None and day in holidays.off)

    def service_within(self, at: Times) -> Times:
        """The service-level time for contacts that came at these instants (R-PEAK), in microseconds."""
        quarters, inverse = np.unique(at // _QUARTER, return_inverse=True)
        limits = [self._within_in_quarter(quarter) for quarter in quarters.tolist()]
        return np.array(limits, dtype=np.int64)[inverse]

    def _within_in_quarter(self, quarter: int) -> int:
        limit = self._within.get(quarter)
        if limit is None:
            limit = self.peak_within if self.is_peak(quarter * _QUARTER) else self.off_peak_within
            self._within[quarter] = limit
        return limit

    def response_target(self, channel: Codes, emotion: Codes, complaint: Codes) -> Times:
        """R-PRECEDENCE for the response clocks: complaint tier, then emotion (live channels), then channel."""
        target = self.response_by_channel[channel]
        felt = self.response_by_emotion[emotion]
        target = np.where((felt > 0) & IS_LIVE[channel], felt, target)
        tiered = self.response_by_complaint[complaint]
        return np.where(tiered > 0, tiered, target)

    def midnight_before(self, at: int) -> int:
        """The last local midnight at or before an instant."""
        local = moment(at).astimezone(self.time_zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return micros(midnight)


IS_LIVE = np.array([Channel(code) in LIVE_CHANNELS for code in range(len(Channel))])


def same(one: Policy, other: Policy) -> bool:
    """Whether two policies say the same in every figure."""
    names = [part.name for part in fields(Policy) if part.compare]
    return all(_equal(getattr(one, name), getattr(other, name)) for name in names)


def _equal(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one == other
