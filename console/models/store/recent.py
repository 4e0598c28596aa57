"""A bounded memory of what was used lately."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_FADED_AT_LEAST = 16


class Recent(Generic[K, V]):
    """Keeps at least ``capacity`` and at most twice as many of the entries used last.

    Two generations of plain dictionaries: a hit costs one or two looks. What is forgotten goes a few entries at a time:
    to let go of a hundred thousand at once keeps every other thread waiting for 35 ms.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._fading: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """The value, which counts as used now; None when it is not remembered."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self._young[key] = value
        return value

    def __contains__(self, key: K) -> bool:
        return key in self._young or key in self._old

    def update(self, entries: Mapping[K, V]) -> None:
        """Remember these, and forget a generation when there are too many."""
        self._young.update(entries)
        # Faster than a generation fills, so that none is left when the next one fades.
        for _entry in range(min(len(self._fading), _FADED_AT_LEAST + 2 * len(entries))):
            self._fading.popitem()
        if len(self._young) >= self._capacity:
            self._fading = self._old
            self._old = self._young
            self._young = {}
