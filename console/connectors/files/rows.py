"""The neutral form of a file's content: a table of text cells, whatever format the file has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from console.errors import UsageError


class Row(NamedTuple):
    """One row: where it starts (line or row number as an editor shows it), its cells, and how it stood in the file."""

    line: int
    cells: Sequence[str]
    raw: str


class Fault(NamedTuple):
    """A row that cannot be taken, and why."""

    line: int
    reason: str
    raw: str


class FileUnreadable(UsageError):
    """The file as a whole cannot be read, or not any further."""


@dataclass(slots=True)
class Table:
    """An opened file. ``rows`` can be walked once; ``position`` tells how many of ``size`` bytes were read so far.

    ``include`` asks a format without a fixed header for more columns (it may be called before the first row is taken);
    ``format`` and ``encoding`` are for people.
    """

    columns: list[str]
    rows: Iterator[Row | Fault]
    format: str
    encoding: str = ""
    include: Callable[[Sequence[str]], None] = lambda _names: None
    size: int = 0
    position: Callable[[], int] = lambda: 0
    close: Callable[[], None] = lambda: None


def anything(_columns: Sequence[str]) -> bool:
    """Takes every header: for whoever has no wishes."""
    return True
