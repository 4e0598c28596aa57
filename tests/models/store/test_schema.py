from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from console.clock import FixedClock
from console.errors import SetupError, UsageError
from console.models.domain.events import Origin
from console.models.domain.ports import Cancelled, Progress
from console.models.store import database, schema
from console.models.store.database import Place, place
from console.models.store.log import open_log, open_reader, pending_revisions
from console.models.store.tables import metadata
from tests.models.store.conftest import message


def write_one_event(home: Place, clock: FixedClock) -> None:
    with open_log(home, clock) as log:
        assert log.intake.submit("desk", [message("T-1", 1)], origin=Origin.POLL).wait(30)


def set_revision(home: Place, revision: str) -> None:
    with sqlite3.connect(home.file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


def test_the_head_we_name_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(schema._config()).get_current_head() == schema.HEAD


def test_the_migrations_make_the_tables_that_we_declare(home: Place, clock: FixedClock) -> None:
    from alembic.autogenerate import compare_metadata

    write_one_event(home, clock)
    engine = database.writer(home.file)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_down_and_up_again(home: Place, clock: FixedClock) -> None:
    write_one_event(home, clock)
    schema.downgrade(home.file, "base")
    assert pending_revisions(home) == schema._revisions()
    write_one_event(home, clock)
    assert pending_revisions(home) == []


@pytest.mark.parametrize("revision", schema._revisions())
def test_a_database_of_every_older_revision_is_brought_up_to_date(
    home: Place, clock: FixedClock, revision: str
) -> None:
    write_one_event(home, clock)
    schema.downgrade(home.file, revision)
    write_one_event(home, clock)
    assert pending_revisions(home) == []
    reader = open_reader(home)
    assert reader.last_seq() == 1
    reader.close()


def test_a_database_with_data_is_copied_before_it_is_changed(
    home: Place, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one_event(home, clock)
    current = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", "9999")
    monkeypatch.setattr(schema, "_revisions", lambda: [current, "9999"])
    monkeypatch.setattr(schema, "_run", lambda connection, _target: connection.commit())
    steps: list[tuple[int, int]] = []
    copy = schema.upgrade(home.file, Progress(report=lambda *step: steps.append(step)))
    assert copy is not None
    assert steps
    assert steps[-1][0] == steps[-1][1] > 0
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (1,)
    connection.close()


def test_a_copy_that_is_cancelled_leaves_everything_as_it_was(
    home: Place, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_one_event(home, clock)
    current = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", "9999")
    monkeypatch.setattr(schema, "_revisions", lambda: [current, "9999"])
    with pytest.raises(Cancelled):
        open_log(home, clock, Progress(cancelled=lambda: True))
    assert [file.name for file in home.directory.glob("*.bak")] == []
    monkeypatch.undo()
    write_one_event(home, clock)


def test_a_database_of_a_newer_console_is_refused_untouched(home: Place, clock: FixedClock) -> None:
    write_one_event(home, clock)
    set_revision(home, "9998")
    before = home.file.read_bytes()
    with pytest.raises(SetupError, match="9998"):
        open_log(home, clock)
    with pytest.raises(SetupError, match="9998"):
        open_reader(home)
    assert home.file.read_bytes() == before
    set_revision(home, schema.HEAD)
    write_one_event(home, clock)


def test_a_reader_does_not_open_an_older_database(home: Place, clock: FixedClock) -> None:
    write_one_event(home, clock)
    schema.downgrade(home.file, "base")
    with pytest.raises(SetupError, match="older version"):
        open_reader(home)


def test_a_file_that_is_no_database_is_named(home: Place, clock: FixedClock) -> None:
    home.directory.mkdir()
    home.file.write_bytes(b"this is a letter, not a database" * 400)
    with pytest.raises(SetupError, match=r"console\.db cannot be used"):
        open_log(home, clock)
    home.file.unlink()
    write_one_event(home, clock)


def test_opening_a_current_database_does_not_import_alembic(home: Place, clock: FixedClock) -> None:
    write_one_event(home, clock)
    program = f"""
import sys
from pathlib import Path
from console.engine import Engine
assert "sqlalchemy" not in sys.modules
with Engine(Path({str(home.directory)!r})) as engine:
    assert engine.log.count() == 1
print("alembic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_url_names_a_file(tmp_path: Path) -> None:
    assert place(tmp_path, f"sqlite:///{tmp_path}/other/log.db").file == tmp_path / "other" / "log.db"
    assert place(tmp_path).file == tmp_path / "console.db"


@pytest.mark.parametrize("url", ["nonsense", "sqlite://", "postgresql://joe:secret@host/db"])
def test_other_urls_are_refused_without_their_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(UsageError) as caught:
        place(tmp_path, url)
    assert "secret" not in str(caught.value)
