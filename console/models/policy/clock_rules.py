"""The policy's part about clocks as the domain's `ClockTargets`: which target each clock gets by which rule."""

from __future__ import annotations

from collections.abc import Iterator

from console.models.domain.calendars import Calendar
from console.models.domain.clock_targets import CaseClass, ClockName, ClockTargets, Level, Reopening, TargetRule
from console.models.domain.contacts import (
    LIVE_CHANNELS,
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    Priority,
    Stage,
    Status,
)
from console.models.policy.reading import Entries

# clock, level, table of the policy, its words, rule
_BY_CODE: tuple[tuple[ClockName, Level, str, type[Code], str], ...] = (
    (ClockName.FIRST_RESPONSE, Level.COMPLAINT, "first_response.complaint", ComplaintTier, "R-CMP-TIER"),
    (ClockName.FIRST_RESPONSE, Level.EMOTION, "first_response.emotion", Emotion, "R-FRT-EMOTION"),
    (ClockName.FIRST_RESPONSE, Level.CHANNEL, "first_response.channel", Channel, "R-FRT-CHANNEL"),
    (ClockName.NEXT_RESPONSE, Level.CHANNEL, "next_response.channel", Channel, "R-CLOCK"),
    (ClockName.RESOLUTION, Level.COMPLAINT, "resolution.complaint", ComplaintTier, "R-CMP-TIER"),
    (ClockName.RESOLUTION, Level.PRIORITY, "resolution.priority", Priority, "R-CLOCK"),
    (ClockName.STAGE, Level.STAGE, "stage", Stage, "R-STAGE"),
)
_COMPLAINTS = tuple(tier for tier in ComplaintTier if tier)
# clock, level, codes, key of the policy, rule
_SINGLE: tuple[tuple[ClockName, Level, tuple[int, ...], str, str], ...] = (
    (ClockName.ACKNOWLEDGEMENT, Level.CLASS, (CaseClass.ORDINARY,), "acknowledgement.ordinary", "R-FRT-CLASS"),
    (ClockName.ACKNOWLEDGEMENT, Level.CLASS, (CaseClass.COMPLAINT,), "acknowledgement.complaint", "R-FRT-CLASS"),
    (
        ClockName.COMPLAINT_ACKNOWLEDGEMENT,
        Level.COMPLAINT,
        _COMPLAINTS,
        "acknowledgement.complaint_by_person",
        "R-CMP-ACK",
    ),
    (ClockName.PLAN, Level.COMPLAINT, _COMPLAINTS, "complaints.plan_within", "R-CMP-PLAN"),
    (ClockName.UPDATE, Level.COMPLAINT, _COMPLAINTS, "complaints.update_every", "R-CMP-PLAN"),
)
_CHATS = frozenset(channel.key for channel in LIVE_CHANNELS - {Channel.PHONE})


def targets_of(entries: Entries, calendar: Calendar) -> ClockTargets:
    """The targets of complete entries that were found good."""
    return ClockTargets(
        rules=(*_by_code(entries), *_single(entries)),
        calendar=calendar,
        business=frozenset(
            clock for clock in ClockName if entries[f"clocks.time.{word_of(clock)}"].value == "business"
        ),
        paused_by={
            clock: frozenset(Status[word.upper()] for word in entries[f"clocks.paused_by.{word_of(clock)}"].value)
            for clock in ClockName
        },
        reopening=Reopening(entries["clocks.reopening"].value),
    )


def word_of(clock: ClockName) -> str:
    """The policy's word for a clock: a person's word on a complaint follows what is said of acknowledgements."""
    return "acknowledgement" if clock is ClockName.COMPLAINT_ACKNOWLEDGEMENT else clock.value


def _by_code(entries: Entries) -> Iterator[TargetRule]:
    for clock, level, table, codes, rule in _BY_CODE:
        for code in codes:
            entry = entries.get(f"{table}.{code.key}")
            if entry is not None and entry.value:
                chat = rule == "R-FRT-CHANNEL" and code.key in _CHATS
                name = f"{'R-FRT-CHAT' if chat else rule} {code.key}"
                yield TargetRule(clock, level, code, entry.value, name, live_only=level is Level.EMOTION)


def _single(entries: Entries) -> Iterator[TargetRule]:
    for clock, level, codes, key, rule in _SINGLE:
        for code in codes:
            yield TargetRule(clock, level, code, entries[key].value, rule)
