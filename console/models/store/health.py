"""How the store is, as a screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class StoreState(Enum):
    """``ok``: events reach the database. ``spooling``: they wait in the spool. ``failed``: neither takes them."""

    OK = "ok"
    SPOOLING = "spooling"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """One look at the store; ``since`` is in microseconds since the epoch.

    Events with ``seq >= first_unstored`` are not in the database yet (0: all are). ``waiting`` counts them.
    """

    state: StoreState = StoreState.OK
    waiting: int = 0
    first_unstored: int = 0
    since: int = 0
    reason: str = ""
