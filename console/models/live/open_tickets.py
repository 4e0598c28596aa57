"""The tickets in progress as the engine's finders need them, whether or not there is a window.

Batches are put aside by whoever delivers them, and applied on the thread that asks. Tickets that have ended are let go
from time to time; one that comes to life again is read back from the log, as is one whose event came late.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

import numpy as np

from console import turns
from console.models.domain.events import Kind
from console.models.domain.ports import Batch, NameText, Rows
from console.models.live import fold
from console.models.live.agents import Agents
from console.models.live.answers import Answers
from console.models.live.board import Board
from console.models.live.columns import STATE, Columns, Slots
from console.models.live.derive import derive
from console.models.live.names import Names
from console.models.policy.policy import Policy

OfTickets = Callable[[Iterable[int]], Rows]
"""All events of these tickets; `LogReader.of_tickets`."""

_ROWS_AT_ONCE = 2_000
_TIDY_AT = 20_000
"""So many ended tickets are kept at most, or as many as are in progress."""


class OpenTickets:
    """`receive` may be called on any thread; everything else belongs to the one that asks (the sweep's)."""

    def __init__(self, policy: Policy, of_tickets: OfTickets) -> None:
        self.policy = policy
        self._of_tickets = of_tickets
        self._board = Board(policy)
        self._staged: deque[Batch] = deque()
        self._loaded_until = 0
        self.followers: list[Callable[[Slots | None], None]] = []
        """Called with the places of tickets that changed, or with None when all places are others."""

    @property
    def columns(self) -> Columns:
        """The tickets; only `waiting_since` and `due_at` of what is derived."""
        return self._board.columns

    @property
    def agents(self) -> Agents:
        """What every agent is doing."""
        return self._board.agents

    @property
    def answers(self) -> Answers:
        """The answers of late."""
        return self._board.answers

    @property
    def names(self) -> Names:
        """Who the agents are."""
        return self._board.names

    def begin(self, board: Board) -> None:
        """Start from a board that nobody changes meanwhile; batches that it has already seen change nothing."""
        columns = board.columns
        going = np.flatnonzero(~fold.IS_FINAL[columns.of("status")] | (columns.waiting_since[: columns.count] > 0))
        self._take_over(board, going)
        self._board.answers.restore(board.answers.export())
        self._loaded_until = board.seq
        self._tell(None)

    def receive(self, batch: Batch) -> None:
        """Put a batch aside."""
        self._staged.append(batch)

    def slot(self, ticket: int) -> int | None:
        """The place of a ticket, None when it is not known."""
        return self._board.slot(ticket)

    def is_behind(self, ticket: int) -> bool:
        """Whether something came for a ticket that could not be applied yet."""
        return ticket in self._board.late

    def catch_up(self) -> None:
        """Apply what came, and tell the followers. Blocks where tickets must be read back."""
        changed: list[Slots] = []
        while batch := self._take():
            turns.after_the_frame()
            changed.append(self._apply(batch))
        if self._board.late:
            changed.append(self._read_back())
        if not changed:
            return
        slots = np.unique(np.concatenate(changed))
        derive(self.columns, slots, self.policy)
        self._tell(None if self._tidy() else slots)

    def set_policy(self, policy: Policy) -> None:
        """Other figures hold from now on."""
        self.policy = self._board.policy = policy
        self._board.answers.measure_by(policy)
        derive(self.columns, slice(0, self.columns.count), policy)

    def _tell(self, slots: Slots | None) -> None:
        for follower in self.followers:
            follower(slots)

    def _take(self) -> Batch | None:
        """What came, in few pieces, none too long for the window's frames; None when that is all."""
        rows: list[Rows] = []
        names: list[NameText] = []
        count = 0
        while self._staged and count < _ROWS_AT_ONCE:
            batch = self._staged.popleft()
            rows.append(batch.rows[batch.rows["seq"] > self._loaded_until])
            names += batch.names
            count += rows[-1].size
        return Batch(np.concatenate(rows), names=names) if rows else None

    def _apply(self, batch: Batch) -> Slots:
        unknown = self._unknown(batch.rows)
        self._board.late.update(dict.fromkeys(unknown, 0))
        with self._board.unfollowed():
            slots = self._board.apply(batch).slots
        for ticket, at in unknown.items():
            # What was answered before was counted then.
            self.columns.last_at[self._board.slot(ticket)] = at - 1
        return slots

    def _tidy(self) -> bool:
        """Let ended tickets go when there are many."""
        ended = fold.IS_FINAL[self.columns.of("status")] & (self.columns.waiting_since[: self.columns.count] == 0)
        if int(ended.sum()) < max(_TIDY_AT, self.columns.count // 2):
            return False
        told = self._board.answers.export()
        self._take_over(self._board, np.flatnonzero(~ended))
        self._board.answers.restore(told)
        return True

    def _take_over(self, board: Board, slots: Slots) -> None:
        kept = Board(self.policy)
        with kept.unfollowed():
            kept.put({name: getattr(board.columns, name)[slots] for name in STATE})
        kept.agents.merge(board.agents.export())
        kept.names.add(board.names.all())
        kept.late, kept.seq = dict(board.late), board.seq
        self._board = kept
        derive(kept.columns, slice(0, kept.columns.count), self.policy)

    def _unknown(self, rows: Rows) -> dict[int, int]:
        """Tickets that were let go, or came before the board began, with the time of their first event here: they have
        a past that must be read."""
        mine = rows[fold.is_ticket(rows)]
        mine = mine[self._board.slots_of(mine["subject"]) < 0]
        if not mine.size:
            return {}
        born = mine["subject"][mine["kind"] == Kind.CREATED]
        mine = mine[~np.isin(mine["subject"], born)]
        first: dict[int, int] = {}
        for ticket, at in zip(mine["subject"].tolist(), mine["at"].tolist(), strict=True):
            first[ticket] = min(at, first.get(ticket, at))
        return first

    def _read_back(self) -> Slots:
        tickets = list(self._board.late)
        rows = self._of_tickets(tickets)
        with self._board.unfollowed():
            # What is not stored yet is missing here; it stays late and is read at the next turn.
            until = int(rows["seq"].max()) if rows.size else 0
            return self._board.replace(rows, until).slots
