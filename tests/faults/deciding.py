"""Requests made, lapsed and decided in a process that dies at its Nth step: ``deciding.py DIR DIE_AT``.

A step is a statement or commit of the writing connection. What is to happen to a request follows from its number alone,
so a process that is started again goes on where the last one died.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from console.clock import MINUTE, FixedClock
from console.models.actions.compensation import CompensationActions
from console.models.actions.undecided import UndecidedRequests
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause
from console.models.domain.money import Money
from console.models.domain.ports import Progress
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy
from console.models.store import accounts, database, schema
from console.models.store.database import place
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.models.store.requests import SqlRequests
from console.scheduling.escalations.sweeper import Sweeper
from tests.faults.sweeping import die_at
from tests.models.domain.escalation_cases import NOON

TICKETS = 6
LI = Actor("Li", frozenset({AccountRole.SUPERVISOR}))
WANG = Actor("Wang", frozenset({AccountRole.SUPERVISOR}))


class Notes:
    """The tickets' own records, as lines that are written whole."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def note(self, ticket: int, text: str, at: int, key: str, actor: str) -> bool:
        del ticket, text, at, actor
        known = self._file.read_text().split() if self._file.exists() else []
        if key not in known:
            with self._file.open("a") as file:
                file.write(f"{key}\n")
        return True


def main() -> None:
    """Make what is missing, decide what is open, sweep."""
    folder, step = Path(sys.argv[1]), int(sys.argv[2])
    file = place(folder).file
    schema.upgrade(file, Progress())
    engine, readers = database.writer(file), database.reader(file)
    with engine.begin() as connection:
        rows = accounts.AccountRows(connection)
        for person in (LI, WANG):
            if rows.find(person.name) is None:
                rows.give(rows.add(person.name, NOON), AccountRole.SUPERVISOR, NOON)
    die_at(engine, step)
    rules, clock = policy.default(), FixedClock(NOON)
    writer, reader = SqlEscalations(engine, threading.Lock(), lambda _c, _m: None), SqlEscalationReader(readers)
    requests = SqlRequests(writer, readers)
    desk = CompensationActions(requests, lambda: rules, clock, Notes(folder / "notes"))
    crossings = UndecidedRequests(requests, lambda: rules.escalation.request_undecided)
    sweeper = Sweeper(writer, reader, [crossings], lambda: rules.escalation, clock, since=NOON)
    desk.tell()
    case = Case(Money(180_00), Cause.OTHER)
    for ticket in range(1, TICKETS + 1):
        if not requests.of_ticket(ticket):
            desk.propose(LI, ticket, case, 0)
    clock.advance(31 * MINUTE / 1_000_000)
    sweeper.sweep()
    for request in requests.undecided():
        if request.ticket % 3 == 0:
            desk.approve(WANG, request.id)
        elif request.ticket % 3 == 1:
            desk.decline(WANG, request.id, "no proof")
    writer.close()
    readers.dispose()


if __name__ == "__main__":
    main()
