"""The words of the tickets (reference, subject, customer) in a few large byte blocks, and the search in them.

A Python string per ticket would cost more memory than all columns together; a search in one large block is a single
call for thousands of tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.models.domain.ports import TicketText
from console.models.live.fold import firsts

_BLOCK = 1 << 20
_LONGEST = _BLOCK // 16
"""Bytes of a reference, a subject or a name; what is longer is cut."""
_BETWEEN = b"\x1f"
_END = b"\x1e"
_MANY = 200
_WINDOW = 4
_SMALL = np.uint8(0x20)


class Texts:
    """The words by slot. An entry is ``ref US subject US customer RS`` in UTF-8; entries do not cross blocks."""

    def __init__(self) -> None:
        self._blocks: list[bytearray | bytes] = []
        self._block = bytearray()
        self._slots: list[list[int]] = []
        self._frozen: list[NDArray[np.uint32] | None] = []
        """Of each full block whose its entries are; where they begin its letters say."""
        self._place: NDArray[np.uint32] = np.zeros(4096, dtype=np.uint32)
        """Block and offset of each slot's entry, plus one; 0 where there is none."""
        self._begin_block()

    def set(self, slot: int, text: TicketText) -> None:
        """Write (or replace) the words of a slot; a replaced entry stays in its block but is no longer found."""
        entry = _BETWEEN.join(_clean(part) for part in (text.ref, text.subject, text.customer)) + _END
        if len(self._block) + len(entry) > _BLOCK:
            self._end_block()
        self._reserve(slot + 1)
        offset = len(self._block)
        self._place[slot] = (len(self._blocks) - 1) * _BLOCK + offset + 1
        self._slots[-1].append(slot)
        self._block += entry

    def set_all(self, slots: Iterable[int], texts: Iterable[TicketText]) -> None:
        """Write the words of many slots."""
        for slot, text in zip(slots, texts, strict=True):
            self.set(slot, text)

    def set_block(self, slots: NDArray[np.int64], entries: bytes) -> None:
        """Write the words of many slots from their entries, one after another; what belongs to slot -1 is left out."""
        ends = np.flatnonzero(np.frombuffer(entries, dtype=np.uint8) == _END[0]) + 1
        starts = np.r_[0, ends[:-1]]
        if ends.size != slots.size or int((ends - starts).max(initial=0)) > _BLOCK // 4:
            self._set_each(slots, entries)
            return
        self._reserve(int(slots.max(initial=0)) + 1)
        first = 0
        while first < slots.size:
            self._end_block()
            last = int(np.searchsorted(ends, starts[first] + _BLOCK, side="right"))
            self._block += entries[starts[first] : ends[last - 1]]
            offsets, of = starts[first:last] - starts[first], slots[first:last]
            self._place[of[of >= 0]] = (len(self._blocks) - 1) * _BLOCK + offsets[of >= 0] + 1
            # An entry that is left out keeps its place in the index, or its letters would count for its neighbour.
            self._frozen[-1] = np.maximum(of, 0).astype(np.uint32)
            first = last
        self._begin_block()

    def get(self, slot: int) -> tuple[str, str, str]:
        """Reference, subject and customer of a slot; empty where they are not known."""
        place = int(self._place[slot]) - 1 if slot < self._place.size else -1
        if place < 0:
            return "", "", ""
        block = self._blocks[place // _BLOCK]
        start = place % _BLOCK
        ref, subject, customer = block[start : block.index(_END, start)].decode("utf-8", "replace").split("\x1f", 2)
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
            hits = _hits(bytes(block), wanted, needle)
            if hits.size:
                starts, slots = self._starts(number), self._slots_in(number)
                of = np.searchsorted(starts, hits, side="right") - 1
                of = of[firsts(of)]
                current = self._place[slots[of]] == number * _BLOCK + starts[of] + 1
                hit_slots = slots[of][current]
                found[hit_slots[hit_slots < count]] = True
        return found

    @property
    def nbytes(self) -> int:
        """Memory of the blocks and their index, in bytes."""
        frozen = sum(slots.nbytes for slots in self._frozen if slots is not None)
        return sum(map(len, self._blocks)) + self._place.nbytes + frozen

    def export(self) -> dict[str, NDArray[Any]]:
        """Everything as a few arrays, for `restore`."""
        slots = [self._slots_in(number) for number in range(len(self._blocks))]
        return {
            "letters": np.frombuffer(b"".join(self._blocks), dtype=np.uint8),
            "lengths": np.array([len(block) for block in self._blocks], dtype=np.int64),
            "slots": np.concatenate(slots),
            "entries": np.array([of.size for of in slots], dtype=np.int64),
            "place": self._place,
        }

    @classmethod
    def restore(cls, arrays: Mapping[str, NDArray[Any]]) -> Texts:
        """The texts that were exported; new words go into a block of their own."""
        texts = cls()
        letters = arrays["letters"].data
        ends = np.cumsum(arrays["lengths"]).tolist()
        cuts = np.cumsum(arrays["entries"])[:-1]
        texts._blocks = [bytes(letters[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
        texts._slots = [[] for _ in ends]
        texts._frozen = list(np.split(arrays["slots"], cuts))
        texts._place = arrays["place"]
        texts._begin_block()
        return texts

    def _set_each(self, slots: NDArray[np.int64], entries: bytes) -> None:
        for slot, entry in zip(slots.tolist(), entries.split(_END), strict=False):
            if slot >= 0:
                words = entry.decode("utf-8", "replace").split("\x1f", 2)
                self.set(slot, TicketText(0, *words))

    def _reserve(self, count: int) -> None:
        if count > self._place.size:
            grown = np.zeros(max(count, self._place.size + self._place.size // 16), dtype=np.uint32)
            grown[: self._place.size] = self._place
            self._place = grown

    def _end_block(self) -> None:
        if self._block:
            if self._frozen[-1] is None:
                self._frozen[-1] = self._slots_in(len(self._blocks) - 1)
            self._slots[-1] = []
            self._begin_block()

    def _begin_block(self) -> None:
        self._block = bytearray()
        self._blocks.append(self._block)
        self._slots.append([])
        self._frozen.append(None)

    def _starts(self, number: int) -> NDArray[np.int64]:
        """Where the entries of a block begin, in order."""
        ends = np.flatnonzero(np.frombuffer(bytes(self._blocks[number]), dtype=np.uint8) == _END[0]) + 1
        return np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])

    def _slots_in(self, number: int) -> NDArray[np.uint32]:
        """Whose the entries of a block are, in order."""
        known = self._frozen[number]
        return np.array(self._slots[number], dtype=np.uint32) if known is None else known


class BorrowedTexts(Texts):
    """The words of another board's tickets under the slots of this one: a board of the past has no words of its own."""

    def __init__(self, lender: Texts, slots: NDArray[np.int64]) -> None:
        """``slots[i]`` is the lender's slot of the ticket in slot ``i``, -1 where it has none."""
        super().__init__()
        self._lender = lender
        self._lent = slots

    def get(self, slot: int) -> tuple[str, str, str]:
        """Reference, subject and customer of a slot; empty where they are not known."""
        lent = int(self._lent[slot]) if slot < self._lent.size else -1
        return self._lender.get(lent) if lent >= 0 else ("", "", "")

    def find(self, needle: str, count: int, go_on: Callable[[], bool] = lambda: True) -> NDArray[np.bool_]:
        """Which of the first ``count`` slots contain ``needle`` in any case."""
        lent = self._lent[:count]
        found = self._lender.find(needle, int(lent.max(initial=-1)) + 1, go_on)
        return (lent >= 0) & found[np.maximum(lent, 0)] if found.size else np.zeros(count, dtype=bool)


def _clean(text: str) -> bytes:
    return text.replace("\x1e", " ").replace("\x1f", " ").encode("utf-8", "replace")[:_LONGEST]


def _hits(block: bytes, wanted: bytes, needle: str) -> NDArray[np.int64]:
    """Places of the needle in a block, in any case and in order."""
    if len(wanted) >= _WINDOW and needle.isascii() and needle.isalnum():
        return _plain_hits(block, wanted)
    # Folding a whole block may change its length; lower-casing ASCII does not, and other scripts have no case or are
    # compared as they are typed.
    folded = block.lower() if needle.isascii() else block
    wanted = wanted if needle.isascii() else needle.encode()
    if folded.count(wanted) > _MANY:
        letters = np.frombuffer(folded, dtype=np.uint8)
        places = np.flatnonzero(letters[: max(0, letters.size - len(wanted) + 1)] == wanted[0])
        return _that_go_on(letters, places, wanted, 1)
    found = []
    place = folded.find(wanted)
    while place >= 0:
        found.append(place)
        place = folded.find(wanted, place + 1)
    return np.array(found, dtype=np.int64)


def _plain_hits(block: bytes, wanted: bytes) -> NDArray[np.int64]:
    """The same for letters and digits of ASCII, four bytes at a time.

    One bit makes small letters of capital ones, and letters of nothing else. It leaves digits as they are, but makes
    them of control characters too; so digits are looked at once more.
    """
    plain = np.frombuffer(block, dtype=np.uint8)
    letters = plain | _SMALL
    first = np.frombuffer(wanted[:_WINDOW], dtype="<u4")[0]
    found = []
    for shift in range(_WINDOW):
        size = (letters.size - shift) // _WINDOW * _WINDOW
        if size > 0:
            windows = letters[shift : shift + size].view("<u4")
            found.append(np.flatnonzero(windows == first) * _WINDOW + shift)
    places = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    places = _that_go_on(letters, places[places <= letters.size - len(wanted)], wanted, _WINDOW)
    for offset in np.flatnonzero(np.frombuffer(wanted, dtype=np.uint8) < ord("a")).tolist():
        places = places[plain[places + offset] == wanted[offset]]
    return places


def _that_go_on(letters: NDArray[np.uint8], places: NDArray[np.int64], wanted: bytes, known: int) -> NDArray[np.int64]:
    """Those places at which all of ``wanted`` stands; its first ``known`` bytes are known to."""
    for offset, letter in enumerate(wanted[known:], known):
        places = places[letters[places + offset] == letter]
    return places
