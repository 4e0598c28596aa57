from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.money import Money
from console.models.domain.typed_money import LARGEST, AmountError, typed_amount


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("180", 180_00),
        (" 1,234.5 ", 1_234_50),
        ("1 234 567.5", 1_234_567_50),
        (Money(1_234_50).figure, 1_234_50),
        (str(Money(1_234_50)), 1_234_50),
        ("１８０．５０", 180_50),
        ("¥180", 180_00),
        ("180元", 180_00),
        ("180 CNY", 180_00),
        ("0", 0),
        ("007", 7_00),
        ("100000000", LARGEST),
    ],
)
def test_an_amount_as_people_type_it(text: str, hundredths: int) -> None:
    assert typed_amount(text, "CNY") == Money(hundredths)


def test_an_empty_field_is_no_amount() -> None:
    assert typed_amount(" \u3000", "CNY") is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("－５", "negative"),
        ("¥-5", "negative"),
        ("a lot", "not an amount"),
        ("1,23", "not an amount"),
        ("1 23", "not an amount"),
        ("1e9", "not an amount"),
        ("12.345", "two decimals"),
        ("100000000.01", "too much"),
        ("9" * 1_000_000, "too much"),
        ("½", "not an amount"),
        ("٣", "not an amount"),
    ],
)
def test_what_is_no_amount_is_told_in_words(text: str, what: str) -> None:
    with pytest.raises(AmountError, match=what):
        typed_amount(text, "CNY")


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        money = typed_amount(text, "CNY")
    except AmountError:
        return
    assert money is None or 0 <= money.hundredths <= LARGEST


@given(st.integers(0, LARGEST))
def test_what_is_written_is_read_again(hundredths: int) -> None:
    assert typed_amount(str(Money(hundredths)), "CNY") == Money(hundredths)
