"""Follows the balance: a worker looks again and again, not too often, and in between goes on with what has happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

from PySide6.QtCore import QObject, Signal

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.ports import Progress
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.policy.policy import Policy
from console.models.queries.balance import RunningBalance
from console.models.queries.balance_figures import Balance
from console.models.queries.balance_windows import Window, hours, window
from console.models.queries.eligibility import directory_for
from console.models.queries.open_load import OpenLoad, open_load
from console.models.queries.queue_rows import QueueRow, queue_rows
from console.models.queries.work_by_hour import HourOfWork
from console.views.bridge import LiveBoard
from console.views.screen import Context
from console.views.screens.balance.asked import OWN, Asked, Measure

_LEAST_REST = 2.0
_REST_PER_WORK = 12.0
"""Seconds between two looks: at most an eighth part of a worker's time goes into following."""
LEAST_PAUSE = 0.13
PAUSE_PER_WORK = 4.0
"""Seconds between two moments: seven a second, and at most a fifth of a worker's time."""
_DIRECTORY_LASTS = 10 * MINUTE
"""Where no source tells skills they are read from weeks of work; that is not done anew for every look."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was asked and what was found; ``handled`` or ``open`` is None where there was nothing or nobody. ``queues``
    are as they stand, whatever was asked; ``hour`` is what was done in the hour that runs, at a moment between two
    looks."""

    asked: Asked
    span: Window
    directory: Directory
    handled: Balance | None = None
    open: OpenLoad | None = None
    queues: tuple[QueueRow, ...] = ()
    hour: HourOfWork | None = None

    @property
    def handled_span(self) -> Window:
        """The window of what was handled; beside what is open now the hour before it."""
        return Window(self.span.end - HOUR, self.span.end) if self.asked.measure is Measure.OPEN else self.span


class Follower(QObject):
    """``read`` carries a `Reading`, ``failed`` what kept it from one, ``progressed`` how far it is. ``went_on`` carries
    the reading of a moment: what is said of chance, of queues and of who may do what is the last look's."""

    read = Signal(object)
    went_on = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)

    def __init__(self, context: Context, live: LiveBoard, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._live = context, live
        self._asked = Asked()
        self._directory: tuple[int, Directory] | None = None
        self._running: tuple[Reading, RunningBalance | None] | None = None
        self._next = self._next_moment = 0.0
        self._going_on = False
        self.busy = False

    def ask(self, asked: Asked) -> None:
        """Look for this at once, and follow it from now on."""
        self._asked = asked
        self._running = None
        self._look()

    def forget(self) -> None:
        """The board is another one."""
        self._directory = self._running = None

    def follow(self) -> None:
        """Once a second: look again where it is time."""
        if not self.busy and self._context.clock.monotonic() >= self._next:
            self._look()

    def go_on(self) -> None:
        """Something may have happened: tell what the balance is now, some times a second."""
        running, board, now = self._running, self._live.board, self._live.now()
        if running is None or board is None or self._live.past_at is not None or not _goes_on(self._asked, now):
            return
        if self._going_on or self._context.clock.monotonic() < self._next_moment:
            return
        self._going_on = True
        began = perf_counter()

        def end(found: Reading) -> None:
            self._pause(perf_counter() - began)
            if self._running is running:
                self.went_on.emit(found)

        def fail(error: BaseException) -> None:
            self._pause(perf_counter() - began)
            self._running = None
            self.failed.emit(error)

        self._context.ops.read(lambda _progress: _moment(*running, board, now), end, failure=fail, owner=self)

    def _look(self) -> None:
        board, now, asked = self._live.board, self._live.now(), self._asked
        if board is None:
            return
        self.busy = True
        began = perf_counter()

        def work(progress: Progress) -> tuple[Reading, RunningBalance | None]:
            return self._reading(board, now, asked, progress)

        def end(found: tuple[Reading, RunningBalance | None]) -> None:
            self._rest(perf_counter() - began)
            self._running = found
            self.read.emit(found[0])

        def fail(error: BaseException) -> None:
            self._rest(perf_counter() - began)
            self.failed.emit(error)

        self._context.ops.read(
            work, end, failure=fail, progress=self.progressed.emit, key="balance/reading", owner=self
        )

    def _rest(self, spent: float) -> None:
        self.busy = False
        self._next = self._context.clock.monotonic() + max(_LEAST_REST, _REST_PER_WORK * spent)

    def _pause(self, spent: float) -> None:
        self._going_on = False
        self._next_moment = self._context.clock.monotonic() + max(LEAST_PAUSE, PAUSE_PER_WORK * spent)

    def _reading(
        self, board: Board, now: int, asked: Asked, progress: Progress
    ) -> tuple[Reading, RunningBalance | None]:
        policy, log = board.policy, self._context.store.log
        people = self._people(board, now)
        chosen = chosen_of(asked, people)
        queues = queue_rows(board, people, now)
        if asked.measure is Measure.OPEN:
            found = open_load(board, people, now, policy, chosen)
            return Reading(asked, Window(now, now), people, open=found, queues=queues), None
        span = _span(asked, now, policy)
        running = RunningBalance(log, board, policy.skew, people, chosen)
        return Reading(asked, span, people, handled=running.look(span, progress), queues=queues), running

    def _people(self, board: Board, now: int) -> Directory:
        kept = self._directory
        if kept is None or not kept[1].people or now - kept[0] > (SECOND if kept[1].told else _DIRECTORY_LASTS):
            kept = self._directory = (now, directory_for(self._context.store.log, board, board.policy.skew, now))
        return kept[1]


def _span(asked: Asked, now: int, policy: Policy) -> Window:
    """What is asked about, as far as it has come."""
    if asked.window != OWN:
        return window(asked.window, now, policy)
    begin, end = asked.own
    return Window(begin, max(begin, min(end, now)))


def _goes_on(asked: Asked, now: int) -> bool:
    return asked.measure is Measure.OPEN or asked.window != OWN or asked.own[0] < now < asked.own[1]


def _moment(reading: Reading, running: RunningBalance | None, board: Board, now: int) -> Reading:
    asked, people, policy = reading.asked, reading.directory, board.policy
    if running is None:
        found = open_load(board, people, now, policy, chosen_of(asked, people), reading.open)
        return replace(reading, span=Window(now, now), open=found)
    span = _span(asked, now, policy)
    handled = running.go_on(span)
    hour = hours(span, policy)[-1]
    return replace(reading, span=span, handled=handled, hour=HourOfWork(hour, *running.hour(hour)))


def chosen_of(asked: Asked, people: Directory) -> Mapping[str, frozenset[int]]:
    """The limits as the queries take them: a team is its people."""
    if not asked.teams:
        return asked.limits
    members = frozenset[int]().union(*(people.of_team(team) for team in asked.teams))
    return {**asked.limits, "agent": members}
