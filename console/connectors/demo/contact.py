"""A contact of the demonstration centre while it lives, and the agent who works on it."""

from __future__ import annotations

from collections import deque
from enum import Enum

from console.connectors.demo.kernel import Thing
from console.connectors.demo.people import Duty
from console.models.domain.contacts import (
    AgentState,
    Channel,
    ComplaintTier,
    Emotion,
    Group,
    InquiryType,
    Language,
    Priority,
    Status,
    Tier,
)


class Mode(Enum):
    """How a contact is worked: side by side with others, one at a time on the line, or from a pile."""

    CHAT = 1
    CALL = 2
    DESK = 3


FINAL = frozenset({Status.RESOLVED, Status.CLOSED, Status.SPAM, Status.DELETED})


class Contact(Thing):
    """One ticket."""

    __slots__ = (
        "active",
        "agent",
        "amount",
        "answered",
        "approval",
        "bounces",
        "broken",
        "cause",
        "channel",
        "complaint",
        "connected",
        "customer",
        "emotion",
        "favourite",
        "group",
        "known",
        "language",
        "mode",
        "number",
        "order",
        "owners",
        "priority",
        "product",
        "promised",
        "queue",
        "queued",
        "ref",
        "said",
        "settle",
        "skill",
        "slot",
        "status",
        "step",
        "tier",
        "turns",
        "type",
        "waiting",
    )

    def __init__(self, ref: str, number: int) -> None:
        super().__init__()
        self.ref = ref
        self.number = number
        self.channel = Channel.WEB_CHAT
        self.type = InquiryType.UNCLASSIFIED
        self.known = True
        """Whether the helpdesk knows the type; ``type`` is always the true one."""
        self.group = Group.OTHER
        self.tier = Tier.EXISTING
        self.language = Language.ZH
        self.priority = Priority.NORMAL
        self.emotion = Emotion.UNKNOWN
        self.complaint = ComplaintTier.NONE
        self.status = Status.NEW
        self.mode = Mode.CHAT
        self.customer = 0
        self.order = ""
        self.product = 0
        self.amount = 0
        self.cause = ""
        self.approval = False
        """Waits for somebody to agree to what the compensation costs."""
        self.skill = "general"
        """The queue that the contact really needs."""
        self.queue = "general"
        """The queue that it is in."""
        self.favourite = 0.0
        """Above 0 when the customer wants the agent they had before; who that is depends on the number."""
        self.agent: Agent | None = None
        self.owners: list[str] = []
        self.slot = False
        self.queued = False
        self.waiting = False
        """The customer has written and nobody has answered yet."""
        self.answered = False
        self.connected = False
        self.broken = False
        self.promised = 0
        self.turns = 0
        self.step = 0
        self.said = 0
        """Messages so far, so that each one picks another text."""
        self.active = 0
        """Handling so far, in microseconds."""
        self.settle = 0
        """When a complaint that became a case will be settled; 0 for all others."""
        self.bounces = 0
        """Transfers so far."""

    @property
    def final(self) -> bool:
        """Nobody has to do anything any more, unless the customer writes again."""
        return self.status in FINAL


class Agent(Thing):
    """A person at work today. ``open`` says that the routing may give them contacts."""

    __slots__ = (
        "away",
        "back",
        "duty",
        "ending",
        "gone",
        "held",
        "helps",
        "leaving",
        "load",
        "name",
        "open",
        "own",
        "pace",
        "pause",
        "person",
        "pile",
        "room",
        "seated",
        "serves",
        "shown",
        "unplanned",
        "working",
        "wrapping",
    )

    def __init__(self, duty: Duty) -> None:
        super().__init__()
        self.duty = duty
        self.person = duty.person
        self.name = duty.person.name
        self.pace = duty.person.pace
        self.room = duty.person.concurrency
        self.serves = duty.person.serves
        """The keys of the queues that are theirs today; the directory's until a supervisor changes them."""
        self.helps = duty.person.helps
        self.load = 0
        self.open = False
        self.seated = False
        """Logged in and not away from the seat."""
        self.ending = False
        """The shift is over; what is at hand is brought to its end."""
        self.gone = False
        """Logged out for the day."""
        self.wrapping = False
        self.leaving = False
        """Wants a break and finishes what is at hand first."""
        self.away = AgentState.BREAK
        """What the agent does while not seated."""
        self.back = 0
        """When a break ends."""
        self.unplanned = False
        """On a break that was asked for or ordered: the next of the day's pauses is planned still."""
        self.pause = 0
        """Which of the day's pauses comes next."""
        self.own: deque[Contact] = deque()
        """Contacts that this agent has to take up again as soon as there is room."""
        self.held: deque[Contact] = deque()
        """Customers who wait for this agent although others are free."""
        self.pile: deque[Contact] = deque()
        """E-mails and left messages to be worked one by one."""
        self.working = False
        self.shown = AgentState.OFFLINE

    def free(self) -> bool:
        """Whether the routing may give this agent another contact."""
        return self.open and self.load < self.room
