"""What the clocks cost: ``python -m benchmarks.clocks [--open N] [--tickets N] [--directory DIR]``.

*Ageing* lets seconds go by over ``--open`` tickets in progress, by the due index and by judging every clock anew; the
*inbox* part runs the whole engine with the system's clock over a tenth of ``--tickets`` in progress.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks import keeping, synthetic
from benchmarks.clocks.inbox import delays
from console.clock import DAY, HOUR, SECOND
from console.models.domain.attributes import BY_NAME
from console.models.domain.contacts import Role, Status
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Rows
from console.models.live.cycle_states import judged
from console.models.live.deadlines import Deadlines
from console.models.policy import policy as policies
from console.models.queries.sla import sla_report
from console.models.store.log import open_reader

NOW = 1_795_000_000_000_000
SECONDS = 300
RECOMPUTES = 3
FOLDS_PER_SECOND = 4
RATES = (2_000, 10_000)
IN_SIGHT = 50
LEAST_RATIO = 100
LIMIT = 1.0
"""Seconds from a due instant until the breach is in the inbox."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=1_000_000)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--directory", type=Path, help="keep the database here and use it again")
    options = parser.parse_args()
    good = ageing(options.open)
    with keeping.directory(options.directory) as directory:
        stored(directory, options.tickets)
        good &= inbox(directory / "inbox", options.tickets // 10)
    return 0 if good else 1


def ageing(count: int) -> bool:
    """Seconds that go by over many open tickets, and events that come."""
    policy = policies.default()
    log = Log(_open_tickets(count))
    deadlines = Deadlines(log, policy)
    began = time.perf_counter()
    deadlines.load(NOW)
    print(f"{count:,} open tickets, {len(deadlines._index):,} clocks with a due time, {deadlines.nbytes / 1e6:.0f} MB")
    print(f"{'load from memory':<34} {time.perf_counter() - began:9.2f} s")
    standing = len(deadlines.standing(NOW))
    while deadlines._standing.size:
        standing += len(deadlines.between(NOW, NOW))
    in_sight = np.arange(1, IN_SIGHT + 1)
    crossed, turns = 0, []
    for second in range(SECONDS):
        began = time.perf_counter()
        crossed += len(deadlines.between(NOW + second * SECOND, NOW + (second + 1) * SECOND))
        deadlines.next_due(in_sight)
        deadlines.next_after(NOW + (second + 1) * SECOND)
        turns.append(time.perf_counter() - began)
    wholes = []
    clocks = deadlines._index.fold
    for _turn in range(RECOMPUTES):
        began = time.perf_counter()
        running, _place = clocks.running(np.arange(clocks.columns.rows))
        judged(running, clocks.columns.pauses, clocks.table, policy.targets, NOW)
        wholes.append(time.perf_counter() - began)
    ratio = float(np.median(wholes) / np.mean(turns))
    print(f"{'standing at the start':<34} {standing:9,}")
    print(f"{'crossed in ' + str(SECONDS) + ' s':<34} {crossed:9,}")
    _times("a second by the due index", turns)
    _times("every clock anew, on vectors", wholes)
    print(f"{'ratio':<34} x{ratio:.0f} (at least x{LEAST_RATIO})")
    for rate in RATES:
        _events(deadlines, count, rate)
    return ratio >= LEAST_RATIO


def _events(deadlines: Deadlines, count: int, rate: int) -> None:
    """What it costs to take so many events a second, and to look what crossed."""
    chance = np.random.default_rng(rate)
    at = deadlines._known_to
    costs = []
    for _second in range(10):
        spent = 0.0
        for _fold in range(FOLDS_PER_SECOND):
            before, at = at, at + SECOND // FOLDS_PER_SECOND
            rows = np.zeros(rate // FOLDS_PER_SECOND, ROW)
            rows["at"] = np.sort(before + 1 + chance.integers(0, SECOND // FOLDS_PER_SECOND, rows.size))
            rows["seq"] = rows["key"] = rows["native"] = rows["at"]
            rows["subject"] = chance.integers(1, count + 1, rows.size)
            rows["kind"] = chance.choice([Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY, Kind.STATUS_CHANGED], rows.size)
            rows["value"] = np.where(rows["kind"] == Kind.STATUS_CHANGED, Status.PENDING_CUSTOMER, 0)
            rows["role"], rows["source"] = Role.AGENT, 1
            began = time.perf_counter()
            deadlines.receive(Batch(rows))
            deadlines.between(before, at)
            spent += time.perf_counter() - began
        costs.append(spent)
    _times(f"a second with {rate:,} events", costs)


def stored(directory: Path, tickets: int) -> None:
    """A real log, of which every tenth ticket is in progress."""
    place = synthetic.database.place(directory / "log")
    if not place.file.exists():
        rows = synthetic.make(synthetic.Shape(tickets, 56, NOW, 2.3))
        rows = rows[(rows["kind"] != Kind.STATUS_CHANGED) | (rows["subject"] % 10 > 0)]
        rows["seq"] = rows["key"] = np.arange(1, rows.size + 1)
        synthetic.write(directory / "log", rows)
    log = open_reader(place)
    policy = policies.default()
    deadlines = Deadlines(log, policy)
    began = time.perf_counter()
    deadlines.load(NOW)
    took = time.perf_counter() - began
    print(f"{log.last_seq():,} events of {tickets:,} tickets; {deadlines.nbytes / 1e6:.0f} MB for those in progress")
    print(f"{'start from the log':<34} {took:9.2f} s")
    began = time.perf_counter()
    report = sla_report(log, policy.targets, 0, NOW, NOW, listed=False)
    took = time.perf_counter() - began
    clocks = sum(total.started for total in report.totals.values())
    print(f"{'SLA totals of ' + format(clocks, ',') + ' clocks':<34} {took:9.2f} s")
    log.close()


def inbox(directory: Path, count: int) -> bool:
    """From due instants to entries of the inbox, while events come in."""
    found = delays(directory, count, RATES[0])
    print(f"{len(found):,} breaches with {count:,} tickets in progress and {RATES[0]:,} events/s")
    p50, p99 = (np.percentile(found, share) for share in (50, 99))
    print(f"{'due instant to inbox':<34} p50 {p50:6.2f} s  p99 {p99:6.2f}  max {max(found):6.2f} (at most {LIMIT} s)")
    return max(found) <= LIMIT


class Log:
    """Events in memory, numbered from 1 up in their order."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def last_seq(self) -> int:
        return self._rows.size

    def rows(self, after: int, until: int) -> Rows:
        return self._rows[after:until]

    def of_tickets(self, tickets: Iterable[int]) -> Rows:
        return self._rows[np.isin(self._rows["subject"], list(tickets))]


def _open_tickets(count: int) -> Rows:
    """Tickets in progress of the last two days: asked, most of them answered, every fourth resting."""
    chance = np.random.default_rng(3)
    ids = np.arange(1, count + 1)
    created = np.sort(NOW - chance.integers(HOUR // 2, 2 * DAY, count))
    attributes = np.zeros(count, dtype=np.int64)
    for name, low, high in (("channel", 1, 10), ("tier", 1, 3), ("priority", 1, 4), ("type", 1, 25)):
        attributes |= chance.integers(low, high + 1, count) << BY_NAME[name].shift
    attributes |= np.where(chance.random(count) < 0.1, chance.integers(1, 4, count), 0) << BY_NAME["complaint"].shift
    answered, resting = chance.random(count) < 0.8, chance.random(count) < 0.25
    parts = [
        (Kind.CREATED, ids, created, attributes),
        (Kind.CUSTOMER_MESSAGE, ids, created + SECOND, 0),
        (Kind.PUBLIC_REPLY, ids[answered], (created + 40 * SECOND)[answered], 0),
        (Kind.STATUS_CHANGED, ids[resting], (created + 60 * SECOND)[resting], int(Status.PENDING_CUSTOMER)),
    ]
    rows = np.zeros(sum(part[1].size for part in parts), ROW)
    first = 0
    for kind, subject, at, value in parts:
        part = rows[first : first + subject.size]
        part["kind"], part["subject"], part["at"], part["value"], part["role"] = kind, subject, at, value, Role.AGENT
        first += subject.size
    rows = rows[np.argsort(rows["at"], kind="stable")]
    rows["seq"] = rows["key"] = np.arange(1, rows.size + 1)
    rows["source"] = 1
    return rows


def _times(label: str, seconds: list[float]) -> None:
    mean, worst = np.mean(seconds) * 1000, max(seconds) * 1000
    print(f"{label:<34} {mean:9.2f} ms  max {worst:9.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
