"""A console's sweep in a process of its own that dies at its Nth step: ``sweeping.py DIR DIE_AT FROM TO``.

A step is a statement or commit of the writing connection, so a death falls between any two of them. The world is the
same in every process: which clock crosses when follows from its number alone. What the console was told of stands in a
file beside the database, one line for each notice.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event

from console.clock import SECOND, FixedClock
from console.models.domain.escalation import Entry, Event, Happening, Occurrence, State, Urgency
from console.models.domain.escalation_ports import Waiting
from console.models.domain.ports import Progress
from console.models.store import database, schema
from console.models.store.database import place
from console.models.store.escalation_audit import record_moves
from console.models.store.escalation_outbox import SqlOutbox
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.scheduling.escalations.notices import Notices
from console.scheduling.escalations.sweeper import Sweeper
from tests.models.domain.escalation_cases import NOON, RULES, breach

EVERY = 20 * SECOND
STOPS_AFTER = 15 * SECOND
TOLD = "told.txt"
TURN = 10.0


def crossing(number: int) -> Occurrence:
    """The clock that crosses at its own instant, one every `EVERY`."""
    urgency = Urgency(number % 3 + 1)
    return breach(number, at=NOON + number * EVERY, urgency=urgency)


def is_over(number: int, at: int) -> bool:
    """Whether a clock has stopped by then: the second of each four does, some time after it crossed."""
    return number % 4 == 2 and at >= crossing(number).occurred_at + STOPS_AFTER


class World:
    """The crossings of that world, and the clocks that stop in it."""

    def __init__(self) -> None:
        self._now = NOON

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        return [entry for entry in entries if is_over(entry.key.object, self._now)]

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        self._now = until
        first, last = (after - NOON) // EVERY + 1, (until - NOON) // EVERY
        return [crossing(number) for number in range(max(1, first), last + 1)]

    def next_after(self, at: int) -> int | None:
        return NOON + ((at - NOON) // EVERY + 1) * EVERY


def die_at(engine: Any, step: int) -> None:
    """Kill this process before its ``step``-th statement or commit; 0 for never."""
    left = [step]

    def count(*_args: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, moment, count)


def main() -> None:
    """Sweep on a clock of its own from where it stands to the end, and act on some entries as people do."""
    folder, step, start, end = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    file = place(folder).file
    schema.upgrade(file, Progress())
    engine, readers = database.writer(file), database.reader(file)
    die_at(engine, step)
    writer, reader = SqlEscalations(engine, threading.Lock(), record_moves), SqlEscalationReader(readers)
    clock = FixedClock(NOON + start * SECOND)
    sweeper = Sweeper(writer, reader, [World()], lambda: RULES, clock, since=NOON)
    notices = Notices(SqlOutbox(writer), clock)
    told = (folder / TOLD).open("a", encoding="ascii")

    def hear(notice: Waiting) -> None:
        told.write(f"{notice.id} {int(notice.again)}\n")
        told.flush()

    notices.subscribe(hear)
    while clock.now() <= NOON + end * SECOND:
        sweeper.sweep()
        notices.deliver()
        for entry in reader.open_entries():
            if entry.state is State.RAISED and entry.id % 2:
                writer.move(entry.id, Event(Happening.ACKNOWLEDGE), clock.now(), "Ann", RULES)
            elif entry.state is State.ACKNOWLEDGED and entry.id % 4 == 1:
                writer.move(entry.id, Event(Happening.RESOLVE, "done"), clock.now(), "Ann", RULES)
        sys.stdout.write(f"{clock.now()}\n")
        sys.stdout.flush()
        clock.advance(TURN)
    told.close()
    writer.close()
    readers.dispose()


if __name__ == "__main__":
    main()
