"""What the escalation rooms ask of each other: the store of entries, and whoever finds what has to be raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

from console.models.domain.contacts import Code
from console.models.domain.escalation import (
    SYSTEM,
    Entry,
    Event,
    Happening,
    News,
    Occurrence,
    Recipient,
    State,
    Transition,
    Urgency,
)
from console.models.domain.escalation_rules import EscalationRules


class Outcome(Code):
    """What became of an occurrence."""

    NEW = 1
    AGAIN = 2
    """There was an entry for this matter: it counts up, or comes back."""
    KNOWN = 3
    """It was raised before, and found again; nothing changed."""


class Raised(NamedTuple):
    """The entry of an occurrence, and what became of it."""

    outcome: Outcome
    entry: Entry


class Claim(NamedTuple):
    """The right to carry out what is due on an entry; it ends with its lease, or when ``epoch`` is taken over."""

    entry: int
    epoch: int


class Watermark(NamedTuple):
    """Up to when crossings were raised, what the wall clock said when that was written, and from when on they are
    raised: what breached before is the past of a log that was there before the console (microseconds)."""

    swept_to: int
    ticked_at: int
    began_at: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """Entries whose due time has passed: how many, and the oldest of these times."""

    count: int
    oldest_due_at: int


@dataclass(frozen=True, slots=True)
class Past:
    """One line of an entry's history; ``before`` is None at the raise."""

    at: int
    actor: str
    what: Happening
    before: State | None
    state: State
    urgency: Urgency
    level: int
    owner: str
    due_at: int | None
    reason: str


class Sending(Code):
    """How far a notice came on its way. What is SENDING when a process ends is unknown, never taken for sent."""

    WAITING = 1
    SENDING = 2
    SENT = 3
    FAILED = 4
    SILENCED = 5
    """It lost its point before it was sent: somebody has the entry now."""


class Waiting(NamedTuple):
    """A notice that is to be sent. ``again``: a console was sending it when it ended, so it may have been told before;
    staff are told once more, with a label that says so."""

    id: int
    entry: int
    news: News
    to: Recipient
    urgency: Urgency
    created_at: int
    again: bool = False


class Told(NamedTuple):
    """A notice, how far it came on its way, and when that was settled (microseconds; None while it is not)."""

    notice: Waiting
    sending: Sending
    settled_at: int | None


class Delivery(NamedTuple):
    """The right to send a notice; it ends with its lease, or when ``epoch`` is taken over."""

    notice: Waiting
    epoch: int


class Outbox(Protocol):
    """Notices on their way: claimed before they are sent, settled after. Each call is one transaction; it raises
    SetupError when the database cannot take it now."""

    def claim_notices(self, at: int, lease: int, limit: int) -> list[Delivery]:
        """Take the right to send what waits, and what another was sending whose lease has ended; most urgent first."""
        ...

    def settle_notices(self, deliveries: Sequence[Delivery], sending: Sending, at: int) -> int:
        """They are sent, or failed; returns for how many that was still ours to say."""
        ...


class EscalationWriter(Protocol):
    """The only way to change entries; each call is one transaction: state, history, notices and audit, or nothing.

    Every call raises SetupError when the database cannot take it now (locked, full); then nothing has changed.
    """

    def raise_all(
        self,
        occurrences: Sequence[Occurrence],
        at: int,
        rules: EscalationRules,
        actor: str = SYSTEM,
        *,
        swept_to: int | None = None,
    ) -> list[Raised]:
        """Bring occurrences into the inbox, each matter once; ``swept_to`` moves the watermark with them."""
        ...

    def move(
        self, entry: int, event: Event, at: int, actor: str, rules: EscalationRules, *, version: int | None = None
    ) -> Transition:
        """Make one move. Raises an `EscalationRefused` that says why not, `ChangedMeanwhile` when the entry has no
        longer the ``version`` that the actor saw, KeyError when there is no such entry."""
        ...

    def settle(self, entries: Sequence[Entry], at: int, rules: EscalationRules) -> list[Transition]:
        """Resolve what is over by itself (`escalation.ANSWERED`); whoever changed an entry meanwhile keeps it."""
        ...

    def claim_due(self, at: int, lease: int, limit: int) -> list[Claim]:
        """Take the right to carry out what is due, most urgent first, for ``lease`` microseconds."""
        ...

    def fire(self, claims: Sequence[Claim], at: int, rules: EscalationRules) -> list[Transition]:
        """Carry out what is due. A claim that was taken over, or whose entry moved on, does nothing."""
        ...

    def rebase(self, by: int, at: int) -> int:
        """The wall clock went back: move what is still to come by ``by`` (negative); returns how many entries."""
        ...

    def tick(self, at: int, swept_to: int) -> None:
        """Keep the watermark."""
        ...


class EscalationReader(Protocol):
    """Reads entries without writing; safe on any thread."""

    def entry(self, entry: int) -> Entry:
        """One entry; raises KeyError when there is none."""
        ...

    def open_entries(self) -> list[Entry]:
        """All that have not ended, most urgent first, then by due time."""
        ...

    def stamp(self) -> tuple[int, ...]:
        """Numbers that differ as soon as an open entry was raised, moved, ended or given another due time; cheap, so
        that a screen can ask every second whether it has to read again."""
        ...

    def of_owner(self, owner: str) -> list[Entry]:
        """The acknowledged, snoozed and returned entries of a person."""
        ...

    def owners(self) -> frozenset[str]:
        """Everybody who has an acknowledged, snoozed or returned entry."""
        ...

    def history(self, entry: int) -> list[Past]:
        """Every move of an entry, oldest first."""
        ...

    def next_due(self, at: int) -> int | None:
        """The earliest due time of an entry that nobody has claimed."""
        ...

    def overdue(self, at: int) -> Overdue | None:
        """What was due before ``at`` and has not been carried out; None when nothing was."""
        ...

    def watermark(self) -> Watermark | None:
        """How far the sweep came; None before the first."""
        ...

    def waiting(self, limit: int) -> list[Waiting]:
        """The notices that are to be sent, most urgent first."""
        ...


class Crossings(Protocol):
    """Finds what has to be raised because time passed: clocks over their due instant, waits that became too long.

    What it names may be named again: an occurrence is raised once, by its key and instant.
    """

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """Every occurrence with ``after < occurred_at <= until``, and any that became known too late for that."""
        ...

    def next_after(self, at: int) -> int | None:
        """The next instant at which something will cross, None when nothing is foreseen."""
        ...


@runtime_checkable
class Endings(Protocol):
    """Crossings that can say which matters are over: the customer was answered, the stage was left."""

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose clock or wait runs no longer; entries of other finders are never among them."""
        ...


@runtime_checkable
class Standing(Protocol):
    """Crossings that can say what stands when a console starts for the first time on a log that has a past.

    Nobody wants yesterday's breaches raised then, but whoever still waits needs the supervisor.
    """

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What crossed before ``at`` and is still so, each once."""
        ...
