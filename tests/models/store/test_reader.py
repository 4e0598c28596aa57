from __future__ import annotations

import threading

import numpy as np
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from console.errors import SetupError
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Cancelled, Clock, PolicyTold, Progress, Rows
from console.models.store import sealing, segments, upkeep
from console.models.store.columns import between, scan
from console.models.store.database import Place
from console.models.store.log import EventLog, open_log, open_reader, pending_revisions
from console.models.store.reader import POLICIES, SqlLogReader
from tests.models.store.conftest import NOON, created, message

PATIENCE = 30
EVENTS = 1_000


def some_events(count: int = EVENTS) -> list[Event]:
    """Tickets of four events each; every ninth event is a day old."""
    return [
        message(f"T-{number // 4}", number, at=NOON + number * 1_000 - (86_400_000_000 if number % 9 == 0 else 0))
        for number in range(count)
    ]


@pytest.fixture
def sealed(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> EventLog:
    """A log of a thousand events of which nine hundred lie in segments of a hundred."""
    assert log.intake.submit("desk", some_events(), origin=Origin.POLL).wait(PATIENCE)
    monkeypatch.setattr(sealing, "SEGMENT_ROWS", 100)
    sealer = sealing.Sealer(log.reader._engine, log._writer._between_commits, EVENTS - 50)
    with log._writer._engine.connect() as connection:
        while sealer.seal(connection):
            connection.rollback()
        assert segments.sealed_until(connection) == 900
    return log


def by_hand(log: EventLog) -> Rows:
    """All rows straight out of the table."""
    with log.reader._engine.connect() as connection:
        names = ", ".join(f'"{name}"' for name in segments.ROW.names or ())
        found = connection.exec_driver_sql(f"SELECT {names} FROM event ORDER BY seq")
        return np.array([tuple(row) for row in found], segments.ROW)


def test_an_empty_log_reads_as_nothing(log: EventLog) -> None:
    reader = log.reader
    assert (reader.last_seq(), reader.count(), reader.first_at(), reader.last_at()) == (0, 0, 0, 0)
    assert reader.read(0, 10).rows.size == reader.between(0, NOON).size == reader.of_tickets([1, 2]).size == 0
    assert list(reader.scan()) == list(reader.texts()) == list(reader.text_blocks()) == reader.sources() == []
    assert reader.timeline(1) == []


@pytest.mark.parametrize(("after", "limit"), [(0, 10), (0, 5_000), (95, 10), (850, 100), (950, 7), (1_000, 5)])
def test_reading_on_gives_the_next_events_in_order(sealed: EventLog, after: int, limit: int) -> None:
    rows = sealed.reader.read(after, limit).rows
    assert np.array_equal(rows, by_hand(sealed)[after : after + limit])


def test_reading_in_steps_brings_every_word_once(sealed: EventLog) -> None:
    after, refs = 0, []
    while len((batch := sealed.reader.read(after, 130)).rows):
        after = int(batch.rows["seq"][-1])
        refs += [text.ref for text in batch.tickets]
    assert refs == [f"T-{number}" for number in range(EVENTS // 4)]


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, NOON), (NOON, NOON + 250_000), (NOON + 899_000, NOON + 2_000_000), (0, 2**62), (NOON - 86_400_000_000, NOON)],
)
def test_between_finds_exactly_the_events_of_a_span_of_time(sealed: EventLog, start: int, end: int) -> None:
    rows = by_hand(sealed)
    wanted = rows[(rows["at"] > start) & (rows["at"] <= end)]
    assert np.array_equal(np.sort(sealed.reader.between(start, end), order="seq"), wanted)


def test_segments_and_table_agree(sealed: EventLog) -> None:
    with sealed.reader._engine.connect() as connection:
        pieces = list(scan(connection, 0, EVENTS))
    assert len(pieces) == 10
    assert np.array_equal(np.concatenate(pieces), by_hand(sealed))
    assert np.array_equal(sealed.reader.rows(123, 456), by_hand(sealed)[123:456])


def test_a_damaged_segment_costs_time_but_no_events(sealed: EventLog) -> None:
    with sealed._writer._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE segment SET data = substr(data, 1, 90) WHERE last = 200")
        connection.exec_driver_sql("UPDATE segment SET data = x'00' WHERE last = 300")
        flipped = "CAST(substr(data, 1, 60) || x'ffff' || substr(data, 63) AS BLOB)"
        connection.exec_driver_sql(f"UPDATE segment SET data = {flipped} WHERE last = 400")
        connection.commit()
    with sealed.reader._engine.connect() as connection:
        assert np.array_equal(np.concatenate(list(scan(connection, 0, EVENTS))), by_hand(sealed))
        assert sum(map(len, between(connection, 0, 2**62))) == EVENTS


def test_segments_of_another_layout_are_made_again(sealed: EventLog) -> None:
    with sealed._writer._engine.connect() as connection:
        connection.exec_driver_sql("UPDATE segment SET layout = 1")
        connection.commit()
        assert np.array_equal(sealed.reader.rows(0, EVENTS), by_hand(sealed))
        sealer = sealing.Sealer(sealed.reader._engine, sealed._writer._between_commits, EVENTS)
        assert sealer.seal(connection)
        layouts = connection.exec_driver_sql("SELECT DISTINCT layout FROM segment").scalars().all()
        assert layouts == [segments.LAYOUT]


def test_rows_are_sealed_as_they_come_in(home: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SEGMENT_ROWS", 64)
    monkeypatch.setattr(upkeep, "ROWS_BETWEEN_CHECKPOINTS", 1)
    most = threading.Event()

    def keep(connection: Connection, span: segments.Span, data: bytes) -> None:
        segments.keep(connection, span, data)
        if span.last > EVENTS * 0.9:
            most.set()

    monkeypatch.setattr(sealing, "keep", keep)
    with open_log(home, clock) as log:
        events = some_events()
        for start in range(0, EVENTS, 100):
            # Some are handed in twice: which rows are new is then known to the table alone.
            log._encoder._keys._young.clear()
            again = events[max(0, start - 20) : start + 100]
            assert log.intake.submit("desk", again, origin=Origin.POLL).wait(PATIENCE)
        assert most.wait(PATIENCE)
        wanted = by_hand(log)
        assert np.array_equal(log.reader.rows(0, log.committed_seq), wanted)
        assert wanted["key"].tolist() == list(range(EVENTS))


def test_the_end_of_a_run_is_sealed_for_the_next(home: Place, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "FEW_ROWS", 100)
    for start in (0, EVENTS // 2):
        with open_log(home, clock) as log:
            events = some_events()[start : start + EVENTS // 2]
            assert log.intake.submit("desk", events, origin=Origin.POLL).wait(PATIENCE)
    reader = open_reader(home)
    try:
        with reader._engine.connect() as connection:
            pieces = list(scan(connection, 0, EVENTS))
        assert [len(piece) for piece in pieces] == [EVENTS // 2, EVENTS // 2]
        assert np.concatenate(pieces)["key"].tolist() == list(range(EVENTS))
    finally:
        reader.close()


def test_first_and_last_instant_of_the_log(sealed: EventLog) -> None:
    at = by_hand(sealed)["at"]
    assert (sealed.reader.first_at(), sealed.reader.last_at()) == (at.min(), at.max())


def test_the_events_of_tickets_until_an_instant(sealed: EventLog) -> None:
    rows = by_hand(sealed)
    wanted = rows[np.isin(rows["subject"], [3, 200])]
    assert np.array_equal(np.sort(sealed.reader.of_tickets([3, 200, 9_999]), order="seq"), wanted)
    until = int(wanted["at"].max()) - 1
    assert np.array_equal(
        np.sort(sealed.reader.of_tickets(iter([3, 200]), until), order="seq"), wanted[wanted["at"] <= until]
    )
    assert len(sealed.reader.of_tickets(range(1, 251))) == EVENTS


def test_an_agent_of_the_same_number_is_not_a_ticket(log: EventLog) -> None:
    events = [message("T-1", 1), Event(Kind.AGENT_STATE, "Ann", NOON, 2)]
    assert log.intake.submit("desk", events, origin=Origin.POLL).wait(PATIENCE)
    assert log.reader.of_tickets([1])["kind"].tolist() == [Kind.CUSTOMER_MESSAGE]
    assert [entry.kind for entry in log.reader.timeline(1)] == [Kind.CUSTOMER_MESSAGE]


def test_a_long_read_reports_and_can_be_stopped(sealed: EventLog) -> None:
    steps: list[tuple[int, int]] = []
    assert len(sealed.reader.rows(0, EVENTS, Progress(report=lambda *step: steps.append(step)))) == EVENTS
    assert steps[-1] == (EVENTS, EVENTS)
    assert steps == sorted(steps)
    with pytest.raises(Cancelled):
        sealed.reader.rows(0, EVENTS, Progress(cancelled=lambda: True))


def test_texts_come_by_id_in_order_or_as_blocks(log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.models.store.reader._TICKETS_PER_BLOCK", 4)
    events = [
        created(f"T-{n}", n, detail={"subject": f"主题 {n}\x1e", "customer": "" if n % 2 else "李"}) for n in range(10)
    ]
    assert log.intake.submit("desk", events, origin=Origin.POLL).wait(PATIENCE)
    texts = list(log.reader.texts())
    assert [text.id for text in texts] == list(range(1, 11))
    assert sorted(log.reader.texts([7, 2, 99])) == [texts[1], texts[6]]
    blocks = list(log.reader.text_blocks(after=1))
    assert [block.ids.tolist() for block in blocks] == [[2, 3, 4, 5], [6, 7, 8, 9], [10]]
    entries = [entry.split("\x1f") for block in blocks for entry in block.data.decode().split("\x1e")[:-1]]
    assert entries == [[text.ref, text.subject.replace("\x1e", " "), text.customer] for text in texts[1:]]


def test_the_timeline_tells_a_ticket_in_its_own_order(log: EventLog) -> None:
    events = [
        message("T-1", 3, at=NOON + 1, native=2, body="second"),
        message("T-1", 2, at=NOON + 1, native=1, body="first"),
        created("T-1", 1, name="Returns", detail={"subject": "s", "customer": "c", "order": 77}),
        Event(Kind.ASSIGNED, "T-1", NOON + 9, 4, actor="Ann", name="Bo"),
        Event(Kind.COMPLAINT, "T-1", NOON + 10, 5, value=2, detail={"amount": 900}),
    ]
    assert log.intake.submit("desk", events, origin=Origin.STREAM).wait(PATIENCE)
    timeline = log.reader.timeline(1)
    assert [entry.body for entry in timeline] == ["", "first", "second", "", ""]
    assert [(entry.actor, entry.name) for entry in timeline] == [
        ("", "Returns"),
        ("", ""),
        ("", ""),
        ("Ann", "Bo"),
        ("", ""),
    ]
    assert [entry.detail for entry in timeline] == [{"order": 77}, {}, {}, {}, {"amount": 900}]
    assert {(entry.source, entry.origin) for entry in timeline} == {("desk", Origin.STREAM)}


def test_a_reader_needs_no_lock_and_sees_what_is_committed(log: EventLog, home: Place) -> None:
    reader = open_reader(home)
    try:
        assert reader.last_seq() == 0
        assert log.intake.submit("desk", [message("T-1", 1)], origin=Origin.POLL).wait(PATIENCE)
        assert reader.last_seq() == 1
    finally:
        reader.close()


def test_a_reader_cannot_write(log: EventLog) -> None:
    with log.reader._engine.connect() as connection, pytest.raises(DatabaseError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM event")


def test_a_reader_opens_what_no_writer_has_open(log: EventLog, home: Place) -> None:
    assert log.intake.submit("desk", [message("T-1", 1)], origin=Origin.POLL).wait(PATIENCE)
    log.stop()
    assert not home.wal.exists()
    reader = open_reader(home)
    assert isinstance(reader, SqlLogReader)
    assert reader.count() == 1
    reader.close()


def test_there_may_be_nothing_to_read(home: Place) -> None:
    with pytest.raises(SetupError, match="no database"):
        open_reader(home)
    home.directory.mkdir()
    home.file.write_bytes(b"this is a letter, not a database" * 400)
    with pytest.raises(SetupError, match="cannot be used"):
        pending_revisions(home)


def test_what_the_console_told_of_its_policy_is_found_by_the_index(log: EventLog) -> None:
    def told(at: int, key: str, values: dict[str, object]) -> Event:
        return Event(Kind.POLICY_CHANGED, "policy", at, key, detail={"values": values, "changed": [], "by": ""})

    assert log.reader.policies() == []
    edits = [told(NOON + 2, "b", {"freshness.lost_after": "7 min"}), told(NOON, "a", {})]
    log.intake.submit("console", edits, origin=Origin.OUTBOX)
    # Another console's policy, in a log that was imported, is not ours.
    others = [told(NOON + 3, "c", {}), Event(Kind.HEARTBEAT, "nowhere", NOON, "d")]
    assert log.intake.submit("desk", [*others, *some_events(40)], origin=Origin.IMPORT).wait(PATIENCE)
    assert log.reader.policies() == [PolicyTold(NOON, {}), PolicyTold(NOON + 2, {"freshness.lost_after": "7 min"})]
    with log.reader._engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {POLICIES}", (98, "console")).fetchall()
    assert "ux_event_subject_source_key (subject=? AND source=?)" in str(plan)
