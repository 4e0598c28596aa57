"""Logs of states: whatever the order, the cuts and the overlaps of files, the board says what the latest row says."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import MINUTE
from console.connectors.files import history
from console.models.domain.attributes import unpack
from console.models.domain.contacts import Channel, Priority, Status
from console.models.domain.events import Event, Kind
from tests.connectors.files.door import Door, plan, read

MAPPING = """
rows = "states"
nulls = ["?"]
carries = ["channel"]
[times]
formats = ["epoch"]
[fields]
ticket = "ref"
at = "at"
created_at = "born"
status = "state"
assignee = "who"
priority = "rank"
channel = "by"
[values.status]
"Active" = "open"
[key]
columns = ["ref", "at", "state", "who", "rank"]
"""
BIRTH = 1_700_000_000
WORDS = {"new": Status.NEW, "Active": Status.OPEN, "pending_customer": Status.PENDING_CUSTOMER, "closed": Status.CLOSED}


class Line(NamedTuple):
    ref: str
    at: int
    state: str
    who: str
    rank: str
    born: int = BIRTH
    by: str = "phone"


def write(folder: Path, lines: Sequence[Line], name: str = "log.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(Line._fields)
        writer.writerows(lines)
    return path


def state_at(events: Sequence[Event], at: int) -> tuple[int, str, int] | None:
    """Fold a ticket's events in their order; None before its creation."""
    status, who, rank, born = 0, "", 0, False
    for event in events:
        if event.at > at:
            break
        match event.kind:
            case Kind.CREATED:
                status, born = unpack(event.value)["status"], True
            case Kind.STATUS_CHANGED:
                status = event.value
            case Kind.ASSIGNED:
                who = event.name
            case Kind.UNASSIGNED:
                who = ""
            case Kind.PRIORITY_CHANGED:
                rank = event.value
    return (status, who, rank) if born else None


def expected_at(lines: Sequence[Line], ref: str, at: int) -> tuple[int, str, int] | None:
    """The latest row by time, then by place in the file."""
    if at < BIRTH * 1_000_000:
        return None
    past = [line for line in lines if line.ref == ref and line.at * 1_000_000 <= at]
    if not past:
        return (Status.NEW, "", 0)
    last = max(enumerate(past), key=lambda pair: (pair[1].at, pair[0]))[1]
    rank = 0 if last.rank == "?" else Priority.of(last.rank)
    return (WORDS[last.state], last.who.replace("?", ""), rank)


lines_of = st.lists(
    st.builds(
        Line,
        ref=st.sampled_from(["A", "B"]),
        at=st.integers(BIRTH - 120, BIRTH + 600).map(lambda second: second // 60 * 60),
        state=st.sampled_from(list(WORDS)),
        who=st.sampled_from(["?", "Wang Fang", "Li Lei"]),
        rank=st.sampled_from(["?", "low", "urgent"]),
        born=st.just(BIRTH),
        by=st.just("phone"),
    ),
    min_size=1,
    max_size=14,
)


def check(door: Door, lines: Sequence[Line]) -> None:
    for ref in {line.ref for line in lines}:
        told = door.told(ref)
        for minute in range(-3, 12):
            at = BIRTH * 1_000_000 + minute * MINUTE
            assert state_at(told, at) == expected_at(lines, ref, at)


@given(lines_of)
def test_the_state_at_any_moment_is_that_of_the_latest_row(lines: list[Line]) -> None:
    with tempfile.TemporaryDirectory() as name:
        door = Door()
        read(write(Path(name), lines), plan(MAPPING, Path(name)), door)
        check(door, lines)


@given(lines_of, st.data())
def test_files_that_grow_and_overlap_give_the_same_board(lines: list[Line], data: st.DataObject) -> None:
    """A beginning of the log, then the rest with or without an overlap, then all of it, and all of it again."""
    # Which of two rows of one minute came last is known only to a file that holds both.
    lines = sorted({(line.ref, line.at): line for line in lines}.values(), key=lambda line: line.at)
    end = data.draw(st.integers(0, len(lines)), label="end of the first file")
    start = data.draw(st.integers(0, end), label="start of the second file")
    with tempfile.TemporaryDirectory() as name:
        how, door = plan(MAPPING, Path(name)), Door()
        for part in (lines[:end], lines[start:]):
            read(write(Path(name), part), how, door)
        check(door, lines)
        read(write(Path(name), lines), how, door)
        check(door, lines)
        count = len(door.events)
        read(write(Path(name), lines), how, door)
        assert len(door.events) == count


def test_a_rest_of_the_log_goes_on_where_the_first_file_ended(tmp_path: Path) -> None:
    """The second file does not repeat that somebody was assigned, and does not hide that nobody is any more."""
    lines = [
        Line("A", BIRTH, "new", "?", "?"),
        Line("A", BIRTH + 60, "Active", "Li Lei", "urgent"),
        Line("A", BIRTH + 120, "Active", "?", "urgent"),
        Line("A", BIRTH + 180, "closed", "?", "urgent"),
    ]
    door, how = Door(), plan(MAPPING, tmp_path)
    read(write(tmp_path, lines[:2]), how, door)
    read(write(tmp_path, lines[2:]), how, door)
    check(door, lines)


def test_a_newest_first_log_is_put_in_order(tmp_path: Path) -> None:
    lines = [
        Line("A", BIRTH + 60 * minute, state, who, "low")
        for minute, state, who in [
            (9, "closed", "Li Lei"),
            (5, "Active", "Li Lei"),
            (2, "Active", "?"),
            (1, "new", "?"),
        ]
    ]
    door = Door()
    read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    check(door, lines)


def test_the_ticket_is_born_with_what_does_not_change_and_nothing_else(tmp_path: Path) -> None:
    door = Door()
    read(write(tmp_path, [Line("A", BIRTH + 60, "closed", "Li Lei", "urgent")]), plan(MAPPING, tmp_path), door)
    born, *changes = door.told("A")
    assert born.kind is Kind.CREATED
    assert born.at == BIRTH * 1_000_000
    assert {name: value for name, value in unpack(born.value).items() if value} == {
        "channel": Channel.PHONE,
        "status": Status.NEW,
    }
    assert {change.kind for change in changes} == {Kind.STATUS_CHANGED, Kind.ASSIGNED, Kind.PRIORITY_CHANGED}
    assert {change.at for change in changes} == {(BIRTH + 60) * 1_000_000}


def test_an_update_from_before_the_opening_counts_from_the_opening_on(tmp_path: Path) -> None:
    lines = [Line("A", BIRTH - 60, "Active", "Li Lei", "low"), Line("A", BIRTH, "Active", "?", "low")]
    door = Door()
    read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    assert {event.at for event in door.told()} == {BIRTH * 1_000_000}
    check(door, lines)


def test_a_row_that_changes_nothing_adds_nothing(tmp_path: Path) -> None:
    lines = [Line("A", BIRTH + 60 * minute, "Active", "Li Lei", "low") for minute in range(5)]
    door = Door()
    summary = read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    assert summary.rows == 5
    assert door.kinds("A").count(Kind.ASSIGNED) == 1
    assert len(door.told("A")) == 4


def test_the_same_content_seen_twice_is_two_rows(tmp_path: Path) -> None:
    """Open, closed, open again within one minute: the third row is not a copy of the first."""
    lines = [Line("A", BIRTH, state, "?", "low") for state in ("Active", "closed", "Active")]
    door = Door()
    read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    changes = [event.value for event in door.told("A") if event.kind is Kind.STATUS_CHANGED]
    assert changes == [Status.OPEN, Status.CLOSED, Status.OPEN]
    check(door, lines)


def test_unknown_words_become_unknown_with_a_notice_and_keep_their_word(tmp_path: Path) -> None:
    lines = [
        Line("A", BIRTH, "Parked", "?", "P1", by="Fax"),
        Line("A", BIRTH + 60, "Parked", "Li Lei", "low", by="Fax"),
    ]
    door = Door()
    summary = read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    assert (summary.rejected, summary.landed) == (0, 2)
    assert summary.unknown == {"status": {"Parked": 2}, "priority": {"P1": 1}, "channel": {"Fax": 2}}
    assert unpack(door.told("A")[0].value)["channel"] == Channel.OTHER
    words = {event.kind: event.detail for event in door.told("A") if event.detail}
    assert words == {Kind.STATUS_CHANGED: {"word": "Parked"}, Kind.PRIORITY_CHANGED: {"word": "P1"}}


def test_after_a_rejected_row_the_next_one_tells_everything(tmp_path: Path) -> None:
    """The rejected change may be corrected and imported later, between two rows that say the same."""
    before, after = Line("A", BIRTH, "Active", "Li Lei", "low"), Line("A", BIRTH + 120, "Active", "Li Lei", "low")
    lost = Line("A", BIRTH + 60, "Active", "?", "low")
    path = write(tmp_path, [before, lost, after])
    path.write_text(path.read_text().replace(str(BIRTH + 60), "yesterday"))
    how, door = plan(MAPPING, tmp_path), Door()
    assert read(path, how, door).rejected == 1
    read(write(tmp_path, [lost], "corrected.csv"), how, door)
    check(door, [before, lost, after])


def test_states_that_were_written_out_are_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [Line("AB"[n % 2], BIRTH + 60 * (n % 7), "Active", ["?", "Li Lei"][n % 3 == 0], "low") for n in range(60)]
    monkeypatch.setattr(history, "BLOCK", 4)
    door = Door()
    read(write(tmp_path, lines), plan(MAPPING, tmp_path), door)
    check(door, lines)
