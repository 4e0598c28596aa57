"""The count beside a choice is what choosing it alone would leave."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.models.live.filters import Filter, Scope, Urgency, mask
from console.models.queries.facets import FACETS, GROUPS, tally, without
from tests.views.screens.centre import MORNING, morning

FILTERS = (
    Filter(),
    Filter(Scope.WAITING, Urgency.SOON_OR_BREACHED),
    Filter(Scope.ALL, values={"channel": frozenset({1, 6}), "tier": frozenset({2})}, groups=frozenset({1})),
)


@pytest.mark.parametrize("chosen", FILTERS)
@pytest.mark.parametrize("facet", FACETS)
def test_a_count_is_what_the_choice_would_leave(facet: str, chosen: Filter) -> None:
    board, _log = morning()
    rest = without(chosen, facet)
    for value, number in tally(board, chosen, facet, MORNING).items():
        keys = frozenset({value})
        alone = replace(rest, groups=keys) if facet == GROUPS else replace(rest, values={**rest.values, facet: keys})
        assert number == mask(alone, board.columns, board.texts, board.policy, MORNING).sum()


def test_an_unknown_facet_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        without(Filter(), "shoe size")


def test_a_facet_is_counted_as_if_nothing_were_chosen_of_it_yet() -> None:
    chosen = FILTERS[2]
    assert without(chosen, GROUPS) == replace(chosen, groups=frozenset())
    assert without(chosen, "tier") == replace(chosen, values={"channel": frozenset({1, 6})})
    assert without(chosen, "status") == chosen
