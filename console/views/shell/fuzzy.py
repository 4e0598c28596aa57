"""How well a few typed letters fit a line: letters in order, best at the starts of words and side by side."""

from __future__ import annotations

_START = 12
_NEXT = 8
_PLAIN = 1


def score(words: str, line: str) -> float | None:
    """Higher is better, None when the letters are not in the line in this order. Blanks in ``words`` separate parts
    that may stand in any order; a short line beats a long one with the same hits."""
    total = 0.0
    folded = line.casefold()
    for part in words.casefold().split():
        best = _part(part, folded)
        if best is None:
            return None
        total += best
    return total - len(line) / 100


def holds(words: str, line: str) -> bool:
    """Whether every part of the words stands in the line as it was typed."""
    folded = line.casefold()
    return all(part in folded for part in words.casefold().split())


def _part(part: str, line: str) -> float | None:
    where = line.find(part)
    if where >= 0:
        return len(part) * _NEXT + (_START if _starts_word(line, where) else 0)
    total, place, last = 0.0, 0, -2
    for letter in part:
        place = line.find(letter, place)
        if place < 0:
            return None
        total += _NEXT if place == last + 1 else _START if _starts_word(line, place) else _PLAIN
        last = place
        place += 1
    return total / 2


def _starts_word(line: str, place: int) -> bool:
    return place == 0 or not line[place - 1].isalnum() or ord(line[place]) > 0x2E80
