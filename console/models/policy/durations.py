"""Durations as people write them in a policy: ``90 s``, ``30 min``, ``24 h``, ``2 d``."""

from __future__ import annotations

import re

from console.clock import DAY, HOUR, MINUTE, SECOND

UNITS = {"s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}
_FORM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|min|h|d)\s*")


def parse(text: str) -> int:
    """Microseconds of a written duration; raises ValueError with the accepted form."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a duration; write a number and a unit: 90 s, 30 min, 24 h, 2 d")
    return round(float(match.group(1)) * UNITS[match.group(2)])
