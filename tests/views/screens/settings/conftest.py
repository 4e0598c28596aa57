"""A settings screen over a policy file of its own and a morning of the demonstration centre."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.clock import FixedClock
from console.models.actions.policy_edit import PolicyEditor
from console.models.actions.session import Session
from console.models.domain.access_ports import Account
from console.models.domain.audit import Entry
from console.models.domain.events import Event
from console.models.domain.roles import AccountRole, Actor
from console.models.policy import policy as policies
from console.views.policy_in_force import PolicyInForce
from console.views.screens.settings.screen import SettingsScreen
from tests.models.live.stored import StoredLog
from tests.views.screens.centre import MORNING, Interner, Stage, _day, morning

BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))
LI = Actor("li", frozenset({AccountRole.SUPERVISOR}))


class Ledger:
    """Accounts in memory, with the rows that a change leaves."""

    def __init__(self) -> None:
        self.rows: list[Entry] = []
        self._accounts = [Account(1, "boss", BOSS.roles), Account(2, "li", LI.roles)]

    def all(self) -> Sequence[Account]:
        return self._accounts

    def find(self, name: str) -> Account | None:
        return next((account for account in self._accounts if account.name == name), None)

    def record(self, entry: Entry) -> None:
        self.rows.append(entry)

    @contextmanager
    def change(self) -> Iterator[Ledger]:
        yield self


@cache
def stored() -> StoredLog:
    """The end of the same morning as a log that can be read."""
    return StoredLog(_day(MORNING, 7)[0].rows[-4_000:])


class Office:
    """What the screen stands on: the stage, the folder of the policy, what was recorded and told."""

    def __init__(self, folder: Path, who: Actor, *, writable: bool = True, empty: bool = False) -> None:
        self.clock = FixedClock(MORNING)
        self.folder = folder
        self.ledger = Ledger()
        self.events: list[Event] = []
        board, log = (None, Interner()) if empty else morning()
        self.stage = Stage(board, log, None, self.clock)
        editor = PolicyEditor(folder, lambda: self.ledger, self.events.append, self.clock)  # type: ignore[arg-type,return-value]  # as much of it as is asked
        self.in_force = PolicyInForce(policies.load_site(folder).policy, editor, writable=writable)
        self.context = replace(
            self.stage.context,
            session=Session.of(who, self.clock),
            policy=self.in_force,
            store=SimpleNamespace(log=stored()),
        )
        self.screen = SettingsScreen(self.context)

    @property
    def file(self) -> Path:
        return self.folder / policies.SITE_FILE

    def close(self) -> None:
        self.screen.deactivated()
        self.screen.close()
        self.screen.deleteLater()
        self.stage.close()


@pytest.fixture
def office(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Open the screen, 1200 by 750 pixels; ``text`` is the site's file."""
    made: list[Office] = []

    def open_screen(
        text: str = "", who: Actor = BOSS, *, writable: bool = True, empty: bool = False, section: str = "response"
    ) -> Office:
        if text:
            (tmp_path / policies.SITE_FILE).write_text(text, encoding="utf-8")
        desk = Office(tmp_path, who, writable=writable, empty=empty)
        made.append(desk)
        desk.screen.resize(1200, 750)
        with qtbot.waitExposed(desk.screen):
            desk.screen.show()
        desk.screen.activated()
        desk.screen.show_section(section)
        qtbot.waitUntil(desk.screen.ready)
        return desk

    yield open_screen
    for each in made:
        each.close()
