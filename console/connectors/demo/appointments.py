"""When what a day left open is finished, and by whom."""

from __future__ import annotations

import random
from dataclasses import dataclass

from console.clock import HOUR, MINUTE, SECOND
from console.connectors.demo.contact import Contact, Mode
from console.connectors.demo.localday import LocalDay
from console.connectors.demo.people import Duty
from console.models.domain.contacts import Channel, Status

Step = tuple[int, str, str | int]
"""When, what and with which word or number; the whats are the keys of `tail.Tail.ACTIONS`."""


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans the rest of a contact's life with the people of the next day."""

    day: LocalDay
    tomorrow: list[Duty]
    rng: random.Random

    def steps(self, t: Contact, owner: str) -> list[Step]:
        """What remains to happen to this contact, in order of time."""
        if t.final:
            return [(self.day.end + HOUR, "close", 0)]
        if t.settle:
            return self._case(t, owner)
        if t.mode is Mode.DESK:
            return self._letter(t, owner)
        if t.status is Status.PENDING_CUSTOMER:
            return self._pending_customer(t, owner, self._soon(4 * HOUR))
        if t.status is Status.PENDING_INTERNAL:
            due = max(t.promised - 2 * MINUTE, self.day.end + 3 * MINUTE)
            return self._answer(t, owner, due + self._soon(10 * MINUTE), "broken" if t.broken else self._scene(t))
        late = self.day.end + int(self.rng.uniform(20, 240)) * SECOND
        return self._answer(t, owner, late, self._scene(t), short=True)

    def _soon(self, mean: int) -> int:
        return int(self.rng.expovariate(1.0) * mean)

    @staticmethod
    def _scene(t: Contact) -> str:
        if t.mode is Mode.DESK:
            return f"letter.{t.group.key}"
        return f"answer.{t.group.key}" if t.answered else f"first.{t.group.key}"

    def _case(self, t: Contact, owner: str) -> list[Step]:
        morning = self.day.end + 9 * HOUR + int(self.rng.random() * 8 * HOUR)
        settle = max(t.settle, morning)
        steps: list[Step] = [(self.day.end + 10 * MINUTE, "decide", 0)] if t.approval else []
        update = settle - HOUR - self._soon(HOUR)
        if update > self.day.end + 8 * HOUR:
            hand = self._hand(owner, update, "complaints")
            steps += [*hand, (update, "reply", "progress")]
            owner = str(hand[0][2]) if hand else owner
        steps += [*self._hand(owner, settle, "complaints"), (settle, "reply", f"offer.{t.complaint.key}")]
        return steps + self._end(t, settle + MINUTE, HOUR)

    def _letter(self, t: Contact, owner: str) -> list[Step]:
        # What must be answered within hours is the first work of the morning; mail can wait until the afternoon.
        within = 7 * HOUR if t.channel is Channel.EMAIL else HOUR
        at = self.day.end + 8 * HOUR + int(self.rng.random() ** 1.6 * within)
        if t.status is Status.PENDING_CUSTOMER:
            return self._pending_customer(t, owner, at - self.day.end)
        steps = self._hand(owner, at - int(self.rng.random() * 40) * MINUTE, "desk")
        return [*steps, (at, "reply", f"letter.{t.group.key}"), *self._end(t, at + SECOND, 24 * HOUR)]

    def _pending_customer(self, t: Contact, owner: str, wait: int) -> list[Step]:
        back = self.day.end + max(wait, 2 * MINUTE)
        if self.rng.random() < 0.3:
            return [(back + 4 * HOUR, "give_up", t.active), (back + 5 * HOUR, "close", 0)]
        return [
            (back, "write", f"back.{t.group.key}"),
            *self._answer(t, owner, back + 2 * MINUTE + self._soon(20 * MINUTE), self._scene(t)),
        ]

    def _answer(self, t: Contact, owner: str, at: int, scene: str, short: bool = False) -> list[Step]:
        steps = [] if short and owner else self._hand(owner, at - 30 * SECOND, t.skill)
        if not t.connected and t.mode is not Mode.DESK:
            steps.append((at - 28 * SECOND, "connect", 0))
        return [*steps, (at, "reply", scene), *self._end(t, at + int(self.rng.uniform(40, 200)) * SECOND, HOUR // 4)]

    def _end(self, t: Contact, at: int, until_closed: int) -> list[Step]:
        active = t.active + int(self.rng.uniform(30, 90)) * SECOND
        steps: list[Step] = [(at, "resolve", active)]
        if self.rng.random() < 0.2:
            steps.append((at + 3 * MINUTE + self._soon(5 * MINUTE), "score", 5 - int(self.rng.random() ** 2 * 4.9)))
        closed = max(at + until_closed, steps[-1][0] + SECOND)
        return [*steps, (closed, "close", 0)]

    def _hand(self, owner: str, at: int, skill: str) -> list[Step]:
        """Give the contact to somebody who is at work then, unless its owner is."""
        seconds = (at - self.day.end) / SECOND
        here = [duty.person for duty in self.tomorrow if duty.begin <= seconds <= duty.end]
        if not here or any(person.name == owner for person in here):
            return []
        able = [person for person in here if skill in person.serves] or [p for p in here if not p.supervisor] or here
        return [(at, "assign", able[int(self.rng.random() ** 2 * len(able))].name)]
