"""The effect of another policy is what the board itself would show under it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE
from console.models.domain.contacts import Channel
from console.models.domain.ports import Cancelled, Progress
from console.models.live.board import Board
from console.models.policy.editing import edited, open_site
from console.models.policy.policy import Policy
from console.models.queries import policy_effect
from console.models.queries.policy_effect import Waiting, effect
from tests.views.screens.centre import MORNING, morning


def policy_with(changes: dict[str, Any]) -> Policy:
    found = edited(open_site(Path("nowhere")), {"calendar.time_zone": "Asia/Shanghai", **changes}).policy
    assert found is not None
    return found


OLD = policy_with({})
STRICT = policy_with({f"first_response.channel.{channel.key}": "1 s" for channel in Channel})


@cache
def source() -> Board:
    return morning()[0]


def taken(board: Board) -> Waiting:
    waiting = Waiting()
    while not waiting.take(board):
        pass
    return waiting


def under(policy: Policy) -> Board:
    """The same morning, loaded under this policy from the start."""
    board = Board(policy)
    board.adopt(source().columns, source().texts, source().names, source().agents, source().seq)
    board.rebuild()
    return board


@given(
    st.dictionaries(st.sampled_from(list(Channel)), st.integers(5, 7_200), max_size=6),
    st.integers(1, 30),
    st.integers(-20, 60),
)
def test_the_effect_is_what_a_board_under_the_other_policy_shows(
    targets: dict[Channel, int], warning: int, later: int
) -> None:
    changes: dict[str, Any] = {"warning.live": f"{warning} min", "warning.email": f"{warning} h"}
    for channel, seconds in targets.items():
        changes[f"first_response.channel.{channel.key}"] = f"{seconds} s"
        changes[f"next_response.channel.{channel.key}"] = f"{2 * seconds} s"
    new = policy_with(changes)
    now = MORNING + later * MINUTE
    found = effect(taken(source()), OLD, new, now, Progress())
    for tally, policy in ((found.before, OLD), (found.after, new)):
        clocks = under(policy).clocks
        assert tally.breached.tolist() == clocks.breached(now).tolist()
        assert tally.at_risk.tolist() == clocks.due_soon(now).tolist()
    change = sum(line.breached_after - line.breached_before for line in found.lines())
    assert change == found.breached[1] - found.breached[0]


def test_the_board_itself_is_left_alone() -> None:
    board = morning()[0]
    due = board.columns.of("due_at").copy()
    found = effect(taken(board), OLD, STRICT, MORNING, Progress())
    assert found.breached[1] > found.breached[0]
    assert board.columns.of("due_at").tolist() == due.tolist()


def test_it_is_taken_and_counted_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = effect(taken(source()), OLD, STRICT, MORNING, Progress())
    monkeypatch.setattr(policy_effect, "_COPIED", 7)
    monkeypatch.setattr(policy_effect, "_COUNTED", 11)
    steps: list[int] = []
    report = Progress(report=lambda done, _total: steps.append(done))
    pieces = effect(taken(source()), OLD, STRICT, MORNING, report)
    assert (pieces.breached, pieces.at_risk, pieces.tickets) == (whole.breached, whole.at_risk, whole.tickets)
    assert len(steps) > 4


def test_a_newer_question_stops_an_older_one() -> None:
    with pytest.raises(Cancelled):
        effect(taken(source()), OLD, STRICT, MORNING, Progress(cancelled=lambda: True))


def test_nobody_waits_on_an_empty_board() -> None:
    found = effect(taken(Board(OLD)), OLD, STRICT, MORNING, Progress())
    assert (found.tickets, found.breached, list(found.lines())) == (0, (0, 0), [])
