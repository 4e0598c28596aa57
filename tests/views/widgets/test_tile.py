"""A tile says its figure in words, opens its evidence by pointer and key, and goes grey when its data is old."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.views import theme
from console.views.widgets.evidence import Evidence, EvidencePopover
from console.views.widgets.tile import Tile, TileFace


def colours(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.fixture
def tile(qtbot: QtBot) -> Tile:
    made = Tile(TileFace("3", "breach in 4 min", "2 complaints", state=theme.State.DANGER))
    qtbot.addWidget(made)
    made.resize(150, 84)
    made.show()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_open_the_evidence(tile: Tile, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(tile.evidence_requested):
        qtbot.keyClick(tile, key)


def test_the_pointer_opens_the_evidence(tile: Tile, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tile.evidence_requested):
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)


def test_a_screen_reader_hears_figure_words_and_state(tile: Tile) -> None:
    interface = QAccessible.queryAccessibleInterface(tile)
    assert interface.text(QAccessible.Text.Name) == "3, breach in 4 min, Alarm, 2 complaints"
    assert interface.role() == QAccessible.Role.Button


def test_old_data_goes_grey_and_says_how_old(tile: Tile) -> None:
    assert theme.color("danger_soft").name() in colours(tile.grab().toImage())
    tile.show_face(TileFace("3", "breach in 4 min", state=theme.State.DANGER, stale="6 min"))
    image = tile.grab().toImage()
    assert theme.color("danger_soft").name() not in colours(image)
    assert theme.color("stale_soft").name() in colours(image)
    assert "data 6 min old" in tile.accessibleName()


def test_the_same_face_again_paints_nothing(tile: Tile, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(tile, "update", lambda: asked.append(True))
    tile.show_face(TileFace("3", "breach in 4 min", "2 complaints", state=theme.State.DANGER))
    assert asked == []
    tile.show_face(TileFace("4", "breach in 4 min", "2 complaints", state=theme.State.DANGER))
    assert asked == [True]


@pytest.fixture
def evidence(qtbot: QtBot) -> Iterator[EvidencePopover]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    anchor = Tile(TileFace("37", "wait"), window)
    anchor.setGeometry(600, 500, 150, 84)
    window.show()
    anchor.setFocus()
    shown = EvidencePopover(
        window,
        Evidence(
            "37 wait",
            "Open tickets that nobody answered.",
            (("Never answered", "6"),),
            "10:00",
            (("T-1", "refund"),),
            37,
        ),
    )
    shown.open_beside(anchor)
    yield shown
    window.close()


def test_evidence_opens_inside_the_window_with_the_focus_in_it(evidence: EvidencePopover, qtbot: QtBot) -> None:
    window = evidence.parentWidget()
    assert window.rect().contains(evidence.geometry())
    qtbot.waitUntil(lambda: evidence.isAncestorOf(window.focusWidget()))


def test_escape_closes_and_gives_the_focus_back(evidence: EvidencePopover, qtbot: QtBot) -> None:
    window = evidence.parentWidget()
    with qtbot.waitSignal(evidence.closed):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert isinstance(window.focusWidget(), Tile)


def test_a_press_elsewhere_closes(evidence: EvidencePopover, qtbot: QtBot) -> None:
    with qtbot.waitSignal(evidence.closed):
        qtbot.mousePress(evidence.parentWidget(), Qt.MouseButton.LeftButton)


def test_evidence_leads_to_the_rows_and_to_one_of_them(evidence: EvidencePopover, qtbot: QtBot) -> None:
    link, show = evidence.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly), []
    buttons = [child for child in link if hasattr(child, "click")]
    evidence.example_requested.connect(show.append)
    evidence.rows_requested.connect(lambda: show.append("rows"))
    for button in buttons:
        button.click()
    assert show == ["T-1", "rows"]
