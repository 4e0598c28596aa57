"""The linear program of a rebalance, and HiGHS, which solves it.

What the busiest part ``p`` of the capacity ``C`` carries is the least of ``λ·p·C + Σ max(0, load − λ·capacity)`` over
all ``λ`` (linear programming duality; R. T. Rockafellar and S. Uryasev, 2000, have it for tails of losses), and the
least lies where λ is somebody's load per capacity. So the share is linear with one more number for each person. For
one λ the loads are whole numbers at which the maximum has a corner between two of them: through these two goes a
second line, and what is left is nearly a flow in a network, which has whole numbers by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray

from console.scheduling.rebalance.flows import Flows, Numbers, Places

THREADS = 2
INFINITE = highspy.kHighsInf
_ROUNDING = 1e-6
_NONE = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)


class OutOfTime(Exception):
    """The solver needed longer than it may, and has nothing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds beside those of people: what the busiest may carry in contacts (``top``), how many are moved at least and
    at most, how many are taken back at least, and how many of one kind that take a place anybody gets at most."""

    top: float = INFINITE
    moves: float = INFINITE
    moves_least: float = 0.0
    back_least: float = 0.0
    busy_each: float = INFINITE


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be small: a weight for each move, for each contact taken back, for what the busiest carry, for each
    urgent contact that is moved, for how well each would be with who gets it, and for λ itself."""

    moves: float = 0.0
    back: float = 0.0
    top: float = 0.0
    urgent: float = 0.0
    fit: float = 0.0
    level: float = 0.0


@dataclass(frozen=True, slots=True)
class Solved:
    """``value`` of the goal, λ as ``level``, and how many contacts leave each owner and reach each taker. ``bound``: no
    solution is below it. ``columns`` are all numbers of the program."""

    value: float
    bound: float
    level: float
    out: Numbers
    into: Numbers
    columns: Numbers


@dataclass(slots=True)
class _Rows:
    """Rows of the matrix as they are made."""

    row: list[NDArray[np.int64]] = field(default_factory=list)
    column: list[NDArray[np.int64]] = field(default_factory=list)
    value: list[Numbers] = field(default_factory=list)
    lower: list[Numbers] = field(default_factory=list)
    upper: list[Numbers] = field(default_factory=list)
    count: int = 0

    def begin(self, lower: Numbers, upper: Numbers) -> int:
        """New rows with these bounds; the number of the first."""
        first, self.count = self.count, self.count + lower.size
        self.lower.append(lower)
        self.upper.append(upper)
        return first

    def put(self, row: Places, column: Places, value: Numbers) -> None:
        """Entries of rows."""
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)


class Program:
    """The program over the flows of a problem. Columns: what leaves, what arrives, each person's part above λ, urgent
    contacts that leave, λ."""

    def __init__(self, flows: Flows, part: float) -> None:
        self._flows = flows
        self._part = part
        counts = (flows.owner.size, flows.taker.size, flows.there.size, flows.owner.size, 1)
        ends = np.cumsum(counts)
        self._out, self._in, self._above, self._urgent, self._level = (
            np.arange(end - count, end) for count, end in zip(counts, ends, strict=True)
        )
        self._columns = int(ends[-1])

    def solve(
        self,
        goal: Goal,
        limits: Limits,
        seconds: float,
        *,
        level: float | None = None,
        whole: bool = True,
        gap: float = 0.0,
        start: Solved | None = None,
    ) -> Solved | None:
        """The best solution with ``level`` as λ (any, when None); None where there is none or no end. Without ``whole``
        parts of contacts may be moved. It may be off by ``gap``, and is no worse than ``start``, which must keep to the
        limits. Raises `OutOfTime`."""
        solver = highspy.Highs()
        wishes: dict[str, bool | int | float | str] = {
            "output_flag": False,
            # Nearly a network already: presolving it takes ten times as long as solving it, and rounding its relaxation
            # by shifts finds the best at once.
            "presolve": "off",
            "mip_heuristic_run_shifting": True,
            "threads": THREADS,
            "time_limit": max(0.01, seconds),
            "mip_rel_gap": 0.0,
            "mip_abs_gap": gap,
        }
        for name, value in wishes.items():
            solver.setOptionValue(name, value)
        solver.passModel(self._model(goal, limits, level, whole))
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = np.where(np.isin(np.arange(self._columns), self._urgent), 0.0, start.columns).tolist()
            solver.setSolution(known)
        solver.run()
        return self._read(solver, whole)

    def _read(self, solver: highspy.Highs, whole: bool) -> Solved | None:
        status, info = solver.getModelStatus(), solver.getInfo()
        done = status == highspy.HighsModelStatus.kOptimal
        if status in _NONE:
            return None
        has_one = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        if not done and not (whole and has_one):
            raise OutOfTime(solver.modelStatusToString(status))
        x = np.array(solver.getSolution().col_value)
        value = float(info.objective_function_value)
        bound = float(info.mip_dual_bound) if whole else value
        out, into = x[self._out], x[self._in]
        if whole:
            out, into = np.rint(out), np.rint(into)
        return Solved(value, bound, float(x[self._level[0]]), out, into, x)

    def _model(self, goal: Goal, limits: Limits, level: float | None, whole: bool) -> highspy.HighsLp:
        flows, people = self._flows, self._flows.there
        model = highspy.HighsLp()
        upper = np.full(self._columns, INFINITE)
        upper[self._out], upper[self._urgent] = flows.count, flows.urgent
        upper[self._above[~people]] = 0.0
        upper[self._in[flows.busy[flows.takes]]] = limits.busy_each
        lower = np.zeros(self._columns)
        if level is not None:
            lower[self._level] = upper[self._level] = level
        rows = self._rows(limits, level, with_urgent=goal.urgent != 0)
        row, column = np.concatenate(rows.row), np.concatenate(rows.column)
        order = np.lexsort((column, row))
        model.num_col_, model.num_row_ = self._columns, rows.count
        model.col_cost_, model.col_lower_, model.col_upper_ = self._costs(goal), lower, upper
        model.row_lower_, model.row_upper_ = np.concatenate(rows.lower), np.concatenate(rows.upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.searchsorted(row[order], np.arange(rows.count + 1))
        model.a_matrix_.index_ = column[order]
        model.a_matrix_.value_ = np.concatenate(rows.value)[order]
        if whole:
            integer, any_ = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
            flowing = self._out.size + self._in.size
            model.integrality_ = [integer] * flowing + [any_] * (self._columns - flowing)
        return model

    def _costs(self, goal: Goal) -> Numbers:
        costs = np.zeros(self._columns)
        costs[self._out] = goal.moves + goal.back * self._flows.back
        costs[self._in] = goal.fit * self._flows.fit
        costs[self._above], costs[self._urgent] = goal.top, goal.urgent
        costs[self._level] = goal.top * self._carried_by_level + goal.level
        return costs

    @property
    def _carried_by_level(self) -> float:
        return self._part * float(self._flows.capacity[self._flows.there].sum())

    def _rows(self, limits: Limits, level: float | None, *, with_urgent: bool) -> _Rows:
        flows, rows = self._flows, _Rows()
        out, into = np.ones(self._out.size), np.ones(self._in.size)
        # What leaves owners of a kind arrives with others.
        nothing = np.zeros(len(flows.kinds))
        first = rows.begin(nothing, nothing)
        rows.put(first + flows.kind, self._out, out)
        rows.put(first + flows.takes, self._in, -into)
        # Nobody gets more than fits, be it places or contacts in all.
        free = np.full(flows.there.size, -INFINITE)
        for limit, outs, ins in (
            (flows.space, out, into),
            (flows.room, flows.busy[flows.kind].astype(np.float64), flows.busy[flows.takes].astype(np.float64)),
        ):
            first = rows.begin(free, limit)
            rows.put(first + flows.owner, self._out, -outs)
            rows.put(first + flows.taker, self._in, ins)
        self._put_above(rows, np.ones(flows.there.size), flows.load, with_level=True)
        if level is not None:
            corner = np.floor(level * flows.capacity + _ROUNDING)
            slope = np.clip(corner + 1 - level * flows.capacity, 0.0, 1.0)
            self._put_above(rows, slope, flows.load - corner, with_level=False)
        self._put_limits(rows, limits)
        if with_urgent:
            first = rows.begin(np.full(out.size, -INFINITE), np.zeros(out.size))
            rows.put(first + np.arange(out.size), self._urgent, out)
            rows.put(first + np.arange(out.size), self._out, -out)
        return rows

    def _put_above(self, rows: _Rows, slope: Numbers, load: Numbers, *, with_level: bool) -> None:
        """Each person's part above is at least ``slope * (load − out + in)``, less λ times the capacity if wished."""
        flows = self._flows
        there = np.flatnonzero(flows.there)
        first = rows.begin(np.where(flows.there, slope * load, -INFINITE), np.full(flows.there.size, INFINITE))
        mine = flows.there[flows.owner]
        rows.put(first + flows.owner[mine], self._out[mine], slope[flows.owner[mine]])
        rows.put(first + flows.taker, self._in, -slope[flows.taker])
        rows.put(first + there, self._above[there], np.ones(there.size))
        if with_level:
            rows.put(first + there, np.broadcast_to(self._level, there.size), flows.capacity[there])

    def _put_limits(self, rows: _Rows, limits: Limits) -> None:
        above, out = self._above, self._out
        none, infinite = np.array([-INFINITE]), np.array([INFINITE])
        first = rows.begin(none, np.array([limits.top]))
        rows.put(np.full(above.size, first), above, np.ones(above.size))
        rows.put(np.array([first]), self._level, np.array([self._carried_by_level]))
        first = rows.begin(np.array([limits.moves_least]), np.array([limits.moves]))
        rows.put(np.full(out.size, first), out, np.ones(out.size))
        first = rows.begin(np.array([limits.back_least]), infinite)
        back = out[self._flows.back]
        rows.put(np.full(back.size, first), back, np.ones(back.size))
