"""The hand-over sheet: what it says of an instant, and that paper takes all of it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.clock import HOUR, MINUTE
from console.errors import SetupError
from console.models.actions.authorize import Refused
from console.models.domain.escalation import Cause, Event, Happening, Key, ObjectKind, Occurrence, State, Urgency
from console.models.queries.handover import MOST_LISTED, gather
from console.models.queries.handover_words import Row, sections, summary
from console.models.store.audit import Wanted
from console.views.screens.escalations import handover_paper
from console.views.screens.escalations.handover_paper import HEIGHT, WIDTH, Page, Rule, Text, pages, wrapped, write_pdf
from tests.models.actions.house import LI, POLICY, VIEWER, WANG
from tests.views.screens.centre import MORNING, SHANGHAI
from tests.views.screens.handover_stage import HandOverStage


@pytest.fixture
def ending(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., HandOverStage]]:
    """Make a shift that ends, with so many escalations."""
    made: list[HandOverStage] = []

    def make(entries: int = 12) -> HandOverStage:
        made.append(HandOverStage(tmp_path, entries))
        return made[-1]

    yield make
    for each in made:
        each.close()


def words(laid: list[Page]) -> list[str]:
    return [piece.text for page in laid for piece in page.pieces if isinstance(piece, Text)]


def test_open_entries_stand_by_urgency_with_owner_state_and_what_comes_next(
    ending: Callable[..., HandOverStage],
) -> None:
    sheet = ending().sheet()
    lines = sheet.owed.lines
    assert [line.entry.urgency for line in lines] == sorted(line.entry.urgency for line in lines)
    assert all(line.entry.state is not State.RESOLVED for line in lines)
    assert all(line.entry.due_at for line in lines)
    assert all(line.customer and line.ref for line in lines)
    assert len(lines) == 11  # twelve, less two that were called, and the one that asks for an approval
    owners = {line.entry.owner for line in lines} - {""}
    assert owners <= {holder.name for holder in sheet.holders}


def test_a_ticket_has_one_row_with_what_is_due_first_and_names_the_rest(ending: Callable[..., HandOverStage]) -> None:
    stage = ending(0)
    ticket, since, rules = int(stage.board.columns.id[0]), MORNING - HOUR, POLICY.escalation
    made = []
    for number, clock in enumerate(("resolution:1", "first_response:1", "plan:1")):
        key = Key(ObjectKind.TICKET, ticket, Cause.BREACH, clock)
        at = since + number * MINUTE
        made += stage.house.writer.raise_all([Occurrence(key, "R-ESC", at, at, Urgency.P2, ticket)], at, rules)
    at = since + 3 * MINUTE
    stage.house.writer.move(made[0].entry.id, Event(Happening.ACKNOWLEDGE), at, "Wang", rules)
    sheet = stage.sheet()
    told = sections(sheet, SHANGHAI)[0]
    [row] = [row for row in told.rows if "+" in row.cells[2]]
    first = min(
        (line.entry for line in sheet.owed.lines if line.entry.ticket == ticket), key=lambda one: one.due_at or 0
    )
    assert first.id == made[1].entry.id
    assert row.cells[2].startswith("First response is")
    assert "+ Complaint plan, Resolution (Wang has it since" in row.cells[2]
    assert "nobody has it" in row.cells[3]
    assert row.grave
    assert f"Open now: {len(sheet.owed.lines)} escalations on {len(told.rows)} tickets" in summary(sheet, SHANGHAI)[0]


def test_the_sheet_of_an_instant_tells_of_that_instant(ending: Callable[..., HandOverStage]) -> None:
    stage = ending()
    before = stage.sheet()
    entry = next(line.entry for line in before.owed.lines if line.entry.state is State.RAISED)
    stage.clock.advance(60)
    rules = POLICY.escalation
    stage.house.writer.move(entry.id, Event(Happening.ACKNOWLEDGE), stage.clock.now(), "Wang", rules)
    stage.house.writer.move(entry.id, Event(Happening.RESOLVE, "done"), stage.clock.now(), "Wang", rules)
    stage.house.desk.approve(WANG, 1)
    again = stage.sheet()
    assert [line.entry.id for line in again.owed.lines] == [line.entry.id for line in before.owed.lines]
    found = next(line.entry for line in again.owed.lines if line.entry.id == entry.id)
    assert (found.state, found.owner, found.due_at) == (entry.state, entry.owner, entry.due_at)
    assert [request.id for request in again.owed.requests] == [1]
    later = gather(stage.hand_overs, stage.clock.now())
    assert entry.id not in [line.entry.id for line in later.lines]
    assert later.requests == ()


def test_a_request_that_lapsed_later_had_not_lapsed_then(ending: Callable[..., HandOverStage]) -> None:
    stage = ending(0)
    before = stage.sheet().owed.requests[0]
    stage.clock.advance(45 * 60)
    stage.house.sweeper.sweep()
    assert stage.hand_overs.requests_at(stage.clock.now())[0].lapsed_at is not None
    then = stage.sheet().owed.requests[0]
    assert (then.lapsed_at, then.due_at, then.state) == (None, before.due_at, before.state)


def test_what_changed_in_the_shift_is_counted_from_the_histories(ending: Callable[..., HandOverStage]) -> None:
    stage = ending()
    changes = stage.sheet().owed.changes
    assert changes.raised == 13
    assert changes.resolved == 2
    assert len(changes.exhausted) == 2
    assert gather(stage.hand_overs, MORNING, MORNING - MINUTE).changes.raised == 1


def test_a_shift_begins_where_the_last_sheet_was_signed_and_eight_hours_ago_at_most(
    ending: Callable[..., HandOverStage],
) -> None:
    stage = ending()
    assert stage.sheet().owed.since == MORNING - 8 * HOUR
    signed = stage.desk.sign(LI, MORNING, MORNING - 8 * HOUR, " call Ms Zhou \n")
    assert signed.notes == "call Ms Zhou"
    stage.clock.advance(3600)
    assert gather(stage.hand_overs, stage.clock.now()).since == MORNING
    row = stage.house.trail.rows(Wanted())[0]
    assert (row.action, row.actor) == ("hand_over.sign", "Li")


def test_a_viewer_signs_nothing(ending: Callable[..., HandOverStage]) -> None:
    stage = ending(0)
    with pytest.raises(Refused):
        stage.desk.sign(VIEWER, MORNING, MORNING, "")
    assert stage.hand_overs.signed_before(stage.clock.now()) is None


def test_promises_breaches_and_what_is_overdue_are_marked(ending: Callable[..., HandOverStage]) -> None:
    sheet = ending().sheet()
    by_key = {section.key: section for section in sections(sheet, SHANGHAI)}
    assert sheet.promised >= len(sheet.promises) > 0
    assert [due.due_at for due in sheet.promises] == sorted(due.due_at for due in sheet.promises)
    assert all(MORNING < due.due_at <= MORNING + 30 * MINUTE for due in sheet.breaching)
    assert [row.grave for row in by_key["call_backs"].rows] == [True, True, False]
    assert by_key["follow_ups"].rows
    assert all(len(row.cells) == len(section.columns) for section in by_key.values() for row in section.rows)
    assert "11 escalations" in summary(sheet, SHANGHAI)[0]


def test_an_empty_shift_says_so_in_every_section(ending: Callable[..., HandOverStage]) -> None:
    stage = ending(0)
    sheet = replace(stage.sheet(MORNING - 48 * HOUR), promises=(), breaching=(), promised=0, breaches=0)
    assert all(section.empty and not section.rows for section in sections(sheet, SHANGHAI))
    assert len(pages(sheet, SHANGHAI)) == 1


def assert_nothing_is_clipped(laid: list[Page]) -> None:
    for page in laid:
        for piece in page.pieces:
            if isinstance(piece, Text):
                metrics = handover_paper.QFontMetricsF(handover_paper.font(piece.size, strong=piece.strong))
                width = metrics.horizontalAdvance(piece.text) / handover_paper._FINE
                assert piece.x >= 36
                assert piece.x + width <= WIDTH - 40
                assert 20 <= piece.y <= HEIGHT - 20
            elif isinstance(piece, Rule):
                assert piece.box.bottom() <= HEIGHT - 30
        bodies = [piece for piece in page.pieces if isinstance(piece, Text) and piece.size == "body"]
        assert all(piece.y <= HEIGHT - 50 for piece in bodies)


def test_two_hundred_entries_take_more_pages_and_lose_none(ending: Callable[..., HandOverStage]) -> None:
    sheet = ending(200).sheet()
    laid = pages(sheet, SHANGHAI, "\n".join(f"note {number}" for number in range(120)))
    said = words(laid)
    assert len(laid) > 5
    assert f"Page {len(laid)} of {len(laid)}" in said
    assert {f"note {number}" for number in range(120)} <= set(said)
    assert sum(text in ("P1", "P2", "P3") for text in said) == len({line.entry.ticket for line in sheet.owed.lines}) + 3
    assert any(text.endswith(", continued") for text in said)
    assert_nothing_is_clipped(laid)


def test_a_row_that_is_longer_than_a_page_goes_on_on_the_next(ending: Callable[..., HandOverStage]) -> None:
    sheet = ending(3).sheet()
    request = replace(sheet.owed.requests[0], note="很长的理由，" * 900)
    laid = pages(replace(sheet, owed=replace(sheet.owed, requests=(request,))), SHANGHAI)
    assert "".join(text for text in words(laid)).count("很") == 900
    assert_nothing_is_clipped(laid)


def test_a_word_that_does_not_fit_is_broken_and_nothing_is_lost() -> None:
    text = "x" * 500
    lines = wrapped(text, 100)
    assert "".join(lines) == text
    assert len(lines) > 1
    assert wrapped(f"a\n\n{text}", 100)[:2] == ["a", ""]


def test_the_pdf_has_its_pages_and_its_fonts(ending: Callable[..., HandOverStage], tmp_path: Path) -> None:
    sheet = ending(30).sheet()
    file = tmp_path / "sheet.pdf"
    count = write_pdf(file, sheet, SHANGHAI, "记得回电")
    data = file.read_bytes()
    assert data.startswith(b"%PDF-")
    assert f"/Count {count}".encode() in data
    streams = re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL)
    assert any(b"glyf" in zlib.decompressobj().decompress(stream) for stream in streams if stream[:1] == b"x")
    assert not (tmp_path / "sheet.pdf.part").exists()


def test_a_folder_that_is_not_there_is_told(ending: Callable[..., HandOverStage], tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be written"):
        write_pdf(tmp_path / "none" / "sheet.pdf", ending(0).sheet(), SHANGHAI)


def test_no_more_than_two_hundred_promises_are_listed(ending: Callable[..., HandOverStage]) -> None:
    stage = ending(0)
    columns = stage.board.columns
    kept = columns.promise_at[: columns.count].copy()
    columns.promise_at[: columns.count] = MORNING + MINUTE
    try:
        sheet = stage.sheet()
    finally:
        columns.promise_at[: columns.count] = kept
    assert len(sheet.promises) == MOST_LISTED
    assert sheet.promised == columns.count
    section = next(section for section in sections(sheet, SHANGHAI) if section.key == "promises")
    assert section.more == f"and {columns.count - MOST_LISTED} more"
    assert isinstance(section.rows[0], Row)
