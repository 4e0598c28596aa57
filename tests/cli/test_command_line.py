"""The command line's manners: help, exit codes, one message for a failure, nothing heavy before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from console import __version__, cli, paths
from console.cli import failures
from console.errors import SetupError, UsageError
from tests.cli.run import PROJECT, console

SUB_COMMANDS = ("snapshot", "import", "report", "rebalance", "escalations", "doctor", "accounts", "audit")
HEAVY = (
    "PySide6",
    "shiboken6",
    "numpy",
    "sqlalchemy",
    "alembic",
    "pandas",
    "numba",
    "pyqtgraph",
    "openpyxl",
    "highspy",
)


def test_the_command_line_brings_in_nothing_heavy() -> None:
    code = f"import console.cli, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_needs_nothing_heavy_either() -> None:
    code = (
        "import sys; from console.cli import main; main(['import', '--help']);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("command", [(), *((word,) for word in SUB_COMMANDS), ("report", "board")])
def test_every_command_has_help_with_its_exit_codes(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([*command, "--help"]) == 0
    out = capsys.readouterr().out
    assert "exit codes: 0" in out
    assert "--lang" in out


@pytest.mark.parametrize(
    "option",
    ["demo", "seed", "speed", "clock", "data-dir", "database", "lang", "theme", "screen", "exit-after", "json-log"],
)
def test_the_help_names_every_option_of_the_window(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help"])
    assert f"--{option}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["dance"], "dance"),
        (["--theme", "pink"], "pink"),
        (["--lang", "tlh"], "tlh"),
        (["--speed", "0"], "number above 0"),
        (["--exit-after", "soon"], "number above 0"),
        (["--demo", "--clock", "noon"], "'noon' is not a time"),
        (["--clock", "2026-03-02T09:30"], "--demo"),
        (["snapshot", "--screen", "board"], "--out"),
        (["snapshot", "--screen", "board", "--out", "x.png", "--size", "big"], "1280x800"),
        (["snapshot", "--screen", "board", "--out", "x.png", "--size", "0x9"], "1280x800"),
        (["import"], "FILE"),
        (["import", "/no/such/file.csv"], "/no/such/file.csv"),
        (["report"], "REPORT"),
        (["report", "board", "--at", "2026-13-01"], "2026-13-01"),
        (["report", "board", "--time-zone", "Mars/Olympus"], "Mars/Olympus"),
    ],
)
def test_wrong_usage_is_told_in_one_message_and_ends_with_2(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert "Traceback" not in err


def test_no_database_is_the_environment_s_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", "board", "--data-dir", str(tmp_path / "nowhere")]) == 3
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_the_program_tells_its_version() -> None:
    assert console("--version").out == f"supervisor-console {__version__}\n"


def test_known_failures_give_their_message_and_code(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise SetupError("The disk is full.", "Make room.")

    assert failures.guarded(fail) == 3
    assert capsys.readouterr() == ("", "Error: The disk is full.\nMake room.\n")
    with pytest.raises(UsageError):
        cli.build_parser().error("no")


def test_unexpected_failures_go_to_the_crash_log_and_not_to_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise ZeroDivisionError("secret detail")

    assert failures.guarded(fail) == 3
    out, err = capsys.readouterr()
    log = paths.state_dir() / failures.CRASH_LOG
    assert out == ""
    assert "ZeroDivisionError: secret detail" in err
    assert str(log) in err
    assert "Traceback" not in err
    assert "Traceback" in log.read_text()
    assert failures.guarded(fail, debug=True) == 3
    assert "Traceback" in capsys.readouterr().err
    assert log.read_text().count("supervisor-console") == 2


def test_ctrl_c_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    def stop() -> int:
        raise KeyboardInterrupt

    assert failures.guarded(stop) == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    """``console … --help | head -1``, with a help that is longer than the pipe would be."""
    code = (
        "import os, sys; from console.cli import failures\n"
        "def work():\n    print('x' * 1_000_000); sys.stdout.flush(); return 0\n"
        "sys.exit(failures.guarded(work))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(1)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), err) == (0, "")


def test_a_broken_settings_file_is_told_with_its_path(capsys: pytest.CaptureFixture[str]) -> None:
    path = paths.config_dir() / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("language = ", encoding="utf-8")
    assert cli.main(["report", "board"]) == 3
    assert str(path) in capsys.readouterr().err


def test_options_of_window_and_snapshot_reach_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from types import SimpleNamespace

    import console as package
    from console.settings import SnapshotOptions, WindowOptions

    asked: list[object] = []
    app = SimpleNamespace(run=lambda options: asked.append(options) or 7, snapshot=lambda o: asked.append(o) or 8)
    monkeypatch.setitem(sys.modules, "console.app", app)
    monkeypatch.setattr(package, "app", app, raising=False)
    words = "--demo --seed 5 --speed 2 --clock 2026-03-02T09:30 --theme dark --screen board --exit-after 3 --lang en"
    assert cli.main([*words.split(), "--json-log", str(tmp_path / "log"), "--data-dir", str(tmp_path)]) == 7
    words = "snapshot --screen board --out x.png --size 1920x1080 --scale 2 --at 2026-03-02T09:30+08:00"
    assert cli.main([*words.split(), "--theme", "light", "--data-dir", str(tmp_path)]) == 8
    window, snapshot = asked
    nine_thirty = 1_772_443_800_000_000
    assert window == WindowOptions(
        demo=True,
        seed=5,
        speed=2.0,
        clock=nine_thirty,
        data_dir=tmp_path,
        language="en",
        theme="dark",
        screen="board",
        exit_after=3.0,
        json_log=tmp_path / "log",
    )
    assert snapshot == SnapshotOptions(
        screen="board",
        out=Path("x.png"),
        size=(1920, 1080),
        scale=2.0,
        at=nine_thirty - 8 * 3600 * 1_000_000,
        data_dir=tmp_path,
        theme="light",
    )


def test_it_speaks_the_asked_language_or_that_of_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--lang", "zh_CN", "import", "/no/such/file.csv"]) == 2
    assert "/no/such/file.csv" in (chinese := capsys.readouterr().err)
    assert "There is no file" not in chinese
    path = paths.config_dir() / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text('language = "zh_CN"\n', encoding="utf-8")
    assert cli.main(["import", "/no/such/file.csv"]) == 2
    assert capsys.readouterr().err == chinese
    assert cli.main(["import", "/no/such/file.csv", "--lang=en"]) == 2
    assert "There is no file" in capsys.readouterr().err


@pytest.mark.parametrize("scale", ["0.1", "100", "nan", "wide"])
def test_a_scale_that_no_screen_has_is_refused(scale: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["snapshot", "--screen", "board", "--out", str(tmp_path / "x.png"), "--scale", scale]) == 2
    assert "--scale" in capsys.readouterr().err


def test_the_future_cannot_be_drawn(tmp_path: Path) -> None:
    out = tmp_path / "x.png"
    done = console("snapshot", "--screen", "board", "--out", out, "--at", "2999-01-01", "--data-dir", tmp_path, code=2)
    assert "has not come yet" in done.err
    assert not out.exists()


@pytest.mark.parametrize("words", [["--exit-after", "9"], ["snapshot", "--out", "x.png"]])
def test_a_screen_that_is_not_there_is_told_with_those_that_are(words: list[str], tmp_path: Path) -> None:
    ended = console(*words, "--screen", "bord", "--data-dir", tmp_path, "--lang", "en", code=2)
    assert "There is no screen bord." in ended.err
    assert "board, escalations" in ended.err
    assert not list(tmp_path.iterdir())
