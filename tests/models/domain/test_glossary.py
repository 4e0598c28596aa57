"""Every code has a word, and equal numbers of different tables never borrow each other's."""

from __future__ import annotations

import pytest

from console import i18n
from console.models.domain import contacts
from console.models.domain.contacts import AgentState, Channel, Code, ComplaintTier, Priority, Status, Tier
from console.models.domain.glossary import WORDS, word

CODES = [kind for kind in vars(contacts).values() if isinstance(kind, type) and issubclass(kind, Code) and len(kind)]


@pytest.mark.parametrize("kind", CODES, ids=lambda kind: kind.__name__)
def test_every_code_has_a_word_of_its_own(kind: type[Code]) -> None:
    words = [word(code) for code in kind]
    assert all(words)
    assert len(set(words)) == len(words)


def test_codes_of_equal_number_have_their_own_words() -> None:
    assert Tier.NEW == Status.NEW  # the trap: both are the integer 1
    assert word(Tier.NEW) == "New customer"
    assert word(Status.NEW) == "New"
    assert WORDS[ComplaintTier.LOW] != WORDS[Priority.LOW]
    assert len({WORDS[code] for code in (Channel.UNKNOWN, Status.UNKNOWN, Tier.UNKNOWN)}) == 3


def test_a_word_follows_the_language() -> None:
    english = word(AgentState.BREAK)
    try:
        i18n.use("zh_CN")
        chinese = word(AgentState.BREAK)
    finally:
        i18n.use("en")
    assert word(AgentState.BREAK) == english == "On break"
    assert chinese != english


def test_the_glossary_is_a_mapping_over_all_codes() -> None:
    assert len(WORDS) == sum(len(kind) for kind in CODES)
    assert len(list(WORDS)) == len(WORDS)
