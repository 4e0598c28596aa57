"""People in words, and a session's changes on the GUI thread."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from console.clock import FixedClock
from console.models.actions.session import Session
from console.models.domain.roles import AccountRole, Actor
from console.views.people import SessionSignal, roles_in_short, roles_in_words

ADMIN, COACH, SUPERVISOR = AccountRole.ADMIN, AccountRole.COACH, AccountRole.SUPERVISOR


def test_who_has_no_role_is_a_viewer() -> None:
    assert roles_in_words(()) == "Viewer"
    assert roles_in_words({AccountRole.VIEWER, COACH, SUPERVISOR}) == "Supervisor, Coach"


def test_where_there_is_little_room_the_weightiest_role_stands_first() -> None:
    assert roles_in_short(()) == "Viewer"
    assert roles_in_short({COACH}) == "Coach"
    assert roles_in_short({ADMIN, COACH, SUPERVISOR}) == "Admin +2"


class Ear(QObject):
    """Notes on which thread it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bool] = []

    def hear(self) -> None:
        self.heard.append(QThread.currentThread() is self.thread())


def test_a_change_by_a_worker_is_heard_on_the_gui_thread(qtbot: QtBot) -> None:
    session = Session.of(Actor("li"), FixedClock(0))
    signal, ear = SessionSignal(session), Ear()
    signal.changed.connect(ear.hear)
    with qtbot.waitSignal(signal.changed):
        worker = threading.Thread(target=session.lock)
        worker.start()
        worker.join()
        assert ear.heard == []
    assert ear.heard == [True]
    signal.close()
    session.unlock()
    assert ear.heard == [True]
