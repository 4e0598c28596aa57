"""The outbox's table: a command is about one ticket or one agent, and older databases learn it without losing any."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from console.models.domain.ports import Progress
from console.models.store import schema

COLUMNS = "id, key, ticket, source, ref, verb, name, value, text, former, is_sent, actor, requested_at, state, due_at"
COLUMNS += ", attempts, reason, settled_at, epoch, lease_until"


def insert(file: Path, id_: int, ticket: int, agent: str | None = None) -> None:
    values = f"{id_}, 'k{id_}', {ticket}, 'desk', 'T', 'assign', '', 0, '', '', 1, 'ann', 1, 1, 1, 0, '', NULL, 0, 0"
    more = ("", "") if agent is None else (", agent", f", '{agent}'")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"INSERT INTO command ({COLUMNS}{more[0]}) VALUES ({values}{more[1]})")
        connection.commit()


def rows(file: Path) -> list[tuple[int, int, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT id, ticket, agent FROM command ORDER BY id").fetchall()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "console.db"
    schema.upgrade(made, Progress())
    return made


def test_a_command_is_about_a_ticket_or_about_an_agent(file: Path) -> None:
    insert(file, 1, 7)
    insert(file, 2, 0, "Mei")
    for ticket, agent in ((0, ""), (7, "Mei")):
        with pytest.raises(sqlite3.IntegrityError, match="ck_command_subject"):
            insert(file, 3, ticket, agent)
    assert rows(file) == [(1, 7, ""), (2, 0, "Mei")]


def test_what_was_asked_of_tickets_is_kept_on_the_way_up_and_down(file: Path) -> None:
    schema.downgrade(file, "0005")
    insert(file, 1, 7)
    schema.upgrade(file, Progress())
    insert(file, 2, 0, "Mei")
    schema.downgrade(file, "0005")
    schema.upgrade(file, Progress())
    assert rows(file) == [(1, 7, "")]
    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.IntegrityError, match="cannot be deleted"):
        connection.execute("DELETE FROM command")
