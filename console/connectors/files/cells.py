"""Taking a row's cells by canonical field, and turning their words into codes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from operator import itemgetter

from console.connectors.files.mapping import KeyRecipe, Mapping
from console.connectors.files.vocabulary import CODES, UNKNOWN
from console.i18n import _

Cells = Sequence[str]
Take = Callable[[Cells], str]
_MASK = (1 << 64) - 1
_ODD = 0x9E3779B97F4A7C15
MOST_UNKNOWN = 1_000


class RowWrong(ValueError):
    """A row that cannot be taken; the text is the reason."""


def nothing(_cells: Cells) -> str:
    """The cell of a field that the file does not have."""
    return ""


class Columns:
    """Finds the columns of a file by name, exactly or else without regard to case."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._places = {name.casefold(): place for place, name in reversed(list(enumerate(self.names)))}
        self._places |= {name: place for place, name in reversed(list(enumerate(self.names)))}

    def place(self, name: str) -> int | None:
        """The place of a column, None when the file does not have it."""
        found = self._places.get(name)
        return self._places.get(name.casefold()) if found is None else found

    def taker(self, names: Sequence[str], nulls: frozenset[str], default: str = "") -> Take | None:
        """A function that takes the first cell that is not null from these columns; None when there is none of them."""
        places = [place for place in map(self.place, names) if place is not None]
        if not places:
            return (lambda _cells: default) if default else None
        if len(places) == 1:
            only = places[0]

            def take_one(cells: Cells) -> str:
                cell = cells[only].strip()
                return default if cell in nulls else cell

            return take_one

        def take_first(cells: Cells) -> str:
            for place in places:
                cell = cells[place].strip()
                if cell not in nulls:
                    return cell
            return default

        return take_first

    def content(self, recipe: KeyRecipe) -> Callable[[Cells], str]:
        """A function that joins the cells which make up a row's content."""
        if recipe.columns:
            places = [place for place in map(self.place, recipe.columns) if place is not None]
        else:
            without = {name.casefold() for name in recipe.without}
            places = [place for place, name in enumerate(self.names) if name.casefold() not in without]
        if len(places) < 2:
            return lambda cells: "".join(cells[place] for place in places)
        take = itemgetter(*places)
        return lambda cells: "\x1f".join(take(cells))


class Words:
    """Turns words into codes and counts the words that nobody has mapped, by field."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._known: dict[str, dict[str, int]] = {field: {"": 0} for field in CODES}
        self.unknown: dict[str, Counter[str]] = {}

    def known(self, field: str) -> dict[str, int]:
        """The words of a field that were met and are known, for quick looks; it grows."""
        return self._known[field]

    def code(self, field: str, word: str) -> int | None:
        """The code of a word: by the mapping, or because it is canonical; None for an unknown one. Empty is 0."""
        known = self._known[field]
        code = known.get(word)
        if code is None:
            code = self._look_up(field, word)
            if code is not None:
                known[word] = code
        return code

    def code_or_unknown(self, field: str, word: str) -> int:
        """The same, but a word that nobody has mapped is counted and becomes the field's *unknown*."""
        code = self.code(field, word)
        if code is None:
            words = self.unknown.setdefault(field, Counter())
            if word in words or len(words) < MOST_UNKNOWN:
                words[word] += 1
            return UNKNOWN.get(field, 0)
        return code

    def _look_up(self, field: str, word: str) -> int | None:
        folded = word.casefold()
        for own, canonical in self._mapping.values.get(field, {}).items():
            if own.casefold() == folded:
                return int(CODES[field].of(canonical))
        try:
            return int(CODES[field].of(word))
        except KeyError:
            return None


def digest(text: str) -> int:
    """A signed 64-bit digest of text; the same on every machine and in every run."""
    return signed(int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"))


def mixed(key: int, number: int) -> int:
    """Another key for another small number."""
    return signed((key ^ (number * _ODD)) & _MASK)


def signed(number: int) -> int:
    """An unsigned 64-bit number as the signed one with the same bits."""
    return number - (1 << 64) if number >> 63 else number


def required(text: str, name: str) -> str:
    """The text; raises `RowWrong` when there is none."""
    if not text:
        raise RowWrong(_("{name} is missing").format(name=name))
    return text
