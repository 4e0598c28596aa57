"""What a day leaves open at midnight, finished by appointment: no queues and no seats any more, only what is due when.

A tail is small and can be handed from one process to another.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from console.connectors.demo.appointments import Planner, Step
from console.connectors.demo.asked import unknown
from console.connectors.demo.contact import FINAL, Contact
from console.connectors.demo.kernel import KEYS_PER_DAY, Kernel, Thing
from console.connectors.demo.later import carry_out_later
from console.connectors.demo.people import Duty
from console.connectors.demo.voice import Voice
from console.models.domain.commands import Command, Result
from console.models.domain.contacts import AgentState, Role, Status
from console.models.domain.events import Event, Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day


class Appointments(Thing):
    """An open contact with its owner's name and what will become of it."""

    def __init__(self, contact: Contact, owner: str) -> None:
        super().__init__()
        self.contact = contact
        self.owner = owner
        self.steps: list[Step] = []


class Leaving(Thing):
    """An agent who still has to go home."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Tail:
    """The open contacts of a past day and their remaining events."""

    def __init__(self, kernel: Kernel, voice: Voice, people: list[str]) -> None:
        self.kernel = kernel
        self.voice = voice
        self.people = people
        """Who works on the next day, in routing order."""
        self.open: dict[str, Appointments] = {}

    @property
    def ordinal(self) -> int:
        """Which day this is the tail of."""
        return self.kernel.base // KEYS_PER_DAY

    def has(self, ticket: str) -> bool:
        """Whether this ticket is still open here."""
        return ticket in self.open

    def apply(self, command: Command) -> tuple[Result, list[Event]]:
        """Carry out a supervisor's command now: the answer, and the events that read it back."""
        item = self.open.get(command.ticket)
        if item is None:
            return unknown(command), []
        return carry_out_later(self, item, command), self.kernel.take()

    def advance(self, until: int) -> list[Event]:
        """Everything that happens up to and including this instant."""
        self.kernel.run(until)
        return self.kernel.take()

    def next_at(self) -> int | None:
        """When something happens next; None when nothing is left."""
        return self.kernel.next_at()

    def add(self, item: Appointments) -> None:
        """Take over an open contact."""
        self.open[item.contact.ref] = item
        self.schedule(item)

    def schedule(self, item: Appointments) -> None:
        """Plan the first of the contact's steps; plans made before are void."""
        item.gen += 1
        if item.steps:
            self.kernel.at(item.steps[0][0], self._step, item)

    def leave(self, name: str, at: int) -> None:
        """An agent goes home."""
        self.kernel.at(at, self._log_out, Leaving(name))

    def _log_out(self, who: Leaving) -> None:
        self.kernel.emit(Kind.AGENT_STATE, who.name, who.name, Role.AGENT, AgentState.OFFLINE)
        self.kernel.emit(Kind.AGENT_LOGOUT, who.name, who.name, Role.AGENT)

    def _step(self, item: Appointments) -> None:
        _, action, word = item.steps.pop(0)
        self.ACTIONS[action](self, item, word)
        if item.steps:
            self.kernel.at(item.steps[0][0], self._step, item)

    # -- the steps

    def _assign(self, item: Appointments, name: str | int) -> None:
        if item.owner != name:
            item.owner = str(name)
            self.voice.assigned(item.contact, item.owner)

    def _connect(self, item: Appointments, _word: str | int) -> None:
        self.voice.say(item.contact, Kind.CONNECTED, item.owner)

    def _reply(self, item: Appointments, scene: str | int) -> None:
        t = item.contact
        if t.status is not Status.PENDING_INTERNAL or not t.settle:
            self.voice.status(t, Status.OPEN, item.owner)
        t.answered = True
        if not t.known:
            t.known = True
            self.kernel.emit(Kind.TYPE_CHANGED, t.ref, item.owner, Role.AGENT, int(t.type))
        self.voice.agent(t, item.owner, str(scene))

    def _decide(self, item: Appointments, _word: str | int) -> None:
        self.voice.approval(item.contact, False)

    def _write(self, item: Appointments, scene: str | int) -> None:
        self.voice.customer(item.contact, str(scene))

    def _resolve(self, item: Appointments, active: str | int) -> None:
        t = item.contact
        t.waiting = False
        self.voice.status(t, Status.RESOLVED, item.owner)
        self.voice.say(t, Kind.ENDED, item.owner, value=int(active))

    def _give_up(self, item: Appointments, active: str | int) -> None:
        self.voice.status(item.contact, Status.RESOLVED)
        self.voice.say(item.contact, Kind.ENDED, value=int(active))

    def _score(self, item: Appointments, score: str | int) -> None:
        self.kernel.emit(Kind.CSAT, item.contact.ref, "", Role.CUSTOMER, int(score))

    def _close(self, item: Appointments, _word: str | int) -> None:
        self.voice.status(item.contact, Status.CLOSED)
        self.open.pop(item.contact.ref, None)

    ACTIONS: ClassVar[dict[str, Callable[[Tail, Appointments, str | int], None]]] = {
        "assign": _assign,
        "connect": _connect,
        "reply": _reply,
        "decide": _decide,
        "write": _write,
        "resolve": _resolve,
        "give_up": _give_up,
        "score": _score,
        "close": _close,
    }


def wind_up(day: Day, tomorrow: list[Duty]) -> Tail:
    """The tail of a day whose midnight has come, with tomorrow's people to finish it."""
    rng = random.Random(f"tail {day.site.seed} {day.local.date}")
    kernel = Kernel(day.local.date.toordinal(), day.local.end, rng, day.kernel.bodies)
    kernel.counter = day.kernel.counter
    tail = Tail(kernel, Voice(kernel, day.queues, day.local), [duty.person.name for duty in tomorrow])
    for agent in day.floor.agents:
        if agent.shown is not AgentState.OFFLINE and not agent.gone:
            tail.leave(agent.name, day.local.end + int((240.0 + 1_200.0 * rng.random()) * 1e6))
    planned: dict[str, list[Step]] = {}
    for at, _, call, thing, gen in sorted(day.kernel.heap, key=lambda plan: plan[:2]):
        if isinstance(thing, Contact) and thing.gen == gen and thing.status in FINAL:
            if call == day.close:
                planned.setdefault(thing.ref, []).append((at, "close", 0))
            elif call == day.give_score:
                planned.setdefault(thing.ref, []).append((at, "score", day.score(thing)))
    planner = Planner(day.local, tomorrow, rng)
    for contact in day.contacts.values():
        item = Appointments(contact, contact.agent.name if contact.agent else "")
        item.steps = planned.get(contact.ref) or planner.steps(contact, item.owner)
        contact.agent = None
        tail.add(item)
    return tail
