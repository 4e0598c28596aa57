"""Counts and sums by key over a stretch of time that ends now and moves on: what happened in the last half hour.

Time is cut into steps; a step that has left the stretch is taken out of the totals, so that asking costs what has
changed and never what is inside. Memory is bounded by keys times steps, however much happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.live.fold import firsts

Values = NDArray[np.int64]


class Totals(NamedTuple):
    """By key: how many, and the sum of their amounts. A key that was never seen may lie beyond the end."""

    counts: Values
    sums: Values


class _Cell(NamedTuple):
    """What happened in one step: each key once."""

    keys: Values
    counts: Values
    sums: Values


class Sliding:
    """``step`` in microseconds. Keys are small numbers: the totals are arrays over all of them."""

    def __init__(self, step: int) -> None:
        self.step = step
        self._cells: dict[int, _Cell] = {}
        self._first = -(1 << 62)
        self._counts = np.zeros(64, dtype=np.int64)
        self._sums = np.zeros(64, dtype=np.int64)

    def __len__(self) -> int:
        """How many steps hold anything."""
        return len(self._cells)

    def add(self, at: Values, keys: Values, amounts: Values) -> None:
        """Count these in; what happened before the stretch is passed over."""
        steps = at // self.step
        inside = steps >= self._first
        if not inside.all():
            steps, keys, amounts = steps[inside], keys[inside], amounts[inside]
        if not steps.size:
            return
        self._reserve(int(keys.max()))
        order = np.lexsort((keys, steps))
        steps, keys, amounts = steps[order], keys[order], amounts[order]
        starts = np.flatnonzero(firsts(steps) | firsts(keys))
        counts, sums = np.diff(starts, append=steps.size), np.add.reduceat(amounts, starts)
        steps, keys = steps[starts], keys[starts].astype(np.int64)
        np.add.at(self._counts, keys, counts)
        np.add.at(self._sums, keys, sums)
        bounds = np.flatnonzero(firsts(steps)).tolist()
        for first, last in pairwise([*bounds, steps.size]):
            step, cell = int(steps[first]), _Cell(keys[first:last], counts[first:last], sums[first:last])
            known = self._cells.get(step)
            if known is not None:
                cell = _cell(*(np.concatenate(pair) for pair in zip(known, cell, strict=True)))
            self._cells[step] = cell

    def totals(self, since: int) -> Totals:
        """What happened from the step of an instant on. The instant never goes back: what has left does not return."""
        self.forget(since)
        return Totals(self._counts, self._sums)

    def forget(self, before: int) -> None:
        """Let the steps before that of an instant go."""
        first = before // self.step
        if first <= self._first:
            return
        self._first = first
        for step in [step for step in self._cells if step < first]:
            self._put(self._cells.pop(step), -1)

    def walk(self, instants: Sequence[int], over: int) -> Iterator[tuple[int, Totals]]:
        """For each of these instants, which rise, what happened over that time up to its step and with it.

        The arrays change at the next turn; what was let go is missing.
        """
        counts, sums = np.zeros_like(self._counts), np.zeros_like(self._sums)
        steps = sorted(self._cells)
        come = gone = 0
        for instant in instants:
            last = instant // self.step
            first = (instant - over) // self.step + 1
            for sign, until in ((1, last + 1), (-1, first)):
                place = come if sign > 0 else gone
                while place < len(steps) and steps[place] < until:
                    cell = self._cells[steps[place]]
                    counts[cell.keys] += sign * cell.counts
                    sums[cell.keys] += sign * cell.sums
                    place += 1
                come, gone = (place, gone) if sign > 0 else (come, place)
            yield instant, Totals(counts, sums)

    def instants(self, after: int, until: int) -> list[int]:
        """The beginnings of the steps with ``after < instant <= until`` in which anything happened, in order."""
        return sorted(step * self.step for step in self._cells if after < step * self.step <= until)

    def export(self) -> NDArray[np.int64]:
        """Everything as rows of step, key, count and sum."""
        rows = [
            np.column_stack([np.full(cell.keys.size, step, dtype=np.int64), *cell])
            for step, cell in sorted(self._cells.items())
        ]
        return np.concatenate([np.empty((0, 4), dtype=np.int64), *rows])

    def restore(self, rows: NDArray[np.int64]) -> None:
        """Take over what was exported, into a stretch that is empty."""
        self._reserve(int(rows[:, 1].max(initial=0)))
        for step in np.unique(rows[:, 0]).tolist():
            _step, keys, counts, sums = rows[rows[:, 0] == step].T.copy()
            self._cells[step] = _Cell(keys, counts, sums)
            self._put(self._cells[step], 1)

    @property
    def nbytes(self) -> int:
        """Memory of the steps, in bytes."""
        return sum(column.nbytes for cell in self._cells.values() for column in cell)

    def _put(self, cell: _Cell, sign: int) -> None:
        # Each key stands once in a cell, so plain indexing adds up.
        self._counts[cell.keys] += sign * cell.counts
        self._sums[cell.keys] += sign * cell.sums

    def _reserve(self, key: int) -> None:
        if key >= self._counts.size:
            more = np.zeros(key + 1 + key // 4 - self._counts.size, dtype=np.int64)
            self._counts, self._sums = np.concatenate([self._counts, more]), np.concatenate([self._sums, more])


def _cell(keys: Values, counts: Values, sums: Values) -> _Cell:
    once, places = np.unique(keys, return_inverse=True)
    together = np.zeros((2, once.size), dtype=np.int64)
    np.add.at(together[0], places, counts)
    np.add.at(together[1], places, sums)
    return _Cell(once.astype(np.int64), *together)
