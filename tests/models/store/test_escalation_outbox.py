"""Notices on their way: each claimed by one, settled once, and told again only where nobody knows."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.escalation import Event, Happening, News, Urgency
from console.models.domain.escalation_ports import Sending
from console.models.domain.ports import Progress
from console.models.store import database, schema
from console.models.store.database import Place
from console.models.store.escalation_outbox import SqlOutbox
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from tests.models.domain.escalation_cases import NOON, RULES, breach

LEASE = 5 * SECOND
TAKE = Event(Happening.ACKNOWLEDGE)


class Desk:
    """One database's inbox and its outbox."""

    def __init__(self, home: Place) -> None:
        home.directory.mkdir(exist_ok=True)
        schema.upgrade(home.file, Progress())
        self._readers = database.reader(home.file)
        self.write = SqlEscalations(database.writer(home.file), threading.Lock(), lambda _c, _m: None)
        self.read = SqlEscalationReader(self._readers)
        self.outbox = SqlOutbox(self.write)

    def fire(self, at: int) -> None:
        self.write.fire(self.write.claim_due(at, LEASE, 100), at, RULES)

    def states(self) -> list[int]:
        with self._readers.connect() as connection:
            return list(connection.exec_driver_sql("SELECT state FROM outbox ORDER BY id").scalars())

    def close(self) -> None:
        self.write.close()
        self._readers.dispose()


@pytest.fixture
def desk(home: Place) -> Iterator[Desk]:
    opened = Desk(home)
    yield opened
    opened.close()


def test_what_waits_is_claimed_most_urgent_first_and_by_one_alone(desk: Desk) -> None:
    desk.write.raise_all([breach(1), breach(2, urgency=Urgency.P1)], NOON, RULES)
    taken = desk.outbox.claim_notices(NOON, LEASE, 10)
    assert [(notice.entry, notice.news, notice.again) for notice, _epoch in taken] == [
        (2, News.RAISED, False),
        (1, News.RAISED, False),
    ]
    assert desk.outbox.claim_notices(NOON + LEASE - 1, LEASE, 10) == []
    assert desk.read.waiting(10) == []
    assert desk.outbox.settle_notices(taken, Sending.SENT, NOON + SECOND) == 2
    assert desk.states() == [Sending.SENT, Sending.SENT]
    assert desk.outbox.claim_notices(NOON + HOUR, LEASE, 10) == []


def test_what_a_dead_console_was_sending_is_told_again_and_says_so(desk: Desk) -> None:
    desk.write.raise_all([breach()], NOON, RULES)
    (before,) = desk.outbox.claim_notices(NOON, LEASE, 10)
    (again,) = desk.outbox.claim_notices(NOON + LEASE, LEASE, 10)
    assert again.notice == before.notice._replace(again=True)
    assert again.epoch == before.epoch + 1


def test_who_slept_past_the_lease_settles_nothing(desk: Desk) -> None:
    desk.write.raise_all([breach()], NOON, RULES)
    asleep = desk.outbox.claim_notices(NOON, LEASE, 10)
    awake = desk.outbox.claim_notices(NOON + LEASE, LEASE, 10)
    assert desk.outbox.settle_notices(asleep, Sending.FAILED, NOON + LEASE) == 0
    assert desk.outbox.settle_notices(awake, Sending.SENT, NOON + LEASE) == 1
    assert desk.outbox.settle_notices(awake, Sending.FAILED, NOON + LEASE) == 0
    assert desk.states() == [Sending.SENT]


def test_newer_news_for_the_same_ears_takes_the_place_of_what_was_not_sent(desk: Desk) -> None:
    desk.write.raise_all([breach()], NOON, RULES)
    for number in range(1, 6):
        desk.fire(NOON + number * 5 * MINUTE)
    # Nobody listened for half an hour: each level hears one thing, the last one.
    assert [(notice.to.name, notice.news) for notice in desk.read.waiting(10)] == [
        ("shift_supervisor", News.EXHAUSTED),
        ("duty_manager", News.EXHAUSTED),
        ("head_of_service", News.EXHAUSTED),
    ]


def test_what_was_being_sent_when_somebody_took_it_is_not_told_again(desk: Desk) -> None:
    desk.write.raise_all([breach(1), breach(2)], NOON, RULES)
    sending = desk.outbox.claim_notices(NOON, LEASE, 10)
    desk.write.move(1, TAKE, NOON + SECOND, "Ann", RULES)
    desk.write.move(2, TAKE, NOON + LEASE, "Ann", RULES)
    # The first one's sender still lives, as far as anybody knows; the second one's lease had ended.
    assert desk.states() == [Sending.SENDING, Sending.SILENCED]
    assert desk.outbox.settle_notices(sending, Sending.SENT, NOON + LEASE) == 1


def test_a_step_back_of_the_clock_ends_the_leases(desk: Desk) -> None:
    desk.write.raise_all([breach()], NOON, RULES)
    desk.outbox.claim_notices(NOON, LEASE, 10)
    desk.write.rebase(-HOUR, NOON - HOUR)
    assert [notice.again for notice, _epoch in desk.outbox.claim_notices(NOON - HOUR, LEASE, 10)] == [True]


def test_everybody_who_has_something_is_known(desk: Desk) -> None:
    desk.write.raise_all([breach(1), breach(2), breach(3)], NOON, RULES)
    desk.write.move(1, TAKE, NOON, "Ann", RULES)
    desk.write.move(2, TAKE, NOON, "Bob", RULES)
    desk.write.move(2, Event(Happening.RESOLVE, "done"), NOON, "Bob", RULES)
    assert desk.read.owners() == {"Ann"}
