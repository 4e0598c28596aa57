"""The policy as the rest of the console uses it: typed values and look-up arrays, checked when they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE, micros, moment
from console.models.domain.clock_targets import ClockName, ClockTargets, Traits
from console.models.domain.compensation import CompensationRules
from console.models.domain.complaints import ComplaintRules, Owner
from console.models.domain.contacts import LIVE_CHANNELS, Channel, ComplaintTier, Emotion
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.fairness import SkewRules
from console.models.domain.money import Money
from console.models.domain.routing import RoutingRules
from console.models.policy.rules import (
    AcknowledgementRules,
    AgentSlowRules,
    ChatGoals,
    FollowUpRules,
    ForecastRules,
    InboxRules,
    PlatformWindow,
    PromiseRules,
    RebalanceRules,
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
    skew: SkewRules
    rebalance: RebalanceRules
    shifts: tuple[tuple[int, int], ...]
    """Minutes of the local day; an end past 1440 is on the next day."""
    routing: RoutingRules
    """R-ROUTE: how contacts that nobody has are handed out."""
    handle_time_goal: int
    """R-ROUTE: what a contact should take on average."""
    reply_rates: Mapping[Channel, ReplyRateBudget]
    platform_windows: Mapping[Channel, PlatformWindow]
    warning_by_clock: Mapping[str, int]
    """By the words of `schema.WARNED`; the response clocks warn by channel."""
    forecast: ForecastRules
    classify_on_arrival: bool
    """R-CLASSIFY: whether type, emotion and complaint tier are taken from the words where nobody says them."""
    _within: dict[int, int] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The service-level time of each quarter of an hour that was asked for: the calendar is slow, boards are not."""
    _responses: list[Times] = field(default_factory=list, init=False, repr=False, compare=False)
    """The targets of the first and of the next response, by complaint, emotion, channel, once they were asked for."""

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

    def response_target(self, channel: Codes, emotion: Codes, complaint: Codes, answered: NDArray[np.bool_]) -> Times:
        """What the customer's wait is given, in microseconds: as the first response, or where the ticket was
        ``answered`` before as the next one (R-PRECEDENCE)."""
        if not self._responses:
            self._responses.extend(_responses(self.targets))
        first, later = self._responses
        return np.where(answered, later[complaint, emotion, channel], first[complaint, emotion, channel])

    def due(self, since: Times, target: Times, answered: NDArray[np.bool_]) -> Times:
        """When responses that are awaited since then are due (R-CLOCK); `NEVER` where the calendar cannot tell yet."""
        business = self.targets.business
        if self.targets.calendar.always or not business & {ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE}:
            return since + target
        in_time = self.targets.calendar.add(since, target, otherwise=NEVER)
        told = np.array([clock in business for clock in (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE)])
        return np.where(told[answered.astype(np.intp)], in_time, since + target)

    def midnight_before(self, at: int) -> int:
        """The last local midnight at or before an instant."""
        local = moment(at).astimezone(self.time_zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return micros(midnight)


NEVER = micros(datetime(2200, 1, 1, tzinfo=UTC))
"""A due time that nobody knows yet, because the public holidays of its year are not announced."""

IS_LIVE = np.array([Channel(code) in LIVE_CHANNELS for code in range(len(Channel))])


def _responses(targets: ClockTargets) -> list[Times]:
    shape = len(ComplaintTier), len(Emotion), len(Channel)
    tables = [np.zeros(shape, dtype=np.int64) for _clock in range(2)]
    for table, clock in zip(tables, (ClockName.FIRST_RESPONSE, ClockName.NEXT_RESPONSE), strict=True):
        for complaint, emotion, channel in np.ndindex(*shape):
            rule = targets.choose(clock, Traits(complaint, emotion, channel=channel))
            table[complaint, emotion, channel] = rule.target if rule is not None else 0
    return tables


def same(one: Policy, other: Policy) -> bool:
    """Whether two policies say the same in every figure."""
    names = [part.name for part in fields(Policy) if part.compare]
    return all(_equal(getattr(one, name), getattr(other, name)) for name in names)


def _equal(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one == other
