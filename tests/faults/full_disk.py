"""A centre whose disk is full for a while: ``full_disk.py DIR BASE``; runs where it may mount (``unshare -rm``).

The console's folder is a small disk of its own, which nobody outside of this process sees; what it holds in the end is
left in DIR all the same.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

from tests.faults.centre import DATA

ROOM = "64m"
SECONDS = 30
FULL_SECONDS = 10


def fill(file: Path) -> None:
    """Leave no byte."""
    with file.open("wb", buffering=0) as ballast:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    ballast.write(bytes(size))
            except OSError:
                continue


def main() -> None:
    """Start the centre, fill its disk, make room again, and wait for its end."""
    folder, pause = Path(sys.argv[1]), threading.Event()
    disk = folder / DATA
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(disk)], check=True)
    words = [sys.executable, "-m", "tests.faults.centre", str(folder), sys.argv[2], str(SECONDS)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as centre:
        assert centre.stdout is not None
        assert centre.stdout.readline() == "ready\n"
        pause.wait(4)
        ballast = disk / "ballast"
        fill(ballast)
        # What others need, and what is freed meanwhile, is taken again.
        for _second in range(FULL_SECONDS):
            pause.wait(1)
            fill(disk / f"ballast{_second}")
        for file in disk.glob("ballast*"):
            file.unlink()
        print(centre.stdout.read(), end="", flush=True)  # noqa: T201 - the test reads it
    shutil.copytree(disk, folder / "copy")
    subprocess.run(["umount", str(disk)], check=True)
    disk.rmdir()
    (folder / "copy").rename(disk)
    sys.exit(centre.returncode)


if __name__ == "__main__":
    main()
