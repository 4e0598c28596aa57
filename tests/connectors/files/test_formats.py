"""Whatever a log is written in, the same rows come out of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from console.connectors.files.importer import FileImport
from console.connectors.files.opening import open_table
from console.connectors.files.rows import Fault, FileUnreadable, Row
from console.models.domain.ports import Progress
from tests.connectors.files.door import Door, plan, read

HEADER = ["ticket_ref", "status", "updated_at", "created_at", "assignee_ref", "subject"]
ROWS = [
    ["T-1", "new", "2026-03-02T09:30:00Z", "2026-03-02T09:30:00Z", "", "退货，快递破损"],
    ["T-1", "open", "2026-03-02T09:35:00Z", "2026-03-02T09:30:00Z", "王芳", 'quoted "words", comma; semicolon'],
    ["T-2", "closed", "2026-03-02T10:00:00Z", "2026-03-01T08:00:00Z", "李雷", "two\nlines"],
]


def text(delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([HEADER, *ROWS])
    return out.getvalue()


def json_lines() -> str:
    return "".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    book.save(path)


WAYS: dict[str, Callable[[Path], object]] = {
    "comma.csv": lambda path: path.write_text(text(","), "utf-8", newline=""),
    "mark.csv": lambda path: path.write_text(text(","), "utf-8-sig", newline=""),
    "semicolon.csv": lambda path: path.write_text(text(";"), "utf-8", newline=""),
    "bar.txt": lambda path: path.write_text(text("|"), "utf-8", newline=""),
    "tab.tsv": lambda path: path.write_text(text("\t"), "utf-8", newline=""),
    "gbk.csv": lambda path: path.write_text(text(","), "gbk", newline=""),
    "gb18030.tsv": lambda path: path.write_text(text("\t"), "gb18030", newline=""),
    "utf16.csv": lambda path: path.write_text(text("\t"), "utf-16", newline=""),
    "utf16-be.csv": lambda path: path.write_bytes(b"\xfe\xff" + text(",").encode("utf-16-be")),
    "utf16-no-mark.csv": lambda path: path.write_bytes(text(",").encode("utf-16-le")),
    "unix.csv": lambda path: path.write_text(text(",").replace("\r\n", "\n"), "utf-8", newline=""),
    "excel.csv": lambda path: path.write_text("sep=;\r\n" + text(";"), "utf-8", newline=""),
    "lines.jsonl": lambda path: path.write_text(json_lines(), "utf-8", newline=""),
    "gbk.jsonl": lambda path: path.write_text(json_lines(), "gbk", newline=""),
    "packed.csv.gz": lambda path: path.write_bytes(gzip.compress(text(",").encode("gbk"))),
    "packed.jsonl.gz": lambda path: path.write_bytes(gzip.compress(json_lines().encode())),
    "book.xlsx": workbook,
}


def events(path: Path) -> list[tuple[object, ...]]:
    door = Door()
    summary = read(path, plan(), door)
    assert (summary.rows, summary.rejected, summary.complete) == (3, 0, True)
    return [(event.subject, event.kind, event.at, event.value, event.name, event.detail) for event in door.told()]


@pytest.mark.parametrize("name", WAYS)
def test_every_format_and_encoding_gives_the_same_events(tmp_path: Path, name: str) -> None:
    plain = tmp_path / "plain.csv"
    WAYS["comma.csv"](plain)
    path = tmp_path / name
    WAYS[name](path)
    expected = events(plain)
    assert expected[0][5] == {"subject": "退货，快递破损"}
    assert events(path) == expected


def test_a_packed_workbook_is_read_too(tmp_path: Path) -> None:
    workbook(tmp_path / "book.xlsx")
    packed = tmp_path / "book.xlsx.gz"
    packed.write_bytes(gzip.compress((tmp_path / "book.xlsx").read_bytes()))
    assert len(events(packed)) == len(events(tmp_path / "book.xlsx"))


def test_a_workbook_s_own_times_and_numbers_become_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([])
    sheet.append(["when", "count", "share", "flag", "empty", "last"])
    sheet.append([datetime.fromisoformat("2026-03-02T09:30"), 3.0, 0.5, True, None, "x"])
    sheet.append([None] * 6)
    sheet.append(["a", "b", "c", "d", "e", "f", "too many"])
    book.save(tmp_path / "cells.xlsx")
    table = open_table(tmp_path / "cells.xlsx")
    row, fault = list(table.rows)
    table.close()
    assert row == Row(3, ["2026-03-02 09:30:00", "3", "0.5", "TRUE", "", "x"], row.raw)
    assert isinstance(fault, Fault)
    assert fault.line == 5


def opened(tmp_path: Path, content: bytes) -> list[Row | Fault]:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    table = open_table(path)
    rows = list(table.rows)
    table.close()
    return rows


def test_a_stray_quote_loses_no_other_row(tmp_path: Path) -> None:
    lines = ["a,b,c", '1,"2,3', "4,5,6", '7,8,"9', "10,11,12", '13,"14"x,15', "16,17,18"]
    rows = opened(tmp_path, "\n".join(lines).encode())
    assert [item.line for item in rows if isinstance(item, Fault)] == [2]
    taken = [list(item.cells) for item in rows if isinstance(item, Row)]
    assert ["4", "5", "6"] in taken
    assert ["10", "11", "12"] in taken
    assert ["16", "17", "18"] in taken
    assert ["7", "8", "9"] in taken


def test_two_stray_quotes_do_not_make_one_row_of_two(tmp_path: Path) -> None:
    rows = opened(tmp_path, b'a,b,c\n1,"2,3\n4,5",6,7\n8,9,10\n')
    assert [(item.line, isinstance(item, Fault)) for item in rows] == [(2, True), (3, True), (4, False)]
    assert [item.raw for item in rows] == ['1,"2,3', '4,5",6,7', "8,9,10"]


def test_a_stray_quote_does_not_read_a_long_file_into_memory(tmp_path: Path) -> None:
    lines = ["a,b"] + [f"{number},x" for number in range(5_000)]
    lines[10] = '9,"x'
    rows = opened(tmp_path, "\n".join(lines).encode())
    assert len(rows) == 5_000
    assert not [item for item in rows if isinstance(item, Fault)]


def test_quoted_cells_may_have_several_lines(tmp_path: Path) -> None:
    rows = opened(tmp_path, b'a,b\r\n1,"one\r\ntwo, three"\r\n2,x\r\n')
    assert [list(item.cells) for item in rows if isinstance(item, Row)] == [["1", "one\r\ntwo, three"], ["2", "x"]]
    assert [item.line for item in rows] == [2, 4]


def test_rows_with_too_few_or_too_many_cells_are_told_by_line(tmp_path: Path) -> None:
    rows = opened(tmp_path, b"a,b,c\n1,2,3\n\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert [(item.line, isinstance(item, Fault)) for item in rows] == [(2, False), (4, True), (5, True), (6, False)]
    assert isinstance(rows[1], Fault)
    assert rows[1].reason == "2 cells instead of 3"


def test_bytes_that_do_not_decode_lose_their_row_only(tmp_path: Path) -> None:
    rows = opened(tmp_path, "a,b\n1,中文\n2,x\xff\n3,y\n".encode().replace(b"\xc3\xbf", b"\xff\xfe"))
    assert [(item.line, isinstance(item, Fault)) for item in rows] == [(2, False), (3, True), (4, False)]
    assert rows[1].raw == "2,x\\xff\\xfe"


def test_a_chinese_word_after_a_megabyte_of_plain_text_is_still_found(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,x\n" * 400_000 + "2,退货\n".encode("gbk")
    path = tmp_path / "late.csv"
    path.write_bytes(content)
    table = open_table(path)
    last = list(table.rows)[-1]
    table.close()
    assert table.encoding == "gb18030"
    assert isinstance(last, Row)
    assert list(last.cells) == ["2", "退货"]


def test_json_lines_may_nest_and_may_be_broken(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text('{"a": 1, "b": {"c": "x", "d": null}}\n\n[1]\n{"a": \n{"a": "\\ud800"}\n{"a": [1, 2], "z": true}\n')
    table = open_table(path)
    assert table.columns == ["a", "b.c", "b.d", "z"]
    rows = list(table.rows)
    table.close()
    cells = [list(item.cells) for item in rows if isinstance(item, Row)]
    assert cells == [["1", "x", "", ""], ["[1, 2]", "", "", "true"]]
    assert [item.line for item in rows if isinstance(item, Fault)] == [3, 4, 5]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"\n\n", "header"),
        (b'[{"a": 1}]', "array"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old kind"),
        (b"PK\x03\x04 not really", "workbook"),
        (gzip.compress(b"a,b\n1,2\n" * 99, mtime=0)[:24], "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "log"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=word):
        open_table(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="directory"):
        open_table(tmp_path)


def test_of_several_sheets_the_one_that_fits_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.append(["exported on Monday"])
    sheet = book.create_sheet("Log")
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    book.save(tmp_path / "log.xlsx")
    job = FileImport(tmp_path / "log.xlsx", plan(), Progress())
    summary = job.preview()
    assert (summary.rows, summary.rejected, summary.format) == (3, 0, "xlsx (Log)")


def test_a_picture_is_not_taken_for_a_table(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    with pytest.raises(FileUnreadable, match="neither text nor a workbook"):
        open_table(tmp_path / "log.csv")


def test_lines_without_words_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("a,b\n1,2\n   \n,\n,,,\n3,4\n", "utf-8")
    table = open_table(tmp_path / "log.csv")
    assert [(row.line, *row.cells) for row in table.rows if isinstance(row, Row)] == [(2, "1", "2"), (6, "3", "4")]
    table.close()
