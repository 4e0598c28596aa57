"""The dispatcher: everybody who listens hears each notice once, and nothing counts as sent that nobody heard."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from console.clock import MINUTE, SECOND
from console.errors import KnownError
from console.models.domain.escalation import News, Urgency
from console.models.domain.escalation_ports import Delivery, Waiting
from console.models.store.escalation_outbox import SqlOutbox
from console.scheduling.escalations.notices import LEASE, Notices
from tests.models.domain.escalation_cases import NOON, RULES, breach
from tests.scheduling.escalations.conftest import Centre


@pytest.fixture
def outbox(centre: Centre) -> SqlOutbox:
    return SqlOutbox(centre.writer)


@pytest.fixture
def notices(centre: Centre, outbox: SqlOutbox) -> Notices:
    return Notices(outbox, centre.clock)


def test_everybody_who_listens_hears_each_notice_once(centre: Centre, notices: Notices) -> None:
    here: list[Waiting] = []
    there: list[Waiting] = []
    notices.subscribe(here.append)
    end = notices.subscribe(there.append)
    centre.writer.raise_all([breach(1), breach(2, urgency=Urgency.P1)], NOON, RULES)
    assert notices.deliver() == 2
    assert [(notice.entry, notice.news, notice.again) for notice in here] == [
        (2, News.RAISED, False),
        (1, News.RAISED, False),
    ]
    assert there == here
    end()
    assert notices.deliver() == 0
    centre.writer.raise_all([breach(3)], NOON, RULES)
    assert notices.deliver() == 1
    assert (len(here), len(there)) == (3, 2)


def test_where_nobody_listens_nothing_is_sent_and_the_chain_climbs(centre: Centre, notices: Notices) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    assert notices.deliver() == 0
    centre.turn(5 * 60)
    heard: list[Waiting] = []
    notices.subscribe(heard.append)
    assert notices.deliver() == 2
    assert [(notice.to.name, notice.news) for notice in heard] == [
        ("shift_supervisor", News.CLIMBED),
        ("duty_manager", News.CLIMBED),
    ]


def test_one_console_that_fails_takes_the_news_from_no_other(centre: Centre, notices: Notices) -> None:
    heard: list[Waiting] = []

    def broken(_notice: Waiting) -> None:
        raise RuntimeError("the window is gone")

    end = notices.subscribe(broken)
    centre.writer.raise_all([breach(1)], NOON, RULES)
    assert notices.deliver() == 0
    notices.subscribe(heard.append)
    centre.writer.raise_all([breach(2)], NOON, RULES)
    assert notices.deliver() == 1
    assert [notice.entry for notice in heard] == [2]
    end()


def test_what_was_being_told_at_a_crash_is_told_again_and_says_so(
    centre: Centre, outbox: SqlOutbox, notices: Notices
) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    outbox.claim_notices(NOON, LEASE, 10)
    heard: list[Waiting] = []
    notices.subscribe(heard.append)
    centre.clock.advance(LEASE / SECOND - 1)
    assert notices.deliver() == 0
    centre.clock.advance(1)
    assert notices.deliver() == 1
    assert [(notice.entry, notice.again) for notice in heard] == [(1, True)]
    centre.clock.advance(MINUTE / SECOND)
    assert notices.deliver() == 0


def test_the_thread_tells_what_is_there_when_somebody_begins_to_listen(centre: Centre, notices: Notices) -> None:
    centre.writer.raise_all([breach()], NOON, RULES)
    told = threading.Event()
    notices.start()
    notices.subscribe(lambda _notice: told.set())
    assert told.wait(30)
    notices.stop()


def test_a_database_that_is_locked_and_a_bug_do_not_end_the_thread(centre: Centre) -> None:
    troubles: list[Exception] = [KnownError("locked"), RuntimeError("a bug")]
    turns: list[str] = []

    class Troubled:
        def claim_notices(self, at: int, lease: int, limit: int) -> list[Delivery]:
            turns.append("claim")
            if troubles:
                raise troubles.pop()
            return []

        def settle_notices(self, deliveries: Sequence[Delivery], sending: object, at: int) -> int:
            return 0

    class Thrice:
        def wait(self, seconds: float) -> bool:
            return len(turns) < 3

        def rest(self, seconds: float) -> bool:
            return True

        def wake(self) -> None: ...

        def end(self) -> None: ...

    notices = Notices(Troubled(), centre.clock, waiter=Thrice())
    notices.subscribe(lambda _notice: None)
    notices.start()
    notices.stop()
    assert len(turns) == 3
