"""Hands a board from one process to another: through a file that is mapped, not copied."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from console.clock import DAY
from console.models.live import container
from console.models.live.agents import Agents
from console.models.live.board import Board
from console.models.live.columns import DERIVED, STATE, Columns
from console.models.live.minutes import KEPT_DAYS
from console.models.live.texts import BorrowedTexts
from console.models.policy.history import InForce

FORM = "past 4"
SUFFIX = ".past"
_ANSWERS = "answers."


def put(board: Board, path: Path) -> None:
    """Write what the events say; raises OSError."""
    facts = {"seq": board.seq, "count": board.columns.count}
    arrays = {name: board.columns.of(name) for name in STATE}
    arrays |= {f"{_ANSWERS}{name}": array for name, array in board.answers.export().items()}
    container.write(path, FORM, facts, {**arrays, "agents": board.agents.export()}, durable=False)


def take(path: Path, at: int, then: InForce, present: Board) -> Board:
    """The board in a file, as of ``at``, under the policy that was in force then, with the names and words of the
    present; the file is removed where it can be.

    Raises `container.Damaged` or OSError when it cannot be read.
    """
    kept = container.attach(path, FORM)
    # The memory stays mapped; a system that does not allow this lets the owner of the folder clean up.
    with suppress(OSError):
        path.unlink()
    columns = Columns()
    columns.count = count = kept.facts["count"]
    for name in STATE:
        setattr(columns, name, kept.arrays[name])
    for name, dtype in DERIVED.items():
        setattr(columns, name, np.zeros(count, dtype=dtype))
    agents = Agents()
    agents.merge(kept.arrays["agents"])
    board = Board(then.policy, since=at - KEPT_DAYS * DAY)
    board.policy_since = then.since
    texts = BorrowedTexts(present.texts, present.slots_of(columns.id[:count]))
    board.adopt(columns, texts, present.names, agents, kept.facts["seq"])
    told = {name.removeprefix(_ANSWERS): array for name, array in kept.arrays.items() if name.startswith(_ANSWERS)}
    board.answers.restore(told)
    board.rebuild()
    return board
