"""What a supervisor's command changes in a contact that an earlier day left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.clock import HOUR, MINUTE, SECOND
from console.connectors.demo.asked import ALREADY, APPLIED, Asked, refused
from console.models.domain.commands import Command, Result, Verb
from console.models.domain.contacts import Status
from console.models.domain.events import Kind

if TYPE_CHECKING:
    from console.connectors.demo.tail import Appointments, Tail


def carry_out_later(tail: Tail, item: Appointments, command: Command) -> Result:
    """Change a contact that an earlier day left open."""
    asked = Asked(command, item.contact, tail.kernel.emit)
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
        return asked.set_priority()
    return asked.set_queue() if command.verb is Verb.QUEUE else asked.add_note()


def _assign_later(tail: Tail, item: Appointments, asked: Asked) -> Result:
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


def _unassign_later(tail: Tail, item: Appointments, asked: Asked) -> Result:
    if not item.owner:
        return ALREADY
    item.owner = ""
    asked.say(Kind.UNASSIGNED)
    if item.steps and item.steps[0][1] != "assign":
        name = tail.people[int(tail.kernel.random() ** 2 * len(tail.people))]
        item.steps.insert(0, (max(item.steps[0][0] - MINUTE, tail.kernel.now + MINUTE), "assign", name))
    tail.schedule(item)
    return APPLIED


def _status_later(tail: Tail, item: Appointments, asked: Asked) -> Result:
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
