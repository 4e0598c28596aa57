"""The calculator and the approval: what they show, what they refuse, and that a key is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.models.domain.requests import Request, RequestState
from console.models.domain.roles import Actor
from console.views.screens.escalations.compensation import CompensationPane
from console.views.screens.escalations.compensation_approval import ApprovalPane
from console.views.screens.escalations.compensation_offers import OfferCard
from tests.models.actions.house import LI, VIEWER, WANG
from tests.views.screens.compensation_stage import CompensationStage


@pytest.fixture
def around(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., CompensationStage]]:
    """Make a stage with somebody at the console."""
    made: list[CompensationStage] = []

    def make(who: Actor = LI) -> CompensationStage:
        made.append(CompensationStage(tmp_path, who))
        return made[-1]

    yield make
    for each in made:
        each.close()


def shown(qtbot: QtBot, pane: QWidget) -> None:
    pane.resize(460, 640)
    with qtbot.waitExposed(pane):
        pane.show()


def texts(pane: CompensationPane | ApprovalPane) -> list[str]:
    return [card.accessibleName() for card in pane._list.cards]


def typed(pane: CompensationPane, loss: str, cause: str = "other") -> None:
    pane._causes.choose(cause)
    pane._loss.edit.setText(loss)


def test_it_begins_with_what_the_complaint_told(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    assert pane._causes.choice() == "logistics_delay"
    assert int(pane._loss.edit.text()) > 0
    assert pane._freight.isVisible()


def test_what_is_typed_replaces_the_amount_that_came(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    known, edit = pane._known, pane._loss.edit
    assert known is not None
    edit.clear()
    edit.setFocus()
    pane._known = None
    pane._on_known(known)
    assert edit.selectedText() == edit.text() != ""


def test_three_offers_with_how_each_is_reckoned(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    typed(pane, "180")
    assert texts(pane) == [
        "216\xa0CNY, 216 cash, 120 % of the loss of 180\xa0CNY = 216\xa0CNY, needs approval",
        "243\xa0CNY, 180 cash + 63 voucher, 135 % of the loss of 180\xa0CNY = 243\xa0CNY, needs approval",
        "270\xa0CNY, 270 voucher, 150 % of the loss of 180\xa0CNY = 270\xa0CNY, needs approval",
    ]
    assert pane._ask.text() == "Ask for approval of 216\xa0CNY"
    assert not pane._price.isVisible()
    typed(pane, "200.01")
    assert pane._price.isVisible()


def test_within_the_limit_there_is_no_mark_and_it_is_granted(
    around: Callable[..., CompensationStage], qtbot: QtBot
) -> None:
    stage = around()
    pane = stage.calculator()
    shown(qtbot, pane)
    typed(pane, "３０")
    assert not any("needs approval" in text for text in texts(pane))
    with qtbot.waitSignal(pane.made) as made:
        qtbot.keyClick(pane._loss.edit, Qt.Key.Key_Return)
    request: Request = made.args[0]
    assert request.state is RequestState.GRANTED
    assert stage.toasts == ["Granted within the limit: 33\xa0CNY for T-20418"]
    assert "17\xa0CNY is left" in pane._limit.text()


@pytest.mark.parametrize("wrong", ["-5", "a lot", "99999999999", "1.234"])
def test_what_is_no_amount_is_told_below_the_field_and_offers_nothing(
    around: Callable[..., CompensationStage], qtbot: QtBot, wrong: str
) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    typed(pane, wrong)
    assert pane._loss.complaint.isVisible()
    assert pane._loss.complaint.text() == pane._loss.error != ""
    assert not pane._list.isVisible()
    assert not pane._ask.isEnabled()


def test_the_numbers_choose_an_offer(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    typed(pane, "180")
    qtbot.keyClick(pane._list.cards[0], Qt.Key.Key_3)
    assert pane._list.place() == 2
    assert pane._ask.text() == "Ask for approval of 270\xa0CNY"
    qtbot.keyClick(pane._list.cards[2], Qt.Key.Key_Up)
    assert pane._list.place() == 1


def test_a_request_is_shown_instead_of_asking_twice_and_can_be_withdrawn(
    around: Callable[..., CompensationStage], qtbot: QtBot
) -> None:
    stage = around()
    pane = stage.calculator()
    shown(qtbot, pane)
    typed(pane, "180")
    pane._ask.click()
    assert not pane._ask.isVisible()
    assert "Li asked at 10:42 for 216\xa0CNY" in pane._told.text()
    pane._withdraw.click()
    assert pane._ask.isVisible()
    assert stage.house.requests.undecided() == []


def test_a_viewer_sees_the_offers_and_why_nothing_can_be_asked(
    around: Callable[..., CompensationStage], qtbot: QtBot
) -> None:
    pane = around(VIEWER).calculator()
    shown(qtbot, pane)
    typed(pane, "180")
    assert pane._list.isVisible()
    assert not pane._ask.isEnabled()
    assert "roles" in pane._told.text()


def test_escape_is_a_wish_to_close(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    pane = around().calculator()
    shown(qtbot, pane)
    pane.activateWindow()
    with qtbot.waitSignal(pane.closed):
        qtbot.keyClick(pane._loss.edit, Qt.Key.Key_Escape)


def test_who_decides_sees_who_asks_for_whom_how_much_and_until_when(
    around: Callable[..., CompensationStage], qtbot: QtBot
) -> None:
    stage = around()
    request = stage.ask()
    stage.clock.advance(21 * 60)
    pane = stage.approval(request.id)
    shown(qtbot, pane)
    pane.activated()
    assert pane._values["asked"].text() == "Li at 10:42"
    assert pane._values["why"].text() == request.note
    assert pane._values["customer"].text()
    assert pane._left.text() == "9:00 left"
    assert not any(card._number.isVisible() for card in pane.findChildren(OfferCard))
    assert [text.endswith("asked for") for text in texts(pane)] == [False, True, False]
    stage.clock.advance(9 * 60)
    pane._tick()
    assert pane._left.text() == "undecided, 0:00 over"
    pane.deactivated()


def test_approving_is_one_press_and_a_decline_needs_a_reason(
    around: Callable[..., CompensationStage], qtbot: QtBot
) -> None:
    stage = around()
    pane = stage.approval(stage.ask().id)
    shown(qtbot, pane)
    assert pane._approve.isEnabled()
    assert not pane._decline.isEnabled()
    pane._reason.setText("no proof of the loss")
    assert pane._decline.isEnabled()
    with qtbot.waitSignal(pane.decided) as decided:
        pane._decline.click()
    assert decided.args[0].state is RequestState.DECLINED
    assert pane._told.text() == "Declined: Wang. no proof of the loss"
    assert not pane._approve.isVisible()


def test_the_one_who_asked_cannot_approve_and_reads_why(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    stage = around()
    pane = stage.approval(stage.ask().id, LI)
    shown(qtbot, pane)
    assert pane._values["asked"].text() == "you at 10:42"
    assert not pane._approve.isEnabled()
    assert "proposed themselves" in pane._told.text()


def test_a_decision_of_somebody_faster_is_told(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    stage = around()
    request = stage.ask()
    pane = stage.approval(request.id)
    shown(qtbot, pane)
    stage.house.desk.withdraw(LI, request.id)
    pane._approve.click()
    assert stage.toasts == ["Li has withdrawn it. Look at it again."]
    assert not pane._approve.isVisible()


def test_both_panes_speak_chinese_after_a_switch(around: Callable[..., CompensationStage], qtbot: QtBot) -> None:
    from console.views.shell import language

    stage = around()
    calculator = stage.calculator()
    pane = stage.approval(stage.ask().id, WANG)
    language.use("zh_CN")
    try:
        for each in (calculator, pane):
            shown(qtbot, each)
            each.retranslate()
        assert pane._decline.text() == "驳回"
        assert calculator._withdraw.text() == "撤回"
    finally:
        language.use("en")
