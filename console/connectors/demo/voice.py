"""What the source says of a contact: its birth, its messages and its changes, written as events."""

from __future__ import annotations

from console.connectors.demo.contact import Agent, Contact
from console.connectors.demo.kernel import Kernel
from console.connectors.demo.localday import LocalDay
from console.connectors.demo.texts import customer_name, texts
from console.models.domain import attributes
from console.models.domain.contacts import InquiryType, Language, Role, Status
from console.models.domain.events import Kind

APPROVAL = "待审批 approval pending"
"""The tag of a complaint whose compensation is above the agent's limit, until somebody has decided."""


class Voice:
    """Writes events about contacts; the only place that knows how the source words things."""

    def __init__(self, kernel: Kernel, queues: dict[str, str], day: LocalDay) -> None:
        self.kernel = kernel
        self.queues = queues
        self.day = day

    def created(self, t: Contact) -> None:
        """The contact comes into being."""
        kind = t.type if t.known else InquiryType.UNCLASSIFIED
        packed = attributes.pack(
            channel=t.channel,
            type=kind,
            tier=t.tier,
            priority=t.priority,
            language=t.language,
            status=t.status,
            emotion=t.emotion,
        )
        subjects = texts(t.language).subjects["unclassified" if not t.known else t.type.key]
        subject = self.fill(t, subjects[t.number % len(subjects)])
        detail: dict[str, object] = {
            "subject": subject,
            "customer": customer_name(t.language, t.customer),
            "customer_id": f"C{t.customer:06d}",
            "order": t.order,
            "amount": t.amount,
        }
        role = Role.CUSTOMER
        self.kernel.emit(Kind.CREATED, t.ref, "", role, packed, self.queues[t.queue], detail=detail)
        if t.complaint:
            self.complaint(t)

    def complaint(self, t: Contact) -> None:
        """The contact is marked as a complaint."""
        detail = {"amount": t.amount, "cause": t.cause}
        self.kernel.emit(Kind.COMPLAINT, t.ref, "", Role.SYSTEM, int(t.complaint), detail=detail)

    def customer(self, t: Contact, scene: str) -> None:
        """The customer writes."""
        t.waiting = True
        self.kernel.emit(Kind.CUSTOMER_MESSAGE, t.ref, "", Role.CUSTOMER, body=self.text(t, scene))

    def agent(self, t: Contact, agent: Agent | str, scene: str, minutes: int = 10) -> None:
        """An agent writes to the customer."""
        t.waiting = False
        name = agent if isinstance(agent, str) else agent.name
        self.kernel.emit(Kind.PUBLIC_REPLY, t.ref, name, Role.AGENT, body=self.text(t, scene, minutes, name))

    def note(self, t: Contact, agent: Agent, scene: str) -> None:
        """An agent writes a note that the customer does not see."""
        self.kernel.emit(Kind.PRIVATE_NOTE, t.ref, agent.name, Role.AGENT, body=self.text(t, scene, 10, agent.name))

    def status(self, t: Contact, status: Status, actor: str = "") -> None:
        """The contact's status changes; nothing is said when it is the same."""
        if t.status is status:
            return
        t.status = status
        role = Role.AGENT if actor else Role.SYSTEM
        self.kernel.emit(Kind.STATUS_CHANGED, t.ref, actor, role, int(status))

    def assigned(self, t: Contact, name: str, actor: str = "") -> None:
        """The contact gets an owner."""
        role = Role.AGENT if actor else Role.SYSTEM
        self.kernel.emit(Kind.ASSIGNED, t.ref, actor, role, name=name)

    def queue(self, t: Contact, key: str, actor: str = "") -> None:
        """The contact goes into another queue; nothing is said when it is the same."""
        if t.queue == key:
            return
        t.queue = key
        role = Role.AGENT if actor else Role.BOT
        self.kernel.emit(Kind.QUEUE_CHANGED, t.ref, actor, role, name=self.queues[key])

    def say(self, t: Contact, kind: Kind, agent: str = "", value: int = 0, name: str = "") -> None:
        """Anything else that an agent, or without one the system, does to a contact."""
        self.kernel.emit(kind, t.ref, agent, Role.AGENT if agent else Role.SYSTEM, value, name)

    def approval(self, t: Contact, pending: bool, actor: str = "") -> None:
        """A decision on the costs is asked for, or has been made; nothing is said when it is so already."""
        if t.approval is not pending:
            t.approval = pending
            self.say(t, Kind.TAG_ADDED if pending else Kind.TAG_REMOVED, actor, name=APPROVAL)

    @staticmethod
    def answer(t: Contact) -> str:
        """The scene of an agent's answer: for the contact's type where there is one, else for its group."""
        scene = f"answer.{t.type.key}"
        return scene if scene in texts(t.language).scenes else f"answer.{t.group.key}"

    def text(self, t: Contact, scene: str, minutes: int = 10, agent: str = "") -> str:
        """A message of this scene, another one each time; empty where bodies are not kept."""
        t.said += 1
        if not self.kernel.bodies:
            return ""
        return self.fill(t, texts(t.language).pick(scene, t.number * 7 + t.said * 3), minutes, agent)

    def fill(self, t: Contact, template: str, minutes: int = 10, agent: str = "") -> str:
        """The template with the contact's own words in the place of its variables."""
        if "{" not in template:
            return template
        words = texts(t.language).words
        pick = t.product
        chinese, _, latin = agent.partition(" ")
        date = self.day.date
        return template.format(
            customer=customer_name(t.language, t.customer),
            order=t.order,
            amount=t.amount,
            product=words.products[pick % len(words.products)],
            carrier=words.carriers[(pick >> 6) % len(words.carriers)],
            tracking=f"{'YT' if pick & 1 else 'AX'}{(pick * 7919) % 10**12:012d}",
            city=words.cities[(pick >> 10) % len(words.cities)],
            minutes=minutes,
            date=f"{date.month}月{date.day}日" if t.language is Language.ZH else f"{date:%d %b}",
            agent=chinese if t.language is Language.ZH or not latin else latin,
            code=f"SAVE{10 + pick % 40}",
        )
