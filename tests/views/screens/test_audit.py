"""The audit screen over a real trail."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from console.clock import HOUR
from console.models.actions.accounts import grant_role, revoke_role
from console.models.domain.audit import Row
from console.models.domain.audit_words import reason_words
from console.models.domain.escalation import ANSWERED
from console.models.domain.roles import AccountRole, Action, Actor, Target
from console.models.queries.audit_facts import told_differences
from console.models.queries.audit_pages import Difference
from console.models.store.audit import Wanted
from console.views import theme
from console.views.screens.audit.accounts_model import ROLES
from console.views.screens.audit.detail import RowDetail
from console.views.screens.audit.screen import AuditScreen
from console.views.screens.audit.trail_model import COLUMNS
from console.views.shell import language
from console.views.shell.passphrase import PassphraseCard
from console.views.widgets.card import Card
from tests.views.screens.trail import BOSS, Morning
from tests.views.stand_ins import NOW

Open = Callable[..., tuple[AuditScreen, Morning]]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    made: list[tuple[AuditScreen, Morning]] = []

    def open_screen(name: str = "boss", times: int = 1) -> tuple[AuditScreen, Morning]:
        morning = Morning(tmp_path, name, times)
        screen = AuditScreen(morning.context)
        made.append((screen, morning))
        screen.resize(1200, 760)
        with qtbot.waitExposed(screen):
            screen.show()
        screen.activated()
        settle()
        return screen, morning

    yield open_screen
    for screen, morning in made:
        screen.deactivated()
        screen.close()
        screen.deleteLater()
        morning.close()


def settle() -> None:
    """Let queued wishes for pages arrive."""
    for _round in range(3):
        QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown(screen: AuditScreen) -> list[list[str]]:
    assert screen.trail is not None
    model = screen.trail.model
    settle()
    for _twice in range(2):
        rows = [[model.index(row, column).data() for column in range(len(COLUMNS))] for row in range(model.rowCount())]
        settle()
    return rows


def said(widget: object) -> str:
    return " ".join(each.text() for each in widget.findChildren(QLabel) if not each.isHidden())  # type: ignore[attr-defined]


def told(screen: AuditScreen) -> list[str]:
    heard: list[str] = []
    screen.toast_requested.connect(lambda text, _state: heard.append(text))
    return heard


def tick(screen: AuditScreen, name: str, role: AccountRole, state: Qt.CheckState) -> None:
    assert screen.accounts is not None
    model = screen.accounts.model
    place = model.place_of(name)
    assert place is not None
    model.setData(model.index(place, 1 + ROLES.index(role)), state, Qt.ItemDataRole.CheckStateRole)


def ticks(screen: AuditScreen, name: str) -> set[AccountRole]:
    assert screen.accounts is not None
    model = screen.accounts.model
    place = model.place_of(name)
    assert place is not None
    return {
        role
        for column, role in enumerate(ROLES, 1)
        if model.index(place, column).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    }


def test_the_trail_is_shown_newest_first_in_words(opened: Open) -> None:
    screen, _morning = opened()
    rows = shown(screen)
    assert rows[0][2:] == ["li.na", "Resolve escalation", "Escalation 311", "Done", "called, new parcel sent"]
    assert rows[1][2:] == [
        "zhao.lei",
        "Assign ticket",
        "Ticket 20422,20425",
        "Refused",
        "Your roles do not permit this.",
    ]
    assert rows[-1][2:] == ["(console)", "Change roles", "User account boss", "Done", ""]
    assert [row[0] for row in rows[:2]] == ["17", "16"]
    assert screen.ready()


def test_the_models_keep_qts_rules(opened: Open) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    assert screen.accounts is not None
    testers = [QAbstractItemModelTester(model) for model in (screen.trail.model, screen.accounts.model)]
    screen.show_page("accounts")
    grant_role(morning.door.accounts, BOSS, "new.one", AccountRole.COACH, morning.clock)
    screen.show_page("trail")
    shown(screen)
    screen.trail.bar.search.setText("li.na")
    screen.trail.bar.search.returnPressed.emit()
    assert testers
    assert {row[2] for row in shown(screen)} <= {"li.na", "boss"}


def test_a_row_that_comes_is_put_on_top_and_the_chosen_one_stays(opened: Open) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    shown(screen)
    screen.trail.table.selectRow(3)
    chosen = screen.trail.model.row(3)
    grant_role(morning.door.accounts, BOSS, "new.one", AccountRole.COACH, morning.clock)
    screen.trail._look.timeout.emit()
    assert shown(screen)[0][4] == "User account new.one"
    assert screen.trail.table.currentIndex().row() == 4
    assert screen.trail.model.row(4) == chosen


def test_only_the_rows_in_sight_are_read(opened: Open) -> None:
    screen, _morning = opened(times=60)
    assert screen.trail is not None
    model = screen.trail.model
    assert model.rowCount() == 6 + 11 * 60
    assert len(model._rows) == 100
    screen.trail.table.scrollToBottom()
    screen.trail.table.viewport().repaint()
    settle()
    assert 100 < len(model._rows) < 300
    assert model.row(model.rowCount() - 1) is not None


def test_a_row_that_somebody_took_away_is_told_and_asked_for_once(opened: Open) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    with sqlite3.connect(morning.door.file) as raw:
        raw.execute("DROP TRIGGER audit_never_shrinks")
        raw.execute("DELETE FROM audit WHERE seq = 15")
    raw.close()
    screen.trail.model.mark_bad(15)
    asked: list[object] = []
    screen.trail.model.page_wanted.connect(asked.append)
    assert shown(screen)[2][:4] == ["15", "", "", "This row is missing."]
    shown(screen)
    assert len(asked) == 1


def test_filters_narrow_and_are_lifted(opened: Open) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    bar = screen.trail.bar
    bar.whose.chosen.emit("people")
    assert len(shown(screen)) == 17 - 2
    bar.actors.chosen.emit(frozenset({"zhao.lei"}))
    assert len(shown(screen)) == 2
    bar.outcomes.chosen.emit(frozenset({"refused"}))
    bar.deeds.chosen.emit(frozenset({"ticket.assign"}))
    assert [row[4] for row in shown(screen)] == ["Ticket 20422,20425"]
    assert "1 row" in said(bar)
    bar.search.setText("nowhere")
    bar.search.returnPressed.emit()
    settle()
    assert screen.trail.none.isVisible()
    screen.trail.none.action_requested.emit()
    assert len(shown(screen)) == 17
    bar.span.choose_between(morning.clock.now() - 2 * HOUR, morning.clock.now() - HOUR + 1)
    assert len(shown(screen)) == 6
    morning.clock.advance(60)
    bar.span.choose("hour")
    assert len(shown(screen)) == 17 - 6


def test_the_detail_says_what_changed_and_where_it_stands_in_the_chain(opened: Open) -> None:
    screen, _morning = opened()
    assert screen.trail is not None
    screen.trail.bar.deeds.chosen.emit(frozenset({"policy.edit"}))
    settle()
    words = said(screen.trail.detail)
    assert "Changed Before After chat 60 s 45 s" in words
    assert "By virtue of Administrator" in words
    assert "Row 15 of 17" in words
    row = screen.trail.model.row(0)
    assert row is not None
    assert row.hash[:8] in words


def test_an_object_is_followed_to_its_screen_and_through_its_history(opened: Open) -> None:
    screen, _morning = opened()
    assert screen.trail is not None
    asked: list[tuple[str, object]] = []
    screen.jump_requested.connect(lambda key, what: asked.append((key, what)))
    for kind, id_ in (("ticket", "20418"), ("escalation", "311"), ("ticket", "1,2")):
        screen.trail.detail.object_requested.emit(kind, id_)
    assert asked == [("board", ("ticket", 20418)), ("escalations", ("entry", 311))]
    screen.trail.detail.history_requested.emit("escalation", "311")
    assert len(shown(screen)) == 3
    screen.trail.detail.object_requested.emit("account", "li.na")
    assert screen.choice.choice() == "accounts"


def test_a_sound_trail_is_told_with_how_far_it_is_anchored(opened: Open) -> None:
    screen, _morning = opened()
    assert screen.trail is not None
    screen.trail.verification.verify.click()
    assert screen.trail.verification.state is theme.State.OK
    assert screen.trail.verification.text.startswith("Every row is as it was written: 17 rows, anchored up to row 17.")


@pytest.mark.parametrize(
    ("tampering", "words"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 9", "Row 9 is not what was written"),
        ("DELETE FROM audit WHERE seq > 12", "The end is cut off: row 13"),
        ("DELETE FROM audit WHERE seq = 4", "Row 4 is missing"),
    ],
)
def test_what_was_tampered_with_is_told_with_what_to_do(opened: Open, tampering: str, words: str) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    with sqlite3.connect(morning.door.file) as raw:
        for guard in ("audit_never_changes", "audit_never_shrinks"):
            raw.execute(f"DROP TRIGGER {guard}")
        raw.execute(tampering)
    raw.close()
    screen.trail.verification.verify.click()
    assert screen.trail.verification.state is theme.State.DANGER
    assert words in screen.trail.verification.text
    assert "Keep a copy of the database" in screen.trail.verification.text


def test_a_removed_anchor_is_set_anew_with_a_reason(opened: Open) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    strip = screen.trail.verification
    assert not strip.anchor.isVisible()
    strip.verify.click()
    morning.door.chain._anchor.file.unlink()
    strip.verify.click()
    assert "There is no anchor" in strip.text
    assert strip.anchor.isVisible()
    strip.anchor.click()
    card = next(each for each in screen.findChildren(Card) if each.isVisible())
    card.findChildren(QLineEdit)[0].setText("state directory was cleared")
    next(made for made in card.findChildren(QPushButton) if made.text() == "Anchor anew").click()
    assert strip.state is theme.State.OK
    row = morning.door.chain.rows(Wanted())[0]
    assert (row.action, row.reason) == ("audit.anchor", "state directory was cleared")


def test_an_export_is_itself_on_the_trail(opened: Open, tmp_path: Path) -> None:
    screen, morning = opened()
    assert screen.trail is not None
    heard = told(screen)
    screen.trail.bar.actors.chosen.emit(frozenset({"zhao.lei"}))
    settle()
    screen.trail.export_to(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.reader(file))
    assert rows[0][:4] == ["seq", "at", "actor", "role"]
    assert [row[0] for row in rows[1:]] == ["16", "10"]
    assert heard == ["2 rows written to out.csv"]
    row = morning.door.chain.rows(Wanted())[0]
    assert row.action == "export"
    assert row.after == '{"file":"out.csv","filter":{"actors":["zhao.lei"]},"rows":2}'


def test_no_row_leaves_when_the_role_is_gone(opened: Open, tmp_path: Path) -> None:
    screen, morning = opened("li.na")
    morning.session.unlock("right one")
    assert screen.trail is not None
    heard = told(screen)
    revoke_role(morning.door.accounts, BOSS, "li.na", AccountRole.SUPERVISOR, morning.clock)
    screen.trail.export_to(tmp_path / "out.csv")
    assert heard == ["Your roles do not permit this."]
    assert not (tmp_path / "out.csv").exists()
    row = morning.door.chain.rows(Wanted())[0]
    assert (row.action, row.outcome) == ("audit.view", "refused")


def test_a_viewer_is_told_who_may_and_the_refusal_stands_on_the_trail(opened: Open) -> None:
    screen, morning = opened("zhao.lei")
    assert screen.trail is not None
    assert screen.trail.denied.isVisible()
    assert "Supervisor, Incident lead, Administrator" in screen.trail.denied.accessibleName()
    assert screen.trail.model.rowCount() == 0
    row = morning.door.chain.rows(Wanted())[0]
    assert (row.actor, row.action, row.outcome) == ("zhao.lei", "audit.view", "refused")


def test_a_viewer_sees_the_accounts_and_changes_none(opened: Open) -> None:
    screen, _morning = opened("zhao.lei")
    screen.show_page("accounts")
    assert screen.accounts is not None
    assert ticks(screen, "li.na") == {AccountRole.SUPERVISOR, AccountRole.COACH}
    assert not screen.accounts.add.isVisible()
    tick(screen, "zhao.lei", AccountRole.ADMIN, Qt.CheckState.Checked)
    assert ticks(screen, "zhao.lei") == set()
    assert {line.account.name: line.account.roles for line in screen.accounts.model._lines}["zhao.lei"] == frozenset()


def test_accounts_tell_their_last_sign_in_and_passphrase(opened: Open) -> None:
    screen, _morning = opened()
    screen.show_page("accounts")
    assert screen.accounts is not None
    model = screen.accounts.model
    rows = {model.index(row, 0).data(): [model.index(row, column).data() for column in (6, 7, 8)] for row in range(3)}
    assert rows == {
        "boss": ["none", "2026-11-22 09:00", ""],
        "li.na": ["set", "never", ""],
        "wang.fang": ["none", "never", ""],
    }


def test_roles_are_given_and_taken_by_a_tick(opened: Open) -> None:
    screen, _morning = opened()
    screen.show_page("accounts")
    heard = told(screen)
    tick(screen, "wang.fang", AccountRole.COACH, Qt.CheckState.Checked)
    assert ticks(screen, "wang.fang") == {AccountRole.PLANNER, AccountRole.COACH}
    tick(screen, "wang.fang", AccountRole.PLANNER, Qt.CheckState.Unchecked)
    assert ticks(screen, "wang.fang") == {AccountRole.COACH}
    assert heard == ["wang.fang has the role: Coach", "wang.fang no longer has the role: Planner"]


def test_the_last_administrator_stays_one(opened: Open) -> None:
    screen, morning = opened()
    screen.show_page("accounts")
    heard = told(screen)
    tick(screen, "boss", AccountRole.ADMIN, Qt.CheckState.Unchecked)
    assert heard == ["The console needs at least one administrator."]
    assert ticks(screen, "boss") == {AccountRole.ADMIN}
    assert morning.door.chain.rows(Wanted())[0].reason == "last_admin"


def test_an_account_is_added_with_a_role_by_keyboard(opened: Open) -> None:
    screen, _morning = opened()
    screen.show_page("accounts")
    assert screen.accounts is not None
    QTest.keyClicks(screen.accounts.name, "chen.jing")
    QTest.keyClick(screen.accounts.name, Qt.Key.Key_Return)
    assert ticks(screen, "chen.jing") == {AccountRole.SUPERVISOR}
    index = screen.accounts.table.currentIndex()
    assert index.siblingAtColumn(0).data() == "chen.jing"
    screen.accounts.table.setFocus()
    screen.accounts.table.setCurrentIndex(index.siblingAtColumn(1))
    QTest.keyClick(screen.accounts.table, Qt.Key.Key_Space)
    assert ticks(screen, "chen.jing") == set()


def test_an_administrator_sets_the_passphrase_of_another(opened: Open) -> None:
    screen, morning = opened()
    screen.go_to(Target("account", "wang.fang"))
    assert screen.accounts is not None
    screen.accounts.passphrase.click()
    card = next(each for each in screen.findChildren(PassphraseCard) if each.isVisible())
    assert card.present is None
    for field in (card.wanted, card.again):
        field.setText("a good long one")
    card.send()
    morning.session.switch("wang.fang", "a good long one")
    assert morning.session.actor() == Actor("wang.fang", frozenset({AccountRole.PLANNER}))


def test_every_word_changes_with_the_language(opened: Open) -> None:
    screen, _morning = opened()
    language.use("zh_CN")
    screen.retranslate()
    try:
        assert shown(screen)[0][3] != "Resolve escalation"
    finally:
        language.use("en")
        screen.retranslate()


def row_of(action: Action, kind: str, before: str | None, after: str | None, role: str = "supervisor") -> Row:
    return Row(1, NOW, "li.na", role, action.value, kind, "7", "done", "", before, after, "0" * 64)


def test_a_change_is_told_in_words_and_in_the_sites_time(qtbot: QtBot) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    before = '{"due_at":1795171380000000,"level":"duty_manager","state":"raised","urgency":"p1"}'
    row = row_of(Action.ESCALATION_ACKNOWLEDGE, "escalation", before, '{"owner":"li.na","state":"acknowledged"}')
    assert told_differences(row, shanghai) == [
        Difference("Due", "2026-11-20 18:43:00", ""),
        Difference("Told", "duty manager", ""),
        Difference("Owner", "", "li.na"),
        Difference("State", "Nobody has it", "Somebody has it"),
        Difference("Urgency", "P1", ""),
    ]
    roles = row_of(Action.ACCOUNTS_MANAGE, "account", '{"roles":[]}', '{"roles":["coach","admin"]}')
    assert told_differences(roles, UTC) == [Difference("Roles", "", "Coach, Administrator")]
    edited = row_of(Action.POLICY_EDIT, "policy", '{"complaints.high_above":5000}', '{"complaints.high_above":6000}')
    [change] = told_differences(edited, UTC)
    assert (change.before, change.after) == ("5\N{NO-BREAK SPACE}000", "6\N{NO-BREAK SPACE}000")
    assert "high_above" not in change.name
    odd = row_of(Action.ESCALATION_TIMER, "escalation", '{"due_at":"soon","x":1}', '{"state":"from a newer console"}')
    assert [each.before or each.after for each in told_differences(odd, UTC)] == ["soon", "from a newer console", "1"]
    detail = RowDetail(shanghai)
    qtbot.addWidget(detail)
    detail.show_row(row, 1)
    assert "2026-11-20 18:43:00" in said(detail)
    assert "T18:" not in said(detail)


def test_what_everybody_may_do_names_no_role(qtbot: QtBot) -> None:
    detail = RowDetail(UTC)
    qtbot.addWidget(detail)
    detail.show_row(row_of(Action.SIGN_IN, "account", None, None, "viewer"), 1)
    assert "By virtue of" not in said(detail)
    detail.show_row(row_of(Action.TICKET_ASSIGN, "ticket", None, None), 1)
    assert "By virtue of Supervisor" in said(detail)


def test_why_the_console_ended_an_entry_is_told_in_the_language_in_use() -> None:
    language.use("zh_CN")
    try:
        assert reason_words("done", ANSWERED) != ANSWERED
    finally:
        language.use("en")
    assert reason_words("done", "我打过电话了") == "我打过电话了"
