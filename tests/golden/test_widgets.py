"""The widgets as approved, in both languages, both themes and several sizes; and that the comparison can fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.views import theme
from tests.golden.conftest import Golden, difference
from tests.golden.gallery import gallery, open_evidence

Look = Callable[..., None]
Settle = Callable[[QWidget], None]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_gallery(look: Look, settle: Settle, golden: Golden, qtbot: QtBot, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    page = gallery(words)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    settle(page)
    golden(page, f"widgets-{words}-{mode}")


@pytest.mark.parametrize(("scale", "width", "height"), [(1.5, 1920, 1200), (2.0, 2560, 1600)])
def test_gallery_in_large(
    look: Look, settle: Settle, golden: Golden, qtbot: QtBot, scale: float, width: int, height: int
) -> None:
    look("zh_CN", "light", scale)
    page = gallery("zh_CN")
    qtbot.addWidget(page)
    page.resize(width, height)
    settle(page)
    golden(page, f"widgets-zh_CN-light-{round(scale * 100)}")


@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_evidence(look: Look, settle: Settle, golden: Golden, qtbot: QtBot, words: str) -> None:
    look(words, "light")
    page = gallery(words)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    settle(page)
    open_evidence(page, words)
    golden(page, f"evidence-{words}-light")


def test_another_digit_is_seen_and_another_smoothing_is_not(look: Look) -> None:
    look("en", "light")

    def figure(text: str, grey: int) -> QImage:
        image = QImage(200, 60, QImage.Format.Format_RGB32)
        image.fill(QColor(255, 255, 255))
        with QPainter(image) as painter:
            painter.setFont(theme.font())
            painter.setPen(QColor(grey, grey, grey))
            painter.drawText(10, 30, text)
        return image

    approved = figure("1 284 waiting", 20)
    assert difference(figure("1 284 waiting", 20), approved)[0] == ""
    assert difference(figure("1 284 waiting", 45), approved)[0] == ""
    assert "strongly" in difference(figure("1 234 waiting", 20), approved)[0]
    assert "size" in difference(approved.scaled(100, 60), approved)[0]
