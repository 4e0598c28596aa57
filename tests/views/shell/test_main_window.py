"""The window: every screen by key, no key twice, switches that reach everybody, screens that sleep unseen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from console import i18n
from console.clock import DAY, FixedClock
from console.models.policy import policy
from console.models.queries.inbox import Counts
from console.views import theme
from console.views.bridge import LiveBoard
from console.views.screen import ActionSpec, add_actions
from console.views.shell.actions import ACTIONS
from console.views.shell.help import ShortcutCard
from console.views.shell.main_window import MainWindow
from console.views.shell.palette import Palette
from console.views.shell.registry import SCREENS as REAL_SCREENS
from console.views.widgets.chips import FilterChip
from console.views.widgets.options import Option
from console.views.widgets.popover import Popover
from tests.views.stand_ins import NOW, SCREENS, SHANGHAI, SampleScreen, context


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> Iterator[MainWindow]:
    made = MainWindow(context(tmp_path), SCREENS)
    made.open()
    yield made
    made.close()
    made.deleteLater()
    theme.apply(qapp, "light", 1.0)


def front(window: MainWindow) -> SampleScreen:
    screen = window.stage.current()
    assert isinstance(screen, SampleScreen)
    return screen


def test_the_first_paint_is_told_once(qtbot: QtBot) -> None:
    window = MainWindow(context(), SCREENS)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.first_painted):
        window.open()
        window.grab()
    with qtbot.assertNotEmitted(window.first_painted):
        window.grab()


def test_every_screen_has_its_key(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.front == "other"
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.stage.front == "sample"
    assert window.windowTitle() == "Live board – Supervisor Console"


def test_a_screen_entered_by_key_gets_the_focus_where_it_wants_it(window: MainWindow, qtbot: QtBot) -> None:
    screen = front(window)
    screen.setFocusProxy(screen.field)
    window.rail.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is screen.field


def keys_twice(actions: Iterable[QAction]) -> list[str]:
    keys = [key.toString() for action in actions for key in action.shortcuts()]
    return [key for key, times in Counter(keys).items() if times > 1]


def test_no_key_means_two_things(qtbot: QtBot) -> None:
    live = LiveBoard(FixedClock(NOW), policy.default(), SHANGHAI)
    window = MainWindow(replace(context(), live=live), REAL_SCREENS)
    qtbot.addWidget(window)
    for row in REAL_SCREENS:
        screen = window.stage.show_screen(row.key)
        inside = [action for part in (screen, *screen.findChildren(QWidget)) for action in part.actions()]
        assert keys_twice({*inside, *window.actions()}) == []
    live.stop()


def test_a_key_that_means_two_things_would_be_found(window: MainWindow) -> None:
    add_actions(window, (ActionSpec("again", "Again", "Ctrl+K"),), {"again": lambda: None})
    assert keys_twice(window.actions()) == ["Ctrl+K"]


def test_every_action_can_be_keyed_or_found_and_has_an_icon(window: MainWindow) -> None:
    for spec in ACTIONS:
        assert not theme.icon(spec.icon).isNull()
        assert not QKeySequence(spec.shortcut).toString() or QKeySequence(spec.shortcut).count() == 1


def test_an_action_without_a_handler_is_a_mistake(window: MainWindow) -> None:
    with pytest.raises(KeyError):
        add_actions(window, (ActionSpec("nobody", "Nobody does this"),), {})


def test_screens_sleep_while_nobody_sees_them(window: MainWindow) -> None:
    sample = front(window)
    assert sample.told == ["activated"]
    window.show_screen("other")
    assert sample.told[-1] == "deactivated"
    assert front(window).told == ["activated"]
    window.hide()
    assert front(window).told == ["activated", "deactivated"]


def test_a_screen_in_a_window_of_its_own_stays_awake_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    sample = front(window)
    other_window = window.stage.detach("sample")
    window.show_screen("other")
    assert sample.isVisible()
    assert sample.told[-1] == "activated"
    assert other_window.windowTitle() == "Live board – Supervisor Console"
    window.show_screen("sample")
    assert window.stage.is_detached("sample")
    other_window.close()
    assert not window.stage.is_detached("sample")
    assert window.stage.currentWidget() is sample
    assert sample.told[-1] == "activated"


def test_the_past_reaches_every_screen_and_one_press_returns(window: MainWindow) -> None:
    front(window).past_requested.emit(NOW - DAY)
    window.show_screen("other")
    assert front(window).told[0] == ("past", NOW - DAY)
    banner = next(label.text() for label in window.banners.findChildren(QLabel) if "2026-11-21 10:00" in label.text())
    assert "looking at" in banner
    next(b for b in window.banners.findChildren(QAbstractButton) if b.text() == "Return to the present").click()
    assert front(window).told[-1] == ("past", None)


def test_switching_the_theme_reaches_screens_and_settings(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.preferences.chosen) as told:
        window.preferences.toggle_theme()
    assert told.args == ["theme", "dark"]
    assert front(window).told[-1] == "retheme"


def test_text_grows_and_shrinks_within_its_limits(window: MainWindow) -> None:
    for _ in range(9):
        window.preferences.step_scale(1)
    assert theme.current().scale == 2.0
    for _ in range(9):
        window.preferences.step_scale(-1)
    assert theme.current().scale == 1.0


def test_the_layout_is_remembered(window: MainWindow, tmp_path: Path) -> None:
    window.resize(1111, 720)
    window.show_screen("other")
    window.stage.detach("sample")
    window.close()
    again = MainWindow(context(tmp_path), SCREENS)
    again.open()
    assert again.stage.front == "other"
    assert again.stage.is_detached("sample")
    # The width is cut to the 800 pixels of the screen that there is in a test, and the smallest width wins over that.
    assert again.height() == 720
    again.close()


def test_a_screen_asked_for_by_name_beats_the_remembered_one(tmp_path: Path, window: MainWindow) -> None:
    window.show_screen("other")
    window.close()
    again = MainWindow(context(tmp_path), SCREENS)
    again.open("sample")
    assert again.stage.front == "sample"
    again.close()


def test_the_palette_finds_screens_actions_and_tickets(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette is not None
    assert palette.offers()[0].title == "Live board"
    qtbot.keyClicks(window.focusWidget(), "escal")
    assert palette.offers()[0].title == "Escalations"
    assert [offer.title for offer in palette.offers()[-2:]] == ["T-20417 escal", "T-20418 escal"]
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.stage.front == "other"
    assert not palette.isVisible()


def test_letters_scattered_over_a_line_come_after_what_holds_them(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette is not None
    qtbot.keyClicks(window.focusWidget(), "esn")
    titles = [offer.title for offer in palette.offers()]
    assert titles.index("T-20417 esn") < titles.index("Escalations")


def test_the_palette_runs_what_the_arrows_chose(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.stage.front == "other"


def test_help_lists_every_key_there_is(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    card = window.findChild(ShortcutCard)
    shown = {label.text() for label in card.findChildren(QLabel)}
    assert {"Ctrl+1", "Ctrl+2", "Ctrl+K", "F1", "F6", "F11", "Ctrl+Q", "Ctrl+C"} <= shown
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert not card.isVisible()


def test_help_shows_whole_lines_with_the_largest_text_in_the_smallest_window(
    window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "light", 2.0)
    window.resize(960, 600)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    card = window.findChild(ShortcutCard)
    qapp.processEvents()
    assert window.rect().contains(card.geometry())
    assert all(label.width() >= label.sizeHint().width() for label in card.findChildren(QLabel))
    assert all(label.height() >= label.sizeHint().height() for label in card.findChildren(QLabel))


def test_a_card_in_the_other_language_is_closed(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    card = window.findChild(ShortcutCard)
    assert card.isVisible()
    window.preferences.set_language("zh_CN")
    assert not card.isVisible()


def test_a_card_does_not_outlive_the_window_of_its_screen(window: MainWindow) -> None:
    chip = FilterChip("Channel", front(window))
    chip.set_options([Option(1, "Phone")])
    chip.show()
    chip.open_list()
    other = window.stage.detach("sample")
    assert not window.findChildren(Popover)[0].isVisible()
    chip.open_list()
    card = other.findChildren(Popover)[0]
    assert card.isVisible()
    other.close()
    assert not card.isVisible()
    assert chip._popover is None


def test_f6_walks_through_the_parts_of_the_window(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None or window.isActiveWindow())
    parts = []
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        focus = window.focusWidget()
        parts.append(next(part for part in (window.rail, window.strip, window.stage) if part.isAncestorOf(focus)))
    assert set(parts[:3]) == {window.rail, window.strip, window.stage}
    assert parts[3] is parts[0]


def test_everything_that_takes_the_focus_has_a_name(window: MainWindow) -> None:
    nameless = [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible()
        and button.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (button.accessibleName() or button.text())
    ]
    assert nameless == []


def test_open_escalations_have_a_slot_that_hides(window: MainWindow) -> None:
    window.strip.set_escalations(Counts(1, 2))
    shown = [b.text().strip() for b in window.strip.findChildren(QAbstractButton) if b.isVisible()]
    assert "Escalations: 1 P1 · 2 P2" in shown
    window.strip.set_escalations(None)
    assert not [b for b in window.strip.findChildren(QAbstractButton) if b.isVisible() and "scalation" in b.text()]


def test_a_language_that_was_never_installed_is_told_and_changes_nothing(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_name: str) -> None:
        raise FileNotFoundError("console.mo")

    monkeypatch.setattr(i18n, "use", missing)
    window.preferences.toggle_language()
    assert "not installed" in window.toast.accessibleName()
