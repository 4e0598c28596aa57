"""R-CLASSIFY: what a customer's text is about, and how upset it sounds, by weighted words that anyone can check.

A text is brought into one form (width, case, spaces), the known words in it are found, and every *entry* of the
lexicon whose words are there adds its weight to its label once. The label with the highest score wins; the confidence
is ``best / (best + second + doubt)``, and below the lexicon's threshold the answer is *not known*. Nothing else counts:
not the length of the text, not how often a word is repeated, not the words that no entry names.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from console.models.domain.contacts import Code

L = TypeVar("L", bound=Code)

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "`": "'"})
_CJK = "\u3400-\u9fff"
_GAP_IN_CHINESE = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_SPACES = re.compile(r"\s+")
_REACH = re.compile(rf"[{_CJK}]{{0,3}}| (?:[a-z']+ ){{0,2}}")
"""What may stand between a negation and the word that it turns round: three characters, or two English words."""


class Polarity(Enum):
    """In which occurrences the words of an entry count."""

    ANY = "words"
    AFFIRMED = "affirmed"
    """Only without a negation before: *happy*, but not *not happy*."""
    NEGATED = "negated"
    """Only with a negation before."""


@dataclass(frozen=True, slots=True)
class Entry(Generic[L]):
    """A line of the lexicon: the label it speaks for, its weight, and what must be in the text."""

    label: L
    weight: int
    parts: tuple[tuple[str, ...], ...]
    """Every part must be found; any of its words will do. All words are in the form that `normalised` gives."""
    polarity: Polarity = Polarity.ANY


@dataclass(frozen=True, slots=True)
class Lexicon(Generic[L]):
    """Entries and how they are weighed; ``unknown`` is the label of *not known*."""

    entries: tuple[Entry[L], ...]
    unknown: L
    threshold: float
    """The least confidence, 0 to 1, of a known label."""
    doubt: int
    """Points that speak against any answer: one weak word alone convinces nobody."""
    negations: tuple[str, ...] = ()
    neutral: tuple[str, ...] = ()
    """Words that only hide shorter words within them: the 别 of 特别 forbids nothing."""
    otherwise: L | None = None
    """The label of a text with words in it but no entry (R-FRT-EMOTION: a plain question is calm)."""
    otherwise_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence(Generic[L]):
    """A line of the lexicon that counted, with the words as they were found."""

    words: str
    weight: int
    label: L


@dataclass(frozen=True, slots=True)
class Classified(Generic[L]):
    """The answer and everything that led to it."""

    label: L
    """The lexicon's ``unknown`` below its threshold."""
    confidence: float
    """0 to 1; of the best label even where that is too little to be known."""
    evidence: tuple[Evidence[L], ...]
    """What spoke for the best label, heaviest first."""
    ranking: tuple[tuple[L, int], ...]
    """Labels that anything spoke for with their scores, best first."""


def normalised(text: str) -> str:
    """The form in which texts are compared: half width, no case, no invisible characters, single spaces, and no
    spaces between Chinese characters."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    plain = _INVISIBLE.sub("", plain.translate(_APOSTROPHES))
    return _SPACES.sub(" ", _GAP_IN_CHINESE.sub("", plain)).strip()


class Classifier(Generic[L]):
    """A lexicon made ready for use. Deterministic; equal scores go to the label that the lexicon names first."""

    def __init__(self, lexicon: Lexicon[L]) -> None:
        self.lexicon = lexicon
        self._order = {entry.label: -place for place, entry in reversed(list(enumerate(lexicon.entries)))}
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, entry in enumerate(lexicon.entries):
            for word in set(entry.parts[0]):
                self._by_word[word].append(place)
        self._negations = frozenset(lexicon.negations)
        words = {word for entry in lexicon.entries for part in entry.parts for word in part}
        self._starts = _by_start(words | self._negations | set(lexicon.neutral))

    def classify(self, text: str) -> Classified[L]:
        """The label of a text, with its confidence and what decided."""
        plain = normalised(text)
        affirmed, negated = self._occurrences(plain)
        scores: dict[L, int] = defaultdict(int)
        spoke: list[Evidence[L]] = []
        for evidence in self._matching(affirmed, negated):
            scores[evidence.label] += evidence.weight
            spoke.append(evidence)
        if not scores:
            return self._without_words(plain)
        ranking = sorted(scores.items(), key=lambda item: (item[1], self._order[item[0]]), reverse=True)
        label, best = ranking[0]
        second = ranking[1][1] if len(ranking) > 1 else 0
        confidence = best / (best + second + self.lexicon.doubt)
        decided = tuple(sorted((e for e in spoke if e.label is label), key=lambda e: (-e.weight, e.words)))
        known = label if confidence >= self.lexicon.threshold else self.lexicon.unknown
        return Classified(known, confidence, decided, tuple(ranking))

    def _without_words(self, plain: str) -> Classified[L]:
        otherwise = self.lexicon.otherwise
        if otherwise is None or not any(map(str.isalnum, plain)):
            return Classified(self.lexicon.unknown, 0.0, (), ())
        return Classified(otherwise, self.lexicon.otherwise_confidence, (), ())

    def _occurrences(self, plain: str) -> tuple[set[str], set[str]]:
        """The known words of a text: those that stand plainly, and those that follow a negation."""
        affirmed: set[str] = set()
        negated: set[str] = set()
        denied_from = -1
        for start, word in self._found(plain):
            if word in self._negations:
                denied_from = start + len(word)
            elif denied_from >= 0 and _REACH.fullmatch(plain, denied_from, start):
                negated.add(word)
            else:
                affirmed.add(word)
        return affirmed, negated

    def _found(self, plain: str) -> Iterator[tuple[int, str]]:
        """Known words from left to right; a word inside a longer one is not a word of its own."""
        covered = 0
        starts = self._starts
        for at in range(len(plain)):
            for word in starts.get(plain[at : at + 2], ()) or starts.get(plain[at], ()):
                end = at + len(word)
                if plain.startswith(word, at) and _is_whole(plain, at, end):
                    if end > covered:
                        covered = end
                        yield at, word
                    break

    def _matching(self, affirmed: set[str], negated: set[str]) -> Iterator[Evidence[L]]:
        both = affirmed | negated
        heard = {Polarity.ANY: both, Polarity.AFFIRMED: affirmed, Polarity.NEGATED: negated}
        places = {place for word in both for place in self._by_word.get(word, ())}
        for place in sorted(places):
            entry = self.lexicon.entries[place]
            there = heard[entry.polarity]
            found = [next((word for word in part if word in there), None) for part in entry.parts]
            words = [word for word in found if word is not None]
            if len(words) == len(found):
                yield Evidence(" + ".join(words), entry.weight, entry.label)


def _by_start(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Words by their first two characters, longest first; a word of one character stands under every such start."""
    starts: dict[str, set[str]] = defaultdict(set)
    for word in words:
        starts[word[:2]].add(word)
    for start in list(starts):
        if len(start) == 2 and start[0] in starts:
            starts[start] |= starts[start[0]]
    return {start: tuple(sorted(found, key=lambda word: (-len(word), word))) for start, found in starts.items()}


def _is_whole(plain: str, start: int, end: int) -> bool:
    """Whether an English word is not part of a longer one; Chinese has no breaks, so that any place will do."""
    return not (
        (_is_latin(plain[start]) and start > 0 and _is_latin(plain[start - 1]))
        or (_is_latin(plain[end - 1]) and end < len(plain) and _is_latin(plain[end]))
    )


def _is_latin(character: str) -> bool:
    return character < "\u0250" and character.isalnum()


class Origin(Enum):
    """Where a ticket's type or emotion comes from, strongest first."""

    CORRECTED = "corrected"
    TOLD = "told"
    CLASSIFIED = "classified"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Resolved(Generic[L]):
    """The label that holds, where it comes from and how sure it is (1 where a person or the source said it)."""

    label: L
    origin: Origin
    confidence: float


def resolved(classified: Classified[L], corrected: L | None = None, told: L | None = None) -> Resolved[L]:
    """R-CLASSIFY: a supervisor's correction holds whatever the classifier says then or later; without one the type
    that the source told; else the classifier's. A label of 0 (not known) as ``corrected`` or ``told`` says nothing."""
    if corrected:
        return Resolved(corrected, Origin.CORRECTED, 1.0)
    if told:
        return Resolved(told, Origin.TOLD, 1.0)
    origin = Origin.CLASSIFIED if classified.label else Origin.NOT_KNOWN
    return Resolved(classified.label, origin, classified.confidence)
