"""What makes one demonstration centre different from another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Site:
    """The seed of all chance, the zone of its clocks on the wall, and the contacts of an average day.

    0 contacts means as many as `resources/demo/centre.toml` says. Two centres of equal sites are the same centre.
    """

    seed: int
    zone: tzinfo
    contacts: int = 0
