"""The logs: one topic per module, values beside the message, recent lines in memory, files that rotate."""

from __future__ import annotations

import json
import logging
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console import logs


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    yield
    logs.stop()


def read_json(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_json_line_has_time_level_topic_message_and_values(tmp_path: Path) -> None:
    logs.setup(json_file=tmp_path / "deep" / "log.json")
    logs.topic("intake").warning(
        "%d rows spooled", 12, extra=logs.fields(rows=12, source="演示", path=tmp_path, level="x")
    )
    line = read_json(tmp_path / "deep" / "log.json")[0]
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "warning", "topic": "intake", "message": "12 rows spooled",
        "rows": 12, "source": "演示", "path": str(tmp_path), "value_level": "x",
    }  # fmt: skip


def test_an_error_brings_its_trace(tmp_path: Path) -> None:
    ring = logs.setup(json_file=tmp_path / "log.json")
    try:
        raise ValueError("bad row")
    except ValueError:
        logs.topic("import").exception("row failed")
    assert "ValueError: bad row" in read_json(tmp_path / "log.json")[0]["trace"]
    assert "ValueError: bad row" in ring.recent()[0]


def test_the_ring_keeps_the_last_lines_oldest_first() -> None:
    ring = logs.Ring(lines=3)
    for number in range(5):
        ring.handle(logging.LogRecord("console.board", logging.INFO, "", 0, "line %d", (number,), None))
    assert [line.split()[-1] for line in ring.recent()] == ["2", "3", "4"]
    assert [line.split()[-1] for line in ring.recent(2)] == ["3", "4"]
    assert ring.recent(0) == []


def test_a_message_with_wrong_arguments_does_not_stop_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = logs.setup()
    logs.topic("board").info("two %s %s", "words")
    assert ring.recent() == []
    assert "not enough arguments" in capsys.readouterr().err


def test_files_rotate_by_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2_000)
    logs.setup(directory=tmp_path)
    for number in range(200):
        logs.topic("board").info("a line of some length, number %d", number)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["console.log", "console.log.1", "console.log.2", "console.log.3"]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    assert (tmp_path / "console.log").read_text().rstrip().endswith("number 199")


def test_standard_error_has_warnings_only_unless_asked_for_more(capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup()
    logs.topic("board").info("calm")
    logs.topic("board").warning("loud")
    assert [line.split()[-1] for line in capsys.readouterr().err.splitlines()] == ["loud"]
    logs.setup(verbose=True)
    logs.topic("board").info("calm")
    assert "calm" in capsys.readouterr().err


def test_set_up_again_replaces_and_does_not_double(tmp_path: Path) -> None:
    logs.setup(json_file=tmp_path / "first.json")
    logs.setup(json_file=tmp_path / "second.json")
    logs.topic("board").info("once")
    assert read_json(tmp_path / "first.json") == []
    assert len(read_json(tmp_path / "second.json")) == 1


def test_warnings_of_python_and_failures_of_threads_are_logged() -> None:
    ring = logs.setup()

    def fail() -> None:
        raise RuntimeError("worker broke")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)  # catch_warnings has just put Python's own printing back
        warnings.warn("old way", UserWarning, stacklevel=1)
    thread = threading.Thread(target=fail, name="writer")
    thread.start()
    thread.join()
    lines = "\n".join(ring.recent())
    assert "UserWarning: old way" in lines
    assert "crash: thread ended by an error thread=writer" in lines
    assert "RuntimeError: worker broke" in lines


def test_without_standard_error_it_logs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    ring = logs.setup()
    logs.topic("board").error("seen")
    assert ring.recent()[0].endswith("error   board: seen")


def test_a_disk_without_room_for_the_log_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.setup(tmp_path)
    handler = next(h for h in logging.getLogger(logs.ROOT).handlers if isinstance(h, logging.FileHandler))
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    handler.stream.close()
    handler.stream = full.open("w", encoding="utf-8")
    logs.topic("intake").info("nobody can keep this")
    logs.stop()
    assert capsys.readouterr().err == ""
