"""Workbooks (.xlsx): the first sheet that has a header row, read row by row without formulas."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO
from zipfile import BadZipFile

from console.connectors.files.delimited import named
from console.connectors.files.rows import Fault, FileUnreadable, Row, Table
from console.i18n import _

IN_MEMORY = 16 * 1024 * 1024


def open_workbook(path: Path, raw: BinaryIO, stream: BinaryIO, size: int) -> Table:
    """Open a workbook; one inside a gzip is unpacked to a temporary file first, for workbooks are read out of order."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if stream is not raw:
        unpacked = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the table
        copyfileobj(stream, unpacked)
        unpacked.seek(0)
        stream = unpacked  # type: ignore[assignment]  # a spooled file has all that a reader needs
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise FileUnreadable(
            _("{path} is no workbook that can be read: {error}.").format(path=path, error=error),
            _("Save it again as .xlsx or as CSV."),
        ) from error
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        for number, values in enumerate(rows, start=1):
            cells = [cell(value) for value in values]
            if any(cells):
                names = named([text.strip() for text in cells])

                def close() -> None:
                    book.close()
                    raw.close()

                return Table(names, _records(rows, number, len(names)), size, raw.tell, close, "xlsx")
    raise FileUnreadable(_("{path} has no sheet with a header row.").format(path=path))


def _records(rows: Iterator[tuple[object, ...]], header: int, width: int) -> Iterator[Row | Fault]:
    for number, values in enumerate(rows, start=header + 1):
        cells = [cell(value) for value in values]
        if not any(cells):
            continue
        raw = "\t".join(cells)
        if len(cells) > width and any(cells[width:]):
            yield Fault(number, _("{count} cells instead of {expected}").format(count=len(cells), expected=width), raw)
        else:
            yield Row(number, (cells + [""] * width)[:width], raw)


def cell(value: object) -> str:
    """A cell's value as text: times in ISO 8601, whole numbers without a fraction, TRUE and FALSE as in CSV files."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
