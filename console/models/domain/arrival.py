"""R-CLASSIFY on arrival: what a customer's message says of its ticket, where nobody has said it yet.

What a person or the source has said is never touched: the classifier only fills gaps, and only its own level of emotion
moves on with the customer's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

from console.models.domain.attributes import unpack
from console.models.domain.classify import Classified, Classifier
from console.models.domain.complaints import Cause, ComplaintRules, Publicity, read, tier_of
from console.models.domain.contacts import Code, ComplaintTier, Emotion, InquiryType, Role
from console.models.domain.events import Event, Kind
from console.models.domain.ports import Rows

L = TypeVar("L", bound=Code)

_FIELD = {Kind.TYPE_CHANGED: "type", Kind.EMOTION_CHANGED: "emotion", Kind.COMPLAINT: "complaint"}
CHANGES = frozenset(_FIELD)
"""The kinds that a correction may have to be put back after."""
SAYS = CHANGES | {Kind.CREATED}
"""The kinds that say something of what the classifier would say."""


class Words(Protocol):
    """What judges texts; `keywords.Classifiers` is one."""

    @property
    def inquiry_type(self) -> Classifier[InquiryType]:
        """What it is about."""
        ...

    @property
    def emotion(self) -> Classifier[Emotion]:
        """How upset the customer sounds."""
        ...

    @property
    def cause(self) -> Classifier[Cause]:
        """What a complaint is about."""
        ...

    @property
    def publicity(self) -> Classifier[Publicity]:
        """Whether others hear of it."""
        ...


@dataclass(slots=True)
class Standing:
    """What is known of a ticket, whether somebody but the classifier said it, and what a supervisor made of it last."""

    type: int = 0
    emotion: int = 0
    complaint: int = 0
    emotion_is_told: bool = False
    complaint_is_told: bool = False
    corrected: dict[str, int] = field(default_factory=dict)

    def hear(self, kind: int, value: int, *, by_classifier: bool, corrects: bool = False) -> None:
        """Take in an event of `SAYS`; in the ticket's own order."""
        if corrects:
            self.corrected[_FIELD[Kind(kind)]] = value
        if kind == Kind.CREATED:
            born = unpack(value)
            self.type = self.type or born["type"]
            for word in ("emotion", "complaint"):
                if born[word]:
                    self._say(word, born[word], told=True)
        elif kind == Kind.TYPE_CHANGED:
            self.type = value
        elif kind == Kind.EMOTION_CHANGED:
            self._say("emotion", value, told=not by_classifier)
        else:
            self._say("complaint", value, told=not by_classifier)

    def _say(self, word: str, value: int, *, told: bool) -> None:
        setattr(self, word, value)
        if told:
            setattr(self, f"{word}_is_told", True)


@dataclass(frozen=True, slots=True)
class Message:
    """A customer's message; ``source`` and ``key`` tell it from every other of its ticket."""

    ticket: int
    at: int
    source: int
    key: int
    text: str


def standings(rows: Rows, own: int) -> dict[int, Standing]:
    """What the events (of any tickets, in any order) say of each ticket; ``own`` numbers the console's own source."""
    found: dict[int, Standing] = {}
    saying = rows[np.isin(rows["kind"], list(SAYS))]
    saying.sort(order=("subject", "at", "native", "source", "key"))
    columns = (saying[name].tolist() for name in ("subject", "kind", "value", "source", "role"))
    for ticket, kind, value, source, role in zip(*columns, strict=True):
        says = found.setdefault(ticket, Standing())
        ours = source == own
        says.hear(kind, value, by_classifier=ours and role == Role.BOT, corrects=ours and role == Role.SUPERVISOR)
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What a source said of a ticket; ``source`` and ``key`` tell it from every other of its ticket."""

    ticket: int
    kind: Kind
    at: int
    source: int
    key: int


def kept(change: Change, standing: Standing) -> Event | None:
    """R-CLASSIFY: a supervisor's correction is kept whatever the source says afterwards. The event that puts it back,
    None where nothing was corrected or the correction still holds."""
    name = _FIELD.get(change.kind)
    corrected = None if name is None else standing.corrected.get(name)
    if name is None or corrected is None or getattr(standing, name) == corrected:
        return None
    setattr(standing, name, corrected)
    key = f"kept {change.kind.key} {change.source} {change.key}"
    detail = {"corrected": True}
    return Event(change.kind, str(change.ticket), change.at + 1, key, role=Role.SYSTEM, value=corrected, detail=detail)


def judged(message: Message, standing: Standing, words: Words, rules: ComplaintRules) -> Iterator[Event]:
    """The events that the message's words stand for, and what they change in ``standing``.

    Each stands just behind the message and what came with it, and its key follows from the message, so that the same
    message says the same thing once.
    """
    said = 0
    if not standing.type:
        type_ = words.inquiry_type.classify(message.text)
        if type_.label:
            standing.type = type_.label
            yield _event(message, Kind.TYPE_CHANGED, type_.label, _because(type_))
    if not standing.emotion_is_told:
        emotion = words.emotion.classify(message.text)
        said = emotion.label
        # A plain question is calm by default: that is said only of who was upset before, and only by their words.
        calmer = said < standing.emotion and bool(emotion.evidence)
        if said and (said > max(standing.emotion, Emotion.LOW) or calmer):
            standing.emotion = said
            yield _event(message, Kind.EMOTION_CHANGED, said, _because(emotion))
    complains = standing.type == InquiryType.COMPLAINT or standing.complaint or said == Emotion.HIGH
    if complains and not standing.complaint_is_told:
        yield from _tiered(message, standing, words, rules)


def _tiered(message: Message, standing: Standing, words: Words, rules: ComplaintRules) -> Iterator[Event]:
    """R-CMP-TIER, as soon as an amount, a cause or publicity is known; further messages only raise it."""
    heard = read(message.text, words.cause, words.publicity, words.cause.lexicon.threshold, rules.high_above.currency)
    facts = heard.facts
    if standing.type != InquiryType.COMPLAINT and not facts.publicity and not standing.complaint:
        return
    if facts.amount is None and not facts.cause and not facts.publicity:
        return
    tier = tier_of(facts, rules).tier
    if tier > max(standing.complaint, ComplaintTier.NONE):
        standing.complaint = tier
        detail: dict[str, object] = {"cause": facts.cause.key, "publicity": facts.publicity.key}
        if facts.amount is not None:
            detail |= {"amount": facts.amount.hundredths / 100, "currency": facts.amount.currency}
        yield _event(message, Kind.COMPLAINT, tier, detail)


def _because(classified: Classified[L]) -> Mapping[str, object]:
    words = [evidence.words for evidence in classified.evidence[:3]]
    return {"confidence": round(classified.confidence, 2), "words": words}


def _event(message: Message, kind: Kind, value: int, detail: Mapping[str, object]) -> Event:
    return Event(
        kind,
        str(message.ticket),
        message.at + 1,
        f"{kind.key} {message.source} {message.key}",
        role=Role.BOT,
        value=int(value),
        detail=detail,
    )
