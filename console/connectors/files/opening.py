"""Opening a file whatever it is: packed or not, a text table, JSON lines or a workbook."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

from console.connectors.files import delimited, json_lines, workbook
from console.connectors.files.encodings import detect
from console.connectors.files.lines import Lines, text_stream
from console.connectors.files.rows import FileUnreadable, Table, anything
from console.i18n import _

GZIP = b"\x1f\x8b"
WORKBOOK = b"PK\x03\x04"
KINDS = {",": "CSV", "\t": "TSV"}
SAMPLE_LINES = 50
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
ODD_SIGNS = 50
"""One control character in so many signs: a picture or a program, not a table with a stray one."""
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)


def open_table(
    path: Path,
    *,
    encoding: str = "",
    delimiter: str = "",
    report: Callable[[], None] = lambda: None,
    fits: Callable[[Sequence[str]], bool] = anything,
) -> Table:
    """Open a log. ``encoding`` and ``delimiter`` overrule what is detected; ``report`` is called while that goes on;
    of a workbook's sheets the first one is taken whose header ``fits``.

    Raises `FileUnreadable` when it is missing, empty, damaged or of a kind that is not a table.
    """
    try:
        return _open(path, encoding, delimiter, report, fits)
    except DAMAGED as error:
        raise damaged(path, error) from error
    except OSError as error:
        raise FileUnreadable(
            _("{path} cannot be read: {error}.").format(path=path, error=error.strerror or error),
            _("Check the name and the permissions."),
        ) from error


def damaged(path: Path, error: Exception) -> FileUnreadable:
    """The complaint about a packed file that is cut short or broken."""
    return FileUnreadable(
        _("{path} is damaged: {error}.").format(path=path, error=error),
        _("Fetch the file again and repeat the import."),
    )


def _open(
    path: Path, encoding: str, delimiter: str, report: Callable[[], None], fits: Callable[[Sequence[str]], bool]
) -> Table:
    with ExitStack() as opened:
        raw = opened.enter_context(path.open("rb"))
        size = path.stat().st_size
        packed = raw.peek(2)[:2] == GZIP

        def from_start() -> BinaryIO:
            raw.seek(0)
            # Closing the unpacked stream leaves the file below it open.
            return cast(BinaryIO, opened.enter_context(gzip.GzipFile(fileobj=raw, mode="rb"))) if packed else raw

        head = from_start().read(8)
        if head.startswith(WORKBOOK):
            table = workbook.open_workbook(path, from_start(), packed, opened, fits)
        else:
            _refuse_odd_kinds(path, head)
            codec = encoding or detect(from_start(), report)
            text = opened.enter_context(text_stream(from_start(), codec))
            lines = Lines(text)
            _refuse_other_than_text(path, lines)
            table = _text_table(lines, codec, delimiter)
        table.size, table.position, table.close = size, raw.tell, opened.pop_all().close
    if packed:
        table.format += ".gz"
    return table


def _text_table(lines: Lines, codec: str, delimiter: str) -> Table:
    """A table of text, told apart by its first sign: JSON lines open a brace."""
    start = next((line for line in lines.sample(SAMPLE_LINES) if line.strip()), "")
    if start.lstrip("\ufeff \t").startswith("{"):
        names = json_lines.columns(lines)

        def include(more: Sequence[str]) -> None:
            names.extend(name for name in more if name not in names)

        return Table(names, json_lines.records(lines, names), "JSON lines", codec, include)
    names, delimiter = delimited.header(lines, delimiter)
    return Table(
        names, delimited.records(lines, delimiter, len(names)), KINDS.get(delimiter, f"CSV ({delimiter})"), codec
    )


def _refuse_other_than_text(path: Path, lines: Lines) -> None:
    sample = "".join(lines.sample(SAMPLE_LINES))
    odd = sum(sign < " " and sign not in "\t\r\n" for sign in sample)
    if odd * ODD_SIGNS > len(sample):
        raise FileUnreadable(
            _("{path} is neither text nor a workbook.").format(path=path), _("Export it as CSV or .xlsx.")
        )


def _refuse_odd_kinds(path: Path, head: bytes) -> None:
    if not head:
        raise FileUnreadable(_("{path} is empty.").format(path=path))
    if head.startswith(OLD_WORKBOOK):
        raise FileUnreadable(
            _("{path} is a workbook of the old kind (.xls).").format(path=path), _("Save it as .xlsx or CSV.")
        )
    if head.lstrip()[:1] == b"[":
        raise FileUnreadable(
            _("{path} is one JSON array.").format(path=path), _("Write one object a line (JSON lines) instead.")
        )
