"""Tables written to files for spreadsheets, so that no cell can act as a formula there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from console.errors import KnownError
from console.i18n import _
from console.models.domain.ports import Progress

if TYPE_CHECKING:
    from xlsxwriter import Worksheet

SHEET_ROWS = 1_048_576
"""What a worksheet can hold, with its header."""
_STEP = 1_000
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?\Z")
_STARTS_FORMULA = (*"=+-@\t\r\n", *"＝＋－＠")
# What XML cannot hold would make the whole workbook unreadable.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class ExportError(KnownError):
    """The file could not be written."""


def harmless(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula; plain numbers stay."""
    if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_STARTS_FORMULA) and not _NUMBER.match(text):
        return "'" + text
    return text


def export(path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]], total: int, progress: Progress) -> int:
    """Write a table as CSV or, where the name ends so, as XLSX; returns how many rows were written.

    The file appears only when it is whole. Raises `ExportError`, and `Cancelled` when asked to stop.
    """
    draft = path.with_name(f".{path.name}.part")
    write = _write_xlsx if path.suffix.lower() == ".xlsx" else _write_csv
    try:
        count = write(draft, headers, rows, total, progress)
        draft.replace(path)
    except OSError as error:
        raise ExportError(
            _("{path} could not be written: {error}.").format(path=path, error=error.strerror or error),
            _("Choose another folder, or close the program that has the file open."),
        ) from error
    finally:
        with suppress(OSError):  # a name that cannot be written cannot be removed either
            draft.unlink(missing_ok=True)
    return count


def _write_csv(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]], total: int, progress: Progress
) -> int:
    count = 0
    # The mark at the start tells spreadsheets that the file is UTF-8.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(header) for header in headers])
        for row in rows:
            if count % _STEP == 0:
                progress.step(count, total)
            writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])
            count += 1
    progress.step(count, total)
    return count


def _write_xlsx(
    path: Path, headers: Sequence[str], rows: Iterable[Sequence[object]], total: int, progress: Progress
) -> int:
    import xlsxwriter

    if total >= SHEET_ROWS:
        raise ExportError(
            _("A worksheet holds {most} rows at most.").format(most=SHEET_ROWS - 1),
            _("Narrow the filter, or export as CSV."),
        )
    # The library leaves files open behind it when it cannot write its own, so see first whether that is possible.
    path.touch()
    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        sheet.freeze_panes(1, 0)
        for row in rows:
            if count % _STEP == 0:
                progress.step(count, total)
            count += 1
            _write_row(sheet, count, row)
        sheet.autofilter(0, 0, count, max(0, len(headers) - 1))
    finally:
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            raise OSError(str(error)) from error
    progress.step(count, total)
    return count


def _write_row(sheet: Worksheet, place: int, row: Sequence[object]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int | float):
            sheet.write_number(place, column, value)
        else:
            sheet.write_string(place, column, _CONTROL.sub(" ", str(value))[:32_767])
