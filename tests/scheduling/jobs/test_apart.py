"""Work in a process of its own: done, failed, ended, or out of time, and never left running."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from console.scheduling.jobs.apart import Apart, WorkFailed

PATIENCE = 30.0


def write_pid(path: Path) -> None:
    path.write_text(str(os.getpid()), encoding="ascii")


def fail() -> None:
    raise ValueError("no good")


def end_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def go_on_for_ever(fifo: Path) -> None:
    with fifo.open("w") as out:
        out.write(str(os.getpid()))
    threading.Event().wait()


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    return path


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_work_is_done_in_another_process(tmp_path: Path) -> None:
    assert Apart().run(write_pid, tmp_path / "pid")
    assert int((tmp_path / "pid").read_text()) != os.getpid()


def test_an_error_is_told() -> None:
    with pytest.raises(WorkFailed, match="fail: ValueError: no good"):
        Apart().run(fail)


def test_a_killed_process_is_told() -> None:
    with pytest.raises(WorkFailed, match="its process was ended"):
        Apart().run(end_itself)


def test_work_out_of_time_is_ended(fifo: Path) -> None:
    assert not Apart().run(go_on_for_ever, fifo, within=0.01)


def test_ending_ends_the_work_and_lets_later_work_begin(fifo: Path, tmp_path: Path) -> None:
    apart = Apart()
    outcomes: list[bool] = []
    thread = threading.Thread(target=lambda: outcomes.append(apart.run(go_on_for_ever, fifo)))
    thread.start()
    pid = int(fifo.read_text())
    apart.end()
    thread.join(PATIENCE)
    assert outcomes == [False]
    assert not is_alive(pid)
    assert apart.run(write_pid, tmp_path / "pid")
