"""What the centre does when a supervisor's console asks: today's contacts on the floor, older ones by appointment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.clock import HOUR, MINUTE, SECOND
from console.connectors.demo.contact import Agent, Contact, Mode
from console.connectors.demo.day import Day
from console.connectors.demo.people import staff
from console.connectors.demo.tail import Appointments, Tail
from console.models.domain.commands import Command, Outcome, Result, Verb
from console.models.domain.contacts import Priority, Role, Status
from console.models.domain.events import Kind

APPLIED = Result(Outcome.APPLIED)
ALREADY = Result(Outcome.ALREADY)
SETTABLE = frozenset(Status) - {Status.UNKNOWN, Status.NEW}


def refused(reason: str) -> Result:
    """The centre does not do this, and says why."""
    return Result(Outcome.REFUSED, reason)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A command on its contact, with what both kinds of contacts share."""

    command: Command
    contact: Contact
    emit: Callable[..., None]

    def say(self, kind: Kind, value: int = 0, name: str = "", body: str = "") -> None:
        """An event by the supervisor who asked."""
        self.emit(kind, self.contact.ref, self.command.actor, Role.SUPERVISOR, value, name, body)

    def check(self) -> Result | None:
        """Why nothing has to be done or can be done; None when the command can be carried out."""
        command, t = self.command, self.contact
        if command.verb is Verb.NOTE:
            return None
        if t.final and command.verb is not Verb.STATUS:
            return refused(f"ticket {t.ref} is {t.status.key}")
        if command.verb is Verb.PRIORITY and command.value not in set(Priority):
            return refused(f"there is no priority {command.value}")
        if command.verb is Verb.PRIORITY and t.priority == command.value:
            return ALREADY
        if command.verb is Verb.STATUS:
            return self._check_status()
        if command.verb is Verb.QUEUE:
            return self._check_queue()
        if command.verb is Verb.ASSIGN and command.name not in staff().by_name:
            return refused(f"there is no agent named {command.name}")
        return None

    def _check_status(self) -> Result | None:
        if self.command.value not in SETTABLE:
            return refused(f"a ticket cannot be set to status {self.command.value}")
        return ALREADY if self.contact.status == self.command.value else None

    def _check_queue(self) -> Result | None:
        if self.command.name not in staff().queues.values():
            return refused(f"there is no queue named {self.command.name}")
        return ALREADY if staff().queues[self.contact.queue] == self.command.name else None

    def queue_key(self) -> str:
        """The key of the queue that was named."""
        return next(key for key, name in staff().queues.items() if name == self.command.name)


def carry_out_today(day: Day, t: Contact, command: Command) -> Result:
    """Change a contact of a day that is still running."""
    asked = _Asked(command, t, day.kernel.emit)
    return asked.check() or _TODAY[command.verb](day, asked)


def _busy_call(t: Contact) -> bool:
    return t.mode is Mode.CALL and t.slot


def _note(_day: Day | Tail, asked: _Asked) -> Result:
    asked.say(Kind.PRIVATE_NOTE, body=asked.command.text)
    return APPLIED


def _assign(day: Day, asked: _Asked) -> Result:
    t, name = asked.contact, asked.command.name
    if t.agent is not None and t.agent.name == name:
        return ALREADY
    a = day.floor.by_name.get(name)
    if a is None or not (a.seated or a.load or a.back > day.kernel.now) or a.gone:
        return refused(f"{name} is not on duty")
    if _busy_call(t):
        return refused("a call in progress cannot be moved")
    before = t.agent
    stored = before is not None and t in before.own
    active = t.slot or t.queued or before is None or stored
    if t.slot:
        asked.say(Kind.TRANSFERRED, name=name)
    t.queued = False
    day.floor.give_place(t)
    t.agent = a
    t.owners.append(name)
    asked.say(Kind.ASSIGNED, name=name)
    _take_up(day, t, a, active)
    return APPLIED


def _take_up(day: Day, t: Contact, a: Agent, active: bool) -> None:
    """The new owner goes on where the contact stands: work goes on at once, what is pending stays pending."""
    pending = t.status in (Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL)
    if t.settle or (pending and not active):
        return
    if t.mode is Mode.DESK:
        t.gen += 1
        day.desk.pile_up(t)
    elif active:
        t.gen += 1
        if a.seated and a.load < a.room:
            day.chats.resume(t)
            day.floor.show(a)
        else:
            a.own.append(t)


def _unassign(day: Day, asked: _Asked) -> Result:
    t = asked.contact
    if t.agent is None:
        return ALREADY
    if _busy_call(t):
        return refused("a call in progress cannot be moved")
    pending = t.status in (Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL)
    day.floor.give_place(t)
    t.agent = None
    asked.say(Kind.UNASSIGNED)
    if not pending:
        t.gen += 1
        t.queued = True
        day.routing.queues[t.queue].put(t)
    return APPLIED


def _priority(day: Day, asked: _Asked) -> Result:
    t = asked.contact
    t.priority = Priority(asked.command.value)
    asked.say(Kind.PRIORITY_CHANGED, t.priority)
    if t.queued:
        day.routing.queues[t.queue].put(t)
    return APPLIED


def _queue(day: Day, asked: _Asked) -> Result:
    t = asked.contact
    if _busy_call(t):
        return refused("a call in progress cannot be moved")
    t.queue = t.skill = asked.queue_key()
    asked.say(Kind.QUEUE_CHANGED, name=asked.command.name)
    if t.agent is None:
        t.mode = Mode.DESK if t.queue == "desk" else Mode.CHAT if t.mode is Mode.DESK else t.mode
        t.queued = False
        day.routing.offer(t)
    return APPLIED


def _status(day: Day, asked: _Asked) -> Result:
    t, status = asked.contact, Status(asked.command.value)
    if _busy_call(t):
        return refused("a call is in progress")
    if t.final and status is not Status.OPEN:
        if t.status is not Status.RESOLVED:
            return refused(f"ticket {t.ref} is {t.status.key}")
        t.gen += 1
    if t.final:
        asked.say(Kind.REOPENED)
    before, t.status = t.status, status
    asked.say(Kind.STATUS_CHANGED, status)
    if status is Status.OPEN:
        day.chats.wake(t)
        return APPLIED
    t.gen += 1
    t.queued = False
    if status >= Status.RESOLVED:
        t.waiting = False
        if t.connected and before is not Status.RESOLVED:
            asked.say(Kind.ENDED, t.active)
    day.floor.give_place(t)
    if status is Status.RESOLVED:
        day.aftermath(t)
    elif status > Status.RESOLVED:
        day.forget(t)
    else:
        day.kernel.after(1_800.0 + 1_800.0 * day.kernel.random(), day.chats.wake, t)
    return APPLIED


_TODAY: dict[Verb, Callable[[Day, _Asked], Result]] = {
    Verb.ASSIGN: _assign,
    Verb.UNASSIGN: _unassign,
    Verb.PRIORITY: _priority,
    Verb.STATUS: _status,
    Verb.QUEUE: _queue,
    Verb.NOTE: _note,
}


def carry_out_later(tail: Tail, item: Appointments, command: Command) -> Result:
    """Change a contact that an earlier day left open."""
    t = item.contact
    asked = _Asked(command, t, tail.kernel.emit)
    answer = asked.check()
    if answer is not None:
        return answer
    if command.verb is Verb.ASSIGN:
        return _assign_later(tail, item, asked)
    if command.verb is Verb.UNASSIGN:
        return _unassign_later(tail, item, asked)
    if command.verb is Verb.STATUS:
        return _status_later(tail, item, asked)
    if command.verb is Verb.PRIORITY:
        t.priority = Priority(command.value)
        asked.say(Kind.PRIORITY_CHANGED, t.priority)
    elif command.verb is Verb.QUEUE:
        t.queue = asked.queue_key()
        asked.say(Kind.QUEUE_CHANGED, name=command.name)
    else:
        _note(tail, asked)
    return APPLIED


def _assign_later(tail: Tail, item: Appointments, asked: _Asked) -> Result:
    if item.owner == asked.command.name:
        return ALREADY
    item.owner = asked.command.name
    asked.say(Kind.ASSIGNED, name=item.owner)
    item.steps = [step for step in item.steps if step[1] != "assign"]
    if item.contact.status in (Status.NEW, Status.OPEN) and item.steps:
        # The new owner takes it up soon instead of at the time that the old one had in mind.
        soon = tail.kernel.now + int((120.0 + 360.0 * tail.kernel.random()) * SECOND)
        earlier = max(item.steps[0][0] - soon, 0)
        item.steps = [(at - earlier, action, word) for at, action, word in item.steps]
    tail.schedule(item)
    return APPLIED


def _unassign_later(tail: Tail, item: Appointments, asked: _Asked) -> Result:
    if not item.owner:
        return ALREADY
    item.owner = ""
    asked.say(Kind.UNASSIGNED)
    if item.steps and item.steps[0][1] != "assign":
        name = tail.people[int(tail.kernel.random() ** 2 * len(tail.people))]
        item.steps.insert(0, (max(item.steps[0][0] - MINUTE, tail.kernel.now + MINUTE), "assign", name))
    tail.schedule(item)
    return APPLIED


def _status_later(tail: Tail, item: Appointments, asked: _Asked) -> Result:
    t, status = item.contact, Status(asked.command.value)
    if t.final and status is not Status.CLOSED:
        return refused(f"ticket {t.ref} is {t.status.key}")
    before, t.status = t.status, status
    asked.say(Kind.STATUS_CHANGED, status)
    if status >= Status.RESOLVED:
        t.waiting = False
        if t.connected and before is not Status.RESOLVED:
            asked.say(Kind.ENDED, t.active)
        item.steps = [(tail.kernel.now + HOUR, "close", 0)] if status is Status.RESOLVED else []
        if not item.steps:
            tail.open.pop(t.ref, None)
    tail.schedule(item)
    return APPLIED
