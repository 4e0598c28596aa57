"""One start, in a process of its own."""

from __future__ import annotations

import resource
import time
from multiprocessing.connection import Connection
from pathlib import Path

from console.models.domain.ports import Progress
from console.models.live import catch_up, snapshot
from console.models.policy import policy as policies
from console.models.store import database
from console.models.store.log import open_reader


def start(answer: Connection, directory: Path, now: int) -> None:
    """Load the board and build the first list; answers with seconds, megabytes at the peak, and tickets listed."""
    began = time.perf_counter()
    log = open_reader(database.place(directory))
    board = catch_up.load_board(log, directory / snapshot.FOLDER, policies.default(), now, Progress())
    tickets = board.list(now=now)
    tickets.rebuild()
    took = time.perf_counter() - began
    answer.send((took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(tickets)))
