"""Brings a board up to the end of the log: at the start, after an import, for a report."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from console.clock import DAY
from console.models.domain.events import FIRST_AGENT_KIND, Kind
from console.models.domain.ports import Batch, LogReader, NameText, Progress, Rows
from console.models.live import snapshot
from console.models.live.answers import LOOKED_BACK
from console.models.live.board import Board
from console.models.live.minutes import KEPT_DAYS
from console.models.policy.policy import Policy

EVENTS_PER_READ = 262_144
FEW_EVENTS = 20_000
"""Up to so many are followed one batch after the other; for more it is quicker to count and sort anew."""

FEW_TICKETS = 20_000
"""Up to so many late tickets are looked up one by one; for more it is quicker to go through the whole log."""


def load_board(log: LogReader, snapshots: Path | None, policy: Policy, now: int, progress: Progress) -> Board:
    """The board as the log says, from the newest usable snapshot in the folder and the events after it.

    Raises `ports.Cancelled` when the progress asks to stop.
    """
    board = Board(policy, since=now - KEPT_DAYS * DAY)
    board.answers.begin_at(now - LOOKED_BACK)
    with board.many():
        _load(board, log, snapshots, progress)
    # Here, and not in the first frame that asks.
    board.answers.settle()
    return board


def renew_snapshot(log: LogReader, snapshots: Path, policy: Policy, now: int, progress: Progress) -> Path:
    """Bring the newest snapshot up to the end of the log; raises OSError, and `ports.Cancelled` when asked to stop."""
    board = Board(policy)
    board.answers.begin_at(now - LOOKED_BACK)
    with board.unfollowed():
        _load(board, log, snapshots, progress)
    return snapshot.save(board, snapshots, log, now)


def catch_up(board: Board, log: LogReader, progress: Progress) -> None:
    """Apply everything that the log holds beyond the board; raises `ports.Cancelled` when asked to stop."""
    with board.many() if log.last_seq() - board.seq > FEW_EVENTS else nullcontext():
        _go_on(board, log, progress)


def read_names(board: Board, log: LogReader) -> None:
    """Learn every name that the log knows."""
    names = log.names()
    board.names.add(NameText(dimension, id_, text) for dimension, ids in names.items() for text, id_ in ids.items())


def fold_until(board: Board, log: LogReader, at: int, progress: Progress) -> None:
    """Fold an empty board from all events up to an instant; words are not read. Within `Board.many`."""
    end = log.last_seq()
    with ThreadPoolExecutor(1, thread_name_prefix="read-ahead") as pool:
        for last, rows in _pieces(pool, log, 0, end):
            board.apply(Batch(rows[rows["at"] <= at]))
            progress.step(last, end)
    if board.late:
        settle(board, log, progress, at)


def _load(board: Board, log: LogReader, snapshots: Path | None, progress: Progress) -> None:
    if snapshots is not None:
        snapshot.load(board, snapshots, log)
    _go_on(board, log, progress)


def _go_on(board: Board, log: LogReader, progress: Progress) -> None:
    start, end = board.seq, log.last_seq()
    known = int(board.columns.of("id").max(initial=0))
    born_late: list[int] = []
    # The database reads without the interpreter's lock: words and the next events while these are folded.
    with ThreadPoolExecutor(2, thread_name_prefix="read-ahead") as pool:
        words = pool.submit(lambda: list(log.text_blocks(known)))
        for last, rows in _pieces(pool, log, start, end):
            born = rows["subject"][rows["kind"] == Kind.CREATED]
            born_late += born[(born <= known) & (board.slots_of(born) >= 0)].tolist()
            board.apply(Batch(rows))
            progress.step(last - start, end - start)
        if board.late:
            settle(board, log, progress)
        for ids, entries in words.result():
            board.texts.set_block(board.slots_of(ids), entries)
    for text in log.texts(born_late):
        slot = board.slot(text.id)
        if slot is not None:
            board.texts.set(slot, text)
    read_names(board, log)


def _pieces(pool: Executor, log: LogReader, start: int, end: int) -> Iterator[tuple[int, Rows]]:
    """The events in ``start < seq <= end`` piece by piece, each with its last place; the next one is read ahead."""
    spans = [(after, min(after + EVENTS_PER_READ, end)) for after in range(start, end, EVENTS_PER_READ)]
    ahead = deque(pool.submit(log.rows, *span) for span in spans[:1])
    for number, (_after, last) in enumerate(spans, 1):
        rows = ahead.popleft().result()
        ahead.extend(pool.submit(log.rows, *span) for span in spans[number : number + 1])
        yield last, rows


def settle(board: Board, log: LogReader, progress: Progress, at: int | None = None) -> None:
    """Read the late tickets of a board back from the log, up to an instant, and fold them anew."""
    board.replace(events_of(log, list(board.late), progress, at), until=board.seq)


def events_of(log: LogReader, tickets: Sequence[int], progress: Progress, at: int | None = None) -> Rows:
    """All events of these tickets up to an instant, in whichever way is quicker for so many of them."""
    if len(tickets) <= FEW_TICKETS:
        return log.of_tickets(tickets, at)
    wanted = np.zeros(max(tickets) + 1, dtype=bool)
    wanted[list(tickets)] = True
    parts: list[Rows] = []
    end = log.last_seq()
    for start in range(0, end, EVENTS_PER_READ):
        rows = log.rows(start, min(start + EVENTS_PER_READ, end))
        mine = (rows["kind"] < FIRST_AGENT_KIND) & (rows["subject"] < wanted.size)
        if at is not None:
            mine &= rows["at"] <= at
        rows = rows[mine]
        parts.append(rows[wanted[rows["subject"]]])
        progress.step(min(start + EVENTS_PER_READ, end), end)
    return np.concatenate(parts)
