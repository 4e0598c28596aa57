"""The numbers of the board at a moment: how many wait and how long, in all and by status, channel, agent and so on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from console.clock import SECOND
from console.models.domain.contacts import Code, Status
from console.models.live.board import Board
from console.models.live.counters import CODES
from console.models.live.fold import IS_FINAL

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the board: tickets whose customer waits on us, tickets in progress, the longest wait in seconds."""

    waiting: int
    in_progress: int
    oldest_wait_seconds: int | None


@dataclass(frozen=True, slots=True)
class BoardReport:
    """The board at ``as_of`` (microseconds since the epoch).

    ``tickets`` counts every ticket that existed, the next eight those in a status; ``in_progress`` is what is neither
    resolved nor closed, spam or deleted, and whatever its customer waits on; ``unassigned`` those of them without an
    agent. The parts hold what has any ticket waiting or in progress; agents and queues stand under their names, the
    rest under the keys of `contacts`.
    """

    as_of: int
    tickets: int
    waiting: int
    oldest_wait_seconds: int | None
    in_progress: int
    unassigned: int
    by_status: dict[str, int]
    by_channel: dict[str, Part]
    by_type: dict[str, Part]
    by_priority: dict[str, Part]
    by_tier: dict[str, Part]
    by_agent: dict[str, Part]
    by_queue: dict[str, Part]


def board_report(board: Board, at: int) -> BoardReport:
    """Read the numbers off a board that holds the events up to ``at``."""
    columns = board.columns
    status = columns.of("status")
    since = columns.waiting_since[: columns.count]
    waits: Mask = since > 0
    # As on the board: a customer who writes on a closed ticket waits for us, whatever the helpdesk's status says.
    progressing: Mask = ~IS_FINAL[status] | waits
    view = _View(waits, progressing, since, at)
    return BoardReport(
        as_of=at,
        tickets=columns.count,
        waiting=int(waits.sum()),
        oldest_wait_seconds=view.oldest(waits),
        in_progress=int(progressing.sum()),
        unassigned=int((progressing & (columns.of("assignee") == 0)).sum()),
        by_status={code.key: int((status == code).sum()) for code in Status},
        by_channel=view.by_code(columns.of("channel"), CODES["channel"]),
        by_type=view.by_code(columns.of("type"), CODES["type"]),
        by_priority=view.by_code(columns.of("priority"), CODES["priority"]),
        by_tier=view.by_code(columns.of("tier"), CODES["tier"]),
        by_agent=view.by_name(columns.of("assignee"), board, "agent"),
        by_queue=view.by_name(columns.of("queue"), board, "queue"),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """Who waits and who is in progress, cut into parts by any column."""

    waits: Mask
    progressing: Mask
    since: NDArray[np.int64]
    at: int

    def oldest(self, among: Mask) -> int | None:
        return (self.at - int(self.since[among].min())) // SECOND if among.any() else None

    def by_code(self, column: NDArray[np.generic], codes: type[Code]) -> dict[str, Part]:
        return {codes(code).key: part for code, part in self._parts(column).items()}

    def by_name(self, column: NDArray[np.generic], board: Board, dimension: str) -> dict[str, Part]:
        parts = {board.names.text(dimension, id_): part for id_, part in self._parts(column).items() if id_}
        return dict(sorted(parts.items(), key=lambda item: item[0].casefold()))

    def _parts(self, column: NDArray[np.generic]) -> dict[int, Part]:
        parts = {}
        for value in np.unique(column[self.waits | self.progressing]).tolist():
            inside = np.asarray(column == value)
            waits = inside & self.waits
            parts[int(value)] = Part(int(waits.sum()), int((inside & self.progressing).sum()), self.oldest(waits))
        return parts
