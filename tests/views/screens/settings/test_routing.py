"""Routing rules as an administrator edits them, and tries them on yesterday before saving (R-ROUTE)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from console.clock import DAY
from console.models.domain.contacts import InquiryType, Tier
from console.models.domain.ports import Rows
from console.models.policy import policy as policies
from console.views.ops import Ops
from console.views.screens.settings.routing_editor import RulesEditor
from console.views.screens.settings.routing_trial import RoutingTrial, TrialCard
from tests.views.screens.settings.conftest import BOSS, Office

RULES = "routing.rules"
SITE = """[routing]
rules = [
  {name = "VIP", tiers = ["vip"], to_teams = ["贵宾组"], widen_after = "30 s"},
  {name = "Payment", types = ["billing_payment"], to_queues = ["Payment", "Returns"], strategy = "longest_free"},
]
"""


@pytest.fixture
def office(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    (tmp_path / policies.SITE_FILE).write_text(SITE, "utf-8")
    made = Office(tmp_path, BOSS)
    made.screen.resize(1200, 760)
    made.screen.show()
    made.screen.activated()
    made.screen.show_section("routing")
    qtbot.waitUntil(made.screen.ready)
    yield made
    made.close()


def editor(office: Office) -> RulesEditor:
    assert office.screen.page is not None
    found = office.screen.page.rows[RULES].editor
    assert isinstance(found, RulesEditor)
    return found


def trial(office: Office) -> RoutingTrial:
    assert office.screen.trial is not None
    return office.screen.trial


def draft_rules(office: Office) -> object:
    assert office.screen._draft is not None
    return office.screen._draft.value(RULES)


def test_rules_stand_as_they_are_in_the_file(office: Office) -> None:
    blocks = editor(office).blocks
    assert [block.name.text() for block in blocks] == ["VIP", "Payment"]
    assert blocks[0].chips["tiers"].keys() == frozenset({"vip"})
    assert blocks[0].lists["to_teams"].text() == "贵宾组"
    assert blocks[1].lists["to_queues"].text() == "Payment, Returns"
    assert blocks[1].strategy.choice() == "longest_free"
    assert [block.value()["widen_after"] for block in blocks] == ["30 s", "off"]


def test_what_is_changed_is_in_the_draft_and_saved(office: Office, qtbot: QtBot) -> None:
    blocks = editor(office).blocks
    # A Chinese comma, which simulated keys cannot type.
    blocks[0].lists["to_queues"].setText("VIP， Complaints")
    blocks[0].lists["to_queues"].textEdited.emit("VIP， Complaints")
    blocks[0].chips["types"].chosen.emit(frozenset({"complaint"}))
    blocks[0].chips["types"].set_keys({"complaint"})
    qtbot.keyClicks(blocks[0].lists["queues"], "Chat")
    blocks[1].widen.number.setText("5")
    blocks[1].widen.unit.choose("min")
    blocks[1].widen._tell()
    first, second = draft_rules(office)  # type: ignore[misc]  # a list of two
    assert first["to_queues"] == ["VIP", "Complaints"]
    assert (first["types"], first["queues"]) == (["complaint"], ["Chat"])
    assert second["widen_after"] == "5 min"
    draft = office.screen._draft
    assert draft is not None
    with qtbot.waitSignal(draft.saved):
        draft.save()
    rules = policies.load_site(office.folder).policy.routing.rules
    assert rules[0].to_queues == {"VIP", "Complaints"}
    assert (rules[0].types, rules[0].tiers) == ({InquiryType.COMPLAINT}, {Tier.VIP})


def test_a_rule_is_added_moved_up_and_taken_out(office: Office, qtbot: QtBot) -> None:
    shown = editor(office)
    qtbot.mouseClick(shown.add, Qt.MouseButton.LeftButton)
    assert len(shown.blocks) == 3
    draft = office.screen._draft
    assert draft is not None
    assert "no name" in draft.problem(RULES)
    qtbot.keyClicks(shown.blocks[2].name, "English")
    assert "English" in draft.problem(RULES)
    qtbot.keyClicks(shown.blocks[2].lists["to_teams"], "B")
    assert draft.problem(RULES) == ""
    qtbot.mouseClick(shown.blocks[2].up, Qt.MouseButton.LeftButton)
    assert [rule["name"] for rule in draft_rules(office)] == ["VIP", "English", "Payment"]  # type: ignore[attr-defined]
    qtbot.mouseClick(shown.blocks[0].out, Qt.MouseButton.LeftButton)
    assert [block.name.text() for block in shown.blocks] == ["English", "Payment"]
    assert not shown.blocks[0].up.isEnabled()


def test_without_rules_it_says_who_gets_contacts(qtbot: QtBot) -> None:
    shown = RulesEditor("Rules")
    qtbot.addWidget(shown)
    shown.show_value([])
    assert any("everybody who serves" in words.text() for words in shown.findChildren(QLabel))


def test_the_trial_belongs_to_its_section(office: Office) -> None:
    assert trial(office).isVisible()
    office.screen.show_section("calendar")
    assert not trial(office).isVisible()


def test_a_day_without_contacts_is_said(office: Office, qtbot: QtBot) -> None:
    shown = trial(office)
    qtbot.mouseClick(shown.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not shown.is_running)
    assert "No contacts" in shown.text.full_text()
    assert shown.more.isHidden()


def test_yesterday_under_the_rules_of_the_draft(office: Office, qtbot: QtBot) -> None:
    office.clock.advance(DAY / 1_000_000)
    shown = trial(office)
    shown.run()
    qtbot.waitUntil(lambda: not shown.is_running, timeout=60_000)
    assert shown.found is not None
    assert shown.found.contacts > 0
    assert shown.text.full_text().startswith("Yesterday under these rules")
    shown.show_all()
    (card,) = office.screen.window().findChildren(TrialCard)
    assert any(words.text() == "Transfers" for words in card.findChildren(QLabel))
    card.close_now()
    # Other rules: what was found is not theirs.
    draft = office.screen._draft
    assert draft is not None
    draft.set("routing.strategy", "senior_first")
    assert shown.found is None
    assert shown.text.full_text() == ""


def test_what_is_wrong_is_not_tried(office: Office, qtbot: QtBot) -> None:
    draft = office.screen._draft
    assert draft is not None
    draft.set(RULES, [{"name": ""}])
    shown = trial(office)
    shown.run()
    qtbot.waitUntil(lambda: not shown.is_running)
    assert "cannot be tried" in shown.text.full_text()


def test_a_trial_can_be_stopped(office: Office, qtbot: QtBot) -> None:
    office.clock.advance(DAY / 1_000_000)
    shown, log, started = trial(office), office.context.store.log, threading.Event()

    def between(start: int, end: int) -> Rows:
        assert started.wait(30)
        shown.cancel()
        return log.between(start, end)

    slow = SimpleNamespace(
        between=between, of_tickets=log.of_tickets, details=log.details, texts=log.texts, names=log.names
    )
    ops = Ops()
    shown._context = replace(office.context, ops=ops, store=SimpleNamespace(log=slow))
    shown.run()
    assert shown.is_running
    assert not shown.start.isEnabled()
    started.set()
    qtbot.waitUntil(lambda: not shown.is_running)
    assert shown.found is None
    assert shown.strip.isHidden()
    assert shown.start.isEnabled()
    ops.close()


def test_a_name_that_nobody_has_is_told(office: Office, qtbot: QtBot) -> None:
    shown, blocks = trial(office), editor(office).blocks
    board = office.stage.live.present
    assert board is not None
    queue = board.names.text("queue", 1)
    # No log-in of this morning tells a team.
    qtbot.waitUntil(lambda: "“贵宾组”" in shown.warning.full_text())
    blocks[0].lists["to_teams"].setText("")
    blocks[0].lists["to_teams"].textEdited.emit("")
    for block, words in zip(blocks, (queue, f"{queue}, Paymnet"), strict=True):
        block.lists["to_queues"].setText(words)
        block.lists["to_queues"].textEdited.emit(words)
    qtbot.waitUntil(lambda: shown.unknown == ("Paymnet",))
    assert shown.warning.isVisible()
    assert shown.warning.full_text() == "No queue or team is known as “Paymnet”: check how it is written."
    blocks[1].lists["to_queues"].setText(queue)
    blocks[1].lists["to_queues"].textEdited.emit(queue)
    qtbot.waitUntil(lambda: not shown.unknown)
    assert not shown.warning.isVisible()
