"""What the disk does; a module of its own, so that another process finds it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np


def probe(folder: Path, rounds: int = 200, pause: float = 0.0) -> np.ndarray:
    """Append 4 KiB and fsync so often, each after a pause in seconds; how long each took, in milliseconds."""
    path = folder / f"probe-{os.getpid()}"
    took = []
    with path.open("ab", buffering=0) as file:
        for _ in range(rounds):
            time.sleep(pause)
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    path.unlink()
    return np.array(took) * 1e3


def megabytes_read() -> float:
    """What this process had to read from the disk so far, because it was not in the system's memory; nan where the
    system does not tell."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) for line in lines if line.startswith("read_bytes")) / 1e6
