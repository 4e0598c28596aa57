"""Who gets the next contact: queues, a fixed order of asking, returning customers, and what happens when all are full.

The order of asking is the habit that skews the centre: the routing asks the experienced first and then goes down the
same list every time, so that the people at its top are never without work while those at its end wait for the rush.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from console.connectors.demo.contact import Agent, Contact, Mode
from console.models.domain.contacts import Language, Priority
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day


class Queue:
    """Contacts that wait for an agent, and the agents who serve them: first their own, then those who help out."""

    def __init__(self, key: str, agents: list[Agent]) -> None:
        self.key = key
        self.urgent: deque[Contact] = deque()
        self.normal: deque[Contact] = deque()
        self.staff(agents)

    def staff(self, agents: list[Agent]) -> None:
        """Who serves it now, of all agents in routing order."""
        own = [a for a in agents if self.key in a.serves]
        self.first = [a for a in own if a.person.seniority == "senior"]
        self.rest = [a for a in own if a.person.seniority != "senior"]
        self.own = self.first + self.rest
        self.helpers = [a for a in agents if self.key in a.helps]

    def put(self, t: Contact) -> None:
        """The contact begins to wait; urgent and high ones before the others."""
        (self.urgent if t.priority >= Priority.HIGH else self.normal).append(t)

    def head(self) -> Contact | None:
        """Who is next; forgets those who no longer wait here."""
        for line in (self.urgent, self.normal):
            while line:
                t = line[0]
                if t.queued and t.queue == self.key:
                    return t
                line.popleft()
        return None


class Routing:
    """Gives contacts to agents."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.figures = day.behaviour
        self.agents = [a for a in day.floor.agents if not a.person.supervisor]
        self.queues = {key: Queue(key, self.agents) for key in day.queues}

    def set_queues(self, a: Agent, keys: tuple[str, ...]) -> None:
        """These queues are the agent's from now on; what is at hand is brought to its end."""
        a.serves = keys
        a.helps = tuple(key for key in a.helps if key not in keys)
        for queue in self.queues.values():
            queue.staff(self.agents)

    def offer(self, t: Contact) -> None:
        """Find an agent for a contact, or let it wait."""
        if t.mode is Mode.DESK:
            self.day.desk.place(t)
            return
        if t.favourite and self._to_owner(t):
            return
        a = self.pick(self.queues[t.queue], t)
        if a is None:
            self._enqueue(t)
        else:
            self.give(t, a)

    def _to_owner(self, t: Contact) -> bool:
        """A returning customer asks for the agent they had before, and may wait for them."""
        own = [a for a in self.queues[t.queue].own if a.open]
        if not own:
            return False
        a = own[int(t.favourite**3.5 * len(own))]
        t.favourite = 0.0
        if a.free():
            self.give(t, a)
            return True
        a.held.append(t)
        t.queued = True
        self.kernel.after(self.figures.owner_wait * (0.4 + self.kernel.random()), self._give_up_owner, t)
        return True

    def _give_up_owner(self, t: Contact) -> None:
        if t.queued and t.agent is None:
            t.queued = False
            self.offer(t)

    def release_held(self, a: Agent) -> None:
        """The agent leaves the seat: whoever waited for them alone is offered to the others."""
        while a.held:
            t = a.held.popleft()
            if t.queued and t.agent is None:
                t.queued = False
                self.kernel.after(1.0 + 3.0 * self.kernel.random(), self._offer_again, t)

    def _offer_again(self, t: Contact) -> None:
        if t.agent is None and not t.queued and not t.final:
            self.offer(t)

    def pick(self, queue: Queue, t: Contact, spare: bool = False) -> Agent | None:
        """The agent who should get this contact now; ``spare`` asks other teams too. None when everyone is full."""
        if self.kernel.random() < self.figures.habit:
            for a in (*queue.first, *queue.rest):
                if a.open and a.load < a.room:
                    if self.kernel.random() >= self.figures.declined:
                        return a
                    self._decline(t, a)
        best = self._least_loaded(queue.own, t)
        if best is None and (spare or not any(a.seated for a in queue.own)):
            best = self._least_loaded(queue.helpers, t)
        return best

    def _decline(self, t: Contact, a: Agent) -> None:
        """An agent lets a contact pass: too much work in it."""
        self.day.voice.say(t, Kind.OFFERED, a.name)
        self.day.voice.say(t, Kind.OFFER_MISSED, a.name)

    @staticmethod
    def _least_loaded(agents: list[Agent], t: Contact) -> Agent | None:
        best, least = None, 1.0
        english = t.language is Language.EN and t.queue == "english"
        for a in agents:
            if a.open and a.load < least * a.room and (not english or "en" in a.person.languages):
                best, least = a, a.load / a.room
        return best

    def give(self, t: Contact, a: Agent) -> None:
        """The agent gets the contact at once."""
        t.queued = False
        self.day.voice.assigned(t, a.name)
        self.hand_to(t, a)

    def hand_to(self, t: Contact, a: Agent) -> None:
        """The contact takes a place with its new owner, and work goes on."""
        t.agent = a
        t.owners.append(a.name)
        self.day.floor.take_place(t, a)
        if t.mode is Mode.CALL:
            self.day.calls.ring(t)
        else:
            self.day.chats.connect(t)
        self.day.floor.show(a)

    def _enqueue(self, t: Contact) -> None:
        t.queued = True
        self.queues[t.queue].put(t)
        self.day.voice.say(t, Kind.QUEUED)
        random = self.kernel.random
        self.kernel.after(self.figures.overflow_after * (0.8 + 0.4 * random()), self._overflow, t)
        self.day.chats.grow_impatient(t)

    def _overflow(self, t: Contact) -> None:
        """Nobody of the own team was free for a while: ask the others."""
        if not t.queued:
            return
        a = self.pick(self.queues[t.queue], t, spare=True)
        if a is not None:
            self.give(t, a)

    def fill(self, a: Agent) -> None:
        """Give an agent with room what waits: own contacts first, then customers who asked for them, then the queue."""
        while a.own and a.load < a.room and a.seated:
            t = a.own.popleft()
            if t.agent is a and not t.final and not t.slot:
                self.day.chats.resume(t)
        while a.held and a.free():
            t = a.held.popleft()
            if t.queued and t.agent is None:
                self.give(t, a)
        if a.person.supervisor:
            return
        while a.free():
            waiting = self._next_for(a)
            if waiting is None:
                break
            self.give(waiting, a)
        if a.open:
            self.day.desk.fill(a)

    def _next_for(self, a: Agent) -> Contact | None:
        for key in a.serves:
            t = self.queues[key].head()
            if t is not None and t.mode is not Mode.DESK:
                return t
        return None

    def hand_back(self, t: Contact) -> None:
        """The owner cannot go on: the contact has none and is offered again."""
        self.day.floor.give_place(t)
        t.gen += 1
        t.agent = None
        t.connected = False
        self.day.voice.say(t, Kind.UNASSIGNED)
        self.offer(t)
