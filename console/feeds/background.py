"""What works behind the live board: the periodic jobs, and the process that makes boards of the past."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from console.errors import KnownError
from console.models.domain.ports import Cancelled, Clock, Progress

if TYPE_CHECKING:
    from console.models.live.board import Board
    from console.models.store.database import Place
    from console.models.store.reader import SqlLogReader

_LOOK_SECONDS = 0.05


class Background:
    """Made by the worker that opened the board, since its imports take their time."""

    def __init__(self, place: Place, log: SqlLogReader, clock: Clock) -> None:
        from console.models.live.history import manifest
        from console.models.live.history.travel import History
        from console.models.policy.history import PolicyHistory
        from console.models.store.log import open_reader
        from console.scheduling.jobs.apart import Apart
        from console.scheduling.jobs.scheduler import Jobs
        from console.scheduling.jobs.table import Site, jobs

        open_log = partial(open_reader, place)
        apart = Apart()
        self._jobs = Jobs(jobs(Site(place.directory, log, open_log, clock), apart), apart)
        policies = PolicyHistory(log, place.directory)
        self._history = History(open_log, place.directory / manifest.FOLDER, policies)
        self._started = False

    def start(self) -> None:
        """Begin: the jobs run for the first time after their intervals, the process for the past waits for a wish."""
        self._jobs.start()
        self._history.start()
        self._started = True

    def board_at(self, at: int, present: Board, progress: Progress) -> Board:
        """The board at a past instant, with the words of the present one; blocks.

        Raises `Cancelled` when asked to stop, `KnownError` when there can be no such board.
        """
        answered = threading.Event()
        boards: list[Board] = []
        reasons: list[str] = []
        steps = [(0, 0)]

        def take(board: Board) -> None:
            boards.append(board)
            answered.set()

        def refuse(reason: str) -> None:
            reasons.append(reason)
            answered.set()

        self._history.request(at, present, take, refuse, lambda *step: steps.append(step))
        while not answered.wait(_LOOK_SECONDS):
            if progress.cancelled():
                self._history.cancel()
                raise Cancelled
            progress.report(*steps[-1])
        if reasons:
            raise KnownError(reasons[0])
        return boards[0]

    def stop(self) -> None:
        """End the processes, after a last snapshot where one is worth its while."""
        self._history.close()
        if self._started:
            self._jobs.stop()
