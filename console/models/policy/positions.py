"""Where each key and value of a TOML file stands: the standard parser tells values, but not their places.

The locator walks text that `tomllib` has accepted, so it need not judge the syntax, only follow it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
"""A key by its parts; an integer is the place in a list, counted from 0."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}'
    r"|'''(?:[^']|'{1,2}(?!'))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """Where a pair begins, where its value does, and where both end: counted in characters from 0."""

    start: int
    value: int
    end: int


@dataclass(slots=True)
class Places:
    """Where the keys, the values and the headers of the tables stand."""

    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    spans: dict[Path, Span] = field(default_factory=dict)
    headers: dict[Path, int] = field(default_factory=dict)
    """Where the header of each table begins, counted from 0; not of tables in a list."""
    last: Place = Place(1, 1)
    """The last line of the text, for what is missing altogether."""


def locate(text: str) -> Places:
    """The places in a text that `tomllib.loads` accepts (line ends already turned into newlines)."""
    return _Walk(text).walk()


class _Walk:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._found = Places(last=Place(max(1, text.rstrip("\n").count("\n") + 1), 1))
        self._lists: dict[Path, int] = {}

    def walk(self) -> Places:
        table: Path = ()
        self._skip(_GAP)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_GAP)
        return self._found

    def _place(self) -> Place:
        low, high = 0, len(self._starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._starts[middle] <= self._at else (low, middle)
        return Place(low + 1, self._at - self._starts[low] + 1)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            return ""
        self._at = match.end()
        return match.group()

    def _header(self) -> Path:
        place, start = self._place(), self._at
        is_list = self._text.startswith("[[", self._at)
        self._at += 2 if is_list else 1
        name: Path = ()
        parts = self._key()
        for depth, part in enumerate(parts):
            name += (part,)
            self._found.keys.setdefault(name, place)
            if is_list and depth == len(parts) - 1:
                self._lists[name] = self._lists.get(name, -1) + 1
            if name in self._lists:
                # A table under a list of tables belongs to the list's last element.
                name += (self._lists[name],)
                self._found.keys.setdefault(name, place)
        self._at += 2 if is_list else 1
        if name == tuple(parts):
            self._found.headers[name] = start
        return name

    def _key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_SPACE)
            parts.append(self._part())
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _part(self) -> str:
        quoted = self._skip(_STRING)
        if not quoted:
            return self._skip(_BARE)
        told: str = tomllib.loads(f"key = {quoted}")["key"]
        return told

    def _pair(self, table: Path) -> None:
        place, start = self._place(), self._at
        name = table
        for part in self._key():
            name += (part,)
            self._found.keys.setdefault(name, place)
        self._at += 1  # the equals sign
        self._skip(_SPACE)
        value = self._at
        self._value(name)
        end = value + len(self._text[value : self._at].rstrip())
        self._found.spans[name] = Span(start, value, end)

    def _value(self, name: Path) -> None:
        self._found.values[name] = self._place()
        match self._text[self._at]:
            case '"' | "'":
                self._skip(_STRING)
            case "[":
                self._list(name)
            case "{":
                self._inline_table(name)
            case _:
                self._skip(_SCALAR)

    def _list(self, name: Path) -> None:
        self._at += 1
        index = 0
        self._skip(_GAP)
        while self._text[self._at] != "]":
            self._value((*name, index))
            index += 1
            self._skip(_GAP)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_GAP)
        self._at += 1

    def _inline_table(self, name: Path) -> None:
        self._at += 1
        self._skip(_GAP)
        while self._text[self._at] != "}":
            self._pair(name)
            self._skip(_GAP)
            if self._text[self._at] == ",":
                self._at += 1
                self._skip(_GAP)
        self._at += 1
