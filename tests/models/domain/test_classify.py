"""R-CLASSIFY: the words that decide are counted as a supervisor would, and what they achieve is measured."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.connectors.demo.texts import customer_name, texts
from console.models.domain.classify import (
    Classified,
    Classifier,
    Entry,
    Lexicon,
    Origin,
    Polarity,
    normalised,
    resolved,
)
from console.models.domain.contacts import GROUP_OF_TYPE, Emotion, Group, InquiryType, Language
from console.models.policy import keywords

SHIPPED = keywords.default()
TYPES = [kind for kind in InquiryType if kind]
LANGUAGES = (Language.ZH, Language.EN)
OTHER_WORDS = Path(__file__).parents[2] / "data/classifier/other_words.toml"


def filled(language: Language, template: str) -> str:
    words = texts(language).words
    return template.format(
        customer=customer_name(language, 7),
        order="A20260302001",
        amount="128",
        product=words.products[0],
        carrier=words.carriers[0],
        city=words.cities[0],
        tracking="YT000000012345",
        minutes=5,
        date="3月2日" if language is Language.ZH else "02 Mar",
        agent="Lin",
        code="SAVE12",
    )


def first_texts() -> Iterator[tuple[InquiryType, str]]:
    """What the demonstration centre's contacts open with: subjects and first messages."""
    for language in LANGUAGES:
        source = texts(language)
        for kind in TYPES:
            for template in (*source.subjects[kind.key], *source.scenes[f"open.{kind.key}"]):
                yield kind, filled(language, template)


FIRST_TEXTS = list(first_texts())


def type_of(text: str) -> InquiryType:
    return SHIPPED.inquiry_type.classify(text).label


def emotion_of(text: str) -> Emotion:
    return SHIPPED.emotion.classify(text).label


# --- what the shipped words achieve -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.key)
def test_the_first_texts_of_each_type_are_recognised(kind: InquiryType) -> None:
    """Measured: all 226 texts, in both languages; the words were revised once after looking at misses here."""
    answers = [type_of(text) for wanted, text in FIRST_TEXTS if wanted is kind]
    assert len(answers) >= 8
    assert answers.count(kind) / len(answers) >= 0.85


def test_the_first_texts_together_are_recognised() -> None:
    right = sum(type_of(text) is kind for kind, text in FIRST_TEXTS)
    assert right / len(FIRST_TEXTS) >= 0.97


def test_texts_in_other_words_are_recognised_or_left_open() -> None:
    """Measured on texts that did not shape the words: 44 of 50 right, 5 not known, 1 wrong."""
    said: Counter[str] = Counter()
    for key, lines in tomllib.loads(OTHER_WORDS.read_text("utf-8")).items():
        for line in lines:
            answer = type_of(line)
            said["right" if answer.key == key else "open" if not answer else "wrong"] += 1
    assert said.total() == 50
    assert said["right"] >= 42
    assert said["wrong"] <= 3


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.key)
def test_letters_reach_the_right_group(language: Language) -> None:
    """Measured: 9 of 10 in each language; the letter that is wrong names an invoice in a list of suggestions."""
    right = [
        GROUP_OF_TYPE.get(type_of(filled(language, letter)), Group.OTHER) is group
        for group in Group
        for letter in texts(language).scenes[f"letter_open.{group.key}"]
    ]
    assert sum(right) >= 9


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.key)
def test_complaints_sound_upset_and_thanks_sound_calm(language: Language) -> None:
    scenes = texts(language).scenes
    for scene in ("complaint", "letter_complaint", "nudge_angry"):
        assert all(emotion_of(filled(language, text)) >= Emotion.MEDIUM for text in scenes[scene]), scene
    assert all(emotion_of(text) is Emotion.LOW for text in scenes["thanks"])


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.key)
def test_plain_questions_sound_calm(language: Language) -> None:
    """Measured: 48 of 53 in Chinese and 49 of 53 in English are low, none is high."""
    heard = [
        emotion_of(filled(language, text))
        for kind in TYPES
        if kind not in {InquiryType.COMPLAINT, InquiryType.URGENT, InquiryType.PRIVACY_SECURITY}
        for text in texts(language).scenes[f"open.{kind.key}"]
    ]
    assert Emotion.HIGH not in heard
    assert heard.count(Emotion.LOW) / len(heard) >= 0.88


# --- how words are counted ----------------------------------------------------------------------------------------


def small(
    *entries: Entry[InquiryType], neutral: tuple[str, ...] = (), threshold: float = 0.4
) -> Classifier[InquiryType]:
    lexicon = Lexicon(entries, InquiryType.UNCLASSIFIED, threshold, 2, ("不", "not", "no"), neutral)
    return Classifier(lexicon)


SHIP = Entry(InquiryType.ORDER_STATUS, 3, (("发货", "ship"),))
REFUND = Entry(InquiryType.AFTER_SALES_FOLLOW_UP, 5, (("退款", "refund"), ("还没", "yet")))
MEMBER = Entry(InquiryType.MEMBERSHIP_LOYALTY, 3, (("会员",),))
MEMBER_PRICE = Entry(InquiryType.PROMOTION_DISCOUNT, 4, (("会员价",),))
COMPLAIN = Entry(InquiryType.COMPLAINT, 6, (("投诉", "complain"),), Polarity.AFFIRMED)


def test_the_answer_names_its_words_their_weights_and_the_runner_up() -> None:
    found = small(SHIP, REFUND).classify("退款还没到，何时发货？")
    assert found.label is InquiryType.AFTER_SALES_FOLLOW_UP
    assert [(evidence.words, evidence.weight) for evidence in found.evidence] == [("退款 + 还没", 5)]
    assert found.ranking == ((InquiryType.AFTER_SALES_FOLLOW_UP, 5), (InquiryType.ORDER_STATUS, 3))
    assert found.confidence == 5 / (5 + 3 + 2)


def test_below_the_threshold_the_type_is_not_known_but_the_ranking_is_kept() -> None:
    found = small(SHIP, threshold=0.7).classify("发货")
    assert found.label is InquiryType.UNCLASSIFIED
    assert found.confidence == 3 / 5
    assert found.ranking == ((InquiryType.ORDER_STATUS, 3),)


def test_a_combination_needs_all_its_parts_in_any_order() -> None:
    classifier = small(REFUND)
    assert classifier.classify("还没收到退款").label is InquiryType.AFTER_SALES_FOLLOW_UP
    assert classifier.classify("退款多久").ranking == ()


def test_words_of_one_line_and_repetitions_count_once() -> None:
    assert small(SHIP).classify("发货 发货 ship ship").ranking == ((InquiryType.ORDER_STATUS, 3),)


def test_a_word_inside_a_longer_word_does_not_count() -> None:
    classifier = small(MEMBER, MEMBER_PRICE)
    assert classifier.classify("会员价多少").ranking == ((InquiryType.PROMOTION_DISCOUNT, 4),)
    assert classifier.classify("会员价，会员卡").ranking[1] == (InquiryType.MEMBERSHIP_LOYALTY, 3)


def test_english_words_are_whole_words() -> None:
    assert small(SHIP).classify("my friendship with shipyards").ranking == ()
    assert small(SHIP).classify("did it ship?").ranking == ((InquiryType.ORDER_STATUS, 3),)


def test_equal_scores_go_to_the_line_that_stands_first() -> None:
    one, other = (Entry(kind, 4, ((word,),)) for kind, word in zip(TYPES, ("甲乙", "丙丁"), strict=False))
    assert small(one, other).classify("丙丁甲乙").ranking[0][0] is TYPES[0]
    assert small(other, one).classify("丙丁甲乙").ranking[0][0] is TYPES[1]


@pytest.mark.parametrize("text", ["我不投诉", "我不是很想投诉", "I do not want to complain", "no complain"])
def test_a_negation_just_before_turns_a_word_round(text: str) -> None:
    assert small(COMPLAIN).classify(text).ranking == ()


@pytest.mark.parametrize("text", ["不，我要投诉", "我不会再给你们机会了我要投诉", "no. I complain"])
def test_a_negation_further_away_or_before_a_stop_does_not(text: str) -> None:
    assert small(COMPLAIN).classify(text).label is InquiryType.COMPLAINT


@pytest.mark.parametrize(
    "text", ["不满意", "不是很满意", "对结果不太满意", "not happy with this", "I'm not very satisfied"]
)
def test_praise_that_is_denied_is_not_praise(text: str) -> None:
    assert emotion_of(text) is Emotion.MEDIUM


@pytest.mark.parametrize("text", ["非常满意", "特别满意", "服务不错", "very happy with this", "没问题，满意"])
def test_praise_is_calm(text: str) -> None:
    found = SHIPPED.emotion.classify(text)
    assert found.label is Emotion.LOW
    assert found.evidence


def test_not_refunded_yet_is_not_praise() -> None:
    for text in ("还没退款，谢谢", "Thanks, but it is still not refunded"):
        found = SHIPPED.emotion.classify(text)
        assert found.label is Emotion.MEDIUM, found


@pytest.mark.parametrize("text", ["", "   ", "？", "12345 https://example.test/"])
def test_a_text_that_says_nothing_has_no_type(text: str) -> None:
    assert type_of(text) is InquiryType.UNCLASSIFIED


def test_an_empty_text_has_no_emotion_and_a_plain_one_is_calm() -> None:
    assert emotion_of(" … ") is Emotion.UNKNOWN
    assert SHIPPED.emotion.classify("蓝色").label is Emotion.LOW
    assert SHIPPED.emotion.classify("蓝色").confidence == 0.5


def test_the_words_are_read_through_width_case_spaces_and_invisible_characters() -> None:
    assert normalised("ＡＰＰ　闪 退\u200b！") == "app 闪退!"
    assert normalised("Can\u2019t\n  LOG in") == "can't log in"
    assert type_of("我的ＡＰＰ一打开就闪 退") is InquiryType.APP_SITE_FAULT


# --- properties ---------------------------------------------------------------------------------------------------

NEUTRAL = ("嗯嗯", "您好", "今晚吃饭", "blue sky", "hello", "12345", "苹果", "窗户", "table")
SOME_TEXT = st.sampled_from([text for _, text in FIRST_TEXTS])


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "　" if c == " " else c for c in text)


def same(one: Classified[InquiryType], other: Classified[InquiryType]) -> bool:
    return (one.label, one.ranking, one.confidence) == (other.label, other.ranking, other.confidence)


@given(SOME_TEXT, st.lists(st.sampled_from(NEUTRAL), max_size=6), st.lists(st.sampled_from(NEUTRAL), max_size=6))
def test_neutral_words_change_nothing(text: str, before: list[str], after: list[str]) -> None:
    longer = "，".join([*before, text, *after])
    assert same(SHIPPED.inquiry_type.classify(longer), SHIPPED.inquiry_type.classify(text))


@given(SOME_TEXT)
def test_case_and_width_change_nothing(text: str) -> None:
    plain = SHIPPED.inquiry_type.classify(text)
    for changed in (text.upper(), text.lower(), full_width(text), full_width(text.upper())):
        assert same(SHIPPED.inquiry_type.classify(changed), plain)


@given(SOME_TEXT, SOME_TEXT)
def test_a_text_added_never_takes_points_away(text: str, more: str) -> None:
    alone = dict(SHIPPED.inquiry_type.classify(text).ranking)
    together = dict(SHIPPED.inquiry_type.classify(f"{text}。{more}").ranking)
    assert all(together.get(label, 0) >= score for label, score in alone.items())


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    found = SHIPPED.inquiry_type.classify(text)
    assert 0 <= found.confidence < 1
    assert [score for _, score in found.ranking] == sorted((score for _, score in found.ranking), reverse=True)


# --- corrections --------------------------------------------------------------------------------------------------


def test_a_correction_wins_over_the_source_and_the_classifier() -> None:
    sure = SHIPPED.inquiry_type.classify("我要投诉，投诉你们客服态度恶劣")
    assert sure.label is InquiryType.COMPLAINT
    held = resolved(sure, InquiryType.WARRANTY, told=InquiryType.URGENT)
    assert (held.label, held.origin, held.confidence) == (InquiryType.WARRANTY, Origin.CORRECTED, 1.0)


def test_a_correction_is_kept_whatever_is_classified_later() -> None:
    for text in ("发票", "抽奖", ""):
        assert resolved(SHIPPED.inquiry_type.classify(text), InquiryType.WARRANTY).label is InquiryType.WARRANTY


def test_without_a_correction_the_source_then_the_classifier_decides() -> None:
    found = SHIPPED.inquiry_type.classify("发票怎么开")
    assert resolved(found, told=InquiryType.URGENT).origin is Origin.TOLD
    assert resolved(found).label is InquiryType.BILLING_PAYMENT
    assert resolved(found, InquiryType.UNCLASSIFIED, InquiryType.UNCLASSIFIED).origin is Origin.CLASSIFIED
    assert resolved(SHIPPED.inquiry_type.classify("")).origin is Origin.NOT_KNOWN
