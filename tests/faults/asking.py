"""Tickets assigned and agents set in a process that dies at its Nth step: ``asking.py DIR DIE_AT RUN``.

A step is a statement or commit of the actions' connection or of the helpdesk's own database, so a death falls between
any two of them: before a command is written, while it is sent, before and after the helpdesk has done it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from console.clock import MINUTE, FixedClock
from console.models.actions.agents import AgentActions
from console.models.actions.tickets import TicketActions
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.contacts import AgentState
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Intake
from console.models.domain.roles import AccountRole, Actor
from console.models.store import accounts, database
from console.models.store.command_rows import SqlCommandReader
from console.models.store.commands import SqlCommands
from console.models.store.database import place
from console.models.store.escalation_audit import record_moves
from console.models.store.escalations import SqlEscalations
from console.models.store.log import open_log
from console.scheduling.commands.dispatcher import Dispatcher
from tests.models.domain.escalation_cases import NOON

TICKETS = 6
FILE, HELPDESK = "file", "helpdesk"
ANN = Actor("ann")
MEI, WANG = "Mei", "Wang"


def die_at(step: int, *engines: Engine) -> None:
    """Kill this process before the ``step``-th statement or commit of these engines; 0 for never."""
    left = [step]

    def count(*_args: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in engines:
        for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
            event.listen(engine, moment, count)


class Helpdesk:
    """A source with a database of its own: what it did is there, and its events follow from that."""

    name = HELPDESK

    def __init__(self, engine: Engine, intake: Intake) -> None:
        self._engine = engine
        self._intake = intake

    def start(self, intake: Intake) -> None:
        """Hand in everything, as a poll from the beginning would."""
        self._intake = intake
        with self._engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS done (key TEXT, ticket TEXT, name TEXT)")
            done = connection.exec_driver_sql("SELECT key, ticket, name FROM done").fetchall()
        events = [
            Event(Kind.ASSIGNED, whom, NOON + 1, f"done {key}", name=name)
            if name
            else Event(Kind.AGENT_STATE, whom, NOON + 1, f"done {key}", value=AgentState.BREAK)
            for key, whom, name in done
        ]
        assert self._intake.submit(HELPDESK, events, origin=Origin.POLL).wait(30)

    def stop(self) -> None:
        """Nothing runs."""

    def heard_at(self) -> int:
        """Always there."""
        return NOON

    def apply(self, command: Command) -> Result:
        """Do it whatever was done before: sent twice, it is done twice, and the test sees it."""
        values = (command.id, command.ticket or command.agent, command.name)
        with self._engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO done VALUES (?, ?, ?)", values)
        self.start(self._intake)
        return Result(Outcome.APPLIED)

    def ask(self, command: Command) -> Result | None:
        """Whether it is among what was done."""
        with self._engine.begin() as connection:
            done = connection.exec_driver_sql("SELECT 1 FROM done WHERE key = ?", (command.id,)).first()
        return None if done is None else Result(Outcome.APPLIED)


def main() -> None:
    """Ask for what was not asked for yet, and carry out what is open."""
    folder, step, run = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    clock = FixedClock(NOON + run * MINUTE)
    where = place(folder)
    with open_log(where, clock) as log:
        engine, readers = database.writer(where.file), database.reader(where.file)
        helpdesks = database.writer(folder / "helpdesk.db")
        with engine.begin() as connection:
            rows = accounts.AccountRows(connection)
            if rows.find(ANN.name) is None:
                rows.give(rows.add(ANN.name, NOON), AccountRole.SUPERVISOR, NOON)
        for ticket in range(1, TICKETS + 1):
            ref = f"T{ticket}"
            events = [Event(Kind.CREATED, ref, NOON - 2, f"{ref}.0")]
            events += [Event(Kind.ASSIGNED, ref, NOON - 1, f"{ref}.{name}", name=name) for name in (WANG, MEI)]
            assert log.intake.submit(HELPDESK if ticket % 2 == 0 else FILE, events, origin=Origin.IMPORT).wait(30)
        here = [Event(Kind.AGENT_STATE, MEI, NOON - 1, "mei", value=AgentState.AVAILABLE)]
        assert log.intake.submit(HELPDESK, here, origin=Origin.POLL).wait(30)
        assert log.wait_committed(log.reader.last_seq(), 30)
        helpdesk = Helpdesk(helpdesks, log.intake)
        helpdesk.start(log.intake)
        die_at(step, engine, helpdesks)
        inbox = SqlEscalations(engine, log.between_commits, record_moves)
        outbox, pending = SqlCommands(inbox.transaction), SqlCommandReader(readers)
        act = TicketActions(outbox, clock, connected=lambda: [HELPDESK])
        agents = AgentActions(outbox, clock, connected=lambda: [HELPDESK])
        dispatcher = Dispatcher(outbox, pending, log.intake, lambda: {HELPDESK: helpdesk}, clock)
        for ticket in range(1, TICKETS + 1):
            if not pending.of_ticket(ticket):
                act.assign(ANN, [ticket], WANG)
            dispatcher.dispatch()
        for agent in (MEI, WANG):
            if not pending.of_agent(agent):
                agents.set_state(ANN, [agent], AgentState.BREAK)
            dispatcher.dispatch()
        for _look in range(20):
            if not pending.pending() and not pending.pending_of_agents():
                break
            clock.advance(31)
            dispatcher.dispatch()
        inbox.close()
        readers.dispose()


if __name__ == "__main__":
    main()
