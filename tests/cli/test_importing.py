"""``console import`` from outside: summaries, exit codes, interruptions, and a console that runs already."""

from __future__ import annotations

import csv
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from console.engine import Engine
from console.models.store.lock import FileLock
from tests.cli.run import PROJECT, command, console, here

HEADER = "ticket_ref,status,updated_at,created_at,assignee_ref\n"
MANY = 20_000
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and a terminal")


def log(path: Path, count: int, bad: tuple[int, ...] = ()) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        for number in range(count):
            at = "soon" if number in bad else f"2026-03-02 09:{number % 4:02}"
            status = "open" if number % 4 else "new"
            file.write(f"T-{number // 4},{status},{at},2026-03-02 09:00,Agent {number % 7}\n")
    return path


def events(folder: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{(folder / 'console.db').as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(
            'SELECT ref, kind, at, native, event."key", count(*) FROM event JOIN ticket ON ticket.id = event.subject '
            "GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 3, 4, 5"
        ).fetchall()


def test_the_summary_says_what_landed_and_in_which_zone(tmp_path: Path) -> None:
    first, second = log(tmp_path / "one.csv", 8), log(tmp_path / "two.csv", 12)
    done = console("import", first, second, "--data-dir", tmp_path / "data")
    assert "8 rows read, 8 taken, 0 rejected" in done.out
    assert "12 rows read, 12 taken, 0 rejected" in done.out
    assert "read in UTC, the console's time zone" in done.out
    assert done.err == ""


def test_json_on_standard_output_and_nothing_else_there(tmp_path: Path) -> None:
    data = console("import", log(tmp_path / "log.csv", 8), "--json", "--data-dir", tmp_path / "data").data
    assert {key: data[key] for key in ("dry_run", "complete", "rows", "landed", "rejected")} == {
        "dry_run": False,
        "complete": True,
        "rows": 8,
        "landed": 8,
        "rejected": 0,
    }
    (file,) = data["files"]
    assert (file["mapping"], file["time_zone"], file["time_zone_from"]) == ("tickets", "UTC", "console")
    assert data["new_events"] == file["events"] == len(events(tmp_path / "data"))


def test_rejected_rows_end_with_1_and_stand_in_a_file(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 20, bad=(3, 5, 7, 9, 11, 13, 15))
    done = console("import", path, "--json", "--data-dir", tmp_path / "data", code=1)
    (file,) = done.data["files"]
    assert (file["rows"], file["landed"], file["rejected"]) == (20, 13, 7)
    assert file["rejects"][0] == {
        "line": 5,
        "reason": "'soon' is not a time in the expected form",
        "row": "T-0,open,soon,2026-03-02 09:00,Agent 3",
    }
    with Path(file["rejects_file"]).open(encoding="utf-8-sig", newline="") as rejects:
        assert [row["line"] for row in csv.DictReader(rejects)] == ["5", "7", "9", "11", "13", "15", "17"]
    assert Path(file["rejects_file"]).is_relative_to(tmp_path / "data")


def test_logs_of_the_same_name_keep_their_rejects_apart(tmp_path: Path) -> None:
    paths = []
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        paths.append(log(tmp_path / str(number) / "log.csv", 8, bad=(number,)))
    files = here("import", *paths, "--json", "--data-dir", tmp_path / "data", code=1).data["files"]
    for number, file in enumerate(files, start=1):
        assert f"\n{number + 2}," in Path(file["rejects_file"]).read_text(encoding="utf-8-sig")


def test_a_dry_run_shows_rows_and_writes_nothing(tmp_path: Path) -> None:
    path = log(tmp_path / "log.csv", 12, bad=(2,))
    done = here("import", path, "--dry-run", "--data-dir", tmp_path / "data", code=1)
    assert "line 2 becomes" in done.out
    assert "T-0 created" in done.out
    assert "line 4: 'soon'" in done.out
    assert "Nothing was written" in done.out
    data = here("import", path, "--dry-run", "--json", "--data-dir", tmp_path / "data", code=1).data
    assert data["files"][0]["first"][0]["events"][0]["kind"] == "created"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["log.csv"]


def test_a_mapping_of_one_s_own_and_its_zone(tmp_path: Path) -> None:
    path, mapping = tmp_path / "helpdesk.txt", tmp_path / "own.toml"
    path.write_text("Nr|Wann|Stand\n7|02.03.2026 09:30|offen\n7|02.03.2026 10:30|erledigt\n", encoding="utf-8")
    mapping.write_text(
        'rows = "states"\nsource = "desk"\n[times]\nformats = ["%d.%m.%Y %H:%M"]\ntime_zone = "Europe/Berlin"\n'
        '[fields]\nticket = "Nr"\nat = "Wann"\nstatus = "Stand"\n'
        '[values.status]\noffen = "open"\nerledigt = "closed"\n'
    )
    words = ("import", path, "--mapping", mapping, "--json", "--data-dir")
    file = here(*words, tmp_path / "data").data["files"][0]
    assert (file["time_zone"], file["time_zone_from"]) == ("Europe/Berlin", "mapping")
    report = here("report", "board", "--at", "2026-03-02T09:00Z", "--json", "--data-dir", tmp_path / "data").data
    assert (report["open"], report["closed"], report["oldest_wait_seconds"]) == (1, 0, 1_800)
    other = here(*words, tmp_path / "other", "--time-zone", "UTC").data["files"][0]
    assert (other["time_zone"], other["time_zone_from"]) == ("UTC", "asked")


@pytest.mark.parametrize(
    ("content", "words", "says"),
    [
        ("a,b\n1,2\n", (), "No shipped mapping fits"),
        ("", (), "is empty"),
        (HEADER, ("--mapping", "/no/such.toml"), "/no/such.toml"),
        (HEADER, ("--time-zone", "Mars/Olympus"), "Mars/Olympus"),
    ],
)
def test_wrong_usage_ends_with_2(tmp_path: Path, content: str, words: tuple[str, ...], says: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(content)
    done = here("import", path, *words, "--data-dir", tmp_path / "data", code=2)
    assert says in done.err
    assert "Traceback" not in done.err


def test_one_unreadable_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    good = log(tmp_path / "good.csv", 8)
    done = here("import", bad, good, "--json", "--data-dir", tmp_path / "data", code=2)
    assert (done.data["landed"], done.data["complete"]) == (8, False)


def test_a_folder_that_cannot_be_written_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    done = here("import", log(tmp_path / "log.csv", 8), "--data-dir", tmp_path / "data", code=3)
    assert str(tmp_path / "data") in done.err


def test_a_running_console_takes_the_events(tmp_path: Path) -> None:
    with Engine(tmp_path / "data") as engine:
        done = console("import", log(tmp_path / "log.csv", 12), "--json", "--data-dir", tmp_path / "data")
        assert (done.data["handed_to"], done.data["new_events"]) == (os.getpid(), None)
        assert engine.log.count() == done.data["files"][0]["events"] == len(events(tmp_path / "data"))


def test_a_lock_holder_that_does_not_listen_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    console("import", log(tmp_path / "log.csv", 4), "--data-dir", folder)
    with FileLock(folder / "console.db.lock"):
        done = console("import", tmp_path / "log.csv", "--data-dir", folder, code=3)
    assert f"process {os.getpid()}" in done.err


class Terminal:
    """A run whose standard error is a terminal, so that progress can be read there."""

    def __init__(self, *words: object) -> None:
        self._ours, theirs = os.openpty()
        self.process = subprocess.Popen(
            command(*words), cwd=PROJECT, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, text=True
        )
        os.close(theirs)

    def said(self) -> str:
        """The next piece of progress; empty at the end."""
        try:
            return os.read(self._ours, 4096).decode()
        except OSError:  # the other end is closed
            return ""

    def wait_for_progress(self) -> None:
        text = ""
        while "%" not in text:
            piece = self.said()
            assert piece, f"ended too early: {text}"
            text += piece

    def finish(self) -> tuple[int, str, str]:
        text = ""
        while piece := self.said():
            text += piece
        out, _ = self.process.communicate()
        os.close(self._ours)
        return self.process.returncode, out, text


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Any, ...]]]:
    """A log that takes a second or two, and what is in the database when it was imported at one go."""
    folder = tmp_path_factory.mktemp("many")
    path = log(folder / "many.csv", MANY)
    console("import", path, "--data-dir", folder / "data")
    return path, events(folder / "data")


@posix
def test_ctrl_c_keeps_what_landed_and_the_same_command_goes_on(
    tmp_path: Path, many: tuple[Path, list[tuple[Any, ...]]]
) -> None:
    path, whole = many
    run = Terminal("import", path, "--json", "--data-dir", tmp_path)
    run.wait_for_progress()
    run.process.send_signal(signal.SIGINT)
    code, out, said = run.finish()
    assert code == 130
    assert "Interrupted" in said
    assert '"complete": false' in out
    landed = events(tmp_path)
    assert 0 < len(landed) < len(whole)
    console("import", path, "--data-dir", tmp_path)
    assert events(tmp_path) == whole


@posix
def test_a_killed_import_goes_on_when_it_is_started_again(
    tmp_path: Path, many: tuple[Path, list[tuple[Any, ...]]]
) -> None:
    path, whole = many
    for _round in range(2):
        run = Terminal("import", path, "--data-dir", tmp_path)
        run.wait_for_progress()
        run.process.kill()
        run.finish()
        assert set(events(tmp_path)) < set(whole)
    console("import", path, "--data-dir", tmp_path)
    assert events(tmp_path) == whole
    assert {row[-1] for row in whole} == {1}


@posix
def test_a_full_disk_ends_the_import_and_the_same_command_goes_on_when_there_is_room(
    tmp_path: Path, many: tuple[Path, list[tuple[Any, ...]]]
) -> None:
    """No file may grow beyond a megabyte, which stops the database and then the spool."""
    path, whole = many
    words = command("import", path, "--data-dir", tmp_path)
    limited = ["sh", "-c", 'ulimit -f 2000; exec "$@"', "sh", *words]
    done = subprocess.run(limited, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "cannot be stored" in done.stderr
    assert len(done.stderr.splitlines()) == 2
    console("import", path, "--data-dir", tmp_path)
    assert events(tmp_path) == whole


def test_a_mapping_for_another_log_is_told_before_any_row(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('[fields]\nticket = "Vorgang"\nat = "Geändert"\n', "utf-8")
    (tmp_path / "log.csv").write_bytes("Vorgang;Geändert\nA;2026-03-01\n".encode("latin-1"))
    done = here(
        "import", tmp_path / "log.csv", "--mapping", tmp_path / "own.toml", "--data-dir", tmp_path / "data", code=2
    )
    assert "none of its columns for at is there (Geändert)" in done.err
    assert "it was read as gb18030" in done.err
    assert "0 new events" in done.out


def test_a_folder_is_not_a_log(tmp_path: Path) -> None:
    assert "is a folder" in here("import", tmp_path, "--data-dir", tmp_path / "data", code=2).err
