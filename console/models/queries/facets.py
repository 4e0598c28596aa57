"""How many tickets each choice of a filter would leave: counted under all other conditions that are in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from console.models.domain.contacts import GROUP_OF_TYPE, Group, InquiryType
from console.models.live.board import Board
from console.models.live.filters import SETS, Filter, Mask, mask

GROUPS = "group"
"""The facet of the five groups of types."""
FACETS = (*SETS, GROUPS)
_GROUP = np.array([GROUP_OF_TYPE.get(kind, Group.OTHER) for kind in InquiryType], dtype=np.uint8)


def without(chosen: Filter, facet: str) -> Filter:
    """The same filter without what it asks of one facet; raises KeyError for an unknown one."""
    if facet not in FACETS:
        raise KeyError(facet)
    if facet == GROUPS:
        return replace(chosen, groups=frozenset())
    return replace(chosen, values={name: values for name, values in chosen.values.items() if name != facet})


def tally(
    board: Board, chosen: Filter, facet: str, now: int, go_on: Callable[[], bool] = lambda: True
) -> Mapping[int, int]:
    """Tickets by value of a facet, under the rest of the filter; values with none are left out.

    Reads the columns only, so it may run on a worker while the board goes on; ``go_on`` stops a long text search.
    """
    count = board.columns.count
    member: Mask = mask(without(chosen, facet), board.columns, board.texts, board.policy, now, None, go_on)[:count]
    values = _GROUP[board.columns.type[:count]] if facet == GROUPS else getattr(board.columns, facet)[:count]
    counts = np.bincount(values[member[: values.size]])
    return {value: int(number) for value, number in enumerate(counts) if number}
