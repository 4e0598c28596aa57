"""R-SKEW: who did how much in which hour: agents by the hours of a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from console.clock import MINUTE
from console.models.domain.concentration import Numbers
from console.models.domain.fairness import SkewRules
from console.models.domain.ports import LogReader, Progress
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.balance_windows import Window
from console.models.queries.staffed import Staffed
from console.models.queries.work_done import Chosen, WorkDone, part, present, read, work_done


class HourOfWork(NamedTuple):
    """Who was there in an hour, and what was done in it."""

    span: Window
    there: Staffed
    work: WorkDone | None


@dataclass(frozen=True, slots=True)
class WorkByHour:
    """A row for each agent, by name, and a column for each of the hours. A cell is what the balance of this hour says
    of them: a contact that was worked on in two hours counts in both. Who was not there in an hour has 0 staffed
    minutes in it."""

    hours: tuple[Window, ...]
    agents: tuple[int, ...]
    names: tuple[str, ...]
    contacts: NDArray[np.int64]
    minutes: Numbers
    staffed_minutes: Numbers

    def gone_on(self, hour: HourOfWork) -> WorkByHour:
        """The same sheet with what its last hour has become; a sheet of other hours stays as it is. People who are not
        on it yet are left out."""
        if not self.hours or self.hours[-1].begin != hour.span.begin:
            return self
        agents = np.array(self.agents, dtype=np.int32)
        cells = _Cells(agents, len(self.hours), self)
        cells.put(len(self.hours) - 1, hour.there, hour.work)
        hours = (*self.hours[:-1], hour.span)
        return replace(self, hours=hours, contacts=cells.contacts, minutes=cells.minutes, staffed_minutes=cells.staffed)


def work_by_hour(
    log: LogReader,
    board: Board,
    hours: Sequence[Window],
    rules: SkewRules,
    directory: Directory,
    chosen: Chosen | None = None,
    progress: Progress | None = None,
) -> WorkByHour:
    """The work of these hours (see `balance_windows.hours`). Reads the log once; blocks, so for workers; raises
    `ports.Cancelled`, and ValueError without any hour."""
    progress = progress or Progress()
    if not hours:
        raise ValueError("there must be an hour")
    progress.step(0, len(hours) + 1)
    rows = read(log, min(hour.begin for hour in hours), max(hour.end for hour in hours))
    present_in: list[Staffed] = []
    done_in: list[WorkDone | None] = []
    for place, hour in enumerate(hours):
        progress.step(place + 1, len(hours) + 1)
        of_hour = part(rows, *hour)
        present_in.append(present(of_hour, *hour, chosen))
        done_in.append(work_done(of_hour, board, *hour, rules, directory, chosen))
    agents = np.unique(np.concatenate([there.agent for there in present_in]))
    names = [board.names.text("agent", agent) for agent in agents.tolist()]
    agents = agents[np.array(sorted(range(agents.size), key=lambda at: names[at]), dtype=np.int64)]
    cells = _Cells(agents, len(hours))
    for place, (there, work) in enumerate(zip(present_in, done_in, strict=True)):
        cells.put(place, there, work)
    return WorkByHour(
        tuple(hours), tuple(agents.tolist()), tuple(sorted(names)), cells.contacts, cells.minutes, cells.staffed
    )


class _Cells:
    """The three tables while they are filled, an hour at a time."""

    def __init__(self, agents: NDArray[np.int32], hours: int, before: WorkByHour | None = None) -> None:
        self._order = np.argsort(agents)
        self._sorted = agents[self._order]
        shape = (agents.size, hours)
        self.contacts = np.zeros(shape, dtype=np.int64) if before is None else before.contacts.copy()
        self.minutes = np.zeros(shape) if before is None else before.minutes.copy()
        self.staffed = np.zeros(shape) if before is None else before.staffed_minutes.copy()

    def put(self, hour: int, there: Staffed, work: WorkDone | None) -> None:
        for cells in (self.contacts, self.minutes, self.staffed):
            cells[:, hour] = 0
        self._fill(self.staffed, hour, there.agent, there.time / MINUTE)
        if work is not None:
            self._fill(self.contacts, hour, work.people, work.contacts_each)
            self._fill(self.minutes, hour, work.people, work.minutes_each)

    def _fill(self, cells: NDArray[np.int64] | Numbers, hour: int, agents: NDArray[np.int32], values: Numbers) -> None:
        known = np.isin(agents, self._sorted)
        cells[self._order[np.searchsorted(self._sorted, agents[known])], hour] = values[known]
