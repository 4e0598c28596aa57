"""A real database, a clock that moves when told, and a sweep whose turns a test takes itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from console.clock import FixedClock
from console.models.domain.escalation import Entry, Event, Happening, Occurrence, State, Transition
from console.models.domain.ports import Progress
from console.models.store import database, schema
from console.models.store.database import place
from console.models.store.escalation_outbox import SqlOutbox
from console.models.store.escalation_rows import SqlEscalationReader
from console.models.store.escalations import SqlEscalations
from console.scheduling.escalations.sweeper import Sweeper, Swept
from tests.models.domain.escalation_cases import NOON, RULES


class Clocks:
    """The crossings of a world in which each is known beforehand."""

    def __init__(self) -> None:
        self.all: list[Occurrence] = []
        self.asked: list[tuple[int, int]] = []
        self.over: set[int] = set()
        """Tickets whose matters are over."""
        self.fails = False

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        if self.fails:
            raise RuntimeError("no answer")
        self.asked.append((after, until))
        return [one for one in self.all if after < one.occurred_at <= until]

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        return [entry for entry in entries if entry.ticket in self.over]

    def next_after(self, at: int) -> int | None:
        return min((one.occurred_at for one in self.all if one.occurred_at > at), default=None)


class Centre:
    """One database and whoever sweeps it."""

    def __init__(self, folder: Path) -> None:
        self.clock = FixedClock(NOON)
        self.crossings = Clocks()
        self.place = place(folder)
        schema.upgrade(self.place.file, Progress())
        self._readers = database.reader(self.place.file)
        self.writer = SqlEscalations(database.writer(self.place.file), threading.Lock(), lambda _c, _m: None)
        self.reader = SqlEscalationReader(self._readers)
        self.outbox = SqlOutbox(self.writer)
        self.sweeper = self.restarted()

    def restarted(self) -> Sweeper:
        """A sweep that knows nothing but the database, as after a crash."""
        self.sweeper = Sweeper(self.writer, self.reader, [self.crossings], lambda: RULES, self.clock)
        return self.sweeper

    def turn(self, seconds: float = 0.0) -> Swept:
        """Let time pass, then sweep."""
        self.clock.advance(seconds)
        return self.sweeper.sweep()

    def moved(self, seconds: float = 0.0) -> list[tuple[int, State, int]]:
        """The same, as number, state and level of what the turn moved."""
        return [(made.entry.id, made.entry.state, made.entry.level) for made in self.turn(seconds).moved]

    def take(self, entry: int, name: str) -> Transition:
        return self.writer.move(entry, Event(Happening.ACKNOWLEDGE), self.clock.now(), name, RULES)

    def close(self) -> None:
        self.writer.close()
        self._readers.dispose()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    opened = Centre(tmp_path)
    yield opened
    opened.close()
