"""Workbooks (.xlsx): the first sheet whose header fits, read row by row without formulas."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, cast
from zipfile import BadZipFile

from console.connectors.files.delimited import named
from console.connectors.files.rows import Fault, FileUnreadable, Row, Table, anything
from console.i18n import _, ngettext


def open_workbook(
    path: Path,
    stream: BinaryIO,
    packed: bool,
    opened: ExitStack,
    fits: Callable[[Sequence[str]], bool] = anything,
) -> Table:
    """Read a workbook from a stream; what has to be closed at the end goes on ``opened``.

    Of several sheets it is the first whose header ``fits``, else the first that has one. Workbooks are read out of
    order, so a ``packed`` one is unpacked to a temporary file first.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if packed:
        unpacked = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
        copyfileobj(stream, unpacked)
        stream = cast(BinaryIO, unpacked)
    try:
        book = load_workbook(stream, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise FileUnreadable(
            _("{path} is no workbook that can be read: {error}.").format(path=path, error=error),
            _("Save it again as .xlsx or as CSV."),
        ) from error
    opened.callback(book.close)
    headed: Table | None = None
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        for number, values in enumerate(rows, start=1):
            cells = [cell(value) for value in values]
            if not any(cells):
                continue
            names = named([text.strip() for text in cells])
            kind = "xlsx" if len(book.worksheets) == 1 else f"xlsx ({sheet.title})"
            table = Table(names, _records(rows, number, len(names)), kind)
            if fits(names):
                return table
            headed = headed or table
            break
    if headed is None:
        raise FileUnreadable(_("{path} has no sheet with a header row.").format(path=path))
    return headed


def _records(rows: Iterator[tuple[object, ...]], header: int, width: int) -> Iterator[Row | Fault]:
    for number, values in enumerate(rows, start=header + 1):
        cells = [cell(value) for value in values]
        if not any(cells):
            continue
        raw = "\t".join(cells)
        if len(cells) > width and any(cells[width:]):
            reason = ngettext(
                "{count} cell instead of {expected}", "{count} cells instead of {expected}", len(cells)
            ).format(count=len(cells), expected=width)
            yield Fault(number, reason, raw)
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
