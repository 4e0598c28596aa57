"""The console's side: the window with intake, store and board in one process; run as a child of the benchmark."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.board import clicks, history
from benchmarks.board.measures import (
    LoopMeter,
    Probes,
    Stretch,
    idle_timer,
    own_bytes,
    wait_ms,
    waiting_for,
)
from benchmarks.board.stream import PROBES_PER_SECOND, WARM_UP, Feeder, Records
from console.clock import SystemClock
from console.models.domain.contacts import Role
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Batch, Intake
from console.models.live.filters import Filter
from console.models.live.sorts import Sort

SIZE = (1920, 1080)
_PROBE_KEYS = 1 << 61
_NAMED = {Kind.ASSIGNED: "Agent {:02d}", Kind.QUEUE_CHANGED: "Queue {}", Kind.CREATED: "Queue 1"}
_ROLES = {Kind.CUSTOMER_MESSAGE: Role.CUSTOMER, Kind.CREATED: Role.CUSTOMER, Kind.PUBLIC_REPLY: Role.AGENT}


class BenchConnector:
    """Turns what the sending process sends into events, as a connector for a helpdesk's stream would."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._clock = SystemClock()
        self.due: dict[int, float] = {}
        self.handed_in = 0

    def receive(self, rows: Records) -> None:
        """Called on the thread that reads the pipe."""
        now = self._clock.now()
        events = []
        for due, number, ticket, value, kind, probe in rows.tolist():
            key = number + _PROBE_KEYS * probe
            if probe:
                self.due[key] = due
            events.append(_event(kind, ticket, value, key, now))
        self.handed_in += len(events)
        self._intake.submit("bench", events, origin=Origin.STREAM)


def _event(kind: int, ticket: int, value: int, number: int, now: int) -> Event:
    if kind == Kind.AGENT_STATE:
        return Event(Kind.AGENT_STATE, f"Agent {ticket % 70 + 1:02d}", now, number, native=number, value=value)
    named = _NAMED.get(kind)  # type: ignore[call-overload]  # a Kind is an int
    return Event(
        kind,  # type: ignore[arg-type]  # as above
        f"T-{ticket:07d}",
        now,
        number,
        native=number,
        actor=f"Agent {value:02d}" if kind == Kind.PUBLIC_REPLY else "",
        role=_ROLES.get(kind, Role.SYSTEM),  # type: ignore[call-overload]  # as above
        value=0 if named else value,
        name=named.format(value) if named else "",
        body="Where is my order? It should have come on Monday." if kind == Kind.CUSTOMER_MESSAGE else "",
        detail={"subject": f"Order {ticket} has not come", "customer": "New customer"}
        if kind == Kind.CREATED
        else None,
    )


class Bench:
    """One run of the window over one history."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from console.views import theme

        self.app = QApplication(sys.argv[:1])
        theme.apply(self.app, "light")
        self.probes = Probes()
        self.found: dict[str, object] = {"empty_timer": idle_timer()}
        self.meter = LoopMeter()
        self._folder = folder
        self._frames: list[float] = []

    def open(self) -> None:
        """Show the window and load the board."""
        from benchmarks.board.window import Window

        self.window = Window(self._folder)
        self.table = self.window.show(*SIZE)
        wait_ms(500)
        before = own_bytes()
        self.meter.restart()
        began = time.perf_counter()
        self.board = self.window.open(self._receive)
        with waiting_for(self.table.painted):
            pass
        self.found["load_s"] = time.perf_counter() - began
        wait_ms(1_500)
        self.found["start_burst_ms"] = self.meter.longest_ms
        count = self.board.columns.count
        self.found |= {
            "tickets": count,
            "rows_in_sight": self.table.viewport().height() // self.table.rowHeight(0),
            "own_per_ticket": (own_bytes() - before) / count,
            "nbytes_per_ticket": self.board.nbytes / count,
        }
        self.connector = BenchConnector(self.window.engine.intake)
        self.table.painted.connect(self._on_painted)
        self.window.live.frame.connect(lambda _delta: self._frames.append(time.monotonic()))

    def _receive(self, batch: Batch) -> None:
        """What the window stages, with a look at the probes in it."""
        self.window.live.receive(batch)
        keys = batch.rows["key"]
        for place in np.flatnonzero(keys >= _PROBE_KEYS).tolist():
            self.probes.staged(int(batch.rows["seq"][place]), self.connector.due[int(keys[place])])

    def _on_painted(self) -> None:
        self.probes.painted(self.board.seq)

    def stream(self, rate: int, seconds: float, tickets: int) -> dict[str, object]:
        """One stretch at a rate."""
        self.probes.restart()
        first = int(time.time() * 1000)
        feeder = Feeder(self.connector.receive, tickets, rate, WARM_UP + seconds, first * 1_000_000)
        self.meter.restart()
        wait_ms((feeder.start + WARM_UP - time.monotonic()) * 1e3)
        start, handed_in, self._frames[:] = time.monotonic(), self.connector.handed_in, []
        stretch = Stretch()
        wait_ms((feeder.end - time.monotonic()) * 1e3)
        found = stretch.figures()
        end, handed_in = time.monotonic(), self.connector.handed_in - handed_in
        # Only what was due while the sender sent; this thread may have been late at either end.
        probed = min(end, feeder.end)
        wait_ms(1_000)
        feeder.stop()
        late = self.probes.latencies_ms(start, probed, int((probed - start) * PROBES_PER_SECOND) - 2)
        gaps = np.diff(self._frames) * 1e3
        bursts = np.array(self.meter.bursts) * 1e3
        return found | {
            "rate": rate,
            "absorbed": handed_in / (end - start),
            "backlog": self.window.live.backlog(),
            "p50": float(np.percentile(late, 50)),
            "p99": float(np.percentile(late, 99)),
            "probes": int(late.size),
            "staged_p50": float(np.percentile(self.probes.staged_after, 50)) * 1e3,
            "staged_p99": float(np.percentile(self.probes.staged_after, 99)) * 1e3,
            "frame_p50": float(np.percentile(gaps, 50)),
            "frame_p99": float(np.percentile(gaps, 99)),
            "burst_ms": self.meter.longest_ms,
            "burst_p99_ms": float(np.percentile(bursts[bursts > 0.1], 99)),
            "late_tickets": len(self.board.late),
            "stored": self.window.engine.events.committed_seq,
        }

    def clicks(self, rounds: int) -> dict[str, float]:
        """The median of each click, in milliseconds: to the paint of the rows in sight, and until all of the list
        (for the scroll bar and the count) follows."""
        queue = self.board.names.id("queue", "Queue 3")
        steps: dict[str, Callable[[], None]] = {
            "filter by queue": lambda: self.table.set_filter(Filter(values={"queue": frozenset({queue})})),
            "clear filter": lambda: self.table.set_filter(Filter()),
            'search "refund"': lambda: self.table.set_filter(Filter(text="refund")),
            "clear search": lambda: self.table.set_filter(Filter()),
            "sort by agent": lambda: self.table.set_sort(Sort("assignee")),
            "sort by due": lambda: self.table.set_sort(Sort("due")),
        }
        times: dict[str, list[float]] = {name: [] for name in clicks.NAMES}
        whole: list[float] = []
        self.table.shown_changed.connect(lambda _shown: whole.append(time.perf_counter()))
        until_whole: dict[str, list[float]] = {name: [] for name in clicks.NAMES}
        self.meter.restart()
        for _round in range(rounds):
            for name, click in steps.items():
                wait_ms(150)
                whole.clear()
                began = time.perf_counter()
                with waiting_for(self.table.filter_applied, self.table.painted):
                    click()
                times[name].append((time.perf_counter() - began) * 1e3)
                wait_ms(150)
                until_whole[name].append((whole[0] - began) * 1e3)
        self.found["whole"] = {name: statistics.median(found) for name, found in until_whole.items()}
        return {name: statistics.median(found) for name, found in times.items()} | {"burst_ms": self.meter.longest_ms}

    def close(self) -> None:
        """End everything in order."""
        self.window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description="the console's side; started by the benchmark")
    parser.add_argument("--tickets", type=int, required=True)
    parser.add_argument("--rates", type=lambda text: [int(part) for part in text.split(",")], required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--dir", type=Path)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = history.prepared(options.tickets, options.dir)
    try:
        bench = Bench(folder)
        bench.open()
        bench.found["clicks"] = bench.clicks(options.rounds)
        bench.found["rates"] = [bench.stream(rate, options.seconds, options.tickets) for rate in options.rates]
        bench.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(json.dumps(bench.found))


if __name__ == "__main__":
    main()
