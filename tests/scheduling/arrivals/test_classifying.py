"""What comes in is judged once, behind a watermark, and never over what somebody said."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path

import pytest

from console.clock import DAY, HOUR, MINUTE, FixedClock
from console.models.domain.arrival import Words
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, InquiryType, Role
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Batch
from console.models.domain.promises import promised_at
from console.models.policy import keywords
from console.models.policy.policy import default
from console.models.store.database import place
from console.models.store.log import EventLog, open_log
from console.scheduling.arrivals import classifying
from console.scheduling.arrivals.classifying import CURSOR, Classifying

REFUND = "我要退货，怎么申请退货？"


@pytest.fixture
def log(tmp_path: Path, clock: FixedClock) -> Iterator[EventLog]:
    with open_log(place(tmp_path / "data"), clock) as opened:
        yield opened


Make = Callable[..., Classifying]


@pytest.fixture
def make(log: EventLog, clock: FixedClock) -> Make:
    def made(words: Callable[[], Words] = keywords.default) -> Classifying:
        rules = default().complaints
        wait = log.wait_committed
        return Classifying(log.reader, log.intake, words, lambda: rules, clock, wait_committed=wait)

    return made


def hand_in(log: EventLog, *events: Event) -> None:
    assert log.intake.submit("desk", events, origin=Origin.STREAM).wait(30)
    assert log.wait_committed(log.reader.last_seq(), 30)


def arrives(ref: str, at: int, text: str = REFUND, **attributes: int) -> tuple[Event, Event]:
    packed = pack(channel=Channel.WEB_CHAT, **attributes)
    detail = {"subject": "", "customer": "C"}
    return (
        Event(Kind.CREATED, ref, at, f"{ref}.0", value=packed, detail=detail),
        Event(Kind.CUSTOMER_MESSAGE, ref, at, f"{ref}.1", native=1, role=Role.CUSTOMER, body=text),
    )


def types(log: EventLog, ticket: int) -> list[tuple[str, int]]:
    return [(one.source, one.value) for one in log.reader.timeline(ticket) if one.kind is Kind.TYPE_CHANGED]


def judge(classifying: Classifying) -> None:
    while classifying.judge_piece():
        pass


def test_what_comes_without_a_type_gets_one(log: EventLog, make: Make, clock: FixedClock) -> None:
    running = make()
    judge(running)
    hand_in(log, *arrives("T1", clock.now()), *arrives("T2", clock.now(), type=InquiryType.WARRANTY))
    judge(running)
    assert types(log, 1) == [(OWN_SOURCE, InquiryType.RETURN_EXCHANGE)]
    assert types(log, 2) == []


def test_switched_off_it_judges_nothing(log: EventLog, clock: FixedClock) -> None:
    rules = default().complaints
    running = Classifying(log.reader, log.intake, keywords.default, lambda: rules, clock, enabled=lambda: False)
    judge(running)
    hand_in(log, *arrives("T1", clock.now()))
    judge(running)
    assert types(log, 1) == []


def test_the_subject_of_a_letter_counts_too(log: EventLog, make: Make, clock: FixedClock) -> None:
    running = make()
    judge(running)
    letter, words = arrives("T1", clock.now(), "详见标题")
    hand_in(log, letter._replace(detail={"subject": REFUND, "customer": ""}), words)
    judge(running)
    assert types(log, 1) == [(OWN_SOURCE, InquiryType.RETURN_EXCHANGE)]


def test_nothing_is_missed_over_a_restart_and_nothing_said_twice(
    log: EventLog, make: Make, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifying, "PIECE", 3)
    first = make()
    judge(first)
    hand_in(log, *(event for number in range(6) for event in arrives(f"T{number}", clock.now())))
    assert first.judge_piece()
    second = make()
    judge(second)
    judge(make())
    assert [types(log, ticket) for ticket in range(1, 7)] == [[(OWN_SOURCE, InquiryType.RETURN_EXCHANGE)]] * 6
    assert int(str((log.reader.cursor(OWN_SOURCE) or {})[CURSOR])) > 6


def test_judged_again_from_an_older_watermark_it_says_the_same(log: EventLog, make: Make, clock: FixedClock) -> None:
    running = make()
    judge(running)
    hand_in(log, *arrives("T1", clock.now()))
    judge(running)
    before = log.reader.count()
    assert log.intake.submit(OWN_SOURCE, [], origin=Origin.OUTBOX, cursor={CURSOR: 0}).wait(30)
    judge(make())
    assert log.reader.count() == before


def test_a_correction_is_kept_whatever_the_customer_writes(log: EventLog, make: Make, clock: FixedClock) -> None:
    running = make()
    judge(running)
    hand_in(log, *arrives("T1", clock.now(), "嗯"))
    corrected = Event(Kind.TYPE_CHANGED, "1", clock.now() + 5, "c", role=Role.SUPERVISOR, value=InquiryType.WARRANTY)
    assert log.intake.submit(OWN_SOURCE, [corrected], origin=Origin.OUTBOX).wait(30)
    hand_in(log, arrives("T1", clock.now() + 9)[1]._replace(key="later"))
    judge(running)
    assert types(log, 1) == [(OWN_SOURCE, InquiryType.WARRANTY)]


def test_a_correction_comes_back_when_the_source_overwrites_it(log: EventLog, make: Make, clock: FixedClock) -> None:
    running, now = make(), clock.now()
    judge(running)
    hand_in(log, *arrives("T1", now))
    judge(running)
    corrected = Event(Kind.TYPE_CHANGED, "1", now + 50, "c", role=Role.SUPERVISOR, value=InquiryType.WARRANTY)
    assert log.intake.submit(OWN_SOURCE, [corrected], origin=Origin.OUTBOX).wait(30)
    judge(running)
    hand_in(log, Event(Kind.TYPE_CHANGED, "T1", now + 90, "agent", role=Role.AGENT, value=InquiryType.SUBSCRIPTION))
    judge(running)
    judge(make())
    assert types(log, 1)[-3:] == [
        (OWN_SOURCE, InquiryType.WARRANTY),
        ("desk", InquiryType.SUBSCRIPTION),
        (OWN_SOURCE, InquiryType.WARRANTY),
    ]
    again = corrected._replace(at=now + 99, key="d", value=InquiryType.SUBSCRIPTION)
    assert log.intake.submit(OWN_SOURCE, [again], origin=Origin.OUTBOX).wait(30)
    hand_in(log, Event(Kind.TYPE_CHANGED, "T1", now + 120, "agent2", role=Role.AGENT, value=InquiryType.SUBSCRIPTION))
    judge(running)
    assert types(log, 1)[-1] == ("desk", InquiryType.SUBSCRIPTION), "the newest correction counts"


def test_history_that_is_brought_in_is_no_arrival(log: EventLog, make: Make, clock: FixedClock) -> None:
    running = make()
    judge(running)
    hand_in(log, *arrives("T1", clock.now() - 2 * DAY))
    judge(running)
    assert types(log, 1) == []


def test_a_log_that_was_never_judged_begins_with_what_comes_from_now_on(
    log: EventLog, make: Make, clock: FixedClock
) -> None:
    hand_in(log, *arrives("T1", clock.now()))
    running = make()
    judge(running)
    hand_in(log, *arrives("T2", clock.now()))
    judge(running)
    assert (types(log, 1), len(types(log, 2))) == ([], 1)


class Broken:
    """Lexicons that fail on one text."""

    def __init__(self) -> None:
        self._real = keywords.default()
        self.inquiry_type = self
        self.emotion = self._real.emotion
        self.cause = self._real.cause
        self.publicity = self._real.publicity

    def classify(self, text: str) -> object:
        if "bad" in text:
            raise ZeroDivisionError
        return self._real.inquiry_type.classify(text)


def test_a_message_that_cannot_be_judged_keeps_no_other_from_it(
    log: EventLog, make: Make, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    running = make(Broken)
    judge(running)
    hand_in(log, *arrives("T1", clock.now(), "bad"), *arrives("T2", clock.now()))
    judge(running)
    assert (types(log, 1), len(types(log, 2))) == ([], 1)
    assert "ticket 1 could not be judged" in caplog.text


def test_on_its_thread_it_is_woken_by_what_comes(log: EventLog, make: Make, clock: FixedClock) -> None:
    said = threading.Event()

    def hear(batch: Batch) -> None:
        if (batch.rows["kind"] == Kind.TYPE_CHANGED).any():
            said.set()

    log.intake.subscribe(hear)
    running = make()
    running.start(log.intake)
    hand_in(log, *arrives("T1", clock.now()))
    assert said.wait(30)
    running.stop()


def replies(log: EventLog, clock: FixedClock, *told: tuple[str, Role]) -> None:
    hand_in(log, *arrives("T1", clock.now()))
    for number, (text, role) in enumerate(told):
        said_at = clock.now() + number
        hand_in(log, Event(Kind.PUBLIC_REPLY, "T1", said_at, f"r{number}", actor="Ann", role=role, body=text))


def promised(log: EventLog) -> list[tuple[str, int, int]]:
    said = [one for one in log.reader.timeline(1) if one.kind is Kind.PROMISE_MADE]
    return [(one.source, one.at, one.value) for one in said]


def listening(log: EventLog, clock: FixedClock) -> Classifying:
    def reading(text: str, at: int) -> int | None:
        return promised_at(text, at, UTC, DAY)

    rules = default().complaints
    running = Classifying(log.reader, log.intake, keywords.default, lambda: rules, clock, promised_at=reading)
    judge(running)
    return running


def test_what_an_agent_promises_is_a_clock(log: EventLog, clock: FixedClock) -> None:
    """R-PROMISE; a bot's words and "please wait a moment" promise nothing."""
    running = listening(log, clock)
    now = clock.now()
    replies(log, clock, ("请稍等", Role.AGENT), ("Please wait 5 minutes.", Role.BOT), ("请您稍等10分钟", Role.AGENT))
    judge(running)
    assert promised(log) == [(OWN_SOURCE, now + 3, now + 2 + 10 * MINUTE)]


def test_a_promise_that_the_source_tells_itself_is_not_told_twice(log: EventLog, clock: FixedClock) -> None:
    running = listening(log, clock)
    now = clock.now()
    replies(log, clock, ("I will get back to you within 2 hours.", Role.AGENT))
    hand_in(log, Event(Kind.PROMISE_MADE, "T1", now + 1, "p", value=now + 2 * HOUR))
    judge(running)
    assert promised(log) == [("desk", now + 1, now + 2 * HOUR)]
