"""Random histories of tickets, and policies and calendars for their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as some

from console.clock import DAY, HOUR, MINUTE, SECOND
from console.models.domain.attributes import pack
from console.models.domain.calendars import Calendar
from console.models.domain.clock_history import Happening
from console.models.domain.clock_targets import (
    PAUSED_BY,
    CaseClass,
    ClockName,
    ClockTargets,
    Level,
    Reopening,
    TargetRule,
)
from console.models.domain.contacts import (
    Channel,
    ComplaintTier,
    Emotion,
    InquiryType,
    Priority,
    Role,
    Stage,
    Status,
)
from console.models.domain.events import FIRST_AGENT_KIND, ROW, Kind
from console.models.domain.ports import Rows
from tests.models.domain.test_calendars import NIGHT, OFFICE, WEEKDAYS, calendars, instants

KINDS = [kind for kind in Kind if kind < FIRST_AGENT_KIND]
USUAL = [
    Kind.CREATED,
    Kind.CUSTOMER_MESSAGE,
    Kind.PUBLIC_REPLY,
    Kind.STATUS_CHANGED,
    Kind.STATUS_CHANGED,
    Kind.REOPENED,
    Kind.COMPLAINT,
    Kind.PROMISE_MADE,
    Kind.ASSIGNED,
]
"""What moves clocks is drawn more often."""
DRAWN = [*USUAL, *USUAL, *KINDS]


def _codes(words: type) -> some.SearchStrategy[int]:
    return some.sampled_from([int(word) for word in words])  # type: ignore[call-overload]  # an enumeration of codes


_ATTRIBUTES = some.builds(
    pack,
    channel=_codes(Channel),
    type=some.sampled_from([0, int(InquiryType.COMPLAINT), int(InquiryType.WARRANTY)]),
    tier=some.integers(0, 3),
    priority=_codes(Priority),
    status=_codes(Status),
    complaint=_codes(ComplaintTier),
    emotion=_codes(Emotion),
)
_FEW = some.integers(0, 3)
_TURNS = some.sampled_from([int(Status.OPEN), int(Status.PENDING_CUSTOMER), int(Status.RESOLVED)])
VALUES = {
    Kind.CREATED: _ATTRIBUTES,
    Kind.STATUS_CHANGED: some.one_of(_TURNS, _TURNS, _codes(Status), some.just(99)),
    Kind.COMPLAINT: _codes(ComplaintTier),
    Kind.CHANNEL_CHANGED: _codes(Channel),
    Kind.EMOTION_CHANGED: _FEW,
    Kind.PRIORITY_CHANGED: some.integers(0, 6),
    Kind.TYPE_CHANGED: some.sampled_from([0, int(InquiryType.COMPLAINT), int(InquiryType.WARRANTY)]),
    Kind.TIER_CHANGED: _FEW,
    Kind.ASSIGNED: some.integers(0, 2),
}
_STEPS = some.one_of(
    some.just(0), some.integers(0, 90 * MINUTE), some.integers(0, 40).map(MINUTE.__mul__), some.integers(0, 2 * DAY)
)


@some.composite
def histories(draw: some.DrawFn, since: int, most: int = 20) -> list[Happening]:
    """The events of one ticket in their order, from an instant on."""
    at = since
    found: list[Happening] = []
    for _turn in range(draw(some.integers(1, most))):
        kind = draw(some.sampled_from(DRAWN))
        at += draw(_STEPS)
        if kind is Kind.PROMISE_MADE:
            value = draw(some.one_of(some.just(0), some.integers(-HOUR, 8 * HOUR).map(at.__add__)))
        else:
            value = draw(VALUES.get(kind, some.just(0)))
        found.append((int(kind), at, value, draw(_codes(Role))))
    return found


LEVELS = {
    Level.COMPLAINT: ComplaintTier,
    Level.EMOTION: Emotion,
    Level.CLASS: CaseClass,
    Level.PRIORITY: Priority,
    Level.STAGE: Stage,
    Level.CHANNEL: Channel,
    Level.ANY: (0,),
}


@some.composite
def policies(draw: some.DrawFn) -> ClockTargets:
    """Rules of every level, calendars with gaps and folds, and any statuses for pauses."""
    targets = some.one_of(
        some.integers(1, 4 * HOUR), some.integers(1, 90).map(MINUTE.__mul__), some.integers(1, 30).map(HOUR.__mul__)
    )
    rules = []
    for clock in ClockName:
        if clock is ClockName.PROMISE:
            continue
        for level in draw(some.lists(some.sampled_from(list(LEVELS)), max_size=3)):
            code = draw(some.sampled_from([int(word) for word in LEVELS[level]]))
            name = f"{clock} {level.name} {code}"
            rules.append(TargetRule(clock, level, code, draw(targets), name, live_only=draw(some.booleans())))
        if draw(some.booleans()):
            rules.append(TargetRule(clock, Level.ANY, 0, draw(targets), f"any {clock}"))
    weeks = some.sampled_from([WEEKDAYS, (NIGHT,) * 7, (OFFICE,) * 7])
    zones = some.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
    calendar = draw(some.one_of(some.builds(Calendar, zones.map(ZoneInfo), weeks), calendars()))
    resting = some.frozensets(some.sampled_from(list(Status)), max_size=2)
    return ClockTargets(
        tuple(rules),
        calendar,
        business=draw(some.frozensets(some.sampled_from(list(ClockName)))),
        paused_by=draw(
            some.one_of(
                some.just(dict(PAUSED_BY)), some.dictionaries(some.sampled_from(list(ClockName)), resting, max_size=4)
            )
        ),
        reopening=draw(some.sampled_from(list(Reopening))),
    )


@some.composite
def tickets(draw: some.DrawFn, most: int = 4) -> list[list[Happening]]:
    """The histories of a few tickets that begin about the same time; a time of zero is not drawn."""
    since = draw(instants())
    begins = some.integers(0, DAY // SECOND).map(lambda n: since + n * SECOND)
    return [draw(histories(draw(begins))) for _ticket in range(draw(some.integers(1, most)))]


def as_rows(histories_: Sequence[Sequence[Happening]]) -> Rows:
    """The events as rows of a log, in the order of time; tickets are numbered from 1 up."""
    told = [
        (at, ticket, *event) for ticket, events in enumerate(histories_, 1) for event in events for at in [event[1]]
    ]
    order = sorted(range(len(told)), key=lambda place: told[place][0])
    rows = np.zeros(len(told), ROW)
    for seq, place in enumerate(order, 1):
        at, ticket, kind, _at, value, role = told[place]
        row = rows[seq - 1]
        row["seq"] = row["key"] = row["native"] = seq
        row["at"], row["subject"], row["kind"], row["value"], row["role"] = at, ticket, kind, value, role
        row["source"] = 1
    return rows
