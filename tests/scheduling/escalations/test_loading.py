"""Finders read the log on a thread of their own: nobody waits for them, and the newest policy wins."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from console.clock import MINUTE
from console.models.domain.escalation_ports import Crossings
from console.models.domain.ports import Progress
from console.models.policy import policy
from console.models.policy.policy import Policy
from console.scheduling.escalations import loading
from console.scheduling.escalations.crossings import AllCrossings
from console.scheduling.escalations.loading import Loading
from tests.models.domain.escalation_cases import NOON
from tests.scheduling.escalations.conftest import Clocks

LONG = 30.0
FIRST = policy.default()
SECOND = replace(FIRST, inbox=replace(FIRST.inbox, stalled_after=5 * MINUTE))


class Slow(Clocks):
    """A finder that reads the log for as long as a test wants it to."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[Policy] = []
        self.built: list[Policy] = []
        self.troubles: list[Exception] = []
        self.endless = False
        self.gate = threading.Semaphore(0)
        self._moved = threading.Condition()

    def build_anew(self, policy: Policy, progress: Progress) -> None:
        self._note(self.begun, policy)
        while not self.gate.acquire(timeout=0.01 if self.endless else LONG):
            progress.step(0, 1)
            assert self.endless
        progress.step(1, 1)
        if self.troubles:
            raise self.troubles.pop()
        self._note(self.built, policy)

    def wait(self, *, begun: int = 0, built: int = 0) -> bool:
        with self._moved:
            return self._moved.wait_for(lambda: len(self.begun) >= begun and len(self.built) >= built, LONG)

    def _note(self, where: list[Policy], policy: Policy) -> None:
        with self._moved:
            where.append(policy)
            self._moved.notify_all()


class House:
    """Finders, and the thread on which they read."""

    def __init__(self) -> None:
        self.slow, self.quick = Slow(), Clocks()
        self.all = AllCrossings([self.quick, self.slow])
        self.news = threading.Semaphore(0)
        self.loading = Loading(self.all, [self.quick, self.slow], done=self.news.release)


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    made.loading.start()
    yield made
    made.slow.gate.release()
    made.loading.stop()


def test_the_sweep_goes_on_while_finders_read_for_a_policy(house: House) -> None:
    house.loading.set_policy(FIRST)
    assert house.slow.wait(begun=1)
    assert house.all.between(NOON, NOON + MINUTE) == []
    assert house.slow.asked == house.quick.asked == [(NOON, NOON + MINUTE)]
    assert house.slow.built == []
    house.slow.gate.release()
    assert house.news.acquire(timeout=LONG), "there is something new to look at"
    assert house.slow.built == [FIRST]


def test_a_newer_policy_wins(house: House) -> None:
    house.loading.set_policy(FIRST)
    assert house.slow.wait(begun=1)
    house.loading.set_policy(SECOND)
    house.slow.gate.release(2)
    assert house.slow.wait(built=1)
    assert house.slow.built == [SECOND]


def test_a_failure_is_told_and_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LOAD_AGAIN", 0.0)
    house.slow.troubles = [RuntimeError("the disk is away")]
    house.loading.set_policy(FIRST)
    house.slow.gate.release()
    assert house.slow.wait(begun=2)
    assert house.all.failures == ("the disk is away",)
    assert house.all.between(NOON, NOON + MINUTE) == []
    assert house.all.failures == ("the disk is away",), "that it answers by the former figures does not make it well"
    house.slow.gate.release()
    assert house.news.acquire(timeout=LONG)
    assert (house.all.failures, house.slow.built) == ((), [FIRST])


def test_whoever_stops_does_not_wait_for_what_is_read() -> None:
    house = House()
    house.slow.endless = True
    house.loading.start()
    house.loading.set_policy(FIRST)
    assert house.slow.wait(begun=1)
    house.loading.stop()
    assert house.slow.built == []
    Loading(house.all, []).stop()


def test_a_policy_that_comes_while_finders_load_holds_for_them_too() -> None:
    house, late = House(), Slow()
    begun, go = threading.Event(), threading.Event()

    def load(_progress: Progress) -> Sequence[Crossings]:
        begun.set()
        assert go.wait(LONG)
        return [late]

    reading = Loading(house.all, [], load, house.news.release)
    reading.start()
    assert begun.wait(LONG)
    reading.set_policy(FIRST)
    go.set()
    late.gate.release()
    assert late.wait(built=1)
    reading.stop()
    assert late.built == [FIRST]
