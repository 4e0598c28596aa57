"""Whom an escalation can be handed to: people whose roles permit to take one, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.models.actions.accounts import grant_role
from console.models.domain.roles import AccountRole, Actor
from console.models.queries.inbox_lines import line_of
from console.views.screens.escalations.acting import Acting
from console.views.screens.escalations.work_strip import WorkStrip
from tests.models.actions.door import Door
from tests.views.screens.centre import Stage
from tests.views.screens.conftest import stage

__all__ = ["stage"]


@pytest.fixture
def door(tmp_path: Path, stage: Callable[..., Stage]) -> Iterator[Door]:
    made = Door(tmp_path, stage().clock)
    yield made
    made.close()


def test_only_who_may_take_an_escalation_is_offered(
    qapp: QApplication, qtbot: QtBot, stage: Callable[..., Stage], door: Door
) -> None:
    around = stage()
    for name, role in (("ann", AccountRole.SUPERVISOR), ("cora", AccountRole.COACH), ("pia", AccountRole.PLANNER)):
        grant_role(door.accounts, Actor("boss"), name, role, around.clock)
    keeper, strip = QWidget(), WorkStrip()
    qtbot.addWidget(keeper)
    qtbot.addWidget(strip)
    context = replace(around.context, access=door)
    acting = Acting(context, around.live, strip, lambda entry: line_of(entry, None), keeper)
    acting.read_people()
    qtbot.waitUntil(lambda: bool(acting._people))
    assert acting._people == ["ann", "boss"]
