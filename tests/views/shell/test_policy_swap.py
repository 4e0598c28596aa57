"""A policy that was saved takes the board over; when that fails, the former one goes on and a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from console.clock import FixedClock
from console.errors import KnownError
from console.models.actions.policy_edit import PolicyEditor
from console.models.domain.access_ports import Accounts
from console.models.domain.events import Event
from console.models.domain.ports import Progress
from console.models.live.board import Board
from console.models.policy import policy as policies
from console.models.policy.policy import Policy
from console.views.bridge import LiveBoard
from console.views.feed import Opened
from console.views.ops import InlineExecutor, Ops
from console.views.policy_in_force import PolicyInForce
from console.views.shell.policy_swap import PolicySwap
from tests.views.shell.test_session import HeldFeed
from tests.views.stand_ins import NOW, SHANGHAI


class Reloading(HeldFeed):
    """Loads an empty board under any policy, or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.error: Exception | None = None

    def opened_under(self, policy: Policy, progress: Progress) -> Opened:
        progress.step(0, 1)
        if self.error is not None:
            raise self.error
        return Opened(Board(policy), None)


class Setting:
    """A window's live board under the shipped policy, and what a swap needs."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        clock = FixedClock(NOW)
        self.events: list[Event] = []
        self.told: list[str] = []
        self.shipped, self.other = policies.default(), policies.default()
        self.live = LiveBoard(clock, self.shipped, SHANGHAI)
        self.live.start(Board(self.shipped))
        self.feed = Reloading()
        self.ops = Ops(InlineExecutor(), InlineExecutor())
        self.in_force = PolicyInForce(
            self.shipped, PolicyEditor(folder, no_accounts, self.events.append, clock), writable=writable
        )
        self.swap = PolicySwap(self.in_force, self.live, self.feed, self.ops, self.told.append)

    def close(self) -> None:
        self.live.stop()
        self.ops.close()


def no_accounts() -> Accounts:
    raise KnownError("there are no accounts here")


@pytest.fixture
def setting(qapp: QApplication, tmp_path: Path) -> Iterator[Setting]:
    made = Setting(tmp_path)
    yield made
    made.close()


def test_another_policy_brings_another_board(setting: Setting) -> None:
    before = setting.live.board
    setting.in_force.take(setting.other)
    assert setting.live.board is not before
    assert setting.live.policy is setting.other
    assert setting.in_force.policy is setting.other
    assert setting.told == []


def test_the_former_board_goes_on_where_the_other_cannot_be_loaded(setting: Setting) -> None:
    before = setting.live.board
    setting.feed.error = KnownError("the disk is gone")
    setting.in_force.take(setting.other)
    assert setting.live.board is before
    assert setting.live.policy is setting.shipped
    assert "the disk is gone" in setting.told[0]


def test_the_log_learns_of_the_policy_at_the_start(setting: Setting, tmp_path: Path) -> None:
    (tmp_path / policies.SITE_FILE).write_text('[freshness]\nlost_after = "9 min"\n')
    setting.swap.begin()
    assert [event.subject for event in setting.events] == ["policy"]


def test_beside_another_process_nothing_is_told(qapp: QApplication, tmp_path: Path) -> None:
    made = Setting(tmp_path, writable=False)
    (tmp_path / policies.SITE_FILE).write_text('[freshness]\nlost_after = "9 min"\n')
    made.swap.begin()
    assert made.events == []
    made.close()
