"""Turns of a marketplace against a plain count over its log."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import HOUR, MINUTE, micros
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.policy.policy import Policy
from console.models.queries.reply_budgets import ChannelBudget, budgets
from tests.models.live.logs import START, chats
from tests.views.screens.centre import SHANGHAI, _day, shipped_policy

PERSONS = {Role.UNKNOWN, Role.AGENT, Role.SUPERVISOR}


def policy(channel: Channel = Channel.WEB_CHAT, *, bots_count: bool = False, **changes: object) -> Policy:
    shipped = shipped_policy()
    rules = replace(
        shipped.reply_rates[Channel.MARKETPLACE],
        enabled=True,
        bots_count=bots_count,
        **changes,  # type: ignore[arg-type]
    )
    return replace(shipped, reply_rates={channel: rules})


def turns(rows: Rows, limit: int, now: int, *, bots_count: bool) -> tuple[int, int, int]:
    """Met, missed and pending turns of a log, message by message."""
    met = missed = 0
    since: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (int(row["at"]), int(row["native"]), int(row["key"]))):
        ticket, at, kind = int(row["subject"]), int(row["at"]), row["kind"]
        if kind == Kind.CUSTOMER_MESSAGE:
            since.setdefault(ticket, at)
        elif kind == Kind.PUBLIC_REPLY and ticket in since and (row["role"] in PERSONS or bots_count):
            took = at - since.pop(ticket)
            met += took <= limit
            missed += took > limit
    overdue = sum(now - begun > limit for begun in since.values())
    return met, missed + overdue, len(since) - overdue


@given(chats(), st.booleans(), st.integers(1, 5), st.data())
def test_turns_equal_a_plain_count(rows: Rows, bots_count: bool, pieces: int, data: st.DataObject) -> None:
    replies = np.flatnonzero(rows["kind"] == Kind.PUBLIC_REPLY)
    bots = data.draw(st.integers(0, 255))
    for bit, place in enumerate(replies[:8].tolist()):
        rows["role"][place] = Role.BOT if bots >> bit & 1 else Role.AGENT
    rows = rows[np.lexsort((rows["key"], rows["native"], rows["at"]))]
    rows["seq"] = np.arange(1, rows.size + 1)
    board = Board(policy(bots_count=bots_count, window=(0, 24 * 60)))
    for part in np.array_split(rows, pieces):
        board.apply(Batch(part))
    now = START + HOUR
    (found,) = budgets(board, now)
    limit = found.rules.within
    assert (found.budget.met, found.budget.missed, found.budget.pending) == turns(
        rows, limit, now, bots_count=bots_count
    )


def day(until: tuple[int, int], rules: Policy) -> tuple[Board, int]:
    now = micros(datetime(2026, 11, 23, *until, tzinfo=SHANGHAI))
    batch, _log = _day(now, 7)
    board = Board(rules)
    board.load([batch])
    return board, now


def of_marketplace(until: tuple[int, int]) -> ChannelBudget:
    (found,) = budgets(*day(until, policy(Channel.MARKETPLACE)))
    return found


def test_a_day_of_the_marketplace() -> None:
    found = of_marketplace((10, 42))
    budget = found.budget
    assert found.is_complete
    assert budget.decided > 50
    assert budget.missed == found.late + found.lost + found.overdue
    assert (found.start, found.end) == tuple(micros(datetime(2026, 11, 23, hour, tzinfo=SHANGHAI)) for hour in (8, 23))
    # 162 minutes have passed and 738 are left.
    came = budget.decided + budget.pending
    assert budget.expected == came * 738 * MINUTE // (162 * MINUTE)


def test_no_budget_before_the_window_begins_or_without_a_goal() -> None:
    board, now = day((7, 30), policy(Channel.MARKETPLACE))
    assert budgets(board, now) == []
    assert budgets(board, now + 3 * HOUR)
    board, now = day((10, 42), shipped_policy())
    assert budgets(board, now) == []


def test_a_goal_that_is_set_in_the_middle_of_the_day_counts_from_then_on_and_says_so() -> None:
    board, now = day((10, 42), shipped_policy())
    board.policy = policy(Channel.MARKETPLACE)
    board.rebuild()
    (found,) = budgets(board, now + MINUTE)
    assert not found.is_complete
    assert now - 2 * MINUTE < found.counted_from <= now
    assert found.budget.met == 0


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED])
def test_a_ticket_that_ends_unanswered_is_a_miss(status: Status) -> None:
    from console.models.domain.attributes import pack
    from console.models.domain.events import ROW

    rows = np.zeros(3, dtype=ROW)
    born = pack(channel=Channel.WEB_CHAT)
    rows[0] = (1, START, 0, 1, born, 1, 0, Kind.CREATED, Role.CUSTOMER, 1)
    rows[1] = (2, START + MINUTE, 1, 2, 0, 1, 0, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1)
    rows[2] = (3, START + 2 * MINUTE, 2, 3, status, 1, 7, Kind.STATUS_CHANGED, Role.AGENT, 1)
    board = Board(policy(window=(0, 24 * 60)))
    board.apply(Batch(rows))
    (found,) = budgets(board, START + 10 * MINUTE)
    assert (found.lost, found.budget.missed, found.budget.met) == (1, 1, 0)
