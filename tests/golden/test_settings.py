"""The settings as approved: the response clocks with a change, a mistake and a site's own value, the calendar, and the
routing rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.models.policy.policy import SITE_FILE
from console.views import theme
from tests.golden.conftest import Golden
from tests.views.screens.settings.conftest import BOSS, Office

Look = Callable[..., None]
Settle = Callable[[QWidget], None]

SITE = """[first_response.channel]
email = "12 h"

[calendar]
time_zone = "Asia/Shanghai"
holidays = "cn"

[calendar.week]
monday = ["09:00-12:00", "13:00-18:00"]
tuesday = ["09:00-12:00", "13:00-18:00"]
wednesday = ["09:00-12:00", "13:00-18:00"]
thursday = ["09:00-12:00", "13:00-18:00"]
friday = ["09:00-12:00", "13:00-18:00"]
saturday = ["22:00-06:00"]
sunday = []
makeup = ["09:00-12:00", "13:00-18:00"]

[calendar.exceptions]
"2026-10-01" = []
"2026-12-31" = ["09:00-12:00"]

[routing]
mode = "assign"
rules = [
  {name = "VIP", tiers = ["vip"], to_teams = ["VIP"], least_level = "senior", widen_after = "30 s"},
  {name = "支付", types = ["billing_payment", "subscription"], to_queues = ["支付 Payment"], strategy = "longest_free"},
]
"""


@pytest.fixture
def desk(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[], Office]]:
    """Made after the look is in force."""
    made: list[Office] = []

    def open_desk() -> Office:
        (tmp_path / SITE_FILE).write_text(SITE, encoding="utf-8")
        made.append(Office(tmp_path, BOSS, empty=True))
        made[-1].screen.resize(1200, 760)
        return made[-1]

    yield open_desk
    for each in made:
        each.close()


@pytest.mark.parametrize("section", ["response", "calendar", "routing"])
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_settings(
    look: Look,
    settle: Settle,
    golden: Golden,
    qtbot: QtBot,
    desk: Callable[[], Office],
    words: str,
    mode: theme.Mode,
    section: str,
) -> None:
    look(words, mode)
    office = desk()
    settle(office.screen)
    office.screen.activated()
    office.screen.show_section(section)
    qtbot.waitUntil(office.screen.ready)
    draft, page = office.screen._draft, office.screen.page
    assert draft is not None
    assert page is not None
    if section == "response":
        draft.set("first_response.channel.web_chat", "60 s")
        draft.set("first_response.channel.phone", "soon s")
        page.show_values()
    qtbot.waitUntil(lambda: not draft._pause.isActive())
    # What a row says moves its neighbours.
    for _round in range(3):
        QApplication.processEvents()
    golden(office.screen, f"settings-{section}-{words}-{mode}")
