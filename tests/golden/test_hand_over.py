"""The calculator, the approval and the hand-over page, in both languages and themes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from console.views import theme
from console.views.screens.escalations.handover import HandOverPage
from tests.golden.conftest import Golden
from tests.views.screens.compensation_stage import CompensationStage
from tests.views.screens.handover_stage import HandOverStage

LOOKS = [("en", "light"), ("en", "dark"), ("zh_CN", "light"), ("zh_CN", "dark")]
Look = Callable[[str, theme.Mode, float], None]


@pytest.mark.parametrize(("language", "mode"), LOOKS)
def test_compensation(
    tmp_path: Path,
    look: Look,
    golden: Golden,
    settle: Callable[[QWidget], None],
    language: str,
    mode: theme.Mode,
) -> None:
    look(language, mode, 1.0)
    stage = CompensationStage(tmp_path)
    page = QWidget()
    row = QHBoxLayout(page)
    wrong = stage.calculator(7)
    wrong._loss.edit.setText("-5")
    panes = [stage.calculator(), wrong]
    request = stage.ask()
    stage.clock.advance(23 * 60)
    approval = stage.approval(request.id)
    for pane in (*panes, approval):
        row.addWidget(pane, 1)
    page.resize(1280, 640)
    settle(page)
    approval.activated()
    QApplication.processEvents()
    golden(page, f"compensation-{language}-{mode}")
    approval.deactivated()
    page.close()
    stage.close()


@pytest.mark.parametrize(("language", "mode"), LOOKS)
def test_hand_over(
    tmp_path: Path,
    look: Look,
    golden: Golden,
    settle: Callable[[QWidget], None],
    language: str,
    mode: theme.Mode,
) -> None:
    look(language, mode, 1.0)
    stage = HandOverStage(tmp_path)
    page = HandOverPage(stage.context, stage.desk)
    page.notes.setPlainText("杭州顺丰延误，统一话术见 /延误。\nVIP 周女士 14:00 前必须回电。")
    page.resize(1280, 740)
    settle(page)
    page.activated()
    QApplication.processEvents()
    golden(page, f"hand-over-{language}-{mode}")
    page.deactivated()
    page.close()
    stage.close()
