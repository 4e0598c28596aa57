"""Each point of the history and each hour of the sheet is what the balance says of this time (R-SKEW)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from console.clock import DAY, HOUR, MINUTE
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType
from console.models.domain.events import Kind
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.live.catch_up import load_board
from console.models.queries import balance_history
from console.models.queries.balance import balance
from console.models.queries.balance_history import BalanceHistory, Point
from console.models.queries.balance_windows import Window, days, hours
from console.models.queries.eligibility import directory_for
from console.models.queries.work_by_hour import work_by_hour
from tests.models.queries.test_balance import NINE, POLICY, TEAM, House

SPAN = Window(NINE, NINE + 2 * DAY)
RULES = POLICY.skew


class Reads:
    """Counts how often a log is read."""

    def __init__(self, log: object) -> None:
        self._log = log
        self.spans: list[tuple[int, int]] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._log, name)

    def between(self, start: int, end: int) -> object:
        self.spans.append((start, end))
        return self._log.between(start, end)  # type: ignore[attr-defined]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two days of contacts at random: some are passed on into another queue, some go on for a day and more."""
    made, chance = House(tmp_path), Random(5)
    for day in range(2):
        made.log_in(TEAM[:6], NINE + day * DAY, 4, team="Red", skills=["Chat", "Back"])
        made.tell(*((Kind.AGENT_LOGOUT, name, NINE + day * DAY + 9 * HOUR, "", "", 0) for name in TEAM[:6]))
    events = []
    for number in range(240):
        ticket, at = f"T{number}", NINE - DAY + chance.randrange(3 * DAY // MINUTE) * MINUTE
        channel = chance.choice([Channel.WEB_CHAT, Channel.PHONE, Channel.EMAIL])
        kind = chance.choice([InquiryType.COMPLAINT, InquiryType.WARRANTY])
        events.append((Kind.CREATED, ticket, at, "", "Chat", pack(channel=channel, type=kind)))
        for _step in range(chance.randrange(1, 4)):
            at += chance.choice([2 * MINUTE, 20 * MINUTE, 5 * HOUR, 26 * HOUR])
            agent = chance.choice(TEAM[:7])
            events.append((Kind.PUBLIC_REPLY, ticket, at, agent, "", 0))
            if chance.random() < 0.3:
                events.append((Kind.QUEUE_CHANGED, ticket, at + MINUTE, agent, "Back", 0))
            if chance.random() < 0.4:
                events.append((Kind.ENDED, ticket, at + MINUTE, agent, "", chance.randrange(9 * MINUTE)))
    made.tell(*events)
    yield made
    made.log.stop()


def known(house: House) -> tuple[Board, Directory]:
    board = load_board(house.log.reader, None, POLICY, SPAN.end, Progress())
    return board, directory_for(house.log.reader, board, RULES, SPAN.end)


def points(house: House, history: BalanceHistory, spans: tuple[Window, ...], now: int = SPAN.end) -> tuple[Point, ...]:
    return history.points(house.log.reader, *known(house), spans, now)


@pytest.mark.parametrize("by", [hours, days])
@pytest.mark.parametrize("limit", ["none", "queue", "type", "agent"])
def test_each_point_is_the_balance_of_its_time(house: House, by: object, limit: str) -> None:
    board, people = known(house)
    log = house.log.reader
    chosen = {
        "none": {},
        "queue": {"queue": frozenset({log.names()["queue"]["Back"]})},
        "type": {"type": frozenset({int(InquiryType.WARRANTY)})},
        "agent": {"agent": frozenset(list(people.people)[:3])},
    }[limit]
    spans = (hours if by is hours else days)(SPAN, POLICY)
    found = BalanceHistory(RULES).points(log, board, people, spans, SPAN.end, chosen)
    assert [point.span for point in found] == list(spans)
    for point in found:
        told = balance(log, board, *point.span, RULES, people, chosen)
        if told is None:
            assert point == Point(point.span)
            continue
        assert point.by_contacts is not None
        assert point.by_minutes is not None
        assert (point.agents, point.contacts) == (len(told.people), told.contacts.total)
        assert point.minutes == pytest.approx(told.minutes.total)
        for index, measured in ((point.by_contacts, told.contacts), (point.by_minutes, told.minutes)):
            verdict = measured.verdict
            assert index == pytest.approx((verdict.share, verdict.low, verdict.high, measured.gini))


def test_what_has_ended_is_kept_and_only_the_rest_is_read_again(house: House) -> None:
    history, spans = BalanceHistory(RULES), hours(SPAN, POLICY)
    board, people = known(house)
    log = Reads(house.log.reader)
    now = spans[-1].begin + MINUTE
    first = history.points(log, board, people, spans, now)  # type: ignore[arg-type]
    again = history.points(log, board, people, spans, now)  # type: ignore[arg-type]
    assert first == again
    assert [(start + 1, end + 1) for start, end in log.spans] == [
        (SPAN.begin - DAY, SPAN.end),
        (spans[-1].begin - DAY, SPAN.end),
    ]


def test_no_more_is_kept_than_a_screen_asks_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(balance_history, "_MOST_KEPT", 5)
    history, spans = BalanceHistory(RULES), hours(SPAN, POLICY)
    found = points(house, history, spans)
    log = Reads(house.log.reader)
    board, people = known(house)
    assert history.points(log, board, people, spans[-5:], SPAN.end) == found[-5:]  # type: ignore[arg-type]
    assert log.spans == [], "the last that were found"
    assert history.points(log, board, people, spans, SPAN.end) == found  # type: ignore[arg-type]
    assert log.spans, "the others are read again"


def test_a_late_event_forgets_what_it_changes(house: House) -> None:
    history, spans = BalanceHistory(RULES), hours(SPAN, POLICY)
    before = points(house, history, spans)
    late = spans[3].begin + MINUTE
    house.tell((Kind.CREATED, "Late", late, "", "Chat", 0), (Kind.PUBLIC_REPLY, "Late", late, TEAM[0], "", 0))
    after = points(house, history, spans)
    assert after == points(house, BalanceHistory(RULES), spans)
    assert after[3].contacts == before[3].contacts + 1
    assert after[:3] == before[:3]


def test_the_sheet_of_hours_is_the_balance_of_each_hour(house: House) -> None:
    board, people = known(house)
    log, spans = house.log.reader, hours(Window(NINE, NINE + 12 * HOUR), POLICY)
    sheet = work_by_hour(log, board, spans, RULES, people)
    assert sheet.names == tuple(sorted(TEAM[:6]))
    assert sheet.hours == spans
    for column, hour in enumerate(spans):
        told = balance(log, board, *hour, RULES, people)
        contacts = {} if told is None else {person.name: person.contacts for person in told.people}
        minutes = {} if told is None else {person.name: person.minutes for person in told.people}
        for row, name in enumerate(sheet.names):
            assert sheet.contacts[row, column] == contacts.get(name, 0)
            assert sheet.minutes[row, column] == pytest.approx(minutes.get(name, 0))
            assert sheet.staffed_minutes[row, column] == (60 if column < 9 else 0)
    assert sheet.contacts.sum() > 20
    red = work_by_hour(log, board, spans, RULES, people, {"agent": frozenset(sheet.agents[:2])})
    assert red.names == sheet.names[:2]
    assert (red.contacts == sheet.contacts[:2]).all()


def test_both_stop_when_asked_to(house: House) -> None:
    board, people = known(house)
    stop = Progress(cancelled=lambda: True)
    spans = hours(SPAN, POLICY)
    with pytest.raises(Cancelled):
        BalanceHistory(RULES).points(house.log.reader, board, people, spans, SPAN.end, progress=stop)
    with pytest.raises(Cancelled):
        work_by_hour(house.log.reader, board, spans, RULES, people, progress=stop)
    with pytest.raises(ValueError, match="hour"):
        work_by_hour(house.log.reader, board, (), RULES, people)
