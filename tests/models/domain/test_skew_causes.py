"""The causes of a skew add up to it, and each shows where it is the only one (R-SKEW)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.models.domain.concentration import Numbers, top_share
from console.models.domain.skew_causes import WORDS, Causes, Origin, Pile, causes

PEOPLE = 10
BUSIEST = 0.3
ALL = np.ones(PEOPLE, dtype=bool)
ones = np.ones(PEOPLE)


@st.composite
def days(draw: st.DrawFn) -> tuple[list[Pile], Numbers]:
    people = draw(st.integers(1, 8))
    capacity = np.array(draw(st.lists(st.integers(1, 9), min_size=people, max_size=people)), dtype=float)
    piles = []
    for _pile in range(draw(st.integers(1, 5))):
        eligible = np.array(draw(st.lists(st.booleans(), min_size=people, max_size=people)))
        eligible[draw(st.integers(0, people - 1))] = True
        load = np.array(draw(st.lists(st.integers(0, 30), min_size=people, max_size=people)), dtype=float)
        helped = load * eligible if draw(st.booleans()) else load
        piles.append(Pile(draw(st.sampled_from(Origin)), eligible, helped, draw(st.integers(0, 3))))
    return piles, capacity


def busiest_three(origin: Origin, extra: float, capacity: Numbers = ones, eligible: Numbers | None = None) -> Causes:
    """Everybody has ten contacts by routing, in proportion to capacity; three have more."""
    top = np.arange(PEOPLE) < 3
    piles = [Pile(Origin.ROUTED, ALL, 10 * capacity)]
    piles.append(Pile(origin, ALL if eligible is None else eligible > 0, np.where(top, extra, 0.0)))
    return causes(piles, capacity, BUSIEST)


@given(days())
def test_the_parts_add_up(day: tuple[list[Pile], Numbers]) -> None:
    piles, capacity = day
    found = causes(piles, capacity, BUSIEST)
    load = sum((pile.load for pile in piles), np.zeros(capacity.size))
    assert sum(found.parts.values()) == pytest.approx(found.excess, abs=1e-9)
    assert found.share == pytest.approx(top_share(load, np.ones(capacity.size), BUSIEST), abs=1e-9)
    assert found.excess == pytest.approx(found.share - BUSIEST, abs=1e-9)


@given(days())
def test_the_people_and_the_topics_behind_a_part_add_up_to_it(day: tuple[list[Pile], Numbers]) -> None:
    found = causes(*day, BUSIEST)
    assert list(found.people) == list(found.parts)
    for (name, part), topics in zip(found.parts.items(), found.topics, strict=True):
        assert found.people[name].sum() == pytest.approx(part, abs=1e-9)
        assert topics.sum() == pytest.approx(part, abs=1e-9)


def test_the_topic_that_they_picked_is_named() -> None:
    """Three picked forty of one topic each; everything else was shared evenly."""
    top = np.arange(PEOPLE) < 3
    piles = [Pile(Origin.ROUTED, ALL, 10 * ones, 0), Pile(Origin.PICKED, ALL, np.where(top, 40.0, 0.0), 1)]
    found = causes(piles, ones, BUSIEST)
    picked = found.topics[list(found.parts).index("picked")]
    assert picked == pytest.approx([0, found.excess])
    assert np.abs(found.topics).sum() == pytest.approx(found.excess)


@pytest.mark.parametrize("origin", [Origin.PICKED, Origin.TRANSFERRED, Origin.STICKY, Origin.BY_HAND])
def test_an_origin_that_alone_is_uneven_is_the_whole_excess(origin: Origin) -> None:
    found = busiest_three(origin, 40)
    assert found.excess == pytest.approx(150 / 220 - 0.3)
    assert found.parts[origin.key] == pytest.approx(found.excess)
    assert [name for name, part in found.parts.items() if abs(part) > 1e-9] == [origin.key]
    people = found.origins[origin]
    assert people[:3] == pytest.approx([found.excess / 3] * 3), "it names who stands behind it"
    assert people[3:] == pytest.approx([0] * 7)


def test_longer_shifts_alone_are_no_routing() -> None:
    capacity = np.where(np.arange(PEOPLE) < 3, 9.0, 3.0)
    found = causes([Pile(Origin.ROUTED, ALL, 4 * capacity)], capacity, BUSIEST)
    assert found.parts["shift_length"] == pytest.approx(found.excess) == pytest.approx(27 / 48 - 0.3)


def test_work_that_only_they_may_do_is_specialisation() -> None:
    found = busiest_three(Origin.ROUTED, 40, eligible=(np.arange(PEOPLE) < 3).astype(float))
    assert found.parts["specialisation"] == pytest.approx(found.excess)
    assert found.parts["routed"] == pytest.approx(0)


def test_a_cause_may_work_against_the_others() -> None:
    """Those who picked most were there for less time."""
    found = busiest_three(Origin.PICKED, 60, np.where(np.arange(PEOPLE) < 3, 0.5, 1.0))
    assert found.parts["shift_length"] < 0 < found.parts["picked"]
    assert sum(found.parts.values()) == pytest.approx(found.excess)


def test_without_work_there_is_no_excess() -> None:
    found = causes([Pile(Origin.ROUTED, ALL, 0 * ones)], ones, BUSIEST)
    assert (found.share, found.excess, set(found.parts.values())) == (BUSIEST, 0.0, {0.0})
    with pytest.raises(ValueError, match="eligible"):
        causes([Pile(Origin.ROUTED, ~ALL, ones)], ones, BUSIEST)


def test_every_part_has_a_name() -> None:
    assert set(busiest_three(Origin.PICKED, 1).parts) == set(WORDS)
