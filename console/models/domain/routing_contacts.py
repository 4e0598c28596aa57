"""R-ROUTE: a contact as the routing sees it, and what the log tells of it."""

from __future__ import annotations

from typing import NamedTuple

from console.models.domain.attributes import unpack
from console.models.domain.contacts import IN_PROGRESS, LIVE_CHANNELS, ComplaintTier, Priority, Status, Tier
from console.models.domain.routing import Orders, Rule, Traits
from console.models.domain.routing_people import Told


class Happening(NamedTuple):
    """One event of the log with its words. ``at`` is the logical time: the latest instant that the log had told of when
    the event came in, so that it never goes back (microseconds). ``own`` says that the console itself wrote it,
    ``text`` is a queue's name, ``told`` what a log-in or the console's routing says beside."""

    at: int
    seq: int
    kind: int
    subject: int
    value: int = 0
    actor: int = 0
    role: int = 0
    own: bool = False
    text: str = ""
    customer: str = ""
    told: Told | Orders | None = None


_AT_WORK = (Status.UNKNOWN, Status.NEW, Status.OPEN)
_BORN_WITH = ("channel", "type", "tier", "priority", "language", "complaint")


class Card:
    """One contact."""

    __slots__ = (
        "asked",
        "channel",
        "complaint",
        "customer",
        "due",
        "excluded",
        "former",
        "held_by",
        "is_born",
        "is_suggested",
        "is_taken_back",
        "key",
        "kind",
        "language",
        "matching",
        "owner",
        "priority",
        "queue",
        "since",
        "stamp",
        "status",
        "ticket",
        "tier",
        "type",
        "waits",
    )

    def __init__(self, ticket: int) -> None:
        self.ticket = ticket
        self.channel = self.type = self.tier = self.language = self.complaint = self.priority = 0
        self.queue = self.customer = ""
        self.status = int(Status.UNKNOWN)
        self.is_born = self.waits = False
        self.owner = self.asked = self.held_by = self.former = 0
        """Agents: whose it is, who is to get it, whose place it takes, and who had the customer before."""
        self.is_suggested = self.is_taken_back = False
        self.since = self.due = 0
        """Since when nobody has it, and from when on it is handed out."""
        self.excluded: dict[int, int] = {}
        """Agents who could not be given it, and until when they are not tried again."""
        self.stamp = 0
        """Which time it stands in the line: timers of an earlier time mean nothing."""
        self.key: tuple[int, int, int, int] | None = None
        """Its place in the line, None while it is not in it."""
        self.kind = 0
        """A number for all contacts that rules and skills make no difference between."""
        self.matching: tuple[Rule, ...] = ()

    def be_born(self, happening: Happening) -> None:
        """Take what the contact came with; what came before it stays."""
        told = unpack(happening.value)
        for name in _BORN_WITH:
            setattr(self, name, told[name] or getattr(self, name))
        self.status = told["status"] or self.status or int(Status.NEW)
        self.queue = happening.text or self.queue
        self.customer = happening.customer
        self.is_born = True

    @property
    def is_over(self) -> bool:
        """Whether nobody has to do anything any more."""
        return self.status not in IN_PROGRESS

    @property
    def is_at_work(self) -> bool:
        """Whether it keeps its owner busy: not while it waits for the customer or for a colleague."""
        return self.status in _AT_WORK or (self.waits and not self.is_over)

    @property
    def traits(self) -> Traits:
        """What rules ask of it."""
        return Traits(self.type, self.tier, self.language, self.channel, self.complaint, self.queue)

    def place_in_line(self) -> tuple[int, int, int, int]:
        """What is pressing first, then who waits at the other end of the line, then who waits longest."""
        pressing = (
            self.is_taken_back
            or self.priority >= Priority.HIGH
            or self.tier == Tier.VIP
            or self.complaint >= ComplaintTier.MEDIUM
        )
        return (0 if pressing else 1, 0 if self.channel in LIVE_CHANNELS else 1, self.since, self.ticket)
