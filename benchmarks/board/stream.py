"""The events that both sides get: made ahead, sent by schedule from a process of their own.

Every event has an absolute instant on the monotonic clock at which it is due, whatever the receiver does; a receiver
that is slow finds the events waiting in the pipe, and their latency counts from that instant.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from console.models.domain.contacts import AgentState, InquiryType, Priority, Status
from console.models.domain.events import Kind

AGENTS = 70
QUEUES = 8
PROBED = 16
"""Tickets 1 to 16 stand at the top of the order and get nothing but probes."""
PROBES_PER_SECOND = 50
TICK = 0.002
"""How often the sender writes: what came due in two milliseconds travels together."""
WARM_UP = 1.0

RECORD = np.dtype(
    [
        ("due", np.float64),
        ("number", np.int64),
        ("ticket", np.int32),
        ("value", np.int32),
        ("kind", np.uint8),
        ("probe", np.bool_),
    ]
)
Records = NDArray[np.void]

_MIX: dict[Kind, float] = {
    Kind.CUSTOMER_MESSAGE: 30,
    Kind.PUBLIC_REPLY: 28,
    Kind.ASSIGNED: 12,
    Kind.STATUS_CHANGED: 8,
    Kind.PRIORITY_CHANGED: 8,
    Kind.TYPE_CHANGED: 5,
    Kind.READ: 5,
    Kind.QUEUE_CHANGED: 3,
    Kind.AGENT_STATE: 0.5,
    Kind.CREATED: 0.5,
}
_STATUSES = np.array([Status.OPEN, Status.PENDING_CUSTOMER, Status.PENDING_INTERNAL, Status.RESOLVED])


def records(tickets: int, rate: int, seconds: float, start: float, first: int) -> Records:
    """``rate`` events a second from ``start`` on, and the probes among them; numbers begin at ``first``."""
    rng = np.random.default_rng(first)
    count = int(rate * seconds)
    rows = np.zeros(count, RECORD)
    rows["due"] = start + np.arange(count) / rate
    kinds = np.array(list(_MIX), dtype=np.uint8)
    rows["kind"] = rng.choice(kinds, count, p=np.array(list(_MIX.values())) / sum(_MIX.values()))
    rows["ticket"] = rng.integers(PROBED + 1, tickets + 1, count)
    born = np.flatnonzero(rows["kind"] == Kind.CREATED)
    rows["ticket"][born] = tickets + first % 50_000_000 + np.arange(born.size) + 1
    for kind, low, high in (
        (Kind.ASSIGNED, 1, AGENTS + 1),
        (Kind.PUBLIC_REPLY, 1, AGENTS + 1),
        (Kind.QUEUE_CHANGED, 1, QUEUES + 1),
        (Kind.PRIORITY_CHANGED, 1, len(Priority)),
        (Kind.TYPE_CHANGED, 1, len(InquiryType)),
        (Kind.AGENT_STATE, 0, len(AgentState)),
    ):
        of_kind = rows["kind"] == kind
        rows["value"][of_kind] = rng.integers(low, high, int(of_kind.sum()))
    of_kind = rows["kind"] == Kind.STATUS_CHANGED
    rows["value"][of_kind] = rng.choice(_STATUSES, int(of_kind.sum()))
    rows = np.concatenate([rows, _probes(seconds, start)])
    rows = rows[np.argsort(rows["due"], kind="stable")]
    rows["number"] = first + np.arange(rows.size)
    return rows


def _probes(seconds: float, start: float) -> Records:
    """Changes of priority on the tickets at the top; each one is another value than the one before."""
    count = int(PROBES_PER_SECOND * seconds)
    rows = np.zeros(count, RECORD)
    # Not in step with any frame rate: spread over the period of the probes.
    rows["due"] = start + (np.arange(count) + np.random.default_rng(1).random(count)) / PROBES_PER_SECOND
    rows["kind"] = Kind.PRIORITY_CHANGED
    rows["ticket"] = 1 + np.arange(count) % PROBED
    rows["value"] = 1 + (np.arange(count) // PROBED) % 4
    rows["probe"] = True
    return rows


class Feeder:
    """The sending process, and the thread that hands over what it sends."""

    def __init__(self, receive: Callable[[Records], None], tickets: int, rate: int, seconds: float, first: int) -> None:
        self.start = time.monotonic() + 1.5
        self.end = self.start + seconds
        arguments = (tickets, rate, seconds, self.start, first)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.board.stream", *map(str, arguments)], stdout=subprocess.PIPE
        )
        self._receive = receive
        self._thread = threading.Thread(target=self._run, name="bench-connector")
        self._thread.start()

    def _run(self) -> None:
        assert self._process.stdout is not None  # it was asked for
        descriptor = self._process.stdout.fileno()
        rest = b""
        while piece := os.read(descriptor, 1 << 16):
            data = rest + piece
            whole = len(data) - len(data) % RECORD.itemsize
            rest = data[whole:]
            if whole:
                self._receive(np.frombuffer(data[:whole], RECORD))

    def stop(self) -> None:
        """End the sender (if it still sends) and wait for both."""
        self._process.terminate()
        self._thread.join()
        assert self._process.stdout is not None  # it was asked for
        self._process.stdout.close()
        self._process.wait()


def _send(rows: Records) -> None:
    data = rows.tobytes()
    sent = 0
    while sent < rows.size:
        now = time.monotonic()
        upto = int(np.searchsorted(rows["due"], now, side="right"))
        position, end = sent * RECORD.itemsize, upto * RECORD.itemsize
        while position < end:
            position += os.write(1, data[position:end])
        sent = upto
        time.sleep(max(0.0, TICK - (time.monotonic() - now)))


def main() -> None:
    parser = argparse.ArgumentParser(description="the sending process; started by the benchmark")
    for name, kind in (("tickets", int), ("rate", int), ("seconds", float), ("start", float), ("first", int)):
        parser.add_argument(name, type=kind)
    told = parser.parse_args()
    try:
        _send(records(told.tickets, told.rate, told.seconds, told.start, told.first))
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
