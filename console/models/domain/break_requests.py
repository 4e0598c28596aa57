"""A break that an agent asks for: it waits for a supervisor's word, however long that takes."""

from __future__ import annotations

from typing import NamedTuple


class BreakRequest(NamedTuple):
    """Who asks, since when, and how long a break they want (microseconds)."""

    agent: str
    asked_at: int
    wanted: int
