"""The demonstration centre as a source like any other: today first, then as time passes, and older weeks behind."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from console.clock import HOUR, SECOND
from console.connectors.demo.backfill import Piece, Worker
from console.connectors.demo.bookmark import Bookmark, Entry
from console.connectors.demo.centre import DemoCentre
from console.connectors.demo.site import Site
from console.errors import KnownError, UsageError
from console.i18n import _
from console.models.domain.commands import Command, Outcome, Result
from console.models.domain.events import Event, Origin
from console.models.domain.ports import Clock, Intake, Receipt
from console.zones import zone as zone_named

logger = logging.getLogger("console.demo")

SOURCE = "demo"
LONGEST_SLEEP = 0.1
PAST_RATE = 8_000
"""Events of past days handed in per second, so that the present keeps most of the console's time."""
DAYS_WITH_BODIES = 7
"""Older messages have no text: a site would have erased it by then."""


class DemoConnector:
    """Feeds the simulated centre through the door of all sources.

    ``cursor`` is what this source saved last (None at the first start); then only what is missing is handed in.
    ``past_rate`` is how many events of past days are handed in per second, None for as many as the store takes.
    ``progress`` is called on a thread of the connector's with (past days done, past days in all).
    ``contacts`` is how many come on an average day, 0 for as many as the shipped figures say.
    Raises `UsageError` when the data at hand come from a centre with another seed.
    """

    def __init__(
        self,
        *,
        seed: int,
        clock: Clock,
        zone: tzinfo,
        speed: float = 1.0,
        past_days: int = 56,
        contacts: int = 0,
        cursor: Mapping[str, Any] | None = None,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        past_rate: int | None = PAST_RATE,
    ) -> None:
        self.name = SOURCE
        self.current = threading.Event()
        """Set as soon as everything from midnight to now has been handed in."""
        self.told = threading.Event()
        """Set as soon as also the past days that stand half in the log, because the console was closed, are complete:
        nobody seems to wait any more who does not."""
        self.filled = threading.Event()
        """Set as soon as the past weeks have been handed in too; never when the connector was stopped before."""
        self.backfill = (0, past_days)
        """Past days that are complete, and how many there are to be."""
        self._bookmark = _bookmark(seed, zone, cursor)
        self._clock = clock
        self._speed = speed
        self._progress = progress
        self._past_rate = past_rate
        self._centre = DemoCentre(Site(seed, _zone_of(self._bookmark, zone), contacts), clock.now())
        self._replay = deque(self._bookmark.entries_of(self._centre.today.local.date.toordinal()))
        """Commands of an earlier run on today's contacts and agents, still to be carried out again."""
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._heard_at = 0
        self._intake: Intake | None = None
        self._going_on = {self._centre.today.local.date.toordinal()}

    # -- ports.Connector

    def start(self, intake: Intake) -> None:
        """Begin to hand in events; today's first."""
        self._intake = intake
        self._threads = [
            threading.Thread(target=self._guard(self._live, self.current), name="demo-live", daemon=True),
            threading.Thread(target=self._guard(self._past, self.told), name="demo-past", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop and wait for the threads; nothing more is handed in."""
        self._stopping.set()
        self.current.set()
        self.told.set()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def heard_at(self) -> int:
        """When the simulation was last brought up to the clock, 0 before the first time."""
        return self._heard_at

    def runs(self) -> bool:
        """Whether it still hands in events."""
        return any(thread.is_alive() for thread in self._threads)

    def apply(self, command: Command) -> Result:
        """Carry out a command, hand in what it changed, and wait until that is stored.

        A command with an id that was carried out before is not carried out again.
        """
        if not self.current.wait() or self._intake is None or self._stopping.is_set():
            return Result(Outcome.UNKNOWN, "the demonstration centre is not running")
        try:
            with self._lock:
                if self._bookmark.knows(command):
                    return Result(Outcome.ALREADY)
                self._advance(self._clock.now())
                result, events = self._centre.apply(command)
                if result.outcome is not Outcome.APPLIED:
                    return result
                today = self._centre.today.local.date.toordinal()
                self._bookmark.journal.append(Entry(self._centre.now, command, today))
                receipt = self._submit(events)
            if receipt is not None:
                receipt.wait()
        except KnownError as error:
            return Result(Outcome.UNKNOWN, error.what)
        return result

    def ask(self, command: Command) -> Result | None:
        """What became of a command: applied when it is in the journal, None when it never came or was refused."""
        if not self.current.is_set() or self._intake is None or self._stopping.is_set():
            return Result(Outcome.UNKNOWN, "the demonstration centre is not running")
        with self._lock:
            return Result(Outcome.APPLIED) if self._bookmark.knows(command) else None

    # -- the present

    def _guard(self, run: Callable[[], None], ended: threading.Event) -> Callable[[], None]:
        def guarded() -> None:
            try:
                run()
            except KnownError:
                logger.exception("the demonstration centre cannot hand in its events")
            finally:
                # Whoever waits for it must not wait for ever.
                ended.set()

        return guarded

    def _live(self) -> None:
        self._catch_up()
        self.current.set()
        while not self._stopping.is_set():
            with self._lock:
                now = self._clock.now()
                self._advance(now)
                self._heard_at = now
                self._close_days()
                due = self._centre.next_at()
            ahead = (due - self._clock.now()) / SECOND / self._speed
            self._stopping.wait(min(max(ahead, 0.005), LONGEST_SLEEP))

    def _catch_up(self) -> None:
        """From midnight to now, hour by hour so that the board fills while the rest is generated."""
        # The clock goes on meanwhile, and at a high speed far: what is left then comes with the present.
        now, until = self._clock.now(), self._centre.now
        while until < now and not self._stopping.is_set():
            until = min(until + HOUR, now)
            with self._lock:
                self._advance(until)

    def _advance(self, until: int) -> None:
        """Hand in what happens until then, with the commands of an earlier run at their instants."""
        while self._replay and self._replay[0].at <= until:
            entry = self._replay.popleft()
            self._submit(self._centre.advance(entry.at))
            self._submit(self._centre.apply(entry.command)[1])
        self._submit(self._centre.advance(until))

    def _close_days(self) -> None:
        """Days of which nothing is open any more need not be looked at again."""
        centre = self._centre
        going_on = {centre.today.local.date.toordinal(), *(tail.ordinal for tail in centre.tails)}
        for ordinal in self._going_on - going_on:
            self._bookmark.finish(ordinal)
        self._going_on = going_on

    def _submit(self, events: list[Event]) -> Receipt | None:
        """Hand in what is new of these events."""
        assert self._intake is not None
        new = self._bookmark.fresh(events)
        if not new:
            return None
        return self._intake.submit(self.name, new, origin=Origin.DEMO, cursor=self._bookmark.written())

    # -- the past

    def _past(self) -> None:
        self.current.wait()
        if self._stopping.is_set():
            return
        with self._lock:
            today, now = self._centre.today.local.date.toordinal(), self._centre.now
            jobs = self._bookmark.jobs(today, now, self.backfill[1], DAYS_WITH_BODIES)
        self.backfill = (0, max(self.backfill[1], len(jobs)))
        self._days_done(self.backfill[1] - len(jobs))
        begun = sum(job.begun for job in jobs)
        if not begun:
            self.told.set()
        if jobs:
            worker = Worker(self._centre.site, jobs)
            try:
                self._take_all(worker, len(jobs), begun)
            finally:
                worker.close()
        if not self._stopping.is_set():
            self.filled.set()

    def _take_all(self, worker: Worker, days: int, begun: int) -> None:
        left = days
        while left and not self._stopping.is_set():
            piece = worker.take(LONGEST_SLEEP)
            if piece is None:
                continue
            began = self._clock.monotonic()
            self._take(piece)
            if piece.last:
                left -= 1
                if left == days - begun:
                    self.told.set()
                self._days_done(self.backfill[1] - left)
            if self._past_rate:
                spent = self._clock.monotonic() - began
                self._stopping.wait(max(len(piece.events) / self._past_rate - spent, 0.0))

    def _take(self, piece: Piece) -> None:
        assert self._intake is not None
        with self._lock:
            self._bookmark.fill(piece.job, piece.handed, last=piece.last, going_on=piece.tail is not None)
            if piece.tail is not None:
                self._centre.adopt(piece.tail)
                self._going_on.add(piece.job.ordinal)
            cursor = self._bookmark.written()
            receipt = self._intake.submit(self.name, piece.events, origin=Origin.DEMO, cursor=cursor)
        receipt.wait()

    def _days_done(self, done: int) -> None:
        self.backfill = (done, self.backfill[1])
        self._progress(*self.backfill)


def _bookmark(seed: int, zone: tzinfo, cursor: Mapping[str, Any] | None) -> Bookmark:
    if cursor is None:
        return Bookmark(seed, getattr(zone, "key", None) or str(zone))
    bookmark = Bookmark.read(cursor)
    if bookmark.seed != seed:
        raise UsageError(
            _("The data are of the demonstration centre with seed {there}, not {wanted}.").format(
                there=bookmark.seed, wanted=seed
            ),
            _("Give --seed {there}, or another --data-dir.").format(there=bookmark.seed),
        )
    return bookmark


def _zone_of(bookmark: Bookmark, zone: tzinfo) -> tzinfo:
    """The centre stays where it was when its first day was made, wherever the machine is now."""
    try:
        return zone_named(bookmark.zone)
    except UsageError:
        return zone
