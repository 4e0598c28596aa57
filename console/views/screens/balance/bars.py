"""The bars of a reading."""

from __future__ import annotations

import numpy as np

from console.i18n import _
from console.models.domain.concentration import membership
from console.models.domain.contacts import AgentState
from console.models.domain.glossary import word
from console.views.bridge import LiveBoard
from console.views.charts.load_bars import BarsData
from console.views.screens.balance.asked import Count
from console.views.screens.balance.figures import Rows, rows_of
from console.views.screens.balance.reading import Reading
from console.views.theme import State

_ABSENT = frozenset({AgentState.BREAK, AgentState.AWAY, AgentState.OFFLINE})


def bars_of(reading: Reading, live: LiveBoard) -> BarsData | None:
    """Everybody in a reading."""
    rows = rows_of(reading)
    return _bars(rows, reading, live) if rows.agents else None


def _bars(rows: Rows, reading: Reading, live: LiveBoard) -> BarsData:
    minutes = reading.asked.count is Count.MINUTES
    busiest = (
        membership(rows.load, rows.capacity, live.policy.skew.busiest) if rows.load.sum() else np.zeros(rows.load.size)
    )
    return BarsData(
        rows.agents,
        rows.names,
        rows.load,
        rows.fair,
        busiest,
        _notes(rows, live),
        _("minutes") if minutes else _("contacts"),
    )


def _notes(rows: Rows, live: LiveBoard) -> dict[int, tuple[str, State]]:
    """Who has more than fits, or has contacts and is not there."""
    board = live.board
    notes: dict[int, tuple[str, State]] = {}
    if board is None:
        return notes
    for row, agent in enumerate(rows.agents):
        state = board.agents[agent].state
        if board.agents[agent].since and state in _ABSENT:
            notes[row] = (word(state), State.PAUSED)
    return notes
