"""The locked console and the cards of signing in, as approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from console.clock import FixedClock
from console.i18n import _
from console.models.actions.accounts import grant_role, set_passphrase
from console.models.actions.session import Session
from console.models.domain.roles import AccountRole, Actor
from console.models.queries.inbox import Counts
from console.views import theme
from console.views.shell.main_window import MainWindow
from console.views.widgets.empty import EmptyState
from tests.golden.conftest import Golden
from tests.models.actions.door import Door
from tests.views.stand_ins import NOW, SCREENS, SampleScreen, context

Look = Callable[..., None]
Settle = Callable[[QWidget], None]
BOSS = Actor("boss", frozenset({AccountRole.ADMIN}))


class LiNa(Door):
    """The database belongs to boss; Li Na, a supervisor and coach with a passphrase, is at the console."""

    os_account = "li.na"


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], MainWindow]]:
    page = staticmethod(lambda: EmptyState("layout-dashboard", _("no data yet"), ""))
    monkeypatch.setattr(SampleScreen, "page", page)
    made: list[tuple[MainWindow, Door]] = []

    def open_window() -> MainWindow:
        clock = FixedClock(NOW)
        door = LiNa(tmp_path, clock)
        for role in (AccountRole.SUPERVISOR, AccountRole.COACH):
            grant_role(door.accounts, BOSS, "li.na", role, clock)
        set_passphrase(door.accounts, door.hasher, BOSS, "li.na", "right one", clock)
        shell = MainWindow(replace(context(), session=Session(door, clock), access=door), SCREENS)
        made.append((shell, door))
        shell.show_screen("sample")
        shell.strip.set_escalations(Counts(1, 2))
        shell.resize(1280, 800)
        shell.person.begin(lambda: None)
        return shell

    yield open_window
    for shell, door in made:
        shell.close()
        shell.deleteLater()
        door.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_locked(
    look: Look, settle: Settle, golden: Golden, window: Callable[[], MainWindow], words: str, mode: theme.Mode
) -> None:
    look(words, mode)
    shell = window()
    settle(shell)
    shell._second.timeout.emit()
    shell.person.layer.unlock_requested.emit("wrong one")
    golden(shell, f"lock-{words}-{mode}")


@pytest.mark.parametrize("words", ["en", "zh_CN"])
@pytest.mark.parametrize("key", ["menu", "switch_person", "passphrase"])
def test_cards_of_the_person(
    look: Look, settle: Settle, golden: Golden, window: Callable[[], MainWindow], words: str, key: str
) -> None:
    look(words, "light" if words == "en" else "dark")
    shell = window()
    shell.person._session.unlock("right one")
    settle(shell)
    if key == "menu":
        shell.person.button.click()
    else:
        shell.person.actions[key].trigger()
    golden(shell, f"person-{key}-{words}")
