"""Questions and wishes run away from the GUI thread, and their answers come back to it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.errors import KnownError
from console.models.domain.ports import Progress
from console.views.ops import InlineExecutor, Ops


@pytest.fixture
def ops(qapp: object) -> Iterator[Ops]:
    made = Ops()
    yield made
    made.close()


@pytest.fixture
def inline(qapp: object) -> Ops:
    return Ops(InlineExecutor(), InlineExecutor())


def test_work_runs_elsewhere_and_the_answer_comes_home(ops: Ops, qtbot: QtBot) -> None:
    seen: list[tuple[str, int]] = []
    here = threading.get_ident()
    ops.read(lambda _p: threading.get_ident(), lambda there: seen.append(("work", there)))
    ops.read(lambda _p: 1, lambda _r: seen.append(("callback", threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert dict(seen)["work"] != here
    assert dict(seen)["callback"] == here


def test_writes_happen_one_after_another_in_the_order_asked(ops: Ops, qtbot: QtBot) -> None:
    order: list[int] = []
    gate = threading.Event()

    def first(_progress: Progress) -> None:
        gate.wait(5)
        order.append(1)

    ops.write(first)
    ops.write(lambda _p: order.append(2))
    done: list[None] = []
    ops.write(lambda _p: order.append(3), done.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(done))
    assert order == [1, 2, 3]


def test_a_newer_question_with_the_same_key_silences_the_older(ops: Ops, qtbot: QtBot) -> None:
    gate = threading.Event()
    answers: list[str] = []

    def slow(_progress: Progress) -> str:
        gate.wait(5)
        return "old"

    older = ops.read(slow, answers.append, key="evidence", cancelled=lambda: answers.append("cancelled"))
    ops.read(lambda _p: "new", answers.append, key="evidence")
    gate.set()
    qtbot.waitUntil(lambda: "new" in answers)
    ops.close()
    assert older.stopping
    assert answers == ["new"]


def test_a_cancelled_job_stops_at_its_next_step_and_says_so(ops: Ops, qtbot: QtBot) -> None:
    told: list[str] = []
    started = threading.Event()

    def count(progress: Progress) -> str:
        done = 0
        while True:
            started.set()
            progress.step(done, 0)
            done += 1

    job = ops.read(count, lambda _r: told.append("success"), cancelled=lambda: told.append("cancelled"))
    started.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["cancelled"]


def test_progress_arrives_with_the_newest_figures(ops: Ops, qtbot: QtBot) -> None:
    steps: list[tuple[int, int]] = []
    done: list[str] = []

    def work(progress: Progress) -> str:
        for step in range(1_000):
            progress.step(step, 999)
        return "ok"

    ops.read(work, done.append, progress=lambda *figures: steps.append(figures))
    qtbot.waitUntil(lambda: bool(done))
    assert steps
    assert steps[-1] == (999, 999)
    assert steps == sorted(steps)


def test_a_failure_of_the_world_goes_to_who_asked(inline: Ops) -> None:
    failures: list[BaseException] = []

    def work(_progress: Progress) -> None:
        raise KnownError("the disk is full")

    inline.write(work, failure=failures.append)
    assert [str(failure) for failure in failures] == ["the disk is full"]


def test_a_failure_that_nobody_awaits_is_told_to_everybody(inline: Ops, qtbot: QtBot) -> None:
    def work(_progress: Progress) -> None:
        raise KnownError("the disk is full")

    with qtbot.waitSignal(inline.failed) as told:
        inline.write(work)
    assert str(told.args[0]) == "the disk is full"


def test_a_mistake_of_ours_also_reaches_the_crash_funnel(inline: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: caught.append(kind))
    inline.read(lambda _p: 1 / 0, lambda _r: None, failure=lambda _e: None)
    assert caught == [ZeroDivisionError]


def test_an_owner_that_is_gone_is_not_called(ops: Ops, qtbot: QtBot) -> None:
    owner, called, other = QObject(), [], []
    gate = threading.Event()
    ops.read(lambda _p: gate.wait(5), called.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    ops.read(lambda _p: 1, other.append)
    qtbot.waitUntil(lambda: bool(other))
    ops.close()
    assert called == []


def test_closing_waits_for_what_runs_and_drops_what_waits(qapp: object) -> None:
    ops = Ops()
    started, ended = threading.Event(), []

    def work(progress: Progress) -> None:
        started.set()
        while not progress.cancelled():
            pass
        ended.append(True)

    ops.write(work)
    ops.write(lambda _p: ended.append("never"))
    started.wait(5)
    ops.close()
    assert ended == [True]
