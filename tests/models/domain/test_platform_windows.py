"""Platform windows on vectors equal those of one ticket, and both say what the platforms say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE
from console.models.domain.contacts import Channel
from console.models.domain.platform_windows import ANY_NUMBER, Left, ends, left, messages
from console.models.policy import policy as policies

RULES = policies.default().platform_windows
WROTE = 1_792_000_000_000_000

_tickets = st.lists(
    st.tuples(st.sampled_from(Channel), st.sampled_from([0, WROTE, WROTE + 7 * MINUTE]), st.integers(0, 255)),
    min_size=1,
)


@given(_tickets)
def test_vectors_equal_one_ticket_after_the_other(tickets: list[tuple[Channel, int, int]]) -> None:
    codes, wrote, sent = zip(*tickets, strict=True)
    channel = np.array(codes, dtype=np.uint8)
    until = ends(RULES, channel, np.array(wrote, dtype=np.int64)).tolist()
    many = messages(RULES, channel, np.array(sent, dtype=np.uint8)).tolist()
    for place, (code, at, number) in enumerate(tickets):
        plain = left(RULES.get(code), at, number)
        assert until[place] == (0 if plain is None else plain.ends_at)
        if plain is not None:
            assert many[place] == plain.messages


def test_whatsapp_is_open_for_a_day_however_much_we_write() -> None:
    found = left(RULES[Channel.WHATSAPP], WROTE, 200)
    assert found == Left(WROTE + 24 * HOUR, ANY_NUMBER)
    assert found.is_open(WROTE + 24 * HOUR - 1)
    assert not found.is_open(WROTE + 24 * HOUR)


def test_wechat_allows_five_messages_in_two_days() -> None:
    found = left(RULES[Channel.WECHAT], WROTE, 4)
    assert found == Left(WROTE + 48 * HOUR, 1)
    spent = left(RULES[Channel.WECHAT], WROTE, 5)
    assert spent is not None
    assert not spent.is_open(WROTE)


def test_other_channels_have_no_window() -> None:
    assert left(RULES.get(Channel.EMAIL), WROTE, 0) is None
