"""Choosing what the table shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QWidget
from pytestqt.qtbot import QtBot

from console.models.domain.ports import NameText
from console.models.live.filters import SETS, Filter, Scope, Urgency
from console.models.live.names import Names
from console.models.live.sorts import ORDERS, Sort
from console.views.layout import Layout
from console.views.screens.board import saved_views
from console.views.screens.board.choices import CHOICES, SCOPES, is_narrowed, with_values, without_evidence
from console.views.screens.board.columns_list import ColumnsList
from console.views.screens.board.flow import FlowLayout
from console.views.screens.board.screen import BoardScreen
from console.views.screens.board.views_list import ViewsList

KEYS = st.frozensets(st.integers(0, 4), max_size=3)
FILTERS = st.builds(
    Filter,
    st.sampled_from(Scope),
    st.sampled_from(Urgency),
    st.dictionaries(st.sampled_from(SETS), st.frozensets(st.integers(0, 4), min_size=1), max_size=4),
    KEYS,
    st.text(max_size=5),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.integers(1, 99), max_size=3),
)


def names(order: str = "abcd") -> Names:
    known = Names()
    known.add(
        NameText(dimension, id_, letter) for dimension in ("agent", "queue") for id_, letter in enumerate(order, 1)
    )
    return known


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.key)
def test_what_is_put_in_is_found_again(choice: object) -> None:
    options = choice.options(names())  # type: ignore[attr-defined]
    for key, words in options:
        keys = frozenset({key})
        assert words
        assert choice.get(choice.put(Filter(), keys)) == keys  # type: ignore[attr-defined]
    assert choice.put(choice.put(Filter(), frozenset({options[0][0]})), frozenset()) == Filter()  # type: ignore[attr-defined]


def test_the_scopes_are_all_there() -> None:
    assert {scope for scope, _words in SCOPES} == set(Scope)


def test_an_empty_set_lifts_a_condition() -> None:
    chosen = with_values(Filter(), {"channel": frozenset({1}), "tier": frozenset({3})})
    assert with_values(chosen, {"channel": frozenset()}).values == {"tier": frozenset({3})}
    assert is_narrowed(chosen)
    assert not is_narrowed(Filter(Scope.DONE))


@given(FILTERS, st.sampled_from(sorted(ORDERS)), st.booleans())
def test_a_saved_view_means_the_same_in_another_database(chosen: Filter, by: str, descending: bool) -> None:
    here, there = names("abcd"), names("dcba")
    view = saved_views.saved("v", chosen, Sort(by, descending), ["due", "why"], here)
    again = saved_views._decoded(saved_views._encoded(view))
    assert again == view
    expected = without_evidence(chosen)
    assert view.resolved(here) == expected
    swapped = {1: 4, 2: 3, 3: 2, 4: 1, 0: 0}
    for column in ("assignee", "queue"):
        wanted = frozenset(swapped[id_] for id_ in expected.values.get(column, frozenset()))
        assert view.resolved(there).values.get(column, frozenset()) == wanted


def test_a_view_of_somebody_unknown_shows_nothing_rather_than_everything() -> None:
    view = saved_views.saved("v", Filter(values={"assignee": frozenset({2})}), Sort(), [], names())
    assert view.resolved(Names()).values["assignee"] == {0xFFFF}


@pytest.mark.parametrize("data", [None, 5, "x", [{}], [{"name": "x"}], [None], [{"sort": 1, "scope": "nowhere"}]])
def test_what_cannot_be_read_is_left_out(data: object) -> None:
    class Broken(Layout):
        def data(self, key: str, default: object = None) -> object:
            return data

    views = saved_views.load(Broken(None))
    assert views == (list(saved_views.SHIPPED) if not isinstance(data, list) else [])


def test_an_open_dropdown_counts_its_choices(shown: Callable[..., BoardScreen]) -> None:
    screen = shown()
    chip = screen.controls.chips.chip("channel")
    chip.open_list()
    counts = {option.key: option.tally for option in chip._options}
    board = screen._live.board
    assert board is not None
    assert counts[1] == str(
        int(((board.columns.channel == 1) & (board.columns.status < 5))[: board.columns.count].sum())
    )
    assert 0 not in counts  # nothing came by an unknown channel
    chip.open_list()
    chip.chosen.emit(frozenset({1}))
    assert screen.table.shown() == int(counts[1])


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_order_is_chosen_from_a_menu(shown: Callable[..., BoardScreen]) -> None:
    screen = shown()
    menu = screen.controls.choose_order(screen)
    entry = next(action for action in menu.actions() if action.text() == "Priority")
    entry.trigger()
    assert screen.table.sort() == Sort("priority", descending=True)
    menu.close()


def test_columns_are_ticked_and_moved(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    chooser = ColumnsList(window, ["due", "ref"])
    told: list[list[str]] = []
    chooser.columns_chosen.connect(told.append)
    rows = chooser.findChild(QListWidget)
    assert rows is not None
    rows.item(2).setCheckState(Qt.CheckState.Checked)
    assert told[-1][:2] == ["due", "ref"]
    assert len(told[-1]) == 3
    rows.setCurrentRow(1)
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert told[-1][:2] == ["ref", "due"]
    before = len(told)
    for place in range(rows.count()):
        rows.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert all(told[before:])  # a table never loses its last column


def test_the_list_of_views_has_keys(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    shown = ViewsList(window, ["one", "two", "three"], 1)
    rows = shown.findChild(QListWidget)
    assert rows is not None
    assert rows.currentRow() == 1
    with qtbot.waitSignal(shown.move_requested) as moved:
        qtbot.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert moved.args == [1, 1]
    with qtbot.waitSignal(shown.delete_requested) as deleted:
        qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert deleted.args == [1]
    with qtbot.waitSignal(shown.rename_requested) as renamed:
        rows.item(0).setText("uno")
    assert renamed.args == [0, "uno"]
    with qtbot.waitSignal(shown.view_chosen) as chosen:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert chosen.args == [1]


def test_a_flow_breaks_where_there_is_no_room(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(window, gap=4, trailing=True)
    pieces = [QWidget() for _n in range(3)]
    for piece in pieces:
        piece.setFixedSize(100, 20)
        flow.addWidget(piece)
    assert flow.heightForWidth(400) == 20
    assert flow.heightForWidth(210) == 44
    window.resize(400, 60)
    flow.setGeometry(window.rect())
    assert [piece.x() for piece in pieces] == [0, 104, 300]
    pieces[1].hide()
    assert flow.heightForWidth(210) == 20
