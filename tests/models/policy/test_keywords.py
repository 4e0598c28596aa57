"""The files of words are checked line by line, and a mistake is named with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console import paths
from console.models.domain.classify import Polarity
from console.models.domain.complaints import Cause, Publicity
from console.models.domain.contacts import Emotion, InquiryType
from console.models.policy import keywords

GOOD = """
[scoring]
doubt = 2
threshold = 0.4
[labels.warranty.words]
"ＷＡＲＲＡＮＴＹ|保修 + card" = 5
"""


def loaded(folder: Path, text: str) -> keywords.Classifiers:
    shutil.copytree(paths.resource("classifier"), folder / "words")
    (folder / "words/types.toml").write_text(text, "utf-8")
    return keywords.load(folder / "words")


def test_a_line_becomes_an_entry_in_the_form_that_texts_are_compared_in(tmp_path: Path) -> None:
    (entry,) = loaded(tmp_path, GOOD).inquiry_type.lexicon.entries
    assert entry.parts == (("warranty", "保修"), ("card",))
    assert (entry.label, entry.weight, entry.polarity) == (InquiryType.WARRANTY, 5, Polarity.ANY)


def test_the_shipped_words_speak_for_every_answer() -> None:
    shipped = keywords.default()
    assert {entry.label for entry in shipped.inquiry_type.lexicon.entries} == set(InquiryType) - {0}
    assert {entry.label for entry in shipped.emotion.lexicon.entries} == set(Emotion) - {0}
    assert {entry.label for entry in shipped.cause.lexicon.entries} == set(Cause) - {Cause.UNKNOWN, Cause.OTHER}
    assert {entry.label for entry in shipped.publicity.lexicon.entries} == set(Publicity) - {0}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("= 5", "= 11", "labels.warranty.words.'ＷＡＲＲＡＮＴＹ|保修 + card': 11"),
        ("= 5", "= true", "labels.warranty.words.'ＷＡＲＲＡＮＴＹ|保修 + card': True"),
        ("|保修", "|", "labels.warranty.words.'ＷＡＲＲＡＮＴＹ| + card': a word is empty"),
        ("warranty.words", "waranty.words", "labels.waranty"),
        ("warranty.words", "warranty.word", "labels.warranty.word"),
        ("threshold = 0.4", "threshold = 4", "scoring.threshold: 4"),
        ("doubt = 2", "", "scoring.doubt: None"),
        ("doubt = 2", "doubt = 2\nnegations = 'no'", "scoring.negations"),
        ("doubt = 2", "doubt = 2\notherwise = 'calm'", "scoring.otherwise"),
        ("[labels.warranty.words]", "[other]", "labels: the table is missing"),
        ("[scoring]", "[scoring", "cannot be read"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    with pytest.raises(keywords.KeywordsError) as failure:
        loaded(tmp_path, GOOD.replace(old, new))
    assert place in failure.value.what
    assert "types.toml" in failure.value.what


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(keywords.KeywordsError, match="missing"):
        keywords.load(tmp_path / "missing")
