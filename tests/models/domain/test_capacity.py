"""How many contacts at once a person has room for, by hand and by properties (R-SKEW)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from console.models.domain.capacity import places

PHONE, CHAT, EMAIL = 0, 1, 2
BY_CHANNEL = np.array([1, 4, 10])


def of(limit: int, *contacts: int) -> float:
    return float(places(np.array([limit]), np.array([contacts]), BY_CHANNEL)[0])


@pytest.mark.parametrize(
    ("limit", "contacts", "expected"),
    [
        (0, (7, 0, 0), 1),
        (5, (7, 0, 0), 1),
        (0, (0, 9, 0), 4),
        (3, (0, 9, 0), 3),
        (8, (0, 9, 0), 4),
        # Four calls take four times a whole person, four chats one person together: eight contacts by five.
        (0, (4, 4, 0), 8 / 5),
        (2, (4, 4, 0), 8 / 6),
        (0, (1, 4, 10), 15 / 3),
        (5, (0, 0, 10), 5),
    ],
)
def test_by_hand(limit: int, contacts: tuple[int, int, int], expected: float) -> None:
    assert of(limit, *contacts) == pytest.approx(expected)


def test_who_had_nothing_would_get_what_comes_to_all() -> None:
    limits = np.array([0, 0, 2])
    contacts = np.array([[3, 4, 0], [0, 0, 0], [0, 0, 0]])
    assert places(limits, contacts, BY_CHANNEL) == pytest.approx([7 / 4, 7 / 4, 7 / 5])
    nothing = np.zeros((1, 3), dtype=np.int64)
    assert places(np.array([0]), nothing, BY_CHANNEL) == pytest.approx([3 / (1 + 1 / 4 + 1 / 10)])


tables = st.integers(1, 6).flatmap(
    lambda people: st.tuples(
        st.lists(st.integers(0, 6), min_size=people, max_size=people),
        st.lists(st.lists(st.integers(0, 20), min_size=3, max_size=3), min_size=people, max_size=people),
    )
)


@given(tables, st.lists(st.integers(1, 12), min_size=3, max_size=3))
def test_it_lies_between_the_least_and_the_most_of_the_channels(
    table: tuple[list[int], list[list[int]]], by_channel: list[int]
) -> None:
    limits, contacts, each = np.array(table[0]), np.array(table[1]), np.array(by_channel)
    found = places(limits, contacts, each)
    for place, limit in enumerate(limits.tolist()):
        at_once = [min(limit, one) if limit else one for one in by_channel]
        used = [one for one, count in zip(at_once, contacts[place].tolist(), strict=True) if count] or at_once
        assert min(used) - 1e-9 <= found[place] <= max(used) + 1e-9
        if limit:
            assert found[place] <= limit + 1e-9
    more: NDArray[np.int64] = contacts * 3
    assert places(limits, more, each) == pytest.approx(found), "more of the same work needs no more room at once"
