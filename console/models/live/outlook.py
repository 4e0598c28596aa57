"""The forecast of breaches: whose answer will come too late at the speed at which their queue moves now (R-CLOCK).

A queue is served in the order in which its answers fall due. Whoever stands at place *n* of it is answered after *n*
answers, so after ``n * measured / answers`` (a line that is served at a steady rate). *Slack* is the time left until
the answer is due less that wait; below zero it will come too late. A queue with too few answers to tell its speed is
taken at the speed of its channel; where that cannot be told either, nothing is foretold. A queue that gave no answer
although somebody waited there all the time is one that nobody answers: who waits there will be answered too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY, SECOND
from console.models.domain.contacts import AgentState
from console.models.live.answers import CHANNELS
from console.models.live.board import Board
from console.models.live.columns import Slots

Values = NDArray[np.int64]

NEVER = 400 * DAY
"""The expected wait where nobody answers: longer than any target."""
LONGEST = 20_000
"""Of a longer line only its part that is due first is foretold."""
LONG_KEPT = 5 * SECOND
UNKNOWN = -1
"""The expected wait where there are too few answers to tell."""


_NOBODY: Slots = np.empty(0, dtype=np.int64)


class Basis(IntEnum):
    """What an expected wait was told from."""

    QUEUE = 0
    CHANNEL = 1
    NOBODY = 2
    TOO_FEW = 3


class Line(NamedTuple):
    """The waiting tickets in the order in which they are served, one row each; see `line_of` for very long ones."""

    slots: Slots
    due: Values
    since: Values
    channel: Values
    queue: Values
    before: Slots = _NOBODY
    """Waiting tickets that stand before all of these, where the line is too long to be told as a whole."""


class Before(NamedTuple):
    """Who stands before a line: channel, queue, and since when each waits."""

    channel: Values
    queue: Values
    since: Values


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


def outlook(board: Board, now: int) -> Outlook:
    """The forecast at this second; made once a second and kept, of a very long line every five seconds."""
    kept = _kept.get(board)
    every = SECOND if kept is None or not kept.line.before.size else LONG_KEPT
    if kept is None or kept.at // every != now // every:
        kept = _kept[board] = foretell(board, now)
    return kept


_kept: WeakKeyDictionary[Board, Outlook] = WeakKeyDictionary()


def foretell(board: Board, now: int) -> Outlook:
    """The forecast anew."""
    rules = board.policy.forecast
    answered, measured = board.answers.queues(now)
    line = line_of(board, now)
    known = [board.agents[id_] for id_ in board.agents.ids()]
    empty = any(agent.since for agent in known) and all(agent.state is AgentState.OFFLINE for agent in known)
    oldest = board.columns.waiting_since[line.before]
    before = Before(
        board.columns.channel[line.before].astype(np.int64), board.columns.queue[line.before].astype(np.int64), oldest
    )
    wait, basis = waits(
        line, answered.counts, measured, now, least=rules.answers_at_least, nobody_in=empty, before=before
    )
    return Outlook(now, rules.ahead, measured, int(answered.counts.sum()), line, wait, basis)


def line_of(board: Board, now: int) -> Line:
    """Everybody who waits, what is due first before the others.

    Of more than `LONGEST` only those are told who are not over yet and due first: a breach can be foretold of nobody
    else, and sorting hundreds of thousands each second would keep the window. All others of them stand before.
    """
    columns = board.columns
    slots = np.flatnonzero(columns.waiting_since[: columns.count] > 0)
    before = slots[:0]
    if slots.size > LONGEST:
        due = columns.due_at[slots]
        before, slots = slots[due <= now], slots[due > now]
        if slots.size > LONGEST:
            slots = slots[np.argpartition(columns.due_at[slots], LONGEST)[:LONGEST]]
    slots = slots[np.argsort(columns.due_at[slots], kind="stable")]
    return Line(
        slots,
        columns.due_at[slots],
        columns.waiting_since[slots],
        columns.channel[slots].astype(np.int64),
        columns.queue[slots].astype(np.int64),
        before,
    )


def waits(
    line: Line,
    answers: Values,
    measured: int,
    now: int,
    *,
    least: int,
    nobody_in: bool = False,
    before: Before | None = None,
) -> tuple[Values, NDArray[np.uint8]]:
    """The expected wait of each row in microseconds (`NEVER`, `UNKNOWN`), and what it was told from.

    ``answers`` counts by ``queue * CHANNELS + channel`` over ``measured`` microseconds; ``nobody_in`` says that every
    agent has logged off; ``before`` are those who stand before the whole line.
    """
    key = line.queue * CHANNELS + line.channel
    first = before or Before(*(np.empty(0, dtype=np.int64) for _column in Before._fields))
    first_key = first.queue * CHANNELS + first.channel
    by_queue = _at(answers, key)
    by_channel = np.bincount(np.arange(answers.size) % CHANNELS, answers, CHANNELS).astype(np.int64)[line.channel]
    basis = np.full(key.size, Basis.TOO_FEW, dtype=np.uint8)
    basis[by_channel >= least] = Basis.CHANNEL
    basis[(by_channel == 0) & nobody_in] = Basis.NOBODY
    basis[(by_queue == 0) & (measured > 0) & (_oldest(key, line.since, first_key, first.since) <= now - measured)] = (
        Basis.NOBODY
    )
    basis[by_queue >= least] = Basis.QUEUE
    wait = np.full(key.size, UNKNOWN, dtype=np.int64)
    wait[basis == Basis.NOBODY] = NEVER
    for each, group, count, earlier in (
        (Basis.QUEUE, key, by_queue, first_key),
        (Basis.CHANNEL, line.channel, by_channel, first.channel),
    ):
        here = basis == each
        if here.any():
            places = _places(group) + _at(np.bincount(earlier, minlength=1), group)
            wait[here] = places[here] * measured // count[here]
    return wait, basis


def _at(counts: Values, keys: Values) -> Values:
    """The counts of these keys, 0 beyond the end."""
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


def _oldest(key: Values, since: Values, first_key: Values, first_since: Values) -> Values:
    """For each row since when the one of its queue who waits longest has waited, those before the line among them."""
    oldest = np.full(int(max(key.max(initial=0), first_key.max(initial=0))) + 1, np.iinfo(np.int64).max)
    np.minimum.at(oldest, key, since)
    np.minimum.at(oldest, first_key, first_since)
    return np.asarray(oldest[key])


def foresee(board: Board, seen: Outlook) -> None:
    """Put the expected waits on the board, for the order by slack."""
    board.expect(seen.line.slots, np.where(seen.wait == UNKNOWN, UNKNOWN, seen.wait // SECOND).astype(np.int32))
