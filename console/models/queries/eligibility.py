"""R-SKEW: who may have had a contact: by the skills that sources tell, or by what people have handled."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from console.models.domain.fairness import SkewRules
from console.models.domain.ports import LogReader, Rows
from console.models.domain.skills import Directory, Level, Skilled
from console.models.live.board import Board
from console.models.queries.directory import directory
from console.models.queries.effort import handling
from console.models.queries.work_done import WorkDone, column


def directory_for(log: LogReader, board: Board, rules: SkewRules, end: int) -> Directory:
    """The directory at the board's moment. Where no source tells skills, everybody serves the queues of which they
    handled contacts within ``rules.eligible_within`` before ``end``, for which the log of this time is read. Blocks,
    so for workers."""
    told = directory(log, board)
    if told.told:
        return told
    return directory(log, board, _served(log.between(end - rules.eligible_within, end), board))


def _served(rows: Rows, board: Board) -> Mapping[int, set[int]]:
    rows = rows[handling(rows)]
    pairs = np.unique(rows["actor"].astype(np.int64) << 32 | column(board, rows["subject"], "queue"))
    served: dict[int, set[int]] = {}
    for agent, queue in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
        served.setdefault(agent, set()).add(queue)
    return served


def groups(work: WorkDone, directory: Directory) -> tuple[NDArray[np.int64], list[NDArray[np.bool_]]]:
    """Contacts for which the same people are eligible: the group of each row, and of each group who of ``work.people``
    is eligible.

    Who is not said to serve anything is eligible for what they handled; so is, for a queue of which nobody of those
    who were there is said to serve it, whoever handled it.
    """
    kinds, of = np.unique(work.queue << 8 | work.language, return_inverse=True)
    by_mask: dict[bytes, int] = {}
    masks: list[NDArray[np.bool_]] = []
    group_of = np.empty(kinds.size, dtype=np.int64)
    says_nothing = np.array([not _says(directory.people.get(id_), directory) for id_ in work.people.tolist()])
    for place, kind in enumerate(kinds.tolist()):
        mask = directory.who_may(work.people, kind >> 8, kind & 0xFF)
        did = np.zeros(work.people.size, dtype=bool)
        did[work.person[work.queue == kind >> 8]] = True
        mask |= did & says_nothing
        if not mask.any():
            mask = did
        key = mask.tobytes()
        if key not in by_mask:
            by_mask[key] = len(masks)
            masks.append(mask)
        group_of[place] = by_mask[key]
    return group_of[of], masks


def _says(person: Skilled | None, directory: Directory) -> bool:
    if person is None or not directory.told:
        return False
    return bool(person.queues or person.helps or person.level is Level.LEAD)
