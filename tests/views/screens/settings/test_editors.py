"""Every key has an editor that shows what the file says and gives it back; what is typed is understood."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from console.models.policy import policy
from console.models.policy.editing import same_value
from console.models.policy.schema import KEYS
from console.views.screens.settings.calendar_editors import (
    ExceptionsEditor,
    HolidaysEditor,
    RatesEditor,
    WeekEditor,
    known_years,
)
from console.views.screens.settings.editors import editor_of
from console.views.screens.settings.field_editors import (
    DurationEditor,
    FieldEditor,
    NamesEditor,
    NumberEditor,
    PeriodsEditor,
    WordsEditor,
)
from console.views.screens.settings.typed import parsed, periods, shown_number
from console.views.widgets.buttons import IconButton

OTHERS: dict[str, Any] = {
    "calendar.exceptions": {"2026-10-01": [], "2026-10-10": "friday", "2026-12-31": ["09:00-12:00"]},
    "complaints.rates": {"USD": 7.2},
    "calendar.holidays": "ours.toml",
}


@pytest.fixture
def told(qtbot: QtBot) -> list[Any]:
    return []


def shown(qtbot: QtBot, path: str, written: Any, told: list[Any]) -> FieldEditor:
    editor = editor_of(path)
    qtbot.addWidget(editor)
    editor.edited.connect(told.append)
    editor.show_value(written)
    return editor


@pytest.mark.parametrize("path", [key.path for key in KEYS])
def test_showing_a_value_tells_nothing_and_touching_it_gives_it_back(
    qtbot: QtBot, qapp: QApplication, path: str, told: list[Any]
) -> None:
    written = OTHERS.get(path, policy.default_entries()[path].written)
    editor = shown(qtbot, path, written, told)
    editor.show_value(written)
    assert told == []
    teller = getattr(editor, "_tell", None)
    if teller is not None:
        teller()
        assert same_value(path, told[-1], written)


def test_a_duration_changes_its_unit_and_loses_its_limit(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "stage.created", "15 min", told)
    assert isinstance(editor, DurationEditor)
    for choice in ("h", "off", "d"):
        editor.unit.choose(choice)
        editor.unit.chosen.emit(choice)
    editor.number.clear()
    editor.unit.chosen.emit("d")
    assert told == ["15 h", "off", "15 d", "1 d"]


def test_numbers_are_kept_as_the_file_holds_them(qtbot: QtBot, told: list[Any]) -> None:
    share = shown(qtbot, "service_level.peak_share", 0.9, told)
    assert isinstance(share, NumberEditor)
    assert share.number.text() == "90"
    share.number.selectAll()
    qtbot.keyClicks(share.number, "91.4")
    assert told[-1] == 0.914
    assert (parsed("7"), parsed("7.50"), parsed("x"), parsed("")) == (7, 7.5, "x", "")
    assert (shown_number(5000), shown_number(0.35, 100), shown_number("x")) == ("5000", "35", "x")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("09:00-12:00, 13:00-18:00", ["09:00-12:00", "13:00-18:00"]),
        ("9-12；13:30 – 18", ["09:00-12:00", "13:30-18:00"]),
        ("22：00至6：00", ["22:00-06:00"]),
        ("noon", ["noon"]),
    ],
)
def test_periods_are_understood_as_people_type_them(text: str, found: list[str]) -> None:
    assert periods(text) == found


def test_one_window_is_a_text_of_its_own(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "reply_rate.marketplace.window", "08:00-23:00", told)
    assert isinstance(editor, PeriodsEditor)
    editor.line.clear()
    qtbot.keyClicks(editor.line, "9-22")
    assert told[-1] == "09:00-22:00"


def test_words_are_ticked_in_their_own_order(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "escalation.complaint_tiers", ["high"], told)
    assert isinstance(editor, WordsEditor)
    editor.chip.chosen.emit(frozenset({"low", "high"}))
    assert told == [["high", "low"]]


def test_levels_are_added_moved_and_taken_out(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "escalation.chain", ["a", "b"], told)
    assert isinstance(editor, NamesEditor)
    qtbot.mouseClick(editor._add, Qt.MouseButton.LeftButton)
    assert told[-1] == ["a", "b", ""]
    qtbot.keyClicks(editor._lines[2], "c")
    assert told[-1] == ["a", "b", "c"]
    editor._move(2)
    assert told[-1] == ["a", "c", "b"]
    (out, *_rest) = [made for made in editor.findChildren(IconButton) if made.toolTip() == "Take out"][-3:]
    qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    assert told[-1] == ["c", "b"]


def test_levels_that_are_known_stand_in_words(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "escalation.chain", ["shift_supervisor", "night_desk"], told)
    assert isinstance(editor, NamesEditor)
    assert [line.text() for line in editor._lines] == ["Shift supervisor", "night_desk"]
    editor._lines[1].clear()
    qtbot.keyClicks(editor._lines[1], "duty Manager")
    assert told[-1] == ["shift_supervisor", "duty_manager"]


def test_all_workdays_become_like_monday(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "calendar.week", policy.default_entries()["calendar.week"].written, told)
    assert isinstance(editor, WeekEditor)
    editor.lines["monday"].clear()
    qtbot.keyClicks(editor.lines["monday"], "9-12,13-18")
    (copy,) = [made for made in editor.findChildren(QPushButton) if made.text() == "All workdays like Monday"]
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert told[-1]["friday"] == told[-1]["makeup"] == ["09:00-12:00", "13:00-18:00"]
    assert told[-1]["sunday"] == ["00:00-24:00"]
    assert editor.bars["friday"].accessibleName() == "09:00\N{EN DASH}12:00, 13:00\N{EN DASH}18:00"


def test_single_days_come_and_go(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "calendar.exceptions", {}, told)
    assert isinstance(editor, ExceptionsEditor)
    qtbot.mouseClick(editor._add, Qt.MouseButton.LeftButton)
    date, how, _hours = editor.days[0]
    qtbot.keyClicks(date, "2026-10-01")
    assert told[-1] == {"2026-10-01": []}
    how.choose("open")
    how.chosen.emit("open")
    assert told[-1] == {"2026-10-01": ["09:00-12:00"]}
    how.choose("friday")
    how.chosen.emit("friday")
    assert told[-1] == {"2026-10-01": "friday"}
    (out,) = [made for made in editor.findChildren(IconButton) if made.toolTip() == "Take out"]
    qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    assert told[-1] == {}


def test_rates_come_and_go(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "complaints.rates", {}, told)
    assert isinstance(editor, RatesEditor)
    qtbot.mouseClick(editor._add, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(editor.lines[0][0], "usd")
    qtbot.keyClicks(editor.lines[0][1], "7.2")
    assert told[-1] == {"USD": 7.2}
    editor._take_out(0)
    assert told[-1] == {}


def test_public_holidays_say_which_years_are_known(qtbot: QtBot, told: list[Any]) -> None:
    editor = shown(qtbot, "calendar.holidays", "cn", told)
    assert isinstance(editor, HolidaysEditor)
    assert editor.years.text() == "years known: 2004\N{EN DASH}2026"
    editor.choice.choose("own")
    editor.choice.chosen.emit("own")
    assert told == ["holidays.toml"]
    assert known_years("xx") == ""
