"""How durations are written where there is little room."""

from __future__ import annotations

import pytest

from console.views.screens.board.faces import short

MINUTE, HOUR, DAY = 60, 3_600, 86_400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (48, "48 s"),
        (12 * MINUTE, "12 min"),
        (72 * MINUTE, "1:12 h"),
        (10 * HOUR - 1, "9:59 h"),
        (16 * HOUR + 8 * MINUTE, "16 h"),
        (DAY - 1, "23 h"),
        (2.4 * DAY, "2.4 d"),
    ],
)
def test_a_narrow_column_has_no_room_for_minutes_of_long_hours(seconds: float, words: str) -> None:
    assert short(seconds).replace("\N{NO-BREAK SPACE}", " ") == words
