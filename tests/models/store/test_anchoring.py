"""The anchor follows the commits without anybody waiting for it."""

from __future__ import annotations

import threading

import pytest

from console.models.store.anchoring import Anchoring


class Trail:
    """Counts its anchors; each waits for leave."""

    def __init__(self) -> None:
        self.anchors = 0
        self.fails = False
        self.begun = threading.Event()
        self.leave = threading.Event()

    def anchor(self, *, anew: bool = False) -> bool:
        self.begun.set()
        assert self.leave.wait(30)
        self.anchors += 1
        if self.fails:
            raise RuntimeError("no keyring")
        return not anew


def test_many_commits_need_few_anchors_and_nobody_waits() -> None:
    trail = Trail()
    anchoring = Anchoring(trail)
    anchoring.start()
    anchoring.ask()
    assert trail.begun.wait(30)
    for _commit in range(50):
        anchoring.ask()
    trail.leave.set()
    anchoring.stop()
    assert trail.anchors == 2


def test_at_the_end_it_is_anchored_once_more_and_only_if_need_be() -> None:
    trail = Trail()
    trail.leave.set()
    anchoring = Anchoring(trail)
    anchoring.ask()
    anchoring.stop()
    assert trail.anchors == 1
    idle = Anchoring(trail)
    idle.start()
    idle.stop()
    assert trail.anchors == 1


def test_an_anchor_that_fails_is_told_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    trail = Trail()
    trail.leave.set()
    trail.fails = True
    anchoring = Anchoring(trail)
    anchoring.start()
    anchoring.ask()
    assert trail.begun.wait(30)
    anchoring.stop()
    assert "could not be anchored" in caplog.text
