"""The fewest moves that bring the open load under its target, with the proof that fewer cannot.

One aim after the other, and none gives up what an earlier one reached: everything that can be is taken back from people
who are not there; the share of the busiest comes under the target, or as low as it can where that is out of reach; as
few contacts as possible are moved; those whose customers would be answered too late or never were go first, and with
the same number of moves the busiest keep as little as possible and teams keep what is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf

import numpy as np

from console.models.domain.ports import Clock, Progress
from console.models.domain.rebalance import Binding, Block, Problem, Proposal
from console.models.domain.rebalance_rules import judge
from console.scheduling.rebalance.choosing import moves
from console.scheduling.rebalance.flows import Flows, Numbers, flows
from console.scheduling.rebalance.program import Goal, Limits, OutOfTime, Program, Solved

TO_A_SHARE_OF = 0.0005
"""A target that is out of reach is neared to this part of all contacts: proving more takes long and helps nobody."""

POLISHING_SECONDS = 0.8
"""How long the choice among equally few moves may take."""

_HELPFUL = Goal(top=1.0, urgent=-1.0, fit=-0.25)
"""Of equally few moves: an urgent contact counts as much as one less with the busiest, one that stays in its team a
quarter of that."""

_BUSY_EACH = 2
"""Nobody gets more conversations of one kind at once than this, where that costs no move."""

_ROUNDING = 1e-6
_AT_ONCE = 6
"""So many values of λ are compared before one of them is tried in earnest."""
_AIMS = 4


def solve(problem: Problem, within: float, clock: Clock, progress: Progress | None = None) -> Proposal:
    """The proposal, after ``within`` seconds at most (then it may not be the best, and says so). Raises
    `ports.Cancelled` when the progress asks to stop, between two runs of the solver."""
    return _Search(problem, within, clock, progress or Progress()).proposal()


@dataclass(frozen=True, slots=True)
class _Found:
    """The best so far, and whether nothing can be better."""

    best: Solved | None
    proven: bool


class _Search:
    def __init__(self, problem: Problem, within: float, clock: Clock, progress: Progress) -> None:
        self._problem = problem
        self._clock = clock
        self._end = clock.monotonic() + within
        self._progress = progress
        self._flows: Flows = flows(problem)
        self._program = Program(self._flows, problem.part)
        self._levels = _levels(self._flows, len(problem.tickets))

    def proposal(self) -> Proposal:
        """Aim by aim."""
        found = self._found() if self._flows.count.size and self._flows.taker.size else _Found(None, proven=True)
        if found.best is None:
            made = judge(self._problem, (), optimal=found.proven)
        else:
            made = judge(self._problem, moves(self._problem, self._flows, found.best), optimal=found.proven)
        if made.bindings and not found.proven:
            made = replace(made, bindings=(*made.bindings, Binding(Block.TIME)))
        return made

    def _found(self) -> _Found:
        try:
            return self._aims()
        except OutOfTime:
            return _Found(None, proven=False)

    def _aims(self) -> _Found:
        self._progress.step(0, _AIMS)
        back = self._most_taken_back()
        self._progress.step(1, _AIMS)
        load = float(self._flows.load[self._flows.there].sum()) + back
        limits = Limits(top=self._problem.target * load + _ROUNDING, back_least=back)
        found, proven = self._fewest(limits), True
        if found is None:
            lowest = self._lowest(limits, TO_A_SHARE_OF * load)
            if lowest.best is None:
                return lowest
            proven = lowest.proven
            self._progress.step(2, _AIMS)
            limits = replace(limits, top=lowest.best.value + _ROUNDING)
            found = self._fewest(limits) or lowest
        self._progress.step(3, _AIMS)
        if found.best is None:
            return found
        return _Found(self._polished(found.best, limits), found.proven and proven)

    def _left(self) -> float:
        left = self._end - self._clock.monotonic()
        if left <= 0:
            raise OutOfTime
        return left

    def _most_taken_back(self) -> float:
        if not self._flows.back.any():
            return 0.0
        found = self._program.solve(Goal(back=-1.0), Limits(), self._left())
        return 0.0 if found is None else float(found.out[self._flows.back].sum())

    def _fewest(self, limits: Limits) -> _Found | None:
        """As few moves as possible within the limits; None where there are none within them."""
        goal = Goal(moves=1.0)
        relaxed = self._program.solve(goal, limits, self._left(), whole=False)
        if relaxed is None:
            return None
        least = ceil(relaxed.value - _ROUNDING)
        found = self._by_level(
            goal,
            relaxed,
            floor=least,
            step=1.0,
            within=lambda below: replace(limits, moves=min(limits.moves, below + _ROUNDING)),
        )
        # Parts of contacts may fit where whole ones do not.
        return None if found.best is None and found.proven else found

    def _lowest(self, limits: Limits, step: float) -> _Found:
        """As little as possible with the busiest."""
        goal, open_ = Goal(top=1.0), replace(limits, top=inf)
        relaxed = self._program.solve(goal, open_, self._left(), whole=False)
        if relaxed is None:
            return _Found(None, proven=True)
        return self._by_level(
            goal, relaxed, floor=relaxed.value, step=step, within=lambda below: replace(open_, top=below)
        )

    def _by_level(
        self, goal: Goal, relaxed: Solved, floor: float, step: float, within: Callable[[float], Limits]
    ) -> _Found:
        """The best over all values of λ that matter, to less than a ``step``. ``within`` are the limits of what is at
        most so large."""
        best: Solved | None = None
        try:
            untried = self._of_use(self._levels, within(inf))
            while untried.size and (best is None or best.value > floor + step - _ROUNDING):
                order = np.argsort(np.abs(untried - relaxed.level), kind="stable")
                some, untried = untried[order[:_AT_ONCE]], untried[order[_AT_ONCE:]]
                better = self._best_of(goal, within(inf), some, best, step)
                if better is not best and better is not None:
                    best = better
                    untried = self._of_use(untried, within(best.value - step))
        except OutOfTime:
            return _Found(best, proven=False)
        return _Found(best, proven=True)

    def _best_of(self, goal: Goal, limits: Limits, levels: Numbers, best: Solved | None, step: float) -> Solved | None:
        """The best so far and at these values of λ, those first at which parts of contacts would do best."""
        bounds = []
        for level in levels.tolist():
            self._progress.step(1, _AIMS)
            found = self._program.solve(goal, limits, self._left(), level=level, whole=False)
            bounds.append(inf if found is None else found.value)
        for place in np.argsort(bounds, kind="stable").tolist():
            if bounds[place] > (inf if best is None else best.value - step) + _ROUNDING or bounds[place] == inf:
                break
            self._progress.step(1, _AIMS)
            # What is known already is no limit here: with it the solver takes ten times as long.
            found = self._program.solve(goal, limits, self._left(), level=float(levels[place]), gap=step * (1 - 1e-3))
            if found is not None and (best is None or found.value < best.value - step / 2):
                best = found
        return best

    def _of_use(self, levels: Numbers, wanted: Limits) -> Numbers:
        """Those of these values of λ between the least and the most at which parts of contacts would do."""
        least = self._program.solve(Goal(level=1.0), wanted, self._left(), whole=False)
        if least is None:
            return levels[:0]
        most = self._program.solve(Goal(level=-1.0), wanted, self._left(), whole=False)
        upto = inf if most is None else most.level
        return levels[(levels >= least.level - _ROUNDING) & (levels <= upto + _ROUNDING)]

    def _polished(self, found: Solved, limits: Limits) -> Solved:
        """The same number of moves, and of these the ones that help most."""
        count = float(found.out.sum())
        same = replace(limits, moves=count, moves_least=count)
        end = min(self._end, self._clock.monotonic() + POLISHING_SECONDS)
        for most, start in ((_BUSY_EACH, None), (inf, found)):
            seconds = end - self._clock.monotonic()
            if not count or seconds <= 0:
                break
            try:
                wanted = replace(same, busy_each=most)
                better = self._program.solve(_HELPFUL, wanted, seconds, level=found.level, gap=0.1, start=start)
            except OutOfTime:
                break
            if better is not None:
                return better
        return found


def _levels(flows: Flows, contacts: int) -> Numbers:
    """Every load per capacity that somebody may come to: where λ lies at best."""
    capacity = np.unique(flows.capacity[flows.there])
    most = contacts
    return np.unique((np.arange(most + 1)[:, None] / capacity[None, :]).ravel()) if capacity.size else capacity
