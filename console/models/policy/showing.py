"""The policy in force as people and programs read it: a list of keys, and a file that loads into the same policy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from console.clock import SECOND
from console.models.policy import kinds
from console.models.policy.reading import Entries
from console.models.policy.schema import BY_PATH

_DURATIONS = (kinds.DURATION, kinds.DURATION_OR_OFF, kinds.DURATION_OR_TARGET)


@dataclass(frozen=True, slots=True)
class Line:
    """One key: its value as written, its unit (in English), a duration also in seconds, its rule, and who said it."""

    key: str
    value: Any
    unit: str
    seconds: float | None
    """None for what is no duration, and for a limit that is off."""
    rule: str
    file: str
    line: int


def lines(entries: Entries) -> Iterator[Line]:
    """Every key of the policy in force, in the order of the schema."""
    for path, entry in entries.items():
        key = BY_PATH[path]
        seconds = entry.value / SECOND if key.kind in _DURATIONS and entry.value else None
        place = entry.document.key_place(tuple(path.split(".")))
        yield Line(path, entry.written, key.kind.unit, seconds, key.rule, entry.document.file, place.line)


def to_toml(entries: Entries) -> str:
    """A complete policy file with the rule of each key; loaded, it is the policy of these entries."""
    tables: dict[str, list[str]] = {}
    for path, entry in entries.items():
        table, _, word = path.rpartition(".")
        rule = BY_PATH[path].rule
        if isinstance(entry.written, Mapping):
            tables[path] = [
                f"# {rule}",
                *(f"{toml_key(name)} = {toml_value(value)}" for name, value in entry.written.items()),
            ]
            continue
        rows = tables.setdefault(table, [])
        if _last_rule(rows) != f"# {rule}":
            rows.append(f"# {rule}")
        rows.append(f"{toml_key(word)} = {toml_value(entry.written)}")
    return "\n\n".join(f"[{table}]\n" + "\n".join(rows) for table, rows in tables.items()) + "\n"


def toml_value(value: Any) -> str:
    """A text, number, truth, list or table within a list as TOML writes it."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{toml_key(name)} = {toml_value(told)}' for name, told in value.items())}}}"
    return repr(value)


def _last_rule(rows: list[str]) -> str:
    return next((row for row in reversed(rows) if row.startswith("# ")), "")


def toml_key(word: str) -> str:
    """A part of a key as TOML writes it."""
    return word if re.fullmatch(r"[A-Za-z0-9_-]+", word) else _text(word)


def _text(text: str) -> str:
    # A TOML basic string is written like a JSON string, but the one control character that JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
