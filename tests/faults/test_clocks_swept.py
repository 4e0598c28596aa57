"""Clocks of real tickets, swept by hand on a clock that is set: steps, sleeps, summer time, crashes, endings."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from console.clock import MINUTE, SECOND, FixedClock, micros
from console.engine import Engine
from console.errors import KnownError
from console.feeds.finders import EngineFinders
from console.models.domain import attributes
from console.models.domain.contacts import Channel
from console.models.domain.escalation import ANSWERED, SYSTEM, Entry, Event, Happening, State, Transition
from console.models.domain.escalation_rules import EscalationRules
from console.models.domain.events import Event as LogEvent
from console.models.domain.events import Kind, Origin
from console.models.domain.ports import Progress
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from console.scheduling.escalations.sweeper import Sweeper, Swept

NOON = 1_772_445_600_000_000
TARGET = 300
"""Seconds until the first response to a chat, by the shipped policy (R-FRT-CHAT)."""

NIGHT = """
[calendar]
time_zone = "Europe/Berlin"
[calendar.week]
monday = ["01:00-04:00"]
tuesday = ["01:00-04:00"]
wednesday = ["01:00-04:00"]
thursday = ["01:00-04:00"]
friday = ["01:00-04:00"]
saturday = ["01:00-04:00"]
sunday = ["01:00-04:00"]
makeup = ["01:00-04:00"]
[first_response.channel]
web_chat = "2 h"
"""


class Desk:
    """An engine whose inbox is swept by hand."""

    def __init__(self, folder: Path, policy: Policy, now: int = NOON) -> None:
        self.folder, self.policy, self.clock, self._key = folder, policy, FixedClock(now), 0
        self.open()

    def open(self) -> None:
        """Start, or start again after a crash: nothing is known but the database."""
        self.engine = Engine(self.folder, clock=self.clock, policy=self.policy).open()
        self.finders = EngineFinders(self.engine, lambda: self.policy)
        self.engine.start()
        found = self.finders.load(Progress())
        rules = self.policy.escalation
        self.sweeper = Sweeper(self.engine.escalations, self.engine.inbox, found, lambda: rules, self.clock)

    def crash(self, seconds: float = 0) -> None:
        self.engine.stop()
        self.clock.advance(seconds)
        self.open()

    def tell(self, kind: Kind, ticket: str, at: int | None = None) -> None:
        self._key += 1
        value = attributes.pack(channel=Channel.WEB_CHAT) if kind is Kind.CREATED else 0
        event = LogEvent(kind, ticket, self.clock.now() if at is None else at, self._key, value=value)
        assert self.engine.intake.submit("desk", [event], origin=Origin.STREAM).wait(30)

    def turn(self, seconds: float = 0) -> Swept:
        self.clock.advance(seconds)
        return self.sweeper.sweep()

    def breached(self) -> list[tuple[int, int]]:
        """Each ticket whose first response has an entry, and when its clock crossed."""
        return [
            (one.ticket, one.occurred_at)
            for one in self.engine.inbox.all_entries()
            if one.key.cycle == "first_response:1" and one.key.cause.key == "breach"
        ]

    def entry(self, ticket: int = 1) -> Entry:
        (entry,) = [one for one in self.engine.inbox.all_entries() if one.ticket == ticket and "first" in one.key.cycle]
        return entry


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, policies.default())
    opened.turn()
    yield opened
    opened.engine.stop()


@pytest.mark.parametrize("jump", [3_600.0, 7_200.0, 86_400.0], ids=["an hour", "a sleep of two hours", "a day"])
@pytest.mark.parametrize("crash", [False, True])
def test_a_step_forward_or_a_sleep_raises_each_once_and_only_what_waits(desk: Desk, jump: float, crash: bool) -> None:
    for ticket in ("T1", "T2"):
        desk.tell(Kind.CREATED, ticket)
    desk.turn(60)
    desk.tell(Kind.PUBLIC_REPLY, "T2")
    desk.clock.jump(jump)
    if crash:
        desk.crash()
    for _turn in range(3):
        desk.turn(1)
    assert desk.breached() == [(1, NOON + TARGET * SECOND)]
    desk.tell(Kind.CREATED, "T3")
    born = desk.clock.now()
    desk.turn(TARGET - 1)
    assert len(desk.breached()) == 1
    desk.turn(1)
    assert desk.breached()[1:] == [(3, born + TARGET * SECOND)]


@pytest.mark.parametrize("jump", [-3_600.0, -86_400.0], ids=["an hour", "a day"])
@pytest.mark.parametrize("crash", [False, True])
def test_a_step_back_loses_and_doubles_nothing(desk: Desk, jump: float, crash: bool) -> None:
    desk.tell(Kind.CREATED, "T1")
    desk.turn(TARGET)
    desk.tell(Kind.CREATED, "T2")
    desk.clock.jump(jump)
    if crash:
        desk.crash()
    desk.turn(1)
    desk.tell(Kind.CREATED, "T3")
    born = desk.clock.now()
    desk.turn(TARGET - 1)
    assert [ticket for ticket, _at in desk.breached()] == [1]
    desk.turn(1)
    # What was told on the wrong clock is due by that clock; what is told now by this one.
    assert desk.breached() == [(1, NOON + TARGET * SECOND), (3, born + TARGET * SECOND)]
    desk.clock.jump(-jump)
    for _turn in range(3):
        desk.turn(TARGET)
    assert [ticket for ticket, _at in desk.breached()] == [1, 3, 2]


@pytest.mark.parametrize(
    ("born", "due"),
    [
        # 01:30 CET; at 02:00 it is 03:00, so the night has 1 h 30 min left, the rest comes in the next from 01:00 CEST.
        ("2026-03-29T00:30:00+00:00", "2026-03-29T23:30:00+00:00"),
        # 01:30 CEST; the hour from two to three comes twice, so two hours later it is 02:30 CET of the same night.
        ("2026-10-24T23:30:00+00:00", "2026-10-25T01:30:00+00:00"),
    ],
    ids=["the hour that is left out", "the hour twice"],
)
def test_summer_time_is_worked_as_the_clock_on_the_wall_shows_it(tmp_path: Path, born: str, due: str) -> None:
    file = tmp_path / "night.toml"
    file.write_text(NIGHT, encoding="utf-8")
    began, until = (micros(datetime.fromisoformat(text)) for text in (born, due))
    desk = Desk(tmp_path, policies.load_over_default(file), began)
    desk.turn()
    desk.tell(Kind.CREATED, "T1")
    while desk.clock.now() < until - 2 * MINUTE:
        desk.turn(60)
        assert desk.breached() == []
    desk.turn((until - desk.clock.now()) / SECOND - 1)
    assert desk.breached() == []
    (entry,) = [one for one in desk.turn(1).raised if one.key.cycle == "first_response:1"]
    assert (entry.occurred_at, entry.raised_at) == (until, until)
    desk.crash(60)
    desk.turn(60)
    assert desk.breached() == [(1, until)]
    desk.engine.stop()


def test_what_came_too_late_is_raised_though_the_console_died_before_it_could(desk: Desk) -> None:
    desk.turn(20 * 60)
    # A source that was away tells of a ticket that was answered too late, and the console dies before the next turn.
    past = desk.clock.now() - 9 * MINUTE
    desk.tell(Kind.CREATED, "T1", past)
    desk.tell(Kind.PUBLIC_REPLY, "T1", past + (TARGET + 60) * SECOND)
    desk.crash(5)
    desk.turn()
    assert desk.breached() == [(1, past + TARGET * SECOND)]
    for _crash in range(2):
        desk.crash(5)
        desk.turn()
    assert len(desk.breached()) == 1


def endings(desk: Desk) -> list[str]:
    """How often the console itself resolved the entry."""
    return [past.reason for past in desk.engine.inbox.history(desk.entry().id) if past.what is Happening.RESOLVE]


def test_what_is_over_is_resolved_once_whenever_the_console_dies(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.tell(Kind.CREATED, "T1")
    desk.turn(TARGET)
    desk.tell(Kind.PUBLIC_REPLY, "T1")
    desk.crash(5)
    writer = desk.engine.escalations
    settle = writer.settle

    def die(entries: Sequence[Entry], at: int, rules: EscalationRules) -> list[Transition]:
        assert settle(entries, at, rules)
        raise KnownError("killed behind the commit")

    with monkeypatch.context() as dying:
        dying.setattr(writer, "settle", die)
        with pytest.raises(KnownError):
            desk.turn()
    for _crash in range(2):
        desk.crash(5)
        desk.turn()
    assert endings(desk) == [ANSWERED]
    assert desk.entry().state is State.RESOLVED


def test_a_person_and_the_console_do_not_both_have_it(desk: Desk) -> None:
    """Ann takes it at the moment at which the console sees that it is over: one of the two is told that it is late."""
    for round_ in range(12):
        ticket = f"R{round_}"
        desk.tell(Kind.CREATED, ticket)
        desk.turn(TARGET)
        desk.tell(Kind.PUBLIC_REPLY, ticket)
        entry = desk.entry(round_ + 1)
        start, taken = threading.Barrier(2), list[Entry]()

        def take(entry: Entry = entry, start: threading.Barrier = start, taken: list[Entry] = taken) -> None:
            start.wait()
            try:
                made = desk.engine.escalations.move(
                    entry.id,
                    Event(Happening.ACKNOWLEDGE),
                    desk.clock.now(),
                    "Ann",
                    desk.policy.escalation,
                    version=entry.version,
                )
            except KnownError:
                return
            taken.append(made.entry)

        ann = threading.Thread(target=take)
        ann.start()
        start.wait()
        settled = [made for made in desk.turn(3).moved if made.entry.id == entry.id]
        ann.join()
        now = desk.engine.inbox.entry(entry.id)
        assert bool(taken) != bool(settled)
        assert (now.owner, now.state) == (("Ann", State.ACKNOWLEDGED) if taken else ("", State.RESOLVED))
        moves = [past.actor for past in desk.engine.inbox.history(entry.id)]
        assert moves == [SYSTEM, "Ann" if taken else SYSTEM]
