"""The budget of misses against trying out one miss after the other."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.reply_budget import Budget, expected_turns

_counts = st.integers(0, 300)
_budgets = st.builds(
    Budget, _counts, _counts, _counts, _counts, st.integers(1, 100).map(lambda percent: Fraction(percent, 100))
)


def reaches(budget: Budget, misses: int, more: int) -> bool:
    """Whether the day reaches its target with so many more misses among so many more turns."""
    whole = budget.decided + more
    met = budget.met + more - misses
    return whole == 0 or Fraction(met, whole) >= budget.target


@given(_budgets)
def test_one_miss_more_than_the_budget_would_miss_the_target(budget: Budget) -> None:
    more = budget.pending + budget.expected
    assert reaches(budget, budget.misses_left, more)
    if budget.decided + more:
        assert not reaches(budget, budget.misses_left + 1, more)


@given(_budgets)
def test_what_can_be_missed_at_once_leaves_out_who_may_still_come(budget: Budget) -> None:
    assert reaches(budget, budget.misses_left_now, budget.pending)
    assert budget.misses_left_now <= budget.misses_left


@given(_budgets)
def test_so_many_hits_and_not_one_fewer_bring_the_rate_back(budget: Budget) -> None:
    needed = budget.hits_needed
    if needed is None:
        assert budget.target == 1
        assert budget.missed
        return
    if budget.decided + needed:
        assert Fraction(budget.met + needed, budget.decided + needed) >= budget.target
    if needed:
        assert Fraction(budget.met + needed - 1, budget.decided + needed - 1) < budget.target


def test_the_example_of_the_trade() -> None:
    # 640 of 700 met: 91.4 %. If 130 more come, 83 of 830 may be missed, and 60 were.
    budget = Budget(640, 60, 0, 130, Fraction("0.9"))
    assert budget.rate == Fraction(640, 700)
    assert budget.misses_left == 23


def test_the_rest_of_the_day_is_taken_to_be_as_busy_as_before() -> None:
    assert expected_turns(90, elapsed=9, left=6) == 60
    assert expected_turns(0, elapsed=0, left=15) == 0
