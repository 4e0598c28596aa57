"""The words behind small integers: agents, queues, tags and sources, each with ids from 1 up; 0 is nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from console.models.domain.ports import NameText

DIMENSIONS = ("agent", "queue", "tag", "source")


class Alphabet:
    """The alphabetical order of the names of all dimensions at a moment; it stays as it is when names are added."""

    def __init__(self, version: int, ranks: Mapping[str, NDArray[np.int64]]) -> None:
        self.version = version
        self._ranks = ranks

    def alphabet(self) -> Alphabet:
        """The order of the names as they are now."""
        return Alphabet(self.version, {dimension: self.ranks(dimension) for dimension in DIMENSIONS})

    def ranks(self, dimension: str) -> NDArray[np.int64]:
        """The place of each id in the order; nobody stands last."""
        return self._ranks[dimension]


class Names:
    """Texts by dimension and id. ``version`` rises whenever a name is added, for whoever keeps an order of them."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {dimension: [""] for dimension in DIMENSIONS}
        self._ids: dict[str, dict[str, int]] = {dimension: {} for dimension in DIMENSIONS}
        self._ranks: dict[str, tuple[int, NDArray[np.int64]]] = {}
        self.version = 0

    def add(self, names: Iterable[NameText]) -> None:
        """Learn names; those already known are left as they are."""
        for dimension, id_, text in names:
            texts = self._texts[dimension]
            if id_ < len(texts) and texts[id_] == text:
                continue
            texts.extend([""] * (id_ + 1 - len(texts)))
            texts[id_] = text
            self._ids[dimension][text] = id_
            self.version += 1

    def text(self, dimension: str, id_: int) -> str:
        """The name, empty for 0 and for an id that is not known."""
        texts = self._texts[dimension]
        return texts[id_] if 0 <= id_ < len(texts) else ""

    def id(self, dimension: str, text: str) -> int:
        """The id of a name, 0 when it is not known."""
        return self._ids[dimension].get(text, 0)

    def size(self, dimension: str) -> int:
        """One more than the highest id: the length of an array indexed by id."""
        return len(self._texts[dimension])

    def all(self) -> list[NameText]:
        """Every name that is known."""
        return [
            NameText(dimension, id_, text)
            for dimension, texts in self._texts.items()
            for id_, text in enumerate(texts)
            if text
        ]

    def alphabet(self) -> Alphabet:
        """The order of the names as they are now."""
        return Alphabet(self.version, {dimension: self.ranks(dimension) for dimension in DIMENSIONS})

    def ranks(self, dimension: str) -> NDArray[np.int64]:
        """The place of each id in the alphabetical order of the names; nobody stands last."""
        texts = self._texts[dimension]
        known = self._ranks.get(dimension)
        if known is None or known[0] != self.version:
            order = sorted(range(len(texts)), key=lambda id_: (texts[id_] == "", texts[id_].casefold()))
            ranks = np.empty(len(texts), dtype=np.int64)
            ranks[order] = np.arange(len(texts))
            known = self._ranks[dimension] = (self.version, ranks)
        return known[1]
