"""The process that makes boards of the past, so that the one with the window keeps its frames."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from console.models.domain.ports import Cancelled, LogReader, Progress
from console.models.live.history import handover
from console.models.live.history.past import Past
from console.models.policy import policy as policies

logger = logging.getLogger("console.history")

NICE = 5
"""The window comes first where cores are few."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A board is wanted; a newer wish takes the place of an older one."""

    number: int
    at: int


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work on a wish is."""

    number: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The board is in a file of the hand-over folder."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Failed:
    """There will be no board; why."""

    number: int
    reason: str


Answer = Step | Ready | Failed


def serve(connection: Connection, open_log: Callable[[], LogReader], folder: Path, exchange: Path) -> None:
    """Answer wishes until the other side closes; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    # Whoever takes a board applies the policy in force; here only what the events say is folded.
    past: Past | None = None
    try:
        while (wish := _newest(connection)) is not None:
            try:
                past = past or Past(open_log(), folder, policies.default())
                connection.send(_fulfil(wish, past, exchange, connection))
            except Cancelled:
                continue
            except BrokenPipeError:
                raise
            except Exception as error:
                logger.exception("no board of the past")
                connection.send(Failed(wish.number, str(error) or type(error).__name__))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _newest(connection: Connection) -> Wish | None:
    """The last wish that waits; None when the work is over."""
    wish: Wish | None = connection.recv()
    while wish is not None and connection.poll():
        wish = connection.recv()
    return wish


def _fulfil(wish: Wish, past: Past, exchange: Path, connection: Connection) -> Ready:
    def report(done: int, total: int) -> None:
        connection.send(Step(wish.number, done, total))

    board = past.state_at(wish.at, Progress(report, cancelled=connection.poll))
    name = f"{os.getpid()}-{wish.number}{handover.SUFFIX}"
    handover.put(board, exchange / name)
    return Ready(wish.number, name)
