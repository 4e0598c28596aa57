"""The moves of a proposal as a table: each can be left out, or go to somebody else."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from console.i18n import N_, _
from console.models.domain.rebalance import Move, Problem
from console.models.domain.rebalance_words import fault, reason
from console.views import formats
from console.views.screens.balance.proposal import Draft
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.tables.ticket_columns import Cell
from console.views.theme import State

_TAKEN = "\N{CHECK MARK}"


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A move as it is shown; ``taken`` is False where the supervisor leaves it out, ``wrong`` says what forbids it.
    ``moved_on``: the ticket has another owner by now."""

    move: Move
    ref: str
    queue: str
    giver: str
    taker: str
    reason: str
    taken: bool = True
    wrong: str = ""
    moved_on: bool = False


def rows_of(draft: Draft) -> list[MoveRow]:
    """The rows of its moves; what is wrong with all moves to a person stands at each of them."""
    problem, wrong, taken_ones = draft.problem, draft.judged.violations, set(draft.taken)
    found = []
    for move in draft.moves:
        ticket = problem.ticket_of[move.ticket]
        said = [one for one in wrong if one.ticket == move.ticket or (not one.ticket and one.agent == move.to)]
        taken = move in taken_ones
        found.append(
            MoveRow(
                move,
                ticket.ref or str(ticket.ticket),
                problem.pools[ticket.pool].name,
                _name(problem, move.owner),
                _name(problem, move.to),
                reason(move),
                taken,
                fault(problem, said[0]) if said and taken else "",
                move.ticket in draft.moved_on,
            )
        )
    return found


def moves_model(parent: QObject) -> PanelModel[MoveRow]:
    """An empty model of moves."""
    columns: tuple[PanelColumn[MoveRow], ...] = (
        PanelColumn("taken", N_("Move"), 52, _taken, hint=N_("Return or a press leaves a move out, or takes it again")),
        PanelColumn("ticket", N_("Ticket"), 120, lambda row: _cell(row, row.ref)),
        PanelColumn("queue", N_("Queue"), 112, lambda row: _cell(row, row.queue)),
        PanelColumn("from", N_("From"), 152, lambda row: _cell(row, row.giver)),
        PanelColumn("to", N_("To"), 152, lambda row: _cell(row, row.taker, strong=True)),
        PanelColumn("why", N_("Why"), 0, _why),
    )
    return PanelModel(columns, lambda row: row.move.ticket, parent)


def _name(problem: Problem, agent: int) -> str:
    place = problem.place.get(agent)
    return problem.people[place].name if place is not None else formats.DASH


def _taken(row: MoveRow) -> PanelCell:
    words = _("is moved") if row.taken else _("stays")
    return PanelCell(Cell(_TAKEN if row.taken else formats.DASH, "text" if row.taken else "text_muted"), spoken=words)


def _cell(row: MoveRow, text: str, *, strong: bool = False) -> PanelCell:
    return PanelCell(Cell(text, "text" if row.taken else "text_muted", strong=strong and row.taken))


def _why(row: MoveRow) -> PanelCell:
    if row.wrong:
        return PanelCell(Cell(row.wrong, "danger", State.DANGER))
    if row.moved_on:
        return PanelCell(Cell(_("has another owner by now"), "text_muted", State.INFO))
    return PanelCell(Cell(row.reason, "text_muted"))
