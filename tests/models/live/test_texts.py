"""The words of tickets: kept by slot, found in any case, and no longer found once they were replaced."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.ports import TicketText
from console.models.live.texts import Texts

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1e\x1f"), max_size=12)
words |= st.text("abAB12\x11\x12@`!破 ", max_size=12)
entries = st.lists(st.tuples(st.integers(0, 30), words, words, words), max_size=40)


@given(entries, st.text("abAB破损 ", min_size=1, max_size=3) | st.text("abAB12", min_size=1, max_size=6))
def test_what_is_found_is_what_is_there(entries: list[tuple[int, str, str, str]], needle: str) -> None:
    texts, model = Texts(), {}
    for slot, ref, subject, customer in entries:
        texts.set(slot, TicketText(slot, ref, subject, customer))
        model[slot] = (ref, subject, customer)
    for slot in range(32):
        assert texts.get(slot) == model.get(slot, ("", "", ""))
    found = texts.find(needle, 31)
    for slot in range(31):
        there = "\x1f".join(model[slot]) if slot in model else ""
        expected = needle.lower() in there.lower() if needle.isascii() else needle in there
        assert found[slot] == expected
        if slot in model:
            assert texts.contains(slot, needle) or not expected


def test_a_common_word_is_found_in_every_block() -> None:
    texts = Texts()
    for slot in range(40_000):
        subject = "Refund for a damaged parcel" if slot % 3 == 0 else "Where is my order"
        texts.set(slot, TicketText(slot, f"T-{slot}", subject, "顾客"))
    found = texts.find("REFUND", 40_000)
    assert found.sum() == len(range(0, 40_000, 3))
    assert found[::3].all()
    assert texts.find("t-39999", 40_000).nonzero()[0].tolist() == [39_999]


def test_a_search_can_be_stopped() -> None:
    texts = Texts()
    for slot in range(40_000):
        texts.set(slot, TicketText(slot, f"T-{slot}", "Refund for a damaged parcel", "顾客"))
    assert not texts.find("refund", 40_000, lambda: False).any()


def test_separators_in_the_words_do_no_harm() -> None:
    texts = Texts()
    texts.set(0, TicketText(0, "a\x1fb", "c\x1ed", "e"))
    assert texts.get(0) == ("a b", "c d", "e")


def test_control_characters_are_no_digits() -> None:
    texts = Texts()
    texts.set(0, TicketText(0, "T\x11\x12\x13\x14", "PQRS", ""))
    texts.set(1, TicketText(1, "T1234", "pqrs", ""))
    assert texts.find("1234", 2).tolist() == [False, True]
    assert texts.find("t1234", 2).tolist() == [False, True]
    assert texts.find("pqrs", 2).tolist() == [True, True]


def test_a_text_without_end_is_cut_and_hides_nobody() -> None:
    texts = Texts()
    texts.set(0, TicketText(0, "T-0", "long " * 200_000, "first"))
    texts.set(1, TicketText(1, "T-1", "short", "second"))
    assert texts.get(0)[0] == "T-0"
    assert texts.get(1) == ("T-1", "short", "second")
    assert texts.find("second", 2).tolist() == [False, True]
