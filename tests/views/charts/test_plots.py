"""The curve and the course: what they read out, by pointer and key, and that nothing they are shown breaks them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.models.domain.concentration import lorenz, top_share
from console.views import theme
from console.views.charts.index_chart import IndexChart
from console.views.charts.lorenz_chart import LorenzChart, LorenzData
from console.views.shell import language
from tests.views.charts.figures import LOAD, course, curve
from tests.views.charts.pointer import hover


@pytest.fixture
def chart(qtbot: QtBot) -> LorenzChart:
    made = LorenzChart()
    qtbot.addWidget(made)
    made.resize(420, 320)
    made.show()
    made.show_data(curve())
    return made


@pytest.fixture
def history(qtbot: QtBot) -> IndexChart:
    made = IndexChart("Course")
    qtbot.addWidget(made)
    made.resize(720, 240)
    made.show()
    made.show_data(course())
    return made


@pytest.fixture
def in_english() -> Iterator[None]:
    yield
    language.use("en")


def has_colour(widget: QWidget, at: QPointF, name: theme.ColorName, reach: int = 1) -> bool:
    image: QImage = widget.grab().toImage()
    x, y = round(at.x()), round(at.y())
    wanted = theme.color(name).name()
    return any(
        image.pixelColor(x + dx, y + dy).name() == wanted
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
    )


def test_it_is_read_from_the_busiest_on(chart: LorenzChart) -> None:
    assert chart.read_off(0.3) == pytest.approx(top_share(LOAD, np.ones(LOAD.size), 0.3))
    assert (chart.read_off(0.0), chart.read_off(1.0)) == (0.0, 1.0)


def test_the_curve_is_drawn_where_it_is_read(chart: LorenzChart) -> None:
    for part in (0.1, 0.45, 0.6):
        assert has_colour(chart, chart.spot(part, chart.read_off(part)), "accent", 2)


def test_many_people_are_drawn_as_exactly_as_few(chart: LorenzChart) -> None:
    load = np.sort(np.random.default_rng(1).gamma(0.5, 30.0, 3_000))
    drawn = lorenz(load, np.ones(load.size))
    chart.show_data(LorenzData(drawn.capacity, drawn.load, 0.3, 0.68, 0.7))
    for part in (0.02, 0.1, 0.5):
        assert has_colour(chart, chart.spot(part, chart.read_off(part)), "accent", 2)


def test_a_screen_reader_hears_the_headline(chart: LorenzChart) -> None:
    assert chart.accessibleName() == "How the work is shared"
    assert "The busiest 30\N{NO-BREAK SPACE}% carry 7" in chart.accessibleDescription()
    chart.show_data(curve(after=np.linspace(20, 14, LOAD.size)))
    assert "After the proposal they would carry" in chart.accessibleDescription()


def test_the_alarm_has_a_shape_of_its_own(chart: LorenzChart) -> None:
    share = curve().share
    assert has_colour(chart, chart.spot(0.3, share), "danger")
    even = np.full(LOAD.size, 10.0)
    chart.show_data(curve(even))
    assert not has_colour(chart, chart.spot(0.3, curve(even).share), "danger")


def test_the_pointer_reads_out_and_a_click_chooses(chart: LorenzChart, qtbot: QtBot) -> None:
    at = chart.spot(0.5, 0.5).toPoint()
    hover(chart.viewport(), at)
    assert chart.looked_at() == pytest.approx(0.5, abs=0.01)
    with qtbot.waitSignal(chart.chosen) as told:
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [pytest.approx(0.5, abs=0.01)]
    hover(chart.viewport(), QPoint(1, 100))
    assert chart.looked_at() is None


def test_the_arrow_keys_read_out_and_return_chooses(chart: LorenzChart, qtbot: QtBot) -> None:
    whole = chart.accessibleDescription()
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.looked_at() == pytest.approx(0.05)
    assert chart.accessibleDescription().startswith("the busiest 5")
    with qtbot.waitSignal(chart.chosen) as told:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert told.args == [pytest.approx(0.05)]
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.looked_at() is None
    chart.clearFocus()
    assert chart.accessibleDescription() == whole


def test_without_a_curve_nothing_is_read_or_chosen(chart: LorenzChart, qtbot: QtBot) -> None:
    chart.show_data(None)
    with qtbot.assertNotEmitted(chart.chosen):
        qtbot.keyClick(chart, Qt.Key.Key_Return)
        qtbot.keyClick(chart, Qt.Key.Key_Right)
        qtbot.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.spot(0.5, 0.5).toPoint())
    assert chart.looked_at() is None or chart.read(0.5) is None
    assert chart.accessibleDescription() == ""
    chart.grab()


@pytest.mark.parametrize("load", [np.ones(1), np.zeros(5), np.array([1e15, 1.0, 0.0]), np.arange(500, dtype=float)])
def test_any_team_can_be_drawn(chart: LorenzChart, load: np.ndarray) -> None:
    chart.show_data(curve(load, after=load))
    assert not chart.grab().isNull()


def test_a_band_of_fair_days_takes_the_place_of_the_ground(chart: LorenzChart) -> None:
    people = np.linspace(0, 1, 11)
    shown = curve()
    chart.show_data(
        LorenzData(shown.people, shown.work, 0.3, shown.share, 0.7, fair=(people, people**1.6, people**1.2))
    )
    inside = chart.spot(0.5, 1 - (0.5**1.4))
    assert has_colour(chart, inside, "sunken", 0)


def test_other_words_and_another_theme_are_drawn_at_once(
    chart: LorenzChart, qapp: QApplication, in_english: None
) -> None:
    before = chart.grab().toImage()
    language.use("zh_CN")
    chart.retranslate()
    assert chart.accessibleDescription().startswith("最忙的")
    chinese = chart.grab().toImage()
    assert chinese != before
    theme.apply(qapp, "dark", 1.0)
    assert has_colour(chart, QPointF(chart.width() - 3, 3), "raised")
    assert chart.grab().toImage() != chinese


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_word_of_the_axes_lies_inside(chart: LorenzChart, qapp: QApplication, scale: float) -> None:
    theme.apply(qapp, "light", scale)
    chart.resize(round(420 * scale), round(320 * scale))
    area = chart.area()
    assert chart.viewport().rect().contains(area.toAlignedRect())
    line = QFontMetricsF(chart.sizes.font("small")).height()
    assert chart.viewport().height() - area.bottom() >= line + 6 * scale
    chart.clearFocus()
    seen = chart.grab().toImage()
    last = (seen.width() - 1, seen.height() - 1)
    edge = {seen.pixelColor(x, y).name() for y in range(last[1]) for x in (0, 1, last[0] - 1, last[0])}
    edge |= {seen.pixelColor(x, y).name() for x in range(last[0]) for y in (0, last[1] - 1, last[1])}
    assert edge == {theme.color("raised").name()}


def test_it_closes_like_any_widget_and_can_be_shown_again(chart: LorenzChart) -> None:
    assert chart.close()
    chart.show()
    assert has_colour(chart, chart.spot(0.5, chart.read_off(0.5)), "accent", 2)


def test_large_is_larger(chart: LorenzChart) -> None:
    before = chart.area()
    hint = chart.sizeHint()
    chart.set_large(True)
    assert chart.area().left() > before.left()
    assert chart.sizeHint().width() == pytest.approx(1.75 * hint.width(), abs=1)
    chart.set_large(False)
    assert chart.area() == before


def test_a_step_of_the_course_is_read_and_chosen(history: IndexChart, qtbot: QtBot) -> None:
    at = history.spot(5, 0.5).toPoint()
    hover(history.viewport(), at)
    assert history.read(history.looked_at() or 0.0)[1] == course().spoken[5]  # type: ignore[index]  # it is known
    with qtbot.waitSignal(history.chosen) as told:
        qtbot.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert told.args == [5]


def test_the_keys_go_from_step_to_step(history: IndexChart, qtbot: QtBot) -> None:
    qtbot.keyClick(history, Qt.Key.Key_Left)
    assert history.looked_at() == 23
    qtbot.keyClick(history, Qt.Key.Key_Left)
    assert history.accessibleDescription() == course().spoken[22]
    with qtbot.waitSignal(history.chosen) as told:
        qtbot.keyClick(history, Qt.Key.Key_Return)
    assert told.args == [22]


def test_what_is_over_the_limit_is_marked_and_counted(history: IndexChart) -> None:
    data = course()
    over = int((data.share >= data.limit).sum())
    assert f"{over} at or over the limit" in history.accessibleDescription()
    place = int(np.flatnonzero(data.share >= data.limit)[0])
    assert has_colour(history, history.spot(place, float(data.share[place])), "danger")


def test_a_gap_stays_a_gap(history: IndexChart) -> None:
    data = course()
    between = history.spot(3, float((data.share[2] + data.share[4]) / 2))
    assert not has_colour(history, between, "accent", 3)
    assert not has_colour(history, history.spot(10, 0.66), "accent_soft", 0)
    assert has_colour(history, history.spot(11, 0.58), "accent_soft", 1)
    assert has_colour(history, history.spot(2.0, float(data.share[2])), "accent", 2)


def test_the_range_of_a_step_alone_is_drawn(history: IndexChart) -> None:
    low = float(course().low[9])
    assert has_colour(history, history.spot(9, low + 0.02), "accent_soft", 0)


def test_the_hours_below_follow_the_width(history: IndexChart) -> None:
    wide = [words for _at, words in history._ticks[0]]
    history.resize(300, 240)
    narrow = [words for _at, words in history._ticks[0]]
    assert wide[:3] == ["00:00", "02:00", "04:00"]
    assert narrow[0] == "00:00"
    assert 2 <= len(narrow) < len(wide) // 2


@pytest.mark.parametrize("points", [1, 2, 500])
def test_any_course_can_be_drawn(history: IndexChart, points: int) -> None:
    history.show_data(course(points))
    assert not history.grab().isNull()


def test_nothing_known_is_said(history: IndexChart) -> None:
    data = course()
    unknown = np.full(len(data.names), np.nan)
    history.show_data(type(data)(data.names, unknown, unknown, unknown, 0.7, data.spoken))
    assert history.accessibleDescription() == "Nothing is known of this time."
    history.show_data(None)
    assert history.accessibleDescription() == ""
    assert history.place_at(2.0) is None


def test_the_window_opens_without_pyqtgraph() -> None:
    told = "import sys, console.app, console.views.shell.registry; print('pyqtgraph' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
