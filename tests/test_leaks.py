"""The watch itself: each kind of leak is found, with the line that made it, and a tidy test passes."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, QRunnable, QThread, QThreadPool, QTimer
from pytestqt.qtbot import QtBot

from tests import leaks


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaks, "GRACE_MS", 50)


def test_a_tidy_test_leaves_nothing(qtbot: QtBot) -> None:
    watch = leaks.Watch()
    timer = QTimer()
    timer.start(1)
    timer.stop()
    thread = threading.Thread(target=lambda: None)
    thread.start()
    assert watch.left_running() == []


def test_a_running_thread_is_named_with_the_line_that_started_it() -> None:
    watch = leaks.Watch()
    release = threading.Event()
    thread = threading.Thread(target=release.wait, name="forgotten")
    thread.start()
    left = watch.left_running()
    release.set()
    thread.join()
    assert len(left) == 1
    assert left[0].startswith("thread 'forgotten' started at tests/test_leaks.py:")
    assert "test_a_running_thread_is_named" in left[0]


def test_a_running_timer_is_named_and_stopped(qtbot: QtBot) -> None:
    watch = leaks.Watch()
    owner = QObject()
    timer = QTimer(owner)
    timer.start(10_000)
    left = watch.left_running()
    assert len(left) == 1
    assert left[0].startswith("QTimer made at tests/test_leaks.py:")
    assert not timer.isActive()


def test_a_timer_whose_owner_waits_to_be_deleted_is_no_leak(qtbot: QtBot) -> None:
    watch = leaks.Watch()
    owner = QObject()
    QTimer(owner).start(10_000)
    owner.deleteLater()
    assert watch.left_running() == []


def test_a_qt_thread_is_named_by_its_class(qtbot: QtBot) -> None:
    class Worker(QThread):
        def run(self) -> None:
            self.exec()

    watch = leaks.Watch()
    worker = Worker()
    worker.start()
    left = watch.left_running()
    worker.quit()
    worker.wait()
    assert len(left) == 1
    assert left[0].startswith("QThread (Worker) made at tests/test_leaks.py:")


def test_a_job_in_a_pool_is_found(qtbot: QtBot) -> None:
    release = threading.Event()

    class Job(QRunnable):
        def run(self) -> None:
            release.wait()

    watch = leaks.Watch()
    pool = QThreadPool()
    pool.start(Job())
    QThreadPool.globalInstance().start(Job())
    left = watch.left_running()
    release.set()
    pool.waitForDone()
    QThreadPool.globalInstance().waitForDone()
    assert len(left) == 2
    assert left[0].startswith("QThreadPool made at tests/test_leaks.py:")
    assert left[1] == "a job in the global QThreadPool"
