"""The board at a past instant: sealed days laid over one another, and events of the log where no sealed day reaches.

What came late for a sealed day is known (see `manifest`), and its tickets are folded from the log instead. So the board
always is the fold of all events up to the instant; how many days are sealed, whether a file was damaged or removed,
decides only how long it takes.

Its figures are those of the policy that was in force then, as far as the log tells (`policy.history`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from console.clock import DAY
from console.models.domain.events import ROW
from console.models.domain.ports import Batch, LogReader, Progress
from console.models.live import container
from console.models.live.answers import LOOKED_BACK
from console.models.live.board import Board
from console.models.live.catch_up import events_of, fold_until, read_names
from console.models.live.history import days, manifest
from console.models.live.history.days import Touched
from console.models.live.history.manifest import Manifest
from console.models.live.minutes import KEPT_DAYS
from console.models.policy.history import InForce, PolicyHistory
from console.models.policy.policy import Policy

logger = logging.getLogger("console.history")

DAYS_PER_READ = 8
"""How many unsealed days are read from the log at a time."""

_EVER = 1 << 62


class Past:
    """Boards of past instants. Keeps what it has looked at, so that the next instant is quicker; for one thread."""

    def __init__(self, log: LogReader, folder: Path, policy: Policy) -> None:
        """``folder`` is `manifest.FOLDER` below the data directory; ``policy`` is the one of today."""
        self._log = log
        self._folder = folder
        self.policy = policy
        self._policies = PolicyHistory(log, folder.parent)
        self._manifest = Manifest()
        self._version: tuple[int, ...] = ()
        self._days: dict[str, Touched | None] = {}

    def board_at(self, at: int, progress: Progress, under: Policy | None = None) -> Board:
        """The fold of all events with a time up to ``at``, without the tickets' words, under the policy that was in
        force then, or the one that is asked for; raises `ports.Cancelled`."""
        then = self._policies.at(at, self.policy) if under is None else InForce(under)
        board = self.state_at(at, progress, then.policy)
        board.policy_since = then.since
        board.rebuild()
        return board

    def state_at(self, at: int, progress: Progress, policy: Policy | None = None) -> Board:
        """The same before `Board.rebuild`: nothing but what the events say, whatever the policy is."""
        known = self._look()
        board = Board(policy or self.policy, since=at - KEPT_DAYS * DAY)
        board.answers.begin_at(at - LOOKED_BACK)
        with board.unfollowed():
            if known.end is None:
                fold_until(board, self._log, at, progress)
            else:
                self._lay(board, known, min(known.end, days.day_of(at + 1)), at, progress)
        read_names(board, self._log)
        board.seq = known.scanned
        return board

    def _look(self) -> Manifest:
        """The manifest as it is now, with what has come late since it was written."""
        version = _version(self._folder / manifest.FILE)
        if version != self._version:
            self._manifest, self._version = manifest.load(self._folder, self._log), version
            named = set(self._manifest.files.values())
            self._days = {name: day for name, day in self._days.items() if name in named}
        last = self._log.last_seq()
        if last > self._manifest.scanned:
            fresh = np.empty(0, ROW) if self._manifest.end is None else self._log.rows(self._manifest.scanned, last)
            self._manifest = self._manifest.with_late(fresh, last)
        return self._manifest

    def _lay(self, board: Board, known: Manifest, end: int, at: int, progress: Progress) -> None:
        """Lay the days before ``end`` over one another, and fold what comes after them."""
        sealed = sorted(day for day in known.files if day < end)
        for done, day in enumerate(sealed):
            content = self._day(day, known.files[day])
            if content is None:
                board.apply(Batch(self._log.between(days.begin(day), days.begin(day + 1))))
            else:
                board.put(content.state)
                board.agents.merge(content.agents)
            progress.step(done + 1, len(sealed) + 1)
        reached = days.begin(end)
        # A sealed day holds its tickets as they were at its end, and no answers.
        board.answers.begin_at(max(reached, at - LOOKED_BACK))
        for first, last in _parts(reached, at):
            board.apply(Batch(self._log.between(first, last)))
            progress.step(last - reached, at - reached)
        board.agents.apply(known.late_agents(reached))
        late = board.late.keys() | set(known.late_tickets(reached))
        if late:
            board.replace(events_of(self._log, sorted(late), progress, at), until=_EVER)

    def _day(self, day: int, name: str) -> Touched | None:
        if name not in self._days:
            try:
                self._days[name] = days.read(self._folder / name, day)
            except (container.Damaged, OSError) as error:
                logger.warning("the sealed day %s is not used: %s", name, error)
                self._days[name] = None
        return self._days[name]


def _parts(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        last = min(end, days.begin(days.day_of(start + 1) + DAYS_PER_READ))
        yield start, last
        start = last


def _version(path: Path) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except OSError:
        return ()
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
