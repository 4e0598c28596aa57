"""The board screen as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from console.clock import HOUR, SECOND
from console.errors import KnownError
from console.invocation import command
from console.models.domain.contacts import Tier
from console.models.live.board import Board
from console.models.live.filters import Filter, Scope, Urgency
from console.models.live.sorts import Sort
from console.models.queries.figures import BY_KEY
from console.models.queries.today import Look
from console.views import theme
from console.views.feed import SourceAge
from console.views.layout import Layout
from console.views.screens.board.actions import ACTIONS
from console.views.screens.board.columns_list import ColumnsList
from console.views.screens.board.remembered import COLUMNS
from console.views.screens.board.screen import BoardScreen
from console.views.screens.board.tiles import TILES
from console.views.screens.board.views_list import ViewsList
from console.views.widgets.evidence import EvidencePopover
from console.views.widgets.tile import Tile
from tests.views.screens.centre import MORNING, Stage, morning, shipped_policy

Shown = Callable[..., BoardScreen]


def do(screen: BoardScreen, key: str) -> None:
    action = screen.findChild(QAction, key)
    assert action is not None
    action.trigger()


def look() -> Look:
    return Look(morning()[0], MORNING)


def test_tiles_say_what_the_figures_are(shown: Shown) -> None:
    screen = shown()
    seen = look()
    assert screen.tiles.tile("waiting").face.figure == str(int(BY_KEY["waiting"].read(seen).value or 0))
    breached = screen.tiles.tile("breached")
    assert breached.face.state is theme.State.DANGER
    assert "of" in breached.face.sub
    level = screen.tiles.tile("service_level").face
    assert (level.unit, level.sub) == ("%", "goal 90%/60 s")  # 10:42 on a Monday is in the peak
    assert all(tile.accessibleName() for tile in screen.findChildren(Tile))


def test_the_worst_stands_first(shown: Shown) -> None:
    screen = shown()
    tiles = [screen.tiles.tile(figure.key) for figure in TILES]
    assert tiles == sorted(tiles, key=lambda tile: (tile.y(), tile.x()))
    assert screen.tiles.tile("breached").width() > screen.tiles.tile("handling").width()


def test_fourteen_rows_and_both_panels_fit_into_the_smallest_window(shown: Shown) -> None:
    screen = shown(None, 1200, 750)
    rows = screen.table.viewport().height() // theme.px(theme.ROW_HEIGHT)
    assert rows >= 14
    assert screen.channels.isVisible()
    assert screen.agents.isVisible()


@pytest.mark.parametrize("figure", TILES, ids=lambda figure: figure.key)
def test_every_figure_opens_its_evidence_and_its_tickets(shown: Shown, figure: object) -> None:
    screen = shown()
    key = figure.key  # type: ignore[attr-defined]
    screen.tiles.tile(key).click()
    card = screen.window().findChild(EvidencePopover)
    assert card is not None
    assert card.accessibleDescription() == BY_KEY[key].definition
    reading = BY_KEY[key].read(look())
    if BY_KEY[key].tickets is None or not reading.rows:
        return
    card.rows_requested.emit()
    assert screen.table.shown() == reading.rows
    lift = (
        next(
            button
            for button in screen.controls.toolbar.findChildren(QAbstractButton)
            if button.isVisible() and button.text() == BY_KEY[key].label
        )
        if screen.table.filter().tickets
        else None
    )
    if lift is not None:
        lift.click()
        assert not screen.table.filter().tickets


def test_scope_search_and_clear(shown: Shown, qtbot: QtBot) -> None:
    screen = shown()
    screen.controls.toolbar.scope_chosen.emit(Scope.ALL)
    everything = screen.table.shown()
    assert everything == morning()[0].columns.count
    do(screen, "find")
    assert isinstance(screen.window().focusWidget(), QLineEdit)
    customer = morning()[0].texts.get(5)[2]
    screen.controls.toolbar.search.setText(customer)
    qtbot.keyClick(screen.controls.toolbar.search, Qt.Key.Key_Return)
    assert 0 < screen.table.shown() < everything
    do(screen, "clear")
    assert screen.table.shown() == everything
    assert screen.controls.toolbar.search.text() == ""


def test_no_hit_says_so_and_offers_the_way_back(shown: Shown) -> None:
    screen = shown()
    screen.controls.apply(replace(screen.table.filter(), text="no such words"))
    assert screen.body.page() is screen.body.no_hit
    screen.body.no_hit.action_requested.emit()
    assert screen.body.page() is None


def test_a_panel_row_filters_and_lifts_the_filter_again(shown: Shown) -> None:
    screen = shown()
    before = screen.table.shown()
    screen.channels.view.row_chosen.emit(0)
    one = screen.table.shown()
    assert 0 < one < before
    assert set(screen.table.filter().values) == {"channel"}
    screen.agents.view.row_chosen.emit(0)
    assert set(screen.table.filter().values) == {"channel", "assignee"}
    screen.agents.view.row_chosen.emit(0)
    screen.channels.view.row_chosen.emit(0)
    assert screen.table.shown() == before


def test_a_view_by_its_key(shown: Shown) -> None:
    screen = shown()
    do(screen, "view 1")
    assert screen.table.filter().urgency is Urgency.SOON_OR_BREACHED
    do(screen, "view 2")
    assert screen.table.filter() == Filter(Scope.WAITING, values={"tier": frozenset({int(Tier.VIP)})})
    assert screen.controls.toolbar.views_button.text() == "VIP waiting"
    screen.controls.toolbar.scope_chosen.emit(Scope.ALL)
    assert screen.controls.toolbar.views_button.text() == "Views"


def test_views_are_saved_moved_renamed_deleted_and_remembered(shown: Shown, tmp_path: Path) -> None:
    screen = shown(tmp_path)
    agent = morning()[0].names.text("agent", 3)
    screen.controls.narrow({"assignee": frozenset({3})})
    screen.views.save("Mine")
    screen.views.move(5, -1)
    screen.views.rename(0, "First")
    screen.views.delete(1)
    names = [view.name for view in screen.views.views]
    assert names == ["First", "Unassigned", "Complaints", "Mine", "Read, not answered"]
    again = shown(tmp_path)
    assert [view.name for view in again.views.views] == names
    again.views.apply(3)
    assert again.table.filter().values == {"assignee": frozenset({3})}
    assert again.views.views[3].names == {"assignee": (agent,)}


@pytest.mark.parametrize("name", ["x" * 10_000, "a\nb\x00c", "长" * 500])
def test_a_view_of_any_name_leaves_the_window_as_wide_as_it_is(shown: Shown, name: str) -> None:
    screen = shown()
    widest = screen.minimumSizeHint().width()
    screen.views.save(name)
    kept = screen.views.views[-1].name
    assert kept.isprintable()
    assert len(kept) <= 60
    assert screen.minimumSizeHint().width() <= widest


def test_no_two_views_have_one_name(shown: Shown) -> None:
    screen = shown()
    before = [view.name for view in screen.views.views]
    for name in ("", "   ", "\x00"):
        screen.views.save(name)
    screen.views.rename(0, " Complaints ")
    assert [view.name for view in screen.views.views] == before


def test_the_list_of_views_grows_with_them(shown: Shown) -> None:
    screen = shown()
    screen.views.open()
    card = screen.window().findChild(ViewsList)
    assert card is not None
    before = card.height()
    screen.views.save("One more")
    assert card.height() > before
    screen.views.open()


def test_selected_tickets_alone(shown: Shown) -> None:
    screen = shown()
    screen.table.select_all()
    chosen = sorted(screen.table.selected_tickets())[:3]
    screen.table.select_tickets(chosen)
    do(screen, "only")
    assert screen.table.shown() == 3
    do(screen, "clear")
    assert screen.table.shown() > 3


def test_copy_puts_the_rows_on_the_clipboard(shown: Shown) -> None:
    screen = shown()
    screen.table.select_all()
    do(screen, "copy")
    text = QApplication.clipboard().text()
    assert len(text.splitlines()) == screen.table.shown() + 1


def test_export_writes_what_is_shown(shown: Shown, tmp_path: Path) -> None:
    screen = shown()
    told: list[str] = []
    screen.toast_requested.connect(lambda words, _state: told.append(words))
    screen._export.write(tmp_path / "all.csv", selected_only=False)
    assert told == [f"{screen.table.shown()} tickets written to all.csv"]
    lines = (tmp_path / "all.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == screen.table.shown() + 1
    screen._export.write(tmp_path / "missing" / "all.xlsx", selected_only=False)
    assert "could not be written" in told[-1]


def test_a_second_export_is_refused_in_words(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown()
    told: list[str] = []
    screen.toast_requested.connect(lambda words, _state: told.append(words))
    monkeypatch.setattr(screen._export, "_job", object())
    do(screen, "export")
    assert told == ["Another export is under way; wait for it, or stop it first."]
    monkeypatch.undo()


def test_columns_are_chosen_and_remembered(shown: Shown, tmp_path: Path) -> None:
    screen = shown(tmp_path)
    assert screen.table.columns() == COLUMNS
    screen.table.set_columns(["ref", "why", "due"])
    screen.table.set_widths({"why": 333})
    screen.table.set_sort(Sort("created_at", descending=True))
    screen.remember()
    again = shown(tmp_path).table
    assert again.columns() == ["ref", "why", "due"]
    assert again.widths()["why"] == 333
    assert again.sort() == Sort("created_at", descending=True)


@pytest.mark.parametrize("key", ["board/sort", "board/widths", "board/columns"])
@pytest.mark.parametrize("value", [None, 7, "x", ["nowhere", 1], {"why": "wide"}])
def test_a_layout_that_makes_no_sense_is_left_aside(shown: Shown, tmp_path: Path, key: str, value: object) -> None:
    Layout(tmp_path).keep_data(key, value)
    assert shown(tmp_path).table.shown() > 0


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_a_ticket_stops_the_order_while_it_is_open(shown: Shown) -> None:
    screen = shown()
    screen.table.context_requested.emit(QPoint(10, 10))
    menu = next(menu for menu in screen.findChildren(QMenu) if menu.isVisible())
    assert [action.objectName() for action in menu.actions()] == ["detail", "escalate", "only", "copy", "export"]
    menu.close()


def test_old_data_turns_grey_with_its_age(shown: Shown) -> None:
    screen = shown()
    stage = screen._context.store
    assert isinstance(stage, Stage)
    stage.sources = [SourceAge("demo", MORNING - 400 * SECOND)]
    stage.live.second.emit(MORNING)
    assert screen.tiles.tile("waiting").face.stale == "6 min"
    assert screen.agents.view.stale
    stage.sources = [SourceAge("demo", MORNING - 400 * SECOND), SourceAge("other", MORNING)]
    stage.live.second.emit(MORNING)
    assert screen.tiles.tile("waiting").face.stale == ""
    # The channel that only the silent source feeds is marked all the same.
    assert "data 6 min old" in str(screen.channels.view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole))


def test_without_a_board_it_says_that_it_is_reading(stage: Callable[..., Stage]) -> None:
    screen = stage().screen()
    screen.show()
    screen.activated()
    assert screen.body.page() is screen.body.loading
    assert not screen.ready()
    screen.show_progress("Reading the log", 5, 10)
    screen.show_failure(KnownError("The disk is gone.", "Plug it in."))
    assert screen.body.page() is screen.body.failed


def test_with_an_empty_board_it_says_how_to_begin(stage: Callable[..., Stage]) -> None:
    screen = stage(Board(shipped_policy())).screen()
    screen.show()
    screen.activated()
    assert screen.body.page() is screen.body.nothing_yet
    assert not screen.tiles.isVisible()
    told: list[str] = []
    screen.toast_requested.connect(lambda words, _state: told.append(words))
    screen.body.nothing_yet.findChildren(QAbstractButton)[-1].click()
    assert QApplication.clipboard().text() == command("--demo")
    assert told


def test_the_first_ticket_of_an_empty_board_brings_the_table(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    made = stage(Board(shipped_policy()))
    screen = made.screen()
    screen.show()
    screen.activated()
    from tests.models.live.test_reasons import Story

    with qtbot.waitSignal(made.live.frame):
        made.live.receive(made.log.batch(Story().asks(0).events))
    assert screen.body.page() is None
    assert screen.table.shown() == 1


def test_a_hidden_screen_computes_nothing(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown()
    screen.deactivated()
    asked: list[str] = []
    for piece in (screen.tiles, screen.agents, screen.channels):
        monkeypatch.setattr(piece, "refresh", lambda: asked.append("refresh"))
    screen._live.second.emit(MORNING + SECOND)
    assert not asked
    screen.activated()
    assert asked


def test_the_past_and_back(shown: Shown, qtbot: QtBot) -> None:
    screen = shown()
    stage = screen._context.store
    assert isinstance(stage, Stage)
    screen.past_requested.connect(screen.set_past)
    now = screen.tiles.tile("waiting").face.figure
    then = MORNING - 2 * HOUR
    screen.set_past(then)
    assert stage.asked == [then]
    assert stage.live.past_at == then
    assert screen.past.isVisible()
    assert screen.tiles.tile("waiting").face.figure != now
    do(screen, "past")
    assert stage.live.past_at is None
    assert not screen.past.isVisible()
    assert screen.tiles.tile("waiting").face.figure == now


def test_steps_into_the_past_wait_for_a_pause_of_the_hand(shown: Shown, qtbot: QtBot) -> None:
    screen = shown()
    stage = screen._context.store
    assert isinstance(stage, Stage)
    screen.past_requested.connect(screen.set_past)
    with qtbot.waitSignal(stage.live.replaced):
        do(screen, "back")
        do(screen, "back")
    assert stage.asked == [MORNING - HOUR // 2]
    with qtbot.waitSignal(stage.live.replaced):
        do(screen, "on")
    assert stage.asked[-1] == MORNING - HOUR // 4


def test_every_action_has_words_and_no_key_twice(shown: Shown) -> None:
    screen = shown()
    keys = [sequence.toString() for action in screen.actions() for sequence in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(action.text() for action in screen.actions())
    assert {spec.key for spec in ACTIONS} <= {action.objectName() for action in screen.actions()}


def test_everything_that_takes_the_focus_has_a_name(shown: Shown) -> None:
    screen = shown()
    nameless = [
        piece
        for piece in screen.findChildren(QWidget)
        if piece.isVisible()
        and piece.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not piece.accessibleName()
        and not (isinstance(piece, QAbstractButton) and piece.text())
    ]
    assert [type(piece).__name__ for piece in nameless] == []


def test_other_languages_and_looks_reach_every_part(shown: Shown, qapp: QApplication) -> None:
    from console import i18n

    screen = shown()
    try:
        i18n.use("zh_CN")
        screen.retranslate()
        assert screen.tiles.tile("waiting").face.label == i18n._("customers wait")
        assert screen.tiles.tile("waiting").face.label != "customers wait"
        theme.apply(qapp, "dark", 1.5)
        assert screen.grab().width() == screen.width()
    finally:
        i18n.use("en")
        theme.apply(qapp, "light", 1.0)


def test_escape_empties_the_search_before_anything_else(shown: Shown, qtbot: QtBot) -> None:
    screen = shown()
    screen.controls.apply(replace(screen.table.filter(), text="order", read_unanswered=True))
    screen.controls.focus_search()
    do(screen, "clear")
    assert screen.table.filter() == Filter(read_unanswered=True)
    do(screen, "clear")
    assert not screen.controls.toolbar.search.hasFocus()
    do(screen, "clear")
    assert screen.table.filter() == Filter()


def test_the_palette_finds_agents_and_tickets(shown: Shown) -> None:
    screen = shown()
    board = morning()[0]
    (provider,) = screen.providers()
    agent = board.names.text("agent", 4)
    first = next(iter(provider.offers(agent, 5)))
    assert first.title == agent
    first.run()
    assert screen.table.filter() == Filter(values={"assignee": frozenset({4})})
    ref = board.texts.get(11)[0]
    found = [offer for offer in provider.offers(ref.lower(), 5) if offer.title.startswith(ref)]
    found[0].run()
    assert screen.detail.ticket == int(board.columns.id[11])
    assert screen.detail.isVisible()
    assert list(provider.offers("", 5)) == []
    assert len(list(provider.offers("1", 3))) == 3


def test_on_a_low_window_tickets_come_before_filters(shown: Shown) -> None:
    controls = shown().controls
    assert not controls.chips.isHidden()
    controls.make_room(300)
    assert controls.chips.isHidden()
    controls.toggle_filters()
    assert not controls.chips.isHidden(), "asked for, they come"
    controls.make_room(900)
    assert not controls.chips.isHidden()
    assert controls.toolbar.tool("filters").isHidden()


def test_the_focus_goes_into_the_table_first(shown: Shown) -> None:
    screen = shown()
    screen.controls.focus_search()
    screen.setFocus()
    assert screen.window().focusWidget() is screen.table


def test_the_focus_waits_where_the_table_will_be(stage: Callable[..., Stage], qtbot: QtBot) -> None:
    board, log = morning()
    made = stage(None, log)
    window = QWidget()
    qtbot.addWidget(window)
    other = QLineEdit(window)
    screen = made.screen()
    column = QVBoxLayout(window)
    column.addWidget(other)
    column.addWidget(screen)
    screen.setFocus()
    window.show()
    screen.activated()
    made.live.start(board)
    assert window.focusWidget() is screen.table
    screen.setParent(None)


def test_the_focus_comes_back_from_a_page_without_tickets(shown: Shown) -> None:
    screen = shown()
    screen.table.setFocus()
    screen.controls.apply(Filter(text="no such ticket"))
    assert screen.isAncestorOf(screen.window().focusWidget())
    assert screen.window().focusWidget() is screen.body.no_hit
    screen.controls.clear()
    assert screen.window().focusWidget() is screen.table


def test_closing_the_past_gives_the_focus_to_the_tickets(shown: Shown) -> None:
    screen = shown()
    do(screen, "past")
    assert screen.past.isAncestorOf(screen.window().focusWidget())
    do(screen, "past")
    assert screen.window().focusWidget() is screen.table


def test_large_text_in_a_small_window_covers_nothing(shown: Shown, qapp: QApplication) -> None:
    screen = shown(width=1120, height=690)
    do(screen, "detail")
    try:
        theme.apply(qapp, "light", 2.0)
        qapp.processEvents()
        table, detail = (piece.mapTo(screen, QPoint()).x() for piece in (screen.table, screen.detail))
        assert table + screen.table.width() <= detail
        assert detail + screen.detail.width() <= screen.width()
    finally:
        theme.apply(qapp, "light", 1.0)


def test_the_header_s_menu_is_the_choice_of_columns(shown: Shown) -> None:
    screen = shown()
    header = screen.table.horizontalHeader()
    where = QPoint(50, 10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, header.viewport().mapToGlobal(where))
    QApplication.sendEvent(header.viewport(), event)
    card = screen.window().findChild(ColumnsList)
    assert card is not None
    assert card.isVisible()
    card.close_now()


def test_cards_and_the_past_fit_with_large_text_in_a_small_window(shown: Shown, qapp: QApplication) -> None:
    screen = shown(width=1120, height=690)
    theme.apply(qapp, "light", 2.0)
    try:
        do(screen, "columns")
        do(screen, "past")
        qapp.processEvents()
        card = screen.window().findChild(ColumnsList)
        assert card is not None
        assert card.sizeHint().height() <= screen.window().height()
        assert screen.past.minimumSizeHint().width() <= screen.width()
        card.close_now()
    finally:
        theme.apply(qapp, "light", 1.0)
