"""How long a start takes until the board is there: ``python -m benchmarks.startup [--tickets N] [--directory DIR]``.

Each start is a process of its own that opens the database, loads the board and builds the first list, as the window
does. *Cold* means that the operating system was asked to forget the files before.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

from benchmarks import keeping, synthetic
from benchmarks.startup import one
from console.models.domain.ports import Progress
from console.models.live import catch_up, snapshot
from console.models.policy import policy as policies
from console.models.store import database
from console.models.store.log import open_reader
from console.models.store.reader import SqlLogReader

END = 1_795_000_000_000_000
RUNS = 3
TAIL = 100_000


class Shorter(SqlLogReader):
    """The log as it was before its last events."""

    def __init__(self, reader: SqlLogReader, without: int) -> None:
        super().__init__(reader._engine)
        self._last = reader.last_seq() - without

    def last_seq(self) -> int:
        return self._last


def main() -> None:
    options = keeping.options(__doc__, 1_000_000)
    with keeping.directory(options.directory) as directory:
        place = database.place(directory)
        if not place.file.exists():
            began = time.perf_counter()
            rows = synthetic.make(synthetic.Shape(options.tickets, 100, END, 1.15))
            synthetic.write(directory, rows)
            print(f"made {rows.size:,} events of {options.tickets:,} tickets in {time.perf_counter() - began:.0f} s")
        log = open_reader(place)
        size = place.file.stat().st_size / 1e6
        print(f"database {size:,.0f} MB, {log.last_seq():,} events")
        folder = directory / snapshot.FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        _row("", "wall s", "of it load", "peak MB")
        _starts(directory, "without a snapshot")
        began = time.perf_counter()
        catch_up.renew_snapshot(Shorter(log, TAIL), folder, policies.default(), END, Progress())
        took = time.perf_counter() - began
        _starts(directory, f"snapshot and {TAIL:,} events")
        began = time.perf_counter()
        path = catch_up.renew_snapshot(log, folder, policies.default(), END, Progress())
        renewed = time.perf_counter() - began
        _starts(directory, "snapshot of everything")
        _starts(directory, "snapshot, cold", cold=True)
        megabytes = path.stat().st_size / 1e6
        print(
            f"writing the snapshot ({megabytes:,.0f} MB): {took:.1f} s from nothing, {renewed:.1f} s from the last one"
        )
        log.close()


def _starts(directory: Path, label: str, *, cold: bool = False) -> None:
    context = multiprocessing.get_context("spawn")
    found = []
    for _ in range(RUNS):
        if cold:
            _forget(directory)
        ours, theirs = context.Pipe(duplex=False)
        began = time.perf_counter()
        process = context.Process(target=one.start, args=(theirs, directory, END))
        process.start()
        theirs.close()
        loaded, megabytes, count = ours.recv()
        found.append((time.perf_counter() - began, loaded, megabytes))
        process.join()
    wall, loaded, megabytes = (statistics.median(values) for values in zip(*found, strict=True))
    _row(label, f"{wall:.2f}", f"{loaded:.2f}", f"{megabytes:,.0f}", f"{count:,} tickets in the first list")


def _forget(directory: Path) -> None:
    for path in directory.rglob("*"):
        if path.is_file() and hasattr(os, "posix_fadvise"):
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def _row(label: str, *cells: str) -> None:
    print(f"{label:<32}" + "".join(f"{cell:>12}" for cell in cells[:3]) + "  " + "".join(cells[3:]))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
