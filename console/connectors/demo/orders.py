"""What a supervisor's command changes on the floor, while its day is still running."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from console.connectors.demo.asked import ALREADY, APPLIED, Asked, refused
from console.connectors.demo.contact import Agent, Contact, Mode
from console.models.domain.commands import Command, Result, Verb
from console.models.domain.contacts import Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.day import Day


def carry_out(day: Day, t: Contact, command: Command) -> Result:
    """Change a contact of a day that is still running."""
    asked = Asked(command, t, day.kernel.emit)
    return asked.check() or _TODAY[command.verb](day, asked)


def _busy_call(t: Contact) -> bool:
    return t.mode is Mode.CALL and t.slot


def _assign(day: Day, asked: Asked) -> Result:
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


def _unassign(day: Day, asked: Asked) -> Result:
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


def _priority(day: Day, asked: Asked) -> Result:
    result = asked.set_priority()
    if asked.contact.queued:
        day.routing.queues[asked.contact.queue].put(asked.contact)
    return result


def _queue(day: Day, asked: Asked) -> Result:
    t = asked.contact
    if _busy_call(t):
        return refused("a call in progress cannot be moved")
    result = asked.set_queue()
    t.skill = t.queue
    if t.agent is None:
        t.mode = Mode.DESK if t.queue == "desk" else Mode.CHAT if t.mode is Mode.DESK else t.mode
        t.queued = False
        day.routing.offer(t)
    return result


def _note(_day: Day, asked: Asked) -> Result:
    return asked.add_note()


def _status(day: Day, asked: Asked) -> Result:
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


_TODAY: dict[Verb, Callable[[Day, Asked], Result]] = {
    Verb.ASSIGN: _assign,
    Verb.UNASSIGN: _unassign,
    Verb.PRIORITY: _priority,
    Verb.STATUS: _status,
    Verb.QUEUE: _queue,
    Verb.NOTE: _note,
}
