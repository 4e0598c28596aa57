"""The optimiser against trying everything: what it proposes is permitted, reaches as far, and takes as few moves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from console.clock import SystemClock
from console.models.domain.rebalance import Pool, Problem, Proposal, Why
from console.scheduling.rebalance.solver import TO_A_SHARE_OF, solve
from tests.scheduling.rebalance.cases import best, fewest, problems, share, ways_of

EVERYBODY = Pool("Chat", frozenset(range(1, 11)))


def propose(problem: Problem) -> Proposal:
    return solve(problem, 60, SystemClock())


def check(problem: Problem) -> None:
    found, wanted = propose(problem), best(problem)
    ways = ways_of(problem, found.moves)
    assert found.violations == ()
    assert found.optimal
    back = sum(move.why is Why.ABSENT for move in found.moves)
    assert back == wanted.back
    assert found.after.share == pytest.approx(share(problem, ways))
    if wanted.share <= problem.target + 1e-9:
        assert found.after.share <= problem.target + 1e-9
        assert len(found.moves) == wanted.moves
        assert found.bindings == ()
    else:
        assert found.after.share <= wanted.share + 2 * TO_A_SHARE_OF + 1e-6
        assert len(found.moves) == fewest(problem, back, found.after.share)
        assert found.bindings


@given(problems())
@settings(max_examples=60, deadline=None)
def test_the_fewest_moves_by_trying_everything(problem: Problem) -> None:
    check(problem)


@pytest.mark.long
@given(problems())
@settings(max_examples=1_500, deadline=None)
def test_the_fewest_moves_by_trying_everything_often(problem: Problem) -> None:
    check(problem)
