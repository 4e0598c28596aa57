"""The real program in a process of its own: its window, its pictures, its orderly end. Judged by its JSON log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from console.models.store.lock import FileLock

PROJECT = Path(__file__).resolve().parents[2]
MORNING = "2026-11-20T10:30+08:00"
PATIENCE = 60


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT), "QT_QPA_PLATFORM": "offscreen", **more}


def console(
    *words: str, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "console", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd=cwd, env=env or environment()
    )


def start(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "console", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())


def facts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def wait_for(path: Path, message: str, process: subprocess.Popen[str]) -> dict[str, Any]:
    """The first fact with this message; the process writes it when it happens."""
    for _ in range(PATIENCE * 20):
        found = [fact for fact in facts(path) if fact["message"] == message]
        if found:
            return found[0]
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"{message} never came: {process.communicate(timeout=5)[1]}")


def test_the_demonstration_centre_runs_and_ends_by_itself(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    run = ("--demo", "--data-dir", str(tmp_path / "demo"), "--json-log", str(log))
    first = console(*run, "--exit-after", "6")
    assert first.returncode == 0, first.stderr
    told = {fact["message"]: fact for fact in facts(log)}
    assert told["first_frame"]["ms"] <= told["board_ready"]["ms"]
    assert told["closed"]["tickets"] > 0
    assert not [fact for fact in facts(log) if fact["level"] in ("error", "critical")]
    log.unlink()
    again = console(*run, "--exit-after", "2")
    assert again.returncode == 0, again.stderr
    ready = next(fact for fact in facts(log) if fact["message"] == "board_ready")
    assert ready["tickets"] >= told["closed"]["tickets"]


def test_without_a_display_it_draws_a_picture_and_says_so(tmp_path: Path) -> None:
    env = {
        name: value
        for name, value in environment().items()
        if name not in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    }
    done = console(cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert "console-snapshot.png" in done.stderr
    picture = QImage(str(tmp_path / "console-snapshot.png"))
    assert (picture.width(), picture.height()) == (1280, 800)


@pytest.mark.parametrize(("scale", "width", "height"), [("1", 960, 640), ("1.5", 1440, 960)])
def test_a_picture_has_its_size_and_is_the_same_every_time(tmp_path: Path, scale: str, width: int, height: int) -> None:
    words = ("snapshot", "--screen", "board", "--demo", "--clock", MORNING, "--size", "960x640", "--scale", scale)
    pictures = []
    for name in ("one.png", "two.png"):
        done = console(*words, "--out", str(tmp_path / name), "--lang", "zh_CN", "--theme", "dark")
        assert done.returncode == 0, done.stderr
        pictures.append(QImage(str(tmp_path / name)))
    assert (pictures[0].width(), pictures[0].height()) == (width, height)
    assert pictures[0] == pictures[1]


def test_a_screen_that_does_not_exist_is_wrong_usage(tmp_path: Path) -> None:
    done = console("snapshot", "--screen", "bord", "--demo", "--out", str(tmp_path / "x.png"))
    assert done.returncode == 2
    assert "bord" in done.stderr
    assert "board" in done.stderr


def test_a_picture_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    out = tmp_path / "no-such-folder" / "x.png"
    done = console("snapshot", "--screen", "board", "--demo", "--clock", MORNING, "--out", str(out))
    assert done.returncode == 3
    assert str(out) in done.stderr


def test_data_in_use_elsewhere_are_named_with_the_process(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with FileLock(tmp_path / "data" / "console.db.lock"):
        done = console("--data-dir", str(tmp_path / "data"), "--exit-after", "20")
    assert done.returncode == 3
    assert str(os.getpid()) in done.stderr


def test_a_second_start_brings_the_first_window_to_the_front(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    first = start("--data-dir", str(tmp_path / "data"), "--json-log", str(log), "--exit-after", "40")
    try:
        wait_for(log, "board_ready", first)
        second = console("--data-dir", str(tmp_path / "data"), "--exit-after", "20")
        assert second.returncode == 0, second.stderr
        assert "front" in second.stderr
    finally:
        first.send_signal(signal.SIGTERM)
        _out, err = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that asks a program to end")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    log = tmp_path / "log.jsonl"
    data = tmp_path / "demo"
    run = start("--demo", "--data-dir", str(data), "--json-log", str(log), "--exit-after", "50")
    try:
        wait_for(log, "board_ready", run)
    finally:
        run.send_signal(number)
        _out, err = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, err
    assert facts(log)[-1]["message"] == "closed"
    with FileLock(data / "console.db.lock"):
        assert (data / "console.db").exists()
