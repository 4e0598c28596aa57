"""The forecast of breaches: whose answer will come too late at the speed at which their queue moves now (R-CLOCK).

A queue is served in the order in which its answers fall due. Whoever stands at place *n* of it is answered after *n*
answers, so after ``n * measured / answers`` (a line that is served at a steady rate). *Slack* is the time left until
the answer is due less that wait; below zero it will come too late. A queue with too few answers to tell its speed is
taken at the speed of its channel; where that cannot be told either, nothing is foretold. A queue that gave no answer
although somebody waited there all the time is one that nobody answers: who waits there will be answered too late.

A line of hundreds of thousands takes longer than a frame. Who owns a board that is looked at has it foretold on another
thread: `ask` takes what it is made from, `Question.answer` makes it, `keep` takes it over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, SECOND
from console.models.domain.contacts import AgentState
from console.models.live import waiting_line
from console.models.live.answers import CHANNELS
from console.models.live.board import Board
from console.models.live.counters import WAITING
from console.models.live.waiting_line import Around, Line, Waiting, line_of

Values = NDArray[np.int64]

NEVER = 400 * DAY
"""The expected wait where nobody answers: longer than any target."""
UNKNOWN = -1
"""The expected wait where there are too few answers to tell."""
TRUSTED = 30 * SECOND
"""A forecast that another thread made is told no longer than this."""


class Basis(IntEnum):
    """What an expected wait was told from."""

    QUEUE = 0
    CHANNEL = 1
    NOBODY = 2
    TOO_FEW = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast made at ``at``. ``wait`` and ``basis`` stand beside the rows of ``line``; ``measured`` is over how
    long answers were counted, ``answers`` how many there were in all (microseconds)."""

    at: int
    ahead: int
    measured: int
    answers: int
    line: Line
    wait: Values
    basis: NDArray[np.uint8]

    @property
    def asked(self) -> NDArray[np.bool_]:
        """Which rows are not over yet and fall due within the time that is looked ahead."""
        return np.asarray((self.line.due > self.at) & (self.line.due <= self.at + self.ahead))

    @property
    def late(self) -> NDArray[np.bool_]:
        """Which of these will breach."""
        return np.asarray(self.asked & (self.wait != UNKNOWN) & (self.at + self.wait > self.line.due))

    @property
    def seconds(self) -> NDArray[np.int32]:
        """The expected wait of each row in seconds, `UNKNOWN` where there is none."""
        return np.where(self.wait == UNKNOWN, UNKNOWN, self.wait // SECOND).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Question:
    """What a forecast is made from; the columns of ``waiting`` may change while it is made."""

    at: int
    ahead: int
    measured: int
    answers: Values
    least: int
    nobody_in: bool
    waiting: Waiting

    def answer(self, rest: Callable[[], object] = lambda: None) -> Outlook:
        """The forecast, on any thread; ``rest`` is called between two pieces of work."""
        line, around = line_of(self.waiting, self.at, rest)
        rest()
        wait, basis = waits(
            line, self.answers, self.measured, self.at, least=self.least, nobody_in=self.nobody_in, around=around
        )
        return Outlook(self.at, self.ahead, self.measured, int(self.answers.sum()), line, wait, basis)


def outlook(board: Board, now: int) -> Outlook | None:
    """The forecast at this second, made once a second and kept. None while another thread has yet to make it."""
    kept = _kept.get(board)
    if is_elsewhere(board):
        return kept if kept is not None and abs(now - kept.at) <= TRUSTED else None
    if kept is None or kept.at // SECOND != now // SECOND:
        kept = _kept[board] = foretell(board, now)
    return kept


_kept: WeakKeyDictionary[Board, Outlook] = WeakKeyDictionary()
_elsewhere: WeakSet[Board] = WeakSet()


def foretell_elsewhere(board: Board) -> None:
    """From now on a very long line of this board is foretold by another thread, whoever asks."""
    _elsewhere.add(board)


def is_elsewhere(board: Board) -> bool:
    """Whether the forecast of a board as it is now is for another thread to make."""
    return board in _elsewhere and board.counters.total(WAITING) > waiting_line.LONGEST


def foretell(board: Board, now: int) -> Outlook:
    """The forecast anew, here and now."""
    return ask(board, now).answer()


def ask(board: Board, now: int) -> Question:
    """What the forecast at this moment is made from."""
    rules = board.policy.forecast
    answered, measured = board.answers.queues(now)
    known = [board.agents[id_] for id_ in board.agents.ids()]
    empty = any(agent.since for agent in known) and all(agent.state is AgentState.OFFLINE for agent in known)
    waiting = Waiting.of(board.columns)
    return Question(now, rules.ahead, measured, answered.counts.copy(), rules.answers_at_least, empty, waiting)


def keep(board: Board, seen: Outlook) -> Outlook:
    """Take over what another thread has foretold of this board, without those whose wait has changed meanwhile."""
    line, columns = seen.line, board.columns
    same = (columns.waiting_since[line.slots] == line.since) & (columns.due_at[line.slots] == line.due)
    if not same.all():
        seen = replace(seen, line=line.only(same), wait=seen.wait[same], basis=seen.basis[same])
    _kept[board] = seen
    return seen


def waits(
    line: Line,
    answers: Values,
    measured: int,
    now: int,
    *,
    least: int,
    nobody_in: bool = False,
    around: Around | None = None,
) -> tuple[Values, NDArray[np.uint8]]:
    """The expected wait of each row in microseconds (`NEVER`, `UNKNOWN`), and what it was told from.

    ``answers`` counts by ``queue * CHANNELS + channel`` over ``measured`` microseconds; ``nobody_in`` says that every
    agent has logged off; ``around`` tells of those who stand in no row.
    """
    key = line.key
    before, oldest = around or Around.nobody(line)
    by_queue = _at(answers, key)
    by_channel = _by_channel(answers)[line.channel]
    basis = np.full(key.size, Basis.TOO_FEW, dtype=np.uint8)
    basis[by_channel >= least] = Basis.CHANNEL
    basis[(by_channel == 0) & nobody_in] = Basis.NOBODY
    basis[(by_queue == 0) & (measured > 0) & (oldest[key] <= now - measured)] = Basis.NOBODY
    basis[by_queue >= least] = Basis.QUEUE
    wait = np.full(key.size, UNKNOWN, dtype=np.int64)
    wait[basis == Basis.NOBODY] = NEVER
    for each, group, count, earlier in (
        (Basis.QUEUE, key, by_queue, before),
        (Basis.CHANNEL, line.channel, by_channel, _by_channel(before)),
    ):
        here = basis == each
        if here.any():
            places = _places(group) + _at(earlier, group)
            wait[here] = places[here] * measured // count[here]
    return wait, basis


def _by_channel(counts: Values) -> Values:
    """Counts by queue and channel, by channel alone."""
    return np.bincount(np.arange(counts.size) % CHANNELS, counts, CHANNELS).astype(np.int64)


def _at(counts: Values, keys: Values) -> Values:
    """The counts of these keys, 0 beyond the end."""
    if not counts.size:
        return np.zeros(keys.size, dtype=np.int64)
    inside = keys < counts.size
    return np.where(inside, counts[np.where(inside, keys, 0)], 0)


def _places(group: Values) -> Values:
    """The place of each row within its group, from 1."""
    order = np.argsort(group, kind="stable")
    together = group[order]
    first = np.r_[True, together[1:] != together[:-1]]
    begin = np.maximum.accumulate(np.where(first, np.arange(group.size), 0))
    places = np.empty(group.size, dtype=np.int64)
    places[order] = np.arange(group.size) - begin + 1
    return places


def foresee(board: Board, seen: Outlook) -> None:
    """Put the expected waits on the board, for the order by slack."""
    board.expect(seen.line.slots, seen.seconds)
