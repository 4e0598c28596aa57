"""The settings as a supervisor uses them: find a value, change it, see what it would do, save it, take it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from console import i18n
from console.clock import SECOND
from console.models.domain.contacts import Channel
from console.models.policy.labels import SECTIONS
from console.models.policy.schema import BY_PATH
from console.views import theme
from console.views.layout import Layout
from console.views.screens.settings import screen as settings_screen
from console.views.screens.settings.field_editors import DurationEditor
from console.views.screens.settings.field_row import FieldRow
from console.views.screens.settings.review import Review
from console.views.screens.settings.screen import SettingsScreen
from console.views.shell.preferences import Preferences
from tests.views.screens.settings.conftest import LI, Office

Open = Callable[..., Office]
WEB, SMS, TARGET = "first_response.channel.web_chat", "first_response.channel.sms", "first_response.chat.target"
OURS = '# ours\n[first_response.channel]\nemail = "12 h"\n'


def row(desk: Office, path: str) -> FieldRow:
    assert desk.screen.page is not None
    return desk.screen.page.rows[path]


def type_duration(desk: Office, qtbot: QtBot, path: str, number: str) -> DurationEditor:
    editor = row(desk, path).editor
    assert isinstance(editor, DurationEditor)
    editor.number.selectAll()
    qtbot.keyClicks(editor.number, number)
    return editor


def bar_text(desk: Office) -> str:
    assert desk.screen.bar is not None
    return desk.screen.bar._text.full_text()


def checked(desk: Office, qtbot: QtBot) -> None:
    draft = desk.screen._draft
    assert draft is not None
    qtbot.waitUntil(lambda: not draft._pause.isActive())


def save(desk: Office, qtbot: QtBot) -> None:
    assert desk.screen.bar is not None
    checked(desk, qtbot)
    qtbot.mouseClick(desk.screen.bar.review, Qt.MouseButton.LeftButton)
    (card,) = desk.screen.window().findChildren(Review)
    qtbot.mouseClick(card.save, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_key_of_the_policy_has_its_field(office: Open, qtbot: QtBot, language: str) -> None:
    i18n.use(language)
    desk = office()
    seen: set[str] = set()
    for section in SECTIONS:
        desk.screen.show_section(section.key)
        qtbot.waitUntil(desk.screen.ready)
        assert desk.screen.page is not None
        seen |= set(desk.screen.page.rows)
    assert seen == set(BY_PATH)
    i18n.use("en")


def test_a_change_tells_what_it_would_do_is_saved_and_taken_back(office: Open, qtbot: QtBot) -> None:
    desk = office(OURS)
    type_duration(desk, qtbot, WEB, "1")
    checked(desk, qtbot)
    assert bar_text(desk).startswith("1 change · would put ")
    assert "(now " in bar_text(desk)
    with qtbot.waitSignal(desk.in_force.changed) as told:
        save(desk, qtbot)
    assert told.args == [desk.in_force.policy]
    assert desk.file.read_text() == OURS + 'web_chat = "1 s"\n'
    assert desk.events[-1].detail is not None
    assert desk.events[-1].detail["by"] == "boss"
    assert desk.ledger.rows[-1].after == {WEB: "1 s"}
    assert bar_text(desk) == "1 change is saved; in force since 10:42."
    assert desk.screen.bar is not None
    qtbot.mouseClick(desk.screen.bar.undo, Qt.MouseButton.LeftButton)
    assert desk.file.read_text() == OURS
    assert bar_text(desk) == "1 change was taken back; in force since 10:42."
    assert desk.screen.bar.undo.isHidden()
    editor = row(desk, WEB).editor
    assert isinstance(editor, DurationEditor)
    assert (editor.number.text(), editor.unit.choice()) == ("300", "s")


def test_a_wrong_value_is_told_beside_its_field_and_cannot_be_saved(office: Open, qtbot: QtBot) -> None:
    desk = office()
    type_duration(desk, qtbot, WEB, "soon")
    checked(desk, qtbot)
    assert row(desk, WEB)._problem.text() == "'soon s' is not a duration."
    assert bar_text(desk) == "1 change · 1 value is wrong"
    assert desk.screen.bar is not None
    assert not desk.screen.bar.review.isEnabled()
    desk.screen.show_section("calendar")
    qtbot.waitUntil(desk.screen.ready)
    qtbot.mouseClick(desk.screen.bar.show_problem, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(desk.screen.ready)
    assert desk.screen.sections.key() == "response"
    assert WEB in desk.screen.page.rows  # type: ignore[union-attr]  # there is a policy
    type_duration(desk, qtbot, WEB, "90")
    checked(desk, qtbot)
    assert desk.screen.bar.review.isEnabled()


def test_values_that_contradict_each_other_are_told_by_their_names(office: Open, qtbot: QtBot) -> None:
    desk = office()
    type_duration(desk, qtbot, TARGET, "900")
    checked(desk, qtbot)
    assert row(desk, TARGET)._problem.text() == (
        "It may not be more than A good chat answer: Best practice, which is 120 s."
    )


def test_a_value_can_go_back_to_the_shipped_one(office: Open, qtbot: QtBot) -> None:
    desk = office(OURS)
    path = "first_response.channel.email"
    assert row(desk, path)._default.text() == "Default: 24 h"
    qtbot.mouseClick(row(desk, path)._reset, Qt.MouseButton.LeftButton)
    assert row(desk, path)._default.isHidden()
    save(desk, qtbot)
    assert desk.file.read_text() == "# ours\n[first_response.channel]\n"


def test_changes_can_be_discarded(office: Open, qtbot: QtBot) -> None:
    desk = office()
    editor = type_duration(desk, qtbot, WEB, "1")
    checked(desk, qtbot)
    assert desk.screen.bar is not None
    qtbot.mouseClick(desk.screen.bar.discard, Qt.MouseButton.LeftButton)
    assert editor.number.text() == "300"
    assert desk.screen.bar.isHidden()


def test_fields_are_found_by_their_words_key_and_rule(office: Open, qtbot: QtBot) -> None:
    desk = office()
    for words in ("duty level", "escalation.chain", "WeChat messages"):
        desk.screen.search.setText(words)
        qtbot.keyClick(desk.screen.search, Qt.Key.Key_Return)
        qtbot.waitUntil(desk.screen.ready)
    assert desk.screen.page is not None
    assert set(desk.screen.page.rows) == {"platform.wechat.window", "platform.wechat.messages"}
    desk.screen.search.setText("R-CMP-FOLLOW")
    qtbot.keyClick(desk.screen.search, Qt.Key.Key_Return)
    qtbot.waitUntil(desk.screen.ready)
    assert set(desk.screen.page.rows) == {"complaints.follow_up_within", "complaints.satisfaction_within"}


def test_the_command_palette_leads_to_a_field(office: Open, qtbot: QtBot) -> None:
    desk = office(section="display")
    desk.screen.jump_requested.connect(lambda _key, what: desk.screen.go_to(what))
    (provider,) = desk.screen.providers()
    assert list(provider.offers("", 5)) == []
    offer, *_others = provider.offers("second follow", 5)
    assert (offer.title, offer.hint) == ("After it was solved: Second follow-up", "Complaints")
    offer.run()
    qtbot.waitUntil(desk.screen.ready)
    editor = row(desk, "complaints.follow_up_within").editor
    assert isinstance(editor, DurationEditor)
    qtbot.waitUntil(editor.number.hasFocus)


def test_only_what_differs_can_be_shown(office: Open, qtbot: QtBot) -> None:
    desk = office(OURS)
    desk.screen._actions["settings_changed"].trigger()
    qtbot.waitUntil(desk.screen.ready)
    assert desk.screen.page is not None
    assert set(desk.screen.page.rows) == {"first_response.channel.email"}
    desk.screen.sections.setCurrentRow(2)
    qtbot.waitUntil(desk.screen.ready)
    assert not desk.screen._actions["settings_changed"].isChecked()
    assert "resolution.priority.high" in desk.screen.page.rows


def test_who_may_not_edit_reads_the_values_and_why(office: Open) -> None:
    desk = office(OURS, LI)
    assert desk.screen.notice.isVisible()
    assert row(desk, WEB).editor is None
    assert row(desk, "first_response.channel.email")._reset.isHidden()
    assert "300 s" in [label.text() for label in row(desk, WEB).findChildren(QLabel)]


def test_beside_another_process_it_is_only_read(office: Open) -> None:
    desk = office(writable=False)
    assert row(desk, WEB).editor is None


def test_a_wrong_file_is_told_with_its_places_and_what_is_in_force(
    office: Open, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    class Services:
        """Notes what would be opened."""

        @staticmethod
        def openUrl(url: QUrl) -> None:
            opened.append(url.toLocalFile())

    monkeypatch.setattr(settings_screen, "QDesktopServices", Services)
    desk = office('[first_response.channel]\nemail = "12 hours"\n')
    told = desk.screen.trouble._text.text()
    assert told.startswith("The policy file is wrong; the shipped policy is in force.\nLine 2, column 9: ")
    assert "'12 hours' is not a duration" in told
    qtbot.mouseClick(desk.screen.trouble._action, Qt.MouseButton.LeftButton)
    assert [Path(folder) for folder in opened] == [desk.folder]
    type_duration(desk, qtbot, WEB, "90")
    save(desk, qtbot)
    assert desk.screen.trouble.isHidden()
    assert (desk.folder / "policy.wrong.toml").read_text().endswith('"12 hours"\n')


def test_a_file_that_changed_meanwhile_keeps_both_and_asks_again(office: Open, qtbot: QtBot) -> None:
    desk = office(OURS)
    type_duration(desk, qtbot, WEB, "90")
    desk.file.write_text(OURS + 'web_chat = "60 s"\n')
    save(desk, qtbot)
    told = desk.screen.notice._text.text()
    assert "changed by somebody else" in told
    assert "First response, by channel: Web chat: 60 s; yours 90 s" in told
    assert "60 s" in desk.file.read_text()
    save(desk, qtbot)
    assert desk.file.read_text() == OURS + 'web_chat = "90 s"\n'


def test_a_disk_that_takes_nothing_is_told_and_the_changes_stay(office: Open, qtbot: QtBot) -> None:
    desk = office()
    type_duration(desk, qtbot, WEB, "90")
    checked(desk, qtbot)
    desk.file.mkdir()
    (desk.file / "in the way").touch()
    draft = desk.screen._draft
    assert draft is not None
    draft.save()
    assert "could not be written" in desk.screen.notice._text.text()
    assert draft.values == {WEB: "90 s"}


def test_the_words_change_and_the_draft_stays(office: Open, qtbot: QtBot) -> None:
    desk = office()
    type_duration(desk, qtbot, WEB, "90")
    checked(desk, qtbot)
    i18n.use("zh_CN")
    desk.screen.retranslate()
    qtbot.waitUntil(desk.screen.ready)
    editor = row(desk, WEB).editor
    assert isinstance(editor, DurationEditor)
    assert editor.number.text() == "90"
    assert bar_text(desk).startswith("1 项改动")
    i18n.use("en")
    theme.notifier().changed.emit()
    desk.screen.retheme()
    qtbot.waitUntil(desk.screen.ready)


def test_what_was_left_unsaved_is_there_again(office: Open, qtbot: QtBot, tmp_path: Path) -> None:
    desk = office()
    context = replace(desk.context, layout=Layout(tmp_path / "layout"))
    first = SettingsScreen(context)
    first.activated()
    first.show_section("peak")
    assert first._draft is not None
    first._draft.set(WEB, "90 s")
    first._draft.set(SMS, "soon")
    first.remember()
    first.deactivated()
    second = SettingsScreen(context)
    second.activated()
    qtbot.waitUntil(second.ready)
    assert second.sections.key() == "peak"
    assert second._draft is not None
    assert second._draft.values == {WEB: "90 s", SMS: "soon"}
    assert second._draft.wrong_paths == (SMS,)
    second.deactivated()
    for screen in (first, second):
        screen.close()
        screen.deleteLater()


def test_a_clock_that_is_no_response_is_counted_too(office: Open, qtbot: QtBot) -> None:
    desk = office(section="resolution")
    path = "stage.assigned"
    qtbot.waitUntil(lambda: path in desk.screen.page.rows)  # type: ignore[union-attr]  # there is a policy
    type_duration(desk, qtbot, path, "0.01")
    checked(desk, qtbot)
    assert "waiting tickets in breach stay " in bar_text(desk)
    assert " · Stage: " in bar_text(desk)
    assert " over their limit (now " in bar_text(desk)


def test_a_narrow_page_needs_no_scrolling_sideways(office: Open, qtbot: QtBot) -> None:
    desk = office(OURS)
    page = desk.screen.page
    assert page is not None
    for width, narrow in ((800, True), (1200, False)):
        desk.screen.resize(width, 750)
        qtbot.waitUntil(lambda narrow=narrow: page._narrow is narrow and page.ready())
        qtbot.waitUntil(lambda: page.horizontalScrollBar().maximum() == 0)
        assert row(desk, "first_response.channel.email")._default.text() == "Default: 24 h"


def test_the_empty_board_has_no_effect_to_tell(office: Open, qtbot: QtBot) -> None:
    desk = office(empty=True)
    type_duration(desk, qtbot, WEB, "1")
    checked(desk, qtbot)
    assert bar_text(desk) == "1 change"


def test_the_effect_follows_the_new_policy(office: Open, qtbot: QtBot) -> None:
    desk = office()
    type_duration(desk, qtbot, WEB, "1")
    save(desk, qtbot)
    draft = desk.screen._draft
    assert draft is not None
    type_duration(desk, qtbot, SMS, "1")
    checked(desk, qtbot)
    assert draft.effect is not None
    assert draft.effect.before.breached[Channel.WEB_CHAT] == draft.effect.after.breached[Channel.WEB_CHAT]
    assert draft.effect.at >= desk.clock.now() - SECOND


def test_the_display_is_set_by_wishes(office: Open, qtbot: QtBot) -> None:
    desk = office(section="display")
    wishes: list[tuple[str, object]] = []
    desk.screen.preference_requested.connect(lambda key, value: wishes.append((key, value)))
    for key, choice in (("language", "zh_CN"), ("theme", "dark"), ("scale", "1.25"), ("sound", "no")):
        segment = desk.screen.display.controls[key]._segments[choice]
        qtbot.mouseClick(segment, Qt.MouseButton.LeftButton)
    zone: QLineEdit = desk.screen.display.zone
    zone.setText("Mars/Olympus")
    qtbot.keyClick(zone, Qt.Key.Key_Return)
    assert "Mars/Olympus" in desk.screen.display._zone_note.text()
    zone.setText("Asia/Shanghai")
    qtbot.keyClick(zone, Qt.Key.Key_Return)
    assert wishes == [
        ("language", "zh_CN"),
        ("theme", "dark"),
        ("scale", 1.25),
        ("sound", False),
        ("time_zone", "Asia/Shanghai"),
    ]


def test_preferences_take_the_wishes(qtbot: QtBot) -> None:
    preferences = Preferences()
    chosen: list[tuple[str, object]] = []
    preferences.chosen.connect(lambda key, value: chosen.append((key, value)))
    for key, value in (("theme", "dark"), ("scale", 1.25), ("sound", False), ("language", "en")):
        preferences.choose(key, value)
    assert chosen == [("theme", "dark"), ("scale", 1.25), ("sound", False), ("language", "en")]
    assert (theme.current().name, theme.current().scale) == ("dark", 1.25)
