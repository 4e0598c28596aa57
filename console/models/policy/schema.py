"""Every key of the policy, with the kind of its value and the rule that it comes from, as one table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from console.models.domain.contacts import LIVE_CHANNELS, Channel, Code, ComplaintTier, Emotion, Priority, Stage, Status
from console.models.policy import kinds
from console.models.policy.kinds import Kind
from console.models.policy.routing_kind import MODES, RULES, STRATEGIES

CLOCKS = (
    "first_response",
    "next_response",
    "acknowledgement",
    "plan",
    "update",
    "resolution",
    "stage",
    "promise",
)
"""The clocks of a ticket, by their words in the policy (R-PRECEDENCE, R-CLOCK)."""
WARNED = (*CLOCKS[2:], "platform")
"""The clocks that warn by a time of their own; the response clocks warn by channel."""

URGENCIES = ("p1", "p2", "p3")
OWNERS = ("agent", "senior_agent", "supervisor")
TIERS = tuple(tier.key for tier in (ComplaintTier.HIGH, ComplaintTier.MEDIUM, ComplaintTier.LOW))


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its dotted path, the kind of its value, the rule."""

    path: str
    kind: Kind
    rule: str


def _keys(table: str, rule: str, **named: Kind) -> Iterator[Key]:
    for name, kind in named.items():
        yield Key(f"{table}.{name}", kind, rule)


def _each(table: str, rule: str, kind: Kind, words: tuple[str, ...]) -> Iterator[Key]:
    for word in words:
        yield Key(f"{table}.{word}", kind, rule)


def words_of(codes: type[Code], *, without_zero: bool = True) -> tuple[str, ...]:
    """The keys of an enumeration, mostly without the member that means *not known*."""
    return tuple(code.key for code in codes if code or not without_zero)


def _channel_rule(word: str) -> str:
    channel = Channel.of(word)
    return "R-FRT-CHAT" if channel in LIVE_CHANNELS and channel is not Channel.PHONE else "R-FRT-CHANNEL"


CHANNELS = words_of(Channel, without_zero=False)
CAUSES = ("delay_price_percent", "defect_voucher_percent", "mistake_percent")
OFFERS = {"percents": kinds.PERCENTS, "kinds": kinds.OFFER_KINDS}
DURATION = kinds.DURATION
OPTIONAL = kinds.DURATION_OR_OFF

KEYS: tuple[Key, ...] = (
    Key("calendar.time_zone", kinds.ZONE, "R-CLOCK"),
    Key("calendar.peak_workdays", kinds.WINDOWS, "R-PEAK"),
    Key("calendar.peak_other_days", kinds.WINDOWS, "R-PEAK"),
    Key("calendar.shifts", kinds.PERIODS, "R-SKEW"),
    Key("calendar.holidays", kinds.HOLIDAYS, "R-CLOCK"),
    Key("calendar.week", kinds.WEEK, "R-CLOCK"),
    Key("calendar.exceptions", kinds.EXCEPTIONS, "R-CLOCK"),
    *_keys("service_level", "R-PEAK", peak_within=DURATION, peak_share=kinds.SHARE),
    *_keys("service_level", "R-PEAK", off_peak_within=DURATION, off_peak_share=kinds.SHARE),
    Key("clocks.reopening", kinds.one_of("continue", "again"), "R-CLOCK"),
    *_each("clocks.time", "R-CLOCK", kinds.one_of("business", "wall"), CLOCKS),
    *_each("clocks.paused_by", "R-CLOCK", kinds.several_of(*words_of(Status)), CLOCKS),
    *(Key(f"first_response.channel.{word}", DURATION, _channel_rule(word)) for word in CHANNELS),
    *_each("first_response.emotion", "R-FRT-EMOTION", OPTIONAL, words_of(Emotion)),
    *_each("first_response.complaint", "R-CMP-TIER", DURATION, TIERS),
    *_each("first_response.chat", "R-FRT-CHAT", DURATION, ("target", "best_practice", "expected")),
    *_each("next_response.channel", "R-CLOCK", DURATION, CHANNELS),
    *_each("acknowledgement", "R-FRT-CLASS", OPTIONAL, ("ordinary", "complaint")),
    *_each("acknowledgement", "R-CMP-ACK", DURATION, ("complaint_by_person", "complaint_by_person_better")),
    Key("promise.hard_case_check", DURATION, "R-FRT-CLASS"),
    Key("promise.longest", DURATION, "R-PROMISE"),
    *_each("stage", "R-STAGE", OPTIONAL, words_of(Stage, without_zero=False)),
    *_each("resolution.complaint", "R-CMP-TIER", DURATION, TIERS),
    *_each("resolution.priority", "R-CLOCK", OPTIONAL, words_of(Priority)),
    Key("complaints.currency", kinds.CURRENCY, "R-CMP-TIER"),
    *_each("complaints", "R-CMP-TIER", kinds.AMOUNT, ("medium_from", "high_above")),
    Key("complaints.when_nothing_known", kinds.one_of(*TIERS), "R-CMP-TIER"),
    Key("complaints.rates", kinds.RATES, "R-CMP-TIER"),
    *_each("complaints", "R-CMP-PLAN", DURATION, ("plan_within", "update_every", "late_after", "churn_risk_after")),
    *_each("complaints", "R-CMP-FOLLOW", DURATION, ("follow_up_within", "satisfaction_within")),
    *_each("complaints.owner", "R-CMP-TIER", kinds.one_of(*OWNERS), TIERS),
    *_keys("compensation.small", "R-CMP-OFFER", up_to=kinds.AMOUNT, floor_percent=kinds.PERCENT, **OFFERS),
    *_keys("compensation.middle", "R-CMP-OFFER", up_to=kinds.AMOUNT, floor_percent=kinds.PERCENT, **OFFERS),
    *_keys("compensation.large", "R-CMP-OFFER", floor_percent=kinds.PERCENT, **OFFERS),
    *_each("compensation.cause", "R-CMP-OFFER", kinds.PERCENT, CAUSES),
    *_each("compensation.limit", "R-CMP-OFFER", kinds.AMOUNT, ("agent", "senior_agent")),
    Key("escalation.request_undecided", DURATION, "R-ESC"),
    Key("escalation.complaint_tiers", kinds.several_of(*TIERS), "R-ESC"),
    Key("escalation.stalled_after", DURATION, "R-ESC"),
    Key("escalation.chain", kinds.NAMES, "R-ESC-LIFE"),
    *_each("escalation", "R-ESC-LIFE", DURATION, ("exhausted_repeat", "reopen_window", "lapse_after")),
    Key("escalation.settle_answered", kinds.FLAG, "R-ESC-LIFE"),
    *_each("escalation.waiting", "R-ESC", kinds.DURATION_OR_TARGET, CHANNELS),
    *_each("escalation.level_timeout", "R-ESC-LIFE", DURATION, URGENCIES),
    *_each("escalation.progress_due", "R-ESC-LIFE", DURATION, URGENCIES),
    *_each("escalation.aside_limit", "R-ESC-LIFE", DURATION, URGENCIES),
    *_keys("agent_slow", "R-AGENT-SLOW", threshold=DURATION, window=DURATION, replies_at_least=kinds.COUNT),
    *_keys("balance", "R-SKEW", busiest=kinds.SHARE, alarm_share=kinds.SHARE, chance=kinds.SHARE),
    Key("balance.eligible_within", DURATION, "R-SKEW"),
    Key("balance.handle_time_goal", DURATION, "R-ROUTE"),
    *_each("balance.places", "R-SKEW", kinds.COUNT, CHANNELS),
    *_keys("rebalance", "R-ROUTE", target=kinds.SHARE, talking_within=DURATION, take_back_after=DURATION),
    *_keys("rebalance", "R-ROUTE", open_per_place=kinds.COUNT, keep_vip=kinds.FLAG),
    Key("routing.mode", kinds.one_of(*MODES), "R-ROUTE"),
    Key("routing.rules", RULES, "R-ROUTE"),
    Key("routing.strategy", kinds.one_of(*STRATEGIES), "R-ROUTE"),
    Key("routing.channels", kinds.several_of(*CHANNELS), "R-ROUTE"),
    Key("routing.after", DURATION, "R-ROUTE"),
    Key("routing.previous_within", OPTIONAL, "R-ROUTE"),
    Key("routing.previous_wait", DURATION, "R-ROUTE"),
    Key("routing.take_back_after", OPTIONAL, "R-ROUTE"),
    *_keys("reply_rate.marketplace", "R-FRT-CHANNEL", enabled=kinds.FLAG, within=DURATION, target=kinds.SHARE),
    *_keys("reply_rate.marketplace", "R-FRT-CHANNEL", window=kinds.WINDOW, bots_count=kinds.FLAG),
    Key("platform.whatsapp.window", DURATION, "R-CLOCK"),
    *_keys("platform.wechat", "R-CLOCK", window=DURATION, messages=kinds.COUNT),
    *_each("warning", "R-CLOCK", DURATION, ("live", "phone", "email", "other")),
    *_each("warning.clock", "R-CLOCK", DURATION, WARNED),
    *_keys("breach_forecast", "R-CLOCK", throughput_over=DURATION, answers_at_least=kinds.COUNT, ahead=DURATION),
    Key("classification.on_arrival", kinds.FLAG, "R-CLASSIFY"),
    *_each("freshness", "R-CTG-DETECT", DURATION, ("stale_after", "lost_after")),
)
BY_PATH = {key.path: key for key in KEYS}
TABLES = {path[:end] for path in BY_PATH for end, letter in enumerate(path) if letter == "."}
"""The tables that hold keys or other tables."""

ORDERS: tuple[tuple[str, str], ...] = (
    ("first_response.chat.target", "first_response.chat.best_practice"),
    ("first_response.chat.best_practice", "first_response.chat.expected"),
    ("acknowledgement.complaint_by_person_better", "acknowledgement.complaint_by_person"),
    ("complaints.medium_from", "complaints.high_above"),
    ("complaints.late_after", "complaints.churn_risk_after"),
    ("compensation.small.up_to", "compensation.middle.up_to"),
    ("compensation.limit.agent", "compensation.limit.senior_agent"),
    ("escalation.level_timeout.p1", "escalation.level_timeout.p2"),
    ("escalation.level_timeout.p2", "escalation.level_timeout.p3"),
    ("balance.busiest", "balance.alarm_share"),
    ("balance.busiest", "rebalance.target"),
    ("freshness.stale_after", "freshness.lost_after"),
)
"""The first may not be more than the second: what a person mistypes most shows here."""
