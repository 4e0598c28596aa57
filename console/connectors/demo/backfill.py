"""Past days, generated in a process of their own so that the console's own process is not slowed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from console.connectors.demo.bookmark import Job
from console.connectors.demo.day import Day
from console.connectors.demo.site import Site
from console.connectors.demo.tail import Tail
from console.errors import KnownError
from console.i18n import _
from console.models.domain.events import FIRST_AGENT_KIND, Event

EVENTS_PER_PIECE = 500
"""As many as the store takes at once, so that hardly ever a contact is split on its way to the board."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a past day: whole contacts, so that nobody sees one that seems to wait for days because its end is
    still to come. With it so many events of the job have been ``handed`` in; the last one brings what is still open."""

    job: Job
    events: list[Event]
    handed: int
    last: bool = False
    tail: Tail | None = None


def generate(site: Site, job: Job) -> tuple[list[Event], Tail | None]:
    """All events of a past day up to the end of its job, in order of time, and what is still open then."""
    day = Day(site, date.fromordinal(job.ordinal), job.bodies)
    events: list[Event] = []
    for entry in job.entries:
        events += day.advance(entry.at)
        events += day.apply(entry.command)[1]
    events += day.advance(job.until)
    return events, day.tail if day.next_at() is not None else None


def by_ticket(events: Sequence[Event], after: int, open_now: Container[str]) -> list[list[Event]]:
    """What the log does not have yet of a day, in groups that belong together: what the agents did, contacts that were
    begun already, those that are over, and last those that are open now. Within a group in order of time."""
    begun = {event.subject for event in events[:after]}
    agents: list[Event] = []
    contacts: dict[str, list[Event]] = {}
    for event in events[after:]:
        group = agents if event.kind >= FIRST_AGENT_KIND else contacts.setdefault(event.subject, [])
        group.append(event)
    order = sorted(contacts, key=lambda ticket: (ticket not in begun, ticket in open_now))
    return [agents, *(contacts[ticket] for ticket in order)]


def pieces(site: Site, job: Job) -> Iterator[Piece]:
    """The past day of this job, in the order in which it is to be handed in."""
    events, tail = generate(site, job)
    piece: list[Event] = []
    handed = 0
    for group in by_ticket(events, job.after, () if tail is None else tail.open):
        if piece and len(piece) + len(group) > EVENTS_PER_PIECE:
            yield Piece(job, piece, handed)
            piece = []
        handed += len(group)
        if handed > job.handed:
            piece += group
    yield Piece(job, piece, handed, True, tail)


def produce(pipe: Connection, site: Site, jobs: Sequence[Job]) -> None:
    """Generate these days one after the other and send them; the main function of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        os.nice(10)
    # The console closes its end when it has had enough.
    with suppress(BrokenPipeError, ConnectionResetError), pipe:
        for job in jobs:
            for piece in pieces(site, job):
                pipe.send(piece)


class WorkerLost(KnownError):
    """The process that generates past days ended before it was done."""

    exit_code = 3


class Worker:
    """The process that generates past days, seen from the console."""

    def __init__(self, site: Site, jobs: Sequence[Job]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=produce, args=(theirs, site, tuple(jobs)), name="demo-past", daemon=True
        )
        self._process.start()
        theirs.close()

    def take(self, seconds: float) -> Piece | None:
        """What the process sends next; None when that takes longer. Raises `WorkerLost` when the process has ended."""
        try:
            return self._pipe.recv() if self._pipe.poll(seconds) else None
        except (EOFError, OSError) as error:
            self._process.join()
            raise WorkerLost(
                _("The process that generates past days ended with code {code}.").format(code=self._process.exitcode),
                _("The next start goes on where it stopped."),
            ) from error

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()
        self._process.close()
