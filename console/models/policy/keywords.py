"""Loads the classifier's words (R-CLASSIFY) from their data file, checked when they are loaded.

Each label has up to three tables: ``words`` count wherever they stand, ``affirmed`` only without a negation before
them, ``negated`` only with one. A key is ``a|b`` (either word) or ``a|b + c|d`` (one of each); its value is the weight,
1 to 10.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from console import paths
from console.errors import KnownError
from console.models.domain.classify import Classifier, Entry, Lexicon, Polarity, normalised
from console.models.domain.complaints import Cause, Publicity
from console.models.domain.contacts import Code, Emotion, InquiryType

L = TypeVar("L", bound=Code)


class KeywordsError(KnownError):
    """A file of words is wrong; the message names the file and the key."""


@dataclass(frozen=True)
class Classifiers:
    """What judges the texts of a contact; `cause` and `publicity` those of a complaint (R-CMP-TIER)."""

    inquiry_type: Classifier[InquiryType]
    emotion: Classifier[Emotion]
    cause: Classifier[Cause]
    publicity: Classifier[Publicity]


def default() -> Classifiers:
    """The words that are shipped."""
    return load(paths.resource("classifier"))


def load(folder: Path) -> Classifiers:
    """Read ``types.toml``, ``emotion.toml``, ``cause.toml`` and ``publicity.toml`` of a folder; raises KeywordsError
    naming file, key and what is wrong with it."""
    return Classifiers(
        Classifier(_lexicon(folder / "types.toml", InquiryType, InquiryType.UNCLASSIFIED)),
        Classifier(_lexicon(folder / "emotion.toml", Emotion, Emotion.UNKNOWN)),
        Classifier(_lexicon(folder / "cause.toml", Cause, Cause.UNKNOWN)),
        Classifier(_lexicon(folder / "publicity.toml", Publicity, Publicity.NONE)),
    )


def _lexicon(path: Path, codes: type[L], unknown: L) -> Lexicon[L]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        what = f"The words {path} cannot be read: {error}."
        raise KeywordsError(what, "Correct the file and load it again.") from error
    try:
        return _read(data, codes, unknown)
    except ValueError as error:
        what = f"The words {path} are wrong at {error}."
        raise KeywordsError(what, "Correct that line and load it again.") from error


def _read(data: Mapping[str, Any], codes: type[L], unknown: L) -> Lexicon[L]:
    scoring = _table(data, "scoring")
    otherwise = scoring.get("otherwise")
    entries = [entry for name, table in _table(data, "labels").items() for entry in _entries(name, table, codes)]
    if not entries:
        raise ValueError("labels: there are no words")
    return Lexicon(
        entries=tuple(entries),
        unknown=unknown,
        threshold=_share(scoring, "threshold"),
        doubt=_whole(scoring.get("doubt"), "scoring.doubt", 0, 100),
        negations=_words(scoring, "negations"),
        neutral=_words(scoring, "neutral"),
        otherwise=None if otherwise is None else _code(otherwise, "scoring.otherwise", codes),
        otherwise_confidence=0.0 if otherwise is None else _share(scoring, "otherwise_confidence"),
    )


def _entries(name: str, table: object, codes: type[L]) -> Iterator[Entry[L]]:
    where = f"labels.{name}"
    label = _code(name, where, codes)
    if not isinstance(table, Mapping):
        raise ValueError(f"{where}: it is not a table")
    for kind, lines in table.items():
        if kind not in {polarity.value for polarity in Polarity} or not isinstance(lines, Mapping):
            raise ValueError(f"{where}.{kind}: it is not one of the tables words, affirmed, negated")
        for key, weight in lines.items():
            place = f"{where}.{kind}.{key!r}"
            yield Entry(label, _whole(weight, place, 1, 10), _parts(key, place), Polarity(kind))


def _parts(key: str, where: str) -> tuple[tuple[str, ...], ...]:
    parts = tuple(tuple(normalised(word) for word in part.split("|")) for part in key.split(" + "))
    if not all(word for part in parts for word in part):
        raise ValueError(f"{where}: a word is empty")
    return parts


def _code(name: object, where: str, codes: type[L]) -> L:
    found = next((code for code in codes if code.key == name), None)
    if not found:
        raise ValueError(f"{where}: it is not one of {', '.join(code.key for code in codes if code)}")
    return found


def _table(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    if not isinstance(value, Mapping):
        raise ValueError(f"{key}: the table is missing")
    return value


def _share(table: Mapping[str, Any], key: str) -> float:
    value = table.get(key)
    if not isinstance(value, float) or not 0 <= value <= 1:
        raise ValueError(f"scoring.{key}: {value!r} is not a share between 0.0 and 1.0")
    return value


def _whole(value: object, where: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"{where}: {value!r} is not a whole number from {least} to {most}")
    return value


def _words(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(word, str) and normalised(word) for word in values):
        raise ValueError(f"scoring.{key}: it is not a list of words")
    return tuple(map(normalised, values))
