"""The board as a file, so that a start reads one file and the end of the log instead of the whole log.

Only what the events say is kept; what the policy makes of it is derived again in a fraction of a second. A snapshot
that is damaged, of another form, or not of this log is passed over, with the reason in the log file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from console.clock import MINUTE
from console.models.domain.ports import LogReader, NameText
from console.models.live import container
from console.models.live.agents import Agents
from console.models.live.board import Board
from console.models.live.columns import STATE, Columns
from console.models.live.names import Names
from console.models.live.texts import Texts

logger = logging.getLogger("console.board")

FORM = "board 4"
KEPT = 2
"""The newest and the one before it, in case the newest is damaged."""

FOLDER = "snapshots"
"""Below the data directory."""

MANY_EVENTS = 200_000
"""After so many a new one is due at once."""

WORTH_EVENTS = (20_000, 1_000_000)
"""At the end of a run: fewer are read again in no time, more would keep the console from ending."""

OLD = 10 * MINUTE

_SUFFIX = ".board"


def save(board: Board, folder: Path, log: LogReader, now: int) -> Path:
    """Write a snapshot of a board that was folded from the committed log, and remove all but the newest.

    Raises ValueError for a board with late tickets, OSError when the file cannot be written.
    """
    if board.late:
        raise ValueError(f"{len(board.late)} tickets are not up to date")
    folder.mkdir(parents=True, exist_ok=True)
    facts = {
        "seq": board.seq,
        "made_at": now,
        "anchor": _anchor(log, board.seq),
        "count": board.columns.count,
        "names": [list(name) for name in board.names.all()],
    }
    arrays = {f"state.{name}": board.columns.of(name) for name in STATE}
    arrays |= {f"texts.{name}": array for name, array in board.texts.export().items()}
    arrays["agents"] = board.agents.export()
    arrays |= {f"answers.{name}": array for name, array in board.answers.export().items()}
    path = folder / f"{board.seq:020d}{_SUFFIX}"
    container.write(path, FORM, facts, arrays)
    for old in _newest_first(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def load(board: Board, folder: Path, log: LogReader) -> bool:
    """Fill an empty board from the newest usable snapshot; `Board.rebuild` must follow. False when there is none."""
    for path in _newest_first(folder):
        try:
            _fill(board, container.read(path, FORM), log)
        except (container.Damaged, OSError) as error:
            logger.warning("the snapshot %s is not used: %s", path.name, error)
        else:
            return True
    return False


def due(folder: Path, last_seq: int, now: int) -> bool:
    """Whether a new snapshot is worth its while: after many events, or after a while in which there were any."""
    events = last_seq - newest_seq(folder)
    return events > MANY_EVENTS or (events != 0 and not 0 <= now - _made_at(folder) < OLD)


def due_at_end(folder: Path, last_seq: int) -> bool:
    """Whether a new snapshot is worth the second or two that it takes at the end of a run."""
    low, high = WORTH_EVENTS
    return low < last_seq - newest_seq(folder) <= high


def newest_seq(folder: Path) -> int:
    """Up to where the newest snapshot reaches, by its name; 0 when there is none."""
    return next((int(path.stem) for path in _newest_first(folder)), 0)


def _made_at(folder: Path) -> int:
    for path in _newest_first(folder)[:1]:
        try:
            return int(container.facts(path, FORM)["made_at"])
        except (container.Damaged, OSError):
            break
    return 0


def _newest_first(folder: Path) -> list[Path]:
    return sorted((path for path in folder.glob(f"*{_SUFFIX}") if path.stem.isdecimal()), reverse=True)


def _anchor(log: LogReader, seq: int) -> list[int]:
    """The event at a place in the log, by which a log is told from another."""
    if seq <= 0:
        return []
    rows = log.read(seq - 1, 1).rows
    return [int(rows[name][0]) for name in ("seq", "at", "subject", "source", "key")] if rows.size else []


def _fill(board: Board, kept: container.Contents, log: LogReader) -> None:
    facts, arrays = kept.facts, kept.arrays
    if facts["seq"] > log.last_seq() or _anchor(log, facts["seq"]) != facts["anchor"]:
        raise container.Damaged("it was not made from this log")
    count = facts["count"]
    columns = Columns(count + count // 8)
    columns.count = count
    for name in STATE:
        getattr(columns, name)[:count] = arrays[f"state.{name}"]
    texts = Texts.restore(_below("texts.", arrays))
    names, agents = Names(), Agents()
    names.add(NameText(*name) for name in facts["names"])
    agents.merge(np.asarray(arrays["agents"]))
    board.adopt(columns, texts, names, agents, facts["seq"])
    board.answers.restore(_below("answers.", arrays))


def _below(prefix: str, arrays: Mapping[str, container.Array]) -> dict[str, container.Array]:
    """The arrays whose names begin so, by the rest of their names."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
