"""Counting contents in little memory equals counting them in a dictionary."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.connectors.files import seen
from console.connectors.files.history import History, State
from console.connectors.files.seen import Seen


@given(st.lists(st.lists(st.integers(-30, 30), max_size=12), max_size=30))
def test_occurrences_are_counted_across_chunks(chunks: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seen, "RECENT", 7)
        counter = Seen()
        plain: Counter[int] = Counter()
        for chunk in chunks:
            expected = []
            for digest in chunk:
                expected.append(plain[digest])
                plain[digest] += 1
            assert counter.occurrences(chunk) == expected


def test_memory_per_row_is_eight_bytes() -> None:
    counter = Seen()
    for start in range(0, 300_000, 1_000):
        counter.occurrences(range(start, start + 1_000))
    assert sum(run.nbytes for run in counter._runs) <= 300_000 * 8
    assert len(counter._recent) < seen.RECENT


def test_a_history_gives_back_and_replaces_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.connectors.files.history.BLOCK", 3)
    history = History(2)
    states = [State(-number, 1 << 62, 0, number - 1, number, 3, number % 2 == 0, (number, -1)) for number in range(10)]
    assert [history.append(state) for state in states] == list(range(10))
    assert [history[place] for place in range(10)] == states
    for place in (1, 9):
        states[place] = states[place]._replace(told=1)
        history.replace(place, states[place])
    assert history.append(states[0]) == 10
    assert [history[place] for place in range(10)] == states
    history.close()
