"""R-CMP-TIER, R-CMP-ACK, R-CMP-PLAN: how heavy a complaint is, why, and what is due when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from console.i18n import N_, _
from console.models.domain.classify import Classified, Classifier
from console.models.domain.contacts import Code, ComplaintTier
from console.models.domain.money import FoundAmount, Money, find_amounts, in_currency

RULE = "R-CMP-TIER"


class Cause(Code):
    """What a complaint is about. 0: nobody has said it yet."""

    UNKNOWN = 0
    TECHNICAL = 1
    LOGISTICS_DELAY = 2
    PRODUCT_DEFECT = 3
    AGENT_MISTAKE = 4
    BILLING_ERROR = 5
    WRONG_ITEM = 6
    OTHER = 7


class Publicity(Code):
    """Whether others hear of it."""

    NONE = 0
    THREATENED = 1
    """The customer says that they will make it public: not spreading yet, but more than a technical question."""
    SPREADING = 2


class Owner(Code):
    """Who has to take a complaint on (R-CMP-TIER)."""

    AGENT = 1
    SENIOR_AGENT = 2
    SUPERVISOR = 3


@dataclass(frozen=True, slots=True)
class TierRule:
    """What a tier asks for; durations in microseconds."""

    first_response: int
    owner: Owner
    resolution: int


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """The figures of R-CMP-TIER, R-CMP-ACK and R-CMP-PLAN. Durations in microseconds, all more than nothing, and
    limits in order; raises ValueError if not."""

    high_above: Money
    """An amount above this is high; the amount itself is still medium."""
    medium_from: Money
    """An amount of this or more is medium; less is low."""
    tiers: Mapping[ComplaintTier, TierRule]
    """A rule for each of low, medium and high."""
    acknowledge_within: int
    plan_within: int
    update_every: int
    late_after: int
    churn_risk_after: int
    when_nothing_known: ComplaintTier
    """The tier of a complaint of which neither amount nor cause nor publicity is known."""
    rates: Mapping[str, int] = field(default_factory=dict)
    """What one unit of a foreign currency costs, in ten-thousandths of the limits' unit (USD at 7.2: 72000)."""

    def __post_init__(self) -> None:
        if set(self.tiers) != set(ComplaintTier) - {ComplaintTier.NONE} or not self.when_nothing_known:
            raise ValueError("low, medium and high each need a rule, and nothing known needs one of them")
        if self.medium_from.currency != self.high_above.currency:
            raise ValueError("the limits of the complaint tiers must be in one currency")
        if not 0 < self.medium_from.hundredths <= self.high_above.hundredths:
            raise ValueError("the limits of the complaint tiers must be above 0 and in order")
        durations = [self.acknowledge_within, self.plan_within, self.update_every, self.late_after]
        durations += [limit for rule in self.tiers.values() for limit in (rule.first_response, rule.resolution)]
        if min(durations) <= 0 or self.churn_risk_after < self.late_after:
            raise ValueError("the durations of the complaint rules must be above 0, and churn risk not before late")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a complaint when it is tiered."""

    amount: Money | None = None
    cause: Cause = Cause.UNKNOWN
    publicity: Publicity = Publicity.NONE
    experience_affected: bool = False
    """Somebody has said that the customer's experience suffered."""


class Why(Enum):
    """A reason for a tier, as a sentence with the amounts that it needs."""

    SPREADING = N_("Negative publicity is spreading")
    ABOVE_HIGH = N_("{amount} is more than {limit}")
    FROM_MEDIUM = N_("{amount} is {limit} or more")
    THREATENED = N_("The customer threatens to make it public")
    EXPERIENCE = N_("The customer's experience is affected")
    CAUSE_TOUCHES = N_("No amount is known, and the cause affects the customer's experience")
    TECHNICAL = N_("The cause is technical")
    SMALL = N_("{amount} is less than {limit}")
    NO_RATE = N_("{amount} cannot be compared: the policy has no rate for its currency")
    NOTHING_KNOWN = N_("Neither the amount nor the cause is known")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with its amounts."""

    why: Why
    amount: Money | None = None
    limit: Money | None = None

    @property
    def text(self) -> str:
        """The sentence in the language in use."""
        return _(self.why.value).format(amount=self.amount, limit=self.limit)


@dataclass(frozen=True, slots=True)
class Tiering:
    """The tier of a complaint, the rule that gives it and every fact that led to it."""

    tier: ComplaintTier
    reasons: tuple[Reason, ...]
    rule: str = RULE


def tier_of(facts: Facts, rules: ComplaintRules) -> Tiering:
    """R-CMP-TIER: the highest tier that any fact asks for, with all the reasons of that tier.

    A cause decides only where no amount is known: a small refund is low whatever it is for, unless somebody says that
    the customer's experience is affected. An amount that cannot be compared counts as not known, and is said.
    """
    asked = list(_asked_for(facts, rules))
    tier = max((asked_tier for asked_tier, _reason in asked), default=rules.when_nothing_known)
    reasons = tuple(reason for asked_tier, reason in asked if asked_tier is tier)
    if not asked:
        reasons = (Reason(Why.NOTHING_KNOWN),)
    if facts.amount is not None and _comparable(facts, rules) is None:
        reasons = (*reasons, Reason(Why.NO_RATE, facts.amount))
    return Tiering(tier, reasons)


def _asked_for(facts: Facts, rules: ComplaintRules) -> list[tuple[ComplaintTier, Reason]]:
    asked: list[tuple[ComplaintTier, Reason]] = []
    if facts.publicity is Publicity.SPREADING:
        asked.append((ComplaintTier.HIGH, Reason(Why.SPREADING)))
    amount = _comparable(facts, rules)
    if amount is not None:
        asked.append(_by_amount(amount, rules))
    if facts.publicity is Publicity.THREATENED:
        asked.append((ComplaintTier.MEDIUM, Reason(Why.THREATENED)))
    if facts.experience_affected:
        asked.append((ComplaintTier.MEDIUM, Reason(Why.EXPERIENCE)))
    if facts.cause is Cause.TECHNICAL:
        asked.append((ComplaintTier.LOW, Reason(Why.TECHNICAL)))
    elif facts.cause and amount is None:
        asked.append((ComplaintTier.MEDIUM, Reason(Why.CAUSE_TOUCHES)))
    return asked


def _by_amount(amount: Money, rules: ComplaintRules) -> tuple[ComplaintTier, Reason]:
    if amount.hundredths > rules.high_above.hundredths:
        return ComplaintTier.HIGH, Reason(Why.ABOVE_HIGH, amount, rules.high_above)
    if amount.hundredths >= rules.medium_from.hundredths:
        return ComplaintTier.MEDIUM, Reason(Why.FROM_MEDIUM, amount, rules.medium_from)
    return ComplaintTier.LOW, Reason(Why.SMALL, amount, rules.medium_from)


def _comparable(facts: Facts, rules: ComplaintRules) -> Money | None:
    """The amount in the currency of the limits; None where there is none or no rate for it."""
    return facts.amount and in_currency(facts.amount, rules.high_above.currency, rules.rates)


@dataclass(frozen=True, slots=True)
class Read:
    """What a complaint's text tells, with what each part of it rests on."""

    facts: Facts
    amount: FoundAmount | None
    cause: Classified[Cause]
    publicity: Classified[Publicity]


def read(
    text: str, cause: Classifier[Cause], publicity: Classifier[Publicity], least_confidence: float, home: str = "CNY"
) -> Read:
    """The facts in a text. The amount is the surest found (of equals the largest), and one below ``least_confidence``
    (0 to 1) is shown but not believed."""
    amount = next(iter(find_amounts(text, home)), None)
    believed = amount.money if amount is not None and amount.confidence >= least_confidence else None
    about, spread = cause.classify(text), publicity.classify(text)
    return Read(Facts(believed, about.label, spread.label), amount, about, spread)


class Standing(Enum):
    """How a complaint that is not solved stands (R-CMP-PLAN)."""

    IN_TIME = "in_time"
    LATE = "late"
    CHURN_RISK = "churn_risk"


@dataclass(frozen=True, slots=True)
class Dues:
    """When each promise of R-CMP falls due, in microseconds since the epoch, on the wall clock.

    The complaint clocks of a ticket come from the policy's calendar; these are for centres that serve round the clock
    and for previews.
    """

    acknowledge: int
    first_response: int
    plan: int
    update: int
    resolution: int
    late: int
    churn_risk: int


def dues(tier: ComplaintTier, rules: ComplaintRules, opened_at: int, updated_at: int | None = None) -> Dues:
    """The due times of a complaint that came at ``opened_at`` and was last reported on at ``updated_at``.

    The first update is due one interval after the plan is; each later one an interval after the one before. Raises
    KeyError for a tier of none.
    """
    rule = rules.tiers[tier]
    plan = opened_at + rules.plan_within
    return Dues(
        acknowledge=opened_at + rules.acknowledge_within,
        first_response=opened_at + rule.first_response,
        plan=plan,
        update=(plan if updated_at is None else updated_at) + rules.update_every,
        resolution=opened_at + rule.resolution,
        late=opened_at + rules.late_after,
        churn_risk=opened_at + rules.churn_risk_after,
    )


def standing(rules: ComplaintRules, opened_at: int, now: int) -> Standing:
    """How an unsolved complaint stands: *late* from the instant that its time is up, *churn risk* likewise."""
    age = now - opened_at
    if age >= rules.churn_risk_after:
        return Standing.CHURN_RISK
    return Standing.LATE if age >= rules.late_after else Standing.IN_TIME
