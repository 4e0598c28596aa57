"""The demonstration centre as a source like any other: today first, then as time passes, older weeks behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import tzinfo

from console.connectors.demo.centre import DemoCentre
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.events import Event, Origin
from console.models.domain.ports import Clock, Intake, Receipt

BATCH = 2_000
"""Events handed in at once while catching up."""
LONGEST_SLEEP = 0.1


class DemoConnector:
    """Feeds the simulated centre through the door of all sources."""

    def __init__(self, seed: int, clock: Clock, zone: tzinfo, speed: float = 1.0) -> None:
        self.name = "demo"
        self.centre = DemoCentre(seed, zone, clock.now())
        self.current = threading.Event()
        """Set as soon as everything from midnight to now has been handed in."""
        self._clock = clock
        self._speed = speed
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._intake: Intake | None = None

    def start(self, intake: Intake) -> None:
        """Begin to hand in events; today's first."""
        self._intake = intake
        self._begin(self._live, "demo-live")

    def _begin(self, run: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Stop and wait for the threads."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def apply(self, command: Command) -> Result:
        """Carry out a command and hand in what it changed."""
        if self._intake is None or self._stopping.is_set():
            return Result(Outcome.UNKNOWN, "the demonstration centre is not running")
        with self._lock:
            self._submit(self.centre.advance(self._clock.now()))
            result, events = self.centre.apply(command)
            receipt = self._submit(events)
        if receipt is not None:
            receipt.wait()
        return result

    def _submit(self, events: list[Event], cursor: Mapping[str, object] | None = None) -> Receipt | None:
        assert self._intake is not None
        receipt: Receipt | None = None
        for first in range(0, len(events), BATCH):
            receipt = self._intake.submit(self.name, events[first : first + BATCH], origin=Origin.DEMO, cursor=cursor)
        return receipt

    def _live(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                self._submit(self.centre.advance(self._clock.now()))
                due = self.centre.next_at()
            self.current.set()
            wait = (due - self._clock.now()) / 1e6 / self._speed
            self._stopping.wait(min(max(wait, 0.005), LONGEST_SLEEP))
