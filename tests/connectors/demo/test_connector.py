"""The centre as a source: today at once, live as time passes, the past behind, and nothing twice after a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, MINUTE, SECOND, FixedClock, ScaledClock
from console.connectors.demo import DemoConnector, Site
from console.connectors.demo.backfill import Worker, WorkerLost, generate, pieces
from console.connectors.demo.bookmark import Bookmark, Entry, Filling, Job, day_of
from console.connectors.demo.contact import Mode
from console.connectors.demo.kernel import KEYS_PER_DAY
from console.connectors.demo.localday import local_day
from console.engine import Engine
from console.errors import UsageError
from console.models.domain.commands import OWN, Command, Outcome, Result, Verb
from console.models.domain.contacts import Status
from console.models.domain.events import FIRST_AGENT_KIND, Event, Kind, Origin
from console.zones import zone
from tests.connectors.demo.conftest import SEED, SHANGHAI, WEDNESDAY, live_through

YESTERDAY = WEDNESDAY - timedelta(days=1)
TODAY = local_day(WEDNESDAY, SHANGHAI)
TEN = TODAY.instant(10 * 3600)
LONG = 60.0
FEW = 700
SMALL = Site(SEED, SHANGHAI, FEW)


class Kept:
    """A receipt for what is safe already."""

    def wait(self, timeout: float | None = None) -> bool:
        return True


class Door:
    """Keeps what is handed in, and tells who waits for it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.handed: list[Sequence[Event]] = []
        self.cursor: Mapping[str, object] | None = None
        self.changed = threading.Condition()

    def submit(
        self, source: str, events: Sequence[Event], *, origin: Origin, cursor: Mapping[str, object] | None = None
    ) -> Kept:
        assert (source, origin) == ("demo", Origin.DEMO)
        with self.changed:
            self.events += events
            self.handed.append(events)
            self.cursor = cursor
            self.changed.notify_all()
        return Kept()

    def until(self, fits: Callable[[Event], bool]) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: any(map(fits, self.events)), LONG)

    def keys(self) -> list[int]:
        return [int(event.key) for event in self.events]


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(TEN)


@pytest.fixture
def connect(clock: FixedClock) -> Iterator[Callable[..., DemoConnector]]:
    made: list[DemoConnector] = []

    def connect(door: Door, past_days: int = 0, seed: int = SEED) -> DemoConnector:
        connector = DemoConnector(
            seed=seed,
            clock=clock,
            zone=SHANGHAI,
            past_days=past_days,
            contacts=FEW,
            cursor=door.cursor,
            past_rate=None,
        )
        made.append(connector)
        connector.start(door)
        assert connector.current.wait(LONG)
        return connector

    yield connect
    for connector in made:
        connector.stop()


Connect = Callable[..., DemoConnector]


@cache
def whole(day: date) -> list[Event]:
    return live_through(day, SMALL).all


def of_day(events: Sequence[Event], day: date) -> list[Event]:
    """The events of a day in order of time."""
    return sorted((e for e in events if e.native // KEYS_PER_DAY == day.toordinal()), key=lambda e: e.native)


def contacts(events: Sequence[Event]) -> list[str]:
    """The ticket of each event that happened to one."""
    return [event.subject for event in events if event.kind < FIRST_AGENT_KIND]


def upto(at: int, day: date = WEDNESDAY) -> list[Event]:
    return [event for event in whole(day) if event.at <= at]


def test_today_comes_first_up_to_the_clock_s_instant_and_no_further(door: Door, connect: Connect) -> None:
    connect(door)
    assert door.events == upto(TEN)


def test_events_follow_as_time_passes(door: Door, connect: Connect, clock: FixedClock) -> None:
    connect(door)
    expected = [event for event in upto(TEN + 10 * MINUTE) if event.at > TEN]
    clock.advance(600)
    door.until(lambda event: event.key == expected[-1].key)
    assert door.events[-len(expected) :] == expected


def test_a_quiet_source_is_still_heard_of(door: Door, connect: Connect, clock: FixedClock) -> None:
    connector = connect(door)
    clock.advance(600)
    expected = [event for event in upto(TEN + 10 * MINUTE) if event.at > TEN]
    door.until(lambda event: event.key == expected[-1].key)
    clock.advance(0.001)
    assert TEN <= connector.heard_at() <= clock.now()


def test_midnight_begins_another_day_and_finishes_the_old_one(door: Door, connect: Connect, clock: FixedClock) -> None:
    clock.advance((TODAY.end - MINUTE - TEN) / SECOND)
    connect(door)
    clock.advance(7_200)
    door.until(lambda event: event.at > TODAY.end + 100 * MINUTE)
    days = {event.native // KEYS_PER_DAY for event in door.events if event.at > TODAY.end}
    assert days == {WEDNESDAY.toordinal(), WEDNESDAY.toordinal() + 1}


def test_a_restart_goes_on_exactly_where_it_stopped(door: Door, connect: Connect, clock: FixedClock) -> None:
    connect(door).stop()
    before = len(door.events)
    clock.advance(3_600)
    connect(door)
    assert len(door.events) > before
    assert door.events == upto(TEN + HOUR)


def test_a_clock_that_was_set_back_brings_nothing_twice(door: Door, connect: Connect, clock: FixedClock) -> None:
    connect(door).stop()
    before = list(door.events)
    clock.jump(-3_600)
    connect(door)
    assert door.events == before


def test_past_days_come_newest_first_with_progress_and_are_complete(door: Door, connect: Connect) -> None:
    connector = connect(door, past_days=2)
    assert connector.filled.wait(LONG)
    assert connector.backfill == (2, 2)
    assert door.cursor is not None
    assert not Bookmark.read(door.cursor).filling
    days = [event.native // KEYS_PER_DAY for event in door.events]
    first = {day: days.index(day) for day in sorted(set(days))}
    today = WEDNESDAY.toordinal()
    assert sorted(first, key=first.__getitem__) == [today, today - 1, today - 2]
    assert of_day(door.events, YESTERDAY) == upto(TEN, YESTERDAY)


def test_nobody_sees_half_a_contact_of_a_past_day(door: Door, connect: Connect) -> None:
    """A contact of days ago whose end is still to come would seem to wait for days."""
    assert connect(door, past_days=2).filled.wait(LONG)
    whole = {ticket: len(list(events)) for ticket, events in groupby(sorted(contacts(door.events)))}
    yesterday = WEDNESDAY.toordinal()
    for events in door.handed:
        past = [event for event in events if event.native // KEYS_PER_DAY < yesterday]
        for ticket, part in groupby(sorted(contacts(past))):
            assert len(list(part)) == whole[ticket]


def test_contacts_that_stand_open_because_the_console_was_closed_are_finished_first(
    door: Door, connect: Connect, clock: FixedClock
) -> None:
    connect(door).stop()
    begun = set(contacts(door.events))
    clock.advance(3 * DAY / SECOND)
    before = len(door.events)
    assert connect(door, past_days=2).filled.wait(LONG)
    today = WEDNESDAY.toordinal() + 3
    past = [event for event in door.events[before:] if event.native // KEYS_PER_DAY < today]
    assert {event.native // KEYS_PER_DAY for event in past} == {today - 1, today - 2, today - 3}
    own = [ticket in begun for ticket in contacts(past)]
    assert own == sorted(own, reverse=True)
    assert any(own)


def test_it_says_when_nobody_stands_open_any_more_because_the_console_was_closed(
    door: Door, connect: Connect, clock: FixedClock
) -> None:
    first = connect(door)
    assert first.told.wait(LONG), "nothing was begun before the first start"
    first.stop()
    begun = set(contacts(door.events))
    clock.advance(3 * DAY / SECOND)
    connector = connect(door, past_days=2)
    assert connector.told.wait(LONG)
    with door.changed:
        there = {event.key for event in door.events}
    rest = [event for event in whole(WEDNESDAY) if event.subject in begun and event.at <= clock.now()]
    assert {event.key for event in rest} <= there


def test_what_yesterday_left_open_goes_on_live(door: Door, connect: Connect, clock: FixedClock) -> None:
    connector = connect(door, past_days=1)
    assert connector.filled.wait(LONG)
    clock.advance(12 * 3_600)
    expected = upto(TEN + 12 * HOUR, YESTERDAY)
    door.until(lambda event: event.key == expected[-1].key)
    assert of_day(door.events, YESTERDAY) == expected


@pytest.mark.parametrize("away", [0, 3_600, 30 * 3_600])
def test_an_interrupted_backfill_is_taken_up_again(away: int, door: Door, connect: Connect, clock: FixedClock) -> None:
    connector = connect(door, past_days=2)
    door.until(lambda event: event.native // KEYS_PER_DAY < WEDNESDAY.toordinal())
    connector.stop()
    assert not connector.filled.is_set()
    clock.advance(away)
    missing = connect(door, past_days=2)
    assert missing.filled.wait(LONG)
    whole = Door()
    assert connect(whole, past_days=2).filled.wait(LONG)
    assert sorted(door.keys()) == sorted(whole.keys())
    assert sorted(door.events, key=lambda e: e.native) == sorted(whole.events, key=lambda e: e.native)


def test_days_that_were_missed_while_the_console_was_closed_are_filled(
    door: Door, connect: Connect, clock: FixedClock
) -> None:
    connect(door).stop()
    clock.advance(2 * DAY / SECOND)
    connector = connect(door, past_days=2)
    assert connector.filled.wait(LONG)
    assert len(set(door.keys())) == len(door.events)
    own = [e for e in door.events if e.native // KEYS_PER_DAY == WEDNESDAY.toordinal()]
    assert sorted(own, key=lambda e: e.native)[:-1] == upto(TEN + 2 * DAY)[: len(own) - 1]
    assert len(own) == len(upto(TEN + 2 * DAY))


def test_texts_of_long_past_messages_are_not_there() -> None:
    jobs = Bookmark(SEED, "UTC").jobs(WEDNESDAY.toordinal(), TEN, 10, 7)
    assert [job.bodies for job in jobs] == [True] * 6 + [False] * 4


def chat(connector: DemoConnector, but: str = "") -> str:
    day = connector._centre.today
    return next(t.ref for t in day.contacts.values() if t.slot and t.mode is Mode.CHAT and t.ref != but)


def test_a_command_is_carried_out_and_read_back(door: Door, connect: Connect) -> None:
    connector = connect(door)
    ticket = chat(connector)
    result = connector.apply(Command("1", Verb.STATUS, ticket, value=Status.CLOSED, actor="boss"))
    assert result.outcome is Outcome.APPLIED
    assert (Kind.STATUS_CHANGED, ticket, Status.CLOSED, "boss") in [
        (e.kind, e.subject, e.value, e.actor) for e in door.events
    ]


def test_a_command_that_is_sent_twice_is_carried_out_once(door: Door, connect: Connect) -> None:
    connector = connect(door)
    note = Command("1", Verb.NOTE, chat(connector), text="once")
    assert connector.apply(note).outcome is Outcome.APPLIED
    assert connector.apply(note).outcome is Outcome.ALREADY
    connector.stop()
    assert connect(door).apply(note).outcome is Outcome.ALREADY
    assert sum(event.body == "once" for event in door.events) == 1


def test_a_refused_command_leaves_no_trace(door: Door, connect: Connect) -> None:
    connector = connect(door)
    before = len(door.events)
    assert connector.apply(Command("1", Verb.ASSIGN, chat(connector), "Nobody")).outcome is Outcome.REFUSED
    assert len(door.events) == before


def test_the_centre_tells_what_became_of_a_command(door: Door, connect: Connect) -> None:
    connector = connect(door)
    note = Command("1", Verb.NOTE, chat(connector), text="once")
    assert connector.ask(note) is None
    connector.apply(note)
    assert connector.ask(note) == Result(Outcome.APPLIED)
    connector.stop()
    stopped = connector.ask(note)
    assert stopped is not None
    assert stopped.outcome is Outcome.UNKNOWN
    assert connect(door).ask(note) == Result(Outcome.APPLIED)


def test_the_centre_does_not_keep_what_the_console_keeps_itself(door: Door, connect: Connect) -> None:
    connector = connect(door)
    before = len(door.events)
    for verb in OWN:
        assert connector.apply(Command(verb.value, verb, chat(connector), value=1)).outcome is Outcome.REFUSED
    assert len(door.events) == before


def test_a_centre_that_does_not_run_says_so(door: Door, connect: Connect) -> None:
    connector = connect(door)
    connector.stop()
    assert connector.apply(Command("1", Verb.NOTE, "x")).outcome is Outcome.UNKNOWN


def test_a_restarted_day_goes_the_way_that_the_commands_sent_it(
    door: Door, connect: Connect, clock: FixedClock
) -> None:
    connector = connect(door)
    closed = chat(connector)
    connector.apply(Command("1", Verb.STATUS, closed, value=Status.CLOSED))
    clock.advance(60)
    connector.apply(Command("2", Verb.UNASSIGN, chat(connector, but=closed)))
    connector.stop()
    clock.advance(3 * 3_600)
    connect(door).stop()

    again = Door()
    again.cursor = {**(door.cursor or {}), "counts": {}}
    connect(again)
    assert again.events == door.events
    assert not any(e.subject == closed and e.kind is Kind.PUBLIC_REPLY and e.at > TEN for e in again.events)


def test_a_command_on_yesterday_s_ticket_is_remembered_too(door: Door, connect: Connect, clock: FixedClock) -> None:
    connector = connect(door, past_days=1)
    assert connector.filled.wait(LONG)
    ticket = next(ref for tail in connector._centre.tails for ref, item in tail.open.items() if not item.contact.final)
    assert connector.apply(Command("1", Verb.STATUS, ticket, value=Status.CLOSED)).outcome is Outcome.APPLIED
    connector.stop()
    clock.advance(30 * 3_600)
    assert connect(door, past_days=2).filled.wait(LONG)
    after = [e for e in door.events if e.subject == ticket and e.at > TEN]
    assert after == []
    assert len(set(door.keys())) == len(door.events)


def test_another_seed_on_the_same_data_is_refused(door: Door, connect: Connect) -> None:
    connect(door).stop()
    with pytest.raises(UsageError, match="seed 7"):
        connect(door, seed=8)


def test_the_centre_stays_in_its_zone(door: Door, connect: Connect, clock: FixedClock) -> None:
    connect(door).stop()
    moved = DemoConnector(seed=SEED, clock=clock, zone=zone("Europe/Berlin"), past_days=0, cursor=door.cursor)
    assert str(moved._centre.site.zone) == "Asia/Shanghai"


def test_a_bookmark_says_the_same_after_having_been_written() -> None:
    command = Command("7", Verb.ASSIGN, "260304-00012", "somebody", 3, "text", "boss")
    bookmark = Bookmark(SEED, "Asia/Shanghai", {5, 3}, {739_000: 12}, [Entry(TEN, command)], {738_000: Filling(TEN, 7)})
    assert Bookmark.read(bookmark.written()) == bookmark
    assert bookmark.entries_of(WEDNESDAY.toordinal()) == (Entry(TEN, command),)
    assert bookmark.entries_of(WEDNESDAY.toordinal() + 1) == ()
    bookmark.finish(WEDNESDAY.toordinal())
    assert bookmark.journal == []


def test_a_reference_tells_its_day_and_a_strange_one_does_not() -> None:
    assert day_of("260304-00012") == WEDNESDAY.toordinal()
    assert day_of("ticket") is None
    assert day_of("269999-1") is None


def test_the_bookmark_lets_each_event_pass_once() -> None:
    events = upto(TEN)
    bookmark = Bookmark(SEED, "UTC")
    assert bookmark.fresh(events[:100]) == events[:100]
    assert bookmark.fresh(events[50:150]) == events[100:150]
    bookmark.finish(WEDNESDAY.toordinal())
    assert bookmark.fresh(events[150:]) == []


def test_the_real_log_keeps_it_all_and_its_cursor(tmp_path: Path, clock: FixedClock) -> None:
    counts = []
    for _ in range(2):
        with Engine(tmp_path, clock=clock) as engine:
            demo = DemoConnector(
                seed=SEED, clock=clock, zone=SHANGHAI, past_days=0, contacts=FEW, cursor=engine.log.cursor("demo")
            )
            engine.attach(demo)
            assert demo.current.wait(LONG)
            result = demo.apply(Command("1", Verb.NOTE, chat(demo), text="kept"))
            assert result.outcome is (Outcome.ALREADY if counts else Outcome.APPLIED)
        with Engine(tmp_path, clock=clock) as engine:
            counts.append(len(engine.log.read(0, 1_000_000).rows))
    assert counts == [len(upto(TEN)) + 1] * 2


def test_a_filled_past_is_not_generated_again(door: Door, connect: Connect) -> None:
    assert connect(door, past_days=3).filled.wait(LONG)
    assert door.cursor is not None
    jobs = Bookmark.read(door.cursor).jobs(WEDNESDAY.toordinal(), TEN, 3, 7)
    # The tails of yesterday and the day before go on; nothing is open any more of an earlier day.
    assert [job.ordinal for job in jobs] == [WEDNESDAY.toordinal() - 1, WEDNESDAY.toordinal() - 2]


def test_a_day_that_was_begun_long_ago_is_finished_even_so() -> None:
    bookmark = Bookmark(SEED, "UTC", counts={WEDNESDAY.toordinal() - 90: 12, WEDNESDAY.toordinal(): 3})
    jobs = bookmark.jobs(WEDNESDAY.toordinal(), TEN, 1, 7)
    assert [(WEDNESDAY.toordinal() - job.ordinal, job.after, job.bodies) for job in jobs] == [
        (90, 12, False),
        (1, 0, True),
    ]


def test_begun_days_come_before_the_one_that_was_being_filled_in() -> None:
    today = WEDNESDAY.toordinal()
    filling = {today - 3: Filling(TEN - DAY, 90), today - 2: Filling(TEN - DAY, 7)}
    jobs = Bookmark(SEED, "UTC", {today - 4}, {today - 2: 12, today: 3}, filling=filling).jobs(today, TEN, 5, 7)
    assert [(today - job.ordinal, job.until, job.after, job.handed) for job in jobs] == [
        (2, TEN - DAY, 12, 7),
        (3, TEN - DAY, 0, 90),
        (1, TEN, 0, 0),
        (5, TEN, 0, 0),
    ]


def test_a_past_day_is_generated_from_where_the_log_ends() -> None:
    job = Job(YESTERDAY.toordinal(), TEN, 40, 0, True, ())
    events, tail = generate(SMALL, job)
    assert events == upto(TEN, YESTERDAY)
    handed = [event for piece in pieces(SMALL, job) for event in piece.events]
    assert of_day(handed, YESTERDAY) == events[40:]
    assert tail is not None
    assert tail.ordinal == YESTERDAY.toordinal()
    rest = tail.advance(TEN + 5 * DAY)
    assert upto(TEN, YESTERDAY) + rest == whole(YESTERDAY)


def test_a_day_that_ended_while_the_console_ran_counts_as_done(door: Door, connect: Connect, clock: FixedClock) -> None:
    connect(door)
    clock.advance(4 * DAY / SECOND)
    door.until(lambda event: event.at > TEN + 4 * DAY - HOUR)
    clock.advance(3_600)
    door.until(lambda event: event.at > TEN + 4 * DAY)
    assert door.cursor is not None
    assert WEDNESDAY.toordinal() in Bookmark.read(door.cursor).done


def test_a_process_that_dies_leaves_the_present_alone(
    door: Door, connect: Connect, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_self: Worker, _seconds: float) -> None:
        raise WorkerLost("the process ended")

    monkeypatch.setattr(Worker, "take", lost)
    connector = connect(door, past_days=1)
    clock.advance(600)
    door.until(lambda event: event.at > TEN)
    connector.stop()
    assert not connector.filled.is_set()
    assert connector.backfill == (0, 1)


def test_a_command_of_the_future_comes_again_when_its_time_comes(
    door: Door, connect: Connect, clock: FixedClock
) -> None:
    connector = connect(door)
    ticket = chat(connector)
    connector.apply(Command("1", Verb.STATUS, ticket, value=Status.CLOSED))
    clock.advance(1_800)
    door.until(lambda event: event.at > TEN + 25 * MINUTE)
    connector.stop()
    before = list(door.events)
    clock.jump(-3_600)
    connector = connect(door)
    clock.advance(2 * 3_600)
    door.until(lambda event: event.at > TEN + 55 * MINUTE)
    connector.stop()
    assert door.events[: len(before)] == before
    assert len(set(door.keys())) == len(door.events)
    assert not any(e.subject == ticket and e.kind is Kind.PUBLIC_REPLY and e.at > TEN for e in door.events)


def test_catching_up_ends_however_fast_time_passes(door: Door) -> None:
    connector = DemoConnector(
        seed=SEED, clock=ScaledClock(TEN, 50_000.0), zone=SHANGHAI, speed=50_000.0, past_days=0, contacts=FEW
    )
    connector.start(door)
    try:
        assert connector.current.wait(LONG)
    finally:
        connector.stop()
    assert door.events
