"""The optimiser in a process of its own: it costs the window no frame, and is ended when nobody wants it any more."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from traceback import format_exception
from typing import Any, NamedTuple

from console.clock import SystemClock
from console.errors import KnownError
from console.i18n import _
from console.models.domain.ports import Cancelled, Progress
from console.models.domain.rebalance import Problem, Proposal
from console.scheduling.jobs.apart import NICE

WITHIN = 15.0
"""Seconds for the best proposal; after that the best one so far is shown."""

LOOK_SECONDS = 0.05
"""Between two looks at whether the proposal is given up."""

_GRACE_SECONDS = 30.0
"""How much longer than that the process may take until it counts as hung: it starts, and reads the problem."""


class SolverFailed(KnownError):
    """There is no proposal, because the process that looks for one failed or was ended."""


class _Step(NamedTuple):
    done: int
    total: int


class _Failure(NamedTuple):
    error: str
    trace: str


def propose(problem: Problem, progress: Progress | None = None, within: float = WITHIN) -> Proposal:
    """The proposal for a problem, after about ``within`` seconds at most; blocks, so never on the GUI thread.

    Raises `ports.Cancelled` at once when the progress says so, and `SolverFailed`.
    """
    progress = progress or Progress()
    progress.step(0, 0)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), name="rebalance", daemon=True)
    process.start()
    theirs.close()
    try:
        ours.send((problem, within))
        return _answer(ours, progress, within)
    except (EOFError, OSError) as error:
        raise _failed() from error
    finally:
        ours.close()
        process.kill()
        process.join()
        process.close()


def _answer(ours: Connection, progress: Progress, within: float) -> Proposal:
    clock = SystemClock()
    last = clock.monotonic() + within + _GRACE_SECONDS
    while True:
        if clock.monotonic() > last:
            raise _failed()
        if not ours.poll(LOOK_SECONDS):
            if progress.cancelled():
                raise Cancelled
            continue
        answer: Any = ours.recv()
        if isinstance(answer, _Step):
            progress.step(*answer)
        elif isinstance(answer, _Failure):
            failed = _failed(answer.error)
            failed.add_note(answer.trace)
            raise failed
        else:
            found: Proposal = answer
            return found


def _failed(why: str = "") -> SolverFailed:
    said = _("No moves could be worked out.")
    return SolverFailed(f"{said} {why}".strip(), _("Ask for the proposal again."))


def serve(connection: Connection) -> None:
    """Solve one problem; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    problem, within = connection.recv()
    try:
        # The solver belongs to this process alone.
        from console.scheduling.rebalance.solver import solve

        report = Progress(lambda done, total: connection.send(_Step(done, total)))
        answer: Proposal | _Failure = solve(problem, within, SystemClock(), report)
    except Exception as error:  # noqa: BLE001 - it is told to whoever waits
        answer = _Failure(f"{type(error).__name__}: {error}", "".join(format_exception(error)))
    connection.send(answer)
