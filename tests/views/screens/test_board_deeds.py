"""What the palette does with the chosen tickets: asked for, answered, undone, refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from console.models.actions.authorize import Refused
from console.models.domain.commands import Delivery, Ordered, Verb
from console.models.domain.contacts import InquiryType
from console.models.domain.roles import Actor, Refusal
from console.views import theme
from console.views.desk import Desk
from console.views.screens.board.screen import BoardScreen
from tests.views.screens.centre import Stage, morning


class Tickets:
    """A helpdesk that answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.state = Delivery.APPLIED
        self.reason = ""
        self.permits = True

    def assign(self, actor: Actor, tickets: Sequence[int], agent: str) -> list[Ordered]:
        if not self.permits:
            raise Refused(Refusal.NOT_PERMITTED)
        self.asked.append(("assign", tuple(tickets), agent))
        return [self._made(ticket, Verb.ASSIGN, actor) for ticket in tickets]

    def classify(self, actor: Actor, ticket: int, type: InquiryType | None) -> list[Ordered]:  # noqa: A002 - its name
        self.asked.append(("classify", ticket, type))
        return [self._made(ticket, Verb.TYPE, actor)]

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> list[Ordered]:
        self.asked.append(("undo", tuple(one.ticket for one in made)))
        return [self._made(one.ticket, Verb.UNASSIGN, actor) for one in made]

    def answers(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        assert seconds > 0
        return [replace(one, state=self.state, reason=self.reason) for one in made]

    def _made(self, ticket: int, verb: Verb, actor: Actor) -> Ordered:
        return Ordered(1, "k", ticket, "demo", "T", verb, actor.name, 0, Delivery.REQUESTED, 0)


class Board:
    """The board screen with that helpdesk, and the toasts that were asked for."""

    def __init__(self, stage: Stage, qtbot: QtBot) -> None:
        self.tickets = Tickets()
        self.stage = stage
        commands = SimpleNamespace(pending_of_agents=dict)
        desk = cast(Desk, SimpleNamespace(tickets=self.tickets, commands=commands))
        self.screen = BoardScreen(replace(stage.context, desk=desk))
        qtbot.addWidget(self.screen)
        self.screen.activated()
        while stage.live.relay.step():
            pass
        self.toasts: list[tuple[str, object]] = []
        self.undos: list[Callable[[], None]] = []
        self.screen.toast_requested.connect(lambda text, state: self.toasts.append((text, state)))
        self.screen.undo_offered.connect(self._on_undo)

    def run(self, words: str) -> None:
        next(iter(self.offers(words))).run()

    def offers(self, words: str) -> list[Any]:
        return list(self.screen.providers()[1].offers(words, 9))

    def select(self, count: int) -> list[int]:
        board = morning()[0]
        chosen = [int(board.columns.id[slot]) for slot in range(count)]
        self.screen.table.select_tickets(chosen)
        return chosen

    def _on_undo(self, text: str, state: object, _word: str, undo: Callable[[], None]) -> None:
        self.toasts.append((text, state))
        self.undos.append(undo)


@pytest.fixture
def board(stage: Callable[..., Stage], qtbot: QtBot) -> Board:
    return Board(stage(*morning()), qtbot)


@pytest.fixture
def agent() -> str:
    return morning()[0].names.text("agent", 4)


def test_chosen_tickets_are_assigned_by_words_and_that_is_undone(board: Board, agent: str) -> None:
    chosen = board.select(2)
    board.run(f"assign {agent}")
    assert board.tickets.asked == [("assign", tuple(chosen), agent)]
    assert board.toasts == [(f"Assigned to {agent}", theme.State.OK)]
    board.undos[0]()
    assert board.tickets.asked[1] == ("undo", tuple(chosen))
    assert board.toasts[1] == ("Taken back", theme.State.OK)


def test_one_ticket_gets_another_type(board: Board) -> None:
    chosen = board.select(1)
    board.run("type warranty")
    assert board.tickets.asked == [("classify", chosen[0], InquiryType.WARRANTY)]
    assert board.toasts == [("Type corrected: Warranty", theme.State.OK)]


def test_what_the_source_refuses_is_told_in_its_words(board: Board, agent: str) -> None:
    board.select(2)
    board.tickets.state, board.tickets.reason = Delivery.REFUSED, "Mei is not on duty"
    board.run(f"assign {agent}")
    assert board.toasts == [("Not changed: 2 of 2. Mei is not on duty", theme.State.WARNING)]


def test_what_has_no_answer_yet_is_not_called_done(board: Board, agent: str) -> None:
    board.select(1)
    board.tickets.state = Delivery.UNKNOWN
    board.run(f"assign {agent}")
    assert board.toasts == [("Asked for: sent, the answer is not known yet", theme.State.INFO)]


def test_what_the_roles_do_not_permit_is_told(board: Board, agent: str) -> None:
    board.select(1)
    board.tickets.permits = False
    board.run(f"assign {agent}")
    assert board.toasts == [("Your roles do not permit this.", theme.State.WARNING)]


def test_without_a_choice_there_is_nothing_to_do(board: Board, agent: str) -> None:
    board.screen.table.select_tickets([])
    assert board.offers(f"assign {agent}") == []
    board.select(2)
    assert board.offers("warranty") == [], "a correction is of one contact"
    assert board.offers("") == []


def test_where_nothing_can_be_changed_nothing_is_offered(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    screen = BoardScreen(stage(*morning()).context)
    qtbot.addWidget(screen)
    assert len(screen.providers()) == 1
