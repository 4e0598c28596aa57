"""Mappings: how a file's columns become canonical fields, written as TOML and read as data.

`resources/mappings` holds the shipped ones; ``--mapping`` takes one of the user's own. A mapping that is wrong is
refused with the place and the reason, before any row is read.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import cast

from console import paths, zones
from console.connectors.files.times import parser
from console.connectors.files.vocabulary import CODES, EVENT_FIELDS, STATE_FIELDS
from console.errors import UsageError
from console.i18n import _
from console.models.domain.events import Kind, Precision

STATES, EVENTS = "states", "events"
_FIELDS = {STATES: STATE_FIELDS, EVENTS: EVENT_FIELDS}
_NEEDED = {STATES: ("ticket", "at"), EVENTS: ("kind", "at")}
_NOTHING: Table[str, str] = MappingProxyType({})


class MappingWrong(UsageError):
    """A mapping does not make sense; says where."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A column that holds the time of something that happened once in a ticket's life, and what that was."""

    column: str
    kind: Kind
    value: str = ""


@dataclass(frozen=True, slots=True)
class KeyRecipe:
    """What tells a row from all others: the cell of ``column``, or the row's content and how often it was seen.

    The content is made of the cells of ``columns``, or where that is empty of all columns but ``without``.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping. ``rows`` says what a row is: ``states`` (a ticket as it was at a time) or ``events``.

    ``fields`` gives for each canonical field its columns, of which the first that is not null counts; ``defaults`` the
    word of a field without column; ``values`` the canonical word for the log's own, by field. ``carries`` names the
    attributes that a ticket is born with in a log of states. ``unused`` gives the reason why a column is left out.
    """

    name: str
    title: str
    source: str
    rows: str
    fields: Table[str, tuple[str, ...]]
    recognise: tuple[str, ...] = ()
    nulls: frozenset[str] = frozenset({""})
    formats: tuple[str, ...] = ("iso",)
    time_zone: str = ""
    precision: Precision = Precision.SECOND
    defaults: Table[str, str] = field(default_factory=lambda: _NOTHING)
    values: Table[str, Table[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    carries: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
    key: KeyRecipe = field(default_factory=KeyRecipe)
    unused: Table[str, str] = field(default_factory=lambda: _NOTHING)
    encoding: str = ""
    delimiter: str = ""

    def lacks(self, columns: Sequence[str]) -> str:
        """The first field that has to be there and has none of its columns among these; empty when all have one."""
        present = {column.casefold() for column in columns}
        for name in _NEEDED[self.rows]:
            if not any(column.casefold() in present for column in self.fields[name]):
                return name
        return ""

    def signs(self, columns: Sequence[str]) -> bool:
        """Whether all signs of this mapping are among a file's columns."""
        present = {column.casefold() for column in columns}
        return bool(self.recognise) and all(sign.casefold() in present for sign in self.recognise)

    def columns(self) -> list[str]:
        """Every column that the mapping reads."""
        names = [name for columns in self.fields.values() for name in columns]
        names += [moment.column for moment in self.moments]
        names += [self.key.column] if self.key.column else []
        return list(dict.fromkeys(names))


def shipped() -> list[Mapping]:
    """The mappings that come with the console."""
    return [load(path) for path in sorted(paths.resource("mappings").glob("*.toml"))]


def choose(mappings: Sequence[Mapping], columns: Sequence[str]) -> Mapping:
    """The mapping whose signs are all among a file's columns, the one with most signs; raises `UsageError`."""
    fitting = [mapping for mapping in mappings if mapping.signs(columns)]
    if not fitting:
        raise UsageError(
            _("No shipped mapping fits these columns: {columns}.").format(columns=", ".join(columns)),
            _("Write a mapping and give it with --mapping FILE.toml; resources/mappings holds examples."),
        )
    return max(fitting, key=lambda mapping: len(mapping.recognise))


def load(path: Path) -> Mapping:
    """Read one mapping file; raises `MappingWrong` with the place of the first mistake."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingWrong(
            _("The mapping {path} cannot be read: {error}.").format(path=path, error=error),
            _("Check the file's name and its TOML."),
        ) from error
    try:
        return _Reader(data, path.stem).mapping()
    except _Wrong as error:
        raise MappingWrong(
            _("The mapping {path} is wrong at {place}: {reason}.").format(
                path=path, place=error.place, reason=error.reason
            ),
            _("See docs/reference/mappings.md."),
        ) from error


class _Wrong(Exception):
    def __init__(self, place: str, reason: str) -> None:
        super().__init__(place, reason)
        self.place = place
        self.reason = reason


class _Reader:
    """Takes a mapping's TOML apart; what is left over at the end is a mistake."""

    def __init__(self, data: dict[str, object], name: str) -> None:
        self._data = data
        self._name = name

    def mapping(self) -> Mapping:
        times = _Section(self._table("times"), "times")
        key = _Section(self._table("key"), "key")
        top = _Section(self._data, "")
        rows = top.word("rows", STATES)
        if rows not in _FIELDS:
            raise _Wrong("rows", _("{word!r} is neither states nor events").format(word=rows))
        name = top.word("name", self._name)
        mapping = Mapping(
            name=name,
            title=top.word("title", name),
            source=top.word("source", name),
            rows=rows,
            fields=self._fields(rows),
            recognise=top.words("recognise"),
            nulls=frozenset(top.words("nulls")) | {""},
            formats=self._formats(times),
            time_zone=self._zone(times.word("time_zone")),
            precision=cast(Precision, _code("precision", times.word("precision", "second"), "times.precision")),
            defaults=self._defaults(rows),
            values=self._values(),
            carries=top.words("carries"),
            moments=self._moments(),
            key=KeyRecipe(key.word("column"), key.words("columns"), frozenset(key.words("without"))),
            unused={name: str(reason) for name, reason in self._table("unused").items()},
            encoding=self._encoding(top.word("encoding")),
            delimiter=self._delimiter(top.word("delimiter")),
        )
        for section in (top, times, key):
            section.done()
        return mapping

    def _table(self, name: str) -> dict[str, object]:
        table = self._data.pop(name, {})
        if not isinstance(table, dict):
            raise _Wrong(name, _("a table is expected"))
        return table

    @staticmethod
    def _encoding(name: str) -> str:
        try:
            return codecs.lookup(name).name if name else ""
        except LookupError as error:
            raise _Wrong("encoding", _("{word!r} is not an encoding").format(word=name)) from error

    @staticmethod
    def _zone(name: str) -> str:
        if name:
            try:
                zones.zone(name)
            except UsageError as error:
                raise _Wrong("times.time_zone", _("{word!r} is not a time zone").format(word=name)) from error
        return name

    @staticmethod
    def _delimiter(text: str) -> str:
        if len(text) > 1 or text in ('"', "\n", "\r"):
            raise _Wrong("delimiter", _("one character is expected"))
        return text

    def _formats(self, times: _Section) -> tuple[str, ...]:
        formats = times.words("formats") or ("iso",)
        for form in formats:
            if form not in ("iso", "epoch") and "%" not in form:
                raise _Wrong("times.formats", _("{form!r} has no directive such as %Y").format(form=form))
            if "%" in form:
                _try_format(form)
            parser(form)
        return formats

    def _fields(self, rows: str) -> dict[str, tuple[str, ...]]:
        section = _Section(self._table("fields"), "fields")
        fields = {name: section.words(name) for name in list(section.names())}
        for name in fields:
            if name not in _FIELDS[rows]:
                known = ", ".join(sorted(_FIELDS[rows]))
                raise _Wrong(f"fields.{name}", _("there is no such field; there are {known}").format(known=known))
        for name in _NEEDED[rows]:
            if not fields.get(name):
                raise _Wrong(f"fields.{name}", _("this field needs a column"))
        return {name: columns for name, columns in fields.items() if columns}

    def _defaults(self, rows: str) -> dict[str, str]:
        defaults = {name: str(word) for name, word in self._table("defaults").items()}
        for name, word in defaults.items():
            if name not in _FIELDS[rows]:
                raise _Wrong(f"defaults.{name}", _("there is no such field"))
            if name in CODES:
                _code(name, word, f"defaults.{name}")
        return defaults

    def _values(self) -> dict[str, dict[str, str]]:
        values: dict[str, dict[str, str]] = {}
        for name, table in self._table("values").items():
            if name not in CODES:
                raise _Wrong(f"values.{name}", _("this field has no fixed words"))
            if not isinstance(table, dict):
                raise _Wrong(f"values.{name}", _("a table is expected"))
            values[name] = {str(word): str(canonical) for word, canonical in table.items()}
            for word, canonical in values[name].items():
                _code(name, canonical, f"values.{name}.{word}")
        return values

    def _moments(self) -> tuple[Moment, ...]:
        entries = self._data.pop("moments", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise _Wrong("moments", _("tables are expected: [[moments]]"))
        moments = []
        for entry in entries:
            section = _Section(dict(entry), "moments")
            kind = cast(Kind, _code("kind", section.word("kind"), "moments.kind"))
            moments.append(Moment(section.word("column"), kind, section.word("value")))
            section.done()
            if not moments[-1].column:
                raise _Wrong("moments.column", _("a column is needed"))
        return tuple(moments)


class _Section:
    """The entries of one table, taken out one after the other."""

    def __init__(self, data: dict[str, object], name: str) -> None:
        self._data = data
        self._name = name

    def names(self) -> Sequence[str]:
        return list(self._data)

    def word(self, name: str, default: str = "") -> str:
        value = self._data.pop(name, default)
        if not isinstance(value, str):
            raise _Wrong(self._place(name), _("text is expected"))
        return value

    def words(self, name: str) -> tuple[str, ...]:
        value = self._data.pop(name, [])
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise _Wrong(self._place(name), _("text or a list of texts is expected"))
        return tuple(value)

    def done(self) -> None:
        for name in self._data:
            raise _Wrong(self._place(name), _("there is no such entry"))

    def _place(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name


def _try_format(form: str) -> None:
    """Refuse a pattern that strptime does not know; it says so only when it is used."""
    try:
        written = datetime(2001, 2, 3, 14, 5, 6, tzinfo=UTC).strftime(form)
        datetime.strptime(written, form)  # noqa: DTZ007 - only tried
    except (ValueError, re.error) as error:
        raise _Wrong("times.formats", str(error)) from error


def _code(name: str, word: str, place: str) -> int:
    try:
        return CODES[name].of(word)
    except KeyError as error:
        known = ", ".join(code.key for code in CODES[name])
        raise _Wrong(place, _("{word!r} is not one of {known}").format(word=word, known=known)) from error
