"""Text tables: comma, semicolon, tab or bar between cells, quotes around cells, one header row.

A stray quote must not swallow the rows behind it: a record that does not come out right loses at most its first line,
and reading goes on with the second.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from console.connectors.files.encodings import is_damaged, readable
from console.connectors.files.lines import Lines, RunawayRecord
from console.connectors.files.rows import Fault, FileUnreadable, Row
from console.i18n import _, ngettext

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 50

csv.field_size_limit(16 * 1024 * 1024)


def header(lines: Lines, delimiter: str = "") -> tuple[list[str], str]:
    """Take the header row; returns the column names and the delimiter. Raises `FileUnreadable` when there is none."""
    sample = lines.sample(SAMPLE_LINES)
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == len("sep=") + 1:
        # Excel's own first line, which names the delimiter.
        delimiter = delimiter or sample[0].strip()[-1]
        next(lines)
    delimiter = delimiter or guess_delimiter(lines.sample(SAMPLE_LINES))
    for cells in csv.reader(lines, delimiter=delimiter):
        lines.taken.clear()
        if any(cell.strip() for cell in cells):
            return named([readable(cell.strip().lstrip("\ufeff")) for cell in cells]), delimiter
    raise FileUnreadable(_("The file has no header row."), _("The first row must name the columns."))


def named(cells: list[str]) -> list[str]:
    """Column names without trailing empty ones; an empty one in between gets a number, a repeated one too."""
    while cells and not cells[-1]:
        cells.pop()
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell or f"#{number}"
        names.append(f"{name}#{number}" if name in names else name)
    return names


def guess_delimiter(sample: list[str]) -> str:
    """The delimiter that cuts most of the sample's lines into the same number (above one) of cells."""

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells]
        width = widths[0] if widths else 0
        return (widths.count(width), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=score)


def records(lines: Lines, delimiter: str, width: int) -> Iterator[Row | Fault]:
    """The rows behind the header; lines without any words are passed over."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.taken.clear()
        line = lines.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, RunawayRecord):
            cells = []
        taken = lines.taken
        if len(cells) != width and taken and (len(taken) > 1 or not cells):
            lines.put_back(taken[1:])
            taken = taken[:1]
            cells = next(csv.reader([taken[0].rstrip("\r\n")], delimiter=delimiter), [])
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        if not any(cell.strip() for cell in cells):
            continue
        yield _checked(line, cells, width, "".join(taken).rstrip("\r\n"))


def _checked(line: int, cells: list[str], width: int, raw: str) -> Row | Fault:
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
    if len(cells) != width:
        reason = ngettext(
            "{count} cell instead of {expected}", "{count} cells instead of {expected}", len(cells)
        ).format(count=len(cells), expected=width)
        return Fault(line, reason, readable(raw))
    if is_damaged(raw):
        return Fault(line, _("bytes that do not decode"), readable(raw))
    return Row(line, cells, raw)
