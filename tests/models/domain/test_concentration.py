"""The figures of concentration against other ways to compute them, against published results, and by their laws."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.concentration import Numbers, gini, lorenz, membership, top_share, top_shares

BUSIEST = 0.3
people = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), min_size=1, max_size=14).filter(
    lambda some: any(load for load, _capacity in some)
)
parts = st.sampled_from([0.1, 0.25, BUSIEST, 0.5, 0.9])


def columns(some: list[tuple[int, int]]) -> tuple[Numbers, Numbers]:
    return np.array([load for load, _w in some], dtype=float), np.array([w for _load, w in some], dtype=float)


def gini_by_differences(some: list[tuple[int, int]]) -> Fraction:
    """Half the mean difference between any two, relative to the mean; people count by their capacity."""
    total = sum(load for load, _w in some)
    weight = sum(w for _load, w in some)
    pairs = sum(abs(a * v - b * w) for a, w in some for b, v in some)
    return Fraction(pairs, 2 * weight * total)


def top_by_filling(some: list[tuple[int, int]], part: float) -> Fraction:
    """Take the busiest one after the other until the part is full, the last one as far as there is room."""
    room = Fraction(part).limit_denominator(100) * sum(w for _load, w in some)
    taken = Fraction(0)
    for load, w in sorted(some, key=lambda one: Fraction(one[0], one[1]), reverse=True):
        some_of_it = min(Fraction(1), room / w)
        taken += some_of_it * load
        room -= some_of_it * w
    return taken / sum(load for load, _w in some)


@given(people)
def test_the_coefficient_is_the_mean_difference(some: list[tuple[int, int]]) -> None:
    assert gini(*columns(some)) == pytest.approx(float(gini_by_differences(some)), abs=1e-12)


@given(people, parts)
def test_the_share_is_what_the_busiest_carry(some: list[tuple[int, int]], part: float) -> None:
    load, capacity = columns(some)
    share = float(top_by_filling(some, part))
    assert top_share(load, capacity, part) == pytest.approx(share, abs=1e-9)
    members = membership(load, capacity, part)
    assert members @ capacity == pytest.approx(part * capacity.sum())
    assert members @ load / load.sum() == pytest.approx(share, abs=1e-9)


@given(people, parts, st.integers(2, 5), st.randoms())
def test_scale_order_and_doubling_change_nothing(
    some: list[tuple[int, int]], part: float, factor: int, chance: object
) -> None:
    load, capacity = columns(some)
    figures = gini(load, capacity), top_share(load, capacity, part)
    mixed = some[:]
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random
    for other in (
        (factor * load, capacity),
        (load, factor * capacity),
        columns(mixed),
        (np.tile(load, 2), np.tile(capacity, 2)),
    ):
        assert (gini(*other), top_share(*other, part)) == pytest.approx(figures, abs=1e-9)


@given(people, parts)
def test_the_curve_is_convex_and_the_busiest_carry_their_part_at_least(
    some: list[tuple[int, int]], part: float
) -> None:
    load, capacity = columns(some)
    curve = lorenz(load, capacity)
    assert (curve.capacity[0], curve.load[0]) == (0.0, 0.0)
    assert (curve.capacity[-1], curve.load[-1]) == (1.0, 1.0)
    slope = np.diff(curve.load) / np.diff(curve.capacity)
    assert (np.diff(slope) > -1e-9).all()
    assert top_share(load, capacity, part) >= part - 1e-9
    assert -1e-9 <= gini(load, capacity) < 1


def test_idle_people_raise_it_as_is_known() -> None:
    """With as many idle people again g becomes (1 + g) / 2; n people of whom one does everything have 1 - 1 / n."""
    load = np.array([3.0, 5.0, 8.0, 20.0])
    g = gini(load, np.ones(4))
    assert gini(np.append(load, np.zeros(4)), np.ones(8)) == pytest.approx((1 + g) / 2)
    for n in (2, 10, 100):
        assert gini(np.eye(n)[0], np.ones(n)) == pytest.approx(1 - 1 / n)


def test_half_a_day_with_half_the_contacts_is_no_skew() -> None:
    hours = np.array([8.0, 8.0, 4.0, 2.0, 8.0])
    assert gini(3 * hours, hours) == pytest.approx(0)
    assert top_share(3 * hours, hours, BUSIEST) == pytest.approx(BUSIEST)
    assert top_share(3 * hours, np.ones(5), BUSIEST) > BUSIEST + 0.05, "by head it looks like one"


@pytest.mark.parametrize(
    ("quantile", "published"),
    [
        (lambda u: u, 1 / 3),
        (lambda u: -np.log1p(-u), 1 / 2),
        (lambda u: (1 - u) ** (-1 / 3.0), 1 / 5),
        (lambda u: np.where(u < 0.5, 1.0, 3.0), 1 / 4),
    ],
    ids=["uniform", "exponential", "Pareto with exponent 3", "two kinds"],
)
def test_distributions_whose_coefficient_is_published(quantile: object, published: float) -> None:
    """Gastwirth (1972), *The estimation of the Lorenz curve and Gini index*, and Pareto: 1 / (2 a - 1)."""
    n = 200_000
    loads = quantile((np.arange(n) + 0.5) / n)  # type: ignore[operator]  # a function of an array
    assert gini(loads, np.ones(n)) == pytest.approx(published, abs=1e-3)


def test_the_busiest_of_an_exponential_day() -> None:
    """The Lorenz curve of the exponential distribution is p + (1 - p) ln(1 - p)."""
    n = 200_000
    loads = -np.log1p(-(np.arange(n) + 0.5) / n)
    assert top_share(loads, np.ones(n), BUSIEST) == pytest.approx(0.3 - 0.3 * np.log(0.3), abs=1e-3)


def test_many_days_at_once_are_the_same_days() -> None:
    chance = np.random.default_rng(3)
    days = chance.integers(0, 9, (50, 7)).astype(float)
    days[0] = 0
    hours = chance.integers(1, 9, 7).astype(float)
    assert top_shares(days, hours, BUSIEST).tolist() == [top_share(day, hours, BUSIEST) for day in days]
    assert top_share(days[0], hours, BUSIEST) == pytest.approx(BUSIEST), "without work everybody is equal"


@pytest.mark.parametrize(
    ("load", "capacity", "part", "words"),
    [
        ([], [], 0.3, "somebody"),
        ([1.0], [0.0], 0.3, "capacity"),
        ([-1.0, 2.0], [1.0, 1.0], 0.3, "negative"),
        ([1.0, 2.0], [1.0], 0.3, "each person"),
        ([1.0, np.nan], [1.0, 1.0], 0.3, "negative"),
        ([1.0], [1.0], 1.0, "part"),
    ],
)
def test_what_makes_no_sense_is_refused(load: list[float], capacity: list[float], part: float, words: str) -> None:
    for figure in (top_share, membership):
        with pytest.raises(ValueError, match=words):
            figure(np.array(load), np.array(capacity), part)
