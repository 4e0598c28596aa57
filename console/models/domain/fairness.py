"""R-SKEW: whether a skew can be chance, and how large it may truly be.

*Fair* means that each contact goes to anybody who is staffed and eligible for it, in proportion to capacity, whatever
the others have. A skew is uneven when fair days show one as large in no more cases than the rules allow to chance. (A
Monte Carlo test; its p-value counts the day itself, so it never claims too much: Davison and Hinkley, 1997, 4.2.) How
large the true share may be is told by Wilson's interval (1927); contacts of unequal effort count as so many equal ones
as Kish (1965) says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import Numbers, top_share, top_shares
from console.models.domain.contacts import Channel

FAIR_DAYS = 999
"""How many fair days a day is held against."""

_DRAWS_AT_ONCE = 2_000_000
_Z = 1.959963984540054
"""Of the normal distribution, for an interval of 95 %."""


@dataclass(frozen=True, slots=True)
class SkewRules:
    """R-SKEW: the part of the people that is looked at, the share of the work that is too much for it, and the part of
    fair days on which chance may raise an alarm; who handled a queue within ``eligible_within`` (microseconds) is
    eligible for it, where no source tells skills. ``places`` is by the codes of `contacts.Channel` how many contacts of
    it one person works on at once."""

    busiest: float
    alarm_share: float
    chance: float
    eligible_within: int
    places: tuple[int, ...] = (1,) * len(Channel)


class Work(NamedTuple):
    """Contacts for which the same people are eligible: who these are, and the effort of each contact."""

    eligible: NDArray[np.bool_]
    efforts: Numbers


class Verdict(NamedTuple):
    """``share`` is what the busiest part carries, ``expected`` what it carries on a fair day; ``p_value`` how often a
    fair day is as skewed; ``low`` and ``high`` bound the true share with 95 %. It is ``uneven`` where chance does not
    explain it, and an ``alarm`` where the true share may also be the one that is too much."""

    share: float
    expected: float
    p_value: float
    low: float
    high: float
    uneven: bool
    alarm: bool


def judge(load: Numbers, capacity: Numbers, work: Sequence[Work], seed: int, rules: SkewRules) -> Verdict:
    """The verdict over a window: ``load`` is what each person handled, ``work`` the contacts it consists of.

    The same ``seed`` gives the same verdict. Raises ValueError as `concentration.lorenz`, and where nobody is eligible.
    """
    share = top_share(load, capacity, rules.busiest)
    efforts = np.concatenate([np.zeros(0), *(some.efforts for some in work)])
    if not efforts.sum():
        return Verdict(share, share, 1.0, 0.0, 1.0, uneven=False, alarm=False)
    fair = top_shares(fair_loads(capacity, work, seed), capacity, rules.busiest)
    # Sums of efforts in another order differ in their last digits.
    as_skewed = int((fair >= share - 1e-9).sum())
    low, high = bounds(share, efforts)
    p_value = (1 + as_skewed) / (1 + FAIR_DAYS)
    uneven = p_value <= rules.chance
    alarm = uneven and high >= rules.alarm_share
    return Verdict(share, float(fair.mean()), p_value, low, high, uneven=uneven, alarm=alarm)


def fair_loads(capacity: Numbers, work: Sequence[Work], seed: int) -> Numbers:
    """The loads of `FAIR_DAYS` fair days, one per row."""
    chance = np.random.default_rng(seed)
    capacity = np.asarray(capacity, dtype=np.float64)
    loads = np.zeros((FAIR_DAYS, capacity.size))
    for some in work:
        odds = np.where(some.eligible, capacity, 0.0)
        if not odds.sum():
            raise ValueError("nobody is eligible for some of the work")
        odds /= odds.sum()
        efforts = np.asarray(some.efforts, dtype=np.float64)
        if efforts.size and (efforts == efforts[0]).all():
            loads += efforts[0] * chance.multinomial(efforts.size, odds, FAIR_DAYS)
        else:
            loads += _drawn(efforts, odds, chance)
    return loads


def interval(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share seen in so many contacts."""
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z / (1 + _Z**2 / count) * sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def bounds(share: float, efforts: Numbers) -> tuple[float, float]:
    """`interval` for a share of these efforts; without any, nothing is known."""
    squares = float((efforts**2).sum())
    return interval(share, float(efforts.sum()) ** 2 / squares) if squares else (0.0, 1.0)


def _drawn(efforts: Numbers, odds: Numbers, chance: np.random.Generator) -> Numbers:
    """Every contact of every fair day goes to somebody; a piece of days at a time."""
    upto = np.cumsum(odds)
    upto /= upto[-1]  # rounding must leave nothing for those behind, who are not eligible
    days = max(1, _DRAWS_AT_ONCE // max(1, efforts.size))
    parts = []
    for first in range(0, FAIR_DAYS, days):
        count = min(days, FAIR_DAYS - first)
        person = np.searchsorted(upto, chance.random((count, efforts.size)), side="right")
        place = person + odds.size * np.arange(count)[:, None]
        parts.append(np.bincount(place.ravel(), np.tile(efforts, count), count * odds.size).reshape(count, odds.size))
    return np.vstack(parts)
