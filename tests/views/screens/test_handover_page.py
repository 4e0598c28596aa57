"""The page that ends a shift."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from console.clock import FixedClock
from console.models.actions.accounts import grant_role
from console.models.domain.roles import AccountRole, Actor
from console.models.store.audit import Wanted
from console.views.layout import Layout
from console.views.screens.escalations.handover import HandOverPage
from console.views.screens.escalations.handover_paper import Text
from console.views.screens.escalations.sign_off import SignOffPane
from tests.models.actions.door import Door
from tests.models.actions.house import LI, VIEWER
from tests.views.screens.handover_stage import HandOverStage


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., HandOverPage]]:
    """The page in sight, with somebody at the console."""
    stages: list[HandOverStage] = []
    made: list[HandOverPage] = []

    def make(who: Actor = LI, layout: Layout | None = None) -> HandOverPage:
        folder = tmp_path / str(len(stages))
        folder.mkdir()
        stages.append(HandOverStage(folder))
        stages[-1].sign_in(who)
        context = stages[-1].context
        if layout is not None:
            context = replace(context, layout=layout)
        shown = HandOverPage(context, stages[-1].desk)
        shown.toast_requested.connect(lambda text, _state: stages[-1].toasts.append(text))
        shown.stage = stages[-1]
        made.append(shown)
        shown.resize(1200, 700)
        with qtbot.waitExposed(shown):
            shown.show()
        shown.activated()
        return shown

    yield make
    for shown in made:
        shown.deactivated()
        shown.close()
        shown.deleteLater()
    for stage in stages:
        stage.close()


def said(page: HandOverPage) -> str:
    return "\n".join(piece.text for sheet in page.pages for piece in sheet.pieces if isinstance(piece, Text))


def test_it_shows_the_sheet_as_it_will_be_printed(page: Callable[..., HandOverPage]) -> None:
    shown = page()
    assert len(shown.pages) > 1
    assert "Open escalations" in said(shown)
    assert "as of 2026-11-23 10:42" in shown._as_of.text()
    assert shown._paper.sheets.height() > shown._paper.height()


def test_notes_reach_the_paper_when_the_typing_rests(page: Callable[..., HandOverPage], qtbot: QtBot) -> None:
    shown = page()
    shown.notes.setPlainText("call Ms Zhou before 14:00")
    qtbot.waitUntil(lambda: "call Ms Zhou before 14:00" in said(shown), timeout=10_000)


def test_a_signature_stands_on_the_paper_until_the_notes_change(
    page: Callable[..., HandOverPage], qtbot: QtBot
) -> None:
    shown = page()
    qtbot.keyClick(shown.notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    if shown._sign.isEnabled():  # a window that is not active gets no shortcut
        shown._sign.click()
    assert "Handed over by Li, 2026-11-23 10:42" in said(shown)
    assert shown.stage.toasts == ["The sheet is signed."]
    assert not shown._sign.isEnabled()
    shown.notes.setPlainText("one thing more")
    assert shown._sign.isEnabled()
    shown._typing.timeout.emit()
    assert "Handed over by Li" not in said(shown)
    row = shown.stage.hand_overs.signed_before(shown.stage.clock.now())
    assert row is not None


@pytest.fixture
def colleagues(tmp_path: Path, clock: FixedClock) -> Iterator[Door]:
    """Accounts of Li and Wang, who take escalations, and of a coach, who does not."""
    folder = tmp_path / "access"
    folder.mkdir()
    door = Door(folder, clock)
    for name, role in ((LI.name, AccountRole.SUPERVISOR), ("Wang", AccountRole.SUPERVISOR), ("Co", AccountRole.COACH)):
        grant_role(door.accounts, Actor("boss"), name, role, clock)
    yield door
    door.close()


def with_colleagues(shown: HandOverPage, door: Door, monkeypatch: pytest.MonkeyPatch) -> SignOffPane:
    pane = shown._sign_off
    monkeypatch.setattr(pane, "_context", replace(pane._context, access=door))
    pane.read_takers()
    return pane


def test_whoever_leaves_names_a_colleague_or_the_first_level(
    page: Callable[..., HandOverPage], colleagues: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane = with_colleagues(page(), colleagues, monkeypatch)
    offered = [pane.successor.itemText(place) for place in range(pane.successor.count())]
    assert offered == ["next shift supervisor", "Wang", "boss"]
    assert pane.effect == "1 escalation: to next shift supervisor, at once."
    pane.successor.setCurrentIndex(1)
    assert pane.effect == "1 escalation: to Wang, at once."


def test_the_end_of_a_shift_signs_the_sheet_and_names_the_successor(
    page: Callable[..., HandOverPage], colleagues: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page()
    pane = with_colleagues(shown, colleagues, monkeypatch)
    pane.successor.setCurrentIndex(1)
    pane.end.click()
    assert shown.stage.left == [("Li", "Wang")]
    assert "Handed over by Li, 2026-11-23 10:42" in said(shown)
    assert shown.stage.toasts == ["The sheet is signed, and your shift has ended."]
    assert pane.effect == "Your shift has ended. Wang has what was yours."
    assert not pane.end.isEnabled()
    shown.read()
    assert pane.end.isEnabled()


def test_a_sheet_that_is_signed_is_not_signed_again_at_the_end_of_the_shift(page: Callable[..., HandOverPage]) -> None:
    shown = page()
    shown._sign.click()
    shown._sign_off.end.click()
    assert shown.stage.left == [("Li", "")]
    signed = shown.stage.hand_overs.signed_before(shown.stage.clock.now())
    assert signed is not None
    assert signed.id == 1


def test_a_viewer_reads_and_neither_signs_nor_exports(page: Callable[..., HandOverPage]) -> None:
    shown = page(VIEWER)
    assert not shown._sign.isEnabled()
    assert "roles" in shown._told.text()
    assert not shown._sign_off.end.isEnabled()
    assert "roles" in shown._sign_off.end.toolTip()
    assert not shown._export.isEnabled()
    assert "roles" in shown._export.toolTip()


def test_an_export_is_on_the_trail_before_the_file_is_written(
    page: Callable[..., HandOverPage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page()
    folder = tmp_path / "access"
    folder.mkdir()
    door = Door(folder, shown.stage.clock)
    monkeypatch.setattr(shown, "_context", replace(shown._context, access=door))
    shown.export_to(tmp_path / "refused.pdf")
    assert "roles" in shown.stage.toasts[-1]
    assert not (tmp_path / "refused.pdf").exists()
    grant_role(door.accounts, Actor("boss"), LI.name, AccountRole.SUPERVISOR, shown.stage.clock)
    shown.export_to(tmp_path / "sheet.pdf")
    assert (tmp_path / "sheet.pdf").exists()
    row = door.chain.rows(Wanted(action="export"))[0]
    assert (row.actor, row.outcome, row.object_kind) == (LI.name, "done", "hand_over")
    door.close()


def test_it_is_exported_where_the_person_says(
    page: Callable[..., HandOverPage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = page()
    file = tmp_path / "sheet.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(file), ""))
    shown._export.click()
    assert file.read_bytes().startswith(b"%PDF-")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(tmp_path / "no" / "x.pdf"), ""))
    shown._export.click()
    assert "cannot be written" in shown.stage.toasts[-1]


def test_the_draft_of_the_notes_is_remembered(page: Callable[..., HandOverPage], tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    first = page(LI, layout)
    first.notes.setPlainText("half a thought")
    first.deactivated()
    assert page(LI, layout).notes.toPlainText() == "half a thought"


def test_another_beginning_of_the_shift_is_read_anew(page: Callable[..., HandOverPage]) -> None:
    shown = page()
    shown._since.choose("day")
    shown._since.chosen.emit("day")
    assert "since 2026-11-22 10:42" in shown._as_of.text()


def test_it_speaks_chinese_after_a_switch(page: Callable[..., HandOverPage]) -> None:
    from console.views.shell import language

    shown = page()
    language.use("zh_CN")
    try:
        shown.retranslate()
        assert shown._sign.text() == "签署"
        assert "交接单" in said(shown)
    finally:
        language.use("en")
