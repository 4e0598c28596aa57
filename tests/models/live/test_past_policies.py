"""A board of the past stands under the policy that was in force then."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, PolicyTold, Progress, Rows
from console.models.live.board import Board
from console.models.live.history import sealing
from console.models.live.history.manifest import FOLDER
from console.models.live.history.past import Past
from console.models.live.minutes import KEPT_DAYS
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from tests.models.live.logs import logs
from tests.models.live.stored import StoredLog
from tests.models.live.test_history import FIRST_DAY, SLOT, spread

SHIPPED = policies.default()
CHAT = "first_response.channel.web_chat"
MIDNIGHT = FIRST_DAY * DAY
NOON = MIDNIGHT + 12 * HOUR


def recomputed(rows: Rows, at: int, policy: Policy) -> Board:
    """The board of an instant, made from scratch under a policy."""
    known = rows[rows["at"] <= at]
    board = Board(policy, since=at - KEPT_DAYS * DAY)
    board.load([Batch(known[np.argsort(known["at"], kind="stable")])])
    board.replace(known, until=board.seq)
    return board


def assert_equal(board: Board, expected: Board, at: int) -> None:
    """In everything that the policy makes of the tickets."""
    tickets = np.sort(board.columns.of("id"))
    assert tickets.tolist() == np.sort(expected.columns.of("id")).tolist()
    for name in ("due_at", "waiting_since"):
        told, wanted = (getattr(one.columns, name)[one.slots_of(tickets)].tolist() for one in (board, expected))
        assert told == wanted
    assert board.minutes.equals(expected.minutes)
    assert np.array_equal(board.clocks.breached(at), expected.clocks.breached(at))


def waiting(*hours: float) -> Rows:
    """Chats that nobody answers."""
    rows = np.zeros(len(hours), ROW)
    rows["subject"] = rows["key"] = rows["seq"] = np.arange(len(hours)) + 1
    rows["kind"], rows["source"], rows["value"] = Kind.CREATED, 1, pack(channel=Channel.WEB_CHAT)
    rows["at"] = [MIDNIGHT + round(hour * HOUR) for hour in hours]
    return rows


def test_an_edit_at_noon_changes_the_board_after_noon_and_not_the_one_of_eleven(tmp_path: Path) -> None:
    log = StoredLog(waiting(10.95, 12.95))
    log.told_of_policy = [PolicyTold(MIDNIGHT + 9 * HOUR, {}), PolicyTold(NOON, {CHAT: "2 min"})]
    present = policies.default()
    past = Past(log, tmp_path / FOLDER, present)
    eleven, one = NOON - HOUR, NOON + HOUR
    before, after = past.board_at(eleven, Progress()), past.board_at(one, Progress())
    assert (before.policy_since, after.policy_since) == (MIDNIGHT + 9 * HOUR, NOON)
    # Both look at a customer who has waited for three minutes.
    assert before.columns.due_at[before.slot(1)] == MIDNIGHT + round(10.95 * HOUR) + 5 * MINUTE
    assert after.columns.due_at[after.slot(2)] == MIDNIGHT + round(12.95 * HOUR) + 2 * MINUTE
    assert_equal(before, recomputed(log.kept, eleven, SHIPPED), eleven)
    assert_equal(after, recomputed(log.kept, one, after.policy), one)
    asked = past.board_at(one, Progress(), under=SHIPPED)
    assert asked.policy_since is None
    assert_equal(asked, recomputed(log.kept, one, SHIPPED), one)


_VALUES: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        CHAT: st.integers(1, 600).map("{} min".format),
        "next_response.channel.web_chat": st.integers(1, 600).map("{} min".format),
        "service_level.peak_within": st.integers(1, 14).map("{} min".format),
        "calendar.peak_workdays": st.sampled_from([[], ["03:00-12:00"]]),
    },
)
_INSTANTS = st.integers(-1, 41).map(lambda slots: MIDNIGHT + slots * SLOT)


@settings(max_examples=60, deadline=None)
@given(logs(tickets=4, most=60), st.lists(st.tuples(_INSTANTS, _VALUES), max_size=4), _INSTANTS, st.booleans())
def test_any_instant_equals_a_recompute_under_the_policy_of_then(
    rows: Rows, edits: list[tuple[int, dict[str, Any]]], at: int, sealed: bool
) -> None:
    log = StoredLog(spread(rows))
    edits = sorted({at_: (at_, values) for at_, values in edits}.values(), key=lambda edit: edit[0])
    log.told_of_policy = [PolicyTold(*edit) for edit in edits]
    present = replace(SHIPPED, lost_after=HOUR)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / FOLDER
        if sealed:
            sealing.look_after(log, folder, present, MIDNIGHT + 45 * SLOT, Progress())
        board = Past(log, folder, present).board_at(at, Progress())
        held = [values for since, values in edits if since <= at] or [values for _at, values in edits[:1]]
        policy = policies.default() if held else present
        if held:
            site = Path(name) / "policy.toml"
            site.write_text("\n".join(f"{key} = {_toml(value)}" for key, value in held[-1].items()))
            policy = policies.load_over_default(site)
        assert policies.same(board.policy, policy)
        assert_equal(board, recomputed(log.kept, at, policy), at)


def _toml(value: object) -> str:
    return str(value).replace("'", '"') if isinstance(value, list) else f'"{value}"'
