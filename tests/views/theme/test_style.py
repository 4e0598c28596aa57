"""Themes can be switched while the program runs, at every scale, and fall back to light where nobody says."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.theme.sheet import sheet


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication) -> object:
    yield
    theme.apply(qapp, "light", 1.0)


def test_switching_changes_the_palette_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "light")
    with qtbot.waitSignal(theme.notifier().changed):
        theme.apply(qapp, "dark", 1.5)
    assert theme.current().name == "dark"
    assert qapp.palette().color(QPalette.ColorRole.Window) == theme.color("surface")
    assert qapp.font().pixelSize() == round(13 * 1.5)
    assert theme.px(8) == 12


def test_the_desktop_that_says_nothing_gets_light(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GTK_THEME", raising=False)
    theme.apply(qapp, "system")
    assert theme.current().name == "light"
    assert theme.mode() == "system"


def test_a_dark_gtk_theme_is_followed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GTK_THEME", "Adwaita:dark")
    theme.apply(qapp, "system")
    assert theme.current().name == "dark"


@pytest.mark.parametrize("scale", [0.5, 2.5])
def test_a_scale_that_cannot_be_drawn_is_refused(qapp: QApplication, scale: float) -> None:
    with pytest.raises(ValueError, match="between"):
        theme.apply(qapp, "light", scale)


@pytest.mark.parametrize("size", ["small", "body", "figure"])
@pytest.mark.parametrize("strong", [False, True])
def test_digits_are_tabular_in_every_text(qapp: QApplication, size: theme.TextSize, strong: bool) -> None:
    metrics = QFontMetrics(theme.font(size, strong=strong))
    assert {metrics.horizontalAdvance(digit) for digit in "0123456789"} == {metrics.horizontalAdvance("0")}


def test_the_bundled_fonts_have_the_words_of_both_languages(qapp: QApplication) -> None:
    assert not [letter for letter in "Aé客服喆玥镕–…•→≥×" if not QFontMetrics(theme.font()).inFontUcs4(ord(letter))]
    assert not [
        letter for letter in "Ag客服喆玥镕" if not QFontMetrics(theme.font(strong=True)).inFontUcs4(ord(letter))
    ]


@pytest.mark.parametrize("scale", theme.SCALES)
def test_the_sheet_is_filled_at_every_scale(qapp: QApplication, scale: float) -> None:
    theme.apply(qapp, "dark", scale)
    text = sheet(theme.current())
    assert "$" not in text
    assert re.findall(r"-\d+px", text) == []


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    before = theme.pixmap("search").toImage()
    theme.apply(qapp, "dark")
    assert theme.pixmap("search").toImage() != before


def test_an_icon_that_is_not_shipped_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        theme.icon("no-such-icon")
