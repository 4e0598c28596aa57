"""The machine of an escalation (R-ESC-LIFE): a table of allowed moves, and `transition`, which alone runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypedDict

from console.i18n import _
from console.models.domain.escalation import (
    SYSTEM,
    AlreadyOwned,
    Audience,
    Entry,
    Event,
    Happening,
    IllegalMove,
    News,
    Notice,
    Occurrence,
    Recipient,
    State,
    Transition,
)
from console.models.domain.escalation_rules import EscalationRules


class Timer(Enum):
    """What the next due time is reckoned from; all but KEEP, SOONER and UNTIL start now."""

    KEEP = auto()
    SOONER = auto()
    """The present due time, or the one of the new urgency where that is earlier."""
    UNTIL = auto()
    LEVEL = auto()
    PROGRESS = auto()
    LAPSE = auto()
    REPEAT = auto()
    WINDOW = auto()
    NONE = auto()


class Level(Enum):
    """Which level of the chain has it after the move."""

    KEEP = auto()
    FIRST = auto()
    NEXT = auto()


class Owner(Enum):
    """Who has it after the move."""

    KEEP = auto()
    NOBODY = auto()
    ACTOR = auto()
    NAMED = auto()


class Told(Enum):
    """Who hears of the move."""

    NOBODY = auto()
    LEVELS = auto()
    """The present level and all before it."""
    EVERYONE = auto()
    NEW_OWNER = auto()
    OLD_OWNER = auto()


Condition = Callable[[Entry, Event], bool]


def _always(_entry: Entry, _event: Event) -> bool:
    return True


def _level_left(entry: Entry, _event: Event) -> bool:
    return entry.level + 1 < len(entry.chain)


def _unreminded(entry: Entry, _event: Event) -> bool:
    return not entry.reminded


def _more_urgent(entry: Entry, event: Event) -> bool:
    return event.occurrence is not None and event.occurrence.urgency < entry.urgency


def _named(_entry: Entry, event: Event) -> bool:
    return bool(event.to)


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table; of several lines for one state and happening the first whose ``when`` holds counts."""

    to: State
    timer: Timer
    when: Condition = _always
    level: Level = Level.KEEP
    owner: Owner = Owner.KEEP
    told: Told = Told.NOBODY
    news: News | None = None
    owned: bool = False
    """Only the owner (or the console itself) may do it."""


S, H = State, Happening


def _back(news: News, when: Condition = _always, *, owned: bool = False) -> Move:
    """Back to the first level of the chain."""
    return Move(S.RAISED, Timer.LEVEL, when, Level.FIRST, Owner.NOBODY, told=Told.LEVELS, news=news, owned=owned)


_CLIMB = (
    Move(S.RAISED, Timer.LEVEL, _level_left, Level.NEXT, told=Told.LEVELS, news=News.CLIMBED),
    Move(S.EXHAUSTED, Timer.REPEAT, told=Told.EVERYONE, news=News.EXHAUSTED),
)
_TAKE = (Move(S.ACKNOWLEDGED, Timer.PROGRESS, owner=Owner.ACTOR),)
_GIVE = (Move(S.ACKNOWLEDGED, Timer.PROGRESS, _named, owner=Owner.NAMED, told=Told.NEW_OWNER, news=News.HANDED_OVER),)
_RETURN = (Move(S.RETURNED, Timer.UNTIL, owner=Owner.NAMED, told=Told.NEW_OWNER, news=News.RETURNED),)
_RETURN_OWN = (replace(_RETURN[0], owned=True),)
_RESOLVE = (Move(S.RESOLVED, Timer.WINDOW, told=Told.OLD_OWNER, news=News.RESOLVED),)
_RESOLVE_OWN = (replace(_RESOLVE[0], owned=True),)
_MERGE = (Move(S.MERGED, Timer.NONE),)
_COUNT = Move(S.RAISED, Timer.KEEP)

TABLE: dict[tuple[State, Happening], tuple[Move, ...]] = {
    (S.RAISED, H.AGAIN): (
        Move(S.RAISED, Timer.SOONER, _more_urgent, told=Told.LEVELS, news=News.URGENT),
        _COUNT,
    ),
    (S.RAISED, H.ACKNOWLEDGE): _TAKE,
    (S.RAISED, H.RETURN): _RETURN,
    (S.RAISED, H.RESOLVE): _RESOLVE,
    (S.RAISED, H.MERGE): _MERGE,
    (S.RAISED, H.UNREACHABLE): _CLIMB,
    (S.RAISED, H.DUE): _CLIMB,
    (S.EXHAUSTED, H.AGAIN): (replace(_COUNT, to=S.EXHAUSTED),),
    (S.EXHAUSTED, H.ACKNOWLEDGE): _TAKE,
    (S.EXHAUSTED, H.RETURN): _RETURN,
    (S.EXHAUSTED, H.RESOLVE): _RESOLVE,
    (S.EXHAUSTED, H.MERGE): _MERGE,
    (S.EXHAUSTED, H.DUE): (_CLIMB[1],),
    (S.ACKNOWLEDGED, H.AGAIN): (
        Move(S.ACKNOWLEDGED, Timer.SOONER, _more_urgent, told=Told.NEW_OWNER, news=News.URGENT),
        replace(_COUNT, to=S.ACKNOWLEDGED),
    ),
    (S.ACKNOWLEDGED, H.PROGRESS): (Move(S.ACKNOWLEDGED, Timer.PROGRESS, owned=True),),
    (S.ACKNOWLEDGED, H.SNOOZE): (Move(S.SNOOZED, Timer.UNTIL, owned=True),),
    (S.ACKNOWLEDGED, H.RETURN): _RETURN_OWN,
    (S.ACKNOWLEDGED, H.RESOLVE): _RESOLVE_OWN,
    (S.ACKNOWLEDGED, H.HAND_OVER): _GIVE,
    (S.ACKNOWLEDGED, H.OWNER_LEFT): (*_GIVE, _back(News.LAPSED)),
    (S.ACKNOWLEDGED, H.RELEASE): (
        Move(S.RAISED, Timer.LEVEL, owner=Owner.NOBODY, told=Told.LEVELS, news=News.RAISED, owned=True),
    ),
    (S.ACKNOWLEDGED, H.MERGE): (replace(_MERGE[0], owned=True),),
    (S.ACKNOWLEDGED, H.DUE): (
        Move(S.ACKNOWLEDGED, Timer.LAPSE, _unreminded, told=Told.NEW_OWNER, news=News.REMINDER),
        _back(News.LAPSED),
    ),
    (S.SNOOZED, H.AGAIN): (_back(News.WOKEN, _more_urgent), replace(_COUNT, to=S.SNOOZED)),
    (S.SNOOZED, H.ACKNOWLEDGE): (replace(_TAKE[0], owned=True),),
    (S.SNOOZED, H.RESOLVE): _RESOLVE_OWN,
    (S.SNOOZED, H.HAND_OVER): _GIVE,
    (S.SNOOZED, H.OWNER_LEFT): (*_GIVE, _back(News.LAPSED)),
    (S.SNOOZED, H.MERGE): (replace(_MERGE[0], owned=True),),
    (S.SNOOZED, H.DUE): (_back(News.WOKEN),),
    (S.RETURNED, H.AGAIN): (_back(News.WOKEN, _more_urgent), replace(_COUNT, to=S.RETURNED)),
    (S.RETURNED, H.ACKNOWLEDGE): _TAKE,
    (S.RETURNED, H.RESOLVE): _RESOLVE,
    (S.RETURNED, H.OWNER_LEFT): (_back(News.LAPSED),),
    (S.RETURNED, H.MERGE): _MERGE,
    (S.RETURNED, H.DUE): (_back(News.WOKEN),),
    (S.RESOLVED, H.AGAIN): (_back(News.REOPENED),),
    (S.RESOLVED, H.REOPEN): (_back(News.REOPENED),),
    (S.RESOLVED, H.DUE): (Move(S.CLOSED, Timer.NONE),),
}
"""Every move there is. What is not in it is illegal; every state but the ends answers to DUE."""


def start(occurrence: Occurrence, at: int, actor: str, rules: EscalationRules) -> Transition:
    """A new entry for a matter that has none: told to the first level of the chain."""
    entry = Entry(
        id=0,
        key=occurrence.key,
        rule=occurrence.rule,
        ticket=occurrence.ticket,
        since=occurrence.since,
        occurred_at=occurrence.occurred_at,
        state=State.RAISED,
        urgency=occurrence.urgency,
        chain=rules.chain,
        raised_at=at,
        due_at=at + rules.level_timeout.of(occurrence.urgency),
        reason=occurrence.reason,
    )
    event = Event(Happening.RAISE, reason=occurrence.reason, occurrence=occurrence)
    told = Notice(News.RAISED, (Recipient(Audience.LEVEL, entry.chain[0]),))
    return Transition(None, entry, event, at, actor, (told,))


def transition(entry: Entry, event: Event, at: int, actor: str, rules: EscalationRules) -> Transition:
    """Run the table (R-ESC-LIFE): what becomes of the entry, and who is told what.

    Raises `IllegalMove` where the table has no such move or the event lacks what the move needs, `AlreadyOwned` when
    somebody else has the entry.
    """
    move = _find(entry, event, actor)
    _check(entry, event, at, rules)
    urgency = min(entry.urgency, event.occurrence.urgency) if event.occurrence else entry.urgency
    level = {Level.KEEP: entry.level, Level.FIRST: 0, Level.NEXT: entry.level + 1}[move.level]
    after = replace(
        entry,
        state=move.to,
        urgency=urgency,
        due_at=_due(move.timer, replace(entry, urgency=urgency), event, at, rules),
        level=level,
        owner={Owner.KEEP: entry.owner, Owner.NOBODY: "", Owner.ACTOR: actor, Owner.NAMED: event.to}[move.owner],
        reminded=move.timer is Timer.LAPSE or (entry.reminded and move.timer in (Timer.KEEP, Timer.SOONER)),
        reason=event.reason or entry.reason,
        version=entry.version + 1,
        **_marks(entry, event, move, at),
    )
    recipients = _recipients(move.told, entry, after, actor)
    notices = (Notice(move.news, recipients),) if move.news is not None and recipients else ()
    return Transition(entry, after, event, at, actor, notices, silences=_silences(entry, after))


def allowed(entry: Entry, actor: str) -> tuple[Happening, ...]:
    """What this actor can do with the entry now, for the buttons of a screen."""
    return tuple(
        what
        for (state, what), moves in TABLE.items()
        if state is entry.state and what in BY_PEOPLE and not (moves[0].owned and actor != entry.owner)
    )


BY_PEOPLE = frozenset({H.ACKNOWLEDGE, H.PROGRESS, H.SNOOZE, H.RETURN, H.RESOLVE, H.REOPEN, H.HAND_OVER, H.MERGE})
_NEEDS_REASON = frozenset({H.SNOOZE, H.RETURN, H.RESOLVE, H.MERGE})


def _find(entry: Entry, event: Event, actor: str) -> Move:
    if entry.state is State.ACKNOWLEDGED and event.what is Happening.ACKNOWLEDGE:
        raise AlreadyOwned(entry, _("{owner} already has this escalation.").format(owner=entry.owner))
    moves = TABLE.get((entry.state, event.what), ())
    move = next((move for move in moves if move.when(entry, event)), None)
    if move is None:
        raise IllegalMove(entry, _("This cannot be done with an escalation in this state."))
    if move.owned and actor not in (entry.owner, SYSTEM):
        raise AlreadyOwned(entry, _("{owner} has this escalation.").format(owner=entry.owner), _("Take it over first."))
    return move


def _check(entry: Entry, event: Event, at: int, rules: EscalationRules) -> None:
    """Raise `IllegalMove` when the event lacks what its move needs."""
    what = event.what
    if what in _NEEDS_REASON and not event.reason.strip():
        raise IllegalMove(entry, _("This needs a reason."))
    if what in (Happening.SNOOZE, Happening.RETURN) and not at < event.until <= at + rules.aside_limit.of(
        entry.urgency
    ):
        raise IllegalMove(entry, _("The time is past, or later than the policy allows for this urgency."))
    if what in (Happening.RETURN, Happening.HAND_OVER) and not event.to:
        raise IllegalMove(entry, _("Say who gets it."))
    if what is Happening.MERGE and event.into in (0, entry.id):
        raise IllegalMove(entry, _("Say which other escalation it belongs to."))
    if what is Happening.DUE and (entry.due_at is None or at < entry.due_at):
        raise IllegalMove(entry, _("It is not due yet."))
    if what is Happening.AGAIN and (event.occurrence is None or event.occurrence.key != entry.key):
        raise IllegalMove(entry, _("It is another matter."))


def _due(timer: Timer, entry: Entry, event: Event, at: int, rules: EscalationRules) -> int | None:
    if timer is Timer.NONE:
        return None
    if timer is Timer.KEEP:
        return entry.due_at
    if timer is Timer.UNTIL:
        return event.until
    if timer is Timer.SOONER:
        full = rules.progress_due if entry.state is State.ACKNOWLEDGED else rules.level_timeout
        soonest = at + full.of(entry.urgency)
        return soonest if entry.due_at is None else min(entry.due_at, soonest)
    return (
        at
        + {
            Timer.LEVEL: rules.level_timeout.of(entry.urgency),
            Timer.PROGRESS: rules.progress_due.of(entry.urgency),
            Timer.LAPSE: rules.lapse_after,
            Timer.REPEAT: rules.exhausted_repeat,
            Timer.WINDOW: rules.reopen_window,
        }[timer]
    )


class _Marks(TypedDict, total=False):
    occurred_at: int
    count: int
    reopened: int
    acknowledged_at: int | None
    resolved_at: int | None
    merged_into: int


def _marks(entry: Entry, event: Event, move: Move, at: int) -> _Marks:
    """The counts and instants that a move sets beside state, owner and due time."""
    marks = _Marks()
    if event.occurrence is not None:
        marks["count"] = entry.count + 1
        marks["occurred_at"] = max(entry.occurred_at, event.occurrence.occurred_at)
    if move.news is News.REOPENED:
        marks["reopened"] = entry.reopened + 1
        marks["resolved_at"] = None
    if move.to is State.RAISED and move.owner is Owner.NOBODY:
        marks["acknowledged_at"] = None
    if event.what is Happening.ACKNOWLEDGE:
        marks["acknowledged_at"] = at
    if move.to is State.RESOLVED:
        marks["resolved_at"] = at
    if move.to is State.MERGED:
        marks["merged_into"] = event.into
    return marks


def _recipients(told: Told, before: Entry, after: Entry, actor: str) -> tuple[Recipient, ...]:
    """Levels of the chain, or the person; nobody is told what they did themselves."""
    if told is Told.LEVELS:
        return tuple(Recipient(Audience.LEVEL, name) for name in after.chain[: after.level + 1])
    if told is Told.EVERYONE:
        return tuple(Recipient(Audience.LEVEL, name) for name in after.chain)
    if told is Told.NOBODY:
        return ()
    person = after.owner if told is Told.NEW_OWNER else before.owner
    return (Recipient(Audience.PERSON, person),) if person and person != actor else ()


def _silences(before: Entry, after: Entry) -> bool:
    """Whether what was not sent yet has lost its point: somebody has it now, or it is over."""
    return after.state not in (State.RAISED, State.EXHAUSTED) and (
        before.state is not after.state or before.owner != after.owner
    )
