"""Letters: e-mails and messages that were left behind, worked one by one from each agent's own pile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import SECOND
from console.connectors.demo.contact import Agent, Contact
from console.models.domain.contacts import Priority, Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day

PILE = 12
"""As many as one agent is given at once."""
FIRST_SHARE = 8
"""As many as an agent takes on sitting down."""


class Desk:
    """The life of a letter."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.voice = day.voice
        self.figures = day.behaviour
        self.random = day.kernel.random
        self.expo = day.kernel.rng.expovariate

    def place(self, t: Contact) -> None:
        """Put a letter on somebody's pile, or into the queue."""
        a = self._owner()
        if a is None:
            t.queued = True
            self.day.routing.queues[t.queue].put(t)
        else:
            self.give(t, a)

    def _owner(self) -> Agent | None:
        own = [a for a in self.day.routing.queues["desk"].own if a.open and len(a.pile) < PILE]
        if not own:
            return None
        if self.random() < self.figures.habit:
            return own[0]
        return min(own, key=lambda a: len(a.pile))

    def give(self, t: Contact, a: Agent) -> None:
        """The letter becomes this agent's."""
        t.queued = False
        t.agent = a
        t.owners.append(a.name)
        self.voice.assigned(t, a.name)
        self.pile_up(t)

    def pile_up(self, t: Contact) -> None:
        """Onto the owner's pile, urgent ones on top."""
        a = t.agent
        assert a is not None
        if t.priority >= Priority.HIGH:
            a.pile.appendleft(t)
        else:
            a.pile.append(t)
        self.work(a)

    def fill(self, a: Agent) -> None:
        """An agent with an open seat takes letters from the queue."""
        if "desk" in a.serves:
            queue = self.day.routing.queues["desk"]
            while len(a.pile) < FIRST_SHARE:
                t = queue.head()
                if t is None:
                    break
                self.give(t, a)
        if a.pile:
            self.work(a)

    def work(self, a: Agent) -> None:
        """Begin with the next letter when the agent has time."""
        while a.pile and a.open and not a.working and not a.load:
            t = a.pile.popleft()
            if t.agent is not a or t.final:
                continue
            a.working = True
            if self.random() < 0.5:
                self.voice.say(t, Kind.READ, a.name)
            mean = self.figures.desk * a.pace * self.day.effort[t.group]
            seconds = 25.0 + self.kernel.rng.lognormvariate(0.0, 0.6) * 0.75 * mean
            t.active += int(seconds * SECOND)
            t.gen += 1
            self.kernel.after(seconds, self._finish, t)
            self.kernel.after(seconds, self._next, a)
            self.day.floor.show(a)

    def _next(self, a: Agent) -> None:
        a.working = False
        self.day.floor.refresh(a)

    def _finish(self, t: Contact) -> None:
        a = t.agent
        # Somebody took the letter away meanwhile, or the agent has left.
        if a is None or a.gone:
            return
        t.gen += 1
        first = not t.answered
        t.answered = True
        self.voice.status(t, Status.OPEN, a.name)
        self.day.classify(t, a.name)
        if self.day.cases.is_case(t) and first:
            self.voice.agent(t, a, "apology")
            self.day.cases.take(t)
            return
        lot = self.random()
        if lot < 0.62 or t.step >= 2:
            self.voice.agent(t, a, f"letter.{t.group.key}")
            self.voice.status(t, Status.RESOLVED, a.name)
            self.voice.say(t, Kind.ENDED, a.name, value=t.active)
            self.day.aftermath(t)
            return
        t.step += 1
        if lot < 0.85:
            self.voice.agent(t, a, f"ask.{t.group.key}")
            self.voice.status(t, Status.PENDING_CUSTOMER, a.name)
            back = self.random() >= self.figures.never_back
            self.kernel.after(900.0 + self.expo(1.0 / 9_000.0), self._come_back if back else self.day.give_up, t)
        else:
            self.voice.agent(t, a, "progress")
            self.voice.note(t, a, "note")
            self.voice.status(t, Status.PENDING_INTERNAL, a.name)
            self.kernel.after(2_400.0 + self.expo(1.0 / 7_200.0), self.day.chats.wake, t)

    def _come_back(self, t: Contact) -> None:
        self.voice.customer(t, f"back.{t.group.key}")
        self.day.chats.wake(t)
