"""Finders in a process of their own: folding what comes and reading a long log costs the window no frame.

The tail is kept here until the sweep asks for something, and sent before the question. A process that ends is replaced
by a new one that begins from the log; meanwhile its finders fail, so what crosses is owed (see `AllCrossings`).
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
from collections import deque
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple

import numpy as np

from console import turns
from console.i18n import N_, _
from console.models.domain.escalation import Entry, Occurrence
from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Batch, Cancelled, Progress
from console.models.policy.policy import Policy
from console.scheduling.escalations.finders_process import (
    AT_ONCE,
    Answer,
    Build,
    Failed,
    Load,
    Question,
    Setting,
    Some,
    Stopped,
    serve,
)

logger = logging.getLogger("console.escalations")

ANSWERS_WITHIN = 30.0
"""Seconds; a process that says nothing for so long is ended and replaced."""

STORED_WITHIN = 30.0
"""Seconds for the log to store what came before the finders read it; after that they are tried again later."""

LOOK_SECONDS = 0.05
"""Between two looks at whether a wish is given up."""

_ROWS_AT_ONCE = 5_000
_END_SECONDS = 2.0
_TICKET_FINDERS = 2
_ENDED = N_("the process that finds cases has ended; a new one begins")


class FinderFailed(Exception):
    """A finder gave no answer; the message says why."""


class Beginning(NamedTuple):
    """Where to go on, see `Finders.load`."""

    since: int
    running: Sequence[Entry]


class FindersApart:
    """`receive` may be called on any thread, `load` belongs to the thread that loads, what it gives is the sweep's."""

    def __init__(
        self,
        setting: Setting,
        policy: Callable[[], Policy],
        beginning: Callable[[], Beginning],
        wait_committed: Callable[[int, float | None], bool],
        lost: Callable[[], None],
    ) -> None:
        """``policy`` gives the one in force, ``wait_committed`` waits until the log holds everything up to a place.
        ``lost`` is called (on any thread) when the process has ended: `build_anew` of its finders is wanted then."""
        self._setting = setting
        self._policy = policy
        self._beginning = beginning
        self._wait_committed = wait_committed
        self._lost = lost
        self._door = threading.Lock()
        """Held for one question and its answer, and while the process changes."""
        self._process: BaseProcess | None = None
        self._questions: Connection | None = None
        self._works: Connection | None = None
        self._ready = False
        self._came = threading.Lock()
        self._tail: deque[Batch] = deque()
        self._keeps = False
        self._seen = 0

    def receive(self, batch: Batch) -> None:
        """Take a batch from the tail. What comes before anybody reads the log will be read from there."""
        if batch.rows.size:
            with self._came:
                self._seen = max(self._seen, int(batch.rows["seq"][-1]))
                if self._keeps:
                    self._tail.append(batch)

    def load(self, progress: Progress) -> Sequence[Crossings]:
        """Start the process and let it read the log. Raises `ports.Cancelled` when the progress says so, and
        `FinderFailed`."""
        self._begin(self._policy(), progress)
        return [*(_TicketFinder(self, number) for number in range(_TICKET_FINDERS)), _Finder(self, _TICKET_FINDERS)]

    def build_anew(self, finder: int, policy: Policy, progress: Progress) -> None:
        """Let a finder read the log for a policy; all of them in a new process where that is lost."""
        if not self._ready:
            self._begin(policy, progress)
        else:
            self._work(Build(finder, policy), progress)

    def ask(self, finder: int, name: str, *arguments: Any) -> Any:
        """Call a finder in the process, when that knows all that came until now. Raises `FinderFailed`."""
        with self._door:
            if not self._ready or self._questions is None:
                raise FinderFailed(_("the log is being read"))
            try:
                self._send_tail(self._questions)
                self._questions.send(Question(finder, name, arguments))
                return self._answer(self._questions)
            except (EOFError, OSError):
                self._end()
        logger.error(_ENDED)
        self._lost()
        raise FinderFailed(_(_ENDED))

    def stop(self) -> None:
        """End the process."""
        with self._door:
            self._end()

    def _begin(self, policy: Policy, progress: Progress) -> None:
        with self._door:
            self._end()
        with self._came:
            self._keeps, seen = True, self._seen
        self._wait_stored(seen, progress)
        beginning = self._beginning()
        with self._door:
            self._start()
        try:
            self._work(Load(policy, *beginning), progress)
        except BaseException:
            self.stop()
            raise
        self._ready = True

    def _wait_stored(self, seq: int, progress: Progress) -> None:
        for _attempt in range(round(STORED_WITHIN / LOOK_SECONDS)):
            progress.step(0, 0)
            if self._wait_committed(seq, LOOK_SECONDS):
                return
        raise FinderFailed(_("what came is not in the database yet"))

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._questions, their_questions = context.Pipe()
        self._works, their_works = context.Pipe()
        self._process = context.Process(
            target=serve, args=(their_questions, their_works, self._setting), name="finders", daemon=True
        )
        self._process.start()
        their_questions.close()
        their_works.close()

    def _end(self) -> None:
        """End the process where there is one; the door is held."""
        self._ready = False
        with self._came:
            self._keeps = False
            self._tail.clear()
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.join(_END_SECONDS)
        if not process.is_alive():
            process.close()
        for connection in (self._questions, self._works):
            if connection is not None:
                connection.close()
        self._questions = self._works = None

    def _work(self, wish: Load | Build, progress: Progress) -> None:
        """Let the process read the log, and wait until it has, or has given it up."""
        works = self._works
        progress.step(0, 0)
        try:
            if works is None:
                raise EOFError
            works.send(wish)
            while not works.poll(LOOK_SECONDS):
                if progress.cancelled():
                    works.send(Stopped())
                    break
            answer = works.recv()
        except (EOFError, OSError) as error:
            raise FinderFailed(_(_ENDED)) from error
        if isinstance(answer, Stopped):
            raise Cancelled
        _value_of(answer)

    def _send_tail(self, connection: Connection) -> None:
        while batch := self._next():
            turns.after_the_frame()
            connection.send(batch)

    def _next(self) -> Batch | None:
        """What came, in pieces that are quickly sent; None when that is all."""
        some: list[Batch] = []
        count = 0
        while self._tail and count < _ROWS_AT_ONCE:
            some.append(self._tail.popleft())
            count += some[-1].rows.size
        if not some:
            return None
        names = [name for batch in some for name in batch.names]
        return Batch(np.concatenate([batch.rows for batch in some]), names=names, arrived_at=some[-1].arrived_at)

    def _answer(self, connection: Connection) -> Any:
        found: list[Any] = []
        while True:
            if not connection.poll(ANSWERS_WITHIN):
                raise TimeoutError
            answer = connection.recv()
            if not isinstance(answer, Some):
                value = _value_of(answer)
                return found + value if isinstance(value, list) else value
            found += answer.cases
            turns.after_the_frame()


def _value_of(answer: Answer | Failed) -> Any:
    if isinstance(answer, Failed):
        failed = FinderFailed(answer.reason)
        failed.add_note(answer.trace)
        raise failed
    return answer.value


class _Finder:
    """A finder of the process: `Crossings`, `Endings` and `FollowsPolicy`."""

    def __init__(self, finders: FindersApart, number: int) -> None:
        self._finders = finders
        self._number = number

    def between(self, after: int, until: int) -> Sequence[Occurrence]:
        """What crossed."""
        found: list[Occurrence] = self._finders.ask(self._number, "between", after, until)
        return found

    def ended(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """Those of these entries whose matter is over."""
        over: list[Entry] = []
        for begin in range(0, len(entries), AT_ONCE):
            turns.after_the_frame()
            some = entries[begin : begin + AT_ONCE]
            over += [some[place] for place in self._finders.ask(self._number, "ended", some)]
        return over

    def next_after(self, at: int) -> int | None:
        """The next instant at which something will cross."""
        soonest: int | None = self._finders.ask(self._number, "next_after", at)
        return soonest

    def set_policy(self, policy: Policy) -> None:
        """Other figures hold from now on."""
        self._finders.ask(self._number, "set_policy", policy)


class _TicketFinder(_Finder):
    """A finder that is also `Standing` and `BuildsAnew`."""

    def standing(self, at: int) -> Sequence[Occurrence]:
        """What stands at an instant."""
        found: list[Occurrence] = self._finders.ask(self._number, "standing", at)
        return found

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        """Other figures hold as soon as the log was read for them."""
        self._finders.build_anew(self._number, policy, progress)
