"""The console without its window: the log, the connectors that feed it, and the order in which they start and stop."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from console.clock import SystemClock
from console.models.domain.ports import Clock, Connector, Intake, Progress, Tail
from console.models.store.health import StoreHealth
from console.models.store.log import EventLog, open_log
from console.models.store.reader import SqlLogReader

logger = logging.getLogger("console.engine")


class Engine:
    """One running console over one data directory. Only one process at a time can have it open."""

    def __init__(self, data_dir: Path, *, url: str | None = None, clock: Clock | None = None) -> None:
        """Name the data directory, or a database by ``url``; nothing is touched before `open`."""
        from console.models.store.database import place

        self.clock: Clock = clock or SystemClock()
        self.place = place(data_dir, url)
        self._events: EventLog | None = None
        self._connectors: list[Connector] = []
        self._started = False

    @property
    def events(self) -> EventLog:
        """The open log; raises RuntimeError before `open`."""
        if self._events is None:
            raise RuntimeError("the engine is not open")
        return self._events

    @property
    def intake(self) -> Intake:
        """Where events are handed in."""
        return self.events.intake

    @property
    def tail(self) -> Tail:
        """Where live batches come out."""
        return self.events.intake

    @property
    def log(self) -> SqlLogReader:
        """The readers of the log."""
        return self.events.reader

    @property
    def health(self) -> StoreHealth:
        """How the store is."""
        return self.events.health

    def open(self, progress: Progress | None = None) -> Self:
        """Take the lock and bring the database up to date, with progress.

        Raises `store.lock.Locked` when another process has it, SetupError when it cannot be used, `Cancelled`.
        """
        self._events = open_log(self.place, self.clock, progress)
        return self

    def attach(self, connector: Connector) -> None:
        """Add a source of events; it starts with the engine, or at once when the engine runs."""
        self._connectors.append(connector)
        if self._started:
            connector.start(self.intake)

    def start(self) -> None:
        """Begin to take events, then start the connectors. Subscribe to `tail` before."""
        self.events.start()
        self._started = True
        for connector in self._connectors:
            connector.start(self.intake)

    def stop(self) -> None:
        """Stop the connectors, make durable what they handed in, close the log, free the lock."""
        for connector in reversed(self._connectors):
            try:
                connector.stop()
            except Exception:
                # A connector that cannot stop must not keep the events of the others from the disk.
                logger.exception("%s did not stop", connector.name)
        if self._events is not None:
            self._events.stop()
            self._events = None
        self._started = False

    def __enter__(self) -> Self:
        if self._events is None:
            self.open()
        self.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()
