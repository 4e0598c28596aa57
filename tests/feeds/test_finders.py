"""Where the finders of an engine begin: what ends while they read is found, what ended before a first start is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import MINUTE, SECOND, FixedClock
from console.engine import Engine
from console.feeds.finders import EngineFinders
from console.models.domain import attributes
from console.models.domain.contacts import Channel, ComplaintTier, Status
from console.models.domain.escalation import Cause
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Progress
from console.models.policy import policy as policies

NOON = 1_772_445_600_000_000
POLICY = policies.default()


class House:
    """An engine whose inbox is swept by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOON)
        self.engine = Engine(folder, clock=self.clock, policy=POLICY).open()
        self.finders = EngineFinders(self.engine, lambda: POLICY)
        self.engine.start()
        self._key = 0

    def tell(self, kind: Kind, ticket: str, value: int = 0) -> None:
        self._key += 1
        event = Event(kind, ticket, self.clock.now(), self._key, value=value)
        assert self.engine.intake.submit("desk", [event], origin=Origin.STREAM).wait(30)

    def answered_late(self, ticket: str) -> None:
        """A chat whose first answer came after half an hour."""
        self.tell(Kind.CREATED, ticket, attributes.pack(channel=Channel.WEB_CHAT))
        self.tell(Kind.CUSTOMER_MESSAGE, ticket)
        self.clock.advance(30 * 60)
        self.tell(Kind.PUBLIC_REPLY, ticket)
        self.tell(Kind.STATUS_CHANGED, ticket, Status.RESOLVED)

    def complaint(self, ticket: str) -> None:
        """One that a supervisor must see, over after a second."""
        self.tell(Kind.CREATED, ticket, attributes.pack(channel=Channel.WEB_CHAT, complaint=ComplaintTier.HIGH))
        self.clock.advance(1)
        self.tell(Kind.STATUS_CHANGED, ticket, Status.RESOLVED)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.engine.stop()


def found(house: House) -> set[tuple[int, Cause]]:
    crossings = house.finders.load(Progress())
    named = [one for finder in crossings for one in finder.between(NOON - 60 * MINUTE, house.clock.now())]
    return {(one.ticket, one.key.cause) for one in named}


def test_what_ends_while_the_finders_begin_is_found(house: House) -> None:
    house.finders.first_start_at = house.clock.now()
    house.clock.advance(0.5)
    house.complaint("T1")
    house.clock.advance(2)
    assert (1, Cause.COMPLAINT) in found(house)


def test_what_ended_before_the_first_start_is_its_past(house: House) -> None:
    house.complaint("T1")
    house.clock.advance(60)
    house.finders.first_start_at = house.clock.now()
    house.clock.advance(2)
    assert found(house) == set()


def test_a_sweep_that_was_quicker_changes_nothing(house: House) -> None:
    """It has kept its first instant when the finders ask how far the last run was."""
    house.complaint("T1")
    house.clock.advance(60)
    house.finders.first_start_at = house.clock.now()
    house.engine.watch(since=house.clock.now(), on_threads=False)
    kept = house.engine.inbox.watermark()
    assert kept is not None
    assert kept.began_at == house.finders.first_start_at
    house.clock.advance(2)
    assert found(house) == set()


def test_a_later_start_looks_back_behind_the_last_sweep(house: House) -> None:
    house.engine.watch(since=house.clock.now(), on_threads=False)
    house.clock.advance(5)
    house.complaint("T1")
    house.clock.advance(5)
    house.engine.watching.sweep_again()
    assert (1, Cause.COMPLAINT) in found(house), "the last run may not have raised it"
    assert house.clock.now() > NOON + 10 * SECOND


def test_who_was_answered_late_while_the_console_was_closed_is_history_after_an_hour(house: House) -> None:
    """Nobody has anything to do for them any more; a complaint that a supervisor must see is not over by that."""
    house.engine.watch(since=house.clock.now(), on_threads=False)
    house.clock.advance(60)
    house.answered_late("T1")
    house.complaint("T2")
    house.tell(Kind.CREATED, "T3", attributes.pack(channel=Channel.WEB_CHAT))
    house.clock.advance(3_600)
    house.answered_late("T4")
    named = found(house)
    assert {ticket for ticket, cause in named if cause is Cause.BREACH} == {3, 4}
    assert (2, Cause.COMPLAINT) in named
