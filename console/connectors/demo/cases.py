"""Complaints that cannot be settled on the spot: acknowledged, planned, reported on, offered, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import SECOND
from console.connectors.demo.contact import Agent, Contact
from console.models.domain.contacts import ComplaintTier, Priority, Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day

HOURS_TO_SETTLE = {
    ComplaintTier.LOW: (0.4, 7.0),
    ComplaintTier.MEDIUM: (1.0, 12.0),
    ComplaintTier.HIGH: (0.8, 3.0),
}
"""Least, and the mean of what comes on top."""


class Cases:
    """The life of a complaint after its first answer (R-CMP-PLAN)."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.voice = day.voice
        self.random = day.kernel.random
        self.expo = day.kernel.rng.expovariate

    def is_case(self, t: Contact) -> bool:
        """Whether this complaint needs more than a conversation."""
        return bool(t.complaint) and (t.complaint > ComplaintTier.LOW or t.number % 3 != 0)

    def take(self, t: Contact) -> None:
        """Promise a plan, put the contact among the pending ones and find its owner."""
        a = self.day.chats.owner(t, self.take)
        if a is None:
            return
        t.gen += 1
        t.promised = self.kernel.now + 30 * 60 * SECOND
        self.voice.agent(t, a, "case", 30)
        self.voice.say(t, Kind.PROMISE_MADE, a.name, value=t.promised)
        self.voice.note(t, a, "note_case")
        if t.complaint > ComplaintTier.LOW:
            self.voice.approval(t, True, a.name)
        self.voice.status(t, Status.PENDING_INTERNAL, a.name)
        self.day.floor.give_place(t)
        if t.complaint is ComplaintTier.HIGH:
            self._to_supervisor(t, a)
        least, more = HOURS_TO_SETTLE[t.complaint]
        settle = (least + self.expo(1.0 / more)) * 3_600.0
        t.settle = self.kernel.now + int(settle * SECOND)
        plan = (8.0 + self.expo(1.0 / 11.0)) * 60.0
        self.kernel.after(min(plan, settle * 0.8), self._plan, t)

    def _to_supervisor(self, t: Contact, a: Agent) -> None:
        if t.priority is not Priority.URGENT:
            t.priority = Priority.URGENT
            self.voice.say(t, Kind.PRIORITY_CHANGED, a.name, value=t.priority)
        leaders = [b for b in self.day.floor.agents if b.person.supervisor and b.seated]
        if leaders:
            b = leaders[t.number % len(leaders)]
            self.voice.say(t, Kind.TRANSFERRED, a.name, name=b.name)
            self._own(t, b, a.name)

    def _own(self, t: Contact, a: Agent, actor: str = "") -> None:
        t.agent = a
        t.owners.append(a.name)
        self.voice.assigned(t, a.name, actor)

    def _worker(self, t: Contact) -> Agent | None:
        """The owner when at work, else a colleague who takes over; None when nobody is there for complaints."""
        if t.agent is not None and t.agent.seated:
            return t.agent
        colleagues = [a for a in self.day.routing.queues["complaints"].own if a.seated]
        if not colleagues:
            return None
        self._own(t, colleagues[0])
        return colleagues[0]

    def _plan(self, t: Contact) -> None:
        """The plan is proposed; whoever had to agree to its cost has done so."""
        self.voice.approval(t, False)
        self._report(t, "plan")

    def _progress(self, t: Contact) -> None:
        self._report(t, "progress")

    def _report(self, t: Contact, scene: str) -> None:
        a = self._worker(t)
        if a is not None:
            self.voice.agent(t, a, scene)
            t.active += int((30.0 + self.expo(1.0 / 60.0)) * SECOND)
        step = (5_400.0 + self.expo(1.0 / 1_500.0)) * SECOND
        if self.kernel.now + step < t.settle:
            self.kernel.at(self.kernel.now + int(step), self._progress, t)
        else:
            self.kernel.at(t.settle, self._settle, t)

    def _settle(self, t: Contact) -> None:
        a = self._worker(t)
        if a is None:
            self.kernel.after(1_800.0, self._settle, t)
            return
        t.gen += 1
        t.active += int((60.0 + self.expo(1.0 / 150.0)) * SECOND)
        self.voice.agent(t, a, f"offer.{t.complaint.key}")
        self.voice.status(t, Status.RESOLVED, a.name)
        self.voice.say(t, Kind.ENDED, a.name, value=t.active)
        self.day.aftermath(t)
