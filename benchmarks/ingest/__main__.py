"""Durable ingest on a log that is already big: ``python -m benchmarks.ingest --help``.

Events are offered by schedule, not when the store is ready for them: one that had to wait counts from the instant it
was due (no coordinated omission). The shipped window follows them on the board screen in the same process. Beside the
figures stands a probe of the same disk: 4 KiB appended and fsync'd, before the run, 20 times a second during it by a
process that does nothing else, and after it. Events on random tickets need the pages of these in the system's memory:
where it has given them to others, they are read anew, which is printed too, and the figures are those of a cold start.
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
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from benchmarks.board.measures import Stretch, wait_ms
from benchmarks.board.window import Window
from benchmarks.ingest.disk import megabytes_read, probe
from console.engine import Engine
from console.models.domain import attributes
from console.models.domain.events import Event, Kind, Origin
from console.models.domain.ports import Receipt
from console.views import theme

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
    }


def measure(options: argparse.Namespace, locality: str) -> str:
    """One run beside the window, in words."""
    quiet = probe(options.dir)
    window = Window(options.dir)
    frames: list[float] = []
    try:
        window.show(1920, 1080)
        window.open(window.live.receive)
        wait_ms(2_000)
        window.live.frame.connect(lambda _delta: frames.append(time.perf_counter()))
        before = window.engine.log.count()
        stretch, cold = Stretch(), megabytes_read()
        with ThreadPoolExecutor(1, "connector") as connector, ProcessPoolExecutor(1, get_context("spawn")) as beside:
            meanwhile = beside.submit(probe, options.dir, round(options.seconds * 20), 0.05)
            tickets = options.size // EVENTS_PER_TICKET
            offered = connector.submit(offer, window.engine, locality, options.rate, options.seconds, tickets)
            while not offered.done():
                wait_ms(20)
            found, cores, during = offered.result(), stretch.figures(), meanwhile.result()
            cold = megabytes_read() - cold
        count = window.engine.log.count()
    finally:
        window.close()
    if count - before != int(options.rate * options.seconds):
        raise SystemExit(f"{count - before:,} events landed, not {int(options.rate * options.seconds):,}")
    after = probe(options.dir)
    between = np.percentile(np.diff(frames) * 1e3, [50, 99])
    return (
        f"{locality:7} on {count:,} events: {found['rate']:,.0f}/s, event to acknowledged "
        f"p50 {found['p50']:.1f} p99 {found['p99']:.1f} max {found['max']:.1f} ms, WAL up to {found['wal']:.0f} MB, "
        f"CPU {cores['process_share']:.2f} core of which the window's thread {cores['gui_share']:.2f}; "
        f"read from disk {cold:.0f} MB; frames every {between[0]:.1f} ms (p99 {between[1]:.1f}); "
        f"fsync probe p50/p99/max before {_three(quiet)}, meanwhile {_three(during)}, after {_three(after)} ms"
    )


def _three(took: np.ndarray) -> str:
    return "/".join(f"{value:.2f}" for value in np.percentile(took, [50, 99, 100]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True, help="where the big log is built and kept")
    parser.add_argument("--size", type=int, default=5_000_000)
    parser.add_argument("--rate", type=int, default=10_500, help="events a second that are offered")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--locality", choices=[*LOCALITIES], action="append", help="which tickets the events hit")
    options = parser.parse_args()
    build(options.dir, options.size)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    theme.apply(QApplication(sys.argv[:1]), "light")
    for locality in options.locality or LOCALITIES:
        print(measure(options, locality), flush=True)


if __name__ == "__main__":
    main()
