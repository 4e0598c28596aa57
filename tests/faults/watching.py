"""A whole engine on the machine's clock: ``watching.py DIR BASE SECONDS EVENTS_PER_SECOND CROSSINGS_PER_SECOND``.

Clocks cross at instants that follow from BASE (microseconds) and their number alone, so every process of one world
sees the same. Of each hundred one is urgent. A line on standard output for each notice heard: the entry's number, its
urgency, and by how many milliseconds it was heard after its clock crossed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from console.clock import MILLISECOND, SECOND
from console.engine import Engine
from console.models.domain.escalation import Occurrence, Urgency
from console.models.domain.escalation_ports import Waiting
from console.models.domain.events import Event, Kind, Origin
from console.models.policy import policy
from tests.models.domain.escalation_cases import breach

STEP = 0.025
URGENT_EVERY = 100


class World:
    """Crossings at a steady rate from an instant on."""

    def __init__(self, base: int, per_second: int) -> None:
        self._base = base
        self._apart = SECOND // per_second

    def crossing(self, number: int) -> Occurrence:
        urgency = Urgency.P1 if number % URGENT_EVERY == 0 else Urgency.P3
        return breach(number, at=self._base + number * self._apart, urgency=urgency)

    def number_at(self, at: int) -> int:
        """The last one that has crossed by then."""
        return max(0, (at - self._base) // self._apart)

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        return [self.crossing(number) for number in range(self.number_at(after) + 1, self.number_at(until) + 1)]

    def next_after(self, at: int) -> int | None:
        return self.crossing(self.number_at(at) + 1).occurred_at


def flood(per_second: int, at: int) -> Iterator[list[Event]]:
    """Batches of customers' messages, each with keys of its own, also after a restart."""
    each, number = max(1, round(per_second * STEP)), 0
    while True:
        yield [
            Event(Kind.CUSTOMER_MESSAGE, f"T-{key % 5_000}", at + key, at % SECOND + key)
            for key in range(number, number + each)
        ]
        number += each


def main() -> None:
    """Run to the end, if nobody kills it before."""
    folder, base, seconds = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    events, crossings = int(sys.argv[4]), int(sys.argv[5])
    engine = Engine(folder, policy=policy.default())
    with engine:
        clock, inbox = engine.clock, engine.inbox

        def hear(notice: Waiting) -> None:
            late = (clock.now() - inbox.entry(notice.entry).occurred_at) // MILLISECOND
            sys.stdout.write(f"{notice.entry} {int(notice.urgency)} {late}\n")
            sys.stdout.flush()

        engine.notices.subscribe(hear)
        engine.watch(World(base, crossings), since=base)
        pause = threading.Event()
        ends, batches = clock.monotonic() + seconds, flood(events, clock.now())
        while clock.monotonic() < ends:
            if events:
                engine.intake.submit("desk", next(batches), origin=Origin.STREAM)
            pause.wait(STEP)


if __name__ == "__main__":
    main()
