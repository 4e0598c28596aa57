"""The follow-ups of a ticket: seen, ended with an outcome, refused to who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.models.actions.follow_ups import FollowUpActions
from console.models.domain.escalation_moves import start
from console.models.domain.follow_ups import is_overdue
from console.models.domain.roles import Actor
from console.models.queries.inbox_lines import line_of
from console.models.store.follow_ups import SqlFollowUps
from console.views.screens.escalations.detail import EntryDetail
from console.views.screens.escalations.follow_up_pane import FollowUpPane
from console.views.screens.escalations.side import Side
from tests.models.actions.house import LI, VIEWER
from tests.models.domain.escalation_cases import RULES
from tests.views.screens.handover_stage import HandOverStage


@pytest.fixture
def pane(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., FollowUpPane]]:
    """The pane of a ticket with two tasks, one of them late."""
    stage = HandOverStage(tmp_path, 4)
    desk = FollowUpActions(SqlFollowUps(stage.house.writer, stage._more), stage.clock)
    made: list[FollowUpPane] = []

    def make(who: Actor = LI, ticket: int | None = None) -> FollowUpPane:
        stage.sign_in(who)
        late = desk.outstanding()[0]
        shown = FollowUpPane(stage.context, desk, late.ticket if ticket is None else ticket, "T-20418")
        made.append(shown)
        shown.resize(420, 400)
        with qtbot.waitExposed(shown):
            shown.show()
        return shown

    yield make
    for shown in made:
        shown.close()
        shown.deleteLater()
    stage.close()


def test_each_task_stands_with_its_time_and_a_field_for_its_outcome(pane: Callable[..., FollowUpPane]) -> None:
    shown = pane()
    assert len(shown.rows) == 2
    assert not any(row.done.isEnabled() for row in shown.rows)
    assert all(row.done.toolTip() for row in shown.rows)
    assert shown._told.text().startswith("The complaint was resolved 20")


def test_return_ends_a_task_with_what_came_of_it(pane: Callable[..., FollowUpPane], qtbot: QtBot) -> None:
    shown = pane()
    first = shown.rows[0]
    first.outcome.setText("4 of 5, thanks us")
    with qtbot.waitSignals([shown.done, shown.toast_requested]):
        qtbot.keyClick(first.outcome, Qt.Key.Key_Return)
    assert len(shown.rows) == 1
    second = shown.rows[0]
    second.outcome.setText("all well")
    second.done.click()
    assert shown.rows == []
    assert shown._told.text() == "No follow-up is outstanding."


def test_a_viewer_sees_and_does_not_end(pane: Callable[..., FollowUpPane]) -> None:
    shown = pane(VIEWER)
    assert len(shown.rows) == 2
    assert not any(row.outcome.isEnabled() for row in shown.rows)


def test_what_another_person_ended_meanwhile_is_told(pane: Callable[..., FollowUpPane], qtbot: QtBot) -> None:
    one, other = pane(), pane()
    for shown in (one, other):
        shown.rows[0].outcome.setText("done")
    one.rows[0].done.click()
    with qtbot.waitSignal(other.toast_requested) as told:
        other.rows[0].done.click()
    assert "ended it already" in told.args[0]


def test_a_ticket_without_tasks_says_so(pane: Callable[..., FollowUpPane]) -> None:
    assert pane(LI, 999_999)._told.text() == "No follow-up is outstanding."


def test_the_entry_of_a_late_follow_up_opens_its_pane(pane: Callable[..., FollowUpPane], qtbot: QtBot) -> None:
    known = pane()
    task = known._desk.outstanding()[0]
    stage_context = known._context
    desk = SimpleNamespace(follow_ups=known._desk, compensation=None, hand_over=None)
    side = Side(replace(stage_context, desk=desk), EntryDetail(stage_context.clock.now, stage_context.zone, str))
    entry = start(is_overdue(task), task.promised_at, "system", RULES).entry
    side.decide(line_of(entry, None))
    assert isinstance(side.pane, FollowUpPane)
    with qtbot.waitSignal(side.changed):
        side.pane.rows[0].outcome.setText("spoke to her")
        side.pane.rows[0].done.click()
    assert side.close_pane()
    side.deleteLater()
