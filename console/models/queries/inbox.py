"""The escalation inbox as a screen shows it: what is open, in which order, who it is for, and what is new in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from console.models.domain.call_backs import call_of
from console.models.domain.escalation import Cause, Entry, Happening, State, Urgency
from console.models.domain.escalation_ports import EscalationReader
from console.models.domain.roles import same_person

_MOST_REPEATS = 50
"""So many histories at most are read to count repeats; more than that, and the number is not what matters."""
_AT_ONCE = 500
"""Entries that are looked at in one piece of a worker's work: about a millisecond."""
_WORDS_AT_ONCE = 100
"""The same where their words are asked for."""


class Scope(Enum):
    """Which of the open entries are looked at."""

    ALL = "all"
    UNOWNED = "unowned"
    MINE = "mine"
    RESOLVED = "resolved"
    """Done, but may still come back (R-ESC-LIFE: within the reopen window)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries need somebody, by urgency, and how many of them nobody has."""

    p1: int = 0
    p2: int = 0
    p3: int = 0
    unowned: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.p1 + self.p2 + self.p3


@dataclass(frozen=True)
class Inbox:
    """The inbox at one look. ``swept_at`` is the wall time of the sweep's last look (microseconds since the epoch, 0
    before the first); ``repeats`` says how often everyone was told of an exhausted entry."""

    entries: tuple[Entry, ...] = ()
    swept_at: int = 0
    stamp: tuple[int, ...] = ()
    repeats: Mapping[int, int] = field(default_factory=dict)

    def counts(self) -> Counts:
        """Those that are not resolved, by urgency."""
        return self._counts

    def find(self, entry: int) -> Entry | None:
        """An open entry by its number."""
        return self.by_id.get(entry)

    def of_call(self, call: int) -> int:
        """The number of the entry about a promised call that is still to be resolved, 0 where there is none."""
        about = (known for known in self.entries if call_of(known.key) == call and known.resolved_at is None)
        return next((known.id for known in about), 0)

    def of_ticket(self, ticket: int) -> Entry | None:
        """The first open entry about a ticket."""
        return next((known for known in self.entries if known.ticket == ticket), None)

    def at(self, swept_at: int) -> Inbox:
        """The same at a later look of the sweep."""
        later = Inbox(self.entries, swept_at, self.stamp, self.repeats)
        later.__dict__.update({name: self.__dict__[name] for name in ("by_id", "_counts") if name in self.__dict__})
        return later

    @cached_property
    def by_id(self) -> Mapping[int, Entry]:
        """The entries by their numbers."""
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def _counts(self) -> Counts:
        found = [0, 0, 0, 0]
        for entry in self.entries:
            if entry.state is not State.RESOLVED:
                found[entry.urgency - 1] += 1
                found[3] += is_unowned(entry)
        return Counts(*found)


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """What is shown. Empty sets and texts let everything pass."""

    scope: Scope = Scope.ALL
    causes: frozenset[Cause] = frozenset()
    channels: frozenset[int] = frozenset()
    """Codes of `contacts.Channel`."""
    text: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether more than the scope narrows it."""
        return bool(self.causes or self.channels or self.text.strip())


@dataclass(frozen=True, slots=True)
class Words:
    """What a filter asks about an entry's ticket."""

    channel: int = 0
    text: str = ""


def read_inbox(
    reader: EscalationReader, known: Inbox | None = None, rest: Callable[[], object] = lambda: None
) -> Inbox:
    """Read the inbox, for a worker; entries are read again only when some of them changed since ``known``. Those that
    are what they were stay the same objects. ``rest`` is called between two pieces of work."""
    mark = reader.watermark()
    swept_at = 0 if mark is None else mark.ticked_at
    stamp = reader.stamp()
    if known is not None and known.stamp == stamp:
        return known.at(swept_at)
    before = {} if known is None else known.by_id
    entries: list[Entry] = []
    for place, entry in enumerate(reader.open_entries()):
        if place % _AT_ONCE == 0:
            rest()
        old = before.get(entry.id)
        entries.append(old if old is not None and old == entry else entry)
    rest()
    found = Inbox(tuple(entries), swept_at, stamp, _repeats(reader, entries))
    # Asked for the first time here, by the worker: they are kept.
    found.find(0)
    found.counts()
    return found


def arrange(
    inbox: Inbox,
    chosen: InboxFilter,
    person: str,
    words_of: Callable[[Entry], Words] = lambda _entry: Words(),
    rest: Callable[[], object] = lambda: None,
) -> list[Entry]:
    """The entries that pass, worst first: by urgency; in it what nobody has, what somebody works on, what is put aside;
    in that the longest first. ``rest`` is called between two pieces of work."""
    wanted = chosen.text.casefold().split()
    asks = bool(chosen.channels or wanted)
    found = []
    for place, entry in enumerate(inbox.entries):
        if place % (_WORDS_AT_ONCE if asks else _AT_ONCE) == 0:
            rest()
        if not _in_scope(entry, chosen.scope, person) or (chosen.causes and entry.key.cause not in chosen.causes):
            continue
        if asks:
            words = words_of(entry)
            if chosen.channels and words.channel not in chosen.channels:
                continue
            text = f"{words.text} {entry.owner} #{entry.id}".casefold()
            if not all(word in text for word in wanted):
                continue
        found.append(entry)
    rest()
    found.sort(key=_rank)
    return found


def fold(entries: Iterable[Entry]) -> tuple[list[Entry], dict[int, tuple[Entry, ...]]]:
    """Entries of one ticket, equally urgent and in the same hands, stand in one row: the first of each, in order, and
    by its number the others. A ticket that waits too long breaches its clocks as well, which is one thing to do."""
    leads: dict[tuple[int, ...] | tuple[int, int, str, int], Entry] = {}
    others: dict[int, tuple[Entry, ...]] = {}
    for entry in entries:
        key = (
            (entry.ticket, int(entry.urgency), entry.owner, _STATE_RANK.get(entry.state, 4))
            if entry.ticket
            else (-entry.id,)
        )
        lead = leads.setdefault(key, entry)
        if lead is not entry:
            others[lead.id] = (*others.get(lead.id, ()), entry)
    return list(leads.values()), others


def by_urgency(entries: Iterable[Entry]) -> dict[Urgency, list[Entry]]:
    """The entries of each urgency that has some, in their order."""
    groups: dict[Urgency, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.urgency, []).append(entry)
    return {urgency: groups[urgency] for urgency in Urgency if urgency in groups}


def scope_counts(inbox: Inbox, person: str) -> dict[Scope, int]:
    """How many entries each scope holds."""
    found = dict.fromkeys(Scope, 0)
    owners: dict[str, bool] = {}
    for entry in inbox.entries:
        if entry.state is State.RESOLVED:
            found[Scope.RESOLVED] += 1
            continue
        found[Scope.ALL] += 1
        if entry.owner:
            if entry.owner not in owners:
                owners[entry.owner] = same_person(entry.owner, person)
            found[Scope.MINE] += owners[entry.owner]
        elif is_unowned(entry):
            found[Scope.UNOWNED] += 1
    return found


def calling(before: Inbox, after: Inbox) -> list[Entry]:
    """What calls for a person since the last look: new in the inbox, back in it, climbed, or told to everyone again."""
    known = before.by_id
    return [
        entry
        for entry in after.entries
        if (old := known.get(entry.id)) is not entry and is_unowned(entry) and _calls(old, entry)
    ]


def is_unowned(entry: Entry) -> bool:
    """Nobody has it."""
    return entry.state in (State.RAISED, State.EXHAUSTED)


def is_aside(entry: Entry) -> bool:
    """Somebody put it aside, or gave it to an agent."""
    return entry.state in (State.SNOOZED, State.RETURNED)


def next_level(entry: Entry) -> str:
    """The level of the chain that is told when nobody acts; empty after the last."""
    return entry.chain[entry.level + 1] if entry.level + 1 < len(entry.chain) else ""


def _calls(before: Entry | None, after: Entry) -> bool:
    if before is None or not is_unowned(before):
        return True
    more_urgent = after.urgency < before.urgency
    return (
        more_urgent or after.level > before.level or (after.state is State.EXHAUSTED and after.due_at != before.due_at)
    )


def _in_scope(entry: Entry, scope: Scope, person: str) -> bool:
    if scope is Scope.RESOLVED or entry.state is State.RESOLVED:
        return scope is Scope.RESOLVED and entry.state is State.RESOLVED
    if scope is Scope.UNOWNED:
        return is_unowned(entry)
    # While it is returned the agent is its owner; whoever gave it away sees it among all.
    return scope is Scope.ALL or same_person(entry.owner, person)


_STATE_RANK = {
    State.EXHAUSTED: 0,
    State.RAISED: 0,
    State.ACKNOWLEDGED: 1,
    State.SNOOZED: 2,
    State.RETURNED: 2,
    State.RESOLVED: 3,
}


def _rank(entry: Entry) -> tuple[int, int, int, int]:
    return int(entry.urgency), _STATE_RANK.get(entry.state, 4), entry.since, entry.id


def _repeats(reader: EscalationReader, entries: Sequence[Entry]) -> dict[int, int]:
    exhausted = [entry.id for entry in entries if entry.state is State.EXHAUSTED]
    return {id_: _times(reader, id_) for id_ in exhausted[:_MOST_REPEATS]}


def _times(reader: EscalationReader, entry: int) -> int:
    """How often everyone was told since it was last anything else than exhausted."""
    times = 0
    for past in reader.history(entry):
        if past.state is not State.EXHAUSTED:
            times = 0
        elif past.what in (Happening.DUE, Happening.UNREACHABLE):
            times += 1
    return times
