"""One entry of the inbox in words: who waits, why it is here, what is at stake, who has it, and what happens next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from console.clock import MINUTE, moment
from console.i18n import N_, _
from console.models.domain.clock_targets import ClockName
from console.models.domain.contacts import Channel, ComplaintTier, Emotion, InquiryType, Tier
from console.models.domain.escalation import Cause, Entry, ObjectKind, State, Urgency
from console.models.domain.glossary import word
from console.models.domain.roles import same_person
from console.models.live.board import Board
from console.models.policy.labels import CLOCK_WORDS
from console.models.queries.inbox import next_level

_HOUR, _DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what the board knows of its ticket; without a ticket on the board the rest is empty or 0.

    ``slot`` is the ticket's place on the board, -1 without one; ``waiting_since`` 0 when the customer does not wait.
    Instants are microseconds since the epoch.
    """

    entry: Entry
    slot: int = -1
    ref: str = ""
    subject: str = ""
    customer: str = ""
    agent: str = ""
    """Who has the ticket in the helpdesk."""
    channel: Channel = Channel.UNKNOWN
    type: InquiryType = InquiryType.UNCLASSIFIED
    tier: Tier = Tier.UNKNOWN
    emotion: Emotion = Emotion.UNKNOWN
    complaint: ComplaintTier = ComplaintTier.NONE
    waiting_since: int = 0
    first_reply_at: int = 0
    last_agent_at: int = 0


def line_of(entry: Entry, board: Board | None) -> Line:
    """Join an entry with its ticket, or its agent's name; cheap enough for every visible row."""
    slot = None if board is None or not entry.ticket else board.slot(entry.ticket)
    if board is None or slot is None:
        about = board.names.text("agent", entry.key.object) if board and entry.key.kind is ObjectKind.AGENT else ""
        return Line(entry, agent=about)
    columns = board.columns
    ref, subject, customer = board.texts.get(slot)
    return Line(
        entry,
        slot,
        ref,
        subject,
        customer,
        board.names.text("agent", int(columns.assignee[slot])),
        Channel(int(columns.channel[slot])),
        InquiryType(int(columns.type[slot])),
        Tier(int(columns.tier[slot])),
        Emotion(int(columns.emotion[slot])),
        ComplaintTier(int(columns.complaint[slot])),
        int(columns.waiting_since[slot]),
        int(columns.first_reply_at[slot]),
        int(columns.last_agent_at[slot]),
    )


def who(line: Line) -> str:
    """Whom it is about: the customer, else the agent, else the ticket."""
    entry = line.entry
    if entry.key.kind is ObjectKind.AGENT:
        return line.agent or _("Agent {n}").format(n=entry.key.object)
    return line.customer or line.ref or _("Ticket {n}").format(n=entry.ticket)


def why(line: Line, now: int, zone: tzinfo) -> str:
    """Which rule put it here, as a sentence with what it measures now."""
    return _WHY[line.entry.key.cause](line, now, zone)


def stakes(line: Line, amount: str = "") -> list[str]:
    """What is at stake, the gravest first: the amount (as written), the complaint, the mood."""
    found = [amount] if amount else []
    if line.complaint is not ComplaintTier.NONE:
        found.append(word(line.complaint))
    if line.emotion in (Emotion.MEDIUM, Emotion.HIGH):
        found.append(word(line.emotion))
    return found


def standing(line: Line, repeats: int, zone: tzinfo, *, short: bool = False, person: str = "") -> str:
    """Who has it, or who was told that nobody has it; ``short`` without the latter. ``person`` reads it: her own name
    is *you*.
    """
    entry = line.entry
    if entry.state is State.EXHAUSTED:
        if repeats > 1:
            return _("everyone told {n} times, nobody acted").format(n=repeats)
        return _("everyone told, nobody acted")
    if entry.state is State.RAISED and short:
        return _("nobody has it")
    if entry.state is State.RAISED:
        return _("nobody has it; told: {level}").format(level=level_word(entry.chain[entry.level]))
    if entry.state is State.ACKNOWLEDGED:
        since = _since(entry.acknowledged_at, zone)
        if is_own(entry, person):
            return _("you have it since {time}").format(time=since)
        return _("{owner} has it since {time}").format(owner=entry.owner, time=since)
    if entry.state is State.SNOOZED and is_own(entry, person):
        return _("you put it aside")
    if entry.state is State.SNOOZED:
        return _("{owner} put it aside").format(owner=entry.owner)
    if entry.state is State.RETURNED:
        return _("with {owner}").format(owner=entry.owner)
    return _("resolved at {time}").format(time=_since(entry.resolved_at, zone))


def is_own(entry: Entry, person: str) -> bool:
    """Whether this person has it."""
    return bool(entry.owner) and same_person(entry.owner, person)


def owner_word(owner: str, person: str) -> str:
    """Who has something, as this person says it: *you*, a name, or *nobody*."""
    if not owner:
        return _("nobody")
    return _("you") if same_person(owner, person) else owner


def coming(entry: Entry, *, short: bool = False) -> str:
    """What the console does by itself at the entry's due time; ``short`` for a narrow place beside the countdown."""
    if entry.state is State.RAISED:
        level = next_level(entry)
        if not level:
            return _("all are told")
        words = _("to {level}") if short else _("climbs to {level}")
        return words.format(level=level_word(level))
    if entry.state is State.ACKNOWLEDGED and entry.reminded:
        return _("goes back to everyone")
    return _(_COMING.get(entry.state, ""))


def level_word(level: str) -> str:
    """A level of the chain for people; a name that a site chose itself is shown as it is written."""
    known = _LEVELS.get(level)
    return _(known) if known else level.replace("_", " ")


def urgency_word(urgency: Urgency) -> str:
    """What the urgency is for (R-ESC-LIFE)."""
    return _(_URGENCIES[urgency])


def cause_word(cause: Cause) -> str:
    """The cause in one or two words, for filters."""
    return _(_CAUSES[cause])


def matter(entry: Entry) -> str:
    """What it is about in one or two words: the clock that is late, else the cause."""
    return clock_word(clock_of(entry)) if entry.key.cause is Cause.BREACH else cause_word(entry.key.cause)


def clock_word(clock: str) -> str:
    """A clock by its name in reports."""
    return _(_CLOCKS.get(clock, _SOME_CLOCK))


def clock_of(entry: Entry) -> str:
    """The name of the clock that a breach is about: ``first_response`` of the cycle ``first_response:3``."""
    return entry.key.cycle.split(":", 1)[0]


def limit_of(entry: Entry) -> int:
    """The time that was given before it became a case for the inbox, in microseconds."""
    return max(0, entry.occurred_at - entry.since)


def span(micros: int) -> str:
    """A duration in minutes, for sentences: ``42 min``, ``1 h 5 min``, ``2 d 3 h``; under a minute in seconds."""
    minutes = max(0, micros) // MINUTE
    if minutes < 1:
        return _("{n} s").format(n=max(0, micros) // 1_000_000)
    if minutes < _HOUR:
        return _("{n} min").format(n=minutes)
    if minutes < _DAY:
        hours, rest = divmod(minutes, _HOUR)
        return _("{h} h {m} min").format(h=hours, m=rest) if rest else _("{h} h").format(h=hours)
    days, rest = divmod(minutes, _DAY)
    return _("{d} d {h} h").format(d=days, h=rest // _HOUR) if rest // _HOUR else _("{d} d").format(d=days)


def _waits(line: Line, now: int, zone: tzinfo) -> str:
    entry = line.entry
    channel = word(line.channel) if line.channel else _("this channel")
    limit = span(limit_of(entry))
    if line.slot >= 0 and not line.waiting_since:
        return _("Waited beyond {limit} on {channel}; answered at {time}").format(
            limit=limit, channel=channel, time=_since(line.last_agent_at, zone)
        )
    return _("Waits {span} on {channel} (limit {limit})").format(
        span=span(now - entry.since), channel=channel, limit=limit
    )


def _breached(line: Line, now: int, zone: tzinfo) -> str:
    entry = line.entry
    clock = clock_of(entry)
    name = clock_word(clock)
    stopped = _stopped_at(line, clock)
    if stopped:
        return _("{clock} was {span} late; given at {time}").format(
            clock=name, span=span(stopped - entry.occurred_at), time=_since(stopped, zone)
        )
    return _("{clock} is {span} late").format(clock=name, span=span(now - entry.occurred_at))


def _stopped_at(line: Line, clock: str) -> int:
    """When what was late was given after all, 0 while it is not, or where the board alone cannot tell."""
    late_since = line.entry.occurred_at
    if clock == ClockName.FIRST_RESPONSE:
        return line.first_reply_at if line.first_reply_at > late_since else 0
    if clock == ClockName.NEXT_RESPONSE and line.slot >= 0 and not line.waiting_since:
        return line.last_agent_at if line.last_agent_at > late_since else 0
    return 0


def _requests(line: Line, now: int, _zone: tzinfo) -> str:
    entry = line.entry
    return _("Request undecided for {span} (limit {limit})").format(
        span=span(now - entry.since), limit=span(limit_of(entry))
    )


def _complains(line: Line, now: int, _zone: tzinfo) -> str:
    return _("A supervisor must take this complaint; open for {span}").format(span=span(now - line.entry.since))


def _asked(line: Line, _now: int, zone: tzinfo) -> str:
    return _("Asked for by hand at {time}").format(time=_since(line.entry.since, zone))


def _approval(line: Line, now: int, _zone: tzinfo) -> str:
    return _("Compensation waits {span} for approval").format(span=span(now - line.entry.since))


def _slow(_line: Line, _now: int, _zone: tzinfo) -> str:
    return _("Answers too slowly")


def _stalled(line: Line, now: int, _zone: tzinfo) -> str:
    silent = span(now - line.entry.since)
    if line.agent:
        return _("Assigned to {agent}, silent for {span}").format(agent=line.agent, span=silent)
    return _("Assigned, silent for {span}").format(span=silent)


def _since(at: int | None, zone: tzinfo) -> str:
    return moment(at).astimezone(zone).strftime("%H:%M") if at else "–"


_WHY = {
    Cause.WAIT: _waits,
    Cause.REQUEST: _requests,
    Cause.BREACH: _breached,
    Cause.COMPLAINT: _complains,
    Cause.BY_HAND: _asked,
    Cause.APPROVAL: _approval,
    Cause.AGENT_ALARM: _slow,
    Cause.STALLED: _stalled,
}
_CAUSES: Mapping[Cause, str] = {
    Cause.WAIT: N_("Long wait"),
    Cause.REQUEST: N_("Undecided request"),
    Cause.BREACH: N_("Breached clock"),
    Cause.COMPLAINT: N_("Complaint"),
    Cause.BY_HAND: N_("By hand"),
    Cause.APPROVAL: N_("Approval"),
    Cause.AGENT_ALARM: N_("Slow agent"),
    Cause.STALLED: N_("Stalled"),
}
_COMING: Mapping[State, str] = {
    State.EXHAUSTED: N_("all told again"),
    State.ACKNOWLEDGED: N_("progress due"),
    State.SNOOZED: N_("comes back"),
    State.RETURNED: N_("agent's answer due"),
    State.RESOLVED: N_("closes"),
}
_LEVELS: Mapping[str, str] = {
    "shift_supervisor": N_("shift supervisor"),
    "duty_manager": N_("duty manager"),
    "head_of_service": N_("head of service"),
    "second_line": N_("second line"),
}
_URGENCIES: Mapping[Urgency, str] = {
    Urgency.P1: N_("high complaints, VIPs in breach, publicity"),
    Urgency.P2: N_("medium complaints, breached clocks"),
    Urgency.P3: N_("the rest"),
}
_SOME_CLOCK = N_("A clock")
_CLOCKS: Mapping[str, str] = {
    **CLOCK_WORDS,
    "call_back": N_("Call back"),
    "follow_up": N_("Follow-up"),
}
