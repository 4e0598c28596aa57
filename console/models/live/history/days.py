"""A day of the past as one file: the state that each ticket touched on that day had at its end, and the agents' last
words of the day.

Days are whole days of UTC, numbered since the epoch. The files of all days up to an instant, one laid over the other,
are every ticket's state at that instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from console.clock import DAY
from console.models.domain.ports import Rows
from console.models.live import container
from console.models.live.agents import Agents
from console.models.live.board import Board
from console.models.live.columns import STATE, Slots

FORM = "day 4"
SUFFIX = ".day"


@dataclass(frozen=True, slots=True)
class Touched:
    """The tickets that were touched on a day, each as it was at the day's end (columns of `STATE`), and the agents."""

    state: Mapping[str, NDArray[Any]]
    agents: NDArray[np.int64]

    @property
    def tickets(self) -> NDArray[np.int32]:
        """Their ids."""
        return self.state["id"]

    def without(self, tickets: NDArray[np.int64]) -> Touched:
        """The same but for these tickets."""
        keep = ~np.isin(self.tickets, tickets)
        return Touched({name: column[keep] for name, column in self.state.items()}, self.agents)

    def joined(self, other: Touched) -> Touched:
        """These tickets and others, and the later words of the agents of both."""
        agents = Agents()
        agents.merge(self.agents)
        agents.merge(other.agents)
        state = {name: np.concatenate([column, other.state[name]]) for name, column in self.state.items()}
        return Touched(state, agents.export())


def day_of(at: int) -> int:
    """The day of an instant."""
    return at // DAY


def days_of(rows: Rows) -> NDArray[np.int64]:
    """The day of each event."""
    return np.asarray(rows["at"] // DAY)


def begin(day: int) -> int:
    """The last instant before a day, so that the events of a day have ``begin(day) < at <= begin(day + 1)``."""
    return day * DAY - 1


def touched(board: Board, slots: Slots, agents: Agents) -> Touched:
    """These tickets as they are on a board now, and these agents."""
    return Touched({name: getattr(board.columns, name)[slots] for name in STATE}, agents.export())


def nothing() -> Touched:
    """A day on which nothing happened."""
    return Touched({name: np.empty(0, dtype) for name, dtype in STATE.items()}, Agents().export())


def write(path: Path, day: int, content: Touched) -> None:
    """Write the file of a day; raises OSError."""
    container.write(path, FORM, {"day": day}, {**content.state, "agents": content.agents})


def read(path: Path, day: int) -> Touched:
    """Map the file of a day; raises `container.Damaged` or OSError when it cannot be used."""
    kept = container.attach(path, FORM)
    if kept.facts["day"] != day:
        raise container.Damaged(f"it is of day {kept.facts['day']}, not {day}")
    return Touched({name: kept.arrays[name] for name in STATE}, kept.arrays["agents"])
