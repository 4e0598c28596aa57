"""R-SKEW: how much work a person has room for: places, which are contacts at once.

One contact of a channel of which a person works on *p* at once takes one *p*-th of them. Contacts of several channels
that take equally long therefore fill a person as the harmonic mean of these figures says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import Numbers


def places(limits: NDArray[np.int64], contacts: NDArray[np.int64], by_channel: NDArray[np.int64]) -> Numbers:
    """How many contacts each person may have at once: the harmonic mean over their contacts of the channel's figure, or
    of their own limit where that is less (0: not told).

    ``contacts`` has a row for each person and a column for each channel, ``by_channel`` the figures from 1 up. Whoever
    had no contact is taken to get them as they came to all; where there were none at all, each channel counts once.
    """
    at_once = np.where(limits[:, None] > 0, np.minimum(limits[:, None], by_channel), by_channel)
    usual = contacts.sum(axis=0)
    usual = usual if usual.any() else np.ones_like(usual)
    mix = np.where(contacts.any(axis=1, keepdims=True), contacts, usual)
    return np.asarray(mix.sum(axis=1) / (mix / at_once).sum(axis=1))
