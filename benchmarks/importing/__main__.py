"""Import rate and peak memory on a large ServiceNow-style log: ``python -m benchmarks.importing [ROWS]``.

Generates the log (by default 1,000,000 rows, about 150,000 incidents, in the columns of the real one, updates of many
incidents interleaved), imports it by the real program as a subprocess, and prints rows and events per second and the
child's peak resident memory; then a dry run (reading and mapping alone) and a second import (nothing new).
"""

from __future__ import annotations

import csv
import gzip
import heapq
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
REAL_LOG = PROJECT / "tests" / "data" / "servicenow_incidents.csv.gz"
PATHS = (
    ("New", "Active", "Active", "Awaiting User Info", "Active", "Resolved", "Closed"),
    ("New", "New", "Active", "Resolved", "Closed"),
    ("Active", "Active", "Awaiting Problem", "Active", "Awaiting User Info", "Active", "Resolved", "Closed"),
    ("New", "Active", "Resolved", "Resolved", "Closed"),
)
START = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)


def written(moment: datetime) -> str:
    return moment.strftime("%d-%m-%Y %H:%M")


def incident(number: int, dice: random.Random) -> Iterator[tuple[datetime, list[str]]]:
    """The rows of one incident, with their times."""
    opened = START + timedelta(seconds=40 * number)
    at, group, agent = opened, f"Group {dice.randrange(80)}", "?"
    steps = dice.choice(PATHS)
    gaps = [timedelta(minutes=dice.randrange(600)) for _ in steps]
    ends = [written(opened + sum(gaps[:-1], timedelta())), written(opened + sum(gaps, timedelta()))]
    for count, (state, gap) in enumerate(zip(steps, gaps, strict=True)):
        at += gap
        if dice.random() < 0.3:
            group = f"Group {dice.randrange(80)}"
        if dice.random() < 0.4:
            agent = f"Resolver {dice.randrange(400)}"
        who = dice.randrange(1_000)
        yield at, [
            f"INC{number:07}", state, str(state != "Closed").upper(), "0", "0", str(count), "TRUE",
            f"Caller {number % 5_000}", f"Opened by {number % 500}", written(opened), f"Created by {number % 200}",
            written(opened), f"Updated by {who}", written(at), "Phone", f"Location {number % 200}",
            f"Category {number % 60}", f"Subcategory {number % 300}", f"Symptom {number % 600}", "?", "2 - Medium",
            "2 - Medium", "3 - Moderate", group, agent, "TRUE", "FALSE", "Do Not Notify", "?", "?", "?", "?",
            f"code {number % 17}", f"Resolved by {who % 200}", *ends,
        ]  # fmt: skip


def rows(count: int) -> Iterator[list[str]]:
    """So many rows by time, as a log is written."""
    dice = random.Random(1)
    under_way: list[tuple[datetime, int, int, list[str]]] = []
    made = number = serial = 0
    while made < count:
        opened = START + timedelta(seconds=40 * number)
        while under_way and under_way[0][0] < opened and made < count:
            made += 1
            yield heapq.heappop(under_way)[3]
        for at, row in incident(number, dice):
            serial += 1
            heapq.heappush(under_way, (at, serial, number, row))
        number += 1


def run(*words: str) -> tuple[float, float, dict[str, object]]:
    """Run the program; returns wall seconds, its peak memory in MB and what it printed."""
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        # Not `subprocess`: only wait4 tells the memory of this child alone.
        pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-m", "console", *words],
            os.environ | {"PYTHONPATH": str(PROJECT)},
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)],
        )
        _pid, status, usage = os.wait4(pid, 0)
        seconds = time.perf_counter() - start
        if os.waitstatus_to_exitcode(status):
            sys.exit(f"exit {os.waitstatus_to_exitcode(status)}")
        out.seek(0)
        return seconds, usage.ru_maxrss / 1024, json.load(out)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "incidents.csv"
        with log.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            with gzip.open(REAL_LOG, "rt", encoding="utf-8") as real:
                file.write(real.readline())
            writer.writerows(rows(count))
        print(f"log: {count:,} rows, {log.stat().st_size / 1e6:,.0f} MB")
        common = (str(log), "--data-dir", str(Path(folder) / "data"), "--time-zone", "UTC", "--json")
        for title, words in (
            ("dry run (read and map)", ("import", *common, "--dry-run")),
            ("import", ("import", *common)),
            ("second import", ("import", *common)),
        ):
            seconds, megabytes, data = run(*words)
            files = data["files"]
            assert isinstance(files, list)
            events = files[0]["events"]
            print(
                f"{title:<24} {seconds:7.1f} s {count / seconds:10,.0f} rows/s {events / seconds:10,.0f} events/s "
                f"{megabytes:7.0f} MB peak, {data['new_events'] or 0:,} new events"
            )


if __name__ == "__main__":
    main()
