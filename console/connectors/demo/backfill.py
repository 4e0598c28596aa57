"""Past days, generated in a process of their own so that the console's own process is not slowed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Sequence
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
from console.models.domain.events import Event

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a past day; the last one has ``last`` set and brings what is still open."""

    ordinal: int
    events: list[Event]
    last: bool = False
    tail: Tail | None = None


def generate(site: Site, job: Job, now: int) -> tuple[list[Event], Tail | None]:
    """The events of a past day up to ``now`` that the log does not have yet, and what is still open then."""
    day = Day(site, date.fromordinal(job.ordinal), job.bodies)
    events: list[Event] = []
    for entry in job.entries:
        events += day.advance(entry.at)
        events += day.apply(entry.command)[1]
    events += day.advance(now)
    return events[job.after :], day.tail if day.next_at() is not None else None


def produce(pipe: Connection, site: Site, jobs: Sequence[Job], now: int) -> None:
    """Generate these days one after the other and send them; the main function of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(AttributeError, OSError):
        os.nice(10)
    # The console closes its end when it has had enough.
    with suppress(BrokenPipeError, ConnectionResetError), pipe:
        for job in jobs:
            events, tail = generate(site, job, now)
            while len(events) > BATCH:
                pipe.send(Piece(job.ordinal, events[:BATCH]))
                del events[:BATCH]
            pipe.send(Piece(job.ordinal, events, True, tail))


class WorkerLost(KnownError):
    """The process that generates past days ended before it was done."""

    exit_code = 3


class Worker:
    """The process that generates past days, seen from the console."""

    def __init__(self, site: Site, jobs: Sequence[Job], now: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process: BaseProcess = context.Process(
            target=produce, args=(theirs, site, tuple(jobs), now), name="demo-past", daemon=True
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
