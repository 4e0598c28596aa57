"""A conversation in writing: answers and questions in turn, with everything that may come between."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from console.clock import SECOND
from console.connectors.demo.contact import Agent, Contact, Mode
from console.models.domain.contacts import Channel, ComplaintTier, Emotion, Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day

SLOW = {Channel.SOCIAL: 2.6, Channel.SMS: 2.0, Channel.MARKETPLACE: 1.15, Channel.WHATSAPP: 1.4}
"""Factors on both sides' times where people write without haste."""
STAYS = frozenset({Channel.WEB_CHAT, Channel.APP_CHAT})
"""Where the customer has to stay to be answered, and leaves when that takes too long; elsewhere messages are kept."""
LONG_BREAK = 600 * SECOND
"""An owner who stays away longer than this is often not waited for."""
PROMISES = (5, 10, 10, 10, 15, 20, 30)


class Chats:
    """The life of a chat from its first answer to its end."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.kernel = day.kernel
        self.voice = day.voice
        self.figures = day.behaviour
        self.random = day.kernel.random
        self.expo = day.kernel.rng.expovariate

    def connect(self, t: Contact) -> None:
        """The agent sees the contact; the answer follows."""
        a = t.agent
        assert a is not None
        t.connected = True
        self.voice.say(t, Kind.CONNECTED, a.name)
        if t.answered:
            self.voice.status(t, Status.OPEN, a.name)
        else:
            t.turns = min(int(self.expo(1.0 / (self.figures.turns * self.day.effort[t.group]))), 6)
        self.expect_reply(t)

    def grow_impatient(self, t: Contact) -> None:
        """Nobody has answered yet: the customer may write again, and may give up."""
        if t.mode is Mode.CALL:
            self.kernel.after(20.0 + self.expo(1.0 / self.figures.phone_patience), self._abandon, t)
            return
        self._plan_nudge(t, self.figures.nudge_after)
        self._plan_abandoning(t)

    def _plan_abandoning(self, t: Contact) -> None:
        if t.channel in STAYS and not t.answered:
            self.kernel.after(60.0 + self.expo(1.0 / self.figures.chat_patience), self._abandon, t)

    def _plan_nudge(self, t: Contact, least: float) -> None:
        self.kernel.after(least + self.expo(1.0 / 60.0), self._nudge, t)

    def _nudge(self, t: Contact) -> None:
        """The customer is still waiting and says so."""
        if t.final or t.status is Status.PENDING_CUSTOMER:
            return
        angry = self.random() < self.figures.anger
        self.voice.customer(t, "nudge_angry" if angry else "nudge")
        if angry and t.emotion < Emotion.HIGH:
            t.emotion = Emotion(max(t.emotion + 1, Emotion.MEDIUM))
            self.voice.say(t, Kind.EMOTION_CHANGED, value=t.emotion)
        self._plan_nudge(t, 240.0 + self.expo(1.0 / 400.0))

    def _abandon(self, t: Contact) -> None:
        """The customer is gone before anybody answered."""
        if t.answered or t.final:
            return
        t.gen += 1
        t.queued = False
        self.voice.say(t, Kind.ABANDONED)
        self.voice.status(t, Status.CLOSED)
        self.day.floor.give_place(t)
        self.day.forget(t)

    def expect_reply(self, t: Contact) -> None:
        """Plan the agent's next message."""
        a = t.agent
        assert a is not None
        figures, lot = self.figures, self.random()
        mean = figures.typing * 0.8 + figures.attention * (a.load - 1)
        delay = a.pace * SLOW.get(t.channel, 1.0) * (figures.typing + self.expo(1.0 / mean))
        t.active += int(min(delay * 0.85, (11.0 + self.expo(1.0 / 16.0)) * self.day.effort[t.group]) * SECOND)
        if lot < figures.forgotten:
            delay = 1_500.0 + 3_600.0 * self.random()
        elif lot < figures.read_unanswered:
            delay *= 4.0 + 4.0 * self.random()
        if lot < 0.07:
            self.kernel.after(2.0 + 6.0 * self.random(), self._read, t)
        self.kernel.after(delay, self._reply, t)
        if delay > figures.nudge_after and t.waiting:
            self._plan_nudge(t, figures.nudge_after)
            self._plan_abandoning(t)

    def _read(self, t: Contact) -> None:
        if t.agent is not None and t.waiting:
            self.voice.say(t, Kind.READ, t.agent.name)

    def owner(self, t: Contact, again: Callable[[Contact], None]) -> Agent | None:
        """The contact's agent when at the seat. One on a break does it on coming back; one who is gone for the day
        does nothing more, and the floor hands the contact back when somebody notices."""
        a = t.agent
        assert a is not None
        if a.seated:
            return a
        if not a.gone:
            self.kernel.at(a.back + int((5.0 + 60.0 * self.random()) * SECOND), again, t)
        return None

    def _reply(self, t: Contact) -> None:
        a = self.owner(t, self._reply)
        if a is None:
            return
        t.gen += 1
        first = not t.answered
        if first:
            t.answered = True
            self.voice.status(t, Status.OPEN, a.name)
            self.day.classify(t, a.name)
        self.voice.agent(t, a, self._scene(t, first))
        self._go_on(t, first)

    def _scene(self, t: Contact, first: bool) -> str:
        if t.broken:
            t.broken = False
            return "broken"
        if first and t.complaint:
            return "apology"
        if first:
            return f"first.{t.group.key}"
        if t.bounces and t.step == 0:
            t.step = 1
            return "receive"
        return self.voice.answer(t)

    def _go_on(self, t: Contact, first: bool) -> None:
        """What comes after an answer."""
        figures, lot = self.figures, self.random()
        if first and self.day.cases.is_case(t):
            self.kernel.after(8.0 + 20.0 * self.random(), self.day.cases.take, t)
            return
        transfer = figures.transfer * (2.5 if t.queue != t.skill else 1.0) if t.bounces < 1 else figures.transfer_back
        if t.bounces < 3 and lot < transfer:
            self.kernel.after(6.0 + 25.0 * self.random(), self._transfer, t)
            return
        lot = self.random()
        if lot < figures.promise and not t.promised:
            self.kernel.after(6.0 + 20.0 * self.random(), self._promise, t)
        elif lot < figures.promise + figures.ask_details:
            self.kernel.after(5.0 + 10.0 * self.random(), self._ask, t)
        elif t.turns > 0:
            t.turns -= 1
            self.kernel.after(self._thinking(t), self._answer_back, t)
        elif lot > 0.75:
            self.kernel.after(self._thinking(t), self._thank, t)
        else:
            self.kernel.after(10.0 + 30.0 * self.random(), self._resolve, t)

    def _thinking(self, t: Contact) -> float:
        return SLOW.get(t.channel, 1.0) * (6.0 + self.expo(1.0 / (self.figures.think - 6.0)))

    def _answer_back(self, t: Contact) -> None:
        self.voice.customer(t, f"more.{t.group.key}")
        self.expect_reply(t)

    def _thank(self, t: Contact) -> None:
        self.voice.customer(t, "thanks")
        self.kernel.after(6.0 + self.expo(1.0 / 8.0), self._say_goodbye, t)

    def _say_goodbye(self, t: Contact) -> None:
        a = self.owner(t, self._say_goodbye)
        if a is None:
            return
        self.voice.agent(t, a, "close")
        self._resolve(t)

    def _resolve(self, t: Contact) -> None:
        a = self.owner(t, self._resolve)
        if a is None:
            return
        t.gen += 1
        t.waiting = False
        self.voice.status(t, Status.RESOLVED, a.name)
        self.voice.say(t, Kind.ENDED, a.name, value=t.active)
        wrap = 15.0 + self.expo(1.0 / 18.0) if self.random() < self.figures.wrap_up else 0.0
        self.day.floor.give_place(t, wrap)
        self.day.aftermath(t)

    # -- waiting for something

    def _promise(self, t: Contact) -> None:
        """The agent needs time and says how long: R-PROMISE."""
        a = self.owner(t, self._promise)
        if a is None:
            return
        minutes = PROMISES[int(self.random() * len(PROMISES))]
        self.voice.agent(t, a, "hold", minutes)
        t.promised = self.kernel.now + minutes * 60 * SECOND
        self.voice.say(t, Kind.PROMISE_MADE, a.name, value=t.promised)
        self.voice.status(t, Status.PENDING_INTERNAL, a.name)
        self.day.floor.give_place(t)
        late = self.random() < self.figures.promise_broken
        kept = 0.5 + 0.45 * self.random()
        t.broken = late
        self.kernel.after(minutes * 60.0 * (1.15 + self.expo(0.8) if late else kept), self.wake, t)
        if late:
            self.kernel.at(t.promised + int((20.0 + 100.0 * self.random()) * SECOND), self._nudge, t)

    def _ask(self, t: Contact) -> None:
        """The agent needs something from the customer."""
        a = self.owner(t, self._ask)
        if a is None:
            return
        self.voice.agent(t, a, f"ask.{t.group.key}")
        self.voice.status(t, Status.PENDING_CUSTOMER, a.name)
        self.day.floor.give_place(t)
        if self.random() < self.figures.never_back:
            self.kernel.after(3_600.0 + 10_800.0 * self.random(), self.day.give_up, t)
        else:
            self.kernel.after(60.0 + self.expo(1.0 / 1_500.0), self._come_back, t)

    def _come_back(self, t: Contact) -> None:
        self.voice.customer(t, f"back.{t.group.key}")
        self.wake(t)

    def wake(self, t: Contact) -> None:
        """The contact needs its agent again."""
        t.gen += 1
        a = t.agent
        if a is None:
            self.day.routing.offer(t)
        elif a.gone:
            self.day.routing.hand_back(t)
        elif t.mode is Mode.DESK:
            self.day.desk.pile_up(t)
        elif a.back - self.kernel.now > LONG_BREAK and self.random() < 0.65:
            self.day.routing.hand_back(t)
        elif a.seated and a.load < a.room:
            self.resume(t)
            self.day.floor.show(a)
        else:
            a.own.append(t)
            if t.waiting:
                self._plan_nudge(t, 90.0)

    def resume(self, t: Contact) -> None:
        """The agent takes the contact up again."""
        a = t.agent
        assert a is not None
        self.day.floor.take_place(t, a)
        self.voice.status(t, Status.OPEN, a.name)
        if not t.connected:
            t.connected = True
            self.voice.say(t, Kind.CONNECTED, a.name)
        if t.mode is Mode.CALL:
            self.day.calls.call_back(t)
        else:
            self.expect_reply(t)

    def reopen(self, t: Contact) -> None:
        """The customer is not content after all."""
        t.gen += 1
        self.voice.customer(t, "reopen")
        self.voice.say(t, Kind.REOPENED)
        self.voice.status(t, Status.OPEN)
        t.turns = 1
        self.wake(t)

    # -- to somebody else

    def _transfer(self, t: Contact) -> None:
        """To another agent: sometimes rightly, sometimes back and forth."""
        a = self.owner(t, self._transfer)
        if a is None:
            return
        key = self._destination(t)
        queue = self.day.routing.queues[key]
        previous = self.day.floor.by_name.get(t.owners[-2]) if len(t.owners) > 1 else None
        if t.bounces and previous is not None and previous.free():
            b = previous
        else:
            choice = self.day.routing.pick(queue, t)
            if choice is None or choice is a:
                self.kernel.after(4.0, self._answer_back, t)
                return
            b = choice
        t.gen += 1
        t.bounces += 1
        t.step = 0
        self.voice.agent(t, a, "transfer")
        self.voice.say(t, Kind.TRANSFERRED, a.name, name=b.name)
        self.voice.queue(t, key, a.name)
        self.voice.assigned(t, b.name, a.name)
        self.day.floor.give_place(t)
        self.day.routing.hand_to(t, b)

    def _destination(self, t: Contact) -> str:
        if t.queue != t.skill and t.skill != "desk":
            return t.skill
        if t.complaint >= ComplaintTier.MEDIUM or t.skill in ("vip", "english", "general"):
            return t.queue
        others = ("logistics", "returns", "payment", "account")
        return others[int(self.random() * 4)]
