from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import FixedClock
from console.models.domain import attributes
from console.models.domain.contacts import Channel, Role, Status
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Batch, NameText, TicketText
from console.models.store.database import Place
from console.models.store.intake import EVENTS_PER_BATCH, StoreClosed
from console.models.store.log import EventLog
from console.models.store.soundness import EventsRejected
from tests.models.store.conftest import NOON, created, message

PATIENCE = 30


def hand_in(log: EventLog, *events: Event, source: str = "desk", cursor: dict[str, object] | None = None) -> None:
    assert log.intake.submit(source, events, origin=Origin.POLL, cursor=cursor).wait(PATIENCE)


def test_an_acknowledged_event_is_in_the_log(log: EventLog) -> None:
    hand_in(log, message("T-1", 7, at=NOON + 5, native=3, value=9, role=Role.CUSTOMER))
    rows = log.reader.read(0, 10).rows
    assert rows.size == 1
    row = rows[0]
    assert (row["at"], row["native"], row["key"], row["value"]) == (NOON + 5, 3, 7, 9)
    assert (row["kind"], row["role"]) == (Kind.CUSTOMER_MESSAGE, Role.CUSTOMER)


def test_subscribers_see_the_same_rows_and_words_as_the_log_keeps(log: EventLog, published: list[Batch]) -> None:
    hand_in(
        log,
        created("T-1", "a", name="Returns", detail={"subject": "坏了", "customer": "李雷"}),
        Event(Kind.ASSIGNED, "T-1", NOON, "b", actor="Ann", name="Bo"),
        message("T-2", "c"),
    )
    kept = log.reader.read(0, 10)
    assert np.array_equal(np.concatenate([batch.rows for batch in published]), kept.rows)
    assert [text for batch in published for text in batch.tickets] == list(kept.tickets)
    assert kept.tickets == [TicketText(1, "T-1", "坏了", "李雷"), TicketText(2, "T-2", "", "")]
    assert {name for batch in published for name in batch.names} == set(kept.names)
    assert set(kept.names) == {
        NameText("source", 1, "desk"),
        NameText("queue", 1, "Returns"),
        NameText("agent", 1, "Bo"),
        NameText("agent", 2, "Ann"),
    }


def test_names_become_the_value_of_events_that_name_something(log: EventLog) -> None:
    packed = attributes.pack(channel=Channel.WECHAT, status=Status.OPEN)
    hand_in(
        log,
        created("T-1", 1, value=packed, name="Returns"),
        Event(Kind.ASSIGNED, "T-1", NOON, 2, name="Ann"),
        Event(Kind.TAG_ADDED, "T-1", NOON, 3, name="vip"),
        Event(Kind.QUEUE_CHANGED, "T-1", NOON, 4, name="Payment"),
        Event(Kind.STATUS_CHANGED, "T-1", NOON, 5, value=Status.RESOLVED, name="ignored"),
    )
    values = log.reader.read(0, 10).rows["value"].tolist()
    assert values == [attributes.with_queue(packed, 1), 1, 1, 2, Status.RESOLVED]


def test_agents_and_channels_are_subjects_too(log: EventLog) -> None:
    hand_in(
        log,
        Event(Kind.AGENT_STATE, "Ann", NOON, 1, value=1),
        Event(Kind.CHANNEL_HEALTH, "wechat", NOON, 2, value=1),
        Event(Kind.HEARTBEAT, "desk", NOON, 3),
    )
    assert log.reader.read(0, 10).rows["subject"].tolist() == [1, Channel.WECHAT, 0]
    assert list(log.reader.texts()) == []


def test_the_same_reference_of_two_sources_is_two_tickets(log: EventLog) -> None:
    hand_in(log, message("T-1", 1), source="desk")
    hand_in(log, message("T-1", 1), source="shop")
    assert log.reader.read(0, 10).rows["subject"].tolist() == [1, 2]


def test_a_ticket_keeps_its_number_after_a_restart(log: EventLog, reopen: Callable[[], EventLog]) -> None:
    hand_in(log, message("T-1", 1), message("T-2", 2))
    log.stop()
    with reopen() as again:
        hand_in(again, message("T-2", 3), message("T-3", 4))
        rows = again.reader.read(0, 10).rows
    assert rows["subject"].tolist() == [1, 2, 2, 3]
    assert rows["seq"].tolist() == [1, 2, 3, 4]


def test_words_that_come_later_are_kept_and_never_blanked(log: EventLog, published: list[Batch]) -> None:
    hand_in(log, message("T-1", 1))
    hand_in(log, created("T-1", 2, detail={"subject": "Broken", "customer": "Li"}))
    hand_in(log, created("T-1", 3, detail={"customer": "Li Lei"}))
    hand_in(log, created("T-1", 4))
    assert list(log.reader.texts()) == [TicketText(1, "T-1", "Broken", "Li Lei")]
    assert published[1].tickets == [TicketText(1, "T-1", "Broken", "Li")]


def test_a_redelivery_changes_nothing(log: EventLog, published: list[Batch], reopen: Callable[[], EventLog]) -> None:
    first = message("T-1", "k", body="once")
    hand_in(log, first, first)
    hand_in(log, first)
    assert sum(len(batch.rows) for batch in published) == 1
    log.stop()
    with reopen() as again:
        hand_in(again, first, message("T-1", "l", body="twice"))
        assert [entry.body for entry in again.reader.timeline(1)] == ["once", "twice"]
        assert again.reader.count() == 2
        # The text of a re-delivered event is not kept a second time.
        with again.reader._engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM body").scalar() == 2


def test_integer_keys_are_kept_and_other_keys_digested(log: EventLog) -> None:
    keys = [-(2**63), 2**63 - 1, 2**63, "2", "２"]
    hand_in(log, *(message("T-1", key) for key in keys))
    kept = log.reader.read(0, 10).rows["key"].tolist()
    assert kept[:2] == keys[:2]
    assert len(set(kept)) == len(keys)


def test_the_cursor_is_saved_with_its_events(log: EventLog, clock: FixedClock) -> None:
    hand_in(log, message("T-1", 1), cursor={"page": 4})
    assert log.reader.cursor("desk") == {"page": 4}
    clock.advance(60)
    hand_in(log, message("T-1", 2, at=NOON + 1))
    hand_in(log, cursor={"page": 5})
    (state,) = log.reader.sources()
    assert state.cursor == {"page": 5}
    assert (state.name, state.last_at, state.last_received_at) == ("desk", NOON + 1, clock.now())
    assert log.reader.cursor("unheard") is None


def test_a_big_submission_is_published_in_small_batches(log: EventLog, published: list[Batch]) -> None:
    hand_in(log, *(message(f"T-{number % 90}", number) for number in range(2_345)))
    assert max(len(batch.rows) for batch in published) <= EVENTS_PER_BATCH
    assert np.concatenate([batch.rows for batch in published])["seq"].tolist() == list(range(1, 2_346))
    assert log.committed_seq == 2_345


def test_what_cannot_be_kept_is_refused_and_the_rest_is_kept(log: EventLog) -> None:
    bad = [
        message("T-1", 1, at=2**63),
        message("", 2),
        message("T-1", 3, kind=60),
        message("T-1", 4, value="many"),
        message(None, 5),
        message("T-1", 6, body=b"bytes"),
    ]
    receipt = log.intake.submit("desk", [message("T-1", 10), *bad, message("T-2", 11)], origin=Origin.POLL)
    with pytest.raises(EventsRejected) as caught:
        receipt.wait(PATIENCE)
    assert len(caught.value.reasons) == len(bad)
    assert log.reader.read(0, 10).rows["key"].tolist() == [10, 11]
    hand_in(log, message("T-3", 12))
    assert [text.ref for text in log.reader.texts()] == ["T-1", "T-2", "T-3"]


def test_a_submission_in_the_same_batch_is_not_blamed_for_its_neighbour(log: EventLog) -> None:
    receipts = [
        log.intake.submit("desk", [message("T-1", number, at=2**63 if number == 1 else NOON)], origin=Origin.POLL)
        for number in range(3)
    ]
    assert receipts[0].wait(PATIENCE)
    assert receipts[2].wait(PATIENCE)
    with pytest.raises(EventsRejected):
        receipts[1].wait(PATIENCE)


def test_half_a_character_is_replaced_not_refused(log: EventLog) -> None:
    hand_in(log, created("T-\ud800", "k\udfff", body="a\ud83d", detail={"subject": "\udc00!", "x": ["\udc00"]}))
    (text,) = log.reader.texts()
    (entry,) = log.reader.timeline(text.id)
    assert (text.ref, text.subject, entry.body, entry.detail) == ("T-?", "?!", "a?", {"x": ["?"]})


def test_a_failing_subscriber_does_not_stop_the_others(log: EventLog) -> None:
    def fail(_batch: Batch) -> None:
        raise RuntimeError("a bug in a screen")

    seen: list[Batch] = []
    log.intake.subscribe(fail)
    end = log.intake.subscribe(seen.append)
    hand_in(log, message("T-1", 1))
    end()
    hand_in(log, message("T-1", 2))
    assert len(seen) == 1
    assert log.reader.count() == 2


def test_a_closed_log_takes_nothing_and_says_so(log: EventLog) -> None:
    receipt = log.intake.submit("desk", [message("T-1", 1)], origin=Origin.POLL)
    log.stop()
    assert receipt.wait(0)
    with pytest.raises(StoreClosed):
        log.intake.submit("desk", [message("T-1", 2)], origin=Origin.POLL)


def test_many_threads_hand_in_at_once_and_nothing_is_lost(log: EventLog) -> None:
    def work(source: str) -> None:
        receipts = [
            log.intake.submit(source, [message(f"T-{n % 7}", n * 10 + i) for i in range(3)], origin=Origin.STREAM)
            for n in range(200)
        ]
        done.append(all(receipt.wait(PATIENCE) for receipt in receipts))

    done: list[bool] = []
    threads = [threading.Thread(target=work, args=(f"source {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True] * 4
    rows = log.reader.read(0, 10_000).rows
    assert len(rows) == len(set(rows[["source", "key"]].tolist())) == 4 * 600
    assert len({(text.ref, text.id) for text in log.reader.texts()}) == 4 * 7


EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from([Kind.CREATED, Kind.CUSTOMER_MESSAGE, Kind.ASSIGNED, Kind.AGENT_STATE]),
        subject=st.sampled_from(["A", "B", "工单"]),
        at=st.integers(0, 2**50),
        key=st.one_of(st.integers(0, 30), st.text(min_size=1, max_size=2)),
        actor=st.sampled_from(["", "Ann", "Bo"]),
        name=st.sampled_from(["", "x", "y"]),
        **{
            field: st.just(default)
            for field, default in Event._field_defaults.items()
            if field not in ("actor", "name")
        },
    ),
    max_size=40,
    unique_by=lambda event: event.key,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(events=EVENTS, cuts=st.lists(st.integers(0, 40), max_size=6), again=st.lists(st.integers(0, 39), max_size=10))
def test_any_split_and_any_redelivery_leave_each_event_once(
    tmp_path_factory: pytest.TempPathFactory,
    clock: FixedClock,
    events: list[Event],
    cuts: list[int],
    again: list[int],
) -> None:
    from console.models.store.database import place
    from console.models.store.log import open_log

    home: Place = place(tmp_path_factory.mktemp("split"))
    edges = sorted({0, len(events), *(cut for cut in cuts if cut < len(events))})
    with open_log(home, clock) as log:
        for start, end in pairwise(edges):
            hand_in(log, *events[start:end])
        hand_in(log, *(events[index] for index in again if index < len(events)))
        rows = log.reader.read(0, 1_000).rows
        assert rows["at"].tolist() == [event.at for event in events]
        assert rows["kind"].tolist() == [event.kind for event in events]
