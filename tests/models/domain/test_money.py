"""Amounts are exact integers, and those in a text are found with their currency and how sure they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.money import IMPLIED, NAMED, ROUGH, SURE, Money, find_amounts, in_currency, told_amount


@pytest.mark.parametrize(
    ("text", "hundredths", "currency"),
    [
        ("退款 5,200元", 520_000, "CNY"),
        ("$30", 3_000, "USD"),
        ("￥80.5", 8_050, "CNY"),
        ("￥１，２００．５０", 120_050, "CNY"),
        ("1.2万元", 1_200_000, "CNY"),
        ("2w块", 2_000_000, "CNY"),
        ("12块5", 1_250, "CNY"),
        ("5块2个", 500, "CNY"),
        ("多扣我五千二百块", 520_000, "CNY"),
        ("五千二元", 520_000, "CNY"),
        ("五千零二元", 500_200, "CNY"),
        ("一百零五元", 10_500, "CNY"),
        ("十二元", 1_200, "CNY"),
        ("三万零五十元", 3_005_000, "CNY"),
        ("HK$1,000.00", 100_000, "HKD"),
        ("US$1.5k", 150_000, "USD"),
        ("€ 19.99", 1_999, "EUR"),
        ("5000日元", 500_000, "JPY"),
        ("You charged me 128 CNY too much", 12_800, "CNY"),
        ("到底怎么回事，128 元不是小数目", 12_800, "CNY"),
    ],
)
def test_an_amount_is_read_to_the_hundredth(text: str, hundredths: int, currency: str) -> None:
    assert [found.money for found in find_amounts(text)] == [Money(hundredths, currency)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "退款3天了",
        "满 300 减 50 的券",
        "订单 A20261122001",
        "1元旦",
        "退款12-31",
        "refund order 12345678",
        "refund 2 days ago",
        "3.456元",
        "万元",
        "一" * 20 + "元",
    ],
)
def test_figures_that_are_no_money_are_left_alone(text: str) -> None:
    assert find_amounts(text) == ()


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("扣了我 300 元", SURE),
        ("a refund of $300", SURE),
        ("这件 300 元", NAMED),
        ("退款 300 还没到", IMPLIED),
        ("大概退款 500 元左右", ROUGH),
        ("500多块", ROUGH),
        ("about $500", ROUGH),
    ],
)
def test_the_confidence_says_how_plainly_it_was_put(text: str, confidence: float) -> None:
    assert [found.confidence for found in find_amounts(text)] == [confidence]


def test_the_surest_amount_comes_first_then_the_largest() -> None:
    found = find_amounts("我买了三件，每件都很喜欢，标价 900 元，结果现在你们扣了我 80 元又多扣 60 元")
    assert [amount.money.hundredths for amount in found] == [8_000, 6_000, 90_000]


def test_an_amount_without_currency_is_the_centres_own() -> None:
    assert find_amounts("refund 300", home="USD")[0].money == Money(30_000, "USD")


def test_foreign_money_needs_a_rate_and_is_rounded_half_up() -> None:
    assert in_currency(Money(100, "USD"), "CNY", {"USD": 72_050}) == Money(721)
    assert in_currency(Money(100, "USD"), "CNY", {"USD": 72_049}) == Money(720)
    assert in_currency(Money(100, "USD"), "CNY", {}) is None
    assert in_currency(Money(100), "CNY", {}) == Money(100)


@given(st.integers(0, 99_999_999), st.sampled_from(["{} CNY", "¥{}", "退款{}元", "RMB {}!", "扣了我，{}块钱"]))
def test_what_is_written_is_read_back(hundredths: int, form: str) -> None:
    written = str(Money(hundredths)).removesuffix(" CNY")
    assert find_amounts(form.format(written))[0].money == Money(hundredths)


@given(st.text(alphabet="退款元块.,0123456789万千一二十百零$¥k 约多", max_size=40))
def test_any_text_is_read_without_harm(text: str) -> None:
    assert all(found.money.hundredths >= 0 and 0 < found.confidence < 1 for found in find_amounts(text))


def test_an_amount_is_written_in_one_way_for_people_and_exactly_for_records() -> None:
    assert str(Money(1_234_567_50)) == "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567.50\N{NO-BREAK SPACE}CNY"
    assert Money(5_200_00).figure == "5\N{NO-BREAK SPACE}200"
    assert Money(-5_200_05, "USD").exact == "-5200.05 USD"


@pytest.mark.parametrize(
    ("told", "expected"), [(80.5, Money(80_50)), (12, Money(12_00)), (0, None), (-3, None), ("12", None), (1e300, None)]
)
def test_what_an_event_tells_is_an_amount_or_nothing(told: object, expected: Money | None) -> None:
    assert told_amount(told) == expected
    assert told_amount(float("nan")) is None
