"""Durable ingest on a log that is already big: ``python -m benchmarks.ingest --help``.

Events are offered by schedule, not when the store is ready for them: one that had to wait counts from the instant it
was due (no coordinated omission). A thread that keeps the interpreter busy stands in for the window. Beside the figures
stands an empty probe of the same disk in the same run: 4 KiB appended and fsync'd.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from console.clock import SystemClock
from console.engine import Engine
from console.models.domain import attributes
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Batch, Receipt

EVENTS_PER_TICKET = 5
START = 1_780_000_000_000_000
STEP = 400_000
TICK = 0.01
KINDS = (Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY, Kind.STATUS_CHANGED, Kind.ASSIGNED)
LOCALITIES: dict[str, Callable[[random.Random, int], int]] = {
    "random": lambda chance, tickets: chance.randrange(tickets),
    "recent": lambda chance, tickets: tickets - 1 - min(int(chance.expovariate(1 / 3000)), tickets - 1),
}


def an_event(number: int, ticket: int, at: int, chance: random.Random) -> Event:
    kind = KINDS[number % len(KINDS)]
    return Event(
        kind,
        f"T-{ticket:07d}",
        at,
        number + 1,
        native=number,
        actor=f"agent {ticket % 80:02d}",
        value=number % 4 + 1 if kind is Kind.STATUS_CHANGED else 0,
        name=f"agent {chance.randrange(80):02d}" if kind is Kind.ASSIGNED else "",
        body="Where is my order? It should have come on Monday." if kind is Kind.CUSTOMER_MESSAGE else "",
    )


def history(first: int, last: int) -> Iterator[Event]:
    """The big log: tickets come one after another, each with its events close together."""
    chance = random.Random(first)
    for number in range(first, last):
        ticket, step = divmod(number, EVENTS_PER_TICKET)
        at = START + number * STEP
        if step:
            yield an_event(number, ticket, at, chance)
        else:
            value = attributes.pack(channel=1 + ticket % 10, type=1 + ticket % 25, status=1, priority=2)
            detail = {"subject": f"Order {ticket} has not arrived", "customer": f"customer {ticket}"}
            yield Event(Kind.CREATED, f"T-{ticket:07d}", at, number + 1, value=value, name="queue 1", detail=detail)


def build(folder: Path, size: int) -> None:
    with Engine(folder) as engine:
        have = engine.log.last_seq()
        if have >= size:
            return
        print(f"building {size - have:,} events", flush=True)
        started = time.perf_counter()
        receipt: Receipt | None = None
        for first in range(have, size, 20_000):
            receipt = engine.intake.submit(
                "bench", list(history(first, min(first + 20_000, size))), origin=Origin.IMPORT
            )
        if receipt is not None:
            receipt.wait()
        print(f"  {(size - have) / (time.perf_counter() - started):,.0f} events/s as an import")


def probe(folder: Path, rounds: int = 200) -> np.ndarray:
    path = folder / "probe"
    took = []
    with path.open("ab", buffering=0) as file:
        for _ in range(rounds):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return np.array(took) * 1e3


class Window:
    """Holds the interpreter for a share of every frame, as a busy window does."""

    def __init__(self, share: float) -> None:
        # As the window does (views/pace.py).
        sys.setswitchinterval(0.001)
        self._share = share
        self._ended = threading.Event()
        self.late: list[float] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        frame = 1 / 60
        due = time.perf_counter()
        while not self._ended.is_set():
            due += frame
            time.sleep(max(0.0, due - time.perf_counter()))
            woke = time.perf_counter()
            self.late.append(woke - due)
            if woke - due > 1:
                due = woke
            end = time.thread_time() + frame * self._share
            while time.thread_time() < end:
                sum(range(50))

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


def offer(engine: Engine, locality: str, rate: int, seconds: float, tickets: int) -> dict[str, float]:
    chance = random.Random(1)
    pick = LOCALITIES[locality]
    number = engine.log.last_seq()
    waiting: deque[tuple[Receipt, float, int] | None] = deque()
    arrived = threading.Semaphore(0)
    latencies: list[np.ndarray] = []

    def acknowledge() -> None:
        while True:
            arrived.acquire()
            item = waiting.popleft()
            if item is None:
                return
            receipt, due, count = item
            receipt.wait()
            now = time.perf_counter()
            latencies.append(now - (due - np.arange(count) / rate))

    thread = threading.Thread(target=acknowledge)
    thread.start()
    started = time.perf_counter()
    cpu = time.process_time()
    sent, wal = 0, 0
    total = int(rate * seconds)
    while sent < total:
        due = (sent + int(rate * TICK)) / rate + started
        time.sleep(max(0.0, due - time.perf_counter()))
        upto = min(total, max(sent + 1, int((time.perf_counter() - started) * rate)))
        at = START + (number + sent) * STEP
        events = [an_event(number + i, pick(chance, tickets), at, chance) for i in range(sent, upto)]
        receipt = engine.intake.submit("bench", events, origin=Origin.STREAM)
        waiting.append((receipt, started + upto / rate, upto - sent))
        arrived.release()
        sent = upto
        wal = max(wal, engine.place.wal.stat().st_size)
    waiting.append(None)
    arrived.release()
    thread.join()
    took = time.perf_counter() - started
    all_ms = np.concatenate(latencies) * 1e3
    p50, p99, worst = np.percentile(all_ms, [50, 99, 100])
    return {
        "rate": total / took,
        "p50": p50,
        "p99": p99,
        "max": worst,
        "wal": wal / 1e6,
        "cpu": (time.process_time() - cpu) / took,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True, help="where the big log is built and kept")
    parser.add_argument("--size", type=int, default=5_000_000)
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--window", type=float, default=0.4, help="share of a core that the stand-in window takes")
    parser.add_argument("--locality", choices=[*LOCALITIES], action="append", help="which tickets the events hit")
    options = parser.parse_args()
    build(options.dir, options.size)
    for locality in options.locality or LOCALITIES:
        quiet = probe(options.dir)
        with Engine(options.dir, clock=SystemClock()) as engine:
            staged: deque[Batch] = deque(maxlen=100)
            engine.tail.subscribe(staged.append)
            before = engine.log.count()
            window = Window(options.window)
            try:
                found = offer(engine, locality, options.rate, options.seconds, options.size // EVENTS_PER_TICKET)
            finally:
                window.stop()
            late = np.percentile(np.array(window.late) * 1e3, [50, 99])
            count = engine.log.count()
        if count - before != int(options.rate * options.seconds):
            raise SystemExit(f"{count - before:,} events landed, not {int(options.rate * options.seconds):,}")
        after = probe(options.dir)
        print(
            f"{locality:7} on {count:,} events: {found['rate']:,.0f}/s, event to acknowledged "
            f"p50 {found['p50']:.1f} p99 {found['p99']:.1f} max {found['max']:.1f} ms, "
            f"WAL up to {found['wal']:.0f} MB, CPU {found['cpu']:.2f} core of which window {options.window:.2f}; "
            f"window's frames late by p50 {late[0]:.1f} p99 {late[1]:.1f} ms; "
            f"fsync probe p50/p99 before {np.percentile(quiet, 50):.2f}/{np.percentile(quiet, 99):.2f}, "
            f"after {np.percentile(after, 50):.2f}/{np.percentile(after, 99):.2f} ms"
        )


if __name__ == "__main__":
    main()
