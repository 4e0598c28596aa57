"""What a message says of its ticket on arrival: gaps are filled, what somebody said is never touched (R-CLASSIFY)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from console.models.domain.arrival import Message, Standing, judged, standings
from console.models.domain.attributes import pack
from console.models.domain.contacts import ComplaintTier, Emotion, InquiryType, Role
from console.models.domain.events import ROW, Event, Kind
from console.models.domain.ports import Rows
from console.models.policy import keywords
from console.models.policy.keywords import Classifiers
from console.models.policy.policy import Policy, default

OWN, DESK = 2, 1
NOON = 1_772_445_600_000_000
REFUND = "我要退货，怎么申请退货？"
FURIOUS = "太差了！我要投诉，你们是骗子！"


@cache
def words() -> Classifiers:
    return keywords.default()


@cache
def policy() -> Policy:
    return default()


def said(text: str, standing: Standing, key: int = 7) -> list[Event]:
    return list(judged(Message(3, NOON, DESK, key, text), standing, words(), policy().complaints))


def told(*events: tuple[Kind, int, int, Role]) -> Standing:
    """What these events say of ticket 3."""
    rows = np.zeros(len(events), ROW)
    for place, (kind, value, source, role) in enumerate(events):
        rows[place] = (place, NOON + place, 0, place, value, 3, 0, kind, role, source)
    return standings(_shuffled(rows), OWN)[3]


def _shuffled(rows: Rows) -> Rows:
    return rows[::-1].copy()


def born(**attributes: int) -> tuple[Kind, int, int, Role]:
    return Kind.CREATED, pack(**attributes), DESK, Role.CUSTOMER


def test_a_ticket_without_a_type_gets_one_with_a_confidence() -> None:
    (event,) = said(REFUND, told(born(channel=1)))
    assert (event.kind, event.value, event.subject, event.role) == (
        Kind.TYPE_CHANGED,
        InquiryType.RETURN_EXCHANGE,
        "3",
        Role.BOT,
    )
    assert event.detail is not None
    assert 0.3 < float(str(event.detail["confidence"])) <= 1
    assert event.at == NOON + 1, "just behind what came with the message"


def test_the_same_message_says_the_same_under_the_same_key() -> None:
    assert said(REFUND, Standing()) == said(REFUND, Standing())
    assert said(REFUND, Standing(), 8)[0].key != said(REFUND, Standing(), 7)[0].key


@pytest.mark.parametrize(
    "event",
    [
        born(type=InquiryType.WARRANTY),
        (Kind.TYPE_CHANGED, InquiryType.WARRANTY, DESK, Role.AGENT),
        (Kind.TYPE_CHANGED, InquiryType.WARRANTY, OWN, Role.SUPERVISOR),
        (Kind.TYPE_CHANGED, InquiryType.WARRANTY, OWN, Role.BOT),
    ],
    ids=["born with it", "told by the source", "corrected", "classified before"],
)
def test_a_type_that_there_is_stays(event: tuple[Kind, int, int, Role]) -> None:
    assert said(REFUND, told(born(channel=1), event)) == []


def test_a_text_that_says_nothing_leaves_the_type_open() -> None:
    assert said("嗯", told(born(channel=1))) == []


def test_emotion_follows_the_customers_words() -> None:
    standing = told(born(type=1))
    assert next((one.kind, one.value) for one in said(FURIOUS, standing)) == (Kind.EMOTION_CHANGED, Emotion.HIGH)
    assert said(FURIOUS, standing, 8) == [], "said once"
    assert standing.emotion == Emotion.HIGH


def test_calm_is_said_only_of_who_was_upset_and_by_their_own_words() -> None:
    assert said("请问什么时候发货？", told(born(type=1))) == []
    upset = told(born(type=1), (Kind.EMOTION_CHANGED, Emotion.HIGH, OWN, Role.BOT))
    assert said("到货时间是几号", upset) == [], "a plain question is no word of calm"
    (event,) = said("谢谢，太好了，非常满意", upset)
    assert (event.kind, event.value) == (Kind.EMOTION_CHANGED, Emotion.LOW)


@pytest.mark.parametrize(
    "event",
    [
        born(emotion=Emotion.LOW),
        (Kind.EMOTION_CHANGED, Emotion.LOW, DESK, Role.AGENT),
        (Kind.EMOTION_CHANGED, Emotion.LOW, OWN, Role.SUPERVISOR),
    ],
    ids=["born with it", "told by the source", "corrected"],
)
def test_an_emotion_that_somebody_said_stays(event: tuple[Kind, int, int, Role]) -> None:
    kinds = [one.kind for one in said(FURIOUS, told(born(type=1), event))]
    assert Kind.EMOTION_CHANGED not in kinds


def test_a_complaint_with_an_amount_gets_its_tier() -> None:
    standing = told(born(type=InquiryType.COMPLAINT))
    events = [one for one in said("我要投诉，6000元的手机是坏的", standing) if one.kind is Kind.COMPLAINT]
    assert [one.value for one in events] == [ComplaintTier.HIGH]
    assert events[0].detail is not None
    assert events[0].detail["amount"] == 6000


def test_a_complaint_of_which_nothing_is_known_has_no_tier_yet() -> None:
    events = said("我要投诉", told(born(type=InquiryType.COMPLAINT)))
    assert Kind.COMPLAINT not in [one.kind for one in events]


def test_an_amount_alone_makes_no_complaint() -> None:
    assert said("6000元的手机有货吗？", told(born(type=InquiryType.STOCK_AVAILABILITY))) == []


def test_a_tier_only_rises_and_never_over_what_somebody_said() -> None:
    low = told(born(type=InquiryType.COMPLAINT), (Kind.COMPLAINT, ComplaintTier.HIGH, OWN, Role.BOT))
    assert [one for one in said("退我100元", low) if one.kind is Kind.COMPLAINT] == []
    corrected = told(born(type=InquiryType.COMPLAINT), (Kind.COMPLAINT, ComplaintTier.LOW, OWN, Role.SUPERVISOR))
    assert [one for one in said("投诉，6000元的手机是坏的", corrected) if one.kind is Kind.COMPLAINT] == []
