"""R-CMP-TIER, R-CMP-ACK and R-CMP-PLAN: exact at every border, and each tier with its reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import i18n
from console.clock import HOUR, MINUTE
from console.models.domain.complaints import (
    Cause,
    ComplaintRules,
    Facts,
    Owner,
    Publicity,
    Standing,
    TierRule,
    Why,
    dues,
    read,
    standing,
    tier_of,
)
from console.models.domain.contacts import ComplaintTier
from console.models.domain.money import Money
from console.models.policy import keywords

LOW, MEDIUM, HIGH = ComplaintTier.LOW, ComplaintTier.MEDIUM, ComplaintTier.HIGH
RULES = ComplaintRules(
    high_above=Money(5_000_00),
    medium_from=Money(500_00),
    tiers={
        HIGH: TierRule(10 * MINUTE, Owner.SUPERVISOR, 4 * HOUR),
        MEDIUM: TierRule(30 * MINUTE, Owner.SENIOR_AGENT, 24 * HOUR),
        LOW: TierRule(2 * HOUR, Owner.AGENT, 48 * HOUR),
    },
    acknowledge_within=15 * MINUTE,
    plan_within=30 * MINUTE,
    update_every=2 * HOUR,
    late_after=24 * HOUR,
    churn_risk_after=48 * HOUR,
    when_nothing_known=MEDIUM,
    rates={"USD": 72_000},
)
WORDS = keywords.default()


def why(facts: Facts) -> tuple[ComplaintTier, list[Why]]:
    tiering = tier_of(facts, RULES)
    assert tiering.rule == "R-CMP-TIER"
    return tiering.tier, [reason.why for reason in tiering.reasons]


@pytest.mark.parametrize(
    ("hundredths", "tier"),
    [(0, LOW), (499_99, LOW), (500_00, MEDIUM), (5_000_00, MEDIUM), (5_000_01, HIGH), (10**12, HIGH)],
)
def test_the_borders_of_the_amount_are_exact(hundredths: int, tier: ComplaintTier) -> None:
    assert tier_of(Facts(Money(hundredths)), RULES).tier is tier


@pytest.mark.parametrize(
    ("facts", "tier", "reasons"),
    [
        (Facts(publicity=Publicity.SPREADING), HIGH, [Why.SPREADING]),
        (Facts(Money(9_000_00), publicity=Publicity.SPREADING), HIGH, [Why.SPREADING, Why.ABOVE_HIGH]),
        (Facts(Money(30_00), publicity=Publicity.THREATENED), MEDIUM, [Why.THREATENED]),
        (Facts(Money(30_00), experience_affected=True), MEDIUM, [Why.EXPERIENCE]),
        (Facts(cause=Cause.TECHNICAL), LOW, [Why.TECHNICAL]),
        (Facts(Money(600_00), Cause.TECHNICAL), MEDIUM, [Why.FROM_MEDIUM]),
        (Facts(Money(100_00), Cause.PRODUCT_DEFECT), LOW, [Why.SMALL]),
        (Facts(cause=Cause.AGENT_MISTAKE), MEDIUM, [Why.CAUSE_TOUCHES]),
        (Facts(), MEDIUM, [Why.NOTHING_KNOWN]),
    ],
)
def test_every_row_of_the_table_names_its_reasons(facts: Facts, tier: ComplaintTier, reasons: list[Why]) -> None:
    assert why(facts) == (tier, reasons)


def test_foreign_amounts_are_compared_by_the_policys_rate() -> None:
    assert tier_of(Facts(Money(694_44, "USD")), RULES).tier is MEDIUM  # 4,999.968 CNY
    assert tier_of(Facts(Money(694_45, "USD")), RULES).tier is HIGH  # 5,000.04 CNY


def test_an_amount_without_a_rate_is_said_and_counts_as_not_known() -> None:
    assert why(Facts(Money(9_999_00, "EUR"), Cause.TECHNICAL)) == (LOW, [Why.TECHNICAL, Why.NO_RATE])
    assert why(Facts(Money(9_999_00, "EUR"))) == (MEDIUM, [Why.NOTHING_KNOWN, Why.NO_RATE])


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("reason", list(Why))
def test_every_reason_can_be_read(language: str, reason: Why) -> None:
    i18n.use(language)
    facts = tier_of(Facts(Money(5_200_00)), RULES).reasons[0]
    assert replace(facts, why=reason).text


def test_a_reason_states_the_amount_and_the_limit() -> None:
    assert tier_of(Facts(Money(5_200_00)), RULES).reasons[0].text == "5\xa0200\xa0CNY is more than 5\xa0000\xa0CNY"


FACTS = st.builds(
    Facts,
    amount=st.none() | st.integers(0, 2_000_000).map(Money),
    cause=st.sampled_from(Cause),
    publicity=st.sampled_from(Publicity),
    experience_affected=st.booleans(),
)


@given(FACTS, st.integers(0, 2_000_000))
def test_a_larger_amount_never_lowers_the_tier(facts: Facts, more: int) -> None:
    amount = facts.amount or Money(0)
    base = tier_of(replace(facts, amount=amount), RULES).tier
    assert tier_of(replace(facts, amount=Money(amount.hundredths + more)), RULES).tier >= base


@given(FACTS)
def test_spreading_publicity_is_high_whatever_else_is_known(facts: Facts) -> None:
    assert tier_of(replace(facts, publicity=Publicity.SPREADING), RULES).tier is HIGH


@given(FACTS)
def test_every_complaint_has_a_tier_and_a_reason(facts: Facts) -> None:
    tiering = tier_of(facts, RULES)
    assert tiering.tier
    assert tiering.reasons


def test_the_facts_are_read_from_the_text() -> None:
    told = read("多扣了我 5,200 元，我已经发到小红书了", WORDS.cause, WORDS.publicity, 0.7)
    assert told.facts == Facts(Money(5_200_00), Cause.BILLING_ERROR, Publicity.SPREADING)
    assert told.cause.evidence


@pytest.mark.parametrize(
    ("text", "publicity"),
    [
        ("再不解决我就曝光你们", Publicity.THREATENED),
        ("I will go to the press", Publicity.THREATENED),
        ("我不想发到网上", Publicity.NONE),
        ("已经发微博了，都上热搜了", Publicity.SPREADING),
        ("my video about you is going viral", Publicity.SPREADING),
        ("快递太慢了", Publicity.NONE),
    ],
)
def test_a_threat_is_not_yet_publicity(text: str, publicity: Publicity) -> None:
    assert read(text, WORDS.cause, WORDS.publicity, 0.7).facts.publicity is publicity


def test_an_unsure_amount_is_shown_but_not_believed() -> None:
    told = read("损失大概 9000 元左右", WORDS.cause, WORDS.publicity, 0.7)
    assert told.facts.amount is None
    assert told.amount is not None
    assert told.amount.money == Money(9_000_00)


def test_the_dues_of_a_high_complaint() -> None:
    due = dues(HIGH, RULES, 1_000)
    minutes = {name: (getattr(due, name) - 1_000) / MINUTE for name in due.__slots__}
    assert minutes == {
        "acknowledge": 15,
        "first_response": 10,
        "plan": 30,
        "update": 150,
        "resolution": 240,
        "late": 24 * 60,
        "churn_risk": 48 * 60,
    }


def test_each_update_starts_the_next_interval() -> None:
    assert dues(LOW, RULES, 0, updated_at=HOUR).update == 3 * HOUR


@pytest.mark.parametrize(
    ("age", "stands"),
    [
        (0, Standing.IN_TIME),
        (24 * HOUR - 1, Standing.IN_TIME),
        (24 * HOUR, Standing.LATE),
        (48 * HOUR - 1, Standing.LATE),
        (48 * HOUR, Standing.CHURN_RISK),
    ],
)
def test_late_and_churn_risk_begin_when_the_time_is_up(age: int, stands: Standing) -> None:
    assert standing(RULES, 5, 5 + age) is stands


@pytest.mark.parametrize(
    "wrong",
    [
        {"high_above": Money(400_00)},
        {"medium_from": Money(0)},
        {"medium_from": Money(500_00, "USD")},
        {"tiers": {LOW: RULES.tiers[LOW]}},
        {"plan_within": 0},
        {"churn_risk_after": HOUR},
        {"when_nothing_known": ComplaintTier.NONE},
    ],
)
def test_rules_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"complaint|low, medium and high"):
        replace(RULES, **wrong)  # type: ignore[arg-type]  # the point is a wrong value
