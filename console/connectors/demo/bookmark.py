"""How far the demonstration centre has been handed in, and what supervisors did in it; kept as the source's cursor.

Each day's events are numbered from 1, so that a count per day says exactly which events the log has. Of the past day
that is being filled in, whose events come ticket by ticket, it says how many of them came. The commands are kept with
their instants, because a day that is generated again has to go the way it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from console.connectors.demo.kernel import KEYS_PER_DAY
from console.models.domain.commands import Command, Verb
from console.models.domain.events import Event


class Entry(NamedTuple):
    """A command, the instant at which it was carried out, and the ordinal of that day."""

    at: int
    command: Command
    today: int = 0

    @property
    def ordinal(self) -> int | None:
        """The day that goes another way by it: a ticket's own, an agent's present one."""
        return self.today if self.command.agent else day_of(self.command.ticket)


class Filling(NamedTuple):
    """How far a past day is filled in: its events up to ``until`` are handed in ticket by ticket, and the first
    ``handed`` of them have been."""

    until: int
    handed: int


class Job(NamedTuple):
    """A past day to be generated up to ``until``: what is numbered up to ``after`` is in the log already, and of the
    rest the first ``handed`` events in the order of `backfill.by_ticket`."""

    ordinal: int
    until: int
    after: int
    handed: int
    bodies: bool
    entries: tuple[Entry, ...]

    @property
    def begun(self) -> bool:
        """Whether contacts of this day may stand half in the log."""
        return self.after > 0


@dataclass(slots=True)
class Bookmark:
    """What is handed in: whole days, counts of the days that go on, and the commands on their contacts and agents."""

    seed: int
    zone: str
    done: set[int] = field(default_factory=set)
    counts: dict[int, int] = field(default_factory=dict)
    journal: list[Entry] = field(default_factory=list)
    filling: dict[int, Filling] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: Mapping[str, Any]) -> Bookmark:
        """From the cursor that `written` made."""
        return cls(
            seed=cursor["seed"],
            zone=cursor["zone"],
            done=set(cursor["done"]),
            counts={int(ordinal): count for ordinal, count in cursor["counts"].items()},
            journal=[
                Entry(at, Command(id_, Verb(verb), *words), today) for at, today, id_, verb, *words in cursor["journal"]
            ],
            filling={int(ordinal): Filling(*how_far) for ordinal, how_far in cursor["filling"].items()},
        )

    def written(self) -> dict[str, object]:
        """As plain values for the cursor."""
        return {
            "seed": self.seed,
            "zone": self.zone,
            "done": sorted(self.done),
            "counts": {str(ordinal): count for ordinal, count in sorted(self.counts.items())},
            "journal": [
                [e.at, e.today, c.id, c.verb.value, c.ticket, c.name, c.value, c.text, c.actor, c.agent]
                for e in self.journal
                for c in (e.command,)
            ],
            "filling": {str(ordinal): list(how_far) for ordinal, how_far in self.filling.items()},
        }

    def fresh(self, events: Iterable[Event]) -> list[Event]:
        """Those of these events that were not handed in yet; from now on they count as handed in."""
        new: list[Event] = []
        counts, done = self.counts, self.done
        for event in events:
            ordinal, number = divmod(event.native, KEYS_PER_DAY)
            if ordinal not in done and number > counts.get(ordinal, 0):
                counts[ordinal] = number
                new.append(event)
        return new

    def fill(self, job: Job, handed: int, *, last: bool, going_on: bool) -> None:
        """The first ``handed`` events of a past day count as handed in; with the ``last`` ones either nothing of it is
        open any more, or it is ``going_on`` from there in order of time."""
        if not last:
            self.filling[job.ordinal] = Filling(job.until, handed)
        elif going_on:
            self.filling.pop(job.ordinal, None)
            self.counts[job.ordinal] = job.after + handed
        else:
            self.finish(job.ordinal)

    def finish(self, ordinal: int) -> None:
        """Everything of this day has been handed in, and nothing of it can change any more."""
        self.done.add(ordinal)
        self.filling.pop(ordinal, None)
        self.counts.pop(ordinal, None)
        self.journal = [entry for entry in self.journal if entry.ordinal != ordinal]

    def entries_of(self, ordinal: int) -> tuple[Entry, ...]:
        """The commands on contacts that arrived on this day, and on its agents, in order."""
        return tuple(entry for entry in self.journal if entry.ordinal == ordinal)

    def knows(self, command: Command) -> bool:
        """Whether a command with this id has been carried out."""
        return any(entry.command.id == command.id for entry in self.journal)

    def jobs(self, today: int, now: int, days: int, days_with_bodies: int) -> list[Job]:
        """The past days that are not complete: first those whose contacts stand open on the board because they were
        begun, then one that was being filled in, then the others; the newest first."""
        wanted = {*range(today - days, today)}.union(day for day in {*self.counts, *self.filling} if day < today)
        jobs = []
        for day in wanted - self.done:
            until, handed = self.filling.get(day, Filling(now, 0))
            bodies = today - day < days_with_bodies
            jobs.append(Job(day, until, self.counts.get(day, 0), handed, bodies, self.entries_of(day)))
        return sorted(jobs, key=lambda job: (not job.begun, not job.handed, -job.ordinal))


def day_of(ticket: str) -> int | None:
    """The ordinal of the day on which a ticket of the centre arrived; None for a reference that is none of its own."""
    try:
        return datetime.strptime(ticket[:6], "%y%m%d").toordinal()  # noqa: DTZ007 - a date without a time of day
    except ValueError:
        return None
