"""The process in which the finders work: it reads the log by itself, takes what is new, and answers the sweep.

Two connections: over one come the tail and the sweep's questions, in the order in which they were sent, so that an
answer knows all that was known when it was asked for; over the other what takes its time, reading the log.
"""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from traceback import format_exception
from typing import Any, NamedTuple

from console import i18n
from console.models.domain.escalation import Entry
from console.models.domain.escalation_ports import Crossings, Endings
from console.models.domain.ports import Batch, Cancelled, Clock, LogReader, Progress
from console.models.live.catch_up import load_board
from console.models.policy.policy import Policy
from console.scheduling.escalations.finders import Finders
from console.scheduling.escalations.loading import BuildsAnew

AT_ONCE = 100
"""So many cases or entries in one message: making or reading it keeps the interpreter, and with it the window."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the process works with: how to open the log, where snapshots of the board lie, whose time it is, and the
    language of reasons. Everything in it can be pickled."""

    open_log: Callable[[], LogReader]
    snapshots: Path
    clock: Clock
    language: str


class Load(NamedTuple):
    """Begin, or begin anew: read everything from the log. See `Finders.load`."""

    policy: Policy
    since: int
    running: Sequence[Entry]


class Build(NamedTuple):
    """Let this finder read the log for a policy."""

    finder: int
    policy: Policy


class Question(NamedTuple):
    """Call a finder."""

    finder: int
    name: str
    arguments: tuple[Any, ...]


class Some(NamedTuple):
    """A part of a long answer; more follows."""

    cases: Sequence[Any]


class Answer(NamedTuple):
    """An answer, or the last part of a long one."""

    value: Any


class Failed(NamedTuple):
    """There is no answer; why, and where it failed."""

    reason: str
    trace: str


class Stopped(NamedTuple):
    """What was asked for was given up, as it was wished."""


def serve(questions: Connection, works: Connection, setting: Setting) -> None:
    """Work until the other side closes; the target of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    i18n.use(setting.language)
    served = _Served(setting)
    worker = threading.Thread(target=_until_closed, args=(served.work, works), daemon=True)
    worker.start()
    _until_closed(served.answer, questions)


def _until_closed(take: Callable[[Connection], None], connection: Connection) -> None:
    try:
        while True:
            take(connection)
    except (EOFError, OSError):
        return


class _Served:
    """The finders, once they are loaded."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._finders: Finders | None = None
        self._crossings: Sequence[Crossings] = ()

    def answer(self, connection: Connection) -> None:
        """Take a piece of the tail, or answer the next question."""
        asked = connection.recv()
        if isinstance(asked, Batch):
            if self._finders is not None:
                self._finders.receive(asked)
            return
        try:
            value = self._call(asked)
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            connection.send(_failed(error))
            return
        if isinstance(value, list):
            for begin in range(0, len(value) - AT_ONCE, AT_ONCE):
                connection.send(Some(value[begin : begin + AT_ONCE]))
            value = value[-(len(value) % AT_ONCE or AT_ONCE) :]
        connection.send(Answer(value))

    def work(self, connection: Connection) -> None:
        """Read the log as it is wished; another message while that lasts means that it is wished no more."""
        asked: Load | Build | Stopped = connection.recv()
        if isinstance(asked, Stopped):
            # It came when the work was done.
            return
        progress = Progress(cancelled=connection.poll)
        try:
            if isinstance(asked, Load):
                self._load(asked, progress)
            else:
                finder = self._crossings[asked.finder]
                assert isinstance(finder, BuildsAnew)
                finder.build_anew(asked.policy, progress)
            gc.freeze()
        except Cancelled:
            connection.recv()
            connection.send(Stopped())
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            connection.send(_failed(error))
        else:
            connection.send(Answer(None))

    def _load(self, asked: Load, progress: Progress) -> None:
        setting, log = self._setting, self._setting.open_log()
        finders = Finders(log, asked.policy, setting.clock)
        finders.begin(load_board(log, setting.snapshots, asked.policy, setting.clock.now(), progress))
        self._crossings = finders.load(asked.since, asked.running, progress)
        self._finders = finders

    def _call(self, asked: Question) -> Any:
        finder = self._crossings[asked.finder]
        if asked.name == "ended":
            (entries,) = asked.arguments
            over = {entry.id for entry in finder.ended(entries)} if isinstance(finder, Endings) else set()
            return [place for place, entry in enumerate(entries) if entry.id in over]
        value = getattr(finder, asked.name)(*asked.arguments)
        return list(value) if isinstance(value, Sequence) else value


def _failed(error: Exception) -> Failed:
    return Failed(str(error) or type(error).__name__, "".join(format_exception(error)))
