"""Compares what a widget looks like with a picture that a person has approved.

A picture that differs lands in ``tests/golden/failed`` beside a third one that shows where. Look at it; when the new
look is meant, run the test again with ``--approve-golden``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.shell import language
from console.views.tables import ticket_window

FOLDER = Path(__file__).parent
IMAGES = FOLDER / "images"
FAILED = FOLDER / "failed"
SLIGHT, STRONG = 32, 96
"""Differences of a channel: another FreeType smooths a little differently; another digit differs strongly."""
MOST_SLIGHT_SHARE = 0.002
MOST_STRONG = 8

Golden = Callable[[QWidget, str], None]


def pixels(image: QImage) -> NDArray[np.int16]:
    converted = image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(converted.constBits(), dtype=np.uint8).reshape(converted.height(), converted.bytesPerLine())
    return flat[:, : converted.width() * 4].reshape(converted.height(), converted.width(), 4).astype(np.int16)


def difference(one: QImage, other: QImage) -> tuple[str, QImage | None]:
    """What differs in words (empty when they are alike), and a picture of where."""
    if one.size() != other.size():
        return f"the size is {one.width()}x{one.height()}, not {other.width()}x{other.height()}", None
    apart = np.abs(pixels(one) - pixels(other)).max(axis=2)
    slight, strong = int((apart > SLIGHT).sum()), int((apart > STRONG).sum())
    if slight <= MOST_SLIGHT_SHARE * apart.size and strong <= MOST_STRONG:
        return "", None
    shown = np.zeros((*apart.shape, 4), dtype=np.uint8)
    shown[..., 0] = np.clip(apart * 2, 0, 255)
    shown[..., 3] = 255
    where = QImage(shown.tobytes(), apart.shape[1], apart.shape[0], QImage.Format.Format_RGBA8888).copy()
    return f"{slight} pixels differ, {strong} of them strongly", where


@pytest.fixture(autouse=True)
def whole_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine, a picture is taken of all rows."""
    monkeypatch.setattr(ticket_window, "_PAINT_SECONDS", 60.0)


_ROUNDS, _ROUND_MS = 10, 100


@pytest.fixture
def golden(request: pytest.FixtureRequest, qtbot: QtBot) -> Golden:
    """Check a shown widget against the approved picture of this name. On a slow machine a frame may still be under way:
    a picture that is not right yet is given a second."""

    def check(widget: QWidget, name: str) -> None:
        image = widget.grab().toImage()
        path = IMAGES / f"{name}.png"
        if request.config.getoption("--approve-golden"):
            IMAGES.mkdir(exist_ok=True)
            image.save(str(path))
            return
        approved = QImage(str(path))
        wrong, where = ("nobody has approved a picture yet", None) if approved.isNull() else difference(image, approved)
        for _round in range(_ROUNDS if where is not None else 0):
            qtbot.wait(_ROUND_MS)
            image = widget.grab().toImage()
            wrong, where = difference(image, approved)
            if not wrong:
                break
        if wrong:
            FAILED.mkdir(exist_ok=True)
            image.save(str(FAILED / f"{name}.png"))
            if where is not None:
                where.save(str(FAILED / f"{name}.difference.png"))
            pytest.fail(f"{name}: {wrong}; see {FAILED.name}/{name}.png, approve with --approve-golden", pytrace=False)

    return check


@pytest.fixture
def look(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[str, theme.Mode, float], None]]:
    """Put a language, a theme and a scale into force; light English at scale 1 afterwards."""
    flash = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)

    def put(words: str, mode: theme.Mode, scale: float = 1.0) -> None:
        language.use(words)
        theme.apply(qapp, mode, scale)

    yield put
    put("en", "light")
    qapp.setCursorFlashTime(flash)


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Show a window and wait until it is drawn and active, with the focus nowhere."""

    def wait(window: QWidget) -> None:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        focus = window.focusWidget()
        if focus is not None:
            focus.clearFocus()

    return wait
