"""Charts as files: the whole of each, readable by others, and nothing half written."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.models.queries.export import ExportError
from console.views import theme
from console.views.charts.cause_bars import CauseBars
from console.views.charts.heat_map import HeatMap
from console.views.charts.index_chart import IndexChart
from console.views.charts.load_bars import LoadBars
from console.views.charts.lorenz_chart import LorenzChart
from console.views.charts.pictures import save
from tests.golden.conftest import pixels
from tests.views.charts.figures import LOAD, bars, course, curve, parts, sheet


def _curve() -> QWidget:
    made = LorenzChart()
    made.show_data(curve(after=np.linspace(20, 14, LOAD.size)))
    return made


def _bars() -> QWidget:
    made = LoadBars("Agents")
    made.show_data(bars(np.arange(60, 0, -1, dtype=float)))
    return made


def _sheet() -> QWidget:
    made = HeatMap("Hours")
    made.show_data(sheet())
    return made


def _causes() -> QWidget:
    made = CauseBars("Causes")
    made.show_parts(parts(), "+40.2")
    return made


def _course() -> QWidget:
    made = IndexChart("Course")
    made.show_data(course())
    return made


CHARTS = {"curve": _curve, "bars": _bars, "sheet": _sheet, "causes": _causes, "course": _course}


@pytest.fixture(params=CHARTS)
def chart(request: pytest.FixtureRequest, qtbot: QtBot) -> QWidget:
    made = CHARTS[request.param]()
    qtbot.addWidget(made)
    made.resize(600, 240)
    made.show()
    return made


def colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


def test_png_has_all_of_it_sharp(chart: QWidget, tmp_path: Path) -> None:
    save(chart, tmp_path / "chart.png")
    image = QImage(str(tmp_path / "chart.png"))
    assert image.size() == chart.picture_size() * 2
    assert len(colours(image)) > 4
    assert theme.color("focus").name() not in {image.pixelColor(x, 0).name() for x in range(image.width())}


def test_svg_is_drawn_by_others(chart: QWidget, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    save(chart, path)
    assert ElementTree.parse(path).getroot().tag.endswith("svg")
    drawn = QSvgRenderer(str(path))
    assert drawn.isValid()
    assert drawn.viewBox().size() == chart.picture_size()
    size = chart.picture_size()
    shown, ours = (QImage(size, QImage.Format.Format_RGB32) for _side in range(2))
    ours.fill(theme.color("raised"))
    with QPainter(shown) as painter:
        drawn.render(painter, QRectF(0, 0, size.width(), size.height()))
    with QPainter(ours) as painter:
        chart.draw_picture(painter)
    apart = np.abs(pixels(shown) - pixels(ours)).max(axis=2)
    assert (apart > 64).mean() < 0.02  # letters are smoothed in another way


def test_csv_has_the_figures(chart: QWidget, tmp_path: Path) -> None:
    save(chart, tmp_path / "chart.csv")
    with (tmp_path / "chart.csv").open(encoding="utf-8-sig", newline="") as told:
        rows = list(csv.reader(told))
    table = chart.table()
    assert rows[0] == list(table.headers)
    assert len(rows) == 1 + len(table.rows) > 3
    assert all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize("kind", [".png", ".svg", ".csv"])
def test_a_file_that_cannot_be_written_says_so_and_leaves_nothing(
    chart: QWidget, tmp_path: Path, kind: str, qtlog: object
) -> None:
    with qtlog.disabled(), pytest.raises(ExportError, match="could not be written"):  # type: ignore[attr-defined]
        save(chart, tmp_path / "not there" / f"chart{kind}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", [".png", ".svg"])
def test_what_was_begun_and_cannot_be_put_in_place_goes(chart: QWidget, tmp_path: Path, kind: str) -> None:
    taken = tmp_path / f"chart{kind}"
    taken.mkdir()
    with pytest.raises(ExportError, match="could not be written"):
        save(chart, taken)
    assert list(tmp_path.iterdir()) == [taken]


@pytest.mark.parametrize("make", [LorenzChart, lambda: LoadBars("x"), lambda: HeatMap("x"), lambda: CauseBars("x")])
def test_an_empty_chart_is_a_file_too(make: Callable[[], QWidget], qtbot: QtBot, tmp_path: Path) -> None:
    made = make()
    qtbot.addWidget(made)
    for kind in ("png", "svg", "csv"):
        save(made, tmp_path / f"chart.{kind}")
        assert (tmp_path / f"chart.{kind}").stat().st_size


def test_a_picture_has_rows_that_are_scrolled_out_of_sight(qtbot: QtBot, tmp_path: Path) -> None:
    made = _bars()
    qtbot.addWidget(made)
    made.resize(QSize(600, 200))
    made.show()
    made.verticalScrollBar().setValue(300)
    save(made, tmp_path / "bars.png")
    image = QImage(str(tmp_path / "bars.png"))
    first = made.sizes.px(24) * 2 + 26
    assert theme.color("accent").name() in {image.pixelColor(x, first).name() for x in range(image.width())}
    assert image.height() > 60 * 26 * 2
