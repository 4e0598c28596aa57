"""How long a look back takes: ``python -m benchmarks.history [--tickets N] [--directory DIR]``.

Boards at random instants of eight weeks come from the worker process, while the board of the present takes 10,000
events a second in frames; beside them, in the same run, the usual way: folding the whole log up to the instant.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import threading
import time
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks import keeping, synthetic
from console.clock import DAY
from console.models.domain.contacts import Role
from console.models.domain.events import ROW, Kind
from console.models.domain.ports import Batch, Progress, Rows
from console.models.live import catch_up
from console.models.live.board import Board
from console.models.live.history import manifest, sealing
from console.models.live.history.past import Past
from console.models.live.history.travel import History
from console.models.policy import policy as policies
from console.models.policy.history import PolicyHistory
from console.models.store import database
from console.models.store.log import open_reader

END = 1_795_000_000_000_000
DAYS = 56
INSTANTS = 40
FOLDS = 3
FRAME = 1 / 60
EVENTS_PER_FRAME = 167


def main() -> None:
    options = keeping.options(__doc__, 560_000)
    with keeping.directory(options.directory) as directory:
        place = database.place(directory)
        if not place.file.exists():
            synthetic.write(directory, synthetic.make(synthetic.Shape(options.tickets, DAYS, END, 2.3)))
        log = open_reader(place)
        policy = policies.default()
        folder = directory / manifest.FOLDER
        shutil.rmtree(folder, ignore_errors=True)
        print(f"{log.last_seq():,} events of {DAYS} days, {log.last_ticket():,} tickets")
        chance = np.random.default_rng(11)
        instants = (END - chance.integers(0, DAYS * DAY, INSTANTS)).tolist()

        folds = []
        for at in instants[:FOLDS]:
            began = time.perf_counter()
            Past(log, folder, policy).board_at(at, Progress())
            folds.append(time.perf_counter() - began)
        _times("fold of the whole log", folds)

        began = time.perf_counter()
        sealing.look_after(log, folder, policy, END, Progress())
        outcome = sealing.look_after(log, folder, policy, END, Progress())
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"sealing {outcome.sealed} days: {time.perf_counter() - began:.1f} s, {size:,.0f} MB")

        present = catch_up.load_board(log, None, policy, END, Progress())
        present.list(now=END).rebuild()
        alone, _none = _live(present, 5.0, None)
        history = History(partial(open_reader, place), folder, PolicyHistory(log, directory))
        _frames, first = _live(present, 60.0, (history, instants[:1]))
        beside, looks = _live(present, 60.0, (history, instants))
        process = history._process
        memory = _memory(process.pid) if process is not None and process.pid else "-"
        history.close()
        print(f"{'first look, worker and all':<28}     {first[0] * 1000:8.1f} ms")
        _times("board at an instant", looks)
        print(f"{'ratio of the medians':<28} x{np.median(folds) / np.median(looks):.0f}")
        print(f"memory of the worker: {memory}")
        _times("frame of the present, alone", alone)
        _times("  while looking back", beside)
        log.close()


def _live(present: Board, seconds: float, looking: tuple[History, list[int]] | None) -> tuple[list[float], list[float]]:
    """Take events in frames, and ask for one instant after the other; how long each frame and each look took."""
    frames: list[float] = []
    looks: list[float] = []
    answered = threading.Event()
    asked = 0.0
    waiting = list(looking[1]) if looking else []
    answered.set()
    end = time.perf_counter() + seconds
    number = 0
    while time.perf_counter() < end and (looking is None or len(looks) < len(looking[1])):
        began = time.perf_counter()
        present.apply(Batch(_events(present, number)))
        present.maintain()
        number += 1
        if looking and answered.is_set() and waiting:
            answered.clear()
            asked = time.perf_counter()
            looking[0].request(waiting.pop(), present, lambda _board, since=asked: _done(looks, since, answered), print)
        took = time.perf_counter() - began
        frames.append(took)
        time.sleep(max(0.0, FRAME - took))
    return frames, looks


def _done(looks: list[float], asked: float, answered: threading.Event) -> None:
    looks.append(time.perf_counter() - asked)
    answered.set()


def _events(present: Board, number: int) -> Rows:
    rows = np.zeros(EVENTS_PER_FRAME, ROW)
    first = number * EVENTS_PER_FRAME
    rows["key"] = np.arange(first, first + EVENTS_PER_FRAME) + (1 << 40)
    rows["seq"] = present.seq + 1 + np.arange(EVENTS_PER_FRAME)
    rows["at"] = END + rows["key"] - (1 << 40) + 1
    rows["subject"] = present.columns.of("id")[rows["key"] * 7919 % present.columns.count]
    rows["kind"] = np.where(rows["key"] % 2, Kind.CUSTOMER_MESSAGE, Kind.PUBLIC_REPLY)
    rows["role"], rows["source"] = Role.AGENT, 1
    return rows


def _times(label: str, seconds: list[float]) -> None:
    p50, p95, p99 = (np.percentile(seconds, share) * 1000 for share in (50, 95, 99))
    print(f"{label:<28} p50 {p50:8.1f} ms  p95 {p95:8.1f}  p99 {p99:8.1f}  max {max(seconds) * 1000:8.1f}")
    sys.stdout.flush()


def _memory(pid: int) -> str:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines[1:]}
        return f"{sizes['Rss']} MB resident, {sizes['Private_Dirty']} MB of its own"
    return "not known on this system"


if __name__ == "__main__":
    main()
