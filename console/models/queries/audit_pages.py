"""The audit trail for people: one row in words with what changed, and the rows that a filter wants as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from console.models.domain.audit import Row
from console.models.domain.audit_ports import AuditLog, Numbers
from console.models.domain.ports import Progress
from console.models.queries.export import export
from console.zones import written

HEADERS = (
    *("seq", "at", "actor", "role", "action", "object_kind", "object_id", "outcome", "reason"),
    *("before", "after", "hash"),
)
"""The same words in every language and as `console audit list` has them: an export is evidence, and is compared."""
_STEP = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a row changed, as text; empty where there was nothing before, or is nothing after."""

    name: str
    before: str
    after: str


def differences(row: Row) -> list[Difference]:
    """What the row changed, in the order of the names; what stayed as it was is left out."""
    before, after = facts_of(row.before), facts_of(row.after)
    names = [*before, *(name for name in after if name not in before)]
    return [
        Difference(name, _text(before.get(name)), _text(after.get(name)))
        for name in sorted(names)
        if before.get(name) != after.get(name) or name not in before
    ]


def when(row: Row, zone: tzinfo) -> str:
    """The row's time; of one that somebody changed into something else, what stands there."""
    try:
        return written(row.at, zone)
    except (TypeError, ValueError, OverflowError, OSError):
        return str(row.at)


def export_trail(path: Path, trail: AuditLog, numbers: Numbers, zone: tzinfo, progress: Progress) -> int:
    """Write these rows as CSV or XLSX, newest first; returns how many. Raises `ExportError` and `Cancelled`."""
    return export(path, HEADERS, _cells(trail, numbers, zone), len(numbers), progress)


def _cells(trail: AuditLog, numbers: Numbers, zone: tzinfo) -> Iterator[list[object]]:
    for start in range(0, len(numbers), _STEP):
        for row in trail.rows(numbers[start : start + _STEP].tolist()):
            values = [getattr(row, name) for name in HEADERS]
            values[1] = when(row, zone)
            yield [value if value is not None else "" for value in values]


def facts_of(stored: str | None) -> Mapping[str, object]:
    """What stands in before or after. It comes from a file: what is no JSON object is shown as it is."""
    if stored is None:
        return {}
    try:
        facts = json.loads(stored)
    except (TypeError, ValueError):
        facts = stored
    return facts if isinstance(facts, dict) else {"": facts}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
