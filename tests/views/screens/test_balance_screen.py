"""The balance screen on a real log: what it says, what its figures open, and how moves are proposed and made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, QPointF, Qt, QTimeZone
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from console.clock import HOUR, MINUTE, SECOND
from console.models.domain.rebalance import Move
from console.views.charts.load_bars import Dropped
from console.views.screens.balance.asked import OWN, Asked, Count, Measure
from console.views.screens.balance.body import TABS
from console.views.screens.balance.screen import BalanceScreen
from console.views.tables.ticket_drag import as_mime
from console.views.widgets.popover import Popover
from tests.views.screens.balance_stage import NOON, TEAM, BalanceStage

PILED = (60, 50, 40, 3, 3, 3, 2, 2, 2, 2)
OPEN = (8, 8, 8, 1, 0, 0, 0, 0, 0, 0)
Open = Callable[..., tuple[BalanceStage, BalanceScreen]]


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot) -> Iterator[Open]:
    made: list[BalanceStage] = []

    def make(
        handled: Sequence[int] = PILED, still_open: Sequence[int] = OPEN, *, timed: bool = True
    ) -> tuple[BalanceStage, BalanceScreen]:
        made.append(BalanceStage(tmp_path, handled, still_open, timed=timed))
        screen = made[-1].open_screen()
        qtbot.addWidget(screen)
        return made[-1], screen

    yield make
    for stage in made:
        stage.close()


def words(screen: BalanceScreen) -> str:
    return screen.body.headline.accessibleName()


def test_the_headline_says_how_much_lies_with_whom_and_that_it_is_no_chance(opened: Open) -> None:
    _stage, screen = opened()
    # The busiest three of ten did 150 of 167.
    assert words(screen).startswith("90\N{NO-BREAK SPACE}% of the contacts lie with the busiest 30\N{NO-BREAK SPACE}%")
    assert "Too much on few shoulders" in words(screen)
    assert screen.ready()


def test_fair_work_raises_no_alarm(opened: Open) -> None:
    _stage, screen = opened(handled=[12] * 10)
    assert "Within what chance does" in words(screen)


def test_nothing_is_said_where_nothing_was_handled(opened: Open) -> None:
    _stage, screen = opened(handled=[0] * 10, still_open=[0] * 10)
    assert "Nothing was handled." in words(screen)
    screen.toolbar.choose(measure=Measure.OPEN)
    assert "Nothing is assigned." in words(screen)


def test_the_two_measures_are_never_mixed(opened: Open) -> None:
    _stage, screen = opened()
    screen.toolbar.choose(measure=Measure.OPEN)
    # 24 of the 25 that are open.
    assert words(screen).startswith("96\N{NO-BREAK SPACE}% of the open contacts")
    screen.toolbar.choose(count=Count.MINUTES)
    assert "of the work left to do" in words(screen)
    screen.toolbar.choose(measure=Measure.HANDLED)
    assert "of the handling time" in words(screen)


def test_without_any_handling_time_it_says_so(opened: Open) -> None:
    _stage, screen = opened(timed=False)
    screen.toolbar.choose(measure=Measure.OPEN, count=Count.MINUTES)
    assert "No source tells how long contacts take." in words(screen)


def test_a_window_of_one_s_own_and_a_team_limit_what_counts(opened: Open) -> None:
    _stage, screen = opened()
    screen.toolbar.choose_span((NOON - 3 * HOUR, NOON - HOUR))
    assert "Nothing was handled." in words(screen)
    screen.toolbar.show_asked(Asked(window=OWN, own=(NOON - HOUR, NOON), teams=frozenset({"Day"})))
    screen.toolbar.asked_changed.emit(screen.toolbar.asked)
    assert "5 people" in words(screen)


def test_a_person_opens_their_contacts_on_the_board(opened: Open) -> None:
    stage, screen = opened(handled=[2, 3] + [0] * 8)
    board = stage.live.board
    assert board is not None
    screen.body.agent_requested.emit(board.names.id("agent", TEAM[1]))
    (key, (kind, tickets, name)) = stage.jumps[-1]  # type: ignore[misc]  # it is a tuple of three
    assert (key, kind, name) == ("board", "tickets", f"handled by {TEAM[1]}")
    assert len(tickets) == 3
    screen.toolbar.choose(measure=Measure.OPEN)
    screen.body.agent_requested.emit(board.names.id("agent", TEAM[0]))
    (_key, (kind, chosen, _name)) = stage.jumps[-1]  # type: ignore[misc]  # as above
    assert kind == "filter"
    assert chosen.values == {"assignee": frozenset({board.names.id("agent", TEAM[0])})}


def test_a_cause_opens_the_contacts_behind_it(opened: Open) -> None:
    stage, screen = opened()
    found = {}
    for part in ("picked", "routed", "transferred"):
        screen.body.why.part_requested.emit(part)
        (_key, (kind, tickets, _name)) = stage.jumps[-1]  # type: ignore[misc]  # it is a tuple of three
        assert kind == "tickets"
        found[part] = len(tickets)
    # The busiest three did 150; the first picked two of three, the second was passed a fourth.
    assert found == {"picked": 40, "routed": 98, "transferred": 12}
    # Of these no contact can be named.
    screen.body.why.part_requested.emit("shift_length")
    assert len(stage.jumps) == 3


def test_every_page_fills_when_it_is_looked_at(opened: Open) -> None:
    _stage, screen = opened()
    for key, _title in TABS[1:]:
        screen.body.show_tab(key)
        assert screen.ready(), key
    cells: list[object] = []
    screen.body.hours.cell_requested.connect(lambda agent, hour: cells.append((agent, hour)))
    screen.body.hours.sheet.setFocus()
    screen.body.hours.sheet.chosen.emit(1, 0)
    assert cells


def test_moves_are_proposed_changed_and_made(opened: Open, qtbot: QtBot) -> None:
    stage, screen = opened()
    screen.toolbar.choose(measure=Measure.OPEN)
    screen.body.proposal.look_requested.emit()
    draft = screen.proposing.draft
    assert draft is not None
    assert draft.judged.after.share <= draft.problem.target + 1e-9 < draft.judged.before.share
    assert not draft.judged.violations
    first, second, *_rest = draft.moves
    screen.proposing.toggle(first.ticket)
    draft = screen.proposing.draft
    assert draft is not None
    assert first not in draft.taken
    assert len(draft.judged.moves) == len(draft.moves) - 1
    elsewhere = next(
        person.agent
        for person in sorted(draft.problem.people, key=lambda one: -one.room)
        if person.agent not in (second.owner, second.to) and person.agent in draft.problem.pools[0].eligible
    )
    screen.proposing.send_to(second.ticket, elsewhere)
    wanted = screen.proposing.named_moves()
    screen.body.proposal.apply()
    assert stage.helpdesk.moved == wanted
    assert second.ticket in {ticket for ticket, _owner, _to in wanted}
    assert screen.proposing.draft is None
    (undo,) = stage.undos
    undo()  # type: ignore[operator]  # it is what the toast would call
    assert stage.helpdesk.undone == len(wanted)


def test_a_move_to_somebody_who_may_not_is_refused_before_it_is_made(opened: Open) -> None:
    stage, screen = opened()
    screen.body.proposal.look_requested.emit()
    draft = screen.proposing.draft
    assert draft is not None
    screen.proposing.send_to(draft.moves[0].ticket, 9_999)
    judged = screen.proposing.draft
    assert judged is not None
    assert judged.judged.violations
    screen.body.proposal.apply()
    assert stage.helpdesk.moved == []


def test_space_leaves_a_move_out(opened: Open, qtbot: QtBot) -> None:
    _stage, screen = opened()
    screen.body.proposal.look_requested.emit()
    draft, table = screen.proposing.draft, screen.body.proposal.table
    assert draft is not None
    table.setFocus()
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    changed = screen.proposing.draft
    assert changed is not None
    assert changed.left_out == {draft.moves[0].ticket}


@pytest.mark.parametrize("measure", list(Measure))
@pytest.mark.parametrize("count", list(Count))
def test_figures_go_on_between_two_looks(opened: Open, measure: Measure, count: Count) -> None:
    stage, screen = opened()
    screen.toolbar.choose(measure=measure, count=count)
    looks: list[object] = []
    screen.follower.read.connect(looks.append)
    before = words(screen)
    stage.go_on(TEAM[9], 30, replied=measure is Measure.HANDLED)
    after = words(screen)
    assert after != before
    # The same words as a look finds, but for what it says of chance.
    screen.follower.ask(screen.toolbar.asked)
    assert len(looks) == 1
    assert words(screen).split(".")[0] == after.split(".")[0]
    assert words(screen).split(" \N{MIDDLE DOT} ")[2:] == after.split(" \N{MIDDLE DOT} ")[2:]


def test_bars_causes_and_the_hour_that_runs_go_on(opened: Open) -> None:
    stage, screen = opened()
    body = screen.body
    body.show_tab("why")
    bars, causes = body.bars.table().rows, body.why.bars.table().rows
    stage.go_on(TEAM[8], 20, replied=True)
    assert body.bars.table().rows != bars
    assert body.why.bars.table().rows != causes
    body.show_tab("hours")
    before = body.hours.sheet.table().rows
    stage.go_on(TEAM[9], 70, replied=True)
    after = body.hours.sheet.table().rows
    # Nobody's row moves under the pointer.
    assert [row[0] for row in after] == [row[0] for row in before]
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [(old[0], float(new[-1]) - float(old[-1])) for old, new in changed] == [(TEAM[9], 70)]


@pytest.mark.parametrize("width", [480, 900])
def test_large_words_are_read_whole_on_a_small_and_a_wide_wall(opened: Open, qtbot: QtBot, width: int) -> None:
    _stage, screen = opened()
    screen.body.set_wall(True)
    head = screen.body.headline
    head.setParent(None)
    head.resize(width, 240)
    head.show()
    qtbot.waitUntil(lambda: head.width() == width)
    for words in (head._meaning, head._verdict):
        assert words.fontMetrics().horizontalAdvance(words.full_text()) <= words.width(), words.full_text()
        assert words.fontMetrics().height() >= 19


def own_span(screen: BalanceScreen, first: int, last: int) -> Popover:
    """Type a span of one's own and ask for it."""
    screen.toolbar._on_window(OWN)
    (card,) = [one for one in screen.window().findChildren(Popover) if one.isVisible()]
    for field, at in zip(card.findChildren(QDateTimeEdit), (first, last), strict=True):
        field.setDateTime(QDateTime.fromSecsSinceEpoch(at // SECOND, QTimeZone.utc()))
    (show,) = [one for one in card.findChildren(QPushButton) if one.text() == "Show"]
    show.click()
    return card


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (NOON - HOUR, NOON - HOUR, "From and to are the same moment."),
        (NOON + HOUR, NOON + 2 * HOUR, "This time has not come yet."),
    ],
)
def test_a_span_that_cannot_be_is_told_where_it_is_typed(opened: Open, first: int, last: int, why: str) -> None:
    _stage, screen = opened()
    card = own_span(screen, first, last)
    assert card.isVisible()
    assert why in [said.text() for said in card.findChildren(QLabel) if said.isVisible()]
    assert screen.toolbar.asked.window == "hour"
    card.close_now()


def test_a_span_that_runs_is_counted_as_far_as_it_has_come_and_goes_on(opened: Open) -> None:
    stage, screen = opened()
    own_span(screen, NOON - HOUR, NOON + HOUR)
    assert screen.toolbar.asked.own == (NOON - HOUR, NOON + HOUR)
    reading = screen._reading
    assert reading is not None
    assert reading.handled is not None
    assert reading.span.end == NOON
    assert {person.staffed_hours for person in reading.handled.people} == {1.0}
    before = words(screen)
    stage.go_on(TEAM[9], 30, replied=True)
    assert words(screen) != before
    stage.live.show_past(stage.live.present, NOON - 2 * HOUR)  # type: ignore[arg-type]  # there is one
    assert "Nothing was handled." in words(screen)


def test_an_earlier_moment_stands_still(opened: Open) -> None:
    stage, screen = opened()
    board = stage.live.board
    assert board is not None
    stage.live.show_past(board, NOON)
    before = words(screen)
    stage.go_on(TEAM[9], 30, replied=True)
    assert words(screen) == before


def test_another_language_says_everything_anew(opened: Open) -> None:
    from console import i18n

    _stage, screen = opened()
    before = i18n.language()
    try:
        i18n.use("zh_CN")
        screen.retranslate()
        assert "最忙的" in words(screen)
    finally:
        i18n.use(before)
        screen.retranslate()


def test_what_is_asked_for_outlives_the_minute(opened: Open) -> None:
    stage, screen = opened()
    before = words(screen)
    stage.clock.advance(5.0)
    screen._on_second()
    assert words(screen) == before
    assert MINUTE


def test_people_go_from_one_queue_to_another(opened: Open, qtbot: QtBot) -> None:
    stage, screen = opened()
    page = screen.body.queues
    wished: list[tuple[str, object]] = []
    page.queues_wished.connect(lambda name, queues: wished.append((name, queues)))
    (row,) = page._rows
    assert (row.name, row.waiting, row.open, row.there, row.free) == ("Chat", 25, 25, 10, 80 - 25)
    agent = row.servers[0]
    page.give(agent.agent, agent.name, "Chat", also=False)
    page.give(agent.agent, agent.name, "Cases", also=True)
    page.give(agent.agent, agent.name, "Cases", also=False)
    assert wished == [(agent.name, ["Chat", "Cases"]), (agent.name, ["Cases"])]
    assert stage.helpdesk.set == wished


def test_what_is_drawn_onto_a_queue_goes_there(opened: Open) -> None:
    stage, screen = opened()
    page = screen.body.queues
    given: list[tuple[list[int], str]] = []
    page.tickets_wished.connect(lambda tickets, queue: given.append((tickets, queue)))
    # The event does not keep it alive.
    mime = as_mime([3, 4])
    event = QDropEvent(
        QPointF(20, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.queues.dropEvent(event)
    assert given == [([3, 4], "Chat")]
    assert stage.helpdesk.queued == given


def test_a_chart_is_written_to_a_file(opened: Open, tmp_path: Path) -> None:
    stage, screen = opened()
    screen.body.show_tab("why")
    assert list(screen.body.charts()) == ["The curve", "The bars", "The causes"]
    for name in ("curve.png", "curve.svg", "curve.csv"):
        screen.exporting.write(screen.body.curve, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 200
    assert stage.toasts[-1] == "Written to curve.csv"
    screen.exporting.write(screen.body.bars, tmp_path / "nowhere" / "bars.png")
    assert "could not be written" in stage.toasts[-1]


def test_for_a_wall_screen_only_the_figure_the_curve_and_the_bars_are_left(opened: Open) -> None:
    _stage, screen = opened()
    screen.body.wall.click()
    assert not screen.body.why.isVisible()
    assert list(screen.body.charts()) == ["The curve", "The bars"]
    screen.body.wall.click()
    assert screen.body.proposal.isVisible()


def test_tickets_or_all_that_somebody_has_are_drawn_onto_a_person(opened: Open) -> None:
    stage, screen = opened()
    board = stage.live.board
    assert board is not None
    first, last = board.names.id("agent", TEAM[0]), board.names.id("agent", TEAM[9])
    screen.body.bars.dropped.emit(last, Dropped((3, 4)))
    screen.body.bars.dropped.emit(last, Dropped(agent=first))
    screen.body.bars.dropped.emit(first, Dropped(agent=last))
    (tickets, who), (everything, other) = stage.helpdesk.given
    assert (tickets, who, other) == ([3, 4], TEAM[9], TEAM[9])
    assert len(everything) == OPEN[0]
    assert stage.toasts[-1] == "Nothing is assigned."


def test_a_bar_that_is_drawn_onto_a_queue_serves_it_as_well(opened: Open) -> None:
    stage, screen = opened()
    page = screen.body.queues
    agent = page._rows[0].servers[0]
    page.queues.clearSelection()
    page._on_agent_dropped(agent.agent, 0, False)
    # Chat is theirs already.
    assert stage.helpdesk.set == []


def proposed_and_one_moved_on(stage: BalanceStage, screen: BalanceScreen) -> tuple[Move, list[Move]]:
    """Look for moves; then the contact of the first is taken from its owner. That move, and the others."""
    screen.body.proposal.look_requested.emit()
    draft, board = screen.proposing.draft, stage.live.board
    assert draft is not None
    assert board is not None
    gone, *others = draft.moves
    slot = board.slot(gone.ticket)
    assert slot is not None
    board.columns.assignee[slot] = 0
    return gone, others


def test_what_has_moved_on_is_left_out_and_told_before_anything_is_made(opened: Open) -> None:
    stage, screen = opened()
    _gone, others = proposed_and_one_moved_on(stage, screen)
    screen.body.proposal.apply()
    assert stage.helpdesk.moved == []
    assert "1 contact has another owner by now" in stage.toasts[-1]
    screen.body.proposal.apply()
    assert [ticket for ticket, _owner, _to in stage.helpdesk.moved] == [move.ticket for move in others]


def test_a_proposal_follows_what_happens_while_somebody_reads_it(opened: Open, qtbot: QtBot) -> None:
    stage, screen = opened()
    gone, others = proposed_and_one_moved_on(stage, screen)
    table = screen.body.proposal.table
    stage.live.second.emit(NOON)
    told = screen.proposing.draft
    assert told is not None
    assert told.moved_on == {gone.ticket}
    model = table.model()
    assert model.index(0, model.columnCount() - 1).data() == "has another owner by now"
    assert screen.body.proposal._apply.text() == f"Move {len(others)} contacts"
    # Nobody can take it again.
    table.setFocus()
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    screen.proposing.send_to(gone.ticket, gone.to)
    assert screen.proposing.draft is not None
    assert screen.proposing.draft.taken == tuple(others)
    screen.body.proposal.apply()
    assert [ticket for ticket, _owner, _to in stage.helpdesk.moved] == [move.ticket for move in others]


def test_what_was_done_can_be_taken_back_though_the_helpdesk_refused_some_of_it(opened: Open) -> None:
    stage, screen = opened()
    stage.helpdesk.refuses = 2
    screen.body.proposal.look_requested.emit()
    screen.body.proposal.apply()
    made = len(stage.helpdesk.moved)
    (undo,) = stage.undos
    stage.helpdesk.refuses = 0
    undo()  # type: ignore[operator]  # it is what the toast would call
    assert stage.helpdesk.undone == made - 2
