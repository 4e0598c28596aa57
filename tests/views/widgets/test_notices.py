"""Banner, toast, progress, empty state, time slider and the second window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from console.clock import DAY, HOUR, MINUTE
from console.views import theme
from console.views.widgets.banner import Banner
from console.views.widgets.detached import DetachedWindow
from console.views.widgets.empty import EmptyState
from console.views.widgets.labels import ElidedLabel, label
from console.views.widgets.progress import ProgressStrip
from console.views.widgets.time_slider import TimeSlider
from console.views.widgets.toast import Toast
from tests.views.stand_ins import NOW, SHANGHAI


def press(widget: QWidget, text: str) -> None:
    next(b for b in widget.findChildren(QAbstractButton) if text in (b.text(), b.accessibleName())).click()


def test_a_banner_says_its_state_in_words_and_offers_what_to_do(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message("The disk is full.", theme.State.DANGER, "Free space", dismissible=True)
    assert banner.accessibleName() == "Alarm: The disk is full."
    with qtbot.waitSignal(banner.action_requested):
        press(banner, "Free space")
    with qtbot.waitSignal(banner.dismissed):
        press(banner, "Dismiss")
    assert banner.isHidden()


def test_a_customer_s_words_are_never_markup(qtbot: QtBot) -> None:
    made = label("<b>refund</b><img src='file:///x'>")
    qtbot.addWidget(made)
    assert made.textFormat() == Qt.TextFormat.PlainText
    assert ElidedLabel("<b>").textFormat() == Qt.TextFormat.PlainText


def test_a_label_without_room_keeps_its_whole_text_within_reach(qtbot: QtBot) -> None:
    made = ElidedLabel("the parcel was damaged in transit")
    qtbot.addWidget(made)
    made.resize(60, 20)
    made.show()
    assert made.text().endswith("…")
    assert made.toolTip() == made.accessibleName() == made.full_text()
    made.resize(600, 20)
    assert made.text() == made.full_text()


def test_a_toast_can_undo_once(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    window.show()
    toast = Toast(window)
    undone: list[str] = []
    toast.tell("Moved 4 tickets", action="Undo", run=lambda: undone.append("undo"))
    assert toast.isVisible()
    assert window.rect().contains(toast.geometry())
    window.resize(900, 600)
    assert abs(toast.geometry().center().x() - 450) <= 1
    press(toast, "Undo")
    press(toast, "Undo")
    assert undone == ["undo"]
    assert toast.isHidden()


def test_a_toast_covers_nothing_that_must_stay_in_sight(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    toast = Toast(window)
    foot = 0
    toast.stand_above(lambda: foot)
    toast.tell("Moved")
    before = toast.geometry().bottom()
    foot = 60
    toast.place()
    assert toast.geometry().bottom() == before - 60


def test_progress_shows_how_far_and_asks_to_stop(qtbot: QtBot) -> None:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    strip.start("Importing")
    bar = strip.findChild(QProgressBar)
    assert bar.maximum() == 0
    strip.set_progress(412_000, 1_000_000)
    assert bar.value() / bar.maximum() == pytest.approx(0.412)
    with qtbot.waitSignal(strip.cancel_requested):
        press(strip, "Cancel")
    assert any("stopping" in piece.text() for piece in strip.findChildren(QLabel))
    strip.finish()
    assert strip.isHidden()


def test_an_empty_state_says_why_and_what_to_do(qtbot: QtBot) -> None:
    empty = EmptyState("list-search", "No ticket matches", "Six filters are on.", "Reset")
    qtbot.addWidget(empty)
    assert empty.accessibleName() == "No ticket matches Six filters are on."
    with qtbot.waitSignal(empty.action_requested):
        press(empty, "Reset")


@pytest.fixture
def slider(qtbot: QtBot) -> TimeSlider:
    made = TimeSlider(SHANGHAI)
    qtbot.addWidget(made)
    made.resize(600, 44)
    made.set_span(NOW - 56 * DAY, NOW)
    made.show()
    return made


@pytest.mark.parametrize(
    ("key", "moved"), [(Qt.Key.Key_Left, MINUTE), (Qt.Key.Key_PageDown, HOUR), (Qt.Key.Key_Down, DAY)]
)
def test_keys_step_through_time(slider: TimeSlider, qtbot: QtBot, key: Qt.Key, moved: int) -> None:
    with qtbot.waitSignal(slider.instant_chosen) as told:
        qtbot.keyClick(slider, key)
    assert told.args == [NOW - moved]
    with qtbot.waitSignal(slider.present_chosen):
        qtbot.keyClick(slider, Qt.Key.Key_End)


def test_the_pointer_jumps_to_its_instant(slider: TimeSlider, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slider.instant_chosen) as told:
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(300, 10))
    assert abs(told.args[0] - (NOW - 28 * DAY)) < DAY


def test_the_present_moves_on_with_the_handle_at_the_end(slider: TimeSlider) -> None:
    slider.set_span(NOW - 56 * DAY, NOW + HOUR)
    assert slider.at_present()
    slider.set_instant(NOW - DAY)
    slider.set_span(NOW - 56 * DAY, NOW + 2 * HOUR)
    assert slider.instant() == NOW - DAY
    assert slider.accessibleDescription() == "2026-11-21 10:00"


@pytest.mark.parametrize("span", [0, HOUR, 5 * HOUR, DAY, 9 * DAY, 56 * DAY, 400 * DAY])
def test_every_span_can_be_drawn(slider: TimeSlider, span: int) -> None:
    slider.set_load([])
    slider.set_span(NOW - span, NOW)
    assert not slider.grab().isNull()
    slider.set_load([0, 3, 1])
    assert not slider.grab().isNull()


def test_a_closed_second_window_gives_its_content_back(qtbot: QtBot) -> None:
    content = QWidget()
    window = DetachedWindow(content, "Board")
    qtbot.addWidget(content)
    window.show()
    window.returned.connect(lambda given: given.setParent(None))
    with qtbot.waitSignal(window.returned) as told:
        window.close()
    assert told.args == [content]


def test_an_empty_state_shows_every_line_of_its_words(qtbot: QtBot) -> None:
    state = EmptyState("search", "Nothing here", "A sentence that is long enough to need a second line, or a third.")
    qtbot.addWidget(state)
    state.resize(500, 400)
    with qtbot.waitExposed(state):
        state.show()
    text = next(piece for piece in state.findChildren(QLabel) if piece.text().startswith("A sentence"))
    assert text.height() >= text.heightForWidth(text.width()) > text.fontMetrics().lineSpacing() * 1.5


def test_the_slider_takes_any_moment(qtbot: QtBot) -> None:
    slider = TimeSlider(SHANGHAI)
    qtbot.addWidget(slider)
    slider.set_span(NOW - DAY, NOW)
    slider.set_instant(NOW + 100 * 365 * DAY)
    assert slider.at_present()
    slider.set_instant(-NOW)
    assert slider.value() == 0
