"""What a proposal is while a supervisor works on it: found, changed, judged anew, made."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from console.models.domain.ports import Progress
from console.models.domain.rebalance import Move, Problem, Proposal, Why
from console.models.domain.rebalance_rules import judge
from console.models.domain.skills import Directory
from console.models.live.board import Board
from console.views.ops import Job
from console.views.screen import Context


@dataclass(frozen=True, slots=True)
class Draft:
    """The proposal as it was found, its moves as they were changed, the tickets that are left out, and what the moves
    that are left come to. The tickets of ``moved_on`` have another owner by now, or none."""

    problem: Problem
    found: Proposal
    moves: tuple[Move, ...]
    left_out: frozenset[int]
    judged: Proposal
    moved_on: frozenset[int] = frozenset()

    @property
    def taken(self) -> tuple[Move, ...]:
        """The moves that would be made."""
        return tuple(move for move in self.moves if move.ticket not in self.left_out | self.moved_on)

    @property
    def changed(self) -> bool:
        """Whether other moves are left than were found."""
        return self.taken != self.found.moves


class Proposing(QObject):
    """``drafted`` carries a `Draft`, or None where there is none any more; ``failed`` what kept it from one;
    ``progressed`` how far the search is."""

    drafted = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job[Draft] | None = None
        self._busy = False
        self.draft: Draft | None = None

    @property
    def busy(self) -> bool:
        """Whether moves are being looked for."""
        return self._busy

    def look(self, board: Board, directory: Directory, now: int) -> None:
        """Look for moves, in a process of its own."""
        desk = self._context.desk

        def work(progress: Progress) -> Draft:
            from console.models.queries.rebalance_problem import rebalance_problem
            from console.scheduling.rebalance.apart import propose

            pending = () if desk is None else desk.commands.pending()
            problem = rebalance_problem(board, directory, now, pending=pending)
            found = propose(problem, progress)
            return Draft(problem, found, found.moves, frozenset(), found)

        self._busy = True
        self._job = self._context.ops.read(
            work,
            self._on_found,
            failure=self._on_failed,
            progress=self.progressed.emit,
            cancelled=self._on_stopped,
            key="balance/proposal",
            owner=self,
        )

    def stop(self) -> None:
        """Give the search up."""
        if self._busy and self._job is not None:
            self._job.cancel()

    def discard(self) -> None:
        """Away with the proposal."""
        self._take(None)

    def toggle(self, ticket: int) -> None:
        """Leave a move out, or take it again."""
        if self.draft is not None:
            self._judge(replace(self.draft, left_out=self.draft.left_out ^ {ticket}))

    def follow(self, board: Board) -> int:
        """Leave out what has another owner by now, or none, as the board says; returns how many moves that are."""
        draft = self.draft
        if draft is None:
            return 0
        gone = frozenset(move.ticket for move in draft.taken if not _has(board, move.owner, move.ticket))
        if gone:
            self._judge(replace(draft, moved_on=draft.moved_on | gone))
        return len(gone)

    def send_to(self, ticket: int, agent: int) -> None:
        """A ticket goes to somebody else than proposed; one that was not to be moved is moved by hand."""
        draft = self.draft
        if draft is None or ticket not in draft.problem.ticket_of or ticket in draft.moved_on:
            return
        made = Move(ticket, draft.problem.ticket_of[ticket].owner, agent, Why.BY_HAND)
        known = any(move.ticket == ticket for move in draft.moves)
        moves = tuple(made if move.ticket == ticket else move for move in draft.moves)
        self._judge(replace(draft, moves=moves if known else (*moves, made), left_out=draft.left_out - {ticket}))

    def named_moves(self) -> list[tuple[int, str, str]]:
        """The moves that are left, as they are asked for: ticket, owner and receiver by name."""
        draft = self.draft
        if draft is None:
            return []
        names = {person.agent: person.name for person in draft.problem.people}
        return [(move.ticket, names[move.owner], names[move.to]) for move in draft.taken]

    def _judge(self, draft: Draft) -> None:
        problem, moves = draft.problem, draft.taken
        self._take(draft)
        self._context.ops.read(
            lambda _progress: judge(problem, moves, optimal=not draft.changed and draft.found.optimal),
            lambda judged: self._take(replace(draft, judged=judged)),
            key="balance/judged",
            owner=self,
        )

    def _on_found(self, draft: Draft) -> None:
        self._busy = False
        self._take(draft)

    def _on_failed(self, error: BaseException) -> None:
        self._busy = False
        self.failed.emit(error)

    def _on_stopped(self) -> None:
        self._busy = False
        self._take(None)

    def _take(self, draft: Draft | None) -> None:
        self.draft = draft
        self.drafted.emit(draft)


def _has(board: Board, owner: int, ticket: int) -> bool:
    slot = board.slot(ticket)
    return slot is not None and int(board.columns.assignee[slot]) == owner
