"""A conversation on the telephone: it rings, they talk, somebody hangs up, and some are called back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import SECOND
from console.connectors.demo.contact import Contact
from console.models.domain.contacts import Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day


class Calls:
    """The life of a call."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.voice = day.voice
        self.figures = day.behaviour
        self.random = day.kernel.random
        self.expo = day.kernel.rng.expovariate

    def ring(self, t: Contact) -> None:
        """It rings at the agent's seat."""
        a = t.agent
        assert a is not None
        self.voice.say(t, Kind.OFFERED, a.name)
        self.kernel.after(3.0 + 5.0 * self.random(), self._pick_up, t)

    def _pick_up(self, t: Contact) -> None:
        a = t.agent
        assert a is not None
        t.gen += 1
        t.connected = True
        self.voice.say(t, Kind.CONNECTED, a.name)
        self.voice.status(t, Status.OPEN, a.name)
        self.voice.agent(t, a, "phone")
        t.answered = True
        self.day.classify(t, a.name)
        talk = 25.0 + self.kernel.rng.lognormvariate(0.0, 0.55) * self.figures.talk * 0.85 * self.day.effort[t.group]
        t.active += int(talk * SECOND)
        if self.random() < self.figures.held:
            self.kernel.after(talk * 0.4, self._hold, t)
        self.kernel.after(talk, self._hang_up, t)

    def _hold(self, t: Contact) -> None:
        assert t.agent is not None
        self.voice.say(t, Kind.HELD, t.agent.name)

    def _hang_up(self, t: Contact) -> None:
        a = t.agent
        assert a is not None
        wrap = 12.0 + self.expo(1.0 / 22.0)
        if self.day.cases.is_case(t):
            self.day.cases.take(t)
        elif t.promised or self.random() > 0.12:
            t.gen += 1
            self.voice.status(t, Status.RESOLVED, a.name)
            self.voice.say(t, Kind.ENDED, a.name, value=t.active + int(wrap * SECOND))
            self.day.floor.give_place(t, wrap)
            self.day.aftermath(t)
        else:
            self._promise(t, wrap)

    def _promise(self, t: Contact, wrap: float) -> None:
        """The agent has to ask somebody and will call back."""
        a = t.agent
        assert a is not None
        minutes = 30 + 30 * int(self.random() * 4)
        self.voice.note(t, a, "note")
        t.promised = self.kernel.now + minutes * 60 * SECOND
        self.voice.say(t, Kind.PROMISE_MADE, a.name, value=t.promised)
        self.voice.status(t, Status.PENDING_INTERNAL, a.name)
        self.day.floor.give_place(t, wrap)
        late = self.random() < self.figures.promise_broken
        self.kernel.after(minutes * 60.0 * (1.1 + self.random() if late else 0.4 + 0.5 * self.random()),
                          self.day.chats.wake, t)  # fmt: skip

    def call_back(self, t: Contact) -> None:
        """The agent calls the customer."""
        a = t.agent
        assert a is not None
        self.voice.agent(t, a, "phone_back")
        talk = 20.0 + self.expo(1.0 / (self.figures.talk * 0.5))
        t.active += int(talk * SECOND)
        self.kernel.after(talk, self._hang_up, t)
