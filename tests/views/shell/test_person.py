"""The person at the console: signing in, locking, taking over, and the window that is covered meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from console.clock import FixedClock
from console.models.actions.accounts import grant_role, set_passphrase
from console.models.actions.session import Session, SessionState
from console.models.domain.roles import AccountRole, Actor
from console.models.queries.inbox import Counts
from console.models.store.audit import Wanted
from console.views.shell.idle import IdleWatch
from console.views.shell.lock_layer import LockLayer
from console.views.shell.main_window import MainWindow
from console.views.shell.passphrase import PassphraseCard, SwitchCard
from console.views.widgets.card import Card
from tests.models.actions.door import Door
from tests.views.stand_ins import NOW, SCREENS, SampleScreen, context

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def door(tmp_path: Path, clock: FixedClock) -> Iterator[Door]:
    made = Door(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, door: Door, clock: FixedClock) -> Iterator[MainWindow]:
    around = replace(context(), clock=clock, session=Session(door, clock), access=door)
    made = MainWindow(around, SCREENS)
    made.show_screen("sample")
    qtbot.addWidget(made)
    made.resize(1280, 800)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def begin(window: MainWindow) -> None:
    then: list[str] = []
    window.person.begin(lambda: then.append("known"))
    assert then == ["known"]


def with_passphrase(door: Door, clock: FixedClock, name: str = "boss", passphrase: str = "right one") -> None:
    set_passphrase(door.accounts, door.hasher, BOSS, name, passphrase, clock)


def act(window: MainWindow, key: str) -> None:
    next(action for action in window.actions() if action.objectName() == key).trigger()


def press(card: Card, words: str) -> None:
    from PySide6.QtWidgets import QPushButton

    next(made for made in card.findChildren(QPushButton) if made.text() == words).click()


def card(window: MainWindow, kind: type[Card]) -> Card:
    return next(each for each in window.findChildren(kind) if each.isVisible())


def words_of(layer: LockLayer) -> str:
    return " ".join(each.text() for each in layer.findChildren(QLabel) if not each.isHidden())


def test_who_has_no_passphrase_is_signed_in_by_itself(window: MainWindow) -> None:
    assert window.person.button.accessibleName() == "Nobody is signed in."
    assert not window.person.settled
    begin(window)
    assert window.person.settled
    assert window.person.button.accessibleName() == "boss, Administrator"
    assert not window.curtain.drawn


def test_who_has_a_passphrase_is_asked_before_anything_is_shown(
    window: MainWindow, door: Door, clock: FixedClock
) -> None:
    with_passphrase(door, clock)
    begin(window)
    layer = window.person.layer
    assert window.curtain.drawn
    assert not window.rail.isVisible()
    assert not window.stage.isVisible()
    assert "Locked by boss" in words_of(layer)
    QTest.keyClicks(window.focusWidget(), "wrong one")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert window.curtain.drawn
    assert "The account or the passphrase is wrong." in words_of(layer)
    assert door.chain.rows(Wanted())[0].reason == "wrong_passphrase"
    QTest.keyClicks(window.focusWidget(), "right one")
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert not window.curtain.drawn
    assert window.stage.isVisible()


def test_after_too_many_wrong_ones_it_says_until_when(window: MainWindow, door: Door, clock: FixedClock) -> None:
    with_passphrase(door, clock)
    begin(window)
    for _try in range(6):
        window.person.layer.unlock_requested.emit("wrong one")
    assert "Locked until 10:15 after repeated wrong passphrases." in words_of(window.person.layer)


def test_while_it_is_locked_screens_sleep_and_keys_do_nothing(window: MainWindow) -> None:
    begin(window)
    window.stage.detach("other")
    act(window, "lock")
    sample, other = (window.stage._made[key] for key in ("sample", "other"))
    assert isinstance(sample, SampleScreen)
    assert sample.told[-1] == "deactivated"
    assert not other.isVisible()
    enabled = {action.objectName() for action in window.actions() if action.isEnabled()}
    assert "palette" not in enabled
    assert "sample" not in enabled
    assert "theme" in enabled
    window.person.layer.unlock_requested.emit("")
    assert sample.told[-1] == "activated"
    assert other.isVisible()
    assert next(action for action in window.actions() if action.objectName() == "palette").isEnabled()
    window.stage.attach("other")


def test_a_window_that_comes_back_while_locked_wakes_nobody(window: MainWindow) -> None:
    begin(window)
    act(window, "lock")
    window.hide()
    window.show()
    assert window.stage._made["sample"].told[-1] == "deactivated"


def test_the_lock_keeps_the_time_and_the_open_escalations(window: MainWindow, clock: FixedClock) -> None:
    begin(window)
    window.strip.set_escalations(Counts(1, 2))
    act(window, "lock")
    assert "10:00:00" in words_of(window.person.layer)
    assert "3 open escalations" in words_of(window.person.layer)
    clock.advance(61)
    window.strip.set_escalations(Counts(1, 3))
    window._second.timeout.emit()
    assert "10:01:01" in words_of(window.person.layer)
    assert "4 open escalations" in words_of(window.person.layer)


def test_open_cards_are_closed_by_the_lock(window: MainWindow) -> None:
    begin(window)
    act(window, "switch_person")
    opened = card(window, SwitchCard)
    act(window, "palette")
    window.person._session.lock()
    assert not opened.isVisible()
    assert window.curtain.drawn


def test_what_was_on_its_way_is_not_shown_over_the_lock(window: MainWindow) -> None:
    begin(window)
    act(window, "lock")
    window.toast.tell("Moved 4 tickets of Zhang Wei")
    assert window.toast.isHidden()
    late = Card(window, "Zhang Wei")
    late.open()
    window.person.layer.switch_requested.emit()
    window._second.timeout.emit()
    assert not late.isVisible()
    assert card(window, SwitchCard).isVisible()
    window.person.layer.unlock_requested.emit("")
    window.toast.tell("Moved 4 tickets of Zhang Wei")
    assert not window.toast.isHidden()


def test_the_lock_changes_its_words_with_the_language(window: MainWindow) -> None:
    begin(window)
    act(window, "lock")
    window.preferences.set_language("zh_CN")
    assert "管理员" in words_of(window.person.layer)
    window.preferences.set_language("en")
    assert "Administrator" in words_of(window.person.layer)


def test_another_person_takes_over_also_while_it_is_locked(window: MainWindow, door: Door, clock: FixedClock) -> None:
    begin(window)
    grant_role(door.accounts, BOSS, "li", AccountRole.SUPERVISOR, clock)
    with_passphrase(door, clock, "li", "li's own one")
    act(window, "lock")
    window.person.layer.switch_requested.emit()
    form = card(window, SwitchCard)
    assert isinstance(form, SwitchCard)
    press(form, "Sign in")
    assert form.wrong.text() == "Give the account's name."
    form.name.setText("li")
    press(form, "Sign in")
    assert form.wrong.text() == "The account or the passphrase is wrong."
    form.passphrase.setText("li's own one")
    press(form, "Sign in")
    assert not window.curtain.drawn
    assert window.person.button.accessibleName() == "li, Supervisor"


def test_a_passphrase_is_set_changed_and_removed(window: MainWindow, door: Door) -> None:
    begin(window)
    act(window, "passphrase")
    form = card(window, PassphraseCard)
    assert isinstance(form, PassphraseCard)
    assert form.present is None
    for wanted, again, wrong in (
        ("short", "short", "A passphrase has at least 8 characters."),
        ("aaaaaaaaa", "aaaaaaaaa", "That is too easy to guess."),
        ("a good long one", "another one", "The two are not the same."),
    ):
        form.wanted.setText(wanted)
        form.again.setText(again)
        press(form, "Save")
        assert form.wrong.text() == wrong
    form.again.setText("a good long one")
    press(form, "Save")
    assert window.person._session.has_passphrase
    act(window, "passphrase")
    form = card(window, PassphraseCard)
    assert isinstance(form, PassphraseCard)
    form.remove.setChecked(True)
    press(form, "Save")
    assert form.wrong.text() == "The account or the passphrase is wrong."
    assert form.present is not None
    form.present.setText("a good long one")
    press(form, "Save")
    assert not window.person._session.has_passphrase
    assert [row.action for row in door.chain.rows(Wanted(action="accounts.passphrase"))] == ["accounts.passphrase"] * 2


def test_roles_given_elsewhere_are_shown(window: MainWindow, door: Door, clock: FixedClock) -> None:
    begin(window)
    grant_role(door.accounts, BOSS, "boss", AccountRole.COACH, clock)
    window.person._refresh.timeout.emit()
    assert window.person.button.accessibleName() == "boss, Coach, Administrator"


def test_what_protects_the_data_is_said_plainly(window: MainWindow, door: Door) -> None:
    begin(window)
    act(window, "protection")
    shown = " ".join(each.text() for each in card(window, Card).findChildren(QLabel))
    assert str(door.file) in shown
    assert "operating system" in shown


def test_the_console_locks_after_a_pause_only_with_a_passphrase(
    qtbot: QtBot, window: MainWindow, door: Door, clock: FixedClock
) -> None:
    window.person.set_idle_minutes(0.002)
    begin(window)
    assert not window.person.idle.running
    with_passphrase(door, clock)
    with qtbot.waitSignal(window.person.lock_changed):
        window.person._refresh.timeout.emit()
    assert window.person._session.state is SessionState.LOCKED
    assert not window.person.idle.running


def test_a_touch_begins_the_pause_anew(qtbot: QtBot, window: MainWindow) -> None:
    watch = IdleWatch()
    watch.set_minutes(60)
    handle = window.windowHandle()
    assert handle is not None
    waits = watch._rest.timerId()
    QTest.mouseMove(handle)
    QTest.keyClick(handle, Qt.Key.Key_Shift)
    assert watch._rest.timerId() != waits
    watch.stop()
    assert not watch.running
    QApplication.sendPostedEvents()
