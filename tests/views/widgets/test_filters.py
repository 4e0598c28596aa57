"""Search field, filter chip and segmented control work by keys alone and tell what a person chose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QListView, QWidget
from pytestqt.qtbot import QtBot

from console.views.widgets.buttons import IconButton
from console.views.widgets.chips import FilterChip
from console.views.widgets.options import TALLY_ROLE, Option, OptionModel
from console.views.widgets.search import SearchField
from console.views.widgets.segmented import SegmentedControl

CHANNELS = [
    Option(n, text, str(n))
    for n, text in enumerate(("Web", "App", "WhatsApp", "微信", "Phone", "SMS", "Email", "Social", "Market", "Other"))
]


@pytest.fixture
def chip(qtbot: QtBot) -> Iterator[FilterChip]:
    window = QWidget()
    window.resize(600, 500)
    qtbot.addWidget(window)
    made = FilterChip("Channel", window)
    made.set_options(CHANNELS)
    window.show()
    made.setFocus()
    yield made
    window.close()


def test_a_chip_says_what_is_chosen(chip: FilterChip) -> None:
    assert chip.text() == "Channel"
    chip.set_keys({2})
    assert chip.text() == "Channel: WhatsApp"
    chip.set_keys({2, 3, 4})
    assert chip.text() == "Channel: WhatsApp +2"
    assert chip.accessibleName() == "Channel: WhatsApp, 微信, Phone"


def test_choosing_by_keys_alone(chip: FilterChip, qtbot: QtBot) -> None:
    told: list[object] = []
    chip.chosen.connect(told.append)
    qtbot.keyClick(chip, Qt.Key.Key_Down)
    view = chip.window().findChild(QListView)
    qtbot.keyClick(chip.window().focusWidget(), Qt.Key.Key_Down)
    assert view.hasFocus()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told == [frozenset({0}), frozenset({0, 1})]
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert chip.hasFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert told[-1] == frozenset()
    assert chip.text() == "Channel"


def test_a_second_press_closes_the_list(chip: FilterChip) -> None:
    chip.open_list()
    chip.open_list()
    assert not chip.window().findChild(QListView).isVisible()


def test_options_are_a_correct_model_through_search_and_refresh(qtbot: QtBot) -> None:
    model = OptionModel(CHANNELS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.find("app")
    assert [model.index(row).data() for row in range(model.rowCount())] == ["App", "WhatsApp"]
    model.toggle(1)
    model.set_options([option._replace(tally="9") for option in CHANNELS])
    assert model.index(0).data(TALLY_ROLE) == "9"
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "App, 9"
    model.set_options(CHANNELS[:3])
    assert model.rowCount() == 2
    model.find("")
    assert model.index(2).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    model.clear()
    assert model.index(2).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    assert tester.model() is model


def test_search_tells_after_a_pause_and_at_once_on_return(qtbot: QtBot) -> None:
    field = SearchField("Search tickets")
    qtbot.addWidget(field)
    field.show()
    with qtbot.waitSignal(field.words_changed) as told:
        qtbot.keyClicks(field, " refund ")
    assert told.args == ["refund"]
    with qtbot.waitSignal(field.words_changed) as told:
        qtbot.keyClicks(field, "x")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.waitSignal(field.words_changed) as told:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told.args == [""]


def test_search_says_nothing_when_the_words_are_the_same(qtbot: QtBot) -> None:
    field = SearchField("Search")
    qtbot.addWidget(field)
    field.show()
    field.setText("refund")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(field.words_changed):
        field.setText("refund ")
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_words_shown_by_others_can_be_typed_again(qtbot: QtBot) -> None:
    field = SearchField("Search")
    qtbot.addWidget(field)
    field.show()
    field.setText("refund")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(field.words_changed, wait=200):
        field.show_words("")
    assert not field.findChild(IconButton).isVisible()
    with qtbot.waitSignal(field.words_changed) as told:
        field.setText("refund")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["refund"]


def test_a_chip_has_a_width_whatever_its_choice_is_called(qtbot: QtBot) -> None:
    chip = FilterChip("Queue")
    qtbot.addWidget(chip)
    chip.set_options([Option(1, "x" * 5_000)])
    chip.set_keys([1])
    assert chip.sizeHint().width() < 300
    assert chip.toolTip() == "x" * 5_000


def test_arrows_move_the_choice(qtbot: QtBot) -> None:
    control = SegmentedControl("View", [("open", "Open"), ("waiting", "Waiting"), ("all", "All")])
    qtbot.addWidget(control)
    control.show()
    told: list[str] = []
    control.chosen.connect(told.append)
    qtbot.keyClick(control, Qt.Key.Key_Right)
    qtbot.keyClick(control, Qt.Key.Key_Left)
    qtbot.keyClick(control, Qt.Key.Key_Left)
    assert told == ["waiting", "open", "all"]
    control.choose("waiting")
    assert control.choice() == "waiting"
    assert len(told) == 3
