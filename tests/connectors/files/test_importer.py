"""Handing a log in: rejects, stops, breakdowns, refusals, and the preview."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from console.connectors.files.importer import ROWS_AT_ONCE, FileImport
from console.connectors.files.rows import FileUnreadable
from console.errors import KnownError, SetupError
from console.models.domain.ports import Cancelled, Progress
from tests.connectors.files.door import Door, plan, read

HEADER = "ticket_ref,status,updated_at,created_at\n"


def log(tmp_path: Path, count: int, bad: tuple[int, ...] = ()) -> Path:
    path = tmp_path / "log.csv"
    lines = [
        f"T-{number},open,{'soon' if number in bad else '2026-03-02T09:30Z'},2026-03-02T09:00Z\n"
        for number in range(count)
    ]
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def test_rejected_rows_are_kept_with_line_and_reason(tmp_path: Path) -> None:
    path = log(tmp_path, 10, bad=(3, 7))
    with path.open("ab") as file:
        file.write(b'T-x,open\nT-y,"\xff,2026-03-02T09:30Z,2026-03-02T09:00Z\n')
    door = Door()
    summary = read(path, plan(), door)
    assert (summary.rows, summary.landed, summary.rejected) == (12, 8, 4)
    assert len({event.subject for event in door.events.values()}) == 8
    assert summary.rejects_path == tmp_path / "data" / "rejects" / "log.csv.rejects.csv"
    with summary.rejects_path.open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [row["line"] for row in rejects] == ["5", "9", "12", "13"]
    assert rejects[0]["reason"] == "'soon' is not a time in the expected form"
    assert rejects[0]["row"] == "T-3,open,soon,2026-03-02T09:00Z"
    assert rejects[2]["reason"] == "2 cells instead of 4"
    assert "\\xff" in rejects[3]["row"]


def test_a_clean_import_takes_the_old_rejects_away(tmp_path: Path) -> None:
    summary = read(log(tmp_path, 3, bad=(1,)), plan())
    assert summary.rejects_path is not None
    assert summary.rejects_path.exists()
    assert read(log(tmp_path, 3), plan()).rejects_path is None
    assert not summary.rejects_path.exists()


def test_a_stopped_import_goes_on_where_it_was(tmp_path: Path) -> None:
    path = log(tmp_path, 4 * ROWS_AT_ONCE)
    whole, parts = Door(), Door()
    read(path, plan(), whole)
    for allowed in (1, 2):
        with pytest.raises(Cancelled):
            read(path, plan(), parts, cancelled=lambda allowed=allowed: parts.submitted > allowed * ROWS_AT_ONCE)
        assert 0 < len(parts.events) < len(whole.events)
    read(path, plan(), parts)
    assert parts.events == whole.events


def test_a_file_that_breaks_off_lands_what_is_before_the_break(tmp_path: Path) -> None:
    # Text that cannot be packed well, so that cutting the end off leaves most of the rows.
    path = tmp_path / "log.csv.gz"
    lines = "".join(f"{hash((number, 'x')):x},open,2026-03-02T09:30Z,2026-03-02T09:00Z\n" for number in range(3_000))
    path.write_bytes(gzip.compress((HEADER + lines).encode())[:-2_000])
    door = Door()
    # The look at the encoding already finds the break, so the encoding is given.
    mapping = (
        'encoding = "utf-8"\n[fields]\nticket = "ticket_ref"\nat = "updated_at"\ncreated_at = "created_at"\n'
        'status = "status"\n'
    )
    with pytest.raises(FileUnreadable, match="damaged"):
        read(path, plan(mapping, tmp_path), door)
    assert len({event.subject for event in door.events.values()}) > 2_000


def test_single_events_that_the_log_refuses_are_noted_and_do_not_stop_the_import(tmp_path: Path) -> None:
    door = Door(failure=KnownError("1 event cannot be kept"))
    summary = read(log(tmp_path, 3), plan(), door)
    assert summary.complete
    assert summary.refused == ["1 event cannot be kept"]


def test_a_log_that_cannot_be_written_ends_the_import(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="disk is full"):
        read(log(tmp_path, 3), plan(), Door(failure=SetupError("the disk is full")))


def test_a_preview_shows_the_first_rows_and_what_is_not_mapped_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "ticket_ref,status,updated_at,mood,url\n1,open,2026-03-02T09:30Z,good,x\n2,parked,2026-03-02T09:31Z,bad,y\n",
        encoding="utf-8",
    )
    summary = FileImport(path, plan(), Progress()).preview()
    assert (summary.rows, summary.rejected, summary.unmapped) == (2, 0, ["mood"])
    assert summary.unused == {"url": "the source's own"}
    assert summary.unknown == {"status": {"parked": 1}}
    assert [mapped.row.line for mapped in summary.first] == [2, 3]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["log.csv"]


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    path = log(tmp_path, 2 * ROWS_AT_ONCE)
    seen: list[tuple[int, int]] = []
    FileImport(path, plan(), Progress(report=lambda done, total: seen.append((done, total)))).preview()
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)
