"""``console accounts`` and ``console audit``: their forms, their exit codes, and the lock."""

from __future__ import annotations

import csv
import os
import sqlite3
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.engine import Engine
from console.models.actions.accounts import set_passphrase
from console.models.domain.roles import AccountRole, Actor
from console.models.store import accounts as store
from console.models.store.access import open_access
from console.models.store.accounts import os_account
from console.models.store.database import place
from tests.cli.run import here


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a database that this account made."""
    path = tmp_path / "data"
    with Engine(path):
        pass
    return path


@pytest.fixture
def as_li(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else at this machine."""
    monkeypatch.setattr(store, "os_account", lambda: "li")


def roles(home: Path, name: str) -> list[str]:
    found = here("accounts", "list", "--json", "--data-dir", home).data["accounts"]
    return next((account["roles"] for account in found if account["name"] == name), [])


def test_who_made_the_database_is_its_admin(home: Path) -> None:
    assert roles(home, os_account()) == ["viewer", "admin"]
    said = here("accounts", "list", "--data-dir", home).out
    assert "Administrator" in said
    assert "operating system" in said


def test_roles_are_given_and_taken(home: Path) -> None:
    here("accounts", "grant", "li", "incident-lead", "--data-dir", home)
    assert roles(home, "li") == ["viewer", "incident_lead"]
    here("accounts", "revoke", "li", "incident_lead", "--data-dir", home)
    assert roles(home, "li") == ["viewer"]


@pytest.mark.parametrize("words", [("li", "boss"), ("li", "viewer"), (" ", "coach")])
def test_a_wrong_role_or_name_is_wrong_usage(home: Path, words: tuple[str, str]) -> None:
    assert here("accounts", "grant", *words, "--data-dir", home, code=2).err


def test_others_give_no_roles_and_do_not_see_the_trail(home: Path, as_li: None) -> None:
    assert "do not permit" in here("accounts", "grant", "li", "admin", "--data-dir", home, code=1).err
    assert "do not permit" in here("audit", "list", "--data-dir", home, code=1).err
    assert roles(home, "li") == []
    assert here("audit", "verify", "--json", "--data-dir", home).data["rows"] == 3


def test_a_supervisor_sees_the_trail(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here("accounts", "grant", "Li", "supervisor", "--data-dir", home)
    monkeypatch.setattr(store, "os_account", lambda: "li")
    assert len(here("audit", "list", "--json", "--data-dir", home).data["rows"]) == 2


def test_a_forgotten_passphrase_is_taken_away_and_that_stands_on_the_trail(home: Path) -> None:
    name = os_account()
    with open_access(place(home)) as access:
        boss = Actor(name, frozenset({AccountRole.ADMIN}))
        set_passphrase(access.accounts, store.Argon2id(), boss, name, "a good long one", SystemClock())
    assert here("accounts", "list", "--json", "--data-dir", home).data["accounts"][0]["passphrase"]
    here("accounts", "forget-passphrase", name, "--data-dir", home)
    assert not here("accounts", "list", "--json", "--data-dir", home).data["accounts"][0]["passphrase"]
    row = here("audit", "list", "--json", "--data-dir", home).data["rows"][0]
    assert (row["action"], row["outcome"], row["after"]) == ("accounts.passphrase", "done", '{"passphrase":false}')


def test_nobody_takes_the_passphrase_of_another_without_the_role(home: Path, as_li: None) -> None:
    assert "do not permit" in here("accounts", "forget-passphrase", os_account(), "--data-dir", home, code=1).err


def test_changes_need_the_lock_and_reading_does_not(home: Path) -> None:
    with Engine(home):
        ended = here("accounts", "grant", "li", "coach", "--data-dir", home, code=3)
        assert str(os.getpid()) in ended.err
        here("accounts", "list", "--data-dir", home)
        here("audit", "verify", "--data-dir", home)
        here("audit", "list", "--data-dir", home)


@pytest.mark.parametrize("words", [("accounts", "list"), ("accounts", "grant", "li", "coach"), ("audit", "verify")])
def test_where_there_is_no_database_nothing_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    here(*words, "--data-dir", tmp_path / "none", code=3)
    assert not (tmp_path / "none").exists()


def test_a_changed_row_is_named(home: Path) -> None:
    here("accounts", "grant", "li", "coach", "--data-dir", home)
    sound = here("audit", "verify", "--data-dir", home)
    assert "sound: 2 rows" in sound.out
    assert "not keyed" in sound.out
    with sqlite3.connect(place(home).file) as connection:
        connection.execute("DROP TRIGGER audit_never_changes")
        connection.execute("UPDATE audit SET actor = 'ghost' WHERE seq = 2")
    connection.close()
    found = here("audit", "verify", "--json", "--data-dir", home, code=1).data
    assert found["sound"] is False
    assert found["first_bad_row"] == 2
    assert {finding["flaw"] for finding in found["findings"]} == {"changed", "unguarded"}
    assert "Row 2" in here("audit", "verify", "--data-dir", home, code=1).out


def test_a_cut_tail_is_found_even_after_the_console_ran_again(home: Path) -> None:
    here("accounts", "grant", "li", "coach", "--data-dir", home)
    with sqlite3.connect(place(home).file) as connection:
        connection.execute("DROP TRIGGER audit_never_shrinks")
        connection.execute("DELETE FROM audit WHERE seq = 2")
    connection.close()
    assert "cut off: row 2" in here("audit", "verify", "--data-dir", home, code=1).out
    here("accounts", "grant", "li", "coach", "--data-dir", home)
    assert here("audit", "verify", "--json", "--data-dir", home, code=1).data["findings"]


def test_after_a_look_an_admin_anchors_anew_and_says_why(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = Path(here("audit", "verify", "--json", "--data-dir", home).data["anchor_file"])
    anchor.write_text("{")
    assert "cannot be read" in here("audit", "verify", "--data-dir", home, code=1).out
    here("audit", "anchor", "--reason", " ", "--data-dir", home, code=2)
    here("audit", "anchor", "--reason", "the disk was full", "--data-dir", home)
    here("audit", "verify", "--data-dir", home)
    assert here("audit", "list", "--json", "--data-dir", home).data["rows"][0]["reason"] == "the disk was full"
    monkeypatch.setattr(store, "os_account", lambda: "li")
    here("audit", "anchor", "--reason", "let me", "--data-dir", home, code=1)


def test_the_list_is_filtered(home: Path) -> None:
    here("accounts", "grant", "li", "coach", "--data-dir", home)

    def found(*words: str) -> list[int]:
        return [row["seq"] for row in here("audit", "list", "--json", "--data-dir", home, *words).data["rows"]]

    assert found() == [2, 1]
    assert found("--actor", os_account()) == [2]
    assert found("--action", "accounts.manage") == [2, 1]
    assert found("--action", "sign_in") == []
    assert found("--from", "2100-01-01") == []
    assert found("--from", "2020-01-01", "--to", "2100-01-01T00:00+08:00") == [2, 1]
    assert found("--to", "2020-01-01") == []


def test_the_table_for_spreadsheets_holds_no_formula(home: Path, tmp_path: Path) -> None:
    here("accounts", "grant", "=cmd()", "coach", "--data-dir", home)
    here("audit", "list", "--csv", tmp_path / "trail.csv", "--data-dir", home)
    with (tmp_path / "trail.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["object_id"] for row in rows] == ["'=cmd()", os_account()]
    assert rows[0]["after"] == '{"roles":["coach"]}'
    assert "(console)" in here("audit", "list", "--data-dir", home).out
