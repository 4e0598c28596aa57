"""Writing keys into a policy file that a person wrote: their comments, order and spacing stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.models.policy.document import leaves, parse
from console.models.policy.positions import Places, Span, locate
from console.models.policy.schema import BY_PATH, KEYS, TABLES
from console.models.policy.showing import toml_key, toml_value

Values = Mapping[str, Any]
"""Values as TOML gives them, by dotted key of the schema."""
_Parts = tuple[str, ...]


def values_of(text: str) -> dict[str, Any]:
    """The keys that a readable text holds."""
    return {".".join(key): value for key, value in leaves(parse(text, "").values, TABLES, set(BY_PATH))}


def rewritten(text: str, wanted: Values) -> str:
    """The text so that it holds exactly these keys; it must be readable.

    Where the way in which it is written leaves no place for a key, such as a table in one line, it is written anew with
    the comment at its top.
    """
    text = text.replace("\r\n", "\n")
    held = values_of(text)
    edited: str | None = text
    for path in {**held, **wanted}:
        if edited is not None and (path not in wanted or path not in held or held[path] != wanted[path]):
            edited = _with(edited, path, held.get(path), wanted.get(path))
    return edited if edited is not None and _holds(edited, wanted) else _anew(text, wanted)


def _holds(text: str, wanted: Values) -> bool:
    document = parse(text, "")
    return document.readable and not document.problems and values_of(text) == dict(wanted)


def _with(text: str, path: str, before: Any, after: Any) -> str | None:
    """The text with one key set to ``after``, or without it for None; None where there is no place."""
    key = tuple(path.split("."))
    if not isinstance(before, Mapping) and not isinstance(after, Mapping):
        return _set(text, key, None if after is None else toml_value(after))
    edited: str | None = text
    old, new = before if isinstance(before, Mapping) else {}, after if isinstance(after, Mapping) else {}
    for name in {**old, **new}:
        if edited is not None and (name not in new or name not in old or old[name] != new[name]):
            edited = _set(edited, (*key, name), toml_value(new[name]) if name in new else None)
    if edited is None or after is None:
        return None if edited is None else _without_header(edited, key)
    return edited if new or key in locate(edited).headers else _appended(edited, key, "")


def _set(text: str, key: _Parts, value: str | None) -> str | None:
    places = locate(text)
    span = places.spans.get(key)
    if span is not None:
        return _without(text, span) if value is None else text[: span.value] + value + text[span.end :]
    if value is None:
        return text
    line = f"{toml_key(key[-1])} = {value}"
    if key[:-1] not in places.headers:
        return None if key[:-1] in places.keys and _is_pair(places, key[:-1]) else _appended(text, key[:-1], line)
    at = _end_of_line(text, _last_of(text, places, key[:-1]))
    return f"{text[:at]}\n{line}{text[at:]}"


def _is_pair(places: Places, table: _Parts) -> bool:
    """Whether the table, or what it stands in, is written as a pair: then a header for it is no TOML."""
    return any(table[:end] in places.spans for end in range(1, len(table) + 1))


def _last_of(text: str, places: Places, table: _Parts) -> int:
    """Where the last thing under a header ends."""
    start = places.headers[table]
    behind = min((at for at in places.headers.values() if at > start), default=len(text))
    ends = [span.end for span in places.spans.values() if start < span.start < behind]
    return max(ends, default=start)


def _without(text: str, span: Span) -> str | None:
    start = text.rfind("\n", 0, span.start) + 1
    end = _end_of_line(text, span.end)
    rest = text[span.end : end].strip()
    if text[start : span.start].strip() or (rest and not rest.startswith("#")):
        return None
    return text[:start] + text[end + 1 :]


def _without_header(text: str, table: _Parts) -> str:
    start = locate(text).headers.get(table)
    return text if start is None else text[:start] + text[_end_of_line(text, start) + 1 :]


def _end_of_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _appended(text: str, table: _Parts, line: str) -> str:
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    header = f"[{'.'.join(map(toml_key, table))}]\n"
    return f"{before}{header}{line}\n" if line else before + header


def _anew(text: str, wanted: Values) -> str:
    tables: dict[str, list[str]] = {}
    for path in (key.path for key in KEYS if key.path in wanted):
        value = wanted[path]
        if isinstance(value, Mapping):
            tables[path] = [f"{toml_key(name)} = {toml_value(inner)}" for name, inner in value.items()]
        else:
            table, _, word = path.rpartition(".")
            tables.setdefault(table, []).append(f"{toml_key(word)} = {toml_value(value)}")
    top = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        top.append(line)
    blocks = ["\n".join([f"[{table}]", *lines]) for table, lines in tables.items()]
    return "\n\n".join([*(["\n".join(top)] if top else []), *blocks, ""]).rstrip("\n") + "\n"
