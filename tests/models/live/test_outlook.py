"""The forecast of breaches against a plain one, and on lines that can be worked out by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.live.answers import CHANNELS
from console.models.live.outlook import NEVER, UNKNOWN, Basis, Line, waits

NOW = 1_792_000_000_000_000
HALF_HOUR = 30 * MINUTE
LEAST = 5

_row = st.tuples(st.integers(-60, 120), st.integers(0, 90), st.integers(1, 3), st.integers(0, 3))


def line_of(rows: list[tuple[int, int, int, int]]) -> Line:
    """Rows of (minutes until due, minutes waited, channel, queue), in the order of service."""
    rows = sorted(rows, key=lambda row: row[0])
    due, waited, channel, queue = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    return Line(np.arange(len(rows)), NOW + due * MINUTE, NOW - waited * MINUTE, channel, queue)


def counted(answers: dict[tuple[int, int], int]) -> np.ndarray:
    """Answers by (queue, channel) as the board counts them."""
    counts = np.zeros(4 * CHANNELS, dtype=np.int64)
    for (queue, channel), number in answers.items():
        counts[queue * CHANNELS + channel] = number
    return counts


def plain(line: Line, answers: dict[tuple[int, int], int], nobody_in: bool) -> list[tuple[int, Basis]]:
    """One ticket after the other, as a person would do it with a list and a pencil."""
    before: Counter[tuple[int, int] | int] = Counter()
    rows = list(zip(line.queue.tolist(), line.channel.tolist(), line.since.tolist(), strict=True))
    told: list[tuple[int, Basis]] = []
    for queue, channel, _since in rows:
        before[queue, channel] += 1
        before[channel] += 1
        own = answers.get((queue, channel), 0)
        of_channel = sum(number for (_queue, code), number in answers.items() if code == channel)
        longest = min(since for q, c, since in rows if (q, c) == (queue, channel))
        if own >= LEAST:
            told.append((before[queue, channel] * HALF_HOUR // own, Basis.QUEUE))
        elif (own == 0 and longest <= NOW - HALF_HOUR) or (of_channel == 0 and nobody_in):
            told.append((NEVER, Basis.NOBODY))
        elif of_channel >= LEAST:
            told.append((before[channel] * HALF_HOUR // of_channel, Basis.CHANNEL))
        else:
            told.append((UNKNOWN, Basis.TOO_FEW))
    return told


@given(
    st.lists(_row, min_size=1, max_size=30),
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(1, 3)), st.integers(0, 12), max_size=9),
    st.booleans(),
)
def test_every_expected_wait_is_that_of_a_plain_count(
    rows: list[tuple[int, int, int, int]], answers: dict[tuple[int, int], int], nobody_in: bool
) -> None:
    line = line_of(rows)
    wait, basis = waits(line, counted(answers), HALF_HOUR, NOW, least=LEAST, nobody_in=nobody_in)
    assert [(int(each), Basis(int(by))) for each, by in zip(wait, basis, strict=True)] == plain(
        line, answers, nobody_in
    )


def test_ten_answers_in_half_an_hour_serve_the_fourth_in_line_after_twelve_minutes() -> None:
    line = line_of([(5, 1, 1, 1), (6, 1, 1, 1), (7, 1, 1, 1), (8, 1, 1, 1)])
    wait, basis = waits(line, counted({(1, 1): 10}), HALF_HOUR, NOW, least=LEAST)
    assert wait.tolist() == [3 * MINUTE, 6 * MINUTE, 9 * MINUTE, 12 * MINUTE]
    assert set(basis.tolist()) == {Basis.QUEUE}


def test_a_queue_without_an_answer_while_somebody_waits_all_the_time_is_answered_by_nobody() -> None:
    line = line_of([(5, 31, 1, 1), (6, 1, 1, 1)])
    wait, _basis = waits(line, counted({(2, 1): 100}), HALF_HOUR, NOW, least=LEAST)
    assert wait.tolist() == [NEVER, NEVER]


def test_too_few_answers_foretell_nothing() -> None:
    line = line_of([(5, 3, 1, 1)])
    wait, basis = waits(line, counted({(1, 1): 4}), HALF_HOUR, NOW, least=LEAST)
    assert (wait.tolist(), basis.tolist()) == ([UNKNOWN], [Basis.TOO_FEW])


def test_a_queue_that_was_not_asked_moves_at_the_speed_of_its_channel() -> None:
    line = line_of([(5, 3, 1, 1), (6, 2, 1, 2)])
    wait, basis = waits(line, counted({(2, 1): 6}), HALF_HOUR, NOW, least=LEAST)
    assert wait.tolist() == [5 * MINUTE, 5 * MINUTE]
    assert basis.tolist() == [Basis.CHANNEL, Basis.QUEUE]


def test_before_anything_is_measured_nothing_is_foretold() -> None:
    wait, _basis = waits(line_of([(5, 60, 1, 1)]), counted({}), 0, NOW, least=LEAST)
    assert wait.tolist() == [UNKNOWN]
