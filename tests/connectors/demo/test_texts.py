"""What people write: both languages complete, every variable known, nothing left unfilled."""

from __future__ import annotations

import re

import pytest

from console.connectors.demo.texts import VARIABLES, customer_name, texts, variables_of
from console.models.domain.contacts import ComplaintTier, Group, InquiryType, Language
from console.models.domain.events import Kind
from tests.connectors.demo.conftest import Lived

BOTH = [Language.ZH, Language.EN]
HAN = re.compile(r"[\u4e00-\u9fff]")
BY_GROUP = ("back", "more", "first", "answer", "ask", "letter_open", "letter")


@pytest.mark.parametrize("language", BOTH)
def test_every_scene_that_the_centre_plays_has_words(language: Language) -> None:
    scenes = set(texts(language).scenes)
    groups = [group.key for group in Group]
    types = [kind.key for kind in InquiryType if kind]
    assert {f"{scene}.{group}" for scene in BY_GROUP for group in groups} <= scenes
    assert {f"open.{kind}" for kind in types} <= scenes
    assert {f"offer.{tier.key}" for tier in ComplaintTier if tier} <= scenes
    assert set(texts(language).subjects) == {*types, "unclassified"}


def test_both_languages_play_the_same_scenes() -> None:
    assert set(texts(Language.ZH).scenes) == set(texts(Language.EN).scenes)


@pytest.mark.parametrize("language", BOTH)
def test_all_variables_are_known_and_no_text_occurs_twice(language: Language) -> None:
    templates = [text for scene in texts(language).scenes.values() for text in scene]
    subjects = [text for lines in texts(language).subjects.values() for text in lines]
    assert len(templates) >= 150
    assert len(set(templates)) == len(templates)
    for template in templates + subjects:
        assert variables_of(template) <= VARIABLES
        assert template == template.strip()
        assert template


def test_each_language_is_written_in_itself() -> None:
    for scene in texts(Language.EN).scenes.values():
        assert not any(HAN.search(text) for text in scene)
    for scene in texts(Language.ZH).scenes.values():
        assert all(HAN.search(text) or text == "？？" for text in scene)


def test_messages_reach_the_log_with_everything_filled_in(lived: Lived) -> None:
    bodies = [event.body for event in lived.all if event.kind in (Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY)]
    assert all(bodies)
    assert not any("{" in body or "}" in body for body in bodies)
    assert len(set(bodies)) > 5_000
    assert sum(not HAN.search(body) for body in bodies) > 1_000


def test_tickets_are_born_with_their_words(lived: Lived) -> None:
    for event in lived.of(Kind.CREATED):
        assert event.detail is not None
        assert set(event.detail) == {"subject", "customer", "customer_id", "order", "amount"}
        assert all(event.detail.values())


def test_a_customer_keeps_the_name() -> None:
    assert customer_name(Language.ZH, 17) == customer_name(Language.ZH, 17)
    assert len({customer_name(Language.ZH, number) for number in range(2_000)}) > 1_000
    assert HAN.search(customer_name(Language.ZH, 17))
    assert not HAN.search(customer_name(Language.EN, 17))


def test_braces_that_do_not_match_are_found() -> None:
    with pytest.raises(ValueError, match="expected '}'"):
        variables_of("hello {customer")
