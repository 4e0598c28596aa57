"""Which words of an agent are a promise, and of what (R-PROMISE)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import DAY, HOUR, MINUTE, SECOND, micros
from console.models.domain.promises import promised_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAID = micros(datetime(2026, 3, 2, 20, 0, tzinfo=SHANGHAI))


def wait(text: str) -> int | None:
    at = promised_at(text, SAID, SHANGHAI, DAY)
    return None if at is None else at - SAID


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Please wait 5 minutes, I am checking with the warehouse.", 5 * MINUTE),
        ("Give me two minutes please", 2 * MINUTE),
        ("I will get back to you within the next 2 hours.", 2 * HOUR),
        ("I'll call you back in half an hour", HOUR // 2),
        ("Let me check this. Could you hold on for 90 seconds?", 90 * SECOND),
        ("Within 24 hours we will contact you.", 24 * HOUR),
        ("亲,请稍等3分钟,我帮您查一下", 3 * MINUTE),
        ("请您稍等五分钟哦", 5 * MINUTE),
        ("这边核实后,2小时内给您回复", 2 * HOUR),
        ("半小时内给您答复", HOUR // 2),
        ("一个半小时内联系您", 90 * MINUTE),
        ("麻烦等我十五分钟", 15 * MINUTE),
        ("请稍等 5-10 分钟", 10 * MINUTE),
        ("20:30前给您回复", 30 * MINUTE),
        ("I will reply by 21:00.", HOUR),
        ("We will call you at 08:00", 12 * HOUR),
    ],
)
def test_a_named_time_is_a_promise(text: str, length: int) -> None:
    assert wait(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "Please wait a moment.",
        "请稍等",
        "Delivery takes 3 days.",
        "预计3天内送达",
        "退款会在24小时内到账",
        "Your order 12345 was placed 5 minutes ago.",
        "We open at 09:00.",
        "I will get back to you within 3 days",
        "",
    ],
)
def test_what_names_no_time_of_ours_is_none(text: str) -> None:
    assert wait(text) is None


def test_of_two_promises_the_earlier_counts() -> None:
    assert wait("请稍等5分钟,2小时内一定给您回复") == 5 * MINUTE


@given(st.text(max_size=200), st.integers(0, 2**51))
def test_any_text_is_read_and_a_promise_lies_ahead(text: str, at: int) -> None:
    found = promised_at(text, at, SHANGHAI, DAY)
    assert found is None or at < found <= at + DAY


@given(st.integers(1, 999), st.sampled_from([("分钟", MINUTE), ("小时", HOUR), ("minutes", MINUTE)]))
def test_every_number_is_understood(number: int, unit: tuple[str, int]) -> None:
    found = promised_at(f"请稍等{number}{unit[0]}", SAID, SHANGHAI, 1_000 * HOUR)
    assert found == SAID + number * unit[1]
