"""Bars, sheet and causes: rows by pointer and key, what may be drawn onto what, and five hundred of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.charts.cause_bars import CauseBars, Part
from console.views.charts.heat_map import HeatData, HeatMap
from console.views.charts.load_bars import AGENT_MIME, Dropped, LoadBars, agent_as_mime, agent_of
from console.views.charts.shades import contrast, luminance, rgb
from console.views.shell import language
from console.views.tables.ticket_drag import as_mime
from tests.views.charts.figures import LOAD, bars, parts, sheet
from tests.views.charts.pointer import hover

FIVE_HUNDRED = np.arange(500, 0, -1, dtype=float)


@pytest.fixture
def load_bars(qtbot: QtBot) -> LoadBars:
    made = LoadBars("Agents")
    qtbot.addWidget(made)
    made.resize(640, 300)
    made.show()
    made.show_data(bars())
    return made


@pytest.fixture
def heat_map(qtbot: QtBot) -> HeatMap:
    made = HeatMap("Hours")
    qtbot.addWidget(made)
    made.resize(680, 260)
    made.show()
    made.show_data(sheet())
    return made


@pytest.fixture
def cause_bars(qtbot: QtBot) -> CauseBars:
    made = CauseBars("Causes")
    qtbot.addWidget(made)
    made.resize(680, 140)
    made.show()
    made.show_parts(parts(), "+40.2")
    return made


@pytest.fixture
def in_english() -> Iterator[None]:
    yield
    language.use("en")


def runs(image: QImage, y: int, name: theme.ColorName) -> list[tuple[int, int]]:
    """Where a line of the picture has a colour, as first and last pixel of each stretch."""
    wanted = theme.color(name).name()
    has = np.array([image.pixelColor(x, y).name() == wanted for x in range(image.width())])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], has, [False]]).astype(int)))
    return [(int(first), int(last) - 1) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def drop(chart: LoadBars, row: int, mime: QMimeData) -> bool:
    """Let something fall on a row; whether it was taken."""
    event = QDropEvent(
        QPointF(chart.place_of(row)),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    chart.dropEvent(event)
    return event.isAccepted()


def test_a_bar_is_as_long_as_its_load(load_bars: LoadBars) -> None:
    load_bars.clearFocus()
    image = load_bars.grab().toImage()
    lengths = []
    for row in (0, 1, 2):
        stretches = runs(image, load_bars.box_of(row).center().y(), "accent")
        lengths.append(stretches[-1][1] - stretches[0][0] + 1)
    assert lengths[0] / lengths[1] == pytest.approx(LOAD[0] / LOAD[1], rel=0.02)
    assert lengths[0] / lengths[2] == pytest.approx(LOAD[0] / LOAD[2], rel=0.02)


def test_the_busiest_are_told_apart_by_more_than_colour(load_bars: LoadBars) -> None:
    load_bars.clearFocus()
    image = load_bars.grab().toImage()
    assert runs(image, load_bars.box_of(2).center().y(), "accent")
    assert not runs(image, load_bars.box_of(6).center().y(), "accent")
    load_bars.strong = load_bars.body
    assert load_bars.grab().toImage() != image  # their names were bold


def test_bars_keep_their_scale_while_the_largest_moves_a_little(load_bars: LoadBars) -> None:
    def length_of_second() -> int:
        stretches = runs(load_bars.grab().toImage(), load_bars.box_of(1).center().y(), "accent")
        return stretches[-1][1]

    before = length_of_second()
    moved = LOAD.copy()
    moved[0] += 1
    load_bars.show_data(bars(moved))
    assert length_of_second() == before


def test_keys_go_through_the_rows_and_choose(load_bars: LoadBars, qtbot: QtBot) -> None:
    with qtbot.waitSignal(load_bars.current_changed) as told:
        qtbot.keyClick(load_bars, Qt.Key.Key_Down)
    assert told.args == [1]
    qtbot.keyClick(load_bars, Qt.Key.Key_End)
    assert load_bars.current_key() == LOAD.size
    bottom = load_bars.box_of(LOAD.size - 1).bottom()
    assert bottom <= load_bars.viewport().height()
    with qtbot.waitSignal(load_bars.chosen) as told:
        qtbot.keyClick(load_bars, Qt.Key.Key_Return)
    assert told.args == [LOAD.size]


def test_the_row_under_the_pointer_is_the_row_that_is_meant(load_bars: LoadBars, qtbot: QtBot) -> None:
    load_bars.verticalScrollBar().setValue(40)
    for row in (3, 5):
        assert load_bars.row_at(load_bars.box_of(row).top()) == row
        assert load_bars.row_at(load_bars.box_of(row).bottom()) == row
    assert load_bars.row_at(3) == -1  # the head, whatever it hides
    with qtbot.waitSignal(load_bars.chosen) as told:
        qtbot.mouseDClick(load_bars.viewport(), Qt.MouseButton.LeftButton, pos=load_bars.place_of(4))
    assert told.args == [5]


def test_the_current_agent_stays_current_in_another_order(load_bars: LoadBars) -> None:
    load_bars.go_to(2)
    agent, shown = load_bars.current_key(), bars()
    load_bars.show_data(type(shown)(shown.keys[::-1], *[getattr(shown, name) for name in shown.__slots__[1:]]))
    assert load_bars.current_key() == agent
    assert load_bars.current_row() == LOAD.size - 3
    load_bars.show_data(None)
    assert load_bars.current_key() == 0


def test_a_row_is_said_in_a_sentence(load_bars: LoadBars) -> None:
    load_bars.go_to(0)
    said = load_bars.accessibleDescription()
    assert said == "彭欣妍 Peng Xinyan: 58 contacts, a fair share is 21; 9 / 8"


def test_tickets_and_the_load_of_others_can_be_dropped(load_bars: LoadBars, qtbot: QtBot) -> None:
    load_bars.let_move(True)
    with qtbot.waitSignal(load_bars.dropped) as told:
        assert drop(load_bars, 4, as_mime([7, 9]))
    assert told.args == [5, Dropped((7, 9))]
    with qtbot.waitSignal(load_bars.dropped) as told:
        assert drop(load_bars, 4, agent_as_mime(1))
    assert told.args == [5, Dropped(agent=1)]


def test_nothing_else_can_and_nobody_onto_themselves(load_bars: LoadBars, qtbot: QtBot) -> None:
    text = QMimeData()
    text.setText("7 9")
    with qtbot.assertNotEmitted(load_bars.dropped):
        assert not drop(load_bars, 4, text)
        assert not drop(load_bars, 4, agent_as_mime(5))


def test_a_row_is_drawn_as_its_agent(load_bars: LoadBars, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(load_bars, "_drag", lambda: drawn.append(load_bars.current_key()))
    start = load_bars.place_of(3)
    for moves in (False, True):
        load_bars.let_move(moves)
        qtbot.mousePress(load_bars.viewport(), Qt.MouseButton.LeftButton, pos=start)
        load_bars.mouseMoveEvent(_move(start + QPoint(40, 0)))
        qtbot.mouseRelease(load_bars.viewport(), Qt.MouseButton.LeftButton, pos=start)
        assert drawn == ([4] if moves else [])
    assert agent_as_mime(4).hasFormat(AGENT_MIME)
    assert agent_of(agent_as_mime(4)) == 4
    assert agent_of(QMimeData()) == 0


def _move(at: QPoint):

    button = Qt.MouseButton.LeftButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(at), button, button, Qt.KeyboardModifier.NoModifier)


def test_only_rows_in_sight_are_painted(load_bars: LoadBars, monkeypatch: pytest.MonkeyPatch) -> None:
    load_bars.show_data(bars(FIVE_HUNDRED))
    painted: list[int] = []
    paint = load_bars.paint_row
    monkeypatch.setattr(load_bars, "paint_row", lambda p, row, box: (painted.append(row), paint(p, row, box)))
    load_bars.verticalScrollBar().setValue(100 * theme.ROW_HEIGHT)
    painted.clear()
    load_bars.viewport().repaint()
    assert painted[0] == 100
    assert len(painted) <= load_bars.viewport().height() // theme.ROW_HEIGHT + 2


@pytest.mark.parametrize("load", [np.zeros(3), np.ones(1), np.array([1e12, 5.0]), FIVE_HUNDRED])
def test_any_load_can_be_drawn(load_bars: LoadBars, load: np.ndarray) -> None:
    load_bars.show_data(bars(load, notes=False))
    assert not load_bars.grab().isNull()
    load_bars.show_data(None)
    assert not load_bars.grab().isNull()


def test_cells_off_are_hatched_and_not_zero(heat_map: HeatMap) -> None:
    data = sheet(2, 4)
    values = np.zeros((2, 4))
    off = np.zeros((2, 4), dtype=bool)
    off[0, 0] = True
    values[1] = (0, 4, 8, 16)
    heat_map.show_data(HeatData(data.keys, data.names, data.hours, values, off, "contacts"))
    heat_map.clearFocus()
    image = heat_map.grab().toImage()

    def colours(row: int, column: int) -> set[str]:
        box, width = heat_map.box_of(row), heat_map._width_of_column()
        left = heat_map.sizes.px(148) + column * width
        return {image.pixelColor(x, box.y() + 2).name() for x in range(left + 1, left + width - 2)}

    assert colours(0, 0) >= {theme.color("raised").name(), theme.color("control").name()}
    assert colours(0, 1) == {theme.color("accent_soft").name()}
    assert len({tuple(colours(1, column)) for column in range(4)}) == 4


def test_the_scale_only_ever_gets_stronger(heat_map: HeatMap, qapp: QApplication) -> None:
    for mode in ("light", "dark"):
        theme.apply(qapp, mode, 1.0)  # type: ignore[arg-type]  # one of them
        shades = heat_map._shades.astype(np.int64)
        grey = 0.3 * (shades >> 16 & 255) + 0.59 * (shades >> 8 & 255) + 0.11 * (shades & 255)
        steps = np.diff(grey)
        assert (steps < 0).all() if mode == "light" else (steps > 0).all()


def test_numbers_are_read_on_every_shade(heat_map: HeatMap, qapp: QApplication) -> None:
    for mode in ("light", "dark"):
        theme.apply(qapp, mode, 1.0)  # type: ignore[arg-type]  # one of them
        shades = heat_map._shades.astype(np.int64)
        colours = np.stack([shades >> 16 & 255, shades >> 8 & 255, shades & 255], axis=1).astype(float)
        inks = np.array([luminance(rgb(theme.color(ink))) for ink in heat_map._inks])
        assert contrast(luminance(colours), inks).min() >= 4.5


def test_cells_by_pointer_and_key(heat_map: HeatMap, qtbot: QtBot) -> None:
    width = heat_map._width_of_column()
    at = QPoint(heat_map.sizes.px(148) + 3 * width + 5, heat_map.box_of(2).center().y())
    assert heat_map.cell_at(at) == (2, 3)
    assert heat_map.cell_at(QPoint(20, at.y())) is None
    assert heat_map.cell_at(QPoint(at.x(), 5)) is None
    qtbot.mouseClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=at)
    with qtbot.waitSignal(heat_map.chosen) as told:
        qtbot.mouseDClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [3, 3]
    qtbot.keyClick(heat_map, Qt.Key.Key_Right)
    qtbot.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.accessibleDescription() == heat_map.cell_words(3, 4)
    with qtbot.waitSignal(heat_map.chosen) as told:
        qtbot.keyClick(heat_map, Qt.Key.Key_Return)
    assert told.args == [4, 4]


def test_the_cell_under_the_pointer_is_told_above(heat_map: HeatMap) -> None:
    before = heat_map.grab().toImage()
    at = QPoint(heat_map.sizes.px(148) + 5, heat_map.box_of(1).center().y())
    hover(heat_map.viewport(), at)
    after = heat_map.grab().toImage()
    head = heat_map._head()
    assert before.copy(0, 0, before.width(), head) != after.copy(0, 0, after.width(), head)


@pytest.mark.parametrize(("rows", "hours"), [(1, 1), (500, 24), (3, 168)])
def test_any_sheet_can_be_drawn(heat_map: HeatMap, rows: int, hours: int) -> None:
    heat_map.show_data(sheet(rows, hours))
    assert not heat_map.grab().isNull()
    data = sheet(rows, hours)
    off = np.ones_like(data.off)
    heat_map.show_data(HeatData(data.keys, data.names, data.hours, np.zeros_like(data.values), off, "contacts"))
    assert not heat_map.grab().isNull()
    heat_map.show_data(None)
    assert heat_map.cell_at(QPoint(300, 100)) is None


def test_each_step_begins_where_the_one_before_ended(cause_bars: CauseBars) -> None:
    cause_bars.clearFocus()
    image = cause_bars.grab().toImage()
    first, second = (runs(image, cause_bars.box_of(row).center().y() - 3, "accent")[0] for row in (0, 1))
    assert second[0] == pytest.approx(first[1], abs=2)
    takes_away = runs(image, cause_bars.box_of(3).center().y() - 3, "control")[-1]
    together = runs(image, cause_bars.box_of(4).center().y() - 3, "text_muted")[0]
    assert together[1] == pytest.approx(takes_away[0], abs=2)


def test_a_press_or_return_chooses_a_part(cause_bars: CauseBars, qtbot: QtBot) -> None:
    at = cause_bars.box_of(1).center()
    with qtbot.waitSignal(cause_bars.chosen) as told:
        qtbot.mouseClick(cause_bars.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == ["routed"]
    qtbot.keyClick(cause_bars, Qt.Key.Key_Down)
    assert cause_bars.accessibleDescription().startswith("Shift length: +5.2")
    with qtbot.waitSignal(cause_bars.chosen) as told:
        qtbot.keyClick(cause_bars, Qt.Key.Key_Return)
    assert told.args == ["shift_length"]


def test_the_sum_is_no_part(cause_bars: CauseBars, qtbot: QtBot) -> None:
    assert cause_bars.part_at(cause_bars.box_of(4).center()) == -1
    with qtbot.assertNotEmitted(cause_bars.chosen):
        qtbot.keyClick(cause_bars, Qt.Key.Key_End)
        qtbot.keyClick(cause_bars, Qt.Key.Key_Return)
    assert cause_bars.accessibleDescription() == "Together: +40.2"


@pytest.mark.parametrize("values", [(), (0.0,), (0.0, 0.0), (-0.2, -0.1), (1e9, -1e9)])
def test_any_parts_can_be_drawn(cause_bars: CauseBars, values: tuple[float, ...]) -> None:
    cause_bars.show_parts([Part(f"p{place}", "x", value, f"{value:+.1f}") for place, value in enumerate(values)], "0")
    assert not cause_bars.grab().isNull()
    assert cause_bars.sizeHint().height() >= theme.ROW_HEIGHT


def test_words_and_theme_follow(load_bars: LoadBars, qapp: QApplication, in_english: None) -> None:
    english = load_bars.grab().toImage()
    language.use("zh_CN")
    assert load_bars.words(0).startswith("彭欣妍 Peng Xinyan")
    chinese = load_bars.grab().toImage()
    assert chinese != english
    theme.apply(qapp, "dark", 2.0)
    assert load_bars.box_of(0).height() == 2 * theme.ROW_HEIGHT
    load_bars.set_large(True)
    assert load_bars.box_of(0).height() == round(3.5 * theme.ROW_HEIGHT)
