"""The story of a ticket: what the customer and we said, and what was done to it, line by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from typing import Protocol

from console.clock import SECOND, moment
from console.i18n import N_, _
from console.models.domain.attributes import unpack
from console.models.domain.contacts import (
    Channel,
    Code,
    ComplaintTier,
    Emotion,
    InquiryType,
    Priority,
    Role,
    Status,
    Tier,
)
from console.models.domain.events import Kind
from console.models.domain.glossary import word
from console.models.domain.money import told_amount


class Entry(Protocol):
    """One event of a ticket in full, as the log's reader gives it."""

    @property
    def seq(self) -> int:
        """Its place in the log."""
        ...

    @property
    def at(self) -> int:
        """When, in microseconds since the epoch."""
        ...

    @property
    def kind(self) -> Kind:
        """What happened."""
        ...

    @property
    def role(self) -> int:
        """Who acted, a code of `contacts.Role`."""
        ...

    @property
    def actor(self) -> str:
        """The name of the agent who acted, empty for others."""
        ...

    @property
    def value(self) -> int:
        """As `events.Kind` says."""
        ...

    @property
    def name(self) -> str:
        """The name that the event mentions."""
        ...

    @property
    def body(self) -> str:
        """A message's text, empty when it is not kept."""
        ...

    @property
    def detail(self) -> Mapping[str, object]:
        """What else the source told."""
        ...


class Timelines(Protocol):
    """Who reads the log for the ticket detail; safe on any thread."""

    def timeline(self, ticket: int) -> Sequence[Entry]:
        """All events of a ticket in its order."""
        ...


Values = tuple[tuple[str, str | int], ...]


class Side(Enum):
    """Whose line it is, which decides how it is drawn."""

    CUSTOMER = "customer"
    OURS = "ours"
    BOT = "bot"
    NOTE = "note"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``who`` is a name or empty; ``text`` the message's own words (empty when they are not kept);
    ``template`` and ``values`` say what was done, in words of the catalogue."""

    seq: int
    at: int
    side: Side
    who: str = ""
    text: str = ""
    template: str = ""
    values: Values = ()

    def words(self, zone: tzinfo) -> str:
        """What was done, in the language in use; times of day in ``zone``."""
        return _(self.template).format(**{name: _spoken(value, zone) for name, value in self.values})


def timeline(log: Timelines, ticket: int, until: int | None = None) -> list[Line]:
    """The lines of a ticket up to a moment (microseconds since the epoch), oldest first."""
    return [
        line
        for entry in log.timeline(ticket)
        if until is None or entry.at <= until
        for line in (_line(entry),)
        if line is not None
    ]


def _line(entry: Entry) -> Line | None:
    side = _SIDES.get(entry.kind)
    if side is not None:
        by_machine = side is Side.OURS and entry.role in (Role.BOT, Role.SYSTEM)
        return Line(entry.seq, entry.at, Side.BOT if by_machine else side, entry.actor, entry.body)
    deed = _DEEDS.get(entry.kind)
    if deed is None:
        return None
    template, values = deed(entry)
    return Line(entry.seq, entry.at, Side.SYSTEM, entry.actor, "", template, values)


_SIDES = {
    Kind.CUSTOMER_MESSAGE: Side.CUSTOMER,
    Kind.PUBLIC_REPLY: Side.OURS,
    Kind.PRIVATE_NOTE: Side.NOTE,
}
_Deed = Callable[[Entry], tuple[str, Values]]


def _plain(template: str) -> _Deed:
    return lambda _entry: (template, ())


def _named(template: str, nameless: str) -> _Deed:
    def deed(entry: Entry) -> tuple[str, Values]:
        return (template, (("name", entry.name),)) if entry.name else (nameless, ())

    return deed


def _coded(template: str, codes: type[Code]) -> _Deed:
    known = {int(code): code for code in codes}

    def deed(entry: Entry) -> tuple[str, Values]:
        return template, (("word", known.get(entry.value, entry.value)),)

    return deed


def _judged(template: str, guessed: str, codes: type[Code]) -> _Deed:
    """What somebody said, or what the classifier took from the words, with how sure it is (R-CLASSIFY)."""
    told, known = _coded(template, codes), {int(code): code for code in codes}

    def deed(entry: Entry) -> tuple[str, Values]:
        confidence = entry.detail.get("confidence")
        if not isinstance(confidence, int | float):
            return told(entry)
        return guessed, (("word", known.get(entry.value, entry.value)), ("percent", round(confidence * 100)))

    return deed


def _timed(template: str) -> _Deed:
    return lambda entry: (template, (("time", _Instant(entry.value)),))


def _created(entry: Entry) -> tuple[str, Values]:
    born = unpack(entry.value)
    channel = Channel(born["channel"]) if born["channel"] < len(Channel) else Channel.UNKNOWN
    if born["type"] and born["type"] < len(InquiryType):
        return N_("came by {channel}: {type}"), (("channel", channel), ("type", InquiryType(born["type"])))
    return N_("came by {channel}"), (("channel", channel),)


def _complaint(entry: Entry) -> tuple[str, Values]:
    tier = ComplaintTier(entry.value) if entry.value < len(ComplaintTier) else ComplaintTier.NONE
    amount = told_amount(entry.detail.get("amount"), str(entry.detail.get("currency", "CNY")))
    if amount is not None:
        return N_("{word}, about {amount}"), (("word", tier), ("amount", str(amount)))
    return N_("{word}"), (("word", tier),)


def _requested(entry: Entry) -> tuple[str, Values]:
    verb, name, value = entry.detail.get("verb"), str(entry.detail.get("name", "")), entry.detail.get("value")
    code = value if isinstance(value, int) else 0
    if verb == "assign":
        return N_("asked to assign it to {name}"), (("name", name),)
    if verb == "unassign":
        return N_("asked to take it from its owner"), ()
    if verb == "queue":
        return N_("asked to move it to queue {name}"), (("name", name),)
    if verb == "priority":
        return N_("asked for priority {word}"), (("word", Priority(code) if code < len(Priority) else code),)
    if verb == "status":
        return N_("asked for status {word}"), (("word", Status(code) if code < len(Status) else code),)
    return N_("asked to add a note"), ()


def _call_back(entry: Entry) -> tuple[str, Values]:
    agent = str(entry.detail.get("agent", ""))
    return N_("{name} is to call back at {time}"), (("name", agent), ("time", _Instant(entry.value)))


def _ended(entry: Entry) -> tuple[str, Values]:
    if not entry.value:
        return N_("conversation ended"), ()
    minutes, seconds = divmod(entry.value // SECOND, 60)
    return N_("conversation ended, {time} of handling"), (("time", f"{minutes}:{seconds:02d}"),)


def _score(entry: Entry) -> tuple[str, Values]:
    return N_("customer gave {score} of 5"), (("score", entry.value),)


_DEEDS: dict[Kind, _Deed] = {
    Kind.CREATED: _created,
    Kind.ASSIGNED: _named(N_("assigned to {name}"), N_("assigned")),
    Kind.UNASSIGNED: _plain(N_("taken from its owner")),
    Kind.STATUS_CHANGED: _coded(N_("status: {word}"), Status),
    Kind.REOPENED: _plain(N_("opened again")),
    Kind.PRIORITY_CHANGED: _coded(N_("priority: {word}"), Priority),
    Kind.QUEUE_CHANGED: _named(N_("moved to queue {name}"), N_("moved to another queue")),
    Kind.TYPE_CHANGED: _judged(N_("type: {word}"), N_("type by its words: {word} (sure to {percent} %)"), InquiryType),
    Kind.TIER_CHANGED: _coded(N_("customer: {word}"), Tier),
    Kind.CHANNEL_CHANGED: _coded(N_("goes on by {word}"), Channel),
    Kind.EMOTION_CHANGED: _judged(N_("mood: {word}"), N_("mood by the words: {word} (sure to {percent} %)"), Emotion),
    Kind.TAG_ADDED: _named(N_("tag {name}"), N_("tag added")),
    Kind.TAG_REMOVED: _named(N_("tag {name} removed"), N_("tag removed")),
    Kind.PROMISE_MADE: _timed(N_("answer promised for {time}")),
    Kind.READ: _plain(N_("read")),
    Kind.COMPLAINT: _complaint,
    Kind.SLA_DUE_CHANGED: _timed(N_("due at {time}")),
    Kind.CSAT: _score,
    Kind.REQUESTED: _requested,
    Kind.CALL_BACK: _call_back,
    Kind.MERGED: _plain(N_("merged into another ticket")),
    Kind.DELETED: _plain(N_("deleted")),
    Kind.QUEUED: _plain(N_("waits in the queue")),
    Kind.OFFERED: _plain(N_("offered")),
    Kind.OFFER_MISSED: _plain(N_("offered, not taken")),
    Kind.CONNECTED: _plain(N_("connected")),
    Kind.HELD: _plain(N_("on hold")),
    Kind.ABANDONED: _plain(N_("customer left")),
    Kind.TIMED_OUT: _plain(N_("the queue gave up")),
    Kind.TRANSFERRED: _named(N_("handed over to {name}"), N_("handed over")),
    Kind.ENDED: _ended,
}
"""What each kind of event is in words; kinds that are not listed are not shown."""


class _Instant(int):
    """Microseconds since the epoch that are read as a time of day."""


def _spoken(value: str | int, zone: tzinfo) -> str:
    if isinstance(value, Code):
        return word(value)
    if isinstance(value, _Instant):
        return moment(value).astimezone(zone).strftime("%H:%M")
    return str(value)
