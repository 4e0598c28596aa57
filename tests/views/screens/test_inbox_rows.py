"""The rows of the inbox: only differences are told, in few steps; a paint that takes long goes on in the next event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.domain.escalation import Entry, Urgency
from console.models.queries.inbox import Inbox, InboxFilter
from console.models.queries.inbox_list import InboxList, Row, key_of, list_inbox
from console.views import theme
from console.views.screens.escalations import row_sheet
from console.views.screens.escalations.faces import Face, Heading
from console.views.screens.escalations.list_model import InboxModel
from console.views.screens.escalations.list_view import InboxView
from console.views.screens.escalations.row_painter import HEADING_HEIGHT, ROW_HEIGHT
from tests.models.queries.test_inbox import entry

_numbers = st.lists(st.integers(1, 60), unique=True, max_size=60)


def model() -> InboxModel:
    made = InboxModel(lambda row: str(key_of(row)), lambda row: str(row.id))
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def rows_of(numbers: list[int]) -> list[Row]:
    return [Urgency.P2, *(entry(number) for number in numbers)] if numbers else []


def put(into: InboxModel, numbers: list[int]) -> list[Row]:
    rows = rows_of(numbers)
    into.show_rows(rows, [key_of(row) for row in rows])
    return rows


@given(_numbers, _numbers)
def test_from_any_rows_to_any_others(qapp: QApplication, before: list[int], after: list[int]) -> None:
    made = model()
    put(made, before)
    kept = {number: QPersistentModelIndex(made.index(made.place_of(number) or 0)) for number in before}
    rows = put(made, after)
    assert list(made.rows) == rows
    assert [made.place_of(key_of(row)) for row in rows] == list(range(len(rows)))
    assert made.place_of(61) is None
    for number, index in kept.items():
        assert index.isValid() is (number in after)
        assert not index.isValid() or index.row() == made.place_of(number)


def test_rows_that_come_and_go_in_many_places_are_told_together(qtbot: QtBot) -> None:
    made = model()
    every = list(range(1, 61))
    put(made, every)
    steps: list[str] = []
    made.rowsInserted.connect(lambda *_args: steps.append("in"))
    made.rowsRemoved.connect(lambda *_args: steps.append("out"))
    made.layoutChanged.connect(lambda: steps.append("order"))
    put(made, every[::2])
    assert steps == ["order", "out"]
    steps.clear()
    put(made, every)
    assert steps == ["in", "order"]
    steps.clear()
    put(made, every[:20] + every[22:])
    put(made, every)
    assert steps == ["out", "in"], "a few are told where they are"


def test_an_entry_that_moved_on_is_told_and_one_that_is_equal_is_not(qtbot: QtBot) -> None:
    made = model()
    rows = put(made, [1, 2, 3, 4])
    told: list[tuple[int, int]] = []
    made.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    put(made, [1, 2, 3, 4])
    assert told == []
    other: list[Row] = [*rows[:2], entry(2, owner="ann"), rows[3], entry(4, owner="ann")]
    made.show_rows(other, [key_of(row) for row in other])
    assert told == [(2, 4)]
    assert made.entry(2) is other[2]


def face(entry: Entry) -> Face:
    blank = ("",) * 7
    return Face(theme.State.OK, f"entry {entry.id} {entry.owner}", *blank[:2], "why", *blank[:4], "0:10", "")


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[InboxView]:
    made = InboxView(face, lambda urgency: Heading(urgency, f"P{int(urgency)}", "", ""), lambda _entry: "")
    made.resize(600, 700)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()
    made.deleteLater()


def listed(numbers: list[int], **changes: object) -> InboxList:
    found = tuple(replace(entry(number), ticket=0, **changes) for number in numbers)  # type: ignore[arg-type]  # fields
    return list_inbox(Inbox(found), InboxFilter(), "ann")


def finish(view: InboxView) -> int:
    """Paint until nothing is left; returns how many turns it took."""
    turns = 0
    view.viewport().update()
    while turns == 0 or view.unfinished:
        QApplication.processEvents()
        turns += 1
    return turns


def test_a_paint_that_takes_too_long_goes_on_in_the_next_event(
    view: InboxView, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def counted(entry: Entry) -> Face:
        drawn.append(entry.id)
        return face(entry)

    view._sheet._show_entry = counted
    monkeypatch.setattr(row_sheet, "_PAINT_SECONDS", -1.0)
    view.show_list(listed(list(range(1, 41))))
    QApplication.processEvents()
    assert view.unfinished
    assert 0 < len(drawn) <= 4
    finish(view)
    sight = view.viewport().height() // theme.px(ROW_HEIGHT)
    assert set(range(1, sight)) <= set(drawn)
    piecewise = view.viewport().grab().toImage()
    monkeypatch.setattr(row_sheet, "_PAINT_SECONDS", 10.0)
    view.retranslate()
    assert finish(view) == 1
    assert view.viewport().grab().toImage() == piecewise


def test_until_its_turn_comes_a_row_looks_as_before(view: InboxView, monkeypatch: pytest.MonkeyPatch) -> None:
    view.show_list(listed(list(range(1, 41))))
    finish(view)
    before = view.viewport().grab().toImage()
    monkeypatch.setattr(row_sheet, "_PAINT_SECONDS", -1.0)
    view.show_list(listed(list(range(1, 41)), owner="ann"))
    between = view.viewport().grab().toImage()
    assert view.unfinished
    above, below = (view._rows_in(view.viewport().rect())[place].box for place in (1, 8))
    assert between.copy(below) == before.copy(below)
    assert between.copy(above) != before.copy(above)


def test_every_row_has_its_height_whatever_came_and_went(view: InboxView) -> None:
    some = list(range(1, 200))
    for numbers in (some, some[::3], [900, *some[::2]], some[150:], list(reversed(some)), [5], []):
        shown = listed(numbers)
        grave = list_inbox(
            Inbox(
                tuple(replace(each, urgency=Urgency.P1) if each.id % 4 == 0 else each for each in shown.inbox.entries)
            ),
            InboxFilter(),
            "ann",
        )
        for each in (shown, grave):
            view.show_list(each)
            heights = [theme.px(HEADING_HEIGHT if isinstance(row, Urgency) else ROW_HEIGHT) for row in each.rows]
            assert [view.rowHeight(place) for place in range(len(each.rows))] == heights


@pytest.mark.parametrize(
    ("chosen", "left", "then"),
    [
        (50, [1, 3, 20, 60, 90], 60),
        (50, [1, 3, 20], 20),
        (50, [1, 50, 90], 50),
        (50, list(range(1, 100, 2)), 51),
    ],
)
def test_the_focus_goes_to_the_next_row_that_stays(view: InboxView, chosen: int, left: list[int], then: int) -> None:
    view.show_list(listed(list(range(1, 100))))
    assert view.choose(chosen)
    view.show_list(listed(left))
    current = view.current()
    assert current is not None
    assert current.id == then
