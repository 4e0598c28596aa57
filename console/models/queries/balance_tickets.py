"""R-SKEW: the contacts behind a figure of the balance, by ticket id, so that every figure can open its evidence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from console.models.domain.concentration import membership
from console.models.domain.fairness import SkewRules
from console.models.domain.ports import LogReader, Progress, Rows
from console.models.domain.skew_causes import Origin
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.models.queries.balance_windows import Window
from console.models.queries.origins import origins_of
from console.models.queries.work_done import Chosen, WorkDone, read, work_done

Wanted = Callable[[WorkDone, Rows], NDArray[np.bool_]]
"""Which rows of the work are behind a figure, told from the work and from the events that it was read from."""


def tickets_behind(
    log: LogReader,
    board: Board,
    span: Window,
    rules: SkewRules,
    directory: Directory,
    chosen: Chosen,
    wanted: Wanted,
    progress: Progress,
) -> frozenset[int]:
    """The contacts of a window that are wanted; blocks, so for workers. Raises `ports.Cancelled`."""
    progress.step(0, 2)
    rows = read(log, *span)
    progress.step(1, 2)
    work = work_done(rows, board, *span, rules, directory, chosen)
    return frozenset() if work is None else frozenset(work.done.ticket[wanted(work, rows)].tolist())


def of_people(agents: frozenset[int]) -> Wanted:
    """What these people handled."""
    return lambda work, _rows: np.isin(work.people[work.person], list(agents))


def of_busiest(rules: SkewRules) -> Wanted:
    """What those handled who belong to the busiest part of the capacity."""

    def wanted(work: WorkDone, _rows: Rows) -> NDArray[np.bool_]:
        return np.asarray((membership(work.contacts_each, work.room_for_contacts, rules.busiest) > 0)[work.person])

    return wanted


def of_cause(origin: Origin, log: LogReader, rules: SkewRules) -> Wanted:
    """What came to the busiest people in one way; by head, as the causes are."""

    def wanted(work: WorkDone, rows: Rows) -> NDArray[np.bool_]:
        load = work.contacts_each
        busiest = membership(load, np.ones_like(load), rules.busiest) > 0
        came = origins_of(log, rows, work.done)
        return np.asarray(busiest[work.person] & (came == origin))

    return wanted
