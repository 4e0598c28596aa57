"""R-CMP-OFFER: three offers, exact at the borders of 50 and 200, never below a floor, never less for a larger loss."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import i18n
from console.models.domain.compensation import (
    Band,
    Basis,
    Case,
    CompensationRules,
    Kind,
    Offer,
    Reason,
    Share,
    offers,
)
from console.models.domain.complaints import Cause
from console.models.domain.money import Money

CASH, VOUCHER, MIXED = Kind.CASH, Kind.VOUCHER, Kind.MIXED
SMALL = Band(Money(50_00), 110, (Share(VOUCHER, 110), Share(MIXED, 110), Share(CASH, 110)))
MIDDLE = Band(Money(200_00), 120, (Share(CASH, 120), Share(MIXED, 135), Share(VOUCHER, 150)))
LARGE = Band(None, 130, (Share(CASH, 130), Share(MIXED, 140), Share(VOUCHER, 150)), of_price=True, case_by_case=True)
RULES = CompensationRules((SMALL, MIDDLE, LARGE), 5, 30, 150)
LIMIT = Money(200_00)


def sums(case: Case) -> list[tuple[Kind, int, int]]:
    return [(offer.kind, offer.cash.hundredths, offer.voucher.hundredths) for offer in offers(case, RULES, LIMIT)]


def totals(case: Case) -> list[int]:
    return [offer.total.hundredths for offer in offers(case, RULES, LIMIT)]


def bases(offer: Offer) -> list[Basis]:
    return [reason.basis for reason in offer.reasons]


def test_fifty_lost_is_a_voucher_of_fifty_five() -> None:
    assert sums(Case(Money(50_00))) == [(VOUCHER, 0, 55_00), (MIXED, 50_00, 5_00), (CASH, 55_00, 0)]


def test_a_cent_above_fifty_is_in_the_middle_band_rounded_up() -> None:
    assert totals(Case(Money(50_01))) == [60_02, 67_52, 75_02]  # 60.012, 67.5135 and 75.015


def test_two_hundred_is_still_in_the_middle_band() -> None:
    assert sums(Case(Money(200_00))) == [(CASH, 240_00, 0), (MIXED, 200_00, 70_00), (VOUCHER, 0, 300_00)]
    assert not any(offer.case_by_case for offer in offers(Case(Money(200_00)), RULES, LIMIT))


def test_above_two_hundred_is_case_by_case_from_130_percent_of_the_price() -> None:
    found = offers(Case(Money(200_01), price=Money(999_00)), RULES, LIMIT)
    assert [offer.total.hundredths for offer in found] == [1_298_70, 1_398_60, 1_498_50]
    assert all(offer.case_by_case and Basis.CASE_BY_CASE in bases(offer) for offer in found)
    assert found[0].reasons[0] == Reason(Basis.OF_PRICE, Money(999_00), 130)


def test_without_a_price_the_loss_stands_for_it_and_it_is_said() -> None:
    found = offers(Case(Money(300_00)), RULES, LIMIT)
    assert found[0].total == Money(390_00)
    assert Basis.PRICE_NOT_KNOWN in bases(found[0])


def test_a_logistics_delay_gives_full_freight_and_five_percent_of_the_price() -> None:
    case = Case(Money(20_00), Cause.LOGISTICS_DELAY, price=Money(400_00), freight=Money(12_00))
    assert sums(case) == [(CASH, 32_00, 0), (MIXED, 20_00, 12_00), (CASH, 32_00, 0)]
    assert bases(offers(case, RULES, LIMIT)[1]) == [Basis.OF_LOSS, Basis.RAISED_TO_CAUSE]


def test_a_delay_that_gives_less_than_the_loss_asks_for_is_raised_by_a_voucher() -> None:
    case = Case(Money(100_00), Cause.LOGISTICS_DELAY, price=Money(100_00), freight=Money(10_00))
    first = offers(case, RULES, LIMIT)[0]
    assert (first.kind, first.cash, first.voucher) == (MIXED, Money(15_00), Money(105_00))
    assert bases(first) == [Basis.DELAY, Basis.RAISED_TO_FLOOR]


def test_a_delay_without_freight_says_so() -> None:
    first = offers(Case(Money(10_00), Cause.LOGISTICS_DELAY), RULES, LIMIT)[0]
    assert bases(first)[:3] == [Basis.DELAY, Basis.FREIGHT_NOT_KNOWN, Basis.PRICE_NOT_KNOWN]


def test_a_product_defect_gives_a_full_refund_and_a_voucher_of_thirty_percent() -> None:
    case = Case(Money(80_00), Cause.PRODUCT_DEFECT, price=Money(80_00))
    assert sums(case)[0] == (MIXED, 80_00, 24_00)
    assert totals(case) == [104_00, 108_00, 120_00]


def test_an_agents_mistake_gives_half_more_and_a_personal_apology() -> None:
    found = offers(Case(Money(40_00), Cause.AGENT_MISTAKE), RULES, LIMIT)
    assert (found[0].kind, found[0].cash) == (CASH, Money(60_00))
    assert all(offer.apology for offer in found)
    assert [offer.total for offer in found] == [Money(60_00)] * 3


def test_other_causes_are_decided_by_the_loss_alone() -> None:
    assert sums(Case(Money(120_00), Cause.BILLING_ERROR)) == sums(Case(Money(120_00)))
    assert not any(offer.apology for offer in offers(Case(Money(120_00)), RULES, LIMIT))


def test_no_loss_and_no_cause_ask_for_words_only() -> None:
    found = offers(Case(Money(0)), RULES, LIMIT)
    assert [(offer.kind, offer.apology) for offer in found] == [(Kind.APOLOGY, True)] * 3


def test_above_the_agents_limit_a_supervisor_decides() -> None:
    at_limit = offers(Case(Money(160_00)), RULES, Money(192_00))
    assert [offer.needs_approval for offer in at_limit] == [False, True, True]
    assert offers(Case(Money(160_00)), RULES, Money(191_99))[0].needs_approval


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("basis", list(Basis))
def test_every_reason_can_be_read(language: str, basis: Basis) -> None:
    i18n.use(language)
    assert Reason(basis, Money(50_00), 110).text


def test_a_reason_states_its_figures() -> None:
    assert offers(Case(Money(50_00)), RULES, LIMIT)[0].reasons[0].text == "110 % of the loss of 50\xa0CNY"


SUMS = st.one_of(
    st.integers(0, 300_00), st.integers(0, 10_000_000), st.sampled_from([49_99, 50_00, 50_01, 200_00, 200_01])
)
MONEY = SUMS.map(Money)
CASES = st.builds(
    Case, loss=MONEY, cause=st.sampled_from(Cause), price=st.none() | MONEY, freight=st.none() | st.builds(Money, SUMS)
)


def floor(case: Case) -> Fraction:
    """The least total that DOMAIN's table allows by loss, worked out apart from the calculator."""
    loss, price = case.loss.hundredths, (case.price or case.loss).hundredths
    if loss <= 50_00:
        return Fraction(loss * 110, 100)
    return Fraction(loss * 120, 100) if loss <= 200_00 else Fraction(max(loss, price) * 130, 100)


@given(CASES)
def test_no_offer_is_below_the_floor_of_its_loss(case: Case) -> None:
    assert all(total >= floor(case) for total in totals(case))


@given(CASES)
def test_no_offer_is_below_what_the_cause_asks_for(case: Case) -> None:
    price, freight = (case.price or case.loss).hundredths, (case.freight or Money(0)).hundredths
    asked = {
        Cause.LOGISTICS_DELAY: freight + Fraction(price * 5, 100),
        Cause.PRODUCT_DEFECT: price + Fraction(price * 30, 100),
        Cause.AGENT_MISTAKE: Fraction(case.loss.hundredths * 150, 100),
    }
    assert all(total >= asked.get(case.cause, 0) for total in totals(case))


@given(CASES, st.integers(0, 100_000))
def test_a_larger_loss_never_gets_less(case: Case, more: int) -> None:
    larger = replace(case, loss=Money(case.loss.hundredths + more))
    assert all(one <= other for one, other in zip(totals(case), totals(larger), strict=True))


@given(CASES, st.integers(0, 100_000))
def test_a_higher_price_never_gets_less(case: Case, more: int) -> None:
    price = case.price or case.loss
    case = replace(case, price=price)
    dearer = replace(case, price=Money(price.hundredths + more))
    assert all(one <= other for one, other in zip(totals(case), totals(dearer), strict=True))


@given(st.integers(50_01, 200_00))
def test_the_middle_band_gives_120_to_150_percent(loss: int) -> None:
    for total in totals(Case(Money(loss))):
        assert Fraction(loss * 120, 100) <= total < Fraction(loss * 150, 100) + 1


@given(CASES, MONEY)
def test_approval_is_needed_exactly_above_the_limit(case: Case, limit: Money) -> None:
    for offer in offers(case, RULES, limit):
        assert offer.needs_approval is (offer.total.hundredths > limit.hundredths)
        assert offer.total.hundredths == offer.cash.hundredths + offer.voucher.hundredths
        assert min(offer.cash.hundredths, offer.voucher.hundredths) >= 0
        assert offer.reasons


@pytest.mark.parametrize(
    "case",
    [Case(Money(-1)), Case(Money(5, "USD")), Case(Money(5), price=Money(5, "USD")), Case(Money(5), freight=Money(-5))],
)
def test_sums_that_cannot_be_compared_are_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="is not an amount in CNY"):
        offers(case, RULES, LIMIT)


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        ((), "all the rest"),
        ((SMALL, MIDDLE), "all the rest"),
        ((LARGE, LARGE), "all the rest"),
        ((MIDDLE, SMALL, LARGE), "rising order"),
        ((SMALL, replace(MIDDLE, upto=Money(200_00, "USD")), LARGE), "one currency"),
        ((SMALL, replace(MIDDLE, floor_percent=125), LARGE), "at least its floor"),
        ((SMALL, replace(MIDDLE, shares=(Share(CASH, 140), *MIDDLE.shares[1:])), LARGE), "must not give less"),
        ((SMALL, replace(MIDDLE, of_price=True), replace(LARGE, of_price=False)), "must not give less"),
    ],
)
def test_bands_that_would_be_unfair_are_refused(bands: tuple[Band, ...], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        replace(RULES, bands=bands)


def test_another_currency_is_kept_in_every_sum_and_reason() -> None:
    rules = CompensationRules((replace(SMALL, upto=Money(8_00, "USD")), replace(LARGE, upto=None)), 5, 30, 150)
    for offer in offers(Case(Money(10_00, "USD"), Cause.PRODUCT_DEFECT), rules, Money(20_00, "USD")):
        assert {offer.cash.currency, offer.voucher.currency, offer.total.currency} == {"USD"}
        assert {reason.amount.currency for reason in offer.reasons if reason.amount} == {"USD"}


def test_a_negative_percentage_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        replace(RULES, mistake_percent=-1)
