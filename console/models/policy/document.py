"""A policy file as it stands: its values by key, the place of each, and what cannot even be read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.i18n import _
from console.models.policy.positions import Place, Places, locate

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_PAIR = re.compile(r"\s*(?:[\w-]+|\"[^\"\n]*\")(?:\s*\.\s*[\w-]+)*\s*=(?!.*(?:\"\"\"|'''))[^\[{\n]*", re.DOTALL)
_MOST = 50
"""After so many unreadable lines the rest is not worth the telling."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong in a file, where (line and column from 1), at which key, and what to write instead."""

    line: int
    column: int
    key: str
    what: str
    write: str
    file: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        told = f"{where}: {self.key}: {self.what}." if self.key else f"{where}: {self.what}."
        return f"{told} {self.write}".rstrip()


@dataclass(frozen=True)
class Document:
    """A file that was read. ``problems`` are the lines that cannot be read at all; the others are in ``values``."""

    file: str
    values: dict[str, Any] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    problems: tuple[Problem, ...] = ()
    text: str = ""
    readable: bool = False
    """Whether there are values: not when the file could not be parsed at all."""

    def place_of(self, key: tuple[str | int, ...]) -> Place:
        """Where the value of a key stands, else the key, else what it would stand in; the end of the file at last."""
        if key in self.places.values:
            return self.places.values[key]
        for end in range(len(key), 0, -1):
            if key[:end] in self.places.keys:
                return self.places.keys[key[:end]]
        return self.places.last

    def key_place(self, key: tuple[str | int, ...]) -> Place:
        """Where the word of a key stands."""
        return self.places.keys.get(key) or self.place_of(key)

    def problem(self, key: tuple[str | int, ...], what: str, write: str, *, at_key: bool = False) -> Problem:
        """A problem at a key."""
        place = self.key_place(key) if at_key else self.place_of(key)
        return Problem(place.line, place.column, dotted(key), what, write, self.file)


def dotted(key: tuple[str | int, ...]) -> str:
    """A key as people write it; the place in a list, counted from 1, in brackets."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def read(path: Path) -> Document:
    """Read a file; what cannot be read is among the problems, so nothing is raised."""
    try:
        data = path.read_bytes()
    except OSError as error:
        what = _("the file cannot be read: {error}").format(error=error.strerror or error)
        return Document(str(path), problems=(Problem(1, 1, "", what, _("See to the file."), str(path)),))
    return decode(data, str(path))


def decode(data: bytes, file: str) -> Document:
    """Read the bytes of a file."""
    try:
        # Editors on Windows put a mark before the text.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].rpartition(b"\n")
        line, column = data.count(b"\n", 0, error.start) + 1, len(before[2].decode("utf-8", "replace")) + 1
        problem = Problem(line, column, "", _("the text is not in UTF-8"), _("Save it as UTF-8."), file)
        return Document(file, problems=(problem,))
    return parse(text, file)


def parse(text: str, file: str) -> Document:
    """Parse a text; lines that are no TOML are told and passed over, as far as the others keep their meaning."""
    original = text
    text = text.replace("\r\n", "\n")
    problems: list[Problem] = []
    while True:
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            problems.append(_unreadable(text, str(error), file))
            shorter = _without_line(text, problems[-1].line)
            if shorter is None or len(problems) == _MOST:
                return Document(file, problems=tuple(problems))
            text = shorter
        except RecursionError:
            problem = Problem(1, 1, "", _("the values are nested too deep"), _("Write a policy."), file)
            return Document(file, problems=(*problems, problem))
        else:
            return Document(file, values, locate(text), tuple(problems), original, readable=True)


def _unreadable(text: str, told: str, file: str) -> Problem:
    found = _WHERE.search(told)
    lines = text.split("\n")
    line, column = len(text.rstrip("\n").split("\n")), 1
    if found and found.group(1):
        line, column = int(found.group(1)), int(found.group(2))
    if line > 1 and column == 1 and (line > len(lines) or not lines[line - 1].strip()):
        line -= 1
    what = _("this is not TOML: {error}").format(error=_WHERE.sub("", told))
    write = _('Write key = value, one to a line; texts and durations in quotes: phone = "20 s".')
    return Problem(line, column, _key_in(lines, line), what, write, file)


def _key_in(lines: list[str], line: int) -> str:
    """The key whose line cannot be read, as far as the lines above tell its table."""
    name = lines[line - 1].partition("=")[0].strip() if "=" in lines[line - 1] else ""
    for above in reversed(lines[: line - 1]):
        if found := re.fullmatch(r"\s*\[([\w.-]+)\]\s*(?:#.*)?", above):
            return f"{found.group(1)}.{name}" if name else ""
    return name


def _without_line(text: str, line: int) -> str | None:
    """The text with an unreadable pair made empty; None where the line may belong to more than itself."""
    lines = text.split("\n")
    if not _PAIR.fullmatch(lines[line - 1]):
        return None
    lines[line - 1] = ""
    return "\n".join(lines)


def leaves(values: dict[str, Any], tables: set[str], known: set[str]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The keys with their values: tables of the policy are entered, everything else is a value."""
    pending: list[tuple[tuple[str, ...], Any]] = [((name,), value) for name, value in reversed(values.items())]
    while pending:
        key, value = pending.pop()
        path = ".".join(key)
        if path in tables and path not in known and isinstance(value, dict):
            pending.extend(((*key, name), inner) for name, inner in reversed(value.items()))
        else:
            yield key, value
