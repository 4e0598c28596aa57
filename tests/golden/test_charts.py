"""The charts of the balance as approved: small fixed figures, in both languages and themes, and large for a wall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QGridLayout, QWidget
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.charts.cause_bars import CauseBars
from console.views.charts.heat_map import HeatMap
from console.views.charts.index_chart import IndexChart
from console.views.charts.load_bars import LoadBars
from console.views.charts.lorenz_chart import LorenzChart
from console.views.theme import State
from tests.golden.conftest import Golden
from tests.views.charts.figures import LOAD, bars, course, curve, parts, sheet

Look = Callable[..., None]
Settle = Callable[[QWidget], None]
WORDS = {
    "en": {"unit": "contacts", "full": "9 of 8", "break": "On break", "causes": {}},
    "zh_CN": {
        "unit": "会话",
        "full": "9 / 8",
        "break": "小休",
        "causes": {
            "picked": {"name": "自行领取", "behind": "彭欣妍 +8.2、蔡语嫣 +6.1 · 退款 +9.0"},
            "routed": {"name": "分配规则", "behind": "韦安琪 +5.0"},
            "shift_length": {"name": "班次时长", "behind": ""},
            "transferred": {"name": "转入", "behind": "雷子睿 −2.0"},
        },
    },
}


class Page(QWidget):
    """All five, as they may stand on a screen."""

    def __init__(self, language: str, *, large: bool = False) -> None:
        super().__init__()
        words = WORDS[language]
        self.curve, self.bars, self.causes = LorenzChart(), LoadBars("agents"), CauseBars("causes")
        self.sheet, self.course = HeatMap("hours"), IndexChart("course")
        grid = QGridLayout(self)
        grid.setSpacing(theme.px(12))
        grid.addWidget(self.curve, 0, 0)
        grid.addWidget(self.bars, 0, 1)
        grid.addWidget(self.causes, 1, 0, 1, 2)
        grid.addWidget(self.course, 2, 0)
        grid.addWidget(self.sheet, 2, 1)
        grid.setRowStretch(0, 5)
        grid.setRowStretch(2, 4)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        for chart in (self.curve, self.bars, self.causes, self.sheet, self.course):
            chart.set_large(large)
        self.curve.show_data(curve(after=np.linspace(26, 9, LOAD.size)))
        notes = {0: (words["full"], State.DANGER), 3: (words["break"], State.PAUSED)}
        self.bars.show_data(replace(bars(unit=words["unit"]), notes=notes))
        told = [replace(part, **words["causes"].get(part.key, {})) for part in parts()]
        self.causes.show_parts(told, "+40.2")
        self.sheet.show_data(sheet(unit=words["unit"]))
        self.course.show_data(course())


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_charts(look: Look, settle: Settle, golden: Golden, qtbot: QtBot, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    page = Page(words)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    settle(page)
    golden(page, f"charts-{words}-{mode}")


def test_charts_on_a_wall(look: Look, settle: Settle, golden: Golden, qtbot: QtBot) -> None:
    look("zh_CN", "dark")
    page = Page("zh_CN", large=True)
    qtbot.addWidget(page)
    page.resize(1920, 1080)
    settle(page)
    golden(page, "charts-wall-zh_CN-dark")


def test_charts_at_twice_the_scale(look: Look, settle: Settle, golden: Golden, qtbot: QtBot) -> None:
    look("en", "light", 2.0)
    page = Page("en")
    qtbot.addWidget(page)
    page.resize(2000, 1300)
    settle(page)
    golden(page, "charts-en-light-200")


def test_what_the_pointer_and_the_keys_show(look: Look, settle: Settle, golden: Golden, qtbot: QtBot) -> None:
    look("en", "light")
    page = Page("en")
    qtbot.addWidget(page)
    page.resize(1280, 800)
    settle(page)
    page.curve.look_at(0.5)
    page.course.look_at(16.0)
    page.bars.go_to(1)
    page.sheet.setFocus()
    page.sheet.go_to(2)
    golden(page, "charts-read-out-en-light")
