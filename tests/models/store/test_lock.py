from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.models.store.lock import FileLock, Locked, holder

TAKE = """
import sys
from pathlib import Path
from console.models.store.lock import FileLock, Locked
try:
    FileLock(Path(sys.argv[1]))
except Locked as locked:
    print("locked by", locked.pid)
else:
    print("taken")
"""


def take_elsewhere(path: Path) -> str:
    done = subprocess.run([sys.executable, "-c", TAKE, str(path)], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_another_process_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path):
        assert take_elsewhere(path) == f"locked by {os.getpid()}"
    assert take_elsewhere(path) == "taken"


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert take_elsewhere(path) == "taken"
    FileLock(path).release()


def test_a_second_lock_of_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as lock:
        with pytest.raises(Locked) as caught:
            FileLock(tmp_path / "lock")
        assert caught.value.exit_code == 3
        assert str(os.getpid()) in str(caught.value)
        lock.release()
        lock.release()


def test_a_lock_file_without_a_number_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("?")
    assert holder(tmp_path / "lock") == holder(tmp_path / "none") == 0
