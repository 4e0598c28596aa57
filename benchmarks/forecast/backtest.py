"""A day lived through again: at each moment the forecast is made from what was known, then the day tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.models.domain.ports import Batch, Rows
from console.models.live.answers import Answers
from console.models.live.board import Board
from console.models.live.columns import Columns, Slots
from console.models.live.outlook import UNKNOWN, foretell

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """Of customers who waited and were not over their limit, by what was foretold and what came (``late``: the answer
    came after its due time, or never). ``left`` ended without an answer before their due time, ``untold`` had too few
    answers to tell; both count nowhere else."""

    late_and_told: int = 0
    told_but_in_time: int = 0
    late_but_not_told: int = 0
    in_time: int = 0
    left: int = 0
    untold: int = 0

    @property
    def precision(self) -> float:
        """Of those that were foretold, the share that came true."""
        return self.late_and_told / max(1, self.late_and_told + self.told_but_in_time)

    @property
    def recall(self) -> float:
        """Of those that came late, the share that had been foretold."""
        return self.late_and_told / max(1, self.late_and_told + self.late_but_not_told)

    @property
    def base_rate(self) -> float:
        """The share that came late: the precision of whoever foretells at random."""
        late = self.late_and_told + self.late_but_not_told
        return late / max(1, late + self.told_but_in_time + self.in_time)

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, name) + getattr(other, name) for name in Score.__slots__))


class _Witness(Answers):
    """Answers that also remember when each ticket was answered or ended."""

    def __init__(self, board: Board) -> None:
        super().__init__(board.policy)
        self.ends: dict[int, list[tuple[int, bool]]] = {}

    def note(self, columns: Columns, slots: Slots, rows: Rows) -> None:
        super().note(columns, slots, rows)
        self._remember(slots, rows["at"], answered=True)

    def note_ends(self, columns: Columns, slots: Slots, at: Times) -> None:
        super().note_ends(columns, slots, at)
        self._remember(slots, at, answered=False)

    def _remember(self, slots: Slots, at: Times, *, answered: bool) -> None:
        for slot, when in zip(slots.tolist(), at.tolist(), strict=True):
            self.ends.setdefault(slot, []).append((when, answered))


def backtest(board: Board, rows: Rows, start: int, end: int, every: int) -> Score:
    """The score of the forecasts made on an empty board at ``start``, ``start + every`` … up to ``end``.

    ``rows`` should reach beyond the end by as long as is looked ahead. All times are microseconds.
    """
    board.answers = board.columns.answers = witness = _Witness(board)
    rows = rows[np.argsort(rows["at"], kind="stable")]
    told: list[tuple[int, int, int, bool | None]] = []
    done = 0
    for moment in range(start, end + 1, every):
        until = int(np.searchsorted(rows["at"], moment, side="right"))
        board.apply(Batch(rows[done:until]))
        done = until
        told += _told(board, moment)
    board.apply(Batch(rows[done:]))
    scores = (_score(witness.ends.get(slot, []), moment, due, late) for slot, moment, due, late in told)
    return sum(scores, Score())


def _told(board: Board, moment: int) -> Iterator[tuple[int, int, int, bool | None]]:
    seen = foretell(board, moment)
    asked, late = seen.asked, seen.late
    for place in np.flatnonzero(asked).tolist():
        known = seen.wait[place] != UNKNOWN
        yield int(seen.line.slots[place]), moment, int(seen.line.due[place]), bool(late[place]) if known else None


def _score(ends: list[tuple[int, bool]], moment: int, due: int, told: bool | None) -> Score:
    at, answered = next((end for end in ends if end[0] > moment), (0, True))
    if told is None:
        return Score(untold=1)
    if at and not answered and at <= due:
        return Score(left=1)
    late = not at or at > due
    if told:
        return Score(late_and_told=1) if late else Score(told_but_in_time=1)
    return Score(late_but_not_told=1) if late else Score(in_time=1)
