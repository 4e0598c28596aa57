"""The words of the tickets (reference, subject, customer) in a few large byte blocks, and the search in them.

A Python string per ticket would cost more memory than all columns together; a search in one large block is a single
call for thousands of tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from console.models.domain.ports import TicketText

_BLOCK = 1 << 20
_BETWEEN = b"\x1f"
_END = b"\x1e"
_MANY = 200


class Texts:
    """The words by slot. An entry is ``ref US subject US customer RS`` in UTF-8; entries do not cross blocks."""

    def __init__(self) -> None:
        self._blocks: list[bytearray] = [bytearray()]
        self._starts: list[list[int]] = [[]]
        self._slots: list[list[int]] = [[]]
        self._frozen: list[tuple[NDArray[np.uint32], NDArray[np.uint32]] | None] = [None]
        self._place: NDArray[np.uint32] = np.zeros(4096, dtype=np.uint32)
        """Block and offset of each slot's entry, plus one; 0 where there is none."""

    def set(self, slot: int, text: TicketText) -> None:
        """Write (or replace) the words of a slot; a replaced entry stays in its block but is no longer found."""
        entry = _BETWEEN.join(_clean(part) for part in (text.ref, text.subject, text.customer)) + _END
        entry = entry[: _BLOCK // 4]
        block = self._blocks[-1]
        if len(block) + len(entry) > _BLOCK:
            self._frozen[-1] = self._index(len(self._blocks) - 1)
            self._starts[-1], self._slots[-1] = [], []
            block = bytearray()
            self._blocks.append(block)
            self._starts.append([])
            self._slots.append([])
            self._frozen.append(None)
        if slot >= self._place.size:
            grown = np.zeros(max(slot + 1, self._place.size + self._place.size // 4), dtype=np.uint32)
            grown[: self._place.size] = self._place
            self._place = grown
        offset = len(block)
        self._place[slot] = (len(self._blocks) - 1) * _BLOCK + offset + 1
        self._starts[-1].append(offset)
        self._slots[-1].append(slot)
        block += entry

    def set_all(self, slots: Iterable[int], texts: Iterable[TicketText]) -> None:
        """Write the words of many slots."""
        for slot, text in zip(slots, texts, strict=True):
            self.set(slot, text)

    def get(self, slot: int) -> tuple[str, str, str]:
        """Reference, subject and customer of a slot; empty where they are not known."""
        place = int(self._place[slot]) - 1 if slot < self._place.size else -1
        if place < 0:
            return "", "", ""
        block = self._blocks[place // _BLOCK]
        start = place % _BLOCK
        ref, subject, customer = block[start : block.index(_END, start)].decode("utf-8", "replace").split("\x1f")
        return ref, subject, customer

    def contains(self, slot: int, needle: str) -> bool:
        """Whether the words of one slot contain ``needle``, in any case."""
        return needle.casefold() in "\x1f".join(self.get(slot)).casefold()

    def find(self, needle: str, count: int, go_on: Callable[[], bool] = lambda: True) -> NDArray[np.bool_]:
        """Which of the first ``count`` slots contain ``needle`` in any case.

        ``go_on`` is asked between blocks (about 20,000 tickets); when it says no, the search ends with what it has.
        """
        found = np.zeros(count, dtype=bool)
        wanted = needle.casefold().encode()
        if not wanted:
            found[:] = True
            return found
        for number, block in enumerate(self._blocks):
            if not go_on():
                break
            starts, slots = self._frozen[number] or self._index(number)
            hits = _hits(bytes(block), wanted, needle)
            if hits.size:
                of = np.unique(np.searchsorted(starts, hits, side="right") - 1)
                current = self._place[slots[of]] == number * _BLOCK + starts[of] + 1
                hit_slots = slots[of][current]
                found[hit_slots[hit_slots < count]] = True
        return found

    @property
    def nbytes(self) -> int:
        """Memory of the blocks and their index, in bytes."""
        frozen = sum(starts.nbytes + slots.nbytes for starts, slots in filter(None, self._frozen))
        return sum(map(len, self._blocks)) + self._place.nbytes + frozen

    def _index(self, number: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        return np.array(self._starts[number], dtype=np.uint32), np.array(self._slots[number], dtype=np.uint32)


def _clean(text: str) -> bytes:
    return text.replace("\x1e", " ").replace("\x1f", " ").encode("utf-8", "replace")


def _hits(block: bytes, wanted: bytes, needle: str) -> NDArray[np.int64]:
    """Places of the needle in a block, in any case."""
    # Folding a whole block may change its length; lower-casing ASCII does not, and other scripts have no case or are
    # compared as they are typed.
    folded = block.lower() if needle.isascii() else block
    wanted = wanted if needle.isascii() else needle.encode()
    if folded.count(wanted) > _MANY:
        return _many_hits(folded, wanted)
    places = []
    place = folded.find(wanted)
    while place >= 0:
        places.append(place)
        place = folded.find(wanted, place + 1)
    return np.array(places, dtype=np.int64)


def _many_hits(block: bytes, wanted: bytes) -> NDArray[np.int64]:
    """The same by comparing whole arrays, byte by byte: quicker where a block has hundreds of hits."""
    letters = np.frombuffer(block, dtype=np.uint8)
    places = np.flatnonzero(letters[: letters.size - len(wanted) + 1] == wanted[0])
    for offset, letter in enumerate(wanted[1:], 1):
        places = places[letters[places + offset] == letter]
    return places
