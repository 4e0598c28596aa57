"""The policy's figures by subject. Times are microseconds; a time of 0 means that there is no such limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo

from console.models.domain.calendars import Calendar, Holidays, Periods
from console.models.domain.contacts import ComplaintTier, Priority, Stage, Status
from console.models.policy.kinds import Window


@dataclass(frozen=True, slots=True)
class CalendarRules:
    """R-CLOCK: the working periods of Monday to Sunday, of single days, and of make-up workdays; public holidays."""

    week: tuple[Periods, ...]
    exceptions: Mapping[date, Periods]
    makeup: Periods
    holidays: Holidays | None

    def calendar(self, zone: tzinfo) -> Calendar:
        """The calendar in a time zone. It remembers what it worked out, so keep it instead of asking again."""
        return Calendar(zone, self.week, self.exceptions, self.holidays, self.makeup)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """R-CLOCK: whether a clock runs in business time only, and the statuses during which it stands still."""

    in_business_time: bool
    paused_by: frozenset[Status]


@dataclass(frozen=True, slots=True)
class ChatGoals:
    """R-FRT-CHAT: what a good chat answer is, short of the breach."""

    target: int
    best_practice: int
    expected: int


@dataclass(frozen=True, slots=True)
class AcknowledgementRules:
    """R-FRT-CLASS: the first word, by class. R-CMP-ACK: a person's word on a complaint, and the better time for it."""

    ordinary: int
    complaint: int
    complaint_by_person: int
    complaint_by_person_better: int


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """R-PROMISE: the check time of a hard case (R-FRT-CLASS), and the longest wait that counts as a promise."""

    hard_case_check: int
    longest: int


@dataclass(frozen=True, slots=True)
class StageRules:
    """R-STAGE: the longest stay in each stage."""

    limit: Mapping[Stage, int]


@dataclass(frozen=True, slots=True)
class ResolutionRules:
    """R-CMP-TIER: resolution targets by complaint tier, which decide first; optional ones by priority."""

    by_complaint: Mapping[ComplaintTier, int]
    by_priority: Mapping[Priority, int]


@dataclass(frozen=True, slots=True)
class FollowUpRules:
    """R-CMP-FOLLOW: after a complaint was resolved, the second follow-up and the question how satisfied they are."""

    follow_up_within: int
    satisfaction_within: int


@dataclass(frozen=True, slots=True)
class InboxRules:
    """R-ESC: the complaint tiers that go into the inbox at once; silence of an owner that counts as stalled."""

    complaint_tiers: frozenset[ComplaintTier]
    stalled_after: int


@dataclass(frozen=True, slots=True)
class AgentSlowRules:
    """R-AGENT-SLOW: the mean response time over a window, with at least so many replies in it."""

    threshold: int
    window: int
    replies_at_least: int


@dataclass(frozen=True, slots=True)
class ReplyRateBudget:
    """A marketplace's reply rate: the share of customers' messages in the window of the day answered in time."""

    enabled: bool
    within: int
    target: float
    window: Window
    bots_count: bool


@dataclass(frozen=True, slots=True)
class PlatformWindow:
    """A platform's own deadline after the customer's last message; ``messages`` of ours at most, 0 for any number."""

    window: int
    messages: int


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """The forecast of breaches: the past that throughput is measured over, the answers it takes, how far it looks."""

    throughput_over: int
    answers_at_least: int
    ahead: int
