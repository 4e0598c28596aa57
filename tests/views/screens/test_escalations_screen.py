"""The inbox as a supervisor works it: by keyboard, one or many at once, with conflicts told in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.clock import HOUR, MINUTE, SECOND
from console.models.actions.session import NOBODY, SessionState
from console.models.domain.commands import Delivery
from console.models.domain.contacts import Channel
from console.models.domain.escalation import Cause, Entry, Event, Happening, Key, ObjectKind, Occurrence, State, Urgency
from console.models.domain.requests import RequestState
from console.models.domain.roles import AccountRole, Actor
from console.models.live.board import Board
from console.models.queries.inbox import InboxFilter, Scope
from console.models.queries.inbox_advice import Step as Advised
from console.views import theme
from console.views.inbox_watch import InboxWatch
from console.views.screens.escalations.compensation import CompensationPane
from console.views.screens.escalations.compensation_approval import ApprovalPane
from console.views.screens.escalations.handover import HandOverPage
from console.views.screens.escalations.screen import EscalationsScreen
from tests.models.actions.house import WANG
from tests.views.screens.centre import MORNING, Stage, morning, shipped_policy
from tests.views.screens.conftest import stage
from tests.views.screens.handover_stage import HandOverStage
from tests.views.screens.inbox_case import ME, StoreDesk, StoreInbox, StoreMoves, fill, with_inbox

__all__ = ["stage"]
RULES = shipped_policy().escalation
K = Qt.Key


class Case:
    """A screen in sight over an inbox, and what it said."""

    def __init__(self, stage: Stage, inbox: StoreInbox | None, actor: Actor) -> None:
        self.stage, self.inbox = stage, inbox
        self.context, desk = with_inbox(stage, inbox, actor)
        self._desk = desk
        self.screen = EscalationsScreen(self.context)
        self.toasts: list[tuple[str, object]] = []
        self.undo: Callable[[], None] | None = None
        self.jumps: list[tuple[str, object]] = []
        self.screen.toast_requested.connect(lambda text, state: self.toasts.append((text, state)))
        self.screen.undo_offered.connect(self._on_undo)
        self.screen.jump_requested.connect(lambda key, what: self.jumps.append((key, what)))

    def _on_undo(self, text: str, state: object, _word: str, run: Callable[[], None]) -> None:
        self.toasts.append((text, state))
        self.undo = run

    @property
    def desk(self) -> StoreDesk:
        assert self._desk is not None
        return self._desk

    @property
    def moves(self) -> StoreMoves:
        return self.desk.escalations

    @property
    def store(self) -> StoreInbox:
        assert self.inbox is not None
        return self.inbox

    def look(self) -> None:
        assert self.context.watch is not None
        self.context.watch.look()

    def settle(self) -> None:
        """The detail follows the list when that is painted."""
        QApplication.processEvents()
        while self.screen._soon.isActive():
            QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.screen, key, modifiers)

    def write(self, words: str) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, words)

    def state(self, entry: int) -> State:
        return self.store.read.entry(entry).state

    def ids(self) -> list[int]:
        return [entry.id for entry in self.screen.view.inbox.entries()]


Open = Callable[..., Case]


@pytest.fixture
def opened(stage: Callable[..., Stage], tmp_path: Path, qtbot: QtBot) -> Iterator[Open]:
    """Open a screen; ``fill_in`` puts entries into the inbox first, None leaves the window without one."""
    made: list[Case] = []
    boxes: list[StoreInbox] = []

    def open_screen(
        fill_in: Callable[[StoreInbox, Board], object] | None = fill, actor: Actor = ME, width: int = 1200
    ) -> Case:
        board, log = morning()
        inbox = None
        if fill_in is not None:
            inbox = StoreInbox(tmp_path / "data")
            boxes.append(inbox)
            fill_in(inbox, board)
        case = Case(stage(board, log), inbox, actor)
        made.append(case)
        case.screen.resize(width, 750)
        with qtbot.waitActive(case.screen):
            case.screen.show()
            case.screen.activateWindow()
        case.screen.activated()
        case.screen.view.setFocus()
        case.settle()
        return case

    yield open_screen
    for case in made:
        case.screen.deactivated()
        case.screen.close()
        case.screen.deleteLater()
    for box in boxes:
        box.close()


def occurrence(board: Board, number: int, at: int = MORNING - MINUTE, urgency: Urgency = Urgency.P2) -> Occurrence:
    """A breach of one of the board's tickets."""
    ticket = int(board.columns.id[number])
    key = Key(ObjectKind.TICKET, ticket, Cause.BREACH, "first_response:1")
    return Occurrence(key, "R-FRT-CHAT", at - 5 * MINUTE, at, urgency, ticket)


def some(count: int, urgency: Urgency = Urgency.P2) -> Callable[[StoreInbox, Board], object]:
    """So many entries that nobody has."""

    def fill_in(inbox: StoreInbox, board: Board) -> None:
        found = [occurrence(board, number, MORNING - MINUTE - number, urgency) for number in range(count)]
        inbox.write.raise_all(found, MORNING - MINUTE, RULES)
        inbox.write.tick(MORNING - SECOND, MORNING - SECOND)

    return fill_in


def nothing(inbox: StoreInbox, _board: Board) -> None:
    inbox.write.tick(MORNING - SECOND, MORNING - SECOND)


def words_of(case: Case) -> str:
    """What the strip says."""
    strip = case.screen.strip
    return "" if strip.isHidden() else f"{strip._head.text()} {strip._effect.text()}"


# What is shown


def test_an_empty_inbox_says_what_may_come_next(opened: Open) -> None:
    case = opened(nothing)
    page = case.screen.body.page()
    assert page is case.screen.body.calm
    assert "Nobody waits beyond the limits" in page.accessibleName()
    assert "may breach by 11:12" in page.accessibleName()


def test_without_an_inbox_the_screen_says_so(opened: Open) -> None:
    case = opened(None)
    assert case.screen.body.page() is case.screen.body.not_kept
    assert case.screen.ready()


def test_until_the_database_is_open_it_says_that_it_reads(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened(nothing)
    watch = case.context.watch
    assert watch is not None
    watch._inbox = None
    case.screen._on_changed()
    assert case.screen.body.page() is case.screen.body.reading
    assert not case.screen.ready()


def test_an_inbox_that_cannot_be_read_is_told_and_read_again(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    case = opened(some(1))
    watch = case.context.watch
    assert watch is not None

    def broken() -> tuple[int, ...]:
        raise OSError("disk on fire")

    with monkeypatch.context() as patch:
        patch.setattr(case.store.read, "stamp", broken)
        case.look()
        case.screen._on_second()
        assert case.screen.body.page() is None, "what was read stays in sight"
        assert "cannot be read" in case.screen.toolbar._checked.text()
    case.look()
    case.screen._on_second()
    assert "checked" in case.screen.toolbar._checked.text()


def test_a_sweep_that_is_behind_is_told(opened: Open) -> None:
    case = opened(some(1))
    marks = [case.screen.toolbar._mark.state]
    case.stage.clock.advance(6)
    case.screen._on_second()
    marks.append(case.screen.toolbar._mark.state)
    assert marks == [theme.State.OK, theme.State.WARNING]
    assert "not checked for 7 s" in case.screen.toolbar._checked.text()


def test_the_worst_stands_first_and_is_shown_in_full(opened: Open) -> None:
    case = opened()
    rows = case.screen.view.inbox.rows
    assert rows[0] is Urgency.P1
    current = case.screen.view.current()
    assert current is not None
    assert current.urgency is Urgency.P1
    assert case.screen.detail.line is not None
    assert case.screen.detail.line.entry.id == current.id
    assert case.screen.detail.conversation.toPlainText()


def test_a_full_inbox_opens_and_moves(opened: Open) -> None:
    case = opened(some(2_000))
    assert len(case.ids()) == 2_000
    case.press(K.Key_End)
    assert case.screen.view.current() == case.screen.view.inbox.entries()[-1]


def test_rows_change_places_as_qt_expects(opened: Open) -> None:
    case = opened(some(12))
    QAbstractItemModelTester(case.screen.view.inbox, QAbstractItemModelTester.FailureReportingMode.Fatal, case.screen)
    for number, entry in enumerate(case.ids()[:6]):
        case.moves.acknowledge(ME, entry)
        if number % 2:
            case.moves.resolve(ME, entry, None, "done")
        case.look()
    case.screen.toolbar.show_filter(InboxFilter(Scope.RESOLVED))
    case.screen._on_changed()
    assert len(case.ids()) == 3


# Standing still


def test_the_row_in_use_stays_where_it_is_when_worse_comes_in(opened: Open) -> None:
    case = opened(some(30))
    view = case.screen.view
    for _step in range(5):
        case.press(K.Key_J)
    current = view.current()
    assert current is not None
    before = view.rowViewportPosition(view.currentIndex().row())
    board = case.stage.live.board
    assert board is not None
    worse = [occurrence(board, number, MORNING, Urgency.P1) for number in range(100, 104)]
    case.store.write.raise_all(worse, MORNING, RULES)
    case.look()
    assert view.current() == current
    assert view.rowViewportPosition(view.currentIndex().row()) == before
    assert not case.screen.news.isHidden()
    assert "P1" in case.screen.news.accessibleName()
    assert "and 3 more" in case.screen.news.accessibleName()
    case.press(K.Key_N)
    newest = view.current()
    assert newest is not None
    assert newest.urgency is Urgency.P1


def test_news_that_somebody_saw_to_are_no_news(opened: Open) -> None:
    case = opened(some(3))
    board = case.stage.live.board
    assert board is not None
    (made,) = case.store.write.raise_all([occurrence(board, 100, MORNING, Urgency.P1)], MORNING, RULES)
    case.look()
    assert case.screen.news.entry == made.entry.id
    case.moves.acknowledge(Actor("ann", ME.roles), made.entry.id)
    case.look()
    assert case.screen.news.entry == 0


def test_a_short_list_stands_still_too(opened: Open) -> None:
    case = opened(some(2))
    view = case.screen.view
    case.press(K.Key_J)
    before = view.rowViewportPosition(view.currentIndex().row())
    board = case.stage.live.board
    assert board is not None
    case.store.write.raise_all([occurrence(board, 100, MORNING, Urgency.P1)], MORNING, RULES)
    case.look()
    QApplication.processEvents()
    assert view.rowViewportPosition(view.currentIndex().row()) == before


# By keyboard


def test_one_key_takes_an_entry_and_it_can_be_taken_no_second_time(opened: Open) -> None:
    case = opened(some(3))
    entry = case.ids()[0]
    case.press(K.Key_A)
    assert case.store.read.entry(entry).owner == ME.name
    assert case.toasts[-1][0].startswith("Acknowledged: ")
    current = case.screen.view.current()
    assert current is not None
    assert current.id == entry, "the focus stays with the entry, not with the row"
    case.press(K.Key_A)
    assert "cannot be done" in words_of(case)


def test_a_reason_is_asked_below_the_list_and_return_does_it(opened: Open) -> None:
    case = opened(some(2))
    entry = case.ids()[0]
    case.press(K.Key_R)
    assert case.screen.strip.asking
    case.press(K.Key_Return)
    assert case.state(entry) is State.RAISED
    assert case.screen.strip._lack.isVisible()
    case.write("called back, all well")
    case.press(K.Key_Return)
    assert case.state(entry) is State.RESOLVED
    assert case.store.read.history(entry)[-1].reason == "called back, all well"
    assert case.screen.strip.isHidden()
    assert case.screen.view.hasFocus()


def test_escape_leaves_everything_as_it_was(opened: Open) -> None:
    case = opened(some(2))
    case.press(K.Key_R)
    case.write("no")
    case.press(K.Key_Escape)
    assert case.screen.strip.isHidden()
    assert case.state(case.ids()[0]) is State.RAISED
    assert case.screen.view.hasFocus()


def test_no_key_begins_something_else_while_a_person_completes_something(opened: Open) -> None:
    case = opened(some(2))
    entry = case.ids()[0]
    case.press(K.Key_A)
    case.press(K.Key_S)
    case.screen.strip._until.setFocus()
    case.press(K.Key_R)
    case.press(K.Key_1)
    assert "Snooze" in words_of(case)
    assert case.state(entry) is State.ACKNOWLEDGED
    case.press(K.Key_Escape)
    case.press(K.Key_R)
    assert "Resolve" in words_of(case)


def test_a_snooze_offers_only_what_the_policy_allows(opened: Open) -> None:
    case = opened(some(1, Urgency.P1))
    entry = case.ids()[0]
    case.press(K.Key_A)
    case.press(K.Key_S)
    until = case.screen.strip._until
    assert until.value() == MORNING + 5 * MINUTE
    until.setCurrentIndex(until.count() - 1)
    assert until.value() - MORNING <= RULES.aside_limit.of(Urgency.P1)
    case.screen.strip._reason.setFocus()
    case.write("waits for the warehouse")
    case.press(K.Key_Return)
    assert case.state(entry) is State.SNOOZED


def test_giving_back_offers_the_agent_who_has_the_ticket(opened: Open) -> None:
    case = opened()
    for entry in case.ids():
        case.screen.view.choose(entry)
        line = case.screen.detail.line
        if line is not None and line.agent and line.entry.state is State.RAISED:
            break
    assert line is not None
    case.press(K.Key_G)
    assert case.screen.strip._person.currentText() == line.agent
    case.write("please answer now")
    case.press(K.Key_Return)
    assert case.state(line.entry.id) is State.RETURNED
    assert case.store.read.entry(line.entry.id).owner == line.agent


def test_handing_over_gives_it_to_a_colleague(opened: Open) -> None:
    case = opened(some(1))
    entry = case.ids()[0]
    case.screen.acting.know_people(["zhou.jie", ME.name])
    case.press(K.Key_A)
    case.press(K.Key_H)
    assert case.screen.strip._person.currentText() == "zhou.jie"
    case.press(K.Key_Return)
    assert case.store.read.entry(entry).owner == "zhou.jie"


def test_a_resolved_entry_can_be_reopened(opened: Open) -> None:
    case = opened(some(1))
    entry = case.ids()[0]
    case.moves.resolve(ME, entry, None, "done")
    case.look()
    assert case.screen.body.page() is case.screen.body.calm
    case.screen.toolbar.show_filter(InboxFilter(Scope.RESOLVED))
    case.screen._on_changed()
    case.screen.view.setFocus()
    case.press(K.Key_O)
    case.write("wrote again")
    case.press(K.Key_Return)
    assert case.state(entry) is State.RAISED


def test_undo_takes_back_what_can_be_taken_back(opened: Open) -> None:
    case = opened(some(1))
    entry = case.ids()[0]
    case.press(K.Key_R)
    case.write("done")
    case.press(K.Key_Return)
    assert case.undo is not None
    case.undo()
    assert case.state(entry) is State.RAISED
    case.undo()
    assert "not taken back" in words_of(case)


# Many at once


def test_space_ticks_and_one_confirmation_says_what_will_happen(opened: Open) -> None:
    case = opened(some(5))
    ids = case.ids()
    case.moves.acknowledge(Actor("ann", ME.roles), ids[4])
    case.look()
    case.press(K.Key_Space)
    case.press(K.Key_J)
    case.press(K.Key_J)
    case.press(K.Key_Space)
    case.press(K.Key_End)
    case.press(K.Key_Space)
    assert case.screen.view.picked == {ids[0], ids[2], ids[4]}
    case.press(K.Key_A)
    assert "Acknowledge: 3 escalations" in words_of(case)
    assert "2 P2" in words_of(case)
    assert "1 stays as it is: with ann" in words_of(case)
    assert case.state(ids[0]) is State.RAISED, "nothing happens before it was confirmed"
    case.press(K.Key_Return)
    assert [case.store.read.entry(each).owner for each in ids] == [ME.name, "", ME.name, "", "ann"]
    assert "2 escalations, 1 was not changed" in words_of(case)
    assert "ann already has this escalation" in words_of(case)


def test_shift_and_arrows_tick_a_range(opened: Open) -> None:
    case = opened(some(6))
    ids = case.ids()
    case.press(K.Key_J)
    for _step in range(2):
        case.press(K.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert case.screen.view.picked == set(ids[1:4])
    case.press(K.Key_Escape)
    assert case.screen.view.picked == frozenset()


def test_ctrl_a_ticks_the_group_then_everything(opened: Open) -> None:
    def two_groups(inbox: StoreInbox, board: Board) -> None:
        some(3)(inbox, board)
        inbox.write.raise_all([occurrence(board, 50, urgency=Urgency.P1)], MORNING, RULES)

    case = opened(two_groups)
    case.press(K.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(case.screen.view.picked) == 1
    case.press(K.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(case.screen.view.picked) == 4


def test_many_are_merged_into_the_one_with_the_focus(opened: Open) -> None:
    case = opened(some(3))
    ids = case.ids()
    case.screen.view.pick(ids)
    case.press(K.Key_J)
    case.press(K.Key_M)
    case.write("same matter")
    case.press(K.Key_Return)
    assert [case.state(each) for each in ids] == [State.MERGED, State.RAISED, State.MERGED]


def test_ticks_follow_their_entries_and_go_with_them(opened: Open) -> None:
    case = opened(some(3))
    ids = case.ids()
    case.screen.view.pick(ids[:2])
    case.moves.resolve(ME, ids[0], None, "done")
    case.look()
    assert case.screen.view.picked == {ids[1]}


def test_what_is_done_to_a_ticket_is_done_to_all_its_entries(opened: Open) -> None:
    def two_reasons(inbox: StoreInbox, board: Board) -> None:
        first = occurrence(board, 3)
        waits = Key(ObjectKind.TICKET, first.ticket, Cause.WAIT, "wait:1")
        inbox.write.raise_all([first, replace(first, key=waits), occurrence(board, 4)], MORNING - MINUTE, RULES)

    case = opened(two_reasons)
    assert len(case.ids()) == 2
    lead = case.ids()[0]
    assert case.screen._say.face(case.store.read.entry(lead)).also == "+ Long wait"
    tip = case.screen.view.inbox.data(case.screen.view.currentIndex(), Qt.ItemDataRole.ToolTipRole)
    assert "First response" in tip
    assert "Waited beyond" in tip
    assert "Also: Waited" in case.screen.detail._reasons.text()
    assert case.screen._say.heading(Urgency.P2).title == "P2  3"
    case.press(K.Key_A)
    assert [case.store.read.entry(number).owner for number in (1, 2, 3)].count(ME.name) == 2
    case.screen.go_to(("entry", 2))
    current = case.screen.view.current()
    assert current is not None
    assert current.ticket == case.store.read.entry(2).ticket


# Conflicts and refusals


def test_somebody_was_quicker(opened: Open) -> None:
    case = opened(some(2))
    entry = case.ids()[0]
    ann = Actor("ann", ME.roles)
    case.moves.acknowledge(ann, entry)
    case.press(K.Key_A)
    assert "ann already has it since 10:42" in words_of(case)
    assert case.store.read.entry(entry).owner == "ann"
    assert case.screen.strip._do.text() == "Take it over"
    case.screen.strip._do.click()
    assert case.store.read.entry(entry).owner == ME.name


def test_what_changed_meanwhile_is_told_and_shown(opened: Open) -> None:
    case = opened(some(1))
    entry = case.ids()[0]
    case.press(K.Key_R)
    case.moves.give_back(Actor("ann", ME.roles), entry, None, "agent", MORNING + 5 * MINUTE, "please")
    case.write("done")
    case.press(K.Key_Return)
    assert "changed meanwhile" in words_of(case)
    current = case.screen.view.current()
    assert current is not None
    assert current.state is State.RETURNED


def test_a_viewer_sees_everything_and_can_do_nothing(opened: Open) -> None:
    case = opened(some(2), actor=Actor("guest", frozenset({AccountRole.VIEWER})))
    case.press(K.Key_A)
    assert case.state(case.ids()[0]) is State.RAISED
    assert "roles do not permit" in words_of(case)
    assert "roles do not permit" in case.screen.detail._barred.text()
    assert not case.screen.detail.advice.suggestions


def test_without_a_desk_nothing_can_be_changed(stage: Callable[..., Stage], tmp_path: Path) -> None:
    board, log = morning()
    inbox = StoreInbox(tmp_path / "data")
    some(1)(inbox, board)
    context, _desk = with_inbox(stage(board, log), inbox)
    screen = EscalationsScreen(replace(context, desk=None))
    screen.activated()
    screen.acting.start("acknowledge", screen.view.inbox.entries())
    assert "Nothing can be changed here" in screen.strip._head.text()
    assert inbox.read.entry(1).state is State.RAISED
    screen.deleteLater()
    inbox.close()


# Finding


def test_filters_and_search(opened: Open) -> None:
    case = opened()
    case.screen.toolbar._change(causes=frozenset({Cause.WAIT}))
    assert {entry.key.cause for entry in case.screen.view.inbox.entries()} == {Cause.WAIT}
    case.press(K.Key_Escape)
    assert not case.screen.toolbar.filter.narrowed
    chosen = frozenset({int(Channel.WEB_CHAT)})
    case.screen.toolbar._change(channels=chosen)
    assert case.ids()
    assert all(case.screen._say.words(entry).channel in chosen for entry in case.screen.view.inbox.entries())
    case.screen.toolbar._change(channels=frozenset(), text="no such customer")
    assert case.screen.body.page() is case.screen.body.no_entry
    case.screen.toolbar.clear()
    assert case.screen.body.page() is None


def test_mine_is_what_i_have(opened: Open) -> None:
    case = opened(some(3))
    entry = case.ids()[1]
    case.moves.acknowledge(ME, entry)
    case.look()
    case.screen.toolbar._change(scope=Scope.MINE)
    assert case.ids() == [entry]


def test_the_palette_finds_entries_by_words(opened: Open) -> None:
    case = opened()
    line = case.screen.detail.line
    assert line is not None
    (offer, *_rest) = case.screen.providers()[0].offers(line.ref, 5)
    offer.run()
    assert case.jumps == [("escalations", ("entry", line.entry.id))]


# Suggestions, and other screens


@pytest.mark.parametrize("state", [Delivery.REFUSED, Delivery.UNKNOWN])
def test_what_the_source_has_not_done_is_not_called_done(opened: Open, state: Delivery) -> None:
    case = opened()
    case.desk.tickets.state, case.desk.tickets.reason = state, "Mei is not on duty"
    for entry in case.ids():
        case.screen.view.choose(entry)
        steps = [each.step.value for each in case.screen.detail.advice.suggestions]
        if "assign" in steps:
            break
    case.press(Qt.Key(K.Key_1 + steps.index("assign")))
    toasts = [text for text, *_rest in case.toasts]
    assert not any(text.startswith("Assigned") for text in toasts)
    assert (toasts[-1:] == ["Asked for: sent, the answer is not known yet"]) == (state is Delivery.UNKNOWN)


def test_a_number_does_what_is_suggested(opened: Open) -> None:
    case = opened()
    for entry in case.ids():
        case.screen.view.choose(entry)
        steps = [each.step.value for each in case.screen.detail.advice.suggestions]
        if "assign" in steps:
            break
    place = steps.index("assign")
    suggestion = case.screen.detail.advice.suggestions[place]
    line = case.screen.detail.line
    assert line is not None
    case.press(Qt.Key(K.Key_1 + place))
    assert case.desk.tickets.asked == [("assign", ME.name, (line.entry.ticket,), suggestion.agent)]
    assert case.toasts[-1][0].startswith(f"Assigned to {suggestion.agent}")


def test_the_ticket_is_shown_on_the_board(opened: Open) -> None:
    case = opened(some(1))
    current = case.screen.view.current()
    assert current is not None
    case.press(K.Key_B)
    assert case.jumps == [("board", ("ticket", current.ticket))]


def test_the_board_leads_to_a_tickets_entry_whatever_the_filter(opened: Open) -> None:
    case = opened(some(3))
    last = case.screen.view.inbox.entries()[-1]
    case.screen.toolbar._change(text="no such customer")
    case.screen.go_to(("ticket", last.ticket))
    assert case.screen.view.current() == last


def test_a_ticket_without_an_entry_can_be_escalated_by_hand(opened: Open) -> None:
    case = opened(nothing)
    board = case.stage.live.board
    assert board is not None
    ticket = int(board.columns.id[3])
    case.screen.go_to(("ticket", ticket))
    assert case.screen.strip.asking
    case.screen.strip._reason.setEditText("wants a supervisor")
    case.screen.strip._do.click()
    (entry,) = case.store.read.open_entries()
    assert (entry.key.cause, entry.ticket, entry.reason) == (Cause.BY_HAND, ticket, "wants a supervisor")
    assert entry.chain[0] == RULES.chain[0]
    assert case.ids() == [entry.id]


def test_countdowns_run_and_the_detail_follows_its_ticket(opened: Open) -> None:
    case = opened(some(1))
    entry = case.screen.view.inbox.entries()[0]
    before = case.screen._say.face(entry).time
    case.stage.clock.advance(2)
    case.screen._on_second()
    assert case.screen._say.face(entry).time != before
    case.store.write.fire(case.store.write.claim_due(MORNING + HOUR, SECOND, 10), MORNING + HOUR, RULES)
    case.look()
    line = case.screen.detail.line
    assert line is not None
    assert line.entry.level == 1


def test_who_signs_in_or_gets_a_role_can_act_at_once(opened: Open, tmp_path: Path) -> None:
    case = opened(some(1), actor=NOBODY)
    deeds = case.screen.detail._buttons
    assert all(made.isHidden() for made in deeds.values())
    assert case.screen.detail._barred.text() == "Nobody is signed in."
    session = case.context.session
    session._become(SessionState.SIGNED_IN, ME)
    assert not deeds["acknowledge"].isHidden()
    assert case.screen.detail._barred.isHidden()


def test_a_look_alone_says_how_fresh_the_inbox_is(opened: Open) -> None:
    case = opened(lambda _inbox, _board: None)
    assert case.screen.toolbar._checked.text() == "clocks not checked yet"
    case.store.write.tick(MORNING, MORNING)
    case.look()
    assert case.screen.toolbar._checked.text() == "clocks checked 0 s ago"


def test_a_number_means_the_suggestion_of_the_row_with_the_focus(opened: Open) -> None:
    case = opened(nothing)
    board = case.stage.live.board
    assert board is not None
    case.store.write.raise_all([occurrence(board, 3)], MORNING, RULES)
    case.look()
    # The detail follows a turn later; the key is quicker.
    assert case.screen.detail.line is None
    case.press(Qt.Key.Key_1)
    assert case.state(case.ids()[0]) is State.ACKNOWLEDGED


def test_what_stands_below_the_list_says_how_high_it_is(opened: Open, qtbot: QtBot) -> None:
    case = opened(some(2))
    assert case.screen.foot() == 0
    with qtbot.waitSignal(case.screen.foot_changed):
        case.screen.news.tell("P1 came in", case.ids()[0])
    QApplication.processEvents()
    assert case.screen.foot() == case.screen.news.height() > 0
    with qtbot.waitSignal(case.screen.foot_changed):
        case.screen.news.hide()
    assert case.screen.foot() == 0


def test_in_a_low_window_the_question_is_whole_and_the_detail_scrolls(opened: Open) -> None:
    case = opened(some(3))
    case.screen.resize(900, 420)
    case.press(Qt.Key.Key_G)
    QApplication.processEvents()
    button, strip = case.screen.strip._do, case.screen.strip
    assert strip.rect().contains(button.mapTo(strip, button.rect().bottomRight()))
    assert case.screen.rect().contains(button.mapTo(case.screen, button.rect().bottomRight()))
    area = case.screen.detail._area
    area.setFixedHeight(160)
    QApplication.processEvents()
    assert area.verticalScrollBar().maximum() > 0
    assert case.screen.detail._stack.height() > 0


def test_screen_readers_hear_a_whole_row(opened: Open) -> None:
    case = opened(some(1))
    model = case.screen.view.inbox
    spoken = model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole)
    line = case.screen.detail.line
    assert line is not None
    assert line.customer in spoken
    assert "First response" in spoken
    assert "nobody has it" in spoken
    assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsEnabled


def test_every_word_follows_the_language(opened: Open) -> None:
    case = opened()
    case.screen.retranslate()
    assert case.screen.view.inbox.rows


class TestShift:
    """Compensation and hand-over, over a database of their own."""

    @pytest.fixture
    def shift(self, tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[EscalationsScreen, HandOverStage]]:
        around = HandOverStage(tmp_path)
        around.sign_in(WANG)
        house = around.house
        box = SimpleNamespace(write=house.writer, read=house.inbox)
        desk = StoreDesk(box, around.clock.now, RULES)  # type: ignore[arg-type]  # has what the desk uses
        desk.own_compensation, desk.own_hand_over = house.desk, around.desk
        watch = InboxWatch(house.inbox, around.ops, around.clock)
        watch.look()
        screen = EscalationsScreen(replace(around.context, inbox=house.inbox, watch=watch, desk=desk))
        screen.resize(1200, 750)
        with qtbot.waitActive(screen):
            screen.show()
            screen.activateWindow()
        screen.activated()
        screen.view.setFocus()
        yield screen, around
        screen.deactivated()
        screen.close()
        screen.deleteLater()
        around.close()

    def choose(self, screen: EscalationsScreen, cause: Cause) -> Entry:
        entry = next(entry for entry in screen.view.inbox.entries() if entry.key.cause is cause)
        screen.view.choose(entry.id)
        return entry

    def test_a_request_is_decided_beside_the_list(self, shift: tuple[EscalationsScreen, HandOverStage]) -> None:
        screen, around = shift
        entry = self.choose(screen, Cause.APPROVAL)
        steps = [each.step for each in screen.detail.advice.suggestions]
        QTest.keyClick(screen.view, Qt.Key(K.Key_1 + steps.index(Advised.DECIDE)))
        pane = screen.side.pane
        assert isinstance(pane, ApprovalPane)
        pane._approve.click()
        assert around.house.requests.request(entry.key.object).state is RequestState.APPROVED
        assert around.house.inbox.entry(entry.id).state in (State.RESOLVED, State.CLOSED)

    def test_the_calculator_goes_with_its_entry(self, shift: tuple[EscalationsScreen, HandOverStage]) -> None:
        screen, _around = shift
        self.choose(screen, Cause.BREACH)
        shown: list[object] = []
        for key in (K.Key_C, K.Key_Escape, K.Key_C, K.Key_J):
            QTest.keyClick(screen.view, key)
            shown.append(type(screen.side.pane))
        assert shown == [CompensationPane, type(None), CompensationPane, type(None)]

    def test_the_page_that_ends_a_shift_stands_in_place_of_the_inbox(
        self, shift: tuple[EscalationsScreen, HandOverStage]
    ) -> None:
        screen, _around = shift
        screen.toolbar.shift_requested.emit()
        page = screen._pages.currentWidget()
        assert isinstance(page, HandOverPage)
        assert page.pages
        screen.retranslate()
        page.closed.emit()
        assert screen._pages.currentWidget() is screen._inner
        assert screen.view.hasFocus()


def test_done_by_another_way_is_seen(opened: Open) -> None:
    case = opened(some(1))
    case.store.write.move(case.ids()[0], Event(Happening.RESOLVE, "done"), MORNING, "ann", RULES)
    case.look()
    assert case.screen.body.page() is case.screen.body.calm
