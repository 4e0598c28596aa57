"""The engine of a simulated day: a clock that jumps from happening to happening, and the events that come out."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from heapq import heappop, heappush
from typing import Any

from console.clock import SECOND
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind

KEYS_PER_DAY = 10_000_000


class Thing:
    """Something that has plans. Raising ``gen`` cancels all the plans made so far."""

    __slots__ = ("gen",)

    def __init__(self) -> None:
        self.gen = 0


class Kernel:
    """Plans in order of time, one stream of chance, and the events so far. Keys are the day's ordinal and a counter."""

    __slots__ = ("base", "bodies", "counter", "heap", "now", "out", "planned", "random", "rng")

    def __init__(self, ordinal: int, start: int, rng: random.Random, bodies: bool) -> None:
        self.base = ordinal * KEYS_PER_DAY
        self.bodies = bodies
        self.counter = 0
        self.heap: list[tuple[int, int, Callable[[Any], None], Any, int]] = []
        self.now = start
        self.out: list[Event] = []
        self.planned = 0
        self.rng = rng
        self.random = rng.random

    def after(self, seconds: float, call: Callable[[Any], None], thing: Thing) -> None:
        """Plan a call for ``thing`` so many seconds from now."""
        self.planned += 1
        heappush(self.heap, (self.now + int(seconds * SECOND), self.planned, call, thing, thing.gen))

    def at(self, instant: int, call: Callable[[Any], None], thing: Thing) -> None:
        """Plan a call for ``thing`` at an instant, or now where that has passed."""
        self.planned += 1
        heappush(self.heap, (max(instant, self.now), self.planned, call, thing, thing.gen))

    def run(self, until: int) -> None:
        """Carry out every plan up to and including this instant."""
        heap = self.heap
        while heap and heap[0][0] <= until:
            at, _, call, thing, gen = heappop(heap)
            if thing.gen == gen:
                self.now = at
                call(thing)
        self.now = max(self.now, until)

    def next_at(self) -> int | None:
        """When something happens next; None when nothing is planned."""
        return self.heap[0][0] if self.heap else None

    def emit(
        self,
        kind: Kind,
        subject: str,
        actor: str = "",
        role: Role = Role.SYSTEM,
        value: int = 0,
        name: str = "",
        body: str = "",
        detail: Mapping[str, object] | None = None,
    ) -> None:
        """An event that happens now."""
        self.counter += 1
        key = self.base + self.counter
        self.out.append(
            Event(kind, subject, self.now, key, key, actor, role, value, name, body if self.bodies else "", detail)
        )

    def take(self) -> list[Event]:
        """The events since the last call."""
        out, self.out = self.out, []
        return out
