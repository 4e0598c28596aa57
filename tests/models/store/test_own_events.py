"""What the console itself says of a ticket of another source: it names the ticket by its number in the log."""

from __future__ import annotations

from console.models.domain.contacts import InquiryType
from console.models.domain.events import OWN_SOURCE, Event, Kind, Origin
from console.models.domain.ports import Batch
from console.models.store.log import EventLog
from tests.models.store.conftest import NOON, created


def classified(ticket: str, key: str = "type") -> Event:
    return Event(Kind.TYPE_CHANGED, ticket, NOON, key, value=InquiryType.COMPLAINT)


def say(log: EventLog, *events: Event) -> None:
    assert log.intake.submit(OWN_SOURCE, events, origin=Origin.OUTBOX).wait(30)


def test_it_belongs_to_the_ticket_of_the_other_source(log: EventLog) -> None:
    assert log.intake.submit("desk", [created("T-1", 1), created("T-2", 2)], origin=Origin.POLL).wait(30)
    say(log, classified("2"))
    assert [(entry.kind, entry.source) for entry in log.reader.timeline(2)] == [
        (Kind.CREATED, "desk"),
        (Kind.TYPE_CHANGED, OWN_SOURCE),
    ]
    assert [text.ref for text in log.reader.texts()] == ["T-1", "T-2"], "no ticket of its own"


def test_said_twice_it_changes_nothing(log: EventLog) -> None:
    assert log.intake.submit("desk", [created("T-1", 1)], origin=Origin.POLL).wait(30)
    say(log, classified("1"))
    say(log, classified("1"))
    assert log.reader.count() == 2


def test_of_a_ticket_that_there_is_not_nothing_is_said(log: EventLog, published: list[Batch]) -> None:
    assert log.intake.submit("desk", [created("T-1", 1)], origin=Origin.POLL).wait(30)
    say(log, classified("2"), classified("0"), classified("T-1"), classified("1"))
    assert log.reader.count() == 2
    assert log.reader.last_ticket() == 1
    assert sum(len(batch.rows) for batch in published) == 2


def test_a_ticket_that_comes_in_the_same_batch_is_known_by_its_number_only_afterwards(log: EventLog) -> None:
    log.intake.submit("desk", [created("T-1", 1)], origin=Origin.POLL)
    say(log, classified("1"))
    say(log, classified("1"))
    assert log.reader.last_ticket() == 1
