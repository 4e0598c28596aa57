"""The ticket table: tickets stay chosen while rows move, and a frame costs what it changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QMouseEvent, QPainter, QPixmap, QRegion
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from console.clock import MINUTE, SECOND, FixedClock
from console.models.domain.attributes import pack
from console.models.domain.contacts import Channel, Priority, Role, Status, Tier
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, NameText, Rows, TicketText
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope
from console.models.live.sorts import Sort
from console.models.policy import policy as policies
from console.views.bridge import LiveBoard
from console.views.ops import InlineExecutor, Ops
from console.views.tables import ticket_columns, ticket_view, ticket_window
from console.views.tables.ticket_table import TicketTable
from console.views.tables.ticket_window import TicketWindow

TICKETS = 100
LEFT = Qt.MouseButton.LeftButton


def rows_of(*events: tuple[int, Kind, int, int]) -> Rows:
    """Rows of (ticket, kind, at, value), numbered on by their time."""
    rows = np.zeros(len(events), dtype=ROW)
    for place, (ticket, kind, at, value) in enumerate(events):
        role = Role.CUSTOMER if kind in (Kind.CREATED, Kind.CUSTOMER_MESSAGE) else Role.AGENT
        rows[place] = (at + place, at, place, at + place, value, ticket, 1, kind, role, 1)
    return rows


class Stage:
    """A table over a board of a hundred chats that came a second apart; ticket 1 has waited longest."""

    def __init__(self, qtbot: QtBot, clock: FixedClock) -> None:
        self.qtbot = qtbot
        self.clock = clock
        policy = policies.default()
        self.live = LiveBoard(clock, policy, ZoneInfo("UTC"))
        self.ops = Ops(InlineExecutor(), InlineExecutor())
        self.board = Board(policy)
        start = clock.now() - TICKETS * SECOND
        born = pack(channel=Channel.WEB_CHAT, priority=Priority.NORMAL, tier=Tier.EXISTING, queue=1)
        texts = [TicketText(n, f"T-{n:03}", f"Where is parcel {n}?", f"Customer {n}") for n in range(1, TICKETS + 1)]
        names = [NameText("agent", 1, "Li Wei"), NameText("agent", 2, "Zhang Min"), NameText("queue", 1, "Logistics")]
        events = [(n, Kind.CREATED, start + n * SECOND, born) for n in range(1, TICKETS + 1)]
        self.board.load([Batch(rows_of(*events), texts, names)])
        self.table = TicketTable(self.live, self.ops)
        qtbot.addWidget(self.table)
        self.table.resize(1800, 32 + 26 * 10)
        self.live.start(self.board)
        self.table.show()
        qtbot.waitExposed(self.table)

    def happens(self, ticket: int, kind: Kind, value: int = 0) -> None:
        """Something happens now and is on the screen."""
        self.clock.advance(1)
        self.live.receive(Batch(rows_of((ticket, kind, self.clock.now(), value))))
        self.live._on_frame()

    def press(self, row: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self._mouse(QEvent.Type.MouseButtonPress, row, modifiers)

    def release(self, row: int = 0) -> None:
        self._mouse(QEvent.Type.MouseButtonRelease, row, Qt.KeyboardModifier.NoModifier)

    def click(self, row: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.press(row, modifiers)
        self.release(row)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.table, key, modifiers)

    def first_rows(self, count: int = 3) -> list[int]:
        return [self.table._window.ticket_id(row) for row in range(count)]

    def _mouse(self, kind: QEvent.Type, row: int, modifiers: Qt.KeyboardModifier) -> None:
        point = QPointF(300, row * 26 + 13)
        event = QMouseEvent(kind, point, point, LEFT, LEFT, modifiers)
        QGuiApplication.sendEvent(self.table.viewport(), event)


@pytest.fixture
def stage(qtbot: QtBot, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # However busy the machine, a paint is whole.
    monkeypatch.setattr(ticket_window, "_PAINT_SECONDS", 60.0)
    stage = Stage(qtbot, clock)
    yield stage
    stage.live.stop()
    stage.ops.close()


def test_the_longest_wait_stands_first(stage: Stage) -> None:
    assert stage.first_rows() == [1, 2, 3]
    assert stage.table.shown() == TICKETS


def test_an_answered_ticket_goes_down_and_the_focus_goes_with_it(stage: Stage) -> None:
    stage.click(0)
    assert stage.table.current_ticket() == 1
    stage.happens(1, Kind.PUBLIC_REPLY)
    assert stage.first_rows() == [2, 3, 4]
    assert stage.table.current_ticket() == 1
    assert stage.table.selected_tickets() == [1]
    assert stage.table.currentIndex().row() == TICKETS - 1


def test_a_ticket_that_leaves_the_list_is_not_replaced_by_its_neighbour(stage: Stage) -> None:
    stage.click(1)
    stage.happens(2, Kind.STATUS_CHANGED, Status.RESOLVED)
    assert stage.table.current_ticket() == 2
    assert not stage.table.currentIndex().isValid()
    stage.key(Qt.Key.Key_Down)
    assert stage.table.current_ticket() == 3


def test_the_order_is_held_while_the_pointer_is_down(stage: Stage) -> None:
    stage.press(0)
    stage.happens(2, Kind.PUBLIC_REPLY)
    assert stage.first_rows() == [1, 2, 3]
    stage.release()
    assert stage.first_rows() == [1, 3, 4]


def test_the_order_is_held_while_a_menu_is_open(stage: Stage) -> None:
    stage.table.freeze(True)
    stage.happens(1, Kind.PUBLIC_REPLY)
    assert stage.first_rows() == [1, 2, 3]
    stage.table.freeze(False)
    assert stage.first_rows() == [2, 3, 4]


def test_selecting_with_shift_and_ctrl(stage: Stage) -> None:
    stage.click(1)
    stage.click(4, Qt.KeyboardModifier.ShiftModifier)
    assert stage.table.selected_tickets() == [2, 3, 4, 5]
    stage.click(2, Qt.KeyboardModifier.ControlModifier)
    assert stage.table.selected_tickets() == [2, 4, 5]
    stage.click(7)
    assert stage.table.selected_tickets() == [8]


def test_a_range_keeps_its_tickets_when_rows_move(stage: Stage) -> None:
    stage.click(0)
    stage.click(2, Qt.KeyboardModifier.ShiftModifier)
    stage.happens(2, Kind.PUBLIC_REPLY)
    assert stage.table.selected_tickets() == [1, 3, 2]


@pytest.mark.parametrize(
    ("keys", "current"),
    [
        ([Qt.Key.Key_Down], 2),
        ([Qt.Key.Key_End], TICKETS),
        ([Qt.Key.Key_End, Qt.Key.Key_Home], 1),
        ([Qt.Key.Key_Up], 1),
        ([Qt.Key.Key_PageDown], 10),
    ],
)
def test_the_keyboard_moves_the_focus(stage: Stage, keys: list[Qt.Key], current: int) -> None:
    stage.click(0)
    for key in keys:
        stage.key(key)
    assert stage.table.current_ticket() == current
    assert stage.table.selected_tickets() == [current]
    row = stage.table.currentIndex().row()
    assert stage.table._window.top <= row < stage.table._window.top + 10


def test_shift_down_extends_and_ctrl_a_takes_all(stage: Stage) -> None:
    stage.click(0)
    stage.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    stage.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert stage.table.selected_tickets() == [1, 2, 3]
    stage.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(stage.table.selected_tickets()) == TICKETS


def test_return_opens_the_ticket(stage: Stage) -> None:
    stage.click(3)
    with stage.qtbot.waitSignal(stage.table.activated_ticket) as opened:
        stage.key(Qt.Key.Key_Return)
    assert opened.args == [4]


def test_a_click_on_a_header_sorts_and_a_second_one_turns_it_round(stage: Stage) -> None:
    place = stage.table.columns().index("ref")
    stage.table._on_header_clicked(place)
    assert stage.table.sort() == Sort("id", descending=True)
    assert stage.first_rows() == [100, 99, 98]
    stage.table._on_header_clicked(place)
    assert stage.first_rows() == [1, 2, 3]


def test_a_filter_shows_only_what_passes(stage: Stage) -> None:
    stage.happens(7, Kind.PRIORITY_CHANGED, Priority.URGENT)
    stage.table.set_filter(Filter(values={"priority": frozenset({int(Priority.URGENT)})}))
    assert stage.table.shown() == 1
    assert stage.first_rows(1) == [7]
    stage.happens(9, Kind.PRIORITY_CHANGED, Priority.URGENT)
    assert stage.first_rows(2) == [7, 9]
    stage.table.set_filter(Filter(scope=Scope.ALL))
    assert stage.table.shown() == TICKETS


def test_copied_rows_have_headers_and_stay_on_one_line(stage: Stage) -> None:
    stage.table.set_columns(["ref", "customer", "subject"])
    stage.click(0)
    stage.click(1, Qt.KeyboardModifier.ShiftModifier)
    stage.table.copy_tsv()
    assert QGuiApplication.clipboard().text().split("\n") == [
        "Ticket\tCustomer\tSubject",
        "T-001\tCustomer 1\tWhere is parcel 1?",
        "T-002\tCustomer 2\tWhere is parcel 2?",
    ]


def test_a_frame_makes_only_the_cells_that_changed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original: Callable[..., None] = ticket_columns.Ticket.__init__

    def count(self: ticket_columns.Ticket, board: Board, slot: int, *rest: object) -> None:
        made.append(int(board.columns.id[slot]))
        original(self, board, slot, *rest)

    stage.table.repaint()
    monkeypatch.setattr(ticket_columns.Ticket, "__init__", count)
    stage.happens(5, Kind.PRIORITY_CHANGED, Priority.HIGH)
    stage.table.repaint()
    assert 5 in made
    made.clear()
    stage.table.viewport().update()
    stage.table.repaint()
    assert made == [], "cells that did not change are not made again"
    stage.happens(99, Kind.PRIORITY_CHANGED, Priority.HIGH)
    assert 99 not in made, "a ticket out of sight costs no cell"


def test_rows_between_two_that_changed_are_not_painted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    paint_row = stage.table._window._paint_row

    def watch(painter: object, row: int, *rest: object, **told: object) -> None:
        painted.append(row)
        paint_row(painter, row, *rest, **told)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(stage.table._window, "_paint_row", watch)
    for row in range(10):
        stage.table._window.forget(row)
    two_rows = QRegion(0, 0, 400, 26).united(QRegion(0, 8 * 26, 400, 26))
    stage.table.viewport().render(QPixmap(stage.table.viewport().size()), QPoint(), two_rows)
    assert painted == [0, 8]
    painted.clear()
    stage.table.viewport().update()
    stage.table.repaint()
    assert painted == [1, 2, 3, 4, 5, 6, 7, 9], "rows that were painted before are copied"


def test_selecting_paints_the_row_again(stage: Stage) -> None:
    def ground() -> int:
        return stage.table.viewport().grab().toImage().pixel(320, 3)

    before = ground()
    stage.click(0)
    assert ground() != before
    stage.click(4)
    assert ground() == before


def test_the_countdown_goes_on_by_the_second(stage: Stage) -> None:
    due = ticket_columns.BY_KEY["due"]
    slot = stage.board.slot(1)
    assert slot is not None
    before = due.show(ticket_columns.Ticket(stage.board, slot, stage.clock.now(), ZoneInfo("UTC")))
    assert before.text == "3:21"
    stage.clock.advance(4 * 60)
    after = due.show(ticket_columns.Ticket(stage.board, slot, stage.clock.now(), ZoneInfo("UTC")))
    assert (after.text, after.ink) == ("−0:39", "danger")


def test_the_model_is_a_sound_model_while_rows_come_and_go(stage: Stage) -> None:
    tester = QAbstractItemModelTester(
        stage.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, stage.table
    )
    for ticket in range(1, 30):
        stage.happens(ticket, Kind.STATUS_CHANGED, Status.CLOSED)
    stage.table._on_sync()
    assert stage.table.model().rowCount() == TICKETS - 29
    stage.table.set_columns(["ref", "due"])
    assert tester.model() is stage.table.model()


def test_a_screen_reader_hears_the_state(stage: Stage) -> None:
    stage.clock.advance(10 * MINUTE / SECOND)
    place = stage.table.columns().index("due")
    index = stage.table.model().index(0, place)
    assert "Alarm" in stage.table.model().data(index, Qt.ItemDataRole.AccessibleTextRole)
    interface = QAccessible.queryAccessibleInterface(stage.table)
    assert interface.role() == QAccessible.Role.Table
    assert interface.childCount() >= TICKETS * len(stage.table.columns())


def test_another_board_is_shown_when_it_is_replaced(stage: Stage) -> None:
    past = Board(policies.default())
    stage.live.show_past(past, stage.clock.now() - 60 * MINUTE)
    assert stage.table.shown() == 0
    stage.live.show_present()
    assert stage.table.shown() == TICKETS


def test_every_column_says_something_of_every_ticket(stage: Stage) -> None:
    slot = stage.board.slot(1)
    assert slot is not None
    ticket = ticket_columns.Ticket(stage.board, slot, stage.clock.now(), ZoneInfo("UTC"))
    for column in ticket_columns.COLUMNS:
        assert isinstance(column.show(ticket).text, str)


def test_a_right_click_keeps_the_selection_it_falls_on(stage: Stage) -> None:
    stage.click(0)
    stage.click(3, Qt.KeyboardModifier.ShiftModifier)
    point = QPointF(QPoint(300, 26 + 13))
    right = Qt.MouseButton.RightButton
    event = QMouseEvent(QEvent.Type.MouseButtonPress, point, point, right, right, Qt.KeyboardModifier.NoModifier)
    QGuiApplication.sendEvent(stage.table.viewport(), event)
    assert stage.table.selected_tickets() == [1, 2, 3, 4]
    assert stage.table.current_ticket() == 2


def test_what_a_paint_has_no_time_for_is_painted_by_the_next(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    painted = list[int]()
    paint_row = TicketWindow._paint_row

    def noted(self: TicketWindow, painter: QPainter, row: int, *rest: Any, **named: Any) -> None:
        painted.append(row)
        paint_row(self, painter, row, *rest, **named)

    monkeypatch.setattr(ticket_window, "_PAINT_SECONDS", -1.0)
    monkeypatch.setattr(TicketWindow, "_paint_row", noted)
    stage.table._refresh()
    with stage.qtbot.waitSignal(stage.table.painted):
        pass
    assert painted == list(range(11))


def test_stale_rows_are_grey(stage: Stage) -> None:
    stage.clock.advance(10 * MINUTE / SECOND)
    stage.live._on_frame()
    while stage.live.relay.step():
        pass

    def reds() -> int:
        image = stage.table.viewport().grab().toImage()
        points = [image.pixelColor(x, y) for x in range(0, 100, 2) for y in range(0, 100, 2)]
        return sum(point.red() > point.green() + 60 for point in points)

    assert reds() > 0
    stage.table.set_stale(True)
    assert reds() == 0
    stage.table.set_stale(False)
    assert reds() > 0


def test_the_first_rows_of_a_narrower_filter_stand_before_the_list_is_built(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticket_view, "_INLINE_BUILD", 0)
    table, applied = stage.table, list[int]()
    table.filter_applied.connect(lambda: applied.append(table.shown()))

    def in_sight() -> list[int]:
        return [table._window.ticket_id(row) for row in range(table._window.slots.size)]

    table.set_filter(Filter(text="T-07"))
    assert applied == [TICKETS], "the list is not there yet"
    assert in_sight() == list(range(70, 80))
    stage.happens(1, Kind.PRIORITY_CHANGED, Priority.URGENT)
    assert in_sight() == list(range(70, 80)), "a frame must not bring the old list back"
    with stage.qtbot.waitSignal(table.shown_changed) as told:
        pass
    assert told.args == [10]
    assert in_sight() == list(range(70, 80))
    table.set_filter(Filter())
    assert applied == [TICKETS, TICKETS]
    assert in_sight()[:3] == [1, 2, 3]


def test_the_last_row_in_sight_may_leave_the_list(stage: Stage) -> None:
    stage.table.set_filter(Filter(tickets=frozenset({1, 2, 3})))
    assert stage.first_rows() == [1, 2, 3]
    stage.happens(3, Kind.STATUS_CHANGED, Status.CLOSED)
    assert stage.table._window.slots.size == stage.table.shown() == 2
