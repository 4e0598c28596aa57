"""What the balance screen is asked for: which measure, over which time, of which contacts and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from console.i18n import N_


class Measure(Enum):
    """The two measures, which are never mixed."""

    HANDLED = "handled"
    """What was done in a span of time."""
    OPEN = "open"
    """What is assigned at this moment."""


class Count(Enum):
    """What work is counted in."""

    CONTACTS = "contacts"
    MINUTES = "minutes"


OWN = "own"
"""The window that is a span of one's own."""

MEASURES = ((Measure.HANDLED.value, N_("Handled")), (Measure.OPEN.value, N_("Open now")))
COUNTS = ((Count.CONTACTS.value, N_("Contacts")), (Count.MINUTES.value, N_("Minutes")))
WINDOWS = (
    ("hour", N_("Last hour")),
    ("shift", N_("Shift")),
    ("day", N_("Today")),
    ("week", N_("This week")),
    (OWN, N_("Other…")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """``own`` is the span of `OWN` in microseconds since the epoch. ``limits`` are ids by column of the board (queue,
    type, channel), ``teams`` names; nothing limits nothing."""

    measure: Measure = Measure.HANDLED
    count: Count = Count.CONTACTS
    window: str = "hour"
    own: tuple[int, int] = (0, 0)
    limits: Mapping[str, frozenset[int]] = field(default_factory=dict)
    teams: frozenset[str] = frozenset()

    @property
    def narrowed(self) -> bool:
        """Whether some contacts or people are left out."""
        return bool(self.limits or self.teams)
