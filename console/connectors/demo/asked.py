"""What a supervisor's console asks of the centre, and whether it can be done at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console.connectors.demo.contact import Contact
from console.connectors.demo.people import staff
from console.models.domain.commands import OF_AGENTS, OWN, Command, Outcome, Result, Verb
from console.models.domain.contacts import Priority, Role, Status
from console.models.domain.events import Kind
from console.models.domain.routing import ROUTER

APPLIED = Result(Outcome.APPLIED)
ALREADY = Result(Outcome.ALREADY)
SETTABLE = frozenset(Status) - {Status.UNKNOWN, Status.NEW}


def refused(reason: str) -> Result:
    """The centre does not do this, and says why."""
    return Result(Outcome.REFUSED, reason)


def unknown(command: Command) -> Result:
    """The answer for a ticket that the centre has no open record of."""
    return refused(f"ticket {command.ticket} is closed, or there is none")


@dataclass(frozen=True, slots=True)
class Asked:
    """A command on its contact, with what both kinds of contacts share."""

    command: Command
    contact: Contact
    emit: Callable[..., None]

    def say(self, kind: Kind, value: int = 0, name: str = "", body: str = "") -> None:
        """An event by the supervisor who asked; the console's own routing is nobody."""
        is_person = self.command.actor != ROUTER
        actor, role = (self.command.actor, Role.SUPERVISOR) if is_person else ("", Role.SYSTEM)
        self.emit(kind, self.contact.ref, actor, role, value, name, body)

    def check(self) -> Result | None:
        """Why nothing has to be done or can be done; None when the command can be carried out."""
        command, t = self.command, self.contact
        if command.verb in OWN | OF_AGENTS:
            return refused(f"the centre does not keep the {command.verb.value} of a ticket")
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

    def set_priority(self) -> Result:
        """The ticket gets the priority that was asked for."""
        self.contact.priority = Priority(self.command.value)
        self.say(Kind.PRIORITY_CHANGED, self.contact.priority)
        return APPLIED

    def set_queue(self) -> Result:
        """The ticket goes into the queue that was asked for."""
        self.contact.queue = self.queue_key()
        self.say(Kind.QUEUE_CHANGED, name=self.command.name)
        return APPLIED

    def add_note(self) -> Result:
        """The note is kept."""
        self.say(Kind.PRIVATE_NOTE, body=self.command.text)
        return APPLIED
