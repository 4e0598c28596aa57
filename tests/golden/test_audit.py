"""The audit screen as approved: the trail, the accounts, and an alarm."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from console.views import theme
from console.views.screens.audit.screen import AuditScreen
from console.views.shell.main_window import MainWindow
from console.views.shell.registry import SCREENS
from tests.golden.conftest import Golden
from tests.views.screens.trail import Morning
from tests.views.stand_ins import SCREENS as OTHERS

Look = Callable[..., None]
Settle = Callable[[QWidget], None]
Open = Callable[..., tuple[MainWindow, AuditScreen, Morning]]


@pytest.fixture
def window(tmp_path: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    # Hashes begin with a random word of the database; its path and who owns it are the test's own.
    monkeypatch.setattr("console.models.store.audit.secrets.token_hex", lambda count: "0" * 2 * count)
    monkeypatch.setattr(
        "tests.models.actions.door.Door.protection",
        lambda _door: ["/home/boss/.local/share/supervisor-console/console.db", "rw-------, boss"],
    )
    made: list[tuple[MainWindow, Morning]] = []

    def open_window(name: str = "boss") -> tuple[MainWindow, AuditScreen, Morning]:
        morning = Morning(tmp_path, name)
        shell = MainWindow(morning.context, (*OTHERS, *(row for row in SCREENS if row.key == "audit")))
        made.append((shell, morning))
        shell.resize(1280, 800)
        shell.show_screen("audit")
        settle(shell)
        screen = shell.stage.current()
        assert isinstance(screen, AuditScreen)
        return shell, screen, morning

    yield open_window
    for shell, morning in made:
        shell.close()
        shell.deleteLater()
        morning.close()


def arrive() -> None:
    for _round in range(4):
        QApplication.processEvents()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_trail(look: Look, golden: Golden, window: Open, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    shell, screen, _morning = window()
    assert screen.trail is not None
    arrive()
    screen.trail.verification.verify.click()
    screen.trail.table.selectRow(2)
    arrive()
    golden(shell, f"audit-{words}-{mode}")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_accounts(look: Look, golden: Golden, window: Open, words: str, mode: theme.Mode) -> None:
    look(words, mode)
    shell, screen, _morning = window()
    screen.show_page("accounts")
    arrive()
    golden(shell, f"accounts-{words}-{mode}")


@pytest.mark.parametrize("words", ["en", "zh_CN"])
def test_a_trail_that_was_tampered_with(look: Look, golden: Golden, window: Open, words: str) -> None:
    look(words, "light" if words == "en" else "dark")
    shell, screen, morning = window()
    assert screen.trail is not None
    with sqlite3.connect(morning.door.file) as raw:
        raw.execute("DROP TRIGGER audit_never_changes")
        raw.execute("UPDATE audit SET actor = 'nobody' WHERE seq = 11")
    raw.close()
    arrive()
    screen.trail.verification.verify.click()
    arrive()
    golden(shell, f"audit-tampered-{words}")


def test_what_a_viewer_gets(look: Look, golden: Golden, window: Open) -> None:
    look("zh_CN", "light")
    shell, _screen, _morning = window("zhao.lei")
    golden(shell, "audit-denied-zh_CN-light")
