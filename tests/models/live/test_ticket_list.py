"""A list built away from the GUI thread is repaired for what has changed meanwhile."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Priority, Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, NameText, Rows, TicketText
from console.models.live import ticket_list
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope, Urgency, mask
from console.models.live.sorted_index import SLOT_MASK, entries
from console.models.live.sorts import NAMED, ORDERS, Sort, keys
from console.models.live.ticket_list import TicketList
from console.models.policy import policy as policies
from tests.models.live.logs import START, logs

POLICY = policies.default()
HOUR = 3_600_000_000

moments = st.just(0) | st.integers(0, 8).map(lambda quarter: START + quarter * HOUR // 4)
filters = st.builds(
    Filter,
    scope=st.sampled_from(Scope),
    urgency=st.sampled_from(Urgency),
    values=st.dictionaries(
        st.sampled_from(["status", "channel", "priority"]), st.frozensets(st.integers(0, 8), min_size=1)
    ),
    groups=st.frozensets(st.integers(0, 4)),
    read_unanswered=st.booleans(),
    promise_broken=st.booleans(),
    window_closing=st.booleans(),
    text=st.sampled_from(["", "a", "t-3"]),
)
others = st.builds(
    Filter,
    scope=st.sampled_from(Scope),
    values=st.dictionaries(st.sampled_from(["status", "priority"]), st.frozensets(st.integers(0, 8), min_size=5)),
    groups=st.just(frozenset()) | st.frozensets(st.integers(0, 4), min_size=3),
    promised=st.booleans(),
    tickets=st.just(frozenset()) | st.frozensets(st.integers(1, 12), min_size=8),
    text=st.sampled_from(["", "t", "T-1", "t 3"]),
    **dict.fromkeys(
        ("created_from", "created_to", "resolved_from", "resolved_to", "replied_from", "replied_to"), moments
    ),
)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Filter, Filter]:
    """A filter, and another one that differs in a few conditions only, so that one often lies within the other."""
    one, other = draw(filters | others), draw(filters | others)
    changed = draw(st.sets(st.sampled_from([field.name for field in fields(Filter)]), max_size=3))
    return one, replace(one, **{name: getattr(other, name) for name in changed})


def ordered(rows: Rows) -> Rows:
    return rows[np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))]


def board_of(rows: Rows) -> Board:
    board = Board(POLICY)
    names = [TicketText(ticket, f"T-{ticket}", "abc"[ticket % 3], "") for ticket in range(1, 13)]
    board.load([Batch(ordered(rows), names)])
    return board


def assert_shows(tickets: TicketList, board: Board, now: int) -> None:
    shown = np.flatnonzero(mask(tickets.filter, board.columns, board.texts, POLICY, now))
    wanted = np.sort(entries(keys(tickets.sort, board.columns, board.names, shown), shown)) & SLOT_MASK
    assert tickets.slots().tolist() == wanted.tolist()
    for row, slot in enumerate(tickets.slots().tolist()):
        assert tickets.contains(slot)
        assert tickets.row_of(slot) == row


@given(logs(tickets=12), st.data(), filters, st.sampled_from(sorted(ORDERS)), st.booleans())
def test_a_list_built_while_tickets_change(
    rows: Rows, data: st.DataObject, chosen: Filter, order: str, descending: bool
) -> None:
    rows = ordered(rows)
    cut = data.draw(st.integers(0, rows.size))
    more = data.draw(st.integers(cut, rows.size))
    board = Board(POLICY)
    tickets = board.list()
    tickets.rebuild()
    names = [TicketText(ticket, f"T-{ticket}", "abc"[ticket % 3], "") for ticket in range(1, 13)]
    board.apply(Batch(rows[:cut], names))
    build = tickets.begin(chosen, Sort(order, descending), START + HOUR).run()
    board.apply(Batch(rows[cut:more], names))
    assert tickets.adopt(build)
    board.apply(Batch(rows[more:], names))
    assert_shows(tickets, board, START + HOUR)


@given(logs(tickets=12), pairs(), st.integers(0, 8))
def test_a_narrower_filter_lets_nothing_else_through(rows: Rows, pair: tuple[Filter, Filter], quarter: int) -> None:
    board = board_of(rows)
    wide, narrow = (mask(chosen, board.columns, board.texts, POLICY, START + quarter * HOUR // 4) for chosen in pair)
    if pair[1].narrows(pair[0]):
        assert not (narrow & ~wide).any()
    assert pair[0].narrows(pair[0])
    assert pair[0].narrows(Filter(scope=Scope.ALL))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({"scope": Scope.ALL}, {"scope": Scope.DONE}),
        ({"scope": Scope.IN_PROGRESS}, {"scope": Scope.WAITING}),
        ({"urgency": Urgency.ANY}, {"urgency": Urgency.SOON}),
        ({}, {"values": {"queue": frozenset({1})}}),
        ({"values": {"queue": frozenset({1, 2})}}, {"values": {"queue": frozenset({1})}}),
        ({"groups": frozenset({1, 2})}, {"groups": frozenset({2})}),
        ({"tickets": frozenset({1, 2})}, {"tickets": frozenset({2})}),
        ({"text": "ref"}, {"text": "Refund parcel"}),
        ({}, {"read_unanswered": True}),
        ({}, {"promised": True}),
        ({}, {"promise_broken": True}),
        ({"promised": True}, {"promise_broken": True}),
        ({}, {"window_closing": True}),
        *(({f"{what}_from": 5}, {f"{what}_from": 6}) for what in ("created", "resolved", "replied")),
        *(({f"{what}_to": 5}, {f"{what}_to": 4}) for what in ("created", "resolved", "replied")),
        *(({}, {f"{what}_to": 4}) for what in ("created", "resolved", "replied")),
    ],
)
def test_which_filter_lies_within_which(wide: dict[str, Any], narrow: dict[str, Any]) -> None:
    assert Filter(**narrow).narrows(Filter(**wide))
    assert not Filter(**wide).narrows(Filter(**narrow))


@given(logs(tickets=12), pairs(), st.sampled_from(sorted(ORDERS)), st.integers(1, 15))
def test_the_first_rows_are_those_of_the_list(rows: Rows, pair: tuple[Filter, Filter], order: str, count: int) -> None:
    board = board_of(rows)
    wide, narrow = pair
    tickets = board.list(wide, Sort(order), START)
    tickets.rebuild()
    found = tickets.first_rows(narrow, Sort(order), START + HOUR, count)
    assert tickets.first_rows(narrow, Sort(order, descending=True), START + HOUR, count) is None
    if not narrow.narrows(wide) or wide.depends_on_time:
        assert found is None
        return
    assert found is not None
    assert tickets.adopt(tickets.begin(narrow, Sort(order), START + HOUR).run())
    assert found.tolist() == tickets.window(0, count).tolist()


def test_rows_that_lie_far_apart_are_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticket_list, "_AT_ONCE_SECONDS", -1.0)
    board = Board(POLICY)
    board.columns.add(np.arange(1, 5, dtype=np.int32))
    tickets = board.list(Filter(scope=Scope.ALL))
    tickets.rebuild()
    assert tickets.first_rows(Filter(scope=Scope.DONE), Sort(), START, 1) is None


@given(logs(tickets=12), filters, st.lists(st.integers(-2, 6), min_size=1, max_size=4))
def test_time_moves_tickets_in_and_out(rows: Rows, chosen: Filter, hours: list[int]) -> None:
    board = Board(POLICY)
    tickets = board.list(chosen, Sort("due"), START)
    board.load([Batch(ordered(rows))])
    for hour in hours:
        now = START + hour * HOUR // 4
        board.pass_time(now)
        assert_shows(tickets, board, now)


@given(logs(tickets=12), st.data(), st.sampled_from(sorted(NAMED)), st.booleans())
def test_names_that_come_later_do_not_disturb_the_order(
    rows: Rows, data: st.DataObject, order: str, descending: bool
) -> None:
    rows = ordered(rows)
    cut = data.draw(st.integers(0, rows.size))
    board = Board(POLICY)
    tickets = board.list(Filter(scope=Scope.ALL), Sort(order, descending))
    tickets.rebuild()
    board.apply(Batch(rows[:cut]))
    names = [NameText(NAMED[order], id_, text) for id_, text in enumerate("dcbaf", 1)]
    board.apply(Batch(rows[cut:], names=names))
    assert sorted(tickets.slots().tolist()) == list(range(board.columns.count))
    assert tickets.is_stale
    build = tickets.begin(tickets.filter, tickets.sort, START)
    assert not tickets.is_stale, "a build under way is not begun again"
    assert tickets.adopt(build.run())
    assert not tickets.is_stale
    assert_shows(tickets, board, START)


def test_only_the_newest_build_is_adopted() -> None:
    board = Board(POLICY)
    tickets = board.list()
    older = tickets.begin(Filter(), Sort("id"), START)
    newer = tickets.begin(Filter(), Sort("priority"), START)
    assert not tickets.adopt(older.run())
    assert not older.go_on()
    assert tickets.adopt(newer.run())
    assert tickets.sort == Sort("priority")


@pytest.mark.parametrize("descending", [False, True])
def test_tickets_without_a_value_stand_last(descending: bool) -> None:
    board = Board(POLICY)
    slots = board.columns.add(np.arange(1, 5, dtype=np.int32))
    board.columns.promise_at[slots] = [0, START + 2, 0, START]
    order = keys(Sort("promise_at", descending), board.columns, board.names, slots)
    assert set(np.argsort(order, kind="stable")[2:].tolist()) == {0, 2}


def test_an_order_by_name_is_stale_when_a_name_is_added() -> None:
    board = Board(POLICY)
    tickets = board.list(Filter(), Sort("assignee"))
    tickets.rebuild()
    assert not tickets.is_stale
    board.apply(Batch(np.zeros(0, dtype=ROW), (), [NameText("agent", 1, "Li Wei")]))
    assert tickets.is_stale
    tickets.rebuild()
    assert not tickets.is_stale


def test_priority_sorts_by_due_time_within_one_priority() -> None:
    board = Board(POLICY)
    slots = board.columns.add(np.arange(1, 4, dtype=np.int32))
    board.columns.priority[slots] = [Priority.HIGH, Priority.LOW, Priority.HIGH]
    board.columns.due_at[slots] = [START + 2 * HOUR, START, START + HOUR]
    order = keys(Sort("priority", descending=False), board.columns, board.names, slots)
    assert np.argsort(order).tolist() == [1, 2, 0]


def test_columns_keep_their_rows_when_they_grow() -> None:
    board = Board(POLICY)
    slots = board.columns.add(np.arange(1, 5_000, dtype=np.int32))
    board.columns.due_at[slots] = slots + 7
    while board.columns.grow_ahead():
        pass
    board.columns.add(np.arange(5_000, 20_000, dtype=np.int32))
    assert board.columns.due_at[slots].tolist() == (slots + 7).tolist()
    assert not board.columns.due_at[5_000:].any()


def test_promises_break_and_windows_close_as_time_goes_by() -> None:
    """R-PROMISE, and WeChat's 48 hours (R-CLOCK): a ticket enters and leaves such a filter without any event."""
    rows = np.zeros(3, dtype=ROW)
    born = pack(channel=Channel.WECHAT)
    rows[0] = (1, START, 0, 1, born, 1, 0, Kind.CREATED, Role.CUSTOMER, 1)
    rows[1] = (2, START, 1, 2, 0, 1, 0, Kind.CUSTOMER_MESSAGE, Role.CUSTOMER, 1)
    rows[2] = (3, START, 2, 3, START + HOUR, 1, 7, Kind.PROMISE_MADE, Role.AGENT, 1)
    board = Board(POLICY)
    board.load([Batch(rows)])
    broken = board.list(Filter(promise_broken=True), Sort("promise_at"), START)
    closing = board.list(Filter(window_closing=True), Sort("due"), START)
    for tickets in (broken, closing):
        tickets.rebuild()
    seen = []
    for hours in (0.99, 1, 46.99, 47, 47.99, 48):
        board.pass_time(START + int(hours * HOUR))
        seen.append((len(broken), len(closing)))
    assert seen == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1), (1, 0)]
