"""A whole centre in one process: ``centre.py DIR BASE SECONDS``.

Tickets come at a steady rate from BASE (microseconds) on, and what becomes of each follows from its number alone, so
every process of one world sees the same. The helpdesk has a database of its own. People take, put aside and resolve
entries, assign tickets, ask for compensation and decide it. A process that lives to its end waits until nothing is on
its way any more, and says ``well``, or what is not.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path

from console.clock import MILLISECOND, SECOND, SystemClock
from console.engine import Engine
from console.errors import KnownError
from console.feeds import EngineFeed
from console.models.domain import attributes
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.compensation import Case
from console.models.domain.complaints import Cause
from console.models.domain.contacts import Channel, ComplaintTier, Status
from console.models.domain.escalation import State
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.money import Money
from console.models.domain.ports import Intake
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from console.scheduling.escalations.auditor import Auditor, Finding

DESK = "desk"
HELPDESK = "helpdesk.db"
DATA = "data"
"""The console's own folder; the helpdesk has another disk."""

APART = 200 * MILLISECOND
TARGET = 2 * SECOND
SOON = 300 * MILLISECOND
LATE = 3 * SECOND
FATES = 4
SILENT, ANSWERED, ANSWERED_LATE, COMPLAINED = range(FATES)
ASSIGNED_EVERY, PAID_EVERY = 6, 10
AT_ONCE = 30
"""Entries that a person looks at before something else."""

ANN, LI = Actor("ann"), Actor("li")
MEI, WANG = "Mei", "Wang"
POLICY = """
[first_response]
channel = { web_chat = "2 s" }
complaint = { high = "1 h" }
[acknowledgement]
ordinary = "1 h"
complaint = "1 h"
complaint_by_person = "1 h"
complaint_by_person_better = "1 h"
[complaints]
follow_up_within = "2 s"
satisfaction_within = "1 s"
[escalation]
request_undecided = "3 s"
stalled_after = "1 h"
exhausted_repeat = "20 s"
lapse_after = "2 s"
level_timeout = { p1 = "3 s", p2 = "5 s", p3 = "8 s" }
progress_due = { p1 = "3 s", p2 = "5 s", p3 = "8 s" }
"""


def figures(folder: Path) -> Policy:
    """The figures of this world: seconds instead of minutes."""
    file = folder / "quick.toml"
    file.write_text(POLICY, encoding="utf-8")
    return policies.load_over_default(file)


def born(base: int, number: int) -> int:
    """When a ticket comes."""
    return base + number * APART


def fate(number: int) -> int:
    """What becomes of a ticket."""
    return number % FATES


def story(base: int, number: int) -> Iterator[Event]:
    """All events of a ticket."""
    ticket, at, what = f"T{number}", born(base, number), fate(number)
    tier = ComplaintTier.HIGH if what == COMPLAINED else ComplaintTier.NONE
    about = attributes.pack(channel=Channel.WEB_CHAT, complaint=tier)
    yield Event(Kind.CREATED, ticket, at, f"{number}.0", value=about)
    if what in (ANSWERED, COMPLAINED):
        yield Event(Kind.PUBLIC_REPLY, ticket, at + SOON, f"{number}.1", actor=MEI)
    if what == ANSWERED_LATE:
        yield Event(Kind.PUBLIC_REPLY, ticket, at + LATE, f"{number}.1", actor=MEI)
    if what == COMPLAINED:
        yield Event(Kind.STATUS_CHANGED, ticket, at + 2 * SOON, f"{number}.2", actor=MEI, value=Status.RESOLVED)


def between(base: int, after: int, until: int) -> list[Event]:
    """What happens with ``after < at <= until``, in order."""
    first, last = max(1, (after - LATE - base) // APART), (until - base) // APART
    events = [event for number in range(first, last + 1) for event in story(base, number) if after < event.at <= until]
    return sorted(events, key=lambda event: event.at)


class Helpdesk:
    """The source: what it was told stands in a database of its own, and a command done twice stands there twice."""

    name = DESK

    def __init__(self, engine: Engine, folder: Path, base: int) -> None:
        self._engine, self._file, self._base = engine, folder / HELPDESK, base
        self._intake: Intake
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="helpdesk")
        self.until: int | None = None
        """The world ends here; None while it goes on."""

    def start(self, intake: Intake) -> None:
        """Begin."""
        self._intake = intake
        with closing(sqlite3.connect(self._file)) as connection, connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS done (id INTEGER PRIMARY KEY, key TEXT, ticket TEXT, at INT)"
            )
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._end.set()
        self._thread.join()

    def heard_at(self) -> int:
        """Always there."""
        return self._engine.clock.now()

    def apply(self, command: Command) -> Result:
        """Do it whatever was done before."""
        values = (command.id, command.ticket, self._engine.clock.now())
        with closing(sqlite3.connect(self._file, timeout=60)) as connection, connection:
            connection.execute("INSERT INTO done (key, ticket, at) VALUES (?, ?, ?)", values)
        return Result(Outcome.APPLIED)

    def ask(self, command: Command) -> Result | None:
        """Whether it is among what was done."""
        with closing(sqlite3.connect(self._file)) as connection:
            found = connection.execute("SELECT 1 FROM done WHERE key = ?", (command.id,)).fetchone()
        return None if found is None else Result(Outcome.APPLIED)

    def _run(self) -> None:
        cursor = self._engine.log.cursor(DESK) or {"to": self._base, "done": 0}
        to, done = int(str(cursor["to"])), int(str(cursor["done"]))
        people = [Event(Kind.AGENT_LOGIN, name, self._base, f"{name} comes") for name in (MEI, WANG)]
        self._intake.submit(DESK, people, origin=Origin.STREAM)
        while not self._end.wait(0.05):
            # What was told last must not be behind what is told next, whatever the machine's clock does.
            now = max(to, min(self._engine.clock.now(), self.until or sys.maxsize))
            events = between(self._base, to, now)
            with closing(sqlite3.connect(self._file)) as connection:
                for row, key, ticket, at in connection.execute("SELECT * FROM done WHERE id > ?", (done,)).fetchall():
                    events.append(Event(Kind.ASSIGNED, ticket, at, f"done {key}", name=WANG))
                    done = row
            to = now
            if events:
                self._intake.submit(DESK, events, origin=Origin.STREAM, cursor={"to": to, "done": done})


class People:
    """Two supervisors who do what the number of an entry or a ticket tells them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="people")

    def start(self) -> None:
        """Come to work, with the accounts for it."""
        with self._engine.access.accounts.change() as change:
            now = self._engine.clock.now()
            known = {account.name for account in change.all()}
            for person in (ANN, LI):
                if person.name not in known:
                    change.give(change.add(person.name, now), AccountRole.SUPERVISOR, now)
        self._thread.start()

    def stop(self) -> None:
        """Go home."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(0.1):
            for act in (self._entries, self._tickets, self._requests):
                try:
                    act()
                except KnownError:
                    # Somebody was quicker, or the disk is full: they try again.
                    continue

    def _entries(self) -> None:
        desk, now = self._engine.desk().escalations, self._engine.clock.now()
        acted = 0
        for entry in self._engine.inbox.open_entries():
            if self._end.is_set() or acted == AT_ONCE:
                return
            acted += entry.id % 3 == 0
            try:
                if entry.state in (State.RAISED, State.EXHAUSTED) and entry.id % 3 == 0:
                    desk.acknowledge(ANN, entry.id, entry.version)
                elif entry.state is State.ACKNOWLEDGED and entry.owner == ANN.name and entry.id % 2:
                    desk.snooze(ANN, entry.id, entry.version, now + SECOND, "they call back")
                elif entry.state is State.ACKNOWLEDGED and entry.owner == ANN.name and entry.id % 4:
                    desk.resolve(ANN, entry.id, entry.version, "done")
            except KnownError:
                continue

    def _tickets(self) -> None:
        desk = self._engine.desk()
        for entry in self._engine.inbox.open_entries():
            if self._end.is_set():
                return
            if entry.ticket and entry.ticket % ASSIGNED_EVERY == 0 and not desk.commands.of_ticket(entry.ticket):
                desk.tickets.assign(ANN, [entry.ticket], WANG)

    def _requests(self) -> None:
        act = self._engine.desk().compensation
        case = Case(Money(180_00), Cause.OTHER)
        for entry in self._engine.inbox.open_entries():
            if self._end.is_set():
                return
            if entry.ticket and entry.ticket % PAID_EVERY == 0 and not act.requests.of_ticket(entry.ticket):
                act.propose(ANN, entry.ticket, case, 0)
        for request in act.requests.undecided():
            if request.ticket % (2 * PAID_EVERY):
                act.approve(LI, request.id)


def trouble(engine: Engine, file: Path) -> str:
    """What is still on its way or late; empty when all is well."""
    findings: list[Finding] = []
    Auditor(engine.inbox, engine.clock, findings.append).look()
    if findings:
        return str(findings[0])
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        left = {
            "notices": "SELECT count(*) FROM outbox WHERE state <= 2",
            "commands": "SELECT count(*) FROM command WHERE state <= 3",
            "notes": "SELECT count(*) FROM compensation_event WHERE told = 0 AND what <> 6",
        }
        counts = {what: connection.execute(query).fetchone()[0] for what, query in left.items()}
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def main() -> None:
    """Run to the end, if nobody kills it before."""
    folder, base, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    clock = SystemClock()
    engine = Engine(folder / DATA, clock=clock)
    feed = EngineFeed(engine, figures(folder), UTC)
    helpdesk, people, pause = Helpdesk(engine, folder, base), People(engine), threading.Event()
    engine.attach(helpdesk)
    feed.listen(lambda _notice: None)
    feed.begin()
    feed.opened().result(60)
    people.start()
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    pause.wait(seconds)
    people.stop()
    helpdesk.until = clock.now()
    left = "nothing was looked at"
    for _look in range(150):
        pause.wait(0.2)
        left = trouble(engine, engine.place.file)
        if not left and _look > 20:
            break
    print(left or f"well {helpdesk.until}", flush=True)  # noqa: T201
    feed.close()


if __name__ == "__main__":
    main()
