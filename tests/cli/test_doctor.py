"""``console doctor``: what is well, what needs attention, and what keeps the console from running."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from console import cli, paths, preflight
from console.cli import checkup
from console.engine import Engine
from console.models.store import schema
from tests.cli.run import console


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with an empty log, on a machine that has everything."""
    monkeypatch.setattr(preflight, "missing_libraries", lambda window=False: [])
    real = paths.resource
    monkeypatch.setattr(paths, "resource", lambda name: tmp_path if name.endswith(".mo") else real(name))
    with Engine(tmp_path / "data"):
        pass
    return tmp_path / "data"


def doctor(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = cli.main(["doctor", "--json", "--data-dir", str(folder)])
    data = json.loads(capsys.readouterr().out)
    return code, {f"{finding['group']}/{finding['name']}": finding for finding in data["findings"]}


def not_well(findings: dict[str, Any]) -> dict[str, str]:
    return {name: finding["state"] for name, finding in findings.items() if finding["state"] != "ok"}


def test_all_is_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (0, {})
    assert findings["database/journal mode"]["value"] == "wal"
    assert findings["database/quick check"]["value"] == "ok"
    assert findings["database/revision"]["value"] == schema.HEAD
    assert findings["database/pending migrations"]["value"] == "none"
    assert findings["database/content"]["value"] == "0 events of 0 tickets"
    assert "NotoSansSC" in findings["resources/fonts"]["value"]
    assert findings["time/system zone"]["value"].startswith("UTC, 20")
    assert findings["audit/keyring"]["value"].startswith("none")
    assert findings["audit/rows"]["value"] == "1"
    assert findings["audit/anchor"]["value"].startswith("reaches row 1")
    assert {"environment/python", "libraries/PySide6-Essentials", "libraries/SQLite", "folders/data"} <= set(findings)


def test_before_the_first_start_nothing_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, findings = doctor(capsys, folder.parent / "new")
    assert code == 0
    assert findings["database/file"]["value"].startswith("none yet")
    assert not (folder.parent / "new").exists()


def test_missing_libraries_of_a_window_need_attention_and_those_to_draw_break(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "missing_libraries", lambda window=False: ["libxcb-cursor.so.0"])
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"libraries/system": "attention"})
    assert "libxcb-cursor0" in findings["libraries/system"]["remedy"]
    monkeypatch.setattr(preflight, "missing_libraries", lambda window=False: ["libEGL.so.1"])
    assert doctor(capsys, folder)[0] == 3


def test_an_older_database_has_pending_migrations(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "pending", lambda connection: ["0099"])
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"database/pending migrations": "attention"})


def test_a_damaged_database_breaks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "console.db").write_bytes(b"this is no database" * 100)
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (3, {"database/file": "broken"})


def test_a_database_of_a_newer_console_breaks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(folder / "console.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    code, findings = doctor(capsys, folder)
    assert code == 3
    assert "from the future" in findings["database/file"]["value"]


def test_the_process_that_writes_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Engine(folder):
        _, findings = doctor(capsys, folder)
    assert findings["database/writer"]["value"] == f"process {os.getpid()}"
    _, findings = doctor(capsys, folder)
    assert findings["database/writer"]["value"] == "none"


def test_events_that_wait_in_the_spool_need_attention(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "console.db.spool").write_bytes(b"x" * 10)
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"database/spool": "attention"})


def test_wrong_settings_need_attention(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = paths.config_dir() / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text('theme = "pink"\n')
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"settings/entry": "attention"})
    path.write_text("= 3")
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"settings/file": "attention"})


def test_little_space_and_a_folder_that_is_closed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "LITTLE_SPACE", 1 << 60)
    code, findings = doctor(capsys, folder)
    assert code == 1
    assert set(not_well(findings)) == {"folders/data", "folders/state", "folders/config"}
    file = folder.parent / "file"
    file.write_text("")
    code, findings = doctor(capsys, file / "below")
    assert code == 3
    assert not_well(findings)["folders/data"] == "broken"


def test_an_old_python_breaks(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkup, "PYTHONS", ((4, 0), (5, 0)))
    assert doctor(capsys, folder)[0] == 3


def test_people_read_it_as_text(tmp_path: Path) -> None:
    done = console("doctor", "--data-dir", tmp_path, code=None)
    assert done.code in (0, 1), done.out
    assert "database" in done.out
    assert "numpy" in done.out
    assert done.err == ""


def test_a_wrong_policy_and_missing_holidays_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "days.toml").write_text("[2020]\noff = []\nwork = []\n", encoding="utf-8")
    site = tmp_path / "policy.toml"
    site.write_text('[calendar]\nholidays = "days.toml"\n', encoding="utf-8")
    found = doctor(capsys, tmp_path)[1]
    assert "days.toml" in found["policy/holidays"]["value"]
    site.write_text('[calendar]\nholidays = "days.toml"\npeak = 1\n', encoding="utf-8")
    found = doctor(capsys, tmp_path)[1]
    assert found["policy/source"]["value"] == "last_good"
    assert "calendar.peak" in found["policy/file"]["value"]


def test_a_lost_anchor_needs_attention(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for anchor in (paths.state_dir() / "audit").glob("*.json"):
        anchor.unlink()
    code, findings = doctor(capsys, folder)
    assert (code, not_well(findings)) == (1, {"audit/anchor": "attention"})
    assert findings["audit/anchor"]["remedy"].startswith("Was the state directory cleared?")


def test_an_anchor_ahead_of_the_trail_needs_attention(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(folder / "console.db")) as raw:
        raw.execute("DROP TRIGGER audit_never_shrinks")
        raw.execute("DELETE FROM audit")
        raw.commit()
    _code, findings = doctor(capsys, folder)
    assert findings["audit/anchor"]["state"] == "attention"
    assert "audit verify" in findings["audit/anchor"]["remedy"]
