"""The waiting tickets in the order in which they are served, and of very many those who are due first."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.live.answers import CHANNELS
from console.models.live.columns import Columns, Slots

Values = NDArray[np.int64]

LONGEST = 20_000
"""Of a longer line only its part that is due first is told."""
_AT_ONCE = 1 << 16
"""Tickets that are looked at in one piece, which takes about a millisecond."""
_NOT_YET = np.iinfo(np.int64).max


class Waiting(NamedTuple):
    """The columns of all tickets, as they stand or still move: another thread may look at them while they do."""

    since: Values
    due: Values
    channel: NDArray[np.uint8]
    queue: NDArray[np.uint16]

    @classmethod
    def of(cls, columns: Columns) -> Waiting:
        """Those of a board."""
        count = columns.count
        return cls(
            columns.waiting_since[:count], columns.due_at[:count], columns.channel[:count], columns.queue[:count]
        )


class Line(NamedTuple):
    """The waiting tickets in the order in which they are served, one row each; see `line_of` for very long ones."""

    slots: Slots
    due: Values
    since: Values
    channel: Values
    queue: Values

    @property
    def key(self) -> Values:
        """Queue and channel of each row in one number, as answers are counted."""
        return self.queue * CHANNELS + self.channel

    def only(self, rows: NDArray[np.bool_] | Slots) -> Line:
        """These rows."""
        return Line(*(column[rows] for column in self))


class Around(NamedTuple):
    """What must be known of those who stand in no row, by ``queue * CHANNELS + channel``.

    ``before`` counts who is served before the whole line; a key may lie beyond its end. ``oldest`` is since when the
    one who waits longest has waited, whether in the line or not.
    """

    before: Values
    oldest: Values

    @classmethod
    def nobody(cls, line: Line) -> Around:
        """For a line that holds everybody."""
        return cls(np.zeros(0, dtype=np.int64), _oldest(line.key, line.since))

    def and_of(self, other: Around) -> Around:
        """Both together."""
        size = max(self.before.size, other.before.size)
        before = np.zeros(size, dtype=np.int64)
        for counts in (self.before, other.before):
            before[: counts.size] += counts
        oldest = np.full(max(self.oldest.size, other.oldest.size), _NOT_YET)
        for instants in (self.oldest, other.oldest):
            np.minimum(oldest[: instants.size], instants, out=oldest[: instants.size])
        return Around(before, oldest)


def line_of(waiting: Waiting, now: int, rest: Callable[[], object] = lambda: None) -> tuple[Line, Around]:
    """Everybody who waits, what is due first before the others.

    Of more than `LONGEST` only those are told who are not over yet and due first: a breach can be foretold of nobody
    else, and an order of hundreds of thousands costs more than it tells. ``rest`` is called between two pieces of work.
    """
    pieces = []
    for first in range(0, waiting.since.size, _AT_ONCE):
        rest()
        pieces.append(_piece(waiting, first))
    many = sum(piece.slots.size for piece in pieces) > LONGEST
    around = None
    if many:
        for place, piece in enumerate(pieces):
            rest()
            over = piece.due <= now
            seen = Around(np.bincount(piece.key[over], minlength=1), _oldest(piece.key, piece.since))
            around = seen if around is None else around.and_of(seen)
            pieces[place] = piece.only(~over)
    rest()
    line = _together(pieces)
    if many and line.slots.size > LONGEST:
        rest()
        line = line.only(np.argpartition(line.due, LONGEST)[:LONGEST])
    rest()
    line = line.only(np.argsort(line.due, kind="stable"))
    return line, around or Around.nobody(line)


def _piece(waiting: Waiting, first: int) -> Line:
    """Who waits among the tickets from a slot on."""
    every = slice(first, first + _AT_ONCE)
    slots = np.flatnonzero(waiting.since[every] > 0)
    due = waiting.due[every][slots]
    channel, queue = waiting.channel[every][slots].astype(np.int64), waiting.queue[every][slots].astype(np.int64)
    # Since when is looked at last: whoever was answered meanwhile waits no more, whatever else was seen of them.
    since = waiting.since[every][slots]
    line = Line(slots + first, due, since, channel, queue)
    still = since > 0
    return line if still.all() else line.only(still)


def _together(pieces: list[Line]) -> Line:
    if not pieces:
        none = np.empty(0, dtype=np.int64)
        return Line(none, none, none, none, none)
    return Line(*(np.concatenate(columns) for columns in zip(*pieces, strict=True)))


def _oldest(key: Values, since: Values) -> Values:
    oldest = np.full(int(key.max(initial=0)) + 1, _NOT_YET)
    np.minimum.at(oldest, key, since)
    return oldest
