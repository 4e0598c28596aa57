"""Finders in a process of their own say what finders in this one say; a process that is lost is replaced."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from console.clock import MINUTE, SECOND, SystemClock
from console.models.domain import attributes
from console.models.domain.contacts import Channel
from console.models.domain.escalation import Cause, Entry, Occurrence, State
from console.models.domain.escalation_ports import Crossings, Endings, Standing
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Cancelled, Progress
from console.models.live import snapshot
from console.models.live.catch_up import load_board
from console.models.policy import policy as policies
from console.models.store.database import place
from console.models.store.log import EventLog, open_log, open_reader
from console.scheduling.escalations import finders_apart
from console.scheduling.escalations.crossings import FollowsPolicy
from console.scheduling.escalations.finders import Finders
from console.scheduling.escalations.finders_apart import Beginning, FinderFailed, FindersApart
from console.scheduling.escalations.finders_process import AT_ONCE, Setting
from console.scheduling.escalations.loading import BuildsAnew

LONG = 30.0
POLICY = policies.default()
QUICK = replace(POLICY, inbox=replace(POLICY.inbox, stalled_after=MINUTE))
CLOCKS, STALLS, ALARMS = range(3)


class House:
    """A log with customers who wait, and finders apart that read it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        self.now = self.clock.now()
        self.place = place(folder)
        self.log: EventLog = open_log(self.place, self.clock)
        self.log.start()
        self.policy = POLICY
        self.lost = 0
        self.stores = True
        setting = Setting(partial(open_reader, self.place), self.place.directory / snapshot.FOLDER, self.clock, "en")
        self.apart = FindersApart(
            setting, lambda: self.policy, lambda: Beginning(self.now, ()), self._wait_committed, self._on_lost
        )
        self.log.intake.subscribe(self.apart.receive)
        self._key = 0

    def tell(self, kind: Kind, tickets: Sequence[str], at: int, value: int = 0, name: str = "") -> None:
        events = []
        for ticket in tickets:
            self._key += 1
            events.append(Event(kind, ticket, at, self._key, native=self._key, value=value, name=name))
        assert self.log.intake.submit("desk", events, origin=Origin.STREAM).wait(LONG)

    def customers(self, count: int, minutes: int = 30, first: int = 0) -> list[str]:
        """So many come on the chat and wait since so long, each with an owner who says nothing."""
        tickets = [f"T{first + number}" for number in range(count)]
        at = self.now - minutes * MINUTE
        self.tell(Kind.CREATED, tickets, at, attributes.pack(channel=Channel.WEB_CHAT))
        self.tell(Kind.CUSTOMER_MESSAGE, tickets, at + SECOND)
        self.tell(Kind.ASSIGNED, tickets, at + 2 * SECOND, name="Li Na")
        return tickets

    def here(self) -> Sequence[Crossings]:
        """The same finders in this process."""
        finders = Finders(self.log.reader, self.policy, self.clock)
        finders.begin(load_board(self.log.reader, None, self.policy, self.now, Progress()))
        return finders.load(self.now, (), Progress())

    def end_process(self, how: int = signal.SIGKILL) -> None:
        (process,) = [one for one in multiprocessing.active_children() if one.name == "finders"]
        assert process.pid is not None
        os.kill(process.pid, how)
        if how == signal.SIGKILL:
            process.join(LONG)

    def close(self) -> None:
        self.apart.stop()
        self.log.stop()

    def _wait_committed(self, seq: int, timeout: float | None) -> bool:
        return self.stores and self.log.wait_committed(seq, timeout)

    def _on_lost(self) -> None:
        self.lost += 1


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def named(found: Sequence[Occurrence]) -> list[tuple[object, ...]]:
    return sorted((one.key, one.rule, one.since, one.occurred_at, one.urgency, one.ticket, one.reason) for one in found)


def as_entries(found: Sequence[Occurrence]) -> list[Entry]:
    return [
        Entry(
            number,
            one.key,
            one.rule,
            one.ticket,
            one.since,
            one.occurred_at,
            State.RAISED,
            one.urgency,
            chain=("supervisor",),
            raised_at=one.occurred_at,
            due_at=one.occurred_at + MINUTE,
        )
        for number, one in enumerate(found, 1)
    ]


def test_they_say_what_finders_of_this_process_say(house: House) -> None:
    tickets = house.customers(40)
    apart = house.apart.load(Progress())
    here = house.here()
    assert [isinstance(one, Standing) for one in apart] == [isinstance(one, Standing) for one in here]
    assert [isinstance(one, FollowsPolicy | BuildsAnew) for one in apart] == [True] * 3
    for there, one in zip(apart, here, strict=True):
        found = there.between(house.now - 40 * MINUTE, house.now)
        assert named(found) == named(one.between(house.now - 40 * MINUTE, house.now))
        assert there.next_after(house.now) == one.next_after(house.now) or there is apart[CLOCKS]
    assert isinstance(apart[CLOCKS], Standing)
    stands = apart[CLOCKS].standing(house.now)
    assert len(stands) >= len(tickets)
    assert {one.key.cause for one in stands} == {Cause.BREACH, Cause.WAIT} or stands[0].key.cause is Cause.BREACH


def test_an_answer_knows_what_came_just_before_the_question(house: House) -> None:
    tickets = house.customers(3)
    clocks = house.apart.load(Progress())[CLOCKS]
    assert isinstance(clocks, Endings)
    entries = as_entries(clocks.between(house.now - 40 * MINUTE, house.now))
    assert entries
    assert clocks.ended(entries) == []
    house.tell(Kind.PUBLIC_REPLY, tickets[:1], house.now, name="Li Na")
    over = clocks.ended(entries)
    assert over
    assert {entry.ticket for entry in over} == {entries[0].ticket}


def test_long_answers_and_questions_come_in_pieces(house: House) -> None:
    tickets = house.customers(2 * AT_ONCE + 1)
    clocks = house.apart.load(Progress())[CLOCKS]
    assert isinstance(clocks, Endings)
    found = clocks.between(house.now - 40 * MINUTE, house.now)
    assert len({one.ticket for one in found}) == len(tickets)
    entries = as_entries(found)
    house.tell(Kind.PUBLIC_REPLY, tickets, house.now, name="Li Na")
    assert clocks.ended(entries) == entries


def test_what_comes_while_the_log_is_read_is_known(house: House) -> None:
    house.policy = QUICK
    house.customers(1, minutes=5)
    more = iter(range(100, 10_000, 100))

    def comes() -> bool:
        house.customers(1, minutes=5, first=next(more))
        return False

    stalls = house.apart.load(Progress(cancelled=comes))[STALLS]
    came = next(more) // 100
    assert came > 1
    assert len(stalls.between(0, house.now)) == came


def test_a_lost_process_is_told_once_and_replaced_by_one_that_knows_everything(house: House) -> None:
    house.customers(2)
    stalls = house.apart.load(Progress())[STALLS]
    assert len(stalls.between(0, house.now)) == 2
    house.end_process()
    with pytest.raises(FinderFailed):
        stalls.between(0, house.now)
    assert house.lost == 1
    house.customers(3, first=10)
    with pytest.raises(FinderFailed):
        stalls.next_after(house.now)
    assert house.lost == 1
    assert isinstance(stalls, BuildsAnew)
    stalls.build_anew(POLICY, Progress())
    assert len(stalls.between(0, house.now)) == 5


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be stopped here")
def test_a_process_that_says_nothing_is_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders_apart, "ANSWERS_WITHIN", 0.2)
    clocks = house.apart.load(Progress())[CLOCKS]
    house.end_process(signal.SIGSTOP)
    with pytest.raises(FinderFailed):
        clocks.next_after(house.now)
    assert house.lost == 1
    assert [one for one in multiprocessing.active_children() if one.name == "finders"] == []


def test_a_policy_is_followed(house: House) -> None:
    house.customers(2, minutes=2)
    found = house.apart.load(Progress())
    assert found[STALLS].between(0, house.now) == []
    assert isinstance(found[STALLS], FollowsPolicy)
    found[STALLS].set_policy(QUICK)
    assert len(found[STALLS].between(0, house.now)) == 2
    targets = found[CLOCKS]
    assert isinstance(targets, BuildsAnew)
    targets.build_anew(QUICK, Progress())
    with pytest.raises(Cancelled):
        targets.build_anew(QUICK, Progress(cancelled=lambda: True))
    assert targets.next_after(house.now) is not None, "it answers on"


def test_what_is_given_up_may_be_done_already(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders_apart, "LOOK_SECONDS", 0.0001)
    house.customers(50)
    clocks = house.apart.load(Progress())[CLOCKS]
    assert isinstance(clocks, BuildsAnew)
    given_up = 0
    for asked in range(20):
        answers = iter([False] * (1 + asked) + [True] * 1_000_000)
        try:
            clocks.build_anew(QUICK, Progress(cancelled=answers.__next__))
        except Cancelled:
            given_up += 1
        assert clocks.next_after(house.now) is not None
    assert given_up


def test_whoever_gives_up_leaves_no_process(house: House) -> None:
    with pytest.raises(Cancelled):
        house.apart.load(Progress(cancelled=lambda: True))
    assert [one for one in multiprocessing.active_children() if one.name == "finders"] == []


def test_nothing_is_read_before_the_log_holds_what_came(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders_apart, "STORED_WITHIN", 0.1)
    house.stores = False
    with pytest.raises(FinderFailed, match="not in the database"):
        house.apart.load(Progress())
    house.stores = True
    assert len(house.apart.load(Progress())) == 3


def test_a_finder_that_fails_there_fails_here(house: House) -> None:
    clocks = house.apart.load(Progress())[CLOCKS]
    with pytest.raises(FinderFailed, match="unsupported operand") as caught:
        clocks.between("now", house.now)  # type: ignore[arg-type]  # that is the failure
    assert "in between" in caught.value.__notes__[0], "where it failed there"
    assert clocks.between(house.now - MINUTE, house.now) == []
    assert house.lost == 0
