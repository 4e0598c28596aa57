"""JSON lines: one object a line. Objects inside an object become columns with a dot, lists become JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from console.connectors.files.encodings import is_damaged, readable
from console.connectors.files.lines import Lines
from console.connectors.files.rows import Fault, Row
from console.i18n import _

SAMPLE_LINES = 1_000


def columns(lines: Lines) -> list[str]:
    """The columns of the first thousand objects, in the order in which they turn up."""
    names: dict[str, None] = {}
    for line in lines.sample(SAMPLE_LINES):
        record = _parsed(line)
        if isinstance(record, dict):
            names.update(dict.fromkeys(_flat(record)))
    return list(names)


def records(lines: Lines, names: Sequence[str]) -> Iterator[Row | Fault]:
    """The objects as rows of the columns ``names``, which may grow until the first row is taken."""
    for text in lines:
        lines.taken.clear()
        raw = text.rstrip("\r\n")
        if not raw.strip():
            continue
        if is_damaged(raw):
            yield Fault(lines.count, _("bytes that do not decode"), readable(raw))
            continue
        record = _parsed(raw)
        if isinstance(record, dict):
            cells = _flat(record)
            if "\\u" in raw and not all(_is_text(cell) for cell in cells.values()):
                yield Fault(lines.count, _("half of a character (a lone surrogate)"), raw)
                continue
            yield Row(lines.count, [cells.get(name, "") for name in names], raw)
        else:
            yield Fault(lines.count, _("no JSON object"), raw)


def _parsed(line: str) -> object:
    try:
        return json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None


def _is_text(cell: str) -> bool:
    """JSON can spell halves of characters, which no database and no screen takes."""
    return cell.isascii() or not any("\ud800" <= character <= "\udfff" for character in cell)


def _flat(record: dict[str, object], prefix: str = "") -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            cells.update(_flat(value, f"{prefix}{key}."))
        else:
            cells[prefix + key] = _cell(value)
    return cells


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
