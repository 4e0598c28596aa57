"""The small tables beside the big one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views.screens.board import panel_view
from console.views.screens.board.panel_model import PanelCell, PanelColumn, PanelModel
from console.views.screens.board.panel_view import PanelView
from console.views.screens.board.screen import BoardScreen
from console.views.tables.ticket_columns import Cell

Row = tuple[str, int]
COLUMNS: tuple[PanelColumn[Row], ...] = (
    PanelColumn("name", "Name", 0, lambda row: PanelCell(Cell(row[0]))),
    PanelColumn("value", "Value", 40, lambda row: PanelCell(Cell(str(row[1])), spoken=f"{row[1]} pieces"), right=True),
)


def model() -> PanelModel[Row]:
    return PanelModel(COLUMNS, lambda row: row[0])


def words(shown: PanelModel[Row]) -> list[Row]:
    return [(str(shown.index(row, 0).data()), int(shown.index(row, 1).data())) for row in range(shown.rowCount())]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 9)), max_size=6), st.randoms())
def test_the_model_keeps_qt_informed_whatever_is_shown(qapp: QApplication, tables: list, chance: object) -> None:
    shown = model()
    tester = QAbstractItemModelTester(shown, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for table in tables:
        rows = list(table.items())
        chance.shuffle(rows)  # type: ignore[attr-defined]
        shown.show_rows(rows)
        assert words(shown) == rows
    tester.deleteLater()
    shown.deleteLater()


def test_a_row_keeps_its_mark_when_the_order_changes(qapp: QApplication) -> None:
    shown = model()
    shown.show_rows([("a", 1), ("b", 2), ("c", 3)])
    mark = QPersistentModelIndex(shown.index(1, 0))
    shown.show_rows([("c", 3), ("a", 1), ("b", 5)])
    assert mark.row() == 2
    assert shown.place_of("b") == 2
    assert shown.place_of("x") is None


def test_only_rows_that_differ_are_told(qtbot: QtBot) -> None:
    shown = model()
    shown.show_rows([("a", 1), ("b", 2), ("c", 3)])
    told: list[int] = []
    shown.dataChanged.connect(lambda first, _last: told.append(first.row()))
    shown.show_rows([("a", 1), ("b", 9), ("c", 3)])
    assert told == [1]


def test_screen_readers_hear_whole_words(qapp: QApplication) -> None:
    shown = model()
    shown.show_rows([("a", 1)])
    index = shown.index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "1 pieces"
    assert shown.cells(0)[1].cell.text == "1"
    assert shown.headerData(1, Qt.Orientation.Horizontal) == "Value"


def test_the_panels_of_the_screen_are_sound_models(shown: Callable[..., BoardScreen]) -> None:
    screen = shown()
    for panel in (screen.agents, screen.channels):
        tester = QAbstractItemModelTester(
            panel.view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, panel
        )
        assert panel.view.model().rowCount() > 5
        panel.refresh()
        tester.deleteLater()


def test_the_time_in_a_state_goes_on_by_the_second(shown: Callable[..., BoardScreen]) -> None:
    screen = shown()
    before = [screen.agents.view.model().index(row, 2).data() for row in range(5)]
    screen._context.clock.advance(45 * 60)  # type: ignore[attr-defined]
    screen._live.second.emit(screen._live.now())
    after = [screen.agents.view.model().index(row, 2).data() for row in range(5)]
    assert before != after


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_return_chooses_a_row(shown: Callable[..., BoardScreen], qtbot: QtBot, key: Qt.Key) -> None:
    screen = shown()
    view = screen.agents.view
    view.setCurrentIndex(view.model().index(2, 0))
    with qtbot.waitSignal(view.row_chosen) as chosen:
        qtbot.keyClick(view, key)
    assert chosen.args == [2]


def test_a_panel_paints_in_pieces_and_comes_to_the_same_picture(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def view(shown: PanelModel[Row]) -> PanelView:
        made = PanelView("panel")
        qtbot.addWidget(made)
        made.setModel(shown)
        made.fit()
        made.resize(200, 400)
        made.show()
        qtbot.waitExposed(made)
        return made

    slow, whole = model(), model()
    pieces = view(slow)
    slow.show_rows([(name, 1) for name in "abcdefgh"])
    pieces.grab()
    later = iter(range(10**9))
    monkeypatch.setattr(panel_view, "perf_counter", lambda: float(next(later)))
    slow.show_rows([(name, 7) for name in "abcdefgh"])
    first = pieces.viewport().grab().toImage()
    for _pass in range(20):
        QApplication.processEvents()
    monkeypatch.undo()
    whole.show_rows([(name, 7) for name in "abcdefgh"])
    wanted = view(whole).viewport().grab().toImage()
    assert first != wanted
    assert pieces.viewport().grab().toImage() == wanted
