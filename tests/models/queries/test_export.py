"""Files for spreadsheets: whole, readable, and harmless."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.ports import Cancelled, Progress
from console.models.queries.export import ExportError, export, harmless

HEADERS = ["Ticket", "Subject", "Replies"]
ROWS = [
    ["T-1", "=cmd|' /C calc'!A0", 3],
    ["T-2", "你好，退款", 0],
    ["T-3", "+86 138", "-12"],
    ["T-4", 'line\nbreak, "quoted"', "@SUM(A1)"],
]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@x", "\t=1", "\r=1", "＝1", "  =1", "\n=1"])
def test_what_looks_like_a_formula_is_defused(text: str) -> None:
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "hello", "-12", "+3.5", "−4:10", "2026-11-23", "a=b"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@given(st.text(max_size=12))
def test_no_text_is_left_that_begins_as_a_formula(text: str) -> None:
    made = harmless(text)
    assert made in (text, "'" + text)
    first = made.lstrip(" \N{NO-BREAK SPACE}")[:1]
    assert first not in {*"=@\t\r\n"} or first == ""


def test_a_csv_file_has_the_mark_of_utf_8_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    assert export(path, HEADERS, ROWS, len(ROWS), Progress()) == 4
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.reader(file))
    assert read[0] == HEADERS
    assert read[1] == ["T-1", "'=cmd|' /C calc'!A0", "3"]
    assert read[2][1] == "你好，退款"
    assert read[3] == ["T-3", "'+86 138", "-12"]
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.csv"]


def test_a_workbook_holds_text_as_text(tmp_path: Path) -> None:
    path = tmp_path / "tickets.xlsx"
    export(path, HEADERS, [*ROWS, ["T-5", "bad \x07 control", None]], 5, Progress())
    book = openpyxl.load_workbook(path)
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0] == HEADERS
    assert cells[1] == ["T-1", "=cmd|' /C calc'!A0", 3]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)
    assert cells[5][1] == "bad   control"
    book.close()


def test_a_stopped_export_leaves_nothing_behind(tmp_path: Path) -> None:
    def endless() -> Iterator[list[str]]:
        while True:
            yield ["x"]

    asked = iter([False, False, True])
    with pytest.raises(Cancelled):
        export(tmp_path / "a.csv", ["x"], endless(), 0, Progress(cancelled=lambda: next(asked)))
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("before")

    def broken() -> Iterator[list[str]]:
        yield ["x"]
        raise ValueError("the rows have failed")

    with pytest.raises(ValueError, match="rows"):
        export(path, ["x"], broken(), 1, Progress())
    assert path.read_text() == "before"


def test_a_folder_that_cannot_be_written_is_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as raised:
        export(tmp_path / "missing" / "a.csv", ["x"], [], 0, Progress())
    assert "missing" in str(raised.value)
    assert raised.value.remedy


def test_a_name_that_is_too_long_is_told_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as raised:
        export(tmp_path / f"{'n' * 300}.csv", ["x"], [], 0, Progress())
    assert raised.value.remedy


def test_a_worksheet_that_would_overflow_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        export(tmp_path / "a.xlsx", ["x"], iter(()), 2_000_000, Progress())
