"""What leaves the board as a file stands on the audit trail, and a viewer takes nothing away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from console.models.actions.session import Session
from console.models.store.audit import Wanted
from console.views.screens.board.screen import BoardScreen
from tests.models.actions.door import Door
from tests.views.screens.centre import Stage, morning

Open = Callable[[str], tuple[BoardScreen, Door]]


@pytest.fixture
def opened(qtbot: QtBot, stage: Callable[..., Stage], tmp_path: Path) -> Iterator[Open]:
    doors: list[Door] = []

    def open_board(name: str) -> tuple[BoardScreen, Door]:
        around = stage(*morning())
        door = Door(tmp_path, around.clock)
        doors.append(door)
        door.os_account = name
        session = Session(door, around.clock)
        session.begin()
        around.context = replace(around.context, access=door, session=session)
        screen = around.screen()
        screen.show()
        screen.activated()
        return screen, door

    yield open_board
    for door in doors:
        door.close()


def test_an_export_of_the_board_is_recorded(opened: Open, tmp_path: Path) -> None:
    screen, door = opened("boss")
    rows = screen.table.shown()
    screen._export.write(tmp_path / "all.csv", selected_only=False)
    assert (tmp_path / "all.csv").exists()
    row = door.chain.rows(Wanted())[0]
    assert (row.actor, row.action, row.object_kind, row.outcome) == ("boss", "export", "board", "done")
    assert row.after == f'{{"file":"all.csv","rows":{rows}}}'


def test_a_viewer_takes_nothing_away(opened: Open, tmp_path: Path) -> None:
    screen, door = opened("zhao.lei")
    told: list[str] = []
    screen.toast_requested.connect(lambda text, _state: told.append(text))
    screen._export.write(tmp_path / "all.csv", selected_only=False)
    assert told == ["Your roles do not permit this."]
    assert not (tmp_path / "all.csv").exists()
    row = door.chain.rows(Wanted())[0]
    assert (row.actor, row.action, row.outcome, row.reason) == ("zhao.lei", "export", "refused", "not_permitted")
