"""From documents to checked values: each by its kind, unknown keys with a hint, the site's over the default's."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from console.i18n import _
from console.models.policy.document import Document, Problem, leaves
from console.models.policy.kinds import Wrong
from console.models.policy.schema import BY_PATH, KEYS, ORDERS, TABLES

_KNOWN = set(BY_PATH)


@dataclass(frozen=True, slots=True)
class Entry:
    """The value in force of one key: as it was written, as it was read, and the document that it comes from."""

    written: Any
    value: Any
    document: Document


Entries = Mapping[str, Entry]
"""Entries by dotted key, in the order of the schema."""


def check(document: Document, *, complete: bool) -> tuple[Entries, tuple[Problem, ...]]:
    """The good entries of a document and everything that is wrong with it, in the order of its lines.

    With ``complete`` a key that is not there is wrong too.
    """
    problems = list(document.problems)
    found: dict[str, Entry] = {}
    for key, written in leaves(document.values, TABLES, _KNOWN):
        path = ".".join(key)
        known = BY_PATH.get(path)
        if known is None:
            problems.append(_unknown(document, key, written))
            continue
        try:
            found[path] = Entry(written, known.kind.read(written), document)
        except Wrong as error:
            problems.append(document.problem((*key, *error.at), error.what, error.write))
    if complete and document.readable:
        problems.extend(_missing(document, {problem.key for problem in problems}))
    ordered = {key.path: found[key.path] for key in KEYS if key.path in found}
    return ordered, tuple(sorted(problems))


def merge(default: Entries, site: Entries) -> Entries:
    """The site's entries over the default's: key by key; lists and the tables of the calendar are replaced whole."""
    return {path: site.get(path, entry) for path, entry in default.items()}


def disorders(entries: Entries, document: Document) -> Iterator[Problem]:
    """Values that contradict each other, told at the key that the document itself holds."""
    for less, more in ORDERS:
        if less not in entries or more not in entries or entries[less].value <= entries[more].value:
            continue
        here = more if entries[more].document is document else less
        other = less if here == more else more
        what = _("{value} does not go together with {other} = {other_value}").format(
            value=entries[here].written, other=other, other_value=entries[other].written
        )
        write = _("{less} may not be more than {more}.").format(less=less, more=more)
        yield document.problem(tuple(here.split(".")), what, write)


def _missing(document: Document, told: set[str]) -> Iterator[Problem]:
    present = {".".join(key) for key, _value in leaves(document.values, TABLES, _KNOWN)}
    for path in BY_PATH:
        if path in present or path in told:
            continue
        write = _("Write it, as the default policy does.")
        yield document.problem(tuple(path.split(".")), _("it is missing"), write, at_key=True)


def _unknown(document: Document, key: tuple[str, ...], written: Any) -> Problem:
    path = ".".join(key)
    if path in TABLES:
        what, write = _("it is a table of keys, not a value"), _("Write [{table}] and its keys under it.")
        return document.problem(key, what, write.format(table=path))
    what = _("there is no such table") if isinstance(written, dict) else _("there is no such key")
    near = nearest(key)
    write = _("Did you mean {key}?").format(key=near) if near else _("Take it out.")
    return document.problem(key, what, write, at_key=True)


def nearest(key: tuple[str, ...]) -> str:
    """The known key or table that a person most likely meant; empty where none is near."""
    path = ".".join(key)
    table = ".".join(key[:-1])
    siblings = {name.rpartition(".")[2]: name for name in _names() if name.rpartition(".")[0] == table}
    same_word = [name for name in _names() if name.rpartition(".")[2] == key[-1]]
    tries: tuple[Callable[[], Iterable[str]], ...] = (
        lambda: (siblings[word] for word in difflib.get_close_matches(key[-1], siblings, 1)),
        lambda: difflib.get_close_matches(path, same_word, 1, 0.0),
        lambda: difflib.get_close_matches(path, _names(), 1, 0.7),
    )
    return next((name for attempt in tries for name in attempt()), "")


def _names() -> list[str]:
    return [*BY_PATH, *sorted(TABLES)]
