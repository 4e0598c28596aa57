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
    """Contacts of one kind that came in one way: who may handle them, and how much of them each person did."""

    origin: Origin
    eligible: NDArray[np.bool_]
    load: Numbers


class Causes(NamedTuple):
    """The excess and its parts, as shares of all work; the ``by_person`` arrays of a part add up to it.

    ``origins`` has a row for each `Origin`.
    """

    share: float
    excess: float
    shift_length: Numbers
    specialisation: Numbers
    origins: Numbers

    @property
    def parts(self) -> dict[str, float]:
        """Every part by name; they add up to the excess."""
        named = {"shift_length": self.shift_length.sum(), "specialisation": self.specialisation.sum()}
        named |= {origin.key: row.sum() for origin, row in zip(Origin, self.origins, strict=True)}
        return {name: float(value) for name, value in named.items()}


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
        return Causes(part, 0.0, nobody, nobody, np.zeros((len(Origin), weights.size)))
    by_origin = np.zeros((len(Origin), weights.size))
    fair = nobody.copy()
    for pile in piles:
        odds = np.where(pile.eligible, weights, 0.0)
        if not odds.sum():
            raise ValueError("nobody is eligible for some of the work")
        due = odds / odds.sum() * pile.load.sum()
        fair += due
        by_origin[pile.origin] += busiest * (pile.load - due) / total
    shares = weights / weights.sum()
    return Causes(
        float(busiest @ load / total),
        float(busiest @ load / total - part),
        # Their part of all heads, which is 30 %, is spread over them as they belong to it.
        busiest * (shares - 1 / weights.size),
        busiest * (fair / total - shares),
        by_origin,
    )
