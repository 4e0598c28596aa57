"""The words of the escalation inbox (R-ESC, R-ESC-LIFE): an entry, what can happen to it, and what follows from that.

All instants and durations are microseconds. `escalation_moves` holds the table of allowed moves, `escalation_rules`
the figures that a policy gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from console.errors import KnownError
from console.i18n import N_
from console.models.domain.contacts import Code

SYSTEM = "system"
"""The actor of moves that no person made: a timer, a crossing, a helpdesk's event."""


ANSWERED = N_("the clock stopped before anybody took it on")
"""Why the console resolves an entry by itself; screens say it in the language in use."""


class State(Code):
    """R-ESC-LIFE: where an entry stands."""

    RAISED = 1
    """Told to the current level; nobody has it yet."""
    ACKNOWLEDGED = 2
    """One owner has it; progress is due."""
    RESOLVED = 3
    """Done, with a reason; may come back until its window ends."""
    CLOSED = 4
    SNOOZED = 5
    """Put aside by its owner until a named time."""
    RETURNED = 6
    """Given back to an agent, with a reason and a due time."""
    EXHAUSTED = 7
    """The chain is used up: repeats to everyone until a person acts. Not an end."""
    MERGED = 8
    """Part of another entry now."""


TERMINAL = frozenset({State.CLOSED, State.MERGED})
"""Ends: these alone have no due time."""


class Urgency(Code):
    """R-ESC-LIFE: P1 before P2 before P3, so a smaller number is more urgent."""

    P1 = 1
    P2 = 2
    P3 = 3


class Cause(Code):
    """R-ESC: what put an entry into the inbox."""

    WAIT = 1
    """The customer has waited on us too long on this channel."""
    REQUEST = 2
    """A request beyond the agent's authority is undecided."""
    BREACH = 3
    """A clock breached."""
    COMPLAINT = 4
    """The complaint's tier demands a supervisor (R-CMP-TIER)."""
    BY_HAND = 5
    """One click to the second line or the supervisor."""
    APPROVAL = 6
    """A compensation needs approval (R-CMP-OFFER)."""
    AGENT_ALARM = 7
    """An agent answers too slowly (R-AGENT-SLOW)."""
    STALLED = 8
    """Assigned, and silent: its owner does nothing."""


FOUND = frozenset({Cause.WAIT, Cause.REQUEST, Cause.BREACH, Cause.COMPLAINT, Cause.AGENT_ALARM, Cause.STALLED})
"""Causes that the console finds by itself. It may find one twice (after a restart it looks again behind its watermark),
so an occurrence that is not newer than the last one known is the same again. A person's wish never is."""


class ObjectKind(Code):
    """What kind of thing an entry is about."""

    TICKET = 1
    AGENT = 2
    REQUEST = 3


class Key(NamedTuple):
    """What makes two raises the same matter. ``cycle`` tells one round of the cause from the next, for example
    ``first_response:3``, the third first-response clock of this ticket."""

    kind: ObjectKind
    object: int
    cause: Cause
    cycle: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One reason to escalate: which matter, by which rule, since when.

    ``since`` is when the condition began, ``occurred_at`` when it became a case for the inbox (the due instant of a
    clock; a fact that does not change when it is found again). ``ticket`` is 0 where there is none.
    """

    key: Key
    rule: str
    since: int
    occurred_at: int
    urgency: Urgency
    ticket: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the inbox. ``due_at`` is when the console acts by itself if nobody does; None only at an end.

    ``chain`` was copied from the rules at the raise: a later edit of the policy does not change a running escalation.
    ``level`` counts from 0. ``owner`` is empty while nobody has it; while returned it is the agent. ``version`` grows
    with every move.
    """

    id: int
    key: Key
    rule: str
    ticket: int
    since: int
    occurred_at: int
    state: State
    urgency: Urgency
    chain: tuple[str, ...]
    raised_at: int
    due_at: int | None
    level: int = 0
    owner: str = ""
    count: int = 1
    reopened: int = 0
    reminded: bool = False
    reason: str = ""
    acknowledged_at: int | None = None
    resolved_at: int | None = None
    merged_into: int | None = None
    version: int = 1


class Happening(Code):
    """What can happen to an entry."""

    RAISE = 1
    AGAIN = 2
    """The same matter occurred once more."""
    ACKNOWLEDGE = 3
    PROGRESS = 4
    SNOOZE = 5
    RETURN = 6
    RESOLVE = 7
    REOPEN = 8
    HAND_OVER = 9
    OWNER_LEFT = 10
    """The owner went off shift."""
    MERGE = 11
    UNREACHABLE = 12
    """Nobody of the present level can be told: the next level is told at once."""
    DUE = 13
    """The due time passed and nobody acted."""
    RELEASE = 14
    """Its owner gives it back to the level of the chain that it was taken from: taking it is undone."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, with what the move needs: ``until`` for a snooze or a return, ``to`` for whom it goes to,
    ``into`` the entry it is merged with, ``occurrence`` when the matter occurred again."""

    what: Happening
    reason: str = ""
    until: int = 0
    to: str = ""
    into: int = 0
    occurrence: Occurrence | None = None


class Audience(Code):
    """Who a notice is for."""

    LEVEL = 1
    PERSON = 2


class Recipient(NamedTuple):
    """A level of the chain, or a person by name."""

    audience: Audience
    name: str


class News(Code):
    """What somebody is told."""

    RAISED = 1
    CLIMBED = 2
    EXHAUSTED = 3
    REMINDER = 4
    LAPSED = 5
    """Acknowledged, but without progress: it is everyone's again."""
    WOKEN = 6
    """A snooze or a return ended."""
    REOPENED = 7
    RETURNED = 8
    HANDED_OVER = 9
    URGENT = 10
    """It became more urgent."""
    RESOLVED = 11


class Notice(NamedTuple):
    """Who is to be told what."""

    news: News
    to: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """One move: the entry before (None at the raise) and after, and who is to be told what.

    ``silences`` says that notices which were not sent yet have no point any more.
    """

    before: Entry | None
    entry: Entry
    event: Event
    at: int
    actor: str
    notices: tuple[Notice, ...] = ()
    silences: bool = False

    @property
    def raised_by(self) -> str:
        """The rule that raised it, for the first time or once more; empty for every other move."""
        return "" if self.event.occurrence is None else self.event.occurrence.rule


class EscalationRefused(KnownError):
    """The move cannot be made; the message says why, ``entry`` how things stand."""

    def __init__(self, entry: Entry, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.entry = entry


class IllegalMove(EscalationRefused):
    """The table allows no such move from the entry's state."""


class AlreadyOwned(EscalationRefused):
    """Somebody else has the entry; ``entry.owner`` says who."""


class ChangedMeanwhile(EscalationRefused):
    """The entry was changed since the actor looked at it."""
