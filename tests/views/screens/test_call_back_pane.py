"""The calls that were promised: seen with their time, settled in each way, refused to who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.clock import MINUTE, FixedClock
from console.models.actions.session import Session
from console.models.domain.call_backs import Kept, overdue
from console.models.domain.escalation import State
from console.models.domain.roles import AccountRole, Actor
from console.models.queries.inbox import Inbox
from console.models.queries.inbox_lines import line_of
from console.views.desk import Desk
from console.views.screen import Context
from console.views.screens.escalations.call_back_pane import CallBackPane
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.screen import EscalationsScreen
from console.views.screens.escalations.side import Side
from tests.models.actions.office import ANN, BOB, Office
from tests.models.store.conftest import NOON
from tests.views.screens.centre import Stage, morning
from tests.views.screens.conftest import stage
from tests.views.screens.inbox_case import StoreInbox, fill, with_inbox

__all__ = ["stage"]
SUPERVISOR = Actor("ann", frozenset({AccountRole.SUPERVISOR}))


class Calls:
    """Two promised calls, the first of them missed and in the inbox."""

    def __init__(self, folder: Path, around: Stage) -> None:
        self.office = office = Office(folder, FixedClock(NOON))
        for ticket, minutes in ((3, 1), (4, 90)):
            office.tickets.call_back(ANN, ticket, NOON + minutes * MINUTE, "Mei", "about the refund")
        office.clock.advance(600)
        self.entry = office.raised(overdue(office.pending.call_backs()[0]))
        desk = SimpleNamespace(tickets=office.tickets, escalations=office.act, commands=office.pending)
        self.desk = cast(Desk, desk)
        self.around = around

    def context(self, actor: Actor) -> Context:
        clock = self.office.clock
        return replace(self.around.context, clock=clock, session=Session.of(actor, clock), desk=self.desk)

    def entry_of(self, call: int) -> int:
        return Inbox(tuple(self.office.entries.open_entries())).of_call(call)


@pytest.fixture
def calls(qapp: QApplication, stage: Callable[..., Stage], tmp_path: Path) -> Iterator[Calls]:
    made = Calls(tmp_path, stage())
    yield made
    made.office.close()


def shown(calls: Calls, qtbot: QtBot, actor: Actor = SUPERVISOR, ticket: int | None = None) -> CallBackPane:
    pane = CallBackPane(calls.context(actor), calls.desk, ticket, lambda ticket: f"T-{ticket}", calls.entry_of)
    qtbot.addWidget(pane)
    pane.resize(420, 400)
    with qtbot.waitExposed(pane):
        pane.show()
    qtbot.waitUntil(lambda: pane._calls is not None)
    return pane


def test_all_that_is_owed_is_listed_by_its_time_and_one_ticket_has_its_own(calls: Calls, qtbot: QtBot) -> None:
    assert len(shown(calls, qtbot).rows) == 2
    assert len(shown(calls, qtbot, ticket=4).rows) == 1


@pytest.mark.parametrize("state", [Kept.DONE, Kept.NOT_REACHED, Kept.CANCELLED])
def test_a_call_ends_with_what_came_of_it_and_its_entry_with_it(calls: Calls, qtbot: QtBot, state: Kept) -> None:
    pane = shown(calls, qtbot)
    pane.rows[0].outcome.setText("she was friendly")
    with qtbot.waitSignal(pane.done):
        qtbot.mouseClick(pane.rows[0].ends[state], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pane.rows) == 1)
    (kept,) = calls.office.pending.call_backs(3)
    assert (kept.state, kept.outcome, kept.settled_by) == (state, "she was friendly", "ann")
    assert calls.office.entries.entry(calls.entry).state is State.RESOLVED


def test_an_entry_that_somebody_else_has_stays_with_them(calls: Calls, qtbot: QtBot) -> None:
    calls.office.act.acknowledge(BOB, calls.entry)
    pane = shown(calls, qtbot)
    with qtbot.waitSignal(pane.done):
        qtbot.keyClick(pane.rows[0].outcome, Qt.Key.Key_Return)
    assert calls.office.pending.call_backs(3)[0].state is Kept.DONE
    assert calls.office.entries.entry(calls.entry).owner == "bob"


def test_a_viewer_sees_and_settles_nothing(calls: Calls, qtbot: QtBot) -> None:
    pane = shown(calls, qtbot, Actor("vic"))
    assert not any(end.isEnabled() for row in pane.rows for end in row.ends.values())
    assert not pane.rows[0].outcome.isEnabled()


def test_what_was_settled_meanwhile_is_told_and_gone(calls: Calls, qtbot: QtBot) -> None:
    pane = shown(calls, qtbot)
    calls.office.tickets.settle_call_back(BOB, 1, Kept.DONE, "quicker")
    with qtbot.waitSignal(pane.toast_requested):
        qtbot.mouseClick(pane.rows[0].ends[Kept.DONE], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pane.rows) == 1)


def test_the_entry_of_a_missed_call_opens_its_call(calls: Calls, qtbot: QtBot) -> None:
    context = calls.context(SUPERVISOR)
    side = Side(context, EntryDetail(context.clock.now, context.zone, lambda key: key))
    qtbot.addWidget(side)
    side.decide(line_of(calls.office.entries.entry(calls.entry), None))
    pane = side.pane
    assert isinstance(pane, CallBackPane)
    qtbot.waitUntil(lambda: len(pane.rows) == 1)
    side.show_calls()
    every = side.pane
    assert isinstance(every, CallBackPane)
    side.follow(calls.entry)
    assert side.pane is every
    qtbot.waitUntil(lambda: len(every.rows) == 2)
    assert side.close_pane()


def test_a_key_lists_them_beside_the_inbox_whatever_entry_is_chosen(
    qapp: QApplication, qtbot: QtBot, stage: Callable[..., Stage], calls: Calls, tmp_path: Path
) -> None:
    inbox = StoreInbox(tmp_path / "inbox")
    board, log = morning()
    fill(inbox, board)
    context, desk = with_inbox(stage(board, log), inbox)
    assert desk is not None
    desk.own_commands = calls.office.pending
    screen = EscalationsScreen(context)
    qtbot.addWidget(screen)
    screen.resize(1280, 800)
    with qtbot.waitExposed(screen):
        screen.show()
    screen.activated()
    screen.view.setFocus()
    qtbot.keyClick(screen.view, Qt.Key.Key_L)
    pane = screen.side.pane
    assert isinstance(pane, CallBackPane)
    qtbot.waitUntil(lambda: len(pane.rows) == 2)
    screen.view.step(1)
    assert screen.side.pane is pane
    qtbot.keyClick(screen.view, Qt.Key.Key_Escape)
    assert screen.side.pane is None
    inbox.close()
