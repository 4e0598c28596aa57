"""The usual way: QStandardItemModel behind QSortFilterProxyModel in a QTableView; run as a child of the benchmark.

Charitable: no log, no intake, no tiles; the countdown ticks the rows in sight only; the words of every event are made
ahead; filters are the proxy's own fixed strings, which run in C++.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

from benchmarks.board import clicks
from benchmarks.board.history import SUBJECTS
from benchmarks.board.measures import LoopMeter, Probes, Stretch, own_bytes, wait_ms, waiting_for
from benchmarks.board.stream import AGENTS, PROBED, PROBES_PER_SECOND, QUEUES, WARM_UP, Feeder, Records
from console.models.domain.events import Kind

SIZE = (1920, 1080)
TITLES = (
    "Due in",
    "Waiting",
    "Ticket",
    "Customer",
    "Tier",
    "Channel",
    "Type",
    "Agent",
    "Why it waits",
    "Priority",
    "Status",
    "Queue",
    "Subject",
)
DUE, WAITED, _REF, _CUSTOMER, _TIER, _CHANNEL, TYPE, AGENT, WHY, PRIORITY, STATUS, QUEUE, SUBJECT = range(len(TITLES))
SORT_ROLE = int(Qt.ItemDataRole.UserRole)
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TARGET = 300
_FAR = 1 << 40
_TIME_LIMIT = 20.0


class Table(QTableView):
    """Tells when a paint has ended."""

    painted = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted.emit()


class Receiver(QObject):
    """Brings what the pipe's thread read to the GUI thread."""

    arrived = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.waiting: deque[Records] = deque()

    def receive(self, rows: Records) -> None:
        self.waiting.append(rows)
        self.arrived.emit()


class Usual:
    """The model, its proxy and the view."""

    def __init__(self, tickets: int) -> None:
        self.app = QApplication(sys.argv[:1])
        self.tickets = tickets
        before = own_bytes()
        began = time.perf_counter()
        self.start = int(time.time())
        self.model = QStandardItemModel(0, len(TITLES))
        self.model.setHorizontalHeaderLabels(TITLES)
        self.row_of: dict[int, int] = {}
        for ticket in range(1, tickets + 1):
            self._append(ticket, f"T-{ticket:07d}", SUBJECTS[ticket % len(SUBJECTS)].format(ticket * 7919 % 10**8))
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSortRole(SORT_ROLE)
        self.proxy.setDynamicSortFilter(True)
        self.proxy.setSourceModel(self.model)
        self.proxy.sort(DUE)
        self.view = Table()
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(DUE, Qt.SortOrder.AscendingOrder)
        self.view.setModel(self.proxy)
        self.view.resize(*SIZE)
        self.view.show()
        self.found: dict[str, object] = {"build_s": time.perf_counter() - began, "tickets": tickets}
        wait_ms(1_000)
        self.found["own_per_ticket"] = (own_bytes() - before) / tickets
        self.meter = LoopMeter()
        self.probes = Probes()
        self.view.painted.connect(lambda: self.probes.painted(self.applied))
        self.receiver = Receiver()
        self.receiver.arrived.connect(self._on_arrived)
        self.applied = 0
        self.counted = 0
        self.stop_at = float("inf")
        self._second = QTimer()
        self._second.timeout.connect(self._on_second)

    def _append(self, ticket: int, ref: str, subject: str) -> None:
        due = -_FAR + ticket if ticket <= PROBED else self.start - 8 * 3600 + ticket * 7919 % (8 * 3600) + _TARGET
        words: list[tuple[str, object]] = [
            (_countdown(due - self.start), due),
            (_countdown(self.start - due + _TARGET), due),
            (ref, ticket),
            (f"Customer {ticket % 99_991}", None),
            (("new", "existing", "VIP")[ticket % 3], ticket % 3),
            (f"Channel {ticket % 10}", ticket % 10),
            (f"Type {ticket % 25}", ticket % 25),
            (f"Agent {ticket % AGENTS + 1:02d}", None),
            ("waits for the next answer", None),
            (("low", "normal", "high", "urgent")[ticket % 4], ticket % 4),
            ("open", 2),
            (f"Queue {ticket % QUEUES + 1}", None),
            (subject, None),
        ]
        items = []
        for text, key in words:
            item = QStandardItem(text)
            item.setData(text if key is None else key, SORT_ROLE)
            items.append(item)
        self.row_of[ticket] = self.model.rowCount()
        self.model.appendRow(items)

    def _on_second(self) -> None:
        """The countdown of the rows in sight."""
        now = int(time.time())
        last = self.view.viewport().height() // max(1, self.view.rowHeight(0)) + 1
        for row in range(min(last, self.proxy.rowCount())):
            source = self.proxy.mapToSource(self.proxy.index(row, DUE)).row()
            item = self.model.item(source, DUE)
            due = int(item.data(SORT_ROLE))
            if due != _FAR:
                item.setText(_countdown(due - now))
                self.model.item(source, WAITED).setText(_countdown(now - due + _TARGET))

    def _on_arrived(self) -> None:
        while self.receiver.waiting:
            for due, number, ticket, value, kind, probe in self.receiver.waiting.popleft().tolist():
                if time.monotonic() > self.stop_at:
                    return
                self._apply(ticket, value, kind)
                self.applied = number
                self.counted += 1
                if probe:
                    self.probes.staged(number, due)

    def _apply(self, ticket: int, value: int, kind: int) -> None:
        row = self.row_of.get(ticket)
        if row is None:
            if kind == Kind.CREATED:
                self._append(ticket, f"T-{ticket:07d}", f"Order {ticket} is late")
            return
        for column, text, key in _changes(kind, value, int(time.time())):
            _set(self.model.item(row, column), text, key)

    def stream(self, rate: int, seconds: float) -> dict[str, object]:
        """One stretch at a rate; what was not applied at its end is thrown away."""
        self.probes.restart()
        self.probes.waiting.clear()
        self.receiver.waiting.clear()
        first = int(time.time() * 1000)
        feeder = Feeder(self.receiver.receive, self.tickets, rate, WARM_UP + seconds, first * 1_000_000)
        self.stop_at = feeder.end
        self._second.start(1_000)
        self.meter.restart()
        start = feeder.start + WARM_UP
        wait_ms((start - time.monotonic()) * 1e3)
        counted = self.counted
        stretch = Stretch()
        wait_ms((feeder.end - time.monotonic()) * 1e3)
        found = stretch.figures()
        end = time.monotonic()
        feeder.stop()
        self._second.stop()
        late = self.probes.latencies_ms(start, feeder.end, int((feeder.end - start) * PROBES_PER_SECOND * 0.98))
        self.receiver.waiting.clear()
        return found | {
            "rate": rate,
            "absorbed": (self.counted - counted) / (end - start),
            "p50": float(np.percentile(late, 50)),
            "p99": float(np.percentile(late, 99)),
            "burst_ms": self.meter.longest_ms,
        }

    def clicks(self, rounds: int) -> dict[str, float]:
        """The median of each click, in milliseconds."""

        def queue(text: str) -> Callable[[], None]:
            return lambda: (self.proxy.setFilterKeyColumn(QUEUE), self.proxy.setFilterFixedString(text))  # type: ignore[func-returns-value, return-value]  # two calls in a row

        def search(text: str) -> Callable[[], None]:
            def click() -> None:
                self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
                self.proxy.setFilterKeyColumn(SUBJECT)
                self.proxy.setFilterFixedString(text)

            return click

        steps: dict[str, Callable[[], None]] = {
            "filter by queue": queue("Queue 3"),
            "clear filter": queue(""),
            'search "refund"': search("refund"),
            "clear search": search(""),
            "sort by agent": lambda: self.view.sortByColumn(AGENT, Qt.SortOrder.AscendingOrder),
            "sort by due": lambda: self.view.sortByColumn(DUE, Qt.SortOrder.AscendingOrder),
        }
        times: dict[str, list[float]] = {name: [] for name in clicks.NAMES}
        self.meter.restart()
        for _round in range(rounds):
            for name, click in steps.items():
                wait_ms(50)
                began = time.perf_counter()
                with waiting_for(self.view.painted, limit_ms=5_000):
                    click()
                times[name].append((time.perf_counter() - began) * 1e3)
        return {name: statistics.median(found) for name, found in times.items()} | {"burst_ms": self.meter.longest_ms}


def _changes(kind: int, value: int, now: int) -> tuple[tuple[int, str, object], ...]:
    """What an event changes: columns, their words, and what they are sorted by."""
    if kind == Kind.CUSTOMER_MESSAGE:
        wrote = "customer wrote again"
        return (DUE, _countdown(_TARGET), now + _TARGET), (WAITED, "0:00", now), (WHY, wrote, wrote)
    if kind == Kind.PUBLIC_REPLY:
        return (DUE, "", _FAR), (WAITED, "", _FAR), (WHY, "", "")
    one = _ONE.get(kind)
    if one is None:
        return ()
    column, words = one
    text = words.format(value)
    return ((column, text, text if "{:02d}" in words else value),)


_ONE: dict[int, tuple[int, str]] = {
    Kind.ASSIGNED: (AGENT, "Agent {:02d}"),
    Kind.STATUS_CHANGED: (STATUS, "Status {}"),
    Kind.PRIORITY_CHANGED: (PRIORITY, "Priority {}"),
    Kind.TYPE_CHANGED: (TYPE, "Type {}"),
    Kind.QUEUE_CHANGED: (QUEUE, "Queue {}"),
    Kind.READ: (WHY, "read, not answered"),
}


def _set(item: QStandardItem, text: str, key: object) -> None:
    item.setData(key, SORT_ROLE)
    item.setData(text, _DISPLAY)


def _countdown(seconds: int) -> str:
    sign = "−" if seconds < 0 else ""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{sign}{minutes}:{rest:02d}" if minutes < 60 else f"{sign}{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def main() -> None:
    parser = argparse.ArgumentParser(description="the usual way; started by the benchmark")
    parser.add_argument("--tickets", type=int, required=True)
    parser.add_argument("--rates", type=lambda text: [int(part) for part in text.split(",")], required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    usual = Usual(options.tickets)
    usual.found["clicks"] = usual.clicks(options.rounds)
    usual.found["rates"] = [usual.stream(rate, options.seconds) for rate in options.rates]
    print(json.dumps(usual.found))
    sys.stdout.flush()
    # Taking millions of items apart one by one would take minutes.
    os._exit(0)


if __name__ == "__main__":
    main()
