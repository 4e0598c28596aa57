"""Work behind the window waits for a frame, but not for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from console import turns


@pytest.fixture(autouse=True)
def nobody_s_turn() -> Iterator[None]:
    yield
    turns.end_frame()


def test_work_waits_until_the_frame_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 60)
    done = threading.Event()

    def work() -> None:
        turns.after_the_frame()
        done.set()

    turns.begin_frame()
    worker = threading.Thread(target=work)
    worker.start()
    assert not done.is_set()
    turns.end_frame()
    worker.join(60)
    assert done.is_set()


def test_a_frame_that_never_ends_does_not_stop_the_work() -> None:
    turns.begin_frame()
    turns.after_the_frame()


def test_without_a_frame_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", None)
    turns.after_the_frame()
