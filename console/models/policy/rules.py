"""The policy's figures by subject. Times are microseconds; a time of 0 means that there is no such limit."""

from __future__ import annotations

from dataclasses import dataclass

from console.models.domain.contacts import ComplaintTier
from console.models.policy.kinds import Window


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
class RebalanceRules:
    """R-ROUTE: the repair of a skew: the share that the busiest may keep of the open contacts, and what is not moved:
    where somebody said something within ``talking_within``, and customers of the highest tier. Who is away for
    ``take_back_after`` gives customers who wait back; nobody is given more than ``open_per_place`` open contacts for
    each one that they may have at once."""

    target: float
    talking_within: int
    take_back_after: int
    open_per_place: int
    keep_vip: bool


@dataclass(frozen=True, slots=True)
class ForecastRules:
    """The forecast of breaches: the past that throughput is measured over, the answers it takes, how far it looks."""

    throughput_over: int
    answers_at_least: int
    ahead: int
