"""What each clock is given: the rules of the policy, and R-PRECEDENCE between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from console.models.domain.calendars import Calendar, always_open
from console.models.domain.contacts import (
    LIVE_CHANNELS,
    Channel,
    ComplaintTier,
    Emotion,
    InquiryType,
    Priority,
    Stage,
    Status,
)


class ClockName(StrEnum):
    """The clocks of a ticket (R-CLOCK, R-PRECEDENCE, R-CMP-ACK, R-CMP-PLAN); the names are those of the reports."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """Until anybody but the customer has said anything, a bot included, or picked up."""
    FIRST_RESPONSE = "first_response"
    """Until the first reply of a person."""
    NEXT_RESPONSE = "next_response"
    """Each time the customer waits on us again, until a person replies."""
    RESOLUTION = "resolution"
    PROMISE = "promise"
    """R-PROMISE: until a person replies again; due at the promised instant."""
    COMPLAINT_ACKNOWLEDGEMENT = "complaint_acknowledgement"
    """From the complaint until a person replies."""
    PLAN = "plan"
    """From the complaint until a solution with a promised time is given."""
    UPDATE = "update"
    """From the plan, again after each reply of a person, until the ticket is resolved."""
    STAGE = "stage"
    """R-STAGE: while the work order stays in one stage, once for each stage that it enters."""


class Level(IntEnum):
    """What a rule looks at; R-PRECEDENCE: the smallest level that matches decides."""

    COMPLAINT = 1
    EMOTION = 2
    CLASS = 3
    PRIORITY = 4
    STAGE = 5
    CHANNEL = 6
    ANY = 7


class CaseClass(IntEnum):
    """R-FRT-CLASS. A hard case is answered at once with a promise, so it needs no target of its own."""

    ORDINARY = 0
    COMPLAINT = 1


@dataclass(slots=True)
class Traits:
    """What decides which rules match a ticket."""

    complaint: int = ComplaintTier.NONE
    emotion: int = Emotion.UNKNOWN
    priority: int = Priority.NONE
    channel: int = Channel.UNKNOWN
    type: int = InquiryType.UNCLASSIFIED
    stage: int = Stage.CREATED

    def at(self, level: Level) -> int:
        """The code that rules of this level are compared with."""
        if level is Level.CLASS:
            complains = self.complaint != ComplaintTier.NONE or self.type == InquiryType.COMPLAINT
            return CaseClass.COMPLAINT if complains else CaseClass.ORDINARY
        return 0 if level is Level.ANY else int(getattr(self, level.name.lower()))


class TargetRule(NamedTuple):
    """One line of the policy: a clock gets ``target`` microseconds where the ticket's code at ``level`` is ``code``.

    ``name`` is what reports call it, for example ``R-CMP-TIER high``. At `Level.ANY` the code is 0.
    """

    clock: ClockName
    level: Level
    code: int
    target: int
    name: str
    live_only: bool = False
    """Only on live channels (R-FRT-EMOTION: nobody expects a letter to be answered within a minute)."""


class Reopening(StrEnum):
    """What re-opening does to the resolution clock."""

    CONTINUE = "continue"
    """The same clock goes on, and the time that the ticket lay resolved is a pause. A ticket that is resolved to stop
    its clock gains nothing."""
    AGAIN = "again"
    """The first clock keeps its outcome, and another one starts with the whole target."""


_OWED = frozenset({Status.PENDING_CUSTOMER})
PAUSED_BY: Mapping[ClockName, frozenset[Status]] = {
    ClockName.RESOLUTION: _OWED,
    ClockName.PLAN: _OWED,
    ClockName.UPDATE: _OWED,
    ClockName.STAGE: _OWED,
}
"""R-CLOCK: what takes long rests while the customer owes us an answer. Answers and promises do not."""


@dataclass(frozen=True)
class ClockTargets:
    """All that the policy says about clocks; raises ValueError for a target that is not more than nothing.

    A clock without a matching rule is not kept at all (except promises, which bring their own due time).
    """

    rules: tuple[TargetRule, ...]
    calendar: Calendar = field(default_factory=always_open)
    business: frozenset[ClockName] = frozenset()
    """The clocks that run by ``calendar``; the others run round the clock."""
    paused_by: Mapping[ClockName, frozenset[Status]] = field(default_factory=lambda: dict(PAUSED_BY))
    """The statuses in which a clock stands still."""
    reopening: Reopening = Reopening.CONTINUE
    promise_rule: str = "R-PROMISE"

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule.target <= 0:
                raise ValueError(f"the target of {rule.clock} by {rule.name} must be more than nothing")

    def choose(self, clock: ClockName, traits: Traits) -> TargetRule | None:
        """R-PRECEDENCE: the most specific rule that matches, between equals the strictest; None where none matches."""
        return min(self._matching(clock, traits), key=lambda rule: (rule.level, rule.target, rule.name), default=None)

    def _matching(self, clock: ClockName, traits: Traits) -> Iterable[TargetRule]:
        live = traits.channel in LIVE_CHANNELS
        for rule in self.rules:
            if rule.clock is clock and traits.at(rule.level) == rule.code and (live or not rule.live_only):
                yield rule
