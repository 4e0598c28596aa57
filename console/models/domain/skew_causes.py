"""R-SKEW: why the busiest carry more than their part: the excess by causes, which add up to it exactly.

By head the busiest 30 % of people would carry 30 % of the work if all were equal. What they carry beyond that is taken
apart from what is given to what is done:

1. *shift length*: they were there for longer, so their part of all capacity is larger than 30 %;
2. *specialisation*: more of the work is such that only they may do it: their fair part, when each contact goes to
   anybody eligible in proportion to capacity, less their part of the capacity;
3. for each *origin*, the way in which contacts came to people: what came to them that way, less their fair part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.i18n import N_
from console.models.domain.concentration import Numbers, membership
from console.models.domain.contacts import Code


class Origin(Code):
    """How a contact came to the person who handled it."""

    ROUTED = 0
    """The source's routing gave it."""
    PICKED = 1
    """They took it themselves."""
    TRANSFERRED = 2
    """A colleague passed it on."""
    STICKY = 3
    """The customer came back to the person they had before."""
    BY_HAND = 4
    """A supervisor or a colleague gave it out."""
    UNTOLD = 5
    """The source does not say."""


class Pile(NamedTuple):
    """Contacts of one kind that came in one way: who may handle them, and how much of them each person did. ``topic``
    is what they are about, by a number of the caller's from 0 up."""

    origin: Origin
    eligible: NDArray[np.bool_]
    load: Numbers
    topic: int = 0


class Causes(NamedTuple):
    """The excess and its parts, as shares of all work.

    ``shift_length`` and ``specialisation`` tell of each person what they have to do with it and add up to the part;
    ``origins`` has such a row for each `Origin`. ``topics`` has a row for each of `parts`, in their order, and a column
    for each topic; a row adds up to the part too.
    """

    share: float
    excess: float
    shift_length: Numbers
    specialisation: Numbers
    origins: Numbers
    topics: Numbers

    @property
    def parts(self) -> dict[str, float]:
        """Every part by name; they add up to the excess."""
        return {name: float(row.sum()) for name, row in self.people.items()}

    @property
    def people(self) -> dict[str, Numbers]:
        """What each person has to do with every part, by its name."""
        named = {"shift_length": self.shift_length, "specialisation": self.specialisation}
        return named | {origin.key: row for origin, row in zip(Origin, self.origins, strict=True)}


_FIRST_ORIGIN = 2
_PARTS = _FIRST_ORIGIN + len(Origin)

WORDS = {
    "shift_length": N_("Shift length"),
    "specialisation": N_("Specialisation"),
    Origin.ROUTED.key: N_("Routing rule"),
    Origin.PICKED.key: N_("Self-picking"),
    Origin.TRANSFERRED.key: N_("Transfers in"),
    Origin.STICKY.key: N_("Returning customers"),
    Origin.BY_HAND.key: N_("Given out by hand"),
    Origin.UNTOLD.key: N_("Origin not told"),
}
"""What a part is called; translated when it is shown."""


def causes(piles: Sequence[Pile], capacity: Numbers, part: float) -> Causes:
    """Take the excess of the busiest ``part`` of all people apart.

    Raises ValueError where nobody with capacity is eligible for a pile, and as `concentration.membership`.
    """
    weights = np.asarray(capacity, dtype=np.float64)
    nobody = np.zeros_like(weights)
    load = sum((pile.load for pile in piles), nobody)
    total = load.sum()
    busiest = membership(load, np.ones_like(weights), part)
    if not total:
        return Causes(part, 0.0, nobody, nobody, np.zeros((len(Origin), weights.size)), np.zeros((_PARTS, 1)))
    shares = weights / weights.sum()
    # Their part of all heads, which is 30 %, is spread over them as they belong to it.
    longer = busiest * (shares - 1 / weights.size)
    by_origin = np.zeros((len(Origin), weights.size))
    topics = np.zeros((_PARTS, 1 + max(pile.topic for pile in piles)))
    fair = nobody.copy()
    for pile in piles:
        odds = np.where(pile.eligible, weights, 0.0)
        if not odds.sum():
            raise ValueError("nobody is eligible for some of the work")
        size = pile.load.sum()
        due = odds / odds.sum() * size
        fair += due
        beyond = busiest * (pile.load - due) / total
        by_origin[pile.origin] += beyond
        topics[0, pile.topic] += longer.sum() * size / total
        topics[1, pile.topic] += busiest @ (due - shares * size) / total
        topics[_FIRST_ORIGIN + pile.origin, pile.topic] += beyond.sum()
    excess = float(busiest @ load / total - part)
    return Causes(excess + part, excess, longer, busiest * (fair / total - shares), by_origin, topics)
