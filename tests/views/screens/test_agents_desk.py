"""What can be done in the agents panel: the menu, breaks that are asked for, tickets dropped on an agent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from console.clock import MINUTE
from console.models.domain.break_requests import BreakRequest
from console.models.domain.commands import Delivery, Ordered, Verb, named
from console.models.domain.contacts import AgentState, Role
from console.models.domain.events import Event, Kind
from console.models.domain.roles import AccountRole, Actor
from console.models.live.board import Board
from console.models.queries.panels import AgentRow
from console.views import theme
from console.views.desk import Desk
from console.views.screens.board.queues_card import QueuesCard
from console.views.screens.board.screen import BoardScreen
from console.views.tables import ticket_table
from console.views.tables.ticket_drag import as_mime, tickets_of
from tests.views.screens.centre import MORNING, Interner, Stage, morning
from tests.views.screens.test_board_deeds import Tickets


class Agents:
    """A source that does what it is asked, or not."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.state = Delivery.APPLIED
        self.waiting: dict[str, list[Ordered]] = {}
        self.last = 0

    def set_state(self, actor: Actor, agents: Sequence[str], state: AgentState) -> list[Ordered]:
        self.asked.append(("state", tuple(agents), state))
        return [self._made(agent, Verb.AGENT_STATE, actor, value=state) for agent in agents]

    def set_queues(self, actor: Actor, agent: str, queues: Sequence[str]) -> list[Ordered]:
        self.asked.append(("queues", agent, tuple(queues)))
        return [self._made(agent, Verb.AGENT_QUEUES, actor, name=named(queues))]

    def decide_break(
        self, actor: Actor, request: BreakRequest, approve: bool, until: int = 0, reason: str = ""
    ) -> list[Ordered]:
        self.asked.append(("break", request, approve, until))
        return [self._made(request.agent, Verb.BREAK, actor, value=until)]

    def undo(self, actor: Actor, made: Sequence[Ordered]) -> list[Ordered]:
        self.asked.append(("undo", tuple(one.agent for one in made)))
        return [self._made(one.agent, one.verb, actor) for one in made]

    def answers(self, made: Sequence[Ordered], seconds: float) -> list[Ordered]:
        return [replace(one, state=self.state, reason="") for one in made]

    def _made(self, agent: str, verb: Verb, actor: Actor, name: str = "", value: int = 0) -> Ordered:
        self.last += 1
        made = Ordered(self.last, "k", 0, "demo", agent, verb, actor.name, 0, Delivery.REQUESTED, 0, name, value)
        return replace(made, agent=agent)


class Floor:
    """The board screen with that source, and what was told."""

    def __init__(self, stage: Stage, qtbot: QtBot, *, present: bool = True) -> None:
        self.agents, self.tickets = Agents(), Tickets()
        commands = SimpleNamespace(pending_of_agents=lambda: self.agents.waiting)
        desk = cast(Desk, SimpleNamespace(tickets=self.tickets, agents=self.agents, commands=commands))
        self.stage = stage
        self.screen = BoardScreen(replace(stage.context, desk=desk if present else None))
        qtbot.addWidget(self.screen)
        self.screen.resize(1280, 800)
        with qtbot.waitExposed(self.screen):
            self.screen.show()
        self.screen.activated()
        self.settle()
        self.toasts: list[tuple[str, object]] = []
        self.undos: list[Callable[[], None]] = []
        self.screen.toast_requested.connect(lambda text, state: self.toasts.append((text, state)))
        self.screen.undo_offered.connect(self._on_undo)

    def settle(self) -> None:
        while self.stage.live.relay.step():
            pass

    def second(self) -> None:
        """Another second."""
        self.stage.live.second.emit(self.stage.live.now())
        self.settle()

    def row(self, name: str) -> AgentRow:
        return next(row for row in self.screen.agents.rows() if row.name == name)

    def menu(self, name: str) -> QMenu:
        return self.screen.floor.menu_of(self.row(name))

    def press(self, name: str, *path: str) -> None:
        actions: list[QAction] = self.menu(name).actions()
        for word in path[:-1]:
            child = next(action for action in actions if action.text() == word).menu()
            assert isinstance(child, QMenu)
            actions = child.actions()
        next(action for action in actions if action.text() == path[-1]).trigger()

    def state_of(self, name: str) -> str:
        model = self.screen.agents.view.model()
        places = range(model.rowCount())
        return next(str(model.index(at, 1).data()) for at in places if model.index(at, 0).data() == name)

    def _on_undo(self, text: str, state: object, _word: str, undo: Callable[[], None]) -> None:
        self.toasts.append((text, state))
        self.undos.append(undo)


def asking(board: Board, log: Interner, *wishes: tuple[str, int, int]) -> None:
    """Nobody asks for a break but these: who, so many minutes ago, for so many minutes."""
    for id_ in board.agents.ids():
        name = board.names.text("agent", id_)
        if board.agents[id_].asks:
            board.apply(log.batch([Event(Kind.BREAK_WITHDRAWN, name, MORNING - 1, 0, role=Role.AGENT)]))
    for name, ago, minutes in wishes:
        at = MORNING - ago * MINUTE
        board.apply(log.batch([Event(Kind.BREAK_WITHDRAWN, name, at - 1, 0, role=Role.AGENT)]))
        said = Event(Kind.BREAK_REQUESTED, name, at, 0, native=1 << 62, role=Role.AGENT, value=minutes * MINUTE)
        board.apply(log.batch([said]))


def working(board: Board) -> list[str]:
    known = (id_ for id_ in board.agents.ids() if board.agents[id_].state is AgentState.AVAILABLE)
    return sorted(board.names.text("agent", id_) for id_ in known)


@pytest.fixture
def floor(stage: Callable[..., Stage], qtbot: QtBot) -> Callable[..., Floor]:
    def make(*wishes: tuple[int, int, int], roles: AccountRole | None = None, present: bool = True) -> Floor:
        board, log = morning()
        names = working(board)
        asking(board, log, *((names[place], ago, minutes) for place, ago, minutes in wishes))
        made = stage(board, log)
        return Floor(made, qtbot, present=present)

    return make


@pytest.fixture
def names() -> list[str]:
    return working(morning()[0])


def test_a_state_is_set_from_the_menu_and_taken_back(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor()
    here.press(names[0], "Set state", "On break")
    assert here.agents.asked == [("state", (names[0],), AgentState.BREAK)]
    assert here.toasts == [(f"{names[0]} was set: On break", theme.State.OK)]
    here.undos[0]()
    assert here.agents.asked[1] == ("undo", (names[0],))
    assert here.toasts[1] == ("Taken back", theme.State.OK)


def test_the_menu_ticks_what_they_do_now(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor()
    states = next(action for action in here.menu(names[0]).actions() if action.text() == "Set state").menu()
    assert isinstance(states, QMenu)
    ticked = [action.text() for action in states.actions() if action.isChecked()]
    assert ticked == ["Available"]


def test_what_is_not_done_yet_is_shown_as_pending_until_it_is(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor()
    here.agents.state = Delivery.UNKNOWN
    here.press(names[0], "Set state", "Away")
    assert here.state_of(names[0]) == "→ Away"
    assert here.toasts == [("Asked for: sent, the answer is not known yet", theme.State.INFO)]
    said = [action.text() for action in here.menu(names[0]).actions()]
    assert "Away: sent, the answer is not known yet" in said
    here.agents.waiting = {}
    here.second()
    assert here.state_of(names[0]) == "Available"


def test_what_an_earlier_run_left_pending_is_shown(floor: Callable[..., Floor], names: list[str]) -> None:
    asked = replace(
        Ordered(1, "k", 0, "demo", names[0], Verb.AGENT_STATE, "li", 0, Delivery.REQUESTED, 0, value=AgentState.BREAK),
        agent=names[0],
    )
    original = Agents.__init__

    def with_one(self: Agents) -> None:
        original(self)
        self.waiting = {names[0]: [asked]}

    Agents.__init__ = with_one  # type: ignore[method-assign]
    try:
        here = floor()
    finally:
        Agents.__init__ = original  # type: ignore[method-assign]
    assert here.state_of(names[0]) == "→ On break"


def test_nobody_asks_and_there_is_no_strip(floor: Callable[..., Floor]) -> None:
    assert floor().screen.floor.strip.isHidden()


def test_who_asked_first_is_shown_with_the_effect_and_the_others_counted(
    floor: Callable[..., Floor], names: list[str]
) -> None:
    here = floor((0, 4, 10), (1, 9, 15))
    strip = here.screen.floor.strip
    assert strip.isVisible()
    assert strip.request == BreakRequest(names[1], MORNING - 9 * MINUTE, 15 * MINUTE)
    assert "10:58" in strip.effect
    assert strip.approve.text() == "Approve until 10:58"
    assert here.state_of(names[1]) == "Break?"
    shown = [row.name for row in here.screen.agents.rows() if not row.trouble][:2]
    assert shown == [names[1], names[0]], "who asks stands above who does not"


def test_a_break_is_granted_on_the_strip_and_the_next_one_comes(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor((0, 4, 10), (1, 9, 15))
    strip = here.screen.floor.strip
    here.agents.state = Delivery.UNKNOWN
    strip.approve.click()
    until = -(-(MORNING + 15 * MINUTE) // MINUTE) * MINUTE
    request = BreakRequest(names[1], MORNING - 9 * MINUTE, 15 * MINUTE)
    assert here.agents.asked == [("break", request, True, until)]
    assert here.state_of(names[1]) == "→ Break"
    assert strip.request is not None
    assert strip.request.agent == names[0]
    assert "Approve until 10:58" not in [action.text() for action in here.menu(names[1]).actions()]


def test_a_break_is_declined_in_the_menu(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor((0, 4, 10))
    texts = [action.text() for action in here.menu(names[0]).actions()]
    assert texts[0] == f"{names[0]} asks for 10 min, 4 min ago"
    assert texts[1] == here.screen.floor.strip.effect
    here.press(names[0], "Decline")
    assert here.agents.asked == [("break", BreakRequest(names[0], MORNING - 4 * MINUTE, 10 * MINUTE), False, 0)]
    assert here.toasts == [(f"The break of {names[0]} is declined", theme.State.OK)]


def test_a_request_goes_when_it_is_withdrawn(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor((0, 4, 10))
    board = here.stage.live.board
    assert board is not None
    asking(board, morning()[1])
    here.second()
    assert here.screen.floor.strip.isHidden()
    assert here.state_of(names[0]) == "Available"


def test_queues_are_ticked_on_a_card(floor: Callable[..., Floor], names: list[str], qtbot: QtBot) -> None:
    here = floor()
    card = here.screen.floor.change_queues(here.row(names[0]))
    assert isinstance(card, QueuesCard)
    qtbot.waitUntil(card.isVisible)
    served = card.ticked()
    assert served, "what the log-in told"
    assert not card.apply.isEnabled()
    board = here.stage.live.board
    assert board is not None
    other = next(
        name for id_ in range(1, board.names.size("queue")) if (name := board.names.text("queue", id_)) not in served
    )
    card.tick(other, True)
    card.apply.click()
    assert here.agents.asked == [("queues", names[0], tuple(sorted([*served, other])))]
    assert card.isHidden()


def test_without_a_role_nothing_can_be_pressed(
    floor: Callable[..., Floor], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = floor((0, 4, 10))
    monkeypatch.setattr(here.screen._context.session, "actor", lambda: Actor("vic"))
    here.second()
    assert not here.screen.floor.strip.approve.isEnabled()
    menu = here.menu(names[0])
    enabled = [action.text() for action in menu.actions() if action.isEnabled() and action.text()]
    assert enabled == ["Show their tickets"]
    assert list(here.screen.floor.deeds.offers("set", 9)) == []


def test_in_the_past_a_request_is_shown_and_cannot_be_decided(floor: Callable[..., Floor]) -> None:
    here = floor((0, 4, 10), present=False)
    assert here.screen.floor.strip.isVisible()
    assert not here.screen.floor.strip.approve.isVisible()
    assert not here.screen.agents.view.viewport().acceptDrops()


def test_an_agent_is_set_from_the_palette(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor()
    offers = list(here.screen.providers()[2].offers(f"set {names[0]} away", 9))
    assert [offer.title for offer in offers] == [f"Set {names[0]}: Away"]
    offers[0].run()
    assert here.agents.asked == [("state", (names[0],), AgentState.AWAY)]


def test_a_break_is_answered_from_the_palette(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor((0, 4, 10))
    request = BreakRequest(names[0], MORNING - 4 * MINUTE, 10 * MINUTE)
    offers = list(here.screen.providers()[2].offers(f"break of {names[0]}", 9))
    assert [offer.title for offer in offers] == [
        f"Approve the break of {names[0]} until 10:53",
        f"Decline the break of {names[0]}",
    ]
    offers[1].run()
    assert here.agents.asked == [("break", request, False, 0)]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_opens_by_the_pointer_and_by_key(floor: Callable[..., Floor], names: list[str]) -> None:
    here = floor()
    view = here.screen.agents.view
    opened: list[str] = []
    here.screen.agents.menu_requested.connect(lambda row, _where: opened.append(row.name))
    where = QPoint(20, view.rowViewportPosition(1) + 4)
    reasons = QContextMenuEvent.Reason
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(reasons.Mouse, where, view.viewport().mapToGlobal(where)))
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(reasons.Keyboard, where, QPoint(0, 0)))
    rows = here.screen.agents.rows()
    assert opened == [rows[1].name] * 2
    for menu in here.screen.agents.findChildren(QMenu):
        menu.close()


def drop_event(view: Any, place: int, tickets: list[int]) -> QDropEvent:
    where = QPointF(20, view.rowViewportPosition(place) + 4)
    drop, mouse, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    mime = as_mime(tickets)
    view.kept = mime
    return QDropEvent(where, drop, mime, mouse, keys)


def test_tickets_dropped_on_an_agent_are_theirs_and_that_is_undone(floor: Callable[..., Floor]) -> None:
    here = floor()
    view = here.screen.agents.view
    drop, mouse, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPoint(20, view.rowViewportPosition(2) + 4)
    mime = as_mime([3, 1])
    enter = QDragEnterEvent(where, drop, mime, mouse, keys)
    QApplication.sendEvent(view.viewport(), enter)
    assert enter.isAccepted()
    assert view.selectionModel().isRowSelected(2)
    QApplication.sendEvent(view.viewport(), drop_event(view, 2, [3, 1]))
    name = here.screen.agents.rows()[2].name
    assert here.tickets.asked == [("assign", (3, 1), name)]
    assert here.toasts == [(f"Assigned to {name}", theme.State.OK)]
    here.undos[0]()
    assert here.tickets.asked[1] == ("undo", (3, 1))


def test_what_is_no_ticket_is_not_taken_and_what_goes_elsewhere_leaves_no_mark(floor: Callable[..., Floor]) -> None:
    here = floor()
    view = here.screen.agents.view
    drop, mouse, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    where = QPoint(20, view.rowViewportPosition(0) + 4)
    other = as_mime([])
    enter = QDragEnterEvent(where, drop, other, mouse, keys)
    QApplication.sendEvent(view.viewport(), enter)
    assert not enter.isAccepted()
    tickets = as_mime([1])
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(where, drop, tickets, mouse, keys))
    QApplication.sendEvent(view.viewport(), QDragLeaveEvent())
    assert not view.selectionModel().hasSelection()
    assert here.tickets.asked == []


def mouse(kind: QEvent.Type, where: QPoint, held: bool = True) -> QMouseEvent:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    held_buttons = left if held else none
    return QMouseEvent(kind, QPointF(where), QPointF(where), button, held_buttons, Qt.KeyboardModifier.NoModifier)


def test_all_selected_tickets_are_drawn_from_the_table(
    floor: Callable[..., Floor], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = floor()
    table = here.screen.table
    drawn: list[list[int]] = []
    monkeypatch.setattr(ticket_table, "drag", lambda _source, tickets: drawn.append(list(tickets)))
    first = [table._window.ticket_id(row) for row in range(3)]
    table.select_tickets(first)
    height = table._window.row_height
    press, far = QPoint(60, height + 4), QPoint(60 + 4 * QApplication.startDragDistance(), height + 4)
    QApplication.sendEvent(table.viewport(), mouse(QEvent.Type.MouseButtonPress, press))
    assert table.selected_tickets() == first, "they stay selected"
    QApplication.sendEvent(table.viewport(), mouse(QEvent.Type.MouseMove, press + QPoint(1, 0)))
    assert drawn == []
    QApplication.sendEvent(table.viewport(), mouse(QEvent.Type.MouseMove, far))
    assert drawn == [first]
    assert not table._held, "the order goes on"


def test_a_press_on_one_of_many_selected_without_a_drag_chooses_it_alone(floor: Callable[..., Floor]) -> None:
    table = floor().screen.table
    first = [table._window.ticket_id(row) for row in range(3)]
    table.select_tickets(first)
    press = QPoint(60, table._window.row_height + 4)
    QApplication.sendEvent(table.viewport(), mouse(QEvent.Type.MouseButtonPress, press))
    QApplication.sendEvent(table.viewport(), mouse(QEvent.Type.MouseButtonRelease, press, held=False))
    assert table.selected_tickets() == [first[1]]


def test_ids_come_back_from_what_is_drawn() -> None:
    assert tickets_of(as_mime([7, 12])) == [7, 12]
    assert tickets_of(as_mime([])) == []


def test_what_is_too_old_to_trust_tells_no_effect(floor: Callable[..., Floor]) -> None:
    here = floor((0, 4, 10))
    assert here.screen.floor.strip.effect
    here.screen.agents.set_age("6 min")
    here.screen.floor.refresh()
    assert here.screen.floor.strip.request is not None
    assert here.screen.floor.strip.effect == ""
