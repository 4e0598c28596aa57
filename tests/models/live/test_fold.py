"""The board is what the log says, whatever order, split or repetition the events arrive in."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import DAY, micros
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.board import Board
from console.models.live.changes import Seen
from console.models.live.columns import ALL, STATE
from console.models.live.counters import Counters
from console.models.live.filters import Filter, Scope, mask
from console.models.live.minutes import Minutes
from console.models.live.sorted_index import entries
from console.models.live.sorts import ORDERS, Sort, keys
from console.models.policy import policy as policies
from console.models.policy.figures import NEVER
from tests.models.live import reference
from tests.models.live.logs import START, MemoryLog, arrive, logs

POLICY = policies.default()


def assert_is_the_fold_of(board: Board, rows: Rows) -> None:
    expected = reference.fold(rows)
    assert sorted(board.columns.of("id").tolist()) == sorted(expected)
    for ticket, state in expected.items():
        slot = board.slot(ticket)
        assert slot is not None
        told = {name: int(getattr(board.columns, name)[slot]) for name in STATE if name != "id"}
        assert told == {**dataclasses.asdict(state), "flags": int(state.flags)}
        assert int(board.columns.waiting_since[slot]) == state.waiting_since()


def assert_follows(board: Board) -> None:
    """Counts, minutes and lists equal those made from scratch."""
    columns = board.columns
    assert board.counters.equals(Counters.recount(columns))
    minutes = Minutes(POLICY)
    minutes.change(Seen.nothing(), Seen.everything(columns))
    assert board.minutes.equals(minutes)
    for tickets in board._lists:
        shown = np.flatnonzero(mask(tickets.filter, columns, board.texts, POLICY, tickets._now))
        wanted = np.sort(entries(keys(tickets.sort, columns, board.names, shown), shown))
        assert tickets.slots().tolist() == (wanted & ((1 << 22) - 1)).tolist()
    waiting = columns.of("waiting_since")
    waiting = waiting[waiting > 0]
    assert board.clocks.oldest() == (int(waiting.min()) if waiting.size else 0)
    for channel in Channel:
        of_channel = columns.of("channel") == channel
        since, due = columns.of("waiting_since")[of_channel], columns.of("due_at")[of_channel]
        assert board.clocks.oldest_by_channel()[channel] == min(since[since > 0], default=0)
        for now in (START, START + 1_200_000_000, START + 10_000_000_000):
            assert board.clocks.breached(now)[channel] == ((due > 0) & (due <= now)).sum()
            soon = (due > now) & (due <= now + POLICY.warning_by_channel[channel])
            assert board.clocks.due_soon(now)[channel] == soon.sum()
            never = (columns.of("first_reply_at")[of_channel] == 0) & (since > 0)
            created = columns.of("created_at")[of_channel]
            asked = never & (created >= START) & (created < now) & (created > 0)
            assert board.clocks.unanswered(START, now)[channel] == asked.sum()


@st.composite
def arrivals(draw: st.DrawFn) -> tuple[Rows, list[Rows]]:
    """A log, and the batches in which it arrives: shuffled, split anywhere, with repetitions."""
    rows = draw(logs())
    order = draw(st.permutations(range(rows.size)))
    again = draw(st.lists(st.integers(0, rows.size - 1), max_size=10))
    sent = list(order) + again
    arrived = rows[sent]
    arrived["seq"] = np.arange(1, arrived.size + 1)
    cuts = sorted(draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    return rows, [batch for batch in np.split(arrived, cuts) if batch.size]


@given(
    arrivals(),
    st.booleans(),
    st.frozensets(st.integers(0, 6)),
    st.sampled_from(sorted(ORDERS)),
    st.booleans(),
    st.sampled_from(Scope),
)
def test_any_arrival_gives_the_same_board(
    arrival: tuple[Rows, list[Rows]],
    refold_each_time: bool,
    counted: frozenset[int],
    order: str,
    descending: bool,
    scope: Scope,
) -> None:
    rows, batches = arrival
    board = Board(POLICY)
    tickets = board.list(Filter(scope=scope), Sort(order, descending))
    tickets.rebuild()
    arrive(board, MemoryLog(), batches, refold_each_time=refold_each_time, counted=counted)
    assert not board.late
    assert_is_the_fold_of(board, rows)
    assert_follows(board)
    assert len(tickets) == tickets.slots().size


@given(logs(tickets=3, most=80))
def test_loading_at_once_equals_living_through_it(rows: Rows) -> None:
    order = np.lexsort((rows["key"], rows["source"], rows["native"], rows["at"]))
    board = Board(POLICY)
    board.load([Batch(rows[order])])
    assert_is_the_fold_of(board, rows)
    assert_follows(board)


def events(*what: tuple[Kind, int, int]) -> Rows:
    """Rows of ticket 1: (kind, minute, value), agents' unless the kind is the customer's."""
    rows = np.zeros(len(what), dtype=ROW)
    for place, (kind, minute, value) in enumerate(what):
        role = Role.CUSTOMER if kind in (Kind.CREATED, Kind.CUSTOMER_MESSAGE) else Role.AGENT
        at = START + minute * 60_000_000
        rows[place] = (place + 1, at, place, place + 1, value, 1, 7, kind, role, 1)
    return rows


def board_after(*what: tuple[Kind, int, int]) -> Board:
    board = Board(POLICY)
    board.apply(Batch(events(*what)))
    return board


BORN = (Kind.CREATED, 0, pack(channel=Channel.WEB_CHAT))


def test_a_new_ticket_waits_since_it_was_created() -> None:
    board = board_after(BORN, (Kind.CUSTOMER_MESSAGE, 1, 0))
    assert board.columns.waiting_since[0] == START
    assert board.columns.due_at[0] == START + 300_000_000


def test_a_bots_reply_is_no_answer() -> None:
    rows = events(BORN, (Kind.PUBLIC_REPLY, 1, 0))
    rows["role"][1] = Role.BOT
    board = Board(POLICY)
    board.apply(Batch(rows))
    assert board.columns.waiting_since[0] == START
    assert board.columns.first_reply_at[0] == 0


def test_the_next_wait_starts_with_the_first_unanswered_message() -> None:
    board = board_after(BORN, (Kind.PUBLIC_REPLY, 1, 0), (Kind.CUSTOMER_MESSAGE, 5, 0), (Kind.CUSTOMER_MESSAGE, 9, 0))
    assert board.columns.waiting_since[0] == START + 5 * 60_000_000


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CLOSED, Status.SPAM, Status.DELETED])
def test_an_ended_ticket_does_not_wait(status: Status) -> None:
    board = board_after(BORN, (Kind.CUSTOMER_MESSAGE, 1, 0), (Kind.STATUS_CHANGED, 2, status))
    assert board.columns.waiting_since[0] == 0


def test_a_customer_who_writes_on_a_closed_ticket_waits_again() -> None:
    board = board_after(BORN, (Kind.STATUS_CHANGED, 2, Status.CLOSED), (Kind.CUSTOMER_MESSAGE, 8, 0))
    assert board.columns.waiting_since[0] == START + 8 * 60_000_000


def test_pending_stops_the_wait_of_an_answered_ticket_only() -> None:
    pending = (Kind.STATUS_CHANGED, 2, Status.PENDING_CUSTOMER)
    assert board_after(BORN, pending).columns.waiting_since[0] == 0
    asked = board_after(BORN, (Kind.CUSTOMER_MESSAGE, 1, 0), pending)
    assert asked.columns.waiting_since[0] == START


def test_two_events_of_one_ticket_in_one_batch_apply_in_order() -> None:
    board = board_after(
        BORN, (Kind.ASSIGNED, 1, 3), (Kind.ASSIGNED, 1, 4), (Kind.UNASSIGNED, 1, 0), (Kind.ASSIGNED, 1, 9)
    )
    assert board.columns.assignee[0] == 9


def test_a_late_event_refolds_only_its_ticket() -> None:
    rows = events(BORN, (Kind.STATUS_CHANGED, 9, Status.CLOSED), (Kind.CUSTOMER_MESSAGE, 5, 0))
    board = Board(POLICY)
    board.apply(Batch(rows[:2]))
    assert board.apply(Batch(rows[2:])).slots.size == 0
    assert board.late == {1: 3}
    board.replace(rows[:2], until=2)
    assert board.late == {1: 3}, "a reading from before the late event does not settle it"
    board.replace(rows, until=3)
    assert not board.late
    assert board.columns.messages[0] == 1


def test_counts_stop_at_the_top_of_their_type() -> None:
    board = board_after(BORN, *[(Kind.TRANSFERRED, minute, 0) for minute in range(1, 300)])
    assert board.columns.transfers[0] == 255


def test_the_first_new_ticket_after_loading_copies_no_column() -> None:
    rows = np.zeros(6_000, dtype=ROW)
    rows["seq"] = rows["key"] = rows["subject"] = np.arange(1, rows.size + 1)
    rows["kind"], rows["at"] = Kind.CREATED, START
    board = Board(POLICY)
    board.load([Batch(rows[:5_000])])
    columns = [getattr(board.columns, name) for name in ALL]
    board.apply(Batch(rows[5_000:]))
    assert board.columns.count == rows.size
    assert all(getattr(board.columns, name) is column for name, column in zip(ALL, columns, strict=True))


def test_the_due_time_follows_the_working_calendar(tmp_path: Path) -> None:
    """R-CLOCK: a mail of Friday 17:30 with an answer due in one working hour is due on Monday 09:30."""
    path = tmp_path / "site.toml"
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    week = "".join(f'{day} = ["09:00-12:00", "13:00-18:00"]\n' for day in days)
    path.write_text(
        '[calendar]\ntime_zone = "Asia/Shanghai"\nholidays = "cn"\n[calendar.week]\n'
        + week
        + 'saturday = []\nsunday = []\nmakeup = ["09:00-12:00"]\n[first_response.channel]\nemail = "1 h"\n',
        encoding="utf-8",
    )
    board = Board(policies.load_over_default(path))
    shanghai = ZoneInfo("Asia/Shanghai")
    friday = micros(datetime(2026, 3, 6, 17, 30, tzinfo=shanghai))
    eve = micros(datetime(2026, 12, 31, 17, 30, tzinfo=shanghai))
    rows = np.zeros(2, dtype=ROW)
    for place, at in enumerate((friday, eve)):
        born = pack(channel=Channel.EMAIL, status=Status.NEW)
        rows[place] = (place + 1, at, place + 1, place + 1, born, place + 1, 0, Kind.CREATED, 1, 1)
    board.apply(Batch(rows))
    due = board.columns.of("due_at").tolist()
    assert due[0] == micros(datetime(2026, 3, 9, 9, 30, tzinfo=shanghai))
    assert due[1] == NEVER, "the public holidays of 2027 are not announced"
    assert board.clocks.breached(eve + 400 * DAY)[Channel.EMAIL] == 1
