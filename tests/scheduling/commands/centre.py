"""A console with a log, accounts and an outbox, and a helpdesk that takes commands, for the tests of the dispatcher."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from console.clock import FixedClock
from console.models.actions.tickets import TicketActions
from console.models.domain.commands import Command, Ordered, Outcome, Result, Verb
from console.models.domain.contacts import Role
from console.models.domain.escalation import Transition
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Intake
from console.models.domain.roles import AccountRole, Actor
from console.models.store import database
from console.models.store.access import open_access
from console.models.store.command_rows import SqlCommandReader
from console.models.store.commands import SqlCommands
from console.models.store.database import Place
from console.models.store.escalations import SqlEscalations
from console.models.store.log import EventLog, open_log
from console.scheduling.commands.dispatcher import Dispatcher

ANN = Actor("ann")
HELPDESK, FILE = "helpdesk", "file"
AGENTS = ("Mei", "Wang")


def nothing(_connection: Connection, _made: Transition) -> None:
    """No move of an escalation is made here."""


@dataclass
class Helpdesk:
    """A source that takes commands, keeps the ids it knows, and loses answers when it is told to."""

    intake: Intake
    name: str = HELPDESK
    at: int = 0
    done: list[Command] = field(default_factory=list)
    refuses: str = ""
    loses_request: bool = False
    loses_answer: bool = False
    is_silent: bool = False

    def start(self, intake: Intake) -> None:
        self.intake = intake

    def stop(self) -> None:
        pass

    def heard_at(self) -> int:
        return 0

    def apply(self, command: Command) -> Result:
        if self.refuses:
            return Result(Outcome.REFUSED, self.refuses)
        if self.loses_request:
            return Result(Outcome.UNKNOWN, "no answer")
        if any(one.id == command.id for one in self.done):
            return Result(Outcome.ALREADY)
        self.done.append(command)
        self.read_back(command)
        return Result(Outcome.UNKNOWN, "no answer") if self.loses_answer else Result(Outcome.APPLIED)

    def ask(self, command: Command) -> Result | None:
        if self.is_silent:
            return Result(Outcome.UNKNOWN)
        return Result(Outcome.APPLIED) if any(one.id == command.id for one in self.done) else None

    def read_back(self, command: Command) -> None:
        if command.verb is Verb.ASSIGN:
            said = Event(Kind.ASSIGNED, command.ticket, self.at + 1, f"e{len(self.done)}", name=command.name)
            assert self.intake.submit(self.name, [said], origin=Origin.STREAM).wait(30)


class Centre:
    """Tickets T1 of a file and T2 of the helpdesk, each with an owner."""

    def __init__(self, home: Place, clock: FixedClock) -> None:
        self.clock, self.home = clock, home
        self.log: EventLog = open_log(home, clock)
        with open_access(home) as access, access.accounts.change() as change:
            account = change.find("ann") or change.add("ann", clock.now())
            change.give(account, AccountRole.SUPERVISOR, clock.now())
        self.readers = database.reader(home.file)
        self.inbox = SqlEscalations(database.writer(home.file), self.log.between_commits, nothing)
        self.outbox = SqlCommands(self.inbox.transaction)
        self.pending = SqlCommandReader(self.readers)
        self.act = TicketActions(self.outbox, clock, connected=lambda: [HELPDESK])
        self.log.start()
        self.helpdesk = Helpdesk(self.log.intake, at=clock.now())
        self.connected = {HELPDESK: self.helpdesk}
        self.settled: list[int] = []
        self.log_changed = threading.Condition()
        self.dispatcher = Dispatcher(
            self.outbox, self.pending, self.log.intake, lambda: self.connected, clock, on_settled=self._on_settled
        )
        self._fill()

    def close(self) -> None:
        """Stop everything."""
        self.inbox.close()
        self.readers.dispose()
        self.log.stop()

    def seen(self, ticket: int) -> list[tuple[Kind, str, str, str]]:
        """What happened to a ticket after it came: kind, source, name, body."""
        timeline = self.log.reader.timeline(ticket)
        return [(one.kind, one.source, one.name, one.body) for one in timeline if one.at >= self.clock.now() - 10**12]

    def asked(self, ticket: int) -> Sequence[Ordered]:
        """Everything that was asked of a ticket, newest first."""
        return self.pending.of_ticket(ticket)

    def _on_settled(self, ordered: Ordered) -> None:
        with self.log_changed:
            self.settled.append(ordered.ticket)
            self.log_changed.notify_all()

    def _fill(self) -> None:
        at = self.clock.now() - 10**13
        for source, ref in ((FILE, "T1"), (HELPDESK, "T2")):
            events = [
                Event(Kind.CREATED, ref, at, f"{ref}.0"),
                Event(Kind.ASSIGNED, ref, at + 1, f"{ref}.1", name=AGENTS[1], role=Role.AGENT),
                Event(Kind.ASSIGNED, ref, at + 2, f"{ref}.2", name=AGENTS[0], role=Role.AGENT),
            ]
            assert self.log.intake.submit(source, events, origin=Origin.IMPORT).wait(30)
