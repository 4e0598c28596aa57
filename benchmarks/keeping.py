"""What the benchmarks over a synthetic log are told, and where they keep it."""

from __future__ import annotations

import argparse
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path


def options(description: str | None, tickets: int) -> argparse.Namespace:
    """``--tickets`` and ``--directory``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--tickets", type=int, default=tickets)
    parser.add_argument("--directory", type=Path, help="keep the database here and use it again")
    return parser.parse_args()


@contextlib.contextmanager
def directory(kept: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is gone afterwards."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)
